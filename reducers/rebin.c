/* How is a curve put on fewer points without losing what was measured?
 *
 * I = Σ w I / Σ w with w = 1/σ² (variance 1 / Σ w) or w = 1 (variance Σ σ² / n²).
 * Inverse variances favour the points that happened to count less, by about one
 * count a point: below ten counts a point, weigh them the same.
 *
 * Thread: pure.
 */
#include "reducers/rebin.h"

#include <math.h>

#include "reducers/error.h"

typedef struct
{
  double weight, intensity, variance; /* sums over points that are finite */
  double q, q_squared, dq_squared;    /* sums over all points */
  gsize n_finite, n;
} Bin;

static void
add_point (Bin *bin, const SaxidCurve *curve, gsize k, SaxidWeight weighting)
{
  double q = curve->q[k], intensity = curve->intensity[k];
  double sigma = curve->sigma != NULL ? curve->sigma[k] : 1;
  double weight = weighting == SAXID_WEIGHT_VARIANCE ? 1 / (sigma * sigma) : 1;

  bin->n++;
  bin->q += q;
  bin->q_squared += q * q;
  if (curve->dq != NULL)
    bin->dq_squared += curve->dq[k] * curve->dq[k];
  if (!isfinite (intensity) || !isfinite (sigma) || !isfinite (weight))
    return;
  bin->n_finite++;
  bin->weight += weight;
  bin->intensity += weight * intensity;
  bin->variance += weight * weight * sigma * sigma;
}

static void
set_point (SaxidCurve *curve, gsize k, const Bin *bin)
{
  double n = (double) bin->n, q = bin->q / n;

  curve->q[k] = q;
  curve->intensity[k] = bin->n_finite > 0 ? bin->intensity / bin->weight : NAN;
  if (curve->sigma != NULL)
    curve->sigma[k] = bin->n_finite > 0 ? sqrt (bin->variance) / bin->weight : NAN;
  if (curve->dq != NULL)
    curve->dq[k] = sqrt (bin->dq_squared / n + MAX (bin->q_squared / n - q * q, 0));
}

SaxidCurve *
saxid_curve_rebin (const SaxidCurve *curve, const SaxidGrid *grid, SaxidWeight weight, GError **error)
{
  g_autofree Bin *bins = NULL;
  SaxidCurve *result;
  gsize kept = 0;

  if (!saxid_grid_check (grid, SAXID_RADIAL_Q, error))
    return NULL;

  bins = g_new0 (Bin, grid->n);
  for (gsize k = 0; k < curve->n; k++)
    {
      gssize at = saxid_grid_bin (grid, curve->q[k]);

      if (at >= 0)
        add_point (&bins[at], curve, k, weight);
    }
  for (gsize k = 0; k < grid->n; k++)
    kept += bins[k].n > 0;
  if (kept == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "none of %" G_GSIZE_FORMAT " points lies between q = %g and %g 1/Å", curve->n,
                   grid->low, grid->high);
      return NULL;
    }

  result = saxid_curve_new (kept, curve->sigma != NULL, curve->dq != NULL);
  result->slit = curve->slit;
  for (gsize k = 0, at = 0; k < grid->n; k++)
    if (bins[k].n > 0)
      set_point (result, at++, &bins[k]);
  return result;
}
