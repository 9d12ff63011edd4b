/* Which points of a curve are form factors judged on?
 *
 * The mean of the points in a step differs from the intensity at its middle where the
 * curve is bent, as in the fringes of a sphere: by h²/24 (1 - 1/n²) of the second derivative,
 * which neighbouring steps tell.
 *
 * Thread: pure.
 */
#include "models/fit/coarse.h"

#include <math.h>

#include "models/fit/atlas.h"
#include "models/fit/scatter.h"
#include "reducers/error.h"

/* Scatter counts where points are so dense that a curve is smooth between them, in steps of
 * ln q; it is not believed to be more than so many times sigma. */
#define DENSE 0.04
#define MOST_SCATTER 100.0
/* A step is bent when its neighbours are no further than so many steps. */
#define NEXT 1.6

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

  saxid_scatter (curve->n, curve->intensity, noise);
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

/* What a step has too much or too little because the curve is bent. */
static void
straighten (SaxidCurve *coarse, const double *count, double step)
{
  g_autofree double *bent = g_new0 (double, coarse->n);

  for (gsize k = 1; k + 1 < coarse->n; k++)
    if (log (coarse->q[k + 1] / coarse->q[k]) < NEXT * step && log (coarse->q[k] / coarse->q[k - 1]) < NEXT * step)
      bent[k] = (coarse->intensity[k + 1] - 2 * coarse->intensity[k] + coarse->intensity[k - 1])
                * (1 - 1 / (count[k] * count[k])) / 24;
  for (gsize k = 0; k < coarse->n; k++)
    coarse->intensity[k] -= bent[k];
}

SaxidCurve *
saxid_coarse_curve (const SaxidCurve *curve, GError **error)
{
  const double first = curve->q[0], step = fmax (SAXID_ATLAS_STEP, log (curve->q[curve->n - 1] / first) / SAXID_COARSE_MOST);
  const gsize n = (gsize) (log (curve->q[curve->n - 1] / first) / step) + 1;
  g_autofree double *noise = find_noise (curve), *count = g_new (double, n);
  g_autofree Bin *bin = g_new0 (Bin, n);
  SaxidCurve *coarse = saxid_curve_new (n, TRUE, curve->dq != NULL);

  for (gsize k = 0; k < curve->n; k++)
    if (is_seen (curve, k))
      add_point (&bin[MIN ((gsize) (log (curve->q[k] / first) / step), n - 1)], curve, noise, k);
  coarse->n = 0;
  for (gsize k = 0; k < n; k++)
    if (bin[k].n > 0)
      {
        count[coarse->n] = bin[k].n;
        set_point (coarse, &bin[k]);
      }
  if (coarse->n >= SAXID_CURVE_MIN_POINTS)
    {
      straighten (coarse, count, step);
      return coarse;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "curve has %" G_GSIZE_FORMAT " points on steps of ln q, %d are needed",
               coarse->n, SAXID_CURVE_MIN_POINTS);
  saxid_curve_free (coarse);
  return NULL;
}
