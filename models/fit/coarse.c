/* Which points of a curve are form factors judged on?
 *
 * Thread: pure.
 */
#include "models/fit/coarse.h"

#include <math.h>

#include "models/fit/atlas.h"
#include "reducers/error.h"
#include "reducers/noise.h"

/* Scatter counts where points are so dense that a curve is smooth between them, in steps of
 * ln q; it is not believed to be more than so many times sigma. */
#define DENSE 0.04
#define MOST_SCATTER 100.0

typedef struct
{
  double q, intensity, variance, dq, n;
} Bin;

/* Standard deviations of the points: no sigma is believed that is below their scatter. */
static double *
find_noise (const SaxidCurve *curve)
{
  double *noise = g_new (double, curve->n);
  const double step = log (curve->q[curve->n - 1] / curve->q[0]) / (double) curve->n;

  saxid_noise (curve->n, curve->intensity, noise);
  for (gsize k = 0; curve->sigma != NULL && k < curve->n; k++)
    noise[k] = step < DENSE ? CLAMP (noise[k], curve->sigma[k], MOST_SCATTER * curve->sigma[k]) : curve->sigma[k];
  return noise;
}

static void
add_point (Bin *bin, const SaxidCurve *curve, const double *noise, gsize k)
{
  bin->q += curve->q[k];
  bin->intensity += curve->intensity[k];
  bin->variance += noise[k] * noise[k];
  bin->dq += curve->dq != NULL ? curve->dq[k] * curve->dq[k] : 0;
  bin->n++;
}

/* Points that are nothing but zero are what a detector did not see. */
static gboolean
is_seen (const SaxidCurve *curve, gsize k)
{
  return curve->intensity[k] != 0 && isfinite (curve->intensity[k]);
}

static void
set_point (SaxidCurve *coarse, const Bin *bin)
{
  const gsize k = coarse->n++;

  coarse->q[k] = bin->q / bin->n;
  coarse->intensity[k] = bin->intensity / bin->n;
  coarse->sigma[k] = sqrt (bin->variance) / bin->n;
  if (coarse->dq != NULL)
    coarse->dq[k] = sqrt (bin->dq / bin->n);
}

SaxidCurve *
saxid_coarse_curve (const SaxidCurve *curve, double *blur, GError **error)
{
  const double first = curve->q[0], step = fmax (SAXID_ATLAS_STEP, log (curve->q[curve->n - 1] / first) / SAXID_COARSE_MOST);
  const gsize n = (gsize) (log (curve->q[curve->n - 1] / first) / step) + 1;
  g_autofree double *noise = find_noise (curve);
  g_autofree Bin *bin = g_new0 (Bin, n);
  SaxidCurve *coarse = saxid_curve_new (n, TRUE, curve->dq != NULL);

  coarse->slit = curve->slit;
  for (gsize k = 0; k < curve->n; k++)
    if (is_seen (curve, k))
      add_point (&bin[MIN ((gsize) (log (curve->q[k] / first) / step), n - 1)], curve, noise, k);
  coarse->n = 0;
  for (gsize k = 0; k < n; k++)
    if (bin[k].n > 0)
      set_point (coarse, &bin[k]);
  *blur = step / sqrt (12);
  if (coarse->n >= SAXID_CURVE_MIN_POINTS)
    return coarse;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "curve has %" G_GSIZE_FORMAT " points on steps of ln q, %d are needed",
               coarse->n, SAXID_CURVE_MIN_POINTS);
  saxid_curve_free (coarse);
  return NULL;
}
