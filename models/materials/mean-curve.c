/* What does a disordered material scatter in the mean?
 *
 * Two phases: P~ is even in the level T, so its logarithm is tabulated over T². Orders
 * between whole ones have tables at quarters, and Lagrange's polynomial through the five of
 * their interval (spectra are mixed there, so nothing is smooth across a whole order).
 * Three phases: with C (t1, t2) of clip.h,
 *
 *   C = layer² C (t1, t1) + (1 - layer)² C (t2, t2) + 2 layer (1 - layer) C (t1, t2),
 *
 * where the mixed term is tabulated over the square of the mean level and the logarithm of
 * the difference.
 *
 * Thread: see mean-curve.h.
 */
#include "models/materials/mean-curve.h"

#include <math.h>

#include "models/every-processor.h"
#include "models/materials/clip.h"
#include "models/materials/normal.h"
#include "models/materials/spectrum.h"

#define KNOTS SAXID_TRANSFORM_KNOTS

/* An axis of a table, equidistant, and the polynomial through POINTS nodes of it. */
typedef struct
{
  double first, step;
  int n;
} Axis;

#define POINTS 6
#define MOST_NODES 64
/* T² of the porosity 0.01 is 5.41 */
static const Axis square_axis = { 0, 0.14, 41 };
/* square of the mean level; the ln of SHIFT + difference of two levels */
#define SHIFT 0.03
static const Axis mean_axis = { 0, 0.25, 23 };
static const Axis difference_axis = { -3.1, 0.07, 58 };

typedef struct
{
  int first;
  double weight[POINTS];
} Place;

/* Orders at which there are tables. */
#define PARTS 4
#define ORDERS (PARTS * (SAXID_SPECTRUM_SHARPEST - SAXID_SPECTRUM_SOFTEST) + 1)

static GMutex making;
static const double *order_table[ORDERS]; /* [square_axis][KNOTS] of ln P~ */

/* --- interpolation ------------------------------------------------------------------------ */

/* Lagrange's weights of n nodes 0, 1 … at x. */
static void
lagrange (int n, double x, double *weight)
{
  for (int k = 0; k < n; k++)
    {
      weight[k] = 1;
      for (int j = 0; j < n; j++)
        if (j != k)
          weight[k] *= (x - j) / (k - j);
    }
}

static Place
find_place (const Axis *axis, double value)
{
  const double at = CLAMP ((value - axis->first) / axis->step, 0, axis->n - 1);
  Place place = { .first = CLAMP ((int)at - POINTS / 2 + 1, 0, axis->n - POINTS) };

  lagrange (POINTS, at - place.first, place.weight);
  return place;
}

SAXID_EVERY_PROCESSOR static void
add_row (double *sum, double weight, const double *row)
{
  for (gsize k = 0; k < KNOTS; k++)
    sum[k] += weight * row[k];
}

/* --- tables ------------------------------------------------------------------------------- */

/* u of clip.h at every distance, for an order in quarters. */
static double *
find_angles (guint quarter)
{
  const int lower = SAXID_SPECTRUM_SOFTEST + (int)(quarter / PARTS);
  const double part = (double)(quarter % PARTS) / PARTS;
  const double *r;
  const gsize n = saxid_transform_distances (&r);
  double *angle = g_new (double, n);

  for (gsize j = 0; j < n; j++)
    {
      double gap = saxid_spectrum_gap (saxid_spectrum_at (lower), r[j]);

      if (part > 0)
        gap += part * (saxid_spectrum_gap (saxid_spectrum_at (lower + 1), r[j]) - gap);
      angle[j] = saxid_clip_angle (gap);
    }
  return angle;
}

/* P~ of the covariances of n pairs of levels. Shape: out n × KNOTS. */
static void
transform_levels (const double *angle, gsize n, const double (*level)[2], double *out)
{
  const double *r;
  const gsize n_r = saxid_transform_distances (&r);
  g_autofree SaxidClip *clip = g_new (SaxidClip, 1);
  g_autofree double *covariance = g_new (double, n * n_r);

  for (gsize k = 0; k < n; k++)
    {
      saxid_clip_init (clip, level[k][0], level[k][1]);
      for (gsize j = 0; j < n_r; j++)
        covariance[k * n_r + j] = saxid_clip_covariance (clip, angle[j]);
    }
  saxid_transform (n, covariance, out);
}

static double *
make_order_table (guint quarter)
{
  g_autofree double *angle = find_angles (quarter);
  const gsize size = square_axis.n * KNOTS;
  double *table = g_new (double, size), level[MOST_NODES][2];

  for (int j = 0; j < square_axis.n; j++)
    level[j][0] = level[j][1] = sqrt (square_axis.first + j * square_axis.step);
  transform_levels (angle, square_axis.n, level, table);
  for (gsize k = 0; k < size; k++)
    table[k] = log (table[k]);
  return table;
}

static const double *
get_order_table (guint quarter)
{
  const double *table = g_atomic_pointer_get (&order_table[quarter]);

  if (table != NULL)
    return table;
  g_mutex_lock (&making);
  if (order_table[quarter] == NULL)
    g_atomic_pointer_set (&order_table[quarter], make_order_table (quarter));
  g_mutex_unlock (&making);
  return order_table[quarter];
}

/* [difference_axis][mean_axis][KNOTS] of the mixed term of two levels */
static double *
make_mixed_table (void)
{
  g_autofree double *angle = find_angles (PARTS * (SAXID_SPECTRUM_ROEDING - SAXID_SPECTRUM_SOFTEST));
  double *table = g_new (double, difference_axis.n * mean_axis.n * KNOTS), level[MOST_NODES][2];

  for (int i = 0; i < difference_axis.n; i++)
    {
      const double half = 0.5 * (exp (difference_axis.first + i * difference_axis.step) - SHIFT);

      for (int j = 0; j < mean_axis.n; j++)
        {
          const double mean = sqrt (mean_axis.first + j * mean_axis.step);

          level[j][0] = mean - half;
          level[j][1] = mean + half;
        }
      transform_levels (angle, mean_axis.n, level, table + i * mean_axis.n * KNOTS);
    }
  return table;
}

static const double *
get_mixed_table (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize)make_mixed_table ());
  return (const double *)once;
}

/* --- from tables to ln P~ at the knots ---------------------------------------------------- */

static void
add_square (double *sum, double weight, const double *table, double level)
{
  const Place place = find_place (&square_axis, level * level);

  for (int j = 0; j < POINTS; j++)
    add_row (sum, weight * place.weight[j], table + (place.first + j) * KNOTS);
}

/* P~ of one level, added. */
static void
add_level (double *sum, double weight, guint quarter, double level)
{
  double row[KNOTS] = { 0 };

  add_square (row, 1, get_order_table (quarter), level);
  for (gsize k = 0; k < KNOTS; k++)
    sum[k] += weight * exp (row[k]);
}

static void
take_logarithms (double *knot)
{
  for (gsize k = 0; k < KNOTS; k++)
    knot[k] = log (knot[k]);
}

/* ln P~ of two phases. Between whole orders P~ itself is nearly straight at small q, where
 * its logarithm is not. */
static void
fill_two (const SaxidMaterial *material, double level, double *knot)
{
  const double at = (material->order - SAXID_SPECTRUM_SOFTEST) * PARTS;
  const guint whole = (guint)MIN (floor (at / PARTS), SAXID_SPECTRUM_SHARPEST - SAXID_SPECTRUM_SOFTEST - 1) * PARTS;
  double weight[PARTS + 1];

  if (at == floor (at))
    {
      add_square (knot, 1, get_order_table ((guint)at), level);
      return;
    }
  lagrange (PARTS + 1, at - whole, weight);
  for (guint j = 0; j <= PARTS; j++)
    add_level (knot, weight[j], whole + j, level);
  take_logarithms (knot);
}

static void
add_mixed (double *sum, double weight, const double *level)
{
  const double *table = get_mixed_table ();
  const double mean = 0.5 * (level[0] + level[1]);
  const Place row = find_place (&difference_axis, log (level[1] - level[0] + SHIFT));
  const Place column = find_place (&mean_axis, mean * mean);

  for (int i = 0; i < POINTS; i++)
    for (int j = 0; j < POINTS; j++)
      add_row (sum, weight * row.weight[i] * column.weight[j],
               table + ((row.first + i) * mean_axis.n + column.first + j) * KNOTS);
}

static void
fill_three (const SaxidMaterial *material, const double *level, double *knot)
{
  const double layer = material->layer, rest = 1 - layer;
  const guint quarter = PARTS * (SAXID_SPECTRUM_ROEDING - SAXID_SPECTRUM_SOFTEST);

  add_level (knot, layer * layer, quarter, level[0]);
  add_level (knot, rest * rest, quarter, level[1]);
  add_mixed (knot, 2 * layer * rest, level);
  take_logarithms (knot);
}

/* --- the spline --------------------------------------------------------------------------- */

/* Second derivatives (times step²/6) of the natural spline; its ends are in parts of q where ln P~ is
 * straight. */
static void
find_curvature (const double *knot, double *curvature)
{
  double upper[KNOTS];

  curvature[0] = upper[0] = 0;
  for (gsize k = 1; k + 1 < KNOTS; k++)
    {
      upper[k] = 1 / (4 - upper[k - 1]);
      curvature[k] = (knot[k + 1] - 2 * knot[k] + knot[k - 1] - curvature[k - 1]) * upper[k];
    }
  curvature[KNOTS - 1] = 0;
  for (gsize k = KNOTS - 1; k-- > 1;)
    curvature[k] -= upper[k] * curvature[k + 1];
}

/* How P~ goes on at both ends. */
static void
find_ends (SaxidMeanCurve *curve, const SaxidMaterial *material)
{
  const double first = SAXID_TRANSFORM_FIRST, last = SAXID_TRANSFORM_LAST, ratio = exp (saxid_transform_step ());
  SaxidMaterialSums sums;

  saxid_material_sums (material, &sums);
  curve->porod = sums.porod * material->length;
  curve->correction = (exp (curve->knot[KNOTS - 1]) * pow (last, 4) / curve->porod - 1) * last * last;
  curve->bend = (1 - exp (curve->knot[1] - curve->knot[0])) / (first * first * (ratio * ratio - 1));
}

gboolean
saxid_mean_curve_init (SaxidMeanCurve *curve, const SaxidMaterial *material, GError **error)
{
  double level[2];

  if (!saxid_material_check (material, error))
    return FALSE;
  *curve = (SaxidMeanCurve) { .length = material->length };
  if (material->covariance == SAXID_COVARIANCE_EXPONENTIAL)
    {
      curve->is_closed = TRUE;
      curve->variance = material->porosity * (1 - material->porosity);
      curve->wave = material->wave;
      return TRUE;
    }
  saxid_material_levels (material, level);
  if (material->phases == 2)
    fill_two (material, level[1], curve->knot);
  else
    fill_three (material, level, curve->knot);
  find_curvature (curve->knot, curve->curvature);
  find_ends (curve, material);
  return TRUE;
}

static double
beyond (const SaxidMeanCurve *curve, double x)
{
  if (x < SAXID_TRANSFORM_FIRST)
    return exp (curve->knot[0]) * (1 + curve->bend * (SAXID_TRANSFORM_FIRST * SAXID_TRANSFORM_FIRST - x * x));
  return curve->porod / (x * x * x * x) * (1 + curve->correction / (x * x));
}

static double
between (const SaxidMeanCurve *curve, double at)
{
  const gsize k = MIN ((gsize)at, KNOTS - 2);
  const double t = at - (double)k, s = 1 - t;

  return exp (s * curve->knot[k] + t * curve->knot[k + 1] + s * (s * s - 1) * curve->curvature[k]
              + t * (t * t - 1) * curve->curvature[k + 1]);
}

static void
closed_values (const SaxidMeanCurve *curve, gsize n, const double *q, double *out)
{
  const double a = curve->length, factor = curve->variance * 8 * G_PI * a * a * a, square = curve->wave * curve->wave;

  for (gsize k = 0; k < n; k++)
    {
      const double x = q[k] * a * q[k] * a;

      out[k] = factor / ((1 + square) * (1 + square) + 2 * (1 - square) * x + x * x);
    }
}

void
saxid_mean_curve_values (const SaxidMeanCurve *curve, gsize n, const double *q, double *out)
{
  const double a = curve->length, volume = a * a * a, per_step = 1 / saxid_transform_step ();
  const double origin = log (SAXID_TRANSFORM_FIRST);

  if (curve->is_closed)
    {
      closed_values (curve, n, q, out);
      return;
    }
  for (gsize k = 0; k < n; k++)
    {
      const double x = q[k] * a, at = (log (x) - origin) * per_step;

      out[k] = volume * (at >= 0 && at <= KNOTS - 1 ? between (curve, at) : beyond (curve, x));
    }
}
