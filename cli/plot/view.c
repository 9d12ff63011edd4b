/* What does a curve look like, drawn so that one law is a straight or a level line?
 *
 *   Guinier   ln I over q²            a straight line where q Rg < 1.3 (Guinier 1939)
 *   Kratky    (q Rg)² I / I(0) over q Rg   a maximum of 1.104 at √3 for a globule; q² I over q
 *                                     where Rg is not known (Kratky & Porod 1949; Durand et al. 2010)
 *   Porod     q⁴ I over q             level where surfaces are sharp (Porod 1951)
 *
 * Units: CSS px; q in 1/Å. Thread: no state.
 */
#include <math.h>
#include <stdlib.h>

#include "cli/plot/axes.h"
#include "cli/plot/plot.h"
#include "reducers/order.h"

#define WIDTH         300.0
#define HEIGHT        230.0
#define GUINIER_REACH 2.0 /* of the q to which the law was fitted */
#define FIRST_POINTS  10.0 /* times the first q, where there is no such law */
#define BROAD         1.6 /* of I: an error bar of this ratio says nothing of ln I */
#define MOST_DOTS     1200
#define EDGE          0.02 /* of the points at each end of y that may lie outside */

typedef struct
{
  const char *title, *x_title, *y_title;
  gboolean logarithmic;
} Kind;

static const Kind kinds[] = {
  [SAXID_VIEW_GUINIER] = { "Guinier", "q² (Å⁻²)", "ln I", FALSE },
  [SAXID_VIEW_KRATKY] = { "Kratky", "q (Å⁻¹)", "q² I", FALSE },
  [SAXID_VIEW_POROD] = { "Porod", "q (Å⁻¹)", "q⁴ I", TRUE },
};

typedef struct
{
  SaxidPoint *point; /* [n] in the units of the axes */
  gsize n;
} Points;

static gboolean
has_guinier (const SaxidViewPlot *plot)
{
  return plot->guinier != NULL && plot->guinier->status == SAXID_GUINIER_OK;
}

/* FALSE: a point that has no place in this view. */
static gboolean
place (const SaxidViewPlot *plot, gsize k, SaxidPoint *at)
{
  const double q = plot->curve->q[k], i = plot->curve->intensity[k];

  if (!(q > 0) || !isfinite (i))
    return FALSE;
  if (plot->kind == SAXID_VIEW_GUINIER)
    {
      const double end = has_guinier (plot) ? GUINIER_REACH * plot->guinier->q_max : FIRST_POINTS * plot->curve->q[0];

      if (!(i > 0) || q > end)
        return FALSE;
      *at = (SaxidPoint) { q * q, log (i) };
      return isfinite (at->x) && (plot->curve->sigma == NULL || plot->curve->sigma[k] < i / BROAD);
    }
  if (plot->kind == SAXID_VIEW_POROD)
    {
      *at = (SaxidPoint) { q, q * q * q * q * i };
      return i > 0 && isfinite (at->y) && at->y > 0;
    }
  *at = has_guinier (plot) ? (SaxidPoint) { q * plot->guinier->rg, pow (q * plot->guinier->rg, 2) * i / plot->guinier->i0 }
                           : (SaxidPoint) { q, q * q * i };
  return isfinite (at->y);
}

/* Every k-th of many: their stain is the same. */
static Points
choose (const SaxidViewPlot *plot)
{
  const SaxidCurve *curve = plot->curve;
  const gsize step = curve->n / MOST_DOTS + 1;
  Points points = { g_new (SaxidPoint, curve->n / step + 1), 0 };

  for (gsize k = 0; k < curve->n; k += step)
    if (place (plot, k, &points.point[points.n]))
      points.n++;
  return points;
}

static SaxidScale
scale_of (const Points *points, gboolean is_x, gboolean logarithmic)
{
  g_autofree double *value = g_new (double, points->n);
  const gsize cut = is_x ? 0 : (gsize) (EDGE * (double) points->n);
  double low, high, margin;

  for (gsize k = 0; k < points->n; k++)
    value[k] = is_x ? points->point[k].x : points->point[k].y;
  qsort (value, points->n, sizeof *value, saxid_compare_doubles);
  low = value[cut];
  high = value[points->n - 1 - cut];
  if (logarithmic)
    return (SaxidScale) { .logarithmic = TRUE, .low = low / 1.3, .high = high * 1.3,
                          .style = is_x ? SAXID_LABEL_DECIMAL : SAXID_LABEL_POWER };
  margin = high > low ? 0.06 * (high - low) : fabs (low) / 10 + 1e-30;
  return (SaxidScale) { .low = is_x && low > 0 && low < high / 3 ? 0 : low - margin, .high = high + margin };
}

/* The law over the range of q in which it was fitted. */
static void
draw_law (const SaxidViewPlot *plot, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const SaxidGuinier *fit = plot->guinier;
  const double q[] = { fit->q_min, fit->q_max };
  SaxidPoint line[G_N_ELEMENTS (q)];

  for (gsize k = 0; k < G_N_ELEMENTS (q); k++)
    line[k] = (SaxidPoint) { saxid_scale_place (&axes->x, q[k] * q[k]),
                             saxid_scale_place (&axes->y, log (saxid_guinier_intensity (fit, q[k]))) };
  saxid_canvas_stroke_within (canvas, &axes->box, line, G_N_ELEMENTS (q), &(SaxidPen) { SAXID_VERMILION, 1, 1.7, FALSE });
}

/* Where a globule has its maximum (√3, 3/e). */
static void
draw_globule (const SaxidAxes *axes, SaxidCanvas *canvas)
{
  const double x = saxid_scale_place (&axes->x, sqrt (3)), y = saxid_scale_place (&axes->y, 3 / G_E);
  const SaxidBox *box = &axes->box;
  const SaxidPoint across[] = { { box->x, y }, { box->x + box->width, y } };
  const SaxidPoint up[] = { { x, box->y }, { x, box->y + box->height } };
  const SaxidPen pen = { SAXID_MUTED, 1, 1, TRUE };

  saxid_canvas_stroke_within (canvas, box, across, 2, &pen);
  saxid_canvas_stroke_within (canvas, box, up, 2, &pen);
}

static void
draw_points (const Points *points, const SaxidAxes *axes, SaxidCanvas *canvas)
{
  g_autofree SaxidPoint *dots = g_new (SaxidPoint, points->n + 1);
  gsize n = 0;

  for (gsize k = 0; k < points->n; k++)
    if (points->point[k].y >= axes->y.low && points->point[k].y <= axes->y.high)
      dots[n++] = (SaxidPoint) { saxid_scale_place (&axes->x, points->point[k].x),
                                 saxid_scale_place (&axes->y, points->point[k].y) };
  saxid_canvas_stroke (canvas, dots, n, 1, &(SaxidPen) { SAXID_BLUE, 1, 2.4, FALSE });
}

GBytes *
saxid_plot_view (const SaxidViewPlot *plot, SaxidCanvasFormat format)
{
  const SaxidFont title = { SAXID_INK, 12, 0, 0, TRUE };
  const Kind *kind = &kinds[plot->kind];
  const gboolean scaled = plot->kind == SAXID_VIEW_KRATKY && has_guinier (plot);
  const double width = plot->width > 0 ? plot->width : WIDTH;
  g_autofree char *description = g_strdup_printf ("%s plot of the curve", kind->title);
  Points points = choose (plot);
  SaxidAxes axes = { .x_title = scaled ? "q Rg" : kind->x_title, .y_title = scaled ? "(q Rg)² I / I(0)" : kind->y_title };
  g_autoptr (SaxidCanvas) canvas = NULL;
  double left;

  if (points.n < 2)
    {
      g_free (points.point);
      return NULL;
    }
  canvas = saxid_canvas_new (format, width, HEIGHT, description);
  axes.x = scale_of (&points, TRUE, kind->logarithmic);
  axes.y = scale_of (&points, FALSE, kind->logarithmic);
  axes.box = (SaxidBox) { 0, 28, width, HEIGHT - 28 - saxid_axes_bottom () - 2 };
  saxid_axes_place (&axes);
  left = saxid_axes_left (&axes, canvas);
  axes.box.x = left;
  axes.box.width = width - left - 10;
  saxid_axes_place (&axes);
  saxid_axes_draw (&axes, canvas);
  if (scaled)
    draw_globule (&axes, canvas);
  draw_points (&points, &axes, canvas);
  if (plot->kind == SAXID_VIEW_GUINIER && has_guinier (plot))
    draw_law (plot, &axes, canvas);
  saxid_canvas_text (canvas, axes.box.x, 19, &title, kind->title);
  g_free (points.point);
  return saxid_canvas_finish (canvas);
}
