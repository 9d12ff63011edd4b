/* What does a cut through a material look like?
 *
 * Runs of one phase are drawn as one box.
 *
 * Units: CSS px. Thread: no state.
 */
#include "cli/plot/plot.h"

#define PIXEL 2.0
#define MARGIN 12.0
#define TOP 30.0
#define BOTTOM 34.0

static void
draw_row (const SaxidSlicePlot *plot, guint y, SaxidCanvas *canvas)
{
  const guint8 *row = plot->phase + y * plot->n;

  for (guint x = 0, end; x < plot->n; x = end)
    {
      for (end = x + 1; end < plot->n && row[end] == row[x];)
        end++;
      if (row[x] > 0) /* half a pixel more: no seams */
        saxid_canvas_fill_box (canvas, &(SaxidBox) { MARGIN + PIXEL * x, TOP + PIXEL * y, PIXEL * (end - x), PIXEL + 0.3 },
                               row[x] == 1 ? SAXID_ORANGE : SAXID_BLUE, 1);
    }
}

/* A bar of a round length, a fifth of the picture or a little less. */
static void
draw_bar (const SaxidSlicePlot *plot, SaxidCanvas *canvas)
{
  static const double round[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000 };
  const double edge = PIXEL * plot->n, y = TOP + edge + 10;
  const SaxidFont font = { SAXID_INK, 12, 0, 0, FALSE };
  g_autofree char *text = NULL;
  double length = round[0];

  for (gsize k = 0; k < G_N_ELEMENTS (round); k++)
    if (round[k] <= 0.25 * plot->n * plot->pixel)
      length = round[k];
  text = g_strdup_printf ("%g nm", length);
  saxid_canvas_fill_box (canvas, &(SaxidBox) { MARGIN, y, PIXEL * length / plot->pixel, 3 }, SAXID_INK, 1);
  saxid_canvas_text (canvas, MARGIN + PIXEL * length / plot->pixel + 8, y + 7, &font, text);
}

GBytes *
saxid_plot_slice (const SaxidSlicePlot *plot, SaxidCanvasFormat format)
{
  const double edge = PIXEL * plot->n;
  const SaxidFont title = { SAXID_INK, 13, 0, 0, TRUE };
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, edge + 2 * MARGIN, TOP + edge + BOTTOM,
                                                     "A cut through a structure with this curve");

  saxid_canvas_text (canvas, MARGIN, 18, &title, plot->title);
  saxid_canvas_fill_box (canvas, &(SaxidBox) { MARGIN, TOP, edge, edge }, SAXID_FAINT, 1);
  for (guint y = 0; y < plot->n; y++)
    draw_row (plot, y, canvas);
  draw_bar (plot, canvas);
  return saxid_canvas_finish (canvas);
}
