/* By how much does a real particle depart from its form factor?
 *
 *   g (x) = rms sqrt (2 / N) sum_k cos (w_k x + p_k),  x = ln q
 *
 * w_k Gaussian with standard deviation 1 / length, p_k uniform: random Fourier features
 * (Rahimi & Recht 2007) of the squared exponential covariance.
 *
 * Thread: pure.
 */
#include "models/simulate/discrepancy.h"

#include <math.h>

#define COSINES 16

/* Box & Muller 1958. */
static double
draw_normal (SaxidRandom *random)
{
  const double radius = sqrt (-2 * log (saxid_random_unit (random)));

  return radius * cos (2 * G_PI * saxid_random_unit (random));
}

void
saxid_discrepancy_apply (SaxidRandom *random, double rms, double length, gsize n, const double *q, double *intensity)
{
  const double amplitude = rms * sqrt (2.0 / COSINES);
  double frequency[COSINES], phase[COSINES];

  for (guint k = 0; k < COSINES; k++)
    {
      frequency[k] = draw_normal (random) / length;
      phase[k] = saxid_random_uniform (random, 0, 2 * G_PI);
    }
  for (gsize k = 0; k < n; k++)
    {
      const double x = log (q[k]);
      double g = 0;

      for (guint c = 0; c < COSINES; c++)
        g += cos (frequency[c] * x + phase[c]);
      intensity[k] *= exp (amplitude * g);
    }
}
