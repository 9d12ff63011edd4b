/* How noisy is a curve, by its own scatter?
 *
 * Thread: pure.
 */
#include "reducers/noise.h"

#include <math.h>

/* Points on either side whose differences make the scatter at one. */
#define REACH 12
/* No scatter is below this part of I … */
#define LEAST_SCATTER 1e-5
/* … or of this part of the largest I, where there is none. */
#define NOTHING 1e-9

/* sums [n + 1] of the squared differences up to each point. */
static void
sum_differences (gsize n, const double *intensity, double *sums)
{
  sums[0] = sums[1] = sums[2] = 0;
  for (gsize k = 2; k + 2 < n; k++)
    {
      const double d = intensity[k - 2] - 4 * intensity[k - 1] + 6 * intensity[k] - 4 * intensity[k + 1]
                       + intensity[k + 2];

      sums[k + 1] = sums[k] + d * d / 70;
    }
  sums[n - 1] = sums[n - 2];
  sums[n] = sums[n - 2];
}

void
saxid_noise (gsize n, const double *intensity, double *scatter)
{
  g_autofree double *sums = g_new (double, n + 1);
  double largest = 0;

  for (gsize k = 0; k < n; k++)
    largest = fmax (largest, fabs (intensity[k]));
  sum_differences (n, intensity, sums);
  for (gsize k = 0; k < n; k++)
    {
      const gsize at = CLAMP (k, 2, n - 3);
      const gsize from = at > REACH + 2 ? at - REACH : 2;
      const gsize to = MIN (at + REACH, n - 3) + 1;
      const double mean = fmax (sums[to] - sums[from], 0) / (double) (to - from);

      scatter[k] = fmax (sqrt (mean), LEAST_SCATTER * fmax (fabs (intensity[k]), NOTHING * largest));
    }
}
