/* What is left of a curve when its background is taken away?
 *
 * I = I_s - f I_b and σ² = σ_s² + f² σ_b²: the two were counted independently.
 * Pauw et al., J. Appl. Cryst. 50 (2017) 1800, doi:10.1107/S1600576717015096.
 *
 * Thread: pure.
 */
#include "reducers/subtract.h"

#include <math.h>

#include "reducers/error.h"

/* Two grids that came from the same binning differ by less than this, relatively. */
#define SAME_Q 1e-9

/* The background at q. *from is the point at which the last search ended; q
 * never descends from call to call. FALSE where it does not reach. */
static gboolean
background_at (const SaxidCurve *background, double q, gsize *from, double *intensity, double *variance)
{
  const double *x = background->q;
  double share;
  gsize k = *from;

  while (k + 1 < background->n && x[k + 1] <= q * (1 + SAME_Q))
    k++;
  *from = k;
  if (fabs (x[k] - q) <= SAME_Q * q)
    {
      *intensity = background->intensity[k];
      *variance = background->sigma != NULL ? background->sigma[k] * background->sigma[k] : 0;
      return TRUE;
    }
  if (q < x[k] || k + 1 == background->n)
    return FALSE;

  share = (q - x[k]) / (x[k + 1] - x[k]);
  *intensity = (1 - share) * background->intensity[k] + share * background->intensity[k + 1];
  *variance = 0;
  if (background->sigma != NULL)
    *variance = pow ((1 - share) * background->sigma[k], 2) + pow (share * background->sigma[k + 1], 2);
  return TRUE;
}

gboolean
saxid_curve_subtract (SaxidCurve *curve, const SaxidCurve *background, double factor, GError **error)
{
  gsize from = 0, reached = 0;

  if (!isfinite (factor))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "background factor is %g, it must be finite", factor);
      return FALSE;
    }
  if (curve->sigma != NULL && background->sigma == NULL)
    g_clear_pointer (&curve->sigma, g_free);

  for (gsize k = 0; k < curve->n && background->n > 0; k++)
    {
      double intensity, variance;

      if (background_at (background, curve->q[k], &from, &intensity, &variance))
        {
          curve->intensity[k] -= factor * intensity;
          if (curve->sigma != NULL)
            curve->sigma[k] = sqrt (curve->sigma[k] * curve->sigma[k] + factor * factor * variance);
          reached++;
          continue;
        }
      curve->intensity[k] = NAN;
      if (curve->sigma != NULL)
        curve->sigma[k] = NAN;
    }
  if (reached == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "background has %" G_GSIZE_FORMAT " points, none of them near the q of the curve",
                   background->n);
      return FALSE;
    }
  return TRUE;
}
