/* All that is known of one curve when it is shown to a person.
 *
 * The table of the terminal and the report page both read this; it points into
 * what its maker owns and frees nothing.
 *
 * Units: curve in 1/Å; the units as found are in q_unit and i_unit.
 * Thread: read only.
 */
#pragma once

#include "cli/plot/plot.h"
#include "reducers/curve.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

typedef struct
{
  const char *key, *value;
} SaxidReportPair;

typedef struct SaxidReportAtoms SaxidReportAtoms; /* report-page/atoms.h */

typedef struct
{
  /* where it came from */
  const char *file;
  const char *entry;           /* "/entry", or NULL */
  gint64 frame;                /* from 0; -1: the entry has one curve only */
  const char *title;           /* or NULL */
  const char *dialect;         /* or NULL */
  const char *q_unit, *i_unit; /* as found, or NULL */
  const SaxidCurve *curve;     /* NULL when there is none to show */

  /* what the model says */
  SaxidStatus status;
  const char *reason; /* one line, why not SAXID_STATUS_OK; or NULL */
  guint n_class;
  const char *const *class_name;
  const float *probability;     /* [n_class], or NULL without a verdict */
  const guint8 *prediction_set; /* [n_class], or NULL */
  double confidence;            /* 0..1, or NAN */
  gboolean outlier;
  double outlier_score; /* 0..1, or NAN */
  const char *open;     /* "flat: disc or core_shell_disc" where the class is open and its family not; NULL, "" */
  gboolean told_first;  /* told is shown before any flag: atoms, or why it is not the material that the person says */
  const char *told;     /* of the disordered material that the best class says it is, or of these; NULL, "" */
  char *const *family_name, *const *structure_name; /* NULL-terminated, or NULL; with … */
  const float *family, *structure;                  /* … a probability each */

  /* what the file says already; each may be NULL */
  const char *tagged;  /* "sphere, 99.3 % (field.saxid-model, 2026-01-31): the same class" */
  const char *seeded;  /* "sphere, χ²/ν 1.03; …" */
  gboolean differs;    /* class, or whether it is an outlier, from what the model says now */

  /* with which model; each may be NULL */
  const char *model_name, *model_version, *model_checksum;

  /* why, and how it could be fitted; each may be none */
  guint n_band; /* as in SaxidCurvePlot */
  const double *band_q, *band_weight;
  guint n_line;
  const SaxidPlotLine *line; /* the first one is the best */
  gboolean unfitted; /* there was no time for fits */
  gsize n_fit;
  const SaxidReportPair *fit;
  guint slice_edge; /* pixels of a cut through a material (SaxidSlicePlot); 0: none */
  const guint8 *slice;
  double slice_pixel; /* nm */
  const SaxidReportAtoms *atoms; /* beside the form factors; NULL: none */
  guint n_example;
  const SaxidGridPanel *example; /* the curve, and one of the training that is like it */
  double example_near, example_far; /* distance of the first and the last, as in gallery.h */

  const char *const *note; /* NULL-terminated, or NULL */
  gsize n_metadata;
  const SaxidReportPair *metadata;
} SaxidReportCurve;

/* Indices of the most probable class and the next; -1 where there is none. */
void saxid_report_curve_best (const SaxidReportCurve *curve, int *best, int *runner_up);

/* Whether the most probable class of both is the same, or both have none. */
gboolean saxid_report_curve_same_best (const SaxidReportCurve *a, const SaxidReportCurve *b);

/* The probability of the most probable class; -1: there is none. */
double saxid_report_curve_probability (const SaxidReportCurve *curve);

/* The verdict as a headline: "core-shell sphere, 71.6 %", of an outlier "none of the classes
 * (nearest: sphere)", of a curve that was not judged "no class". Free with g_free. */
char *saxid_report_curve_headline (const SaxidReportCurve *curve);

/* One word of what a reader should know before he believes the class: "rejected",
 * "abstained", "not done", "outlier", "unsure", or "". Unsure means that the
 * first class has less than half, or leads the second by less than a tenth, or that no more
 * than the family is known. */
const char *saxid_report_curve_flag (const SaxidReportCurve *curve);

G_END_DECLS
