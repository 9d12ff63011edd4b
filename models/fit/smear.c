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
/* How far a curve is computed beyond its ends, in dq, and where it begins at least, in q. */
#define BEYOND 4
#define LEAST_FIRST 0.05
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
  *q = smear->dq == NULL ? smear->q : smear->fine;
  return smear->dq == NULL ? smear->n : smear->n_fine;
}

void
saxid_smear_average (const SaxidSmear *smear, const double *value, double *out)
{
  if (smear->dq == NULL)
    memcpy (out, value, smear->n * sizeof *out);
  for (gsize k = 0; smear->dq != NULL && k < smear->n; k++)
    {
      double sum = 0;

      for (guint j = 0; j < G_N_ELEMENTS (hermite_at); j++)
        sum += hermite_weight[j] * look_up (smear, value, fabs (smear->q[k] + M_SQRT2 * smear->dq[k] * hermite_at[j]));
      out[k] = sum / sqrt (G_PI);
    }
}

gboolean
saxid_smear_intensity (SaxidSmear *smear, const SaxidShape *shape, const SaxidSpacePoint *point, double *out,
                       GError **error)
{
  if (smear->dq == NULL)
    return saxid_spread_intensity (shape, point, smear->n, smear->q, out, error);
  if (!saxid_spread_intensity (shape, point, smear->n_fine, smear->fine, smear->value, error))
    return FALSE;
  saxid_smear_average (smear, smear->value, out);
  return TRUE;
}
