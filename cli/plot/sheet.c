/* What do many frames look like, side by side?
 *
 * Pixels, not strokes: a PNG by cairo, with the colours of pixels.h.
 *
 * Units: pixels of the PNG. Thread: no state.
 */
#include "cli/plot/plot.h"


#include "cli/plot/pixels.h"

#define GAP 6
#define WORDS 16 /* height of a label */
#define TITLE 24

static void
paint_tile (guchar *pixels, int stride, guint left, guint top, guint side, const guint8 *picture)
{
  for (guint y = 0; y < side; y++)
    {
      guint32 *row = (guint32 *) (gpointer) (pixels + (gsize) (top + y) * (gsize) stride) + left;

      for (guint x = 0; x < side; x++)
        row[x] = saxid_grey_colour (picture[y * side + x]);
    }
}

static void
say (cairo_t *cairo, double x, double y, const char *text)
{
  cairo_move_to (cairo, x, y);
  cairo_show_text (cairo, text);
}

GBytes *
saxid_plot_sheet (const SaxidSheetPlot *plot)
{
  const guint columns = MAX (plot->columns, 1), rows = (guint) ((plot->n + columns - 1) / columns);
  const guint width = GAP + columns * (plot->side + GAP), height = TITLE + rows * (plot->side + WORDS + GAP) + GAP;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  cairo_t *cairo = cairo_create (surface);

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  cairo_select_font_face (cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cairo, 13);
  say (cairo, GAP, TITLE - 8, plot->title);
  cairo_set_font_size (cairo, 11);
  for (gsize k = 0; k < plot->n; k++)
    say (cairo, GAP + (k % columns) * (plot->side + GAP), TITLE + (k / columns + 1.0) * (plot->side + WORDS + GAP) - GAP - 4, plot->label[k]);
  cairo_surface_flush (surface);
  for (gsize k = 0; k < plot->n; k++)
    paint_tile (cairo_image_surface_get_data (surface), cairo_image_surface_get_stride (surface),
                GAP + (guint) (k % columns) * (plot->side + GAP), TITLE + (guint) (k / columns) * (plot->side + WORDS + GAP),
                plot->side, plot->picture[k]);
  cairo_surface_mark_dirty (surface);
  cairo_destroy (cairo);
  return saxid_surface_png (surface);
}
