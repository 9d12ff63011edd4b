/* Something to draw on: a few strokes, fills and words, as SVG text or as pixels.
 *
 * Colours are roles, not values, so that one drawing suits light and dark pages.
 * The palette is that of Okabe & Ito, which colour-blind readers can tell apart.
 *
 * Units: points of 1/96 inch (CSS px), y downwards.
 * Thread: a canvas belongs to one thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_INK,   /* words and data without a class */
  SAXID_MUTED, /* axes and what is said aside */
  SAXID_FAINT, /* grid lines, empty bars */
  SAXID_PAPER, /* the ground itself */
  SAXID_BLUE,
  SAXID_VERMILION,
  SAXID_GREEN,
  SAXID_ORANGE,
  SAXID_PURPLE,
  SAXID_SKY,
  SAXID_N_COLOUR
} SaxidColour;

/* The k-th of the colours that series are told apart by; repeats after six. */
SaxidColour saxid_colour_of_series (guint k);

typedef struct
{
  double x, y;
} SaxidPoint;

typedef struct
{
  double x, y, width, height;
} SaxidBox;

typedef struct
{
  SaxidColour colour;
  double opacity; /* 0 counts as 1 */
  double width;
  gboolean dashed;
} SaxidPen;

typedef struct
{
  SaxidColour colour;
  double size;   /* font size */
  double anchor; /* 0 = starts at x, 0.5 = centred on it, 1 = ends there */
  double angle;  /* degrees, anticlockwise */
  gboolean bold;
} SaxidFont;

typedef enum
{
  SAXID_CANVAS_SVG,        /* a file of its own: white ground, its own style */
  SAXID_CANVAS_SVG_INLINE, /* to stand in a page that holds saxid_canvas_css */
  SAXID_CANVAS_PNG         /* two pixels per unit, white ground */
} SaxidCanvasFormat;

typedef struct SaxidCanvas SaxidCanvas;

/* description: one sentence for readers who do not see the drawing. */
SaxidCanvas *saxid_canvas_new (SaxidCanvasFormat format, double width, double height,
                               const char *description);
void saxid_canvas_free (SaxidCanvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCanvas, saxid_canvas_free)

/* Lines through `per_path` points each: n for one polyline, 2 for segments, 1 for
 * dots (round, of diameter pen->width). Points that are not finite must not come. */
void saxid_canvas_stroke (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path,
                          const SaxidPen *pen);

/* The same, and nothing is drawn outside of the box. For n points of one line. */
void saxid_canvas_stroke_within (SaxidCanvas *canvas, const SaxidBox *box, const SaxidPoint *point,
                                 gsize n, const SaxidPen *pen);

/* Polygons of `per_path` corners each. */
void saxid_canvas_fill (SaxidCanvas *canvas, const SaxidPoint *point, gsize n, gsize per_path,
                        SaxidColour colour, double opacity);
void saxid_canvas_fill_box (SaxidCanvas *canvas, const SaxidBox *box, SaxidColour colour,
                            double opacity);

/* A picture of width × height cells of one size, row by row from the top: 0xAARRGGBB, where AA is
 * 0 (nothing is drawn) or 255. Its colours are the same on light and dark pages. */
void saxid_canvas_image (SaxidCanvas *canvas, const SaxidBox *box, guint width, guint height, const guint32 *colour);

/* One line of text; x, y: anchor on the baseline. Control characters and bytes
 * that are not UTF-8 are shown escaped. */
void saxid_canvas_text (SaxidCanvas *canvas, double x, double y, const SaxidFont *font,
                        const char *text);
double saxid_canvas_text_width (SaxidCanvas *canvas, const SaxidFont *font, const char *text);
/* The text, or its ends with "…" between, as wide as `width` at most. */
char *saxid_canvas_text_fitted (SaxidCanvas *canvas, const SaxidFont *font, const char *text,
                                double width);

/* The drawing is complete: its bytes, NUL-terminated where they are text. */
GBytes *saxid_canvas_finish (SaxidCanvas *canvas);

/* Style sheet of inline drawings, light and dark. */
char *saxid_canvas_css (void);

G_END_DECLS
