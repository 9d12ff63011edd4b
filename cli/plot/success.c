/* How often is it right, along a range of something?
 *
 * Parts of bins with equal steps of the logarithm.
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>

#include "cli/plot/marks.h"
#include "cli/plot/plot.h"

#define WIDTH 560.0
#define HEIGHT 360.0

static void
draw_series (const SaxidSuccessPlot *plot, guint series, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const double step = log (plot->high / plot->low) / plot->n;
  g_autofree double *x = g_new (double, plot->n);

  for (guint k = 0; k < plot->n; k++)
    x[k] = plot->low * exp (step * (k + 0.5));
  saxid_marks_parts (canvas, axes, plot->n, x, plot->right[series], plot->all[series],
                     saxid_colour_of_series (series));
}

GBytes *
saxid_plot_success (const SaxidSuccessPlot *plot, SaxidCanvasFormat format)
{
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, WIDTH, HEIGHT, "Part of the predictions that are right");
  const SaxidFont title = { SAXID_INK, 13, 0, 0, TRUE };
  SaxidAxes axes = { .box = { 62, 40, WIDTH - 80, HEIGHT - 40 - saxid_axes_bottom () },
                       .x = { .logarithmic = TRUE, .low = plot->low, .high = plot->high },
                       .y = { .low = 0, .high = 100 },
                       .x_title = plot->x_title,
                       .y_title = "right (per cent)" };
  double x;

  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas);
  for (guint s = 0; s < plot->n_series; s++)
    draw_series (plot, s, &axes, canvas);
  saxid_canvas_text (canvas, 12, 24, &title, plot->title);
  x = axes.box.x + axes.box.width - 12;
  for (guint s = 0; s < plot->n_series; s++)
    {
      const SaxidFont font = { saxid_colour_of_series (s), 12, 1, 0, FALSE };

      saxid_canvas_text (canvas, x, axes.box.y + axes.box.height - 12 - 17 * (plot->n_series - 1 - s), &font,
                         plot->label[s]);
    }
  return saxid_canvas_finish (canvas);
}
