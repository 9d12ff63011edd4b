/* What do particles of many sizes scatter?
 *
 * Thread: pure.
 */
#include "models/fit/spread.h"

#include <math.h>
#include <string.h>

/* Sizes of a second width, and how far they reach, in deviations of the logarithm. */
#define SECOND_SIZES 9
#define SECOND_REACH 2.6
/* Steps of ln q in which one particle is computed, and of sizes in a deviation. */
#define LEAST_STEP 0.006
#define MOST_STEP 0.03
#define PER_DEVIATION 4
/* Deviations in which sizes are followed. At high q surfaces count, which are more of the
 * small ones than the sixth power is: so many times the square of the width in ln lambda. */
#define REACH 2.5
#define SURFACE 4.0
/* Of the square of the width, from the mean of the sizes to those that are seen most. */
#define SEEN 5.5
/* A rod so many times longer than 1/q scatters like any longer one, per volume. It is
 * computed with one length from a q to so many times that. */
#define LONG 30.0
#define STRETCH 4.0

/* Sizes of the second parameter, log-normal about its own, and what each of them has of
 * the whole volume. */
static void
lay_sizes (const SaxidShape *shape, const SaxidSpacePoint *point, double *size, double *weight)
{
  SaxidSpacePoint other = *point;
  double sum = 0;

  for (guint k = 0; k < SECOND_SIZES; k++)
    {
      const double at = SECOND_REACH * (2.0 * k / (SECOND_SIZES - 1) - 1);

      size[k] = other.value[point->second] = point->value[point->second] * exp (point->second_width * at);
      weight[k] = exp (-0.5 * at * at) * shape->volume (other.value);
      sum += weight[k];
    }
  for (guint k = 0; k < SECOND_SIZES; k++)
    weight[k] /= sum;
}

static gboolean
add_sizes (const SaxidShape *shape, const SaxidSpacePoint *point, const SaxidShapeSizes *sizes, gsize n,
           const double *q, double *out, GError **error)
{
  g_autofree double *one = g_new (double, n);
  SaxidSpacePoint other = *point;

  memset (out, 0, n * sizeof *out);
  for (guint j = 0; j < sizes->n; j++)
    {
      other.value[sizes->parameter] = sizes->size[j];
      if (!saxid_shape_intensity (shape, other.value, point->width, point->distribution, n, q, one, error))
        return FALSE;
      for (gsize k = 0; k < n; k++)
        out[k] += sizes->weight[j] * one[k];
    }
  return TRUE;
}

static gboolean
average_sizes (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q, double *out,
               GError **error)
{
  const double to_per_cm = 1e-4; /* as in shape.c */
  double size[SECOND_SIZES], weight[SECOND_SIZES];
  const SaxidShapeSizes sizes = { point->second, SECOND_SIZES, size, weight };

  lay_sizes (shape, point, size, weight);
  if (shape->population_sum == NULL
      || !shape->population_sum (point->value, point->width, point->distribution, &sizes, n, q, out))
    return add_sizes (shape, point, &sizes, n, q, out, error);
  for (gsize k = 0; k < n; k++)
    out[k] *= to_per_cm;
  return TRUE;
}

/* All sizes as the point has them, but those of a second width. */
static gboolean
compute (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q, double *out, GError **error)
{
  return point->second_width > SAXID_NO_WIDTH
           ? average_sizes (shape, point, n, q, out, error)
           : saxid_shape_intensity (shape, point->value, point->width, point->distribution, n, q, out, error);
}

/* --- A width of all sizes together --------------------------------------------------------- */

/* I on steps of ln q. */
typedef struct
{
  double first, step;
  gsize n;
  double *q, *value; /* [n] */
} Table;

static void
table_clear (Table *table)
{
  g_free (table->q);
  g_free (table->value);
}
typedef Table TableHolder;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TableHolder, table_clear)

/* A long rod takes as many orientations as it is longer than 1/q, and none of them tells more. */
static gboolean
compute_stretches (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q, double *out,
                   GError **error)
{
  const SaxidSpace *space = saxid_space_find (shape);
  gsize first = 0, after = n;

  for (; first < n; first = after, after = n)
    {
      SaxidSpacePoint one = *point;

      if (saxid_space_shorten (space, LONG / q[first], &one))
        for (after = first + 1; after < n && q[after] < STRETCH * q[first];)
          after++;
      if (!compute (shape, &one, after - first, q + first, out + first, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
table_fill (const SaxidShape *shape, const SaxidSpacePoint *point, Table *table, double low, double high, double step,
            GError **error)
{
  table->first = low;
  table->step = step;
  table->n = (gsize) ceil ((high - low) / step) + 2;
  table->q = g_new (double, table->n);
  table->value = g_new (double, table->n);
  for (gsize k = 0; k < table->n; k++)
    table->q[k] = exp (low + step * (double) k);
  return compute_stretches (shape, point, table->n, table->q, table->value, error);
}

static double
table_at (const Table *table, double ln_q) /* not of ln I: between fringes that are finer than steps it has no mean */
{
  const double at = (ln_q - table->first) / table->step;
  const gsize left = (gsize) CLAMP (at, 0, (double) table->n - 2);

  return table->value[left] + (at - (double) left) * (table->value[left + 1] - table->value[left]);
}

static gboolean
spread_all (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q, double *out, GError **error)
{
  const double width = hypot (point->width, point->blur), step = width / PER_DEVIATION;
  const int smallest = -(int) ((REACH + SURFACE * width) * PER_DEVIATION), largest = (int) (REACH * PER_DEVIATION);
  const double low = log (q[0]) + step * smallest, high = log (q[n - 1]) + REACH * width;
  g_auto (TableHolder) table = { 0 };
  SaxidSpacePoint one = *point;
  double volume = 0;

  one.width = 0;
  if (!table_fill (shape, &one, &table, low, high, CLAMP (step, LEAST_STEP, MOST_STEP), error))
    return FALSE;
  memset (out, 0, n * sizeof *out);
  for (int j = smallest; j <= largest; j++)
    {
      const double shift = step * j, away = (double) j / PER_DEVIATION, six = exp (-0.5 * away * away);

      volume += six * exp (-3 * shift);
      for (gsize k = 0; k < n; k++)
        out[k] += six * table_at (&table, log (q[k]) + shift);
    }
  for (gsize k = 0; k < n; k++)
    out[k] /= volume;
  return TRUE;
}

gboolean
saxid_spread_intensity (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q, double *out,
                        GError **error)
{
  return point->together && n > 0 && point->width > SAXID_NO_WIDTH ? spread_all (shape, point, n, q, out, error)
                                                                  : compute (shape, point, n, q, out, error);
}

void
saxid_spread_apart (const SaxidSpace *space, SaxidSpacePoint *point)
{
  if (!point->together)
    return;
  point->together = FALSE;
  saxid_space_scale (space, exp (-SEEN * log1p (point->width * point->width)), point);
}

void
saxid_spread_together (const SaxidSpace *space, SaxidSpacePoint *point)
{
  if (point->together)
    return;
  point->together = TRUE;
  saxid_space_scale (space, exp (SEEN * log1p (point->width * point->width)), point);
}
