/* Does a confidence mean how often it is right?
 *
 * Bins of equal steps of the confidence: what it was in the mean, and what part was right;
 * the diagonal is the truth.
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>

#include "cli/plot/marks.h"
#include "cli/plot/plot.h"

#define SIDE 460.0
#define LEAST 20 /* curves, or the bin says nothing */

static void
draw_series (const SaxidCalibrationPlot *plot, guint series, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  g_autofree double *x = g_new (double, plot->n), *all = g_new (double, plot->n);

  for (guint k = 0; k < plot->n; k++)
    {
      all[k] = plot->all[series][k] >= LEAST ? plot->all[series][k] : 0;
      x[k] = all[k] > 0 ? 100 * plot->sure[series][k] / all[k] : 0;
    }
  saxid_marks_parts (canvas, axes, plot->n, x, plot->right[series], all, saxid_colour_of_series (series));
}

GBytes *
saxid_plot_calibration (const SaxidCalibrationPlot *plot, SaxidCanvasFormat format)
{
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, SIDE, SIDE, "Part that is right against the confidence");
  const SaxidFont title = { SAXID_INK, 13, 0, 0, TRUE };
  const SaxidPen diagonal = { SAXID_MUTED, 1, 1, TRUE };
  SaxidAxes axes = { .box = { 62, 40, SIDE - 80, SIDE - 40 - saxid_axes_bottom () },
                       .x = { .low = 0, .high = 100 },
                       .y = { .low = 0, .high = 100 },
                       .x_title = "confidence (per cent)",
                       .y_title = "right (per cent)" };

  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas);
  saxid_canvas_stroke (canvas,
                       (const SaxidPoint[]) { { axes.x.from, axes.y.from }, { axes.x.to, axes.y.to } }, 2, 2,
                       &diagonal);
  for (guint s = 0; s < plot->n_series; s++)
    draw_series (plot, s, &axes, canvas);
  saxid_canvas_text (canvas, 12, 24, &title, plot->title);
  for (guint s = 0; s < plot->n_series; s++)
    {
      const SaxidFont font = { saxid_colour_of_series (s), 12, 0, 0, FALSE };

      saxid_canvas_text (canvas, axes.box.x + 12, axes.box.y + 20 + 17 * s, &font, plot->label[s]);
    }
  return saxid_canvas_finish (canvas);
}
