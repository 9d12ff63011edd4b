/* What does a particle scatter where a curve was measured?
 *
 * Thread: see smear.h.
 */
#include "models/fit/smear.h"

#include <math.h>
#include <string.h>

/* Steps of the finer curve for each point, and the least number of them. */
#define FINER 2
#define LEAST_FINE 400
/* How far a curve is computed beyond its ends, in dq, and where it begins at least, in q. */
#define BEYOND 4
#define LEAST_FIRST 0.05
/* Sizes of a second width, and how far they reach, in deviations of the logarithm. */
#define SECOND_SIZES 9
#define SECOND_REACH 2.6

static const double hermite_at[] = { -2.651961356835233, -1.673551628767471, -0.8162878828589647, 0,
                                     0.8162878828589647, 1.673551628767471, 2.651961356835233 };
static const double hermite_weight[] = { 0.0009717812450995, 0.05451558281912703, 0.4256072526101277,
                                         0.8102646175568073, 0.4256072526101277, 0.05451558281912703,
                                         0.0009717812450995 };

void
saxid_smear_init (SaxidSmear *smear, gsize n, const double *q, const double *dq)
{
  double first, last;

  *smear = (SaxidSmear) { .n = n, .q = q, .dq = dq };
  if (dq == NULL)
    return;
  first = fmax (q[0] - BEYOND * dq[0], LEAST_FIRST * q[0]);
  last = q[n - 1] + BEYOND * dq[n - 1];
  smear->n_fine = MAX (FINER * n, LEAST_FINE);
  smear->step = log (last / first) / (double) (smear->n_fine - 1);
  smear->fine = g_new (double, smear->n_fine);
  smear->value = g_new (double, smear->n_fine);
  for (gsize k = 0; k < smear->n_fine; k++)
    smear->fine[k] = first * exp (smear->step * (double) k);
}

void
saxid_smear_clear (SaxidSmear *smear)
{
  g_free (smear->fine);
  g_free (smear->value);
}

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

static gboolean
compute (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q, double *out, GError **error)
{
  return point->second_width > SAXID_NO_WIDTH
           ? average_sizes (shape, point, n, q, out, error)
           : saxid_shape_intensity (shape, point->value, point->width, point->distribution, n, q, out, error);
}

static double
look_up (const SaxidSmear *smear, double q)
{
  const double at = log (fmax (q, smear->fine[0]) / smear->fine[0]) / smear->step;
  const gsize left = MIN ((gsize) at, smear->n_fine - 2);
  const double part = CLAMP (at - (double) left, 0, 1);

  return (1 - part) * smear->value[left] + part * smear->value[left + 1];
}

gboolean
saxid_smear_intensity (SaxidSmear *smear, const SaxidShape *shape, const SaxidSpacePoint *point, double *out,
                       GError **error)
{
  if (smear->dq == NULL)
    return compute (shape, point, smear->n, smear->q, out, error);
  if (!compute (shape, point, smear->n_fine, smear->fine, smear->value, error))
    return FALSE;
  for (gsize k = 0; k < smear->n; k++)
    {
      double sum = 0;

      for (guint j = 0; j < G_N_ELEMENTS (hermite_at); j++)
        sum += hermite_weight[j] * look_up (smear, fabs (smear->q[k] + M_SQRT2 * smear->dq[k] * hermite_at[j]));
      out[k] = sum / sqrt (G_PI);
    }
  return TRUE;
}
