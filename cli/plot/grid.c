/* How do the curves of several classes differ, side by side?
 *
 * Panels with one range for all, so that they can be compared by eye; tick labels
 * only at the outer edge.
 *
 * Units: CSS px. Thread: no state.
 */
#include <math.h>

#include "cli/plot/marks.h"
#include "cli/plot/plot.h"
#include "cli/text.h"

#define PANEL_WIDTH  230.0
#define PANEL_HEIGHT 180.0
#define GAP          10.0

static void
draw_panel (const SaxidGridPanel *panel, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const SaxidFont font = { SAXID_INK, 12, 0, 0, TRUE };
  g_autofree char *title = saxid_text_class_title (panel->label);
  g_autofree char *fitted = saxid_canvas_text_fitted (canvas, &font, title, axes->box.width - 16);
  double width = saxid_canvas_text_width (canvas, &font, fitted);

  saxid_axes_draw (axes, canvas);
  for (guint k = 0; k < panel->n_curve; k++)
    saxid_marks_points (canvas, axes, panel->curve[k], saxid_colour_of_series (k), 2);
  saxid_canvas_fill_box (
      canvas, &(SaxidBox) { axes->box.x + 5, axes->box.y + axes->box.height - 27, width + 8, 18 },
      SAXID_PAPER, 0.85);
  saxid_canvas_text (canvas, axes->box.x + 9, axes->box.y + axes->box.height - 13, &font, fitted);
}

static guint
columns_of (const SaxidGridPlot *plot)
{
  guint columns = plot->columns > 0 ? plot->columns : (guint) ceil (sqrt (plot->n_panel));

  return CLAMP (columns, 1, MAX (plot->n_panel, 1));
}

GBytes *
saxid_plot_grid (const SaxidGridPlot *plot, SaxidCanvasFormat format)
{
  guint columns = columns_of (plot);
  guint rows = MAX ((plot->n_panel + columns - 1) / columns, 1);
  double left = 74, top = plot->title != NULL ? 38 : 12;
  double width = left + columns * (PANEL_WIDTH + GAP) + 6;
  double height = top + rows * (PANEL_HEIGHT + GAP) + saxid_axes_bottom ();
  g_autofree char *description = g_strdup_printf ("Scattering curves of %u classes", plot->n_panel);
  g_autofree char *title = saxid_axes_intensity_title (plot->intensity_unit);
  g_autoptr (SaxidCanvas) canvas = saxid_canvas_new (format, width, height, description);
  SaxidRange range = { 0 };
  gboolean started = FALSE;

  for (guint p = 0; p < plot->n_panel; p++)
    for (guint k = 0; k < plot->panel[p].n_curve; k++)
      {
        SaxidRange one;

        saxid_range_of_curve (&one, plot->panel[p].curve[k]);
        if (started)
          saxid_range_join (&range, &one);
        else
          range = one;
        started = TRUE;
      }
  if (plot->title != NULL)
    {
      const SaxidFont font = { SAXID_INK, SAXID_TITLE_SIZE, 0, 0, TRUE };
      g_autofree char *fitted = saxid_canvas_text_fitted (canvas, &font, plot->title, width - left);

      saxid_canvas_text (canvas, left, 24, &font, fitted);
    }
  for (guint p = 0; started && p < plot->n_panel; p++)
    {
      guint row = p / columns, column = p % columns;
      gboolean lowest = p + columns >= plot->n_panel;
      SaxidAxes axes = {
        .box = { left + column * (PANEL_WIDTH + GAP), top + row * (PANEL_HEIGHT + GAP), PANEL_WIDTH,
                 PANEL_HEIGHT },
        .x_title = lowest ? "q (Å⁻¹)" : NULL,
        .y_title = column == 0 ? title : NULL,
      };

      saxid_range_set_axes (&range, &axes);
      draw_panel (&plot->panel[p], &axes, canvas);
    }
  return saxid_canvas_finish (canvas);
}
