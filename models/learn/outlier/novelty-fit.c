/* What do the training curves have in common?
 *
 * Their principal components, the variance that these leave at each feature, and the
 * quantiles of the resulting distance.
 *
 * Shape: features [rows × width]. Thread: as components.h.
 */
#include "models/learn/outlier/novelty.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/learn/components.h"
#include "reducers/order.h"

/* A feature that never varies must not divide by zero. */
#define LEAST_VARIANCE 1e-12

/* What the components leave of the variance of each feature. */
static void
fit_residual (SaxidNovelty *self, const SaxidComponents *components)
{
  for (gsize k = 0; k < self->width; k++)
    {
      double left = components->diagonal[k];

      for (guint c = 0; c < self->n_component; c++)
        left -= self->variance[c] * self->component[c * self->width + k] * self->component[c * self->width + k];
      self->residual[k] = fmax (left, LEAST_VARIANCE);
    }
}

static void
fit_quantiles (SaxidNovelty *self, const float *features, gsize rows)
{
  g_autofree double *distance = g_new (double, rows);

  for (gsize r = 0; r < rows; r++)
    distance[r] = saxid_novelty_distance (self, features + r * self->width);
  qsort (distance, rows, sizeof *distance, saxid_compare_doubles);
  for (gsize k = 0; k < SAXID_NOVELTY_QUANTILES; k++)
    self->quantile[k] = distance[k * (rows - 1) / (SAXID_NOVELTY_QUANTILES - 1)];
}

SaxidNovelty *
saxid_novelty_fit (const float *features, gsize rows, gsize width, guint n_component, GError **error)
{
  g_autoptr (SaxidComponents) components = saxid_components_fit (features, rows, width, n_component, error);
  SaxidNovelty *self;

  if (components == NULL)
    return NULL;
  self = saxid_novelty_new (width, n_component);
  memcpy (self->mean, components->mean, width * sizeof (double));
  memcpy (self->variance, components->variance, n_component * sizeof (double));
  memcpy (self->component, components->vector, n_component * width * sizeof (double));
  fit_residual (self, components);
  fit_quantiles (self, features, rows);
  return self;
}
