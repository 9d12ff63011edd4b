/* The pictures that saxid draws, from plain structs.
 *
 * Each picture is drawn by one function saxid_plot_X, in the format asked for;
 * saxid_plot_save writes one to a file, SVG or PNG by the name's ending.
 *
 * Units: q 1/Å, intensities as in the curve; sizes CSS px.
 * Thread: pure.
 */
#pragma once

#include "cli/plot/canvas.h"
#include "models/fit/guinier.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

/* A model, or anything else, as a line. */
typedef struct
{
  const char *label; /* for the legend, or NULL */
  gsize n;
  const double *q, *intensity;
} SaxidPlotLine;

/* A place on the axis of q that has a name. */
typedef struct
{
  double q;
  const char *name;
} SaxidPlotMark;

typedef struct
{
  const char *title;          /* or NULL */
  const SaxidCurve *curve;    /* any number of points; what is not finite is left out */
  const char *intensity_unit; /* as a file gives it: "1/cm"; NULL: arbitrary */
  guint n_line;
  const SaxidPlotLine *line;
  gboolean residuals;            /* a panel of (I - first line) / sigma below */
  const SaxidGuinier *guinier;   /* drawn when its status is OK; or NULL */
  guint n_band;                  /* ranges that are shaded by weight */
  const double *band_q;          /* [n_band + 1] edges, 1/Å */
  const double *band_weight;     /* [n_band] 0..1 */
  double window_min, window_max; /* 1/Å: a range to be shaded; 0, 0: none */
  const char *window_label;
  guint n_mark;
  const SaxidPlotMark *mark;
  double width, height; /* 0: 640 × 440 */
} SaxidCurvePlot;

typedef struct
{
  const char *title;
  guint n;
  const char *const *name;
  const float *probability;
  const guint8 *in_set; /* 1: in the 95 % set; or NULL */
  double width;         /* 0: 420 */
} SaxidClassPlot;

typedef struct
{
  const char *label;
  guint n_curve;
  const SaxidCurve *const *curve;
} SaxidGridPanel;

/* A cut through a material: 0 pore, 1 layer, 2 solid. */
typedef struct
{
  const char *title;
  guint n;             /* pixels of an edge */
  const guint8 *phase; /* [n × n] */
  double pixel;        /* nm */
} SaxidSlicePlot;

/* Atoms around the origin. */
typedef struct
{
  const char *title;
  gsize n;
  const double *position; /* [n × 3] Å */
  double apart;           /* diameter of an atom, Å */
} SaxidParticlePlot;

typedef struct
{
  const char *title;
  guint n_panel;
  const SaxidGridPanel *panel;
  guint columns; /* 0: about square */
  const char *intensity_unit;
} SaxidGridPlot;

typedef struct
{
  const char *title;
  guint n;
  const char *const *name;
  const double *count; /* [n × n], row = true class, column = predicted */
} SaxidMatrixPlot;

typedef struct
{
  const char *title;
  guint n_class;
  const char *const *name;
  gsize n_frame;
  const float *probability; /* [n_frame × n_class]; a negative value: no verdict */
  double width;
} SaxidFramesPlot;

/* The curves of a run, frame after frame. */
typedef struct
{
  const char *title;
  gsize n_frame;
  const SaxidCurve *const *curve; /* [n_frame], NULL where a frame has none */
  const char *intensity_unit;     /* as in SaxidCurvePlot */
  double width;
} SaxidHeatPlot;

/* Intensity over azimuth and radius. */
typedef struct
{
  const char *title;          /* or NULL */
  gsize n_azimuth, n_radial;
  const double *azimuth_edge; /* [n_azimuth + 1] degrees, ascending */
  const double *radial_edge;  /* [n_radial + 1] ascending */
  const double *intensity;    /* [n_azimuth × n_radial], NAN where there is none */
  const char *radial_title;   /* "q (1/Å)" */
  const char *intensity_unit; /* as in SaxidCurvePlot */
  double width;               /* 0: 960 */
} SaxidCakePlot;

/* One curve so that one law is easily seen. */
typedef enum
{
  SAXID_VIEW_GUINIER,
  SAXID_VIEW_KRATKY,
  SAXID_VIEW_POROD,
  SAXID_N_VIEW
} SaxidView;

typedef struct
{
  SaxidView kind;
  const SaxidCurve *curve;
  const SaxidGuinier *guinier; /* or NULL: without Rg and I(0) */
  double width;                /* 0: 300 */
} SaxidViewPlot;

/* Parts of what was right in bins of equal steps of the logarithm, from low to high. */
typedef struct
{
  const char *title, *x_title;
  guint n, n_series;
  double low, high;
  const char *const *label;
  const double *const *right, *const *all; /* [n_series][n] */
} SaxidSuccessPlot;

/* Bins of the confidence, from 0 to 1. */
typedef struct
{
  const char *title;
  guint n, n_series;
  const char *const *label;
  const double *const *right, *const *sure, *const *all; /* [n_series][n] how many are right, the
                                                            sum of their confidences, how many */
} SaxidCalibrationPlot;

/* Pictures of frames, [n][side × side] of grey, 0 = nothing there. */
typedef struct
{
  const char *title;
  gsize n;
  guint side, columns;
  const guint8 *const *picture;
  const char *const *label; /* one line each, as wide as a picture */
} SaxidSheetPlot;

/* A frame of any shape, at most `side` pixels along its longer edge. */
typedef struct
{
  gsize height, width;
  const float *pixels; /* [height × width] counts */
  const guint8 *mask;  /* not 0 = bad, or NULL */
  guint side;
  const guint8 *evidence; /* [evidence_side²], 255 = most; or NULL: the frame alone */
  guint evidence_side;
} SaxidFramePlot;

/* Of grazing and wide each what the header says, the image, and both: 0 … 1, NaN = nothing. */
typedef struct
{
  double probability[2][3];
} SaxidHalvesPlot;

/* The bytes of a PNG. */
GBytes *saxid_plot_frame (const SaxidFramePlot *plot);
GBytes *saxid_plot_sheet (const SaxidSheetPlot *plot);

/* All return the finished drawing: text of an SVG, or the bytes of a PNG. */
GBytes *saxid_plot_curve (const SaxidCurvePlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_classes (const SaxidClassPlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_halves (const SaxidHalvesPlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_particle (const SaxidParticlePlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_slice (const SaxidSlicePlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_grid (const SaxidGridPlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_matrix (const SaxidMatrixPlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_calibration (const SaxidCalibrationPlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_success (const SaxidSuccessPlot *plot, SaxidCanvasFormat format);
GBytes *saxid_plot_frames (const SaxidFramesPlot *plot, SaxidCanvasFormat format);
/* NULL where no frame has a point that can be drawn. */
GBytes *saxid_plot_heat (const SaxidHeatPlot *plot, SaxidCanvasFormat format);
/* NULL where nothing is above 0. */
GBytes *saxid_plot_cake (const SaxidCakePlot *given, SaxidCanvasFormat format);
/* The same as a line for each azimuth, of which there are a few. */
GBytes *saxid_plot_sectors (const SaxidCakePlot *plot, SaxidCanvasFormat format);
/* NULL where fewer than two points can be drawn. */
GBytes *saxid_plot_view (const SaxidViewPlot *plot, SaxidCanvasFormat format);

/* The format that a file name asks for.
 * Errors: SAXID_ERROR_ARGUMENT for an ending other than .svg or .png. */
gboolean saxid_plot_format (const char *path, SaxidCanvasFormat *format, GError **error);

/* Writes a finished drawing; a file of that name is replaced at once or not at all.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_plot_save (GBytes *drawing, const char *path, GError **error);

G_END_DECLS
