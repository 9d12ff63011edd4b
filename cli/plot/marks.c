/* Which part of a curve is worth the paper, and how many of its points?
 *
 * A subtracted curve ends in noise about zero: a handful of points by chance just
 * above zero must not stretch the axis over ten decades. So the axis reaches down
 * to the least point that is above its own sigma, and to the better part of the
 * others; what lies lower is counted and marked at the axis.
 *
 * Thread: no state.
 */
#include "cli/plot/marks.h"

#include <math.h>
#include <stdlib.h>

#include "reducers/order.h"

/* Beyond these a margin around the data would leave the range of a double. */
#define SMALLEST 1e-250
#define LARGEST  1e250

#define NOISE_QUANTILE    0.15 /* of the insignificant points, left below the axis */
#define OUTLYING_QUANTILE 0.01 /* without sigma: points that may lie ... */
#define OUTLYING_FACTOR   1e-3 /* ... this far below the rest before they are cut off */

/* In a column of half a unit more than this number of points is one stain. */
#define COLUMN          0.5
#define DOTS_PER_COLUMN 4
#define TRIANGLE        5.0

static gboolean
drawable (const SaxidCurve *curve, gsize k)
{
  return isfinite (curve->q[k]) && curve->q[k] > 0 && isfinite (curve->intensity[k]);
}

static double
sigma_at (const SaxidCurve *curve, gsize k)
{
  double sigma = curve->sigma != NULL ? curve->sigma[k] : 0;

  return isfinite (sigma) && sigma > 0 ? sigma : 0;
}

/* Lower end of the intensity axis: see the head of this file. */
static double
lower_end (const SaxidCurve *curve)
{
  g_autofree double *strong = g_new (double, curve->n + 1);
  g_autofree double *weak = g_new (double, curve->n + 1);
  gsize n_strong = 0, n_weak = 0;
  double low = INFINITY;

  for (gsize k = 0; k < curve->n; k++)
    if (drawable (curve, k) && curve->intensity[k] > 0)
      {
        if (curve->intensity[k] > sigma_at (curve, k))
          strong[n_strong++] = curve->intensity[k];
        else
          weak[n_weak++] = curve->intensity[k];
      }
  qsort (strong, n_strong, sizeof *strong, saxid_compare_doubles);
  qsort (weak, n_weak, sizeof *weak, saxid_compare_doubles);
  if (n_strong > 0)
    {
      double rest = strong[(gsize) (OUTLYING_QUANTILE * (double) n_strong)];

      low = MAX (strong[0], rest * OUTLYING_FACTOR);
    }
  if (n_weak > 0)
    low = MIN (low, weak[(gsize) (NOISE_QUANTILE * (double) n_weak)]);
  return low;
}

void
saxid_range_of_curve (SaxidRange *range, const SaxidCurve *curve)
{
  double low = lower_end (curve), size = 0;

  *range = (SaxidRange) { .q_low = INFINITY };
  for (gsize k = 0; k < curve->n; k++)
    {
      double intensity = curve->intensity[k];

      if (!drawable (curve, k))
        continue;
      range->n_drawable++;
      range->n_not_positive += intensity <= 0;
      range->n_below += intensity > 0 && intensity < low;
      range->q_low = MIN (range->q_low, curve->q[k]);
      range->q_high = MAX (range->q_high, curve->q[k]);
      /* an error bar may widen the axis, a huge one may not empty it */
      range->i_high = MAX (range->i_high, MIN (intensity + sigma_at (curve, k), 3 * intensity));
      size = MAX (size, fabs (intensity));
    }
  if (!(range->i_high > 0))
    {
      /* nothing positive: a scale is still owed to the reader */
      range->i_high = size > 0 ? size : 1;
      low = range->i_high / 100;
    }
  if (range->n_drawable == 0)
    range->q_low = range->q_high = 0.1;
  range->i_high = CLAMP (range->i_high, SMALLEST, LARGEST);
  range->i_low = CLAMP (low, SMALLEST, range->i_high);
  range->q_low = CLAMP (range->q_low, SMALLEST, LARGEST);
  range->q_high = CLAMP (range->q_high, range->q_low, LARGEST);
}

void
saxid_range_join (SaxidRange *range, const SaxidRange *other)
{
  range->q_low = MIN (range->q_low, other->q_low);
  range->q_high = MAX (range->q_high, other->q_high);
  range->i_low = MIN (range->i_low, other->i_low);
  range->i_high = MAX (range->i_high, other->i_high);
  range->n_drawable += other->n_drawable;
  range->n_not_positive += other->n_not_positive;
  range->n_below += other->n_below;
}

static void
set_axis (SaxidScale *axis, double low, double high, double margin, double least, SaxidLabelStyle style)
{
  double span = log (high) - log (low); /* the ratio itself may overflow */
  double factor = exp (span * margin);

  /* a single point, or a flat curve, in the middle */
  factor = MAX (factor, span < log (least) ? exp ((log (least) - span) / 2) : 1.02);
  *axis
      = (SaxidScale) { .logarithmic = TRUE, .low = low / factor, .high = high * factor, .style = style };
}

void
saxid_range_set_axes (const SaxidRange *range, SaxidAxes *axes)
{
  set_axis (&axes->x, range->q_low, range->q_high, 0.02, 1.2, SAXID_LABEL_DECIMAL);
  set_axis (&axes->y, range->i_low, range->i_high, 0.045, 4, SAXID_LABEL_POWER);
  saxid_axes_place (axes);
}

/* Which of the points of one column are drawn: the lowest, the highest and the
 * first ones, which is what a stain of all of them would look like. */
static void
thin_column (const SaxidCurve *curve, const gsize *member, gsize n, GArray *kept)
{
  gsize low = 0, high = 0;

  if (n <= DOTS_PER_COLUMN)
    {
      g_array_append_vals (kept, member, (guint) n);
      return;
    }
  for (gsize k = 1; k < n; k++)
    {
      if (curve->intensity[member[k]] < curve->intensity[member[low]])
        low = k;
      if (curve->intensity[member[k]] > curve->intensity[member[high]])
        high = k;
    }
  g_array_append_val (kept, member[low]);
  if (high != low)
    g_array_append_val (kept, member[high]);
  for (gsize k = 0; k < n && k < DOTS_PER_COLUMN; k++)
    if (k != low && k != high)
      g_array_append_val (kept, member[k]);
}

/* Points in ascending q are grouped by the column in which they stand; a curve in
 * another order only loses less. Element: gsize. */
static GArray *
choose_points (const SaxidAxes *axes, const SaxidCurve *curve)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) column = g_array_new (FALSE, FALSE, sizeof (gsize));
  double last = NAN;

  for (gsize k = 0; k < curve->n; k++)
    {
      double at;

      if (!drawable (curve, k) || !(curve->intensity[k] >= axes->y.low)
          || curve->intensity[k] > axes->y.high)
        continue;
      at = floor (saxid_scale_place (&axes->x, curve->q[k]) / COLUMN);
      if (at != last)
        {
          thin_column (curve, (gsize *) (void *) column->data, column->len, kept);
          g_array_set_size (column, 0);
          last = at;
        }
      g_array_append_val (column, k);
    }
  thin_column (curve, (gsize *) (void *) column->data, column->len, kept);
  return kept;
}

static void
draw_triangles (SaxidCanvas *canvas, const SaxidAxes *axes, const SaxidCurve *curve,
                SaxidColour colour)
{
  double base = axes->box.y + axes->box.height, last = -INFINITY;
  g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (SaxidPoint));

  for (gsize k = 0; k < curve->n; k++)
    {
      double x;

      if (!drawable (curve, k) || curve->intensity[k] >= axes->y.low)
        continue;
      x = saxid_scale_place (&axes->x, curve->q[k]);
      if (fabs (x - last) >= TRIANGLE / 2)
        {
          const SaxidPoint corner[] = { { x, base - 0.5 },
                                        { x - TRIANGLE / 2, base - TRIANGLE },
                                        { x + TRIANGLE / 2, base - TRIANGLE } };

          g_array_append_vals (corners, corner, 3);
          last = x;
        }
    }
  saxid_canvas_fill (canvas, (SaxidPoint *) (void *) corners->data, corners->len, 3, colour, 0.75);
}

void
saxid_marks_points (SaxidCanvas *canvas, const SaxidAxes *axes, const SaxidCurve *curve,
                    SaxidColour colour, double dot)
{
  g_autoptr (GArray) kept = choose_points (axes, curve);
  g_autofree SaxidPoint *dots = g_new (SaxidPoint, kept->len + 1);
  g_autofree SaxidPoint *bars = g_new (SaxidPoint, 2 * (gsize) kept->len + 1);
  gsize n_bar = 0;

  for (guint k = 0; k < kept->len; k++)
    {
      gsize at = g_array_index (kept, gsize, k);
      double x = saxid_scale_place (&axes->x, curve->q[at]);
      double sigma = sigma_at (curve, at);
      double top, foot;

      dots[k] = (SaxidPoint) { x, saxid_scale_place (&axes->y, curve->intensity[at]) };
      if (!(sigma > 0))
        continue;
      top = saxid_scale_place (&axes->y, MIN (curve->intensity[at] + sigma, axes->y.high));
      foot = saxid_scale_place (&axes->y, MAX (curve->intensity[at] - sigma, axes->y.low));
      if (foot - top > dot) /* else the dot hides it */
        {
          bars[n_bar++] = (SaxidPoint) { x, top };
          bars[n_bar++] = (SaxidPoint) { x, foot };
        }
    }
  saxid_canvas_stroke (canvas, bars, n_bar, 2, &(SaxidPen) { colour, 0.4, 0.8, FALSE });
  saxid_canvas_stroke (canvas, dots, kept->len, 1, &(SaxidPen) { colour, 1, dot, FALSE });
  draw_triangles (canvas, axes, curve, colour);
}

void
saxid_marks_line (SaxidCanvas *canvas, const SaxidAxes *axes, gsize n, const double *q,
                  const double *intensity, const SaxidPen *pen)
{
  g_autofree SaxidPoint *points = g_new (SaxidPoint, n + 1);
  gsize run = 0;

  for (gsize k = 0; k <= n; k++)
    {
      SaxidPoint point;

      if (k < n && isfinite (q[k]) && q[k] > 0 && isfinite (intensity[k]) && intensity[k] > 0)
        {
          point = (SaxidPoint) { saxid_scale_place (&axes->x, q[k]),
                                saxid_scale_place (&axes->y, intensity[k]) };
          /* steps that no screen shows are not drawn */
          if (run > 0 && k + 1 < n && fabs (point.x - points[run - 1].x) < 0.3
              && fabs (point.y - points[run - 1].y) < 0.3)
            continue;
          points[run++] = point;
          continue;
        }
      saxid_canvas_stroke_within (canvas, &axes->box, points, run, pen);
      run = 0;
    }
}

void
saxid_marks_parts (SaxidCanvas *canvas, const SaxidAxes *axes, guint n, const double *x, const double *right,
                   const double *all, SaxidColour colour)
{
  const SaxidPen line = { colour, 1, 1.6, FALSE }, dot = { colour, 1, 6, FALSE };
  g_autofree SaxidPoint *point = g_new (SaxidPoint, MAX (n, 1));
  guint n_point = 0;

  for (guint k = 0; k < n; k++)
    {
      const double part = all[k] > 0 ? right[k] / all[k] : 0;
      const double error = all[k] > 0 ? sqrt (fmax (part * (1 - part), 1 / all[k]) / all[k]) : 0;
      const double at = saxid_scale_place (&axes->x, x[k]);

      if (all[k] <= 0)
        continue;
      point[n_point++] = (SaxidPoint) { at, saxid_scale_place (&axes->y, 100 * part) };
      saxid_canvas_stroke (canvas,
                           (const SaxidPoint[]) { { at, saxid_scale_place (&axes->y, 100 * fmax (part - error, 0)) },
                                                  { at, saxid_scale_place (&axes->y, 100 * fmin (part + error, 1)) } },
                           2, 2, &line);
    }
  if (n_point == 0)
    return;
  saxid_canvas_stroke (canvas, point, n_point, n_point, &line);
  saxid_canvas_stroke (canvas, point, n_point, 1, &dot);
}
