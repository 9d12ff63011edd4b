/* At which q must a curve be computed, so that all others follow?
 *
 * The scattering of a particle that fits into a sphere of radius D is an entire
 * function of exponential type 2 D (Paley & Wiener): in a panel of q so short
 * that D dq = 7 it is a polynomial of degree 23 to 1e-10. Such panels are
 * computed at the 24 Chebyshev points and summed by Clenshaw's recurrence.
 *
 * Thread: pure.
 */
#include "models/shapes/sampling.h"

#include <string.h>

#include "models/shapes/elementary.h"

#define POINTS      24
#define PANEL_PHASE 7.0
/* A panel with fewer points of the caller is computed at these. */
#define WORTH_IT 32

/* Chebyshev coefficients from the values at cos (pi (k + 1/2) / POINTS). */
static void
coefficients (const double *cosine, const double *value, double *coefficient)
{
  for (guint j = 0; j < POINTS; j++)
    {
      double sum = 0;

      for (guint k = 0; k < POINTS; k++)
        sum += value[k] * cosine[j * (2 * k + 1) % (4 * POINTS)];
      coefficient[j] = sum * (j == 0 ? 1.0 : 2.0) / POINTS;
    }
}

SAXID_EVERY_PROCESSOR static void
evaluate (const double *coefficient, double middle, double half, gsize n, const double *q, double *out)
{
  for (gsize k = 0; k < n; k++)
    {
      const double x = (q[k] - middle) / half;
      double above = 0, here = coefficient[POINTS - 1];

#pragma GCC unroll 32
      for (guint j = POINTS - 2; j > 0; j--)
        {
          const double below = 2.0 * x * here - above + coefficient[j];

          above = here;
          here = below;
        }
      out[k] = x * here - above + coefficient[0];
    }
}

/* In whole vectors: what is left over would be computed by scalar code, which
 * may round otherwise, and a curve should not depend on the processor. */
static void
direct (SaxidCurveFunction f, gconstpointer data, gsize n, const double *q, double *out)
{
  const gsize whole = (n + SAXID_VECTOR - 1) / SAXID_VECTOR * SAXID_VECTOR;
  double at[SAXID_BLOCK], value[SAXID_BLOCK];

  for (gsize k = 0; k < whole; k++)
    at[k] = q[MIN (k, n - 1)];
  f (data, whole, at, value);
  memcpy (out, value, n * sizeof *out);
}

void
saxid_sample (SaxidCurveFunction f, gconstpointer data, double extent, gsize n, const double *q,
              double *out)
{
  const double length = PANEL_PHASE / extent;
  double cosine[4 * POINTS], at[POINTS], value[POINTS], coefficient[POINTS];
  gsize begin = 0;

  if (n > WORTH_IT)
    for (guint k = 0; k < 4 * POINTS; k++)
      cosine[k] = cos (G_PI * k / (2 * POINTS));

  while (begin < n)
    {
      gsize end = begin + 1;

      while (end < n && q[end] - q[begin] <= length)
        end++;
      if (end - begin > WORTH_IT && q[end - 1] > q[begin])
        {
          const double half = 0.5 * (q[end - 1] - q[begin]);
          const double middle = 0.5 * (q[end - 1] + q[begin]);

          /* Descending in k, so that q ascends. */
          for (guint k = 0; k < POINTS; k++)
            at[k] = middle - half * cosine[2 * k + 1];
          f (data, POINTS, at, value);
          for (guint k = 0; k < POINTS / 2; k++)
            {
              const double swap = value[k];

              value[k] = value[POINTS - 1 - k];
              value[POINTS - 1 - k] = swap;
            }
          coefficients (cosine, value, coefficient);
          evaluate (coefficient, middle, half, end - begin, q + begin, out + begin);
        }
      else
        {
          /* The largest q sizes the quadratures: do not let it be far away. */
          end = MIN (end, begin + SAXID_BLOCK);
          while (end < n && end - begin < SAXID_BLOCK && q[end] < 1.25 * q[begin])
            end++;
          direct (f, data, end - begin, q + begin, out + begin);
        }
      begin = end;
    }
}
