/* How does a curve differ from azimuth to azimuth?
 *
 * One line for each azimuth, log I over the radius: sectors that lie on each other are of a
 * sample without a direction.
 *
 * Units: CSS px; those of the cake. Thread: no state.
 */
#include <math.h>

#include "cli/plot/axes.h"
#include "cli/plot/marks.h"
#include "cli/plot/plot.h"

#define HEIGHT 440.0
#define MARGIN 1.15 /* above the greatest and below the least */
#define DEEPEST 1e-6 /* of the greatest: what is less is no part of the picture */

/* Of what can be drawn: FALSE where there is nothing. */
static gboolean
find_range (const SaxidCakePlot *plot, SaxidAxes *axes)
{
  double least = INFINITY, greatest = 0;
  gsize first = plot->n_radial, end = 0;

  for (gsize k = 0; k < plot->n_azimuth * plot->n_radial; k++)
    if (plot->intensity[k] > 0 && isfinite (plot->intensity[k]))
      {
        greatest = MAX (greatest, plot->intensity[k]);
        first = MIN (first, k % plot->n_radial);
        end = MAX (end, k % plot->n_radial + 1);
      }
  for (gsize k = 0; k < plot->n_azimuth * plot->n_radial; k++)
    if (plot->intensity[k] > DEEPEST * greatest && isfinite (plot->intensity[k]))
      least = MIN (least, plot->intensity[k]);
  if (!(greatest > 0))
    return FALSE;
  axes->x.low = plot->radial_edge[first];
  axes->x.high = plot->radial_edge[end];
  axes->y.low = least / MARGIN;
  axes->y.high = greatest * MARGIN;
  return TRUE;
}

/* A name in the colour of its line, from the right edge. */
static void
draw_name (const SaxidCakePlot *plot, const SaxidAxes *axes, gsize azimuth, guint place, SaxidCanvas *canvas)
{
  const SaxidFont font = { saxid_colour_of_series ((guint) azimuth), SAXID_TICK_SIZE, 1, 0, TRUE };
  g_autofree char *name = g_strdup_printf ("χ %.4g to %.4g°", plot->azimuth_edge[azimuth], plot->azimuth_edge[azimuth + 1]);

  saxid_canvas_text (canvas, axes->box.x + axes->box.width - 10, axes->box.y + 18 + 16 * place, &font, name);
}

static gboolean
is_empty (const double *row, gsize n)
{
  for (gsize k = 0; k < n; k++)
    if (row[k] > 0 && isfinite (row[k]))
      return FALSE;
  return TRUE;
}

GBytes *
saxid_plot_sectors (const SaxidCakePlot *plot, SaxidCanvasFormat format)
{
  const SaxidFont title = { SAXID_INK, SAXID_TITLE_SIZE, 0, 0, TRUE };
  const double width = plot->width > 0 ? plot->width : 960;
  g_autofree char *unit = saxid_axes_intensity_title (plot->intensity_unit);
  g_autofree char *said = g_strdup_printf ("%s%s%s of %" G_GSIZE_FORMAT " sectors over %s", plot->title != NULL ? plot->title : "",
                                           plot->title != NULL ? ": " : "", unit, plot->n_azimuth, plot->radial_title);
  g_autofree double *radius = g_new (double, plot->n_radial);
  g_autofree char *shown = NULL;
  g_autoptr (SaxidCanvas) canvas = NULL;
  SaxidAxes axes = { .x = { .style = SAXID_LABEL_DECIMAL }, .y = { .logarithmic = TRUE, .style = SAXID_LABEL_POWER },
                     .x_title = plot->radial_title, .y_title = unit };
  guint place = 0;

  if (!find_range (plot, &axes))
    return NULL;
  canvas = saxid_canvas_new (format, width, HEIGHT, said);
  shown = saxid_canvas_text_fitted (canvas, &title, plot->title != NULL ? plot->title : "", width - 100);
  axes.box = (SaxidBox) { 76, 34, width - 76 - 16, HEIGHT - 34 - saxid_axes_bottom () - 2 };
  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas);
  for (gsize k = 0; k < plot->n_radial; k++)
    radius[k] = (plot->radial_edge[k] + plot->radial_edge[k + 1]) / 2;
  for (gsize a = 0; a < plot->n_azimuth; a++)
    {
      const double *row = plot->intensity + a * plot->n_radial;

      if (is_empty (row, plot->n_radial))
        continue;
      saxid_marks_line (canvas, &axes, plot->n_radial, radius, row, &(SaxidPen) { saxid_colour_of_series ((guint) a), 1, 1.1, FALSE });
      draw_name (plot, &axes, a, place++, canvas);
    }
  saxid_canvas_text (canvas, axes.box.x, 22, &title, shown);
  return saxid_canvas_finish (canvas);
}
