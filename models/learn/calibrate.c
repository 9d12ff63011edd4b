/* How do margins become probabilities that can be believed?
 *
 * Temperature scaling: Guo et al. 2017, arXiv:1706.04599. Prediction sets of
 * least size: Sadinle, Lei & Wasserman 2019, DOI 10.1080/01621459.2017.1395341.
 *
 * Shape: margins and probabilities [n × n_class]. Thread: pure.
 */
#include "models/learn/calibrate.h"

#include <math.h>
#include <stdlib.h>

void
saxid_softmax (guint n_class, const float *margin, double temperature, float *probability)
{
  double largest = -INFINITY, sum = 0;

  for (guint k = 0; k < n_class; k++)
    largest = fmax (largest, (double) margin[k]);
  for (guint k = 0; k < n_class; k++)
    sum += exp (((double) margin[k] - largest) / temperature);
  for (guint k = 0; k < n_class; k++)
    probability[k] = (float) (exp (((double) margin[k] - largest) / temperature) / sum);
}

static double
log_loss (gsize n, guint n_class, const float *margin, const guint8 *label, const guint8 *merged, double temperature)
{
  double loss = 0;

  for (gsize r = 0; r < n; r++)
    {
      const float *row = margin + r * n_class;
      double largest = -INFINITY, sum = 0, right = 0;

      for (guint k = 0; k < n_class; k++)
        largest = fmax (largest, (double) row[k]);
      for (guint k = 0; k < n_class; k++)
        {
          const double part = exp (((double) row[k] - largest) / temperature);

          sum += part;
          right += (merged != NULL ? merged[k] : k) == label[r] ? part : 0;
        }
      loss += log (sum) - log (fmax (right, G_MINDOUBLE));
    }
  return loss / (double) n;
}

/* Golden section in ln T: the loss is convex in 1/T, so there is one minimum. */
double
saxid_fit_temperature (gsize n, guint n_class, const float *margin, const guint8 *label, const guint8 *merged)
{
  const double golden = 0.618033988749894848;
  double lower = log (0.1), upper = log (10);
  double left = upper - golden * (upper - lower), right = lower + golden * (upper - lower);
  double loss_left = log_loss (n, n_class, margin, label, merged, exp (left));
  double loss_right = log_loss (n, n_class, margin, label, merged, exp (right));

  while (upper - lower > 1e-4)
    if (loss_left < loss_right)
      {
        upper = right;
        right = left;
        loss_right = loss_left;
        left = upper - golden * (upper - lower);
        loss_left = log_loss (n, n_class, margin, label, merged, exp (left));
      }
    else
      {
        lower = left;
        left = right;
        loss_left = loss_right;
        right = lower + golden * (upper - lower);
        loss_right = log_loss (n, n_class, margin, label, merged, exp (right));
      }
  return exp ((lower + upper) / 2);
}

static int
compare_floats (const void *a, const void *b)
{
  const float *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

double
saxid_fit_set_threshold (gsize n, guint n_class, const float *probability, const guint8 *label,
                         double coverage)
{
  g_autofree float *truth = g_new (float, MAX (n, 1));
  gsize rank;

  for (gsize r = 0; r < n; r++)
    truth[r] = probability[r * n_class + label[r]];
  qsort (truth, n, sizeof *truth, compare_floats);
  /* the finite-sample rank of split conformal prediction */
  rank = (gsize) floor ((1 - coverage) * (double) (n + 1));
  return rank >= 1 && rank <= n ? (double) truth[rank - 1] : 0;
}
