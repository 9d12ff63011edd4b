/* How far is the output of a network from what it should be, and where does it have to go?
 *
 *   cross-entropy   -Σ t ln softmax (x), gradient softmax (x) - t
 *   squared         Σ (x - t)² / width, gradient 2 (x - t) / width
 *
 * Shape: rows × width. Thread: pure.
 */
#include "models/learn/loss.h"

#include <math.h>

double
saxid_loss_cross_entropy (gsize rows, gsize width, const float *output, const float *target, float *gradient)
{
  double loss = 0;

  for (gsize r = 0; r < rows; r++)
    {
      const float *x = output + r * width, *t = target + r * width;
      double largest = (double) x[0], sum = 0;

      for (gsize k = 1; k < width; k++)
        largest = fmax (largest, (double) x[k]);
      for (gsize k = 0; k < width; k++)
        sum += exp ((double) x[k] - largest);
      for (gsize k = 0; k < width; k++)
        {
          double log_p = (double) x[k] - largest - log (sum);

          loss -= (double) t[k] * log_p;
          gradient[r * width + k] = (float) ((exp (log_p) - (double) t[k]) / (double) rows);
        }
    }
  return loss / (double) rows;
}

double
saxid_loss_squared (gsize rows, gsize width, const float *output, const float *target, float *gradient)
{
  const gsize n = rows * width;
  double loss = 0;

  for (gsize k = 0; k < n; k++)
    {
      double difference = (double) output[k] - (double) target[k];

      loss += difference * difference;
      gradient[k] = (float) (2 * difference / (double) n);
    }
  return loss / (double) n;
}
