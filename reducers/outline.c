/* Is a curve of quite another shape than the one before it?
 *
 * Thread: pure.
 */
#include "reducers/outline.h"

#include <math.h>

#define GROUPS SAXID_OUTLINE_GROUPS
#define MOST_VARIANCE 0.05

void
saxid_outline_draw (const SaxidSums *sums, gsize n_bin, SaxidOutline *outline)
{
  g_return_if_fail (n_bin > 0);

  outline->n = 0;
  for (gsize group = 0; group < GROUPS; group++)
    {
      const gsize from = group * n_bin / GROUPS, to = (group + 1) * n_bin / GROUPS;
      double signal = 0, variance = 0, normalisation = 0;

      for (gsize row = 0; row < sums->n; row += n_bin)
        for (gsize k = row + from; k < row + to; k++)
          {
            signal += sums->signal[k];
            variance += sums->variance[k];
            normalisation += sums->normalisation[k];
          }
      outline->variance[group] = variance / (signal * signal);
      outline->value[group] = signal > 0 && normalisation > 0 && outline->variance[group] < MOST_VARIANCE ? log (signal / normalisation) : NAN;
      outline->n += isfinite (outline->value[group]);
    }
}

double
saxid_outline_change (const SaxidOutline *before, const SaxidOutline *after)
{
  double sum = 0, square = 0, noise = 0;
  guint n = 0;

  for (guint k = 0; k < GROUPS; k++)
    {
      const double difference = after->value[k] - before->value[k];

      if (!isfinite (difference))
        continue;
      sum += difference;
      square += difference * difference;
      noise += before->variance[k] + after->variance[k];
      n++;
    }
  return n < SAXID_OUTLINE_LEAST ? 0 : fmax ((square - sum * sum / n - noise) / n, 0);
}
