/* What is I on another q grid?
 *
 * Units: as the curve's. Thread: pure.
 */
#include "models/learn/resample.h"

#include <math.h>

/* A grid point this little outside the curve still counts as covered: files
 * round their q values. In grid steps. */
#define EDGE_TOLERANCE 0.5

static double
mean_between (const SaxidCurve *curve, gsize *from, double lower, double upper, gsize *count)
{
  double sum = 0;

  *count = 0;
  while (*from < curve->n && curve->q[*from] < lower)
    (*from)++;
  for (gsize k = *from; k < curve->n && curve->q[k] < upper; k++)
    {
      sum += curve->intensity[k];
      (*count)++;
    }
  return *count > 0 ? sum / (double) *count : NAN;
}

static double
interpolate (const SaxidCurve *curve, gsize *left, double q)
{
  double part;

  if (q <= curve->q[0])
    return curve->intensity[0];
  if (q >= curve->q[curve->n - 1])
    return curve->intensity[curve->n - 1];
  while (*left + 2 < curve->n && curve->q[*left + 1] < q)
    (*left)++;
  part = (q - curve->q[*left]) / (curve->q[*left + 1] - curve->q[*left]);
  return curve->intensity[*left] + part * (curve->intensity[*left + 1] - curve->intensity[*left]);
}

void
saxid_resample (const SaxidCurve *curve, gsize n, const double *grid, double *out)
{
  gsize from = 0, left = 0;

  g_return_if_fail (n >= 2 && curve->n >= 2);

  for (gsize k = 0; k < n; k++)
    {
      double below = k > 0 ? (grid[k] - grid[k - 1]) / 2 : (grid[1] - grid[0]) / 2;
      double above = k + 1 < n ? (grid[k + 1] - grid[k]) / 2 : below;
      gsize count;
      double mean;

      if (grid[k] + 2 * EDGE_TOLERANCE * above < curve->q[0]
          || grid[k] - 2 * EDGE_TOLERANCE * below > curve->q[curve->n - 1])
        {
          out[k] = NAN;
          continue;
        }
      mean = mean_between (curve, &from, grid[k] - below, grid[k] + above, &count);
      out[k] = count >= 2 ? mean : interpolate (curve, &left, grid[k]);
    }
}

double
saxid_resample_coverage (const SaxidCurve *curve, gsize n, const double *grid)
{
  double lower = fmax (curve->q[0], grid[0]);
  double upper = fmin (curve->q[curve->n - 1], grid[n - 1]);

  return upper > lower ? log (upper / lower) / log (grid[n - 1] / grid[0]) : 0;
}
