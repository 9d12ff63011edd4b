/* What does a particle scatter where a curve was measured?
 *
 * Thread: see smear.h.
 */
#include "models/fit/smear.h"

#include <math.h>
#include <string.h>

#include "models/fit/spread.h"

/* Steps of the finer curve for each point, and the least number of them. */
#define FINER 2
#define LEAST_FINE 400
/* … and with a slit, whose mean takes the square of their number, the most. */
#define MOST_FINE 1200
/* A slit is followed so many times the last q: beyond, nothing is seen. */
#define MOST_REACH 30.0
/* How far a curve is computed beyond its ends, in dq, and where it begins at least, in q. */
#define BEYOND 4
#define LEAST_FIRST 0.05
static const double hermite_at[] = { -2.651961356835233, -1.673551628767471, -0.8162878828589647, 0,
                                     0.8162878828589647, 1.673551628767471, 2.651961356835233 };
static const double hermite_weight[] = { 0.0009717812450995, 0.05451558281912703, 0.4256072526101277,
                                         0.8102646175568073, 0.4256072526101277, 0.05451558281912703,
                                         0.0009717812450995 };

void
saxid_smear_init (SaxidSmear *smear, const SaxidCurve *curve)
{
  const gsize n = curve->n;
  const double *q = curve->q, *dq = curve->dq;
  double first = q[0], last = q[n - 1];

  *smear = (SaxidSmear) { .n = n, .q = q, .dq = dq, .length = curve->slit };
  if (dq == NULL && !(curve->slit > 0))
    return;
  if (dq != NULL)
    {
      first = fmax (q[0] - BEYOND * dq[0], LEAST_FIRST * q[0]);
      last = q[n - 1] + BEYOND * dq[n - 1];
    }
  smear->n_fine = MAX (FINER * n, LEAST_FINE);
  if (curve->slit > 0)
    {
      smear->reach = fmin (curve->slit, MOST_REACH * last);
      last = hypot (last, smear->reach);
      smear->n_fine = MIN (smear->n_fine, MOST_FINE);
    }
  smear->step = log (last / first) / (double) (smear->n_fine - 1);
  smear->fine = g_new (double, smear->n_fine);
  smear->value = g_new (double, smear->n_fine);
  for (gsize k = 0; k < smear->n_fine; k++)
    smear->fine[k] = first * exp (smear->step * (double) k);
  if (!(curve->slit > 0))
    return;
  smear->through = g_new (double, smear->n_fine);
  saxid_slit_init (&smear->slit, smear->n_fine, smear->step);
}

void
saxid_smear_clear (SaxidSmear *smear)
{
  g_free (smear->fine);
  g_free (smear->value);
  g_free (smear->through);
  saxid_slit_clear (&smear->slit);
}

static double
look_up (const SaxidSmear *smear, const double *value, double q)
{
  const double at = log (fmax (q, smear->fine[0]) / smear->fine[0]) / smear->step;
  const gsize left = MIN ((gsize) at, smear->n_fine - 2);
  const double part = CLAMP (at - (double) left, 0, 1);

  return (1 - part) * value[left] + part * value[left + 1];
}

gsize
saxid_smear_wanted (const SaxidSmear *smear, const double **q)
{
  *q = smear->n_fine == 0 ? smear->q : smear->fine;
  return smear->n_fine == 0 ? smear->n : smear->n_fine;
}

/* The mean over the resolution of a point. */
static double
average_point (const SaxidSmear *smear, const double *value, gsize k)
{
  double sum = 0;

  if (smear->dq == NULL)
    return look_up (smear, value, smear->q[k]);
  for (guint j = 0; j < G_N_ELEMENTS (hermite_at); j++)
    sum += hermite_weight[j] * look_up (smear, value, fabs (smear->q[k] + M_SQRT2 * smear->dq[k] * hermite_at[j]));
  return sum / sqrt (G_PI);
}

void
saxid_smear_average (SaxidSmear *smear, const double *value, double *out)
{
  const double *seen = value;

  if (smear->n_fine == 0)
    {
      memcpy (out, value, smear->n * sizeof *out);
      return;
    }
  if (smear->length > 0)
    {
      saxid_slit_integral (&smear->slit, smear->reach, smear->fine, value, smear->through);
      for (gsize k = 0; k < smear->n_fine; k++)
        smear->through[k] /= smear->length;
      seen = smear->through;
    }
  for (gsize k = 0; k < smear->n; k++)
    out[k] = average_point (smear, seen, k);
}

gboolean
saxid_smear_intensity (SaxidSmear *smear, const SaxidShape *shape, const SaxidSpacePoint *point, double *out,
                       GError **error)
{
  if (smear->n_fine == 0)
    return saxid_spread_intensity (shape, point, smear->n, smear->q, out, error);
  if (!saxid_spread_intensity (shape, point, smear->n_fine, smear->fine, smear->value, error))
    return FALSE;
  saxid_smear_average (smear, smear->value, out);
  return TRUE;
}
