/* How far is a curve from those that were learned from?
 *
 * T² and Q of principal component analysis, Jackson & Mudholkar 1979,
 * DOI 10.1080/00401706.1979.10489779. Both are divided by their number of
 * degrees of freedom and added. What a curve does not cover counts as the mean.
 *
 * Shape: rows of `width` features. Thread: immutable once made.
 */
#include "models/learn/outlier/novelty.h"

#include <math.h>

SaxidNovelty *
saxid_novelty_new (gsize width, guint n_component)
{
  SaxidNovelty *novelty = g_new0 (SaxidNovelty, 1);

  novelty->width = width;
  novelty->n_component = n_component;
  novelty->mean = g_new0 (double, width);
  novelty->component = g_new0 (double, width * n_component);
  novelty->variance = g_new0 (double, n_component);
  novelty->residual = g_new0 (double, width);
  novelty->quantile = g_new0 (double, SAXID_NOVELTY_QUANTILES);
  return novelty;
}

void
saxid_novelty_free (SaxidNovelty *novelty)
{
  if (novelty == NULL)
    return;
  g_free (novelty->mean);
  g_free (novelty->component);
  g_free (novelty->variance);
  g_free (novelty->residual);
  g_free (novelty->quantile);
  g_free (novelty);
}

double
saxid_novelty_distance (const SaxidNovelty *self, const float *features)
{
  g_autofree double *left = g_new (double, self->width);
  double inside = 0, outside = 0;
  gsize seen = 0;

  for (gsize k = 0; k < self->width; k++)
    left[k] = isnan (features[k]) ? 0 : (double) features[k] - self->mean[k];
  for (guint c = 0; c < self->n_component; c++)
    {
      const double *component = self->component + c * self->width;
      double along = 0;

      for (gsize k = 0; k < self->width; k++)
        along += component[k] * left[k];
      for (gsize k = 0; k < self->width; k++)
        left[k] -= along * component[k];
      inside += along * along / self->variance[c];
    }
  for (gsize k = 0; k < self->width; k++)
    if (!isnan (features[k]))
      {
        outside += left[k] * left[k] / self->residual[k];
        seen++;
      }
  return inside / self->n_component + (seen > 0 ? outside / (double) seen : 0);
}

double
saxid_novelty_score (const SaxidNovelty *self, const float *features)
{
  double distance = saxid_novelty_distance (self, features);
  gsize lower = 0, upper = SAXID_NOVELTY_QUANTILES - 1;

  /* an infinite feature has no distance, and is as strange as can be */
  if (!(distance < self->quantile[upper]))
    return 1;
  if (distance <= self->quantile[0])
    return 0;
  while (upper - lower > 1)
    {
      gsize middle = (lower + upper) / 2;

      if (self->quantile[middle] <= distance)
        lower = middle;
      else
        upper = middle;
    }
  return ((double) lower
          + (distance - self->quantile[lower]) / (self->quantile[upper] - self->quantile[lower]))
         / (SAXID_NOVELTY_QUANTILES - 1);
}
