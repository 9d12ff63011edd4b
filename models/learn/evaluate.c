/* How good are predictions?
 *
 * Matthews coefficient of several classes: Gorodkin 2004,
 * DOI 10.1016/j.compbiolchem.2004.09.006. Expected calibration error: Guo et
 * al. 2017, arXiv:1706.04599; by chance a bin is off by (2/π Σ p (1 - p))^½ in the mean.
 *
 * Shape: probability [n × n_class]. Thread: pure.
 */
#include "models/learn/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/order.h"

#define CALIBRATION_BINS 15

guint
saxid_best_class (guint n, const float *values)
{
  guint best = 0;

  for (guint k = 1; k < n; k++)
    if (values[k] > values[best])
      best = k;
  return best;
}

static void
score_classes (SaxidScores *scores)
{
  guint m = scores->n_class;
  double f1 = 0, right = 0, truth_times_guess = 0, truth_squared = 0, guess_squared = 0;
  double n = (double) scores->n, root;

  for (guint k = 0; k < m; k++)
    {
      double truth = 0, guess = 0, both = (double) scores->confusion[k * m + k];

      for (guint j = 0; j < m; j++)
        {
          truth += (double) scores->confusion[k * m + j];
          guess += (double) scores->confusion[j * m + k];
        }
      scores->recall[k] = truth > 0 ? both / truth : NAN;
      scores->precision[k] = guess > 0 ? both / guess : NAN;
      f1 += truth + guess > 0 ? 2 * both / (truth + guess) : 0;
      right += both;
      truth_times_guess += truth * guess;
      truth_squared += truth * truth;
      guess_squared += guess * guess;
    }
  scores->accuracy = right / n;
  scores->f1 = f1 / m;
  root = sqrt (n * n - guess_squared) * sqrt (n * n - truth_squared);
  scores->matthews = root > 0 ? (right * n - truth_times_guess) / root : 0;
}

SaxidScores *
saxid_evaluate (gsize n, guint n_class, const float *probability, const guint8 *label,
                double set_threshold)
{
  SaxidScores *scores = g_new0 (SaxidScores, 1);
  double bin_right[CALIBRATION_BINS] = { 0 }, bin_sure[CALIBRATION_BINS] = { 0 };
  double bin_variance[CALIBRATION_BINS] = { 0 };
  gsize covered = 0, in_sets = 0;

  scores->n = n;
  scores->n_class = n_class;
  scores->confusion = g_new0 (gsize, n_class * n_class);
  scores->recall = g_new0 (double, n_class);
  scores->precision = g_new0 (double, n_class);

  for (gsize k = 0; k < n; k++)
    {
      const float *p = probability + k * n_class;
      guint best = saxid_best_class (n_class, p);
      guint bin = MIN ((guint) ((double) p[best] * CALIBRATION_BINS), CALIBRATION_BINS - 1);

      scores->confusion[label[k] * n_class + best]++;
      bin_right[bin] += best == label[k];
      bin_sure[bin] += (double) p[best];
      bin_variance[bin] += (double) p[best] * (1 - (double) p[best]);
      scores->log_loss -= log (fmax ((double) p[label[k]], 1e-12)) / (double) n;
      for (guint j = 0; j < n_class; j++)
        if (j == best || (double) p[j] >= set_threshold)
          {
            in_sets++;
            covered += j == label[k];
          }
    }
  score_classes (scores);
  for (guint b = 0; b < CALIBRATION_BINS; b++)
    {
      scores->calibration_error += fabs (bin_right[b] - bin_sure[b]) / (double) n;
      scores->calibration_chance += sqrt (M_2_PI * fmax (bin_variance[b], 0)) / (double) n;
    }
  scores->set_coverage = (double) covered / (double) n;
  scores->set_size = (double) in_sets / (double) n;
  return scores;
}

void
saxid_scores_free (SaxidScores *scores)
{
  if (scores == NULL)
    return;
  g_free (scores->confusion);
  g_free (scores->recall);
  g_free (scores->precision);
  g_free (scores);
}

/* How many of a sorted n lie below `value`, or at it where `with` is TRUE. */
static gsize
count_below (gsize n, const double *sorted, double value, gboolean with)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      const gsize middle = (low + high) / 2;

      if (sorted[middle] < value || (with && sorted[middle] == value))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

double
saxid_rate_area (gsize n_known, const double *known, gsize n_stranger, const double *stranger)
{
  g_autofree double *sorted = g_new (double, MAX (n_known, 1));
  double pairs = 0;

  if (n_known == 0 || n_stranger == 0)
    return NAN;
  memcpy (sorted, known, n_known * sizeof *sorted);
  qsort (sorted, n_known, sizeof *sorted, saxid_compare_doubles);
  for (gsize k = 0; k < n_stranger; k++)
    pairs += 0.5
             * (double) (count_below (n_known, sorted, stranger[k], FALSE)
                         + count_below (n_known, sorted, stranger[k], TRUE));
  return pairs / ((double) n_known * (double) n_stranger);
}
