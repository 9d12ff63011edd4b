/* Which first weights see all that is in a window? See whiten.h.
 *
 *   w = √(2) Σ_k g_k e_k / √((λ_k + ε λ_1) n), g normal: outputs of mean square 2, as He et
 *   al. want them in front of ReLU
 *
 * Thread: as components.h.
 */
#include "models/learn/study/whiten.h"

#include <math.h>
#include <string.h>

#include "models/learn/components.h"
#include "models/simulate/random.h"

/* Directions with less than this part of the largest variance are noise. */
#define FLOOR 1e-3
#define MOST_WINDOWS 20000

/* Box and Muller. */
static double
normal (SaxidRandom *random)
{
  double radius = sqrt (-2 * log (saxid_random_unit (random)));

  return radius * cos (2 * G_PI * saxid_random_unit (random));
}

/* What the window sees at a place drawn at random, in the order of the weights. */
static void
cut (const SaxidLayer *layer, const float *row, SaxidRandom *random, float *window)
{
  const SaxidExtent in = layer->in;
  const guint top = (guint) (saxid_random_unit (random) * (in.height - layer->height + 1));
  const guint left = (guint) (saxid_random_unit (random) * (in.width - layer->width + 1));

  for (guint c = 0; c < in.channels; c++)
    for (guint y = 0; y < layer->height; y++)
      {
        memcpy (window, row + ((gsize) c * in.height + top + y) * in.width + left, layer->width * sizeof (float));
        window += layer->width;
      }
}

gboolean
saxid_network_whiten (SaxidNetwork *network, const float *input, gsize rows, guint64 seed, GError **error)
{
  const SaxidLayer *layer = &network->layer[0];
  const gsize width = saxid_extent_count (network->in), n = (gsize) layer->in.channels * layer->height * layer->width;
  g_autofree float *window = NULL;
  g_autoptr (SaxidComponents) found = NULL;
  SaxidRandom random;

  if (layer->kind != SAXID_LAYER_CONV || layer->height > layer->in.height || layer->width > layer->in.width)
    return TRUE;
  saxid_random_init (&random, seed, G_MAXUINT64, SAXID_STREAM_WEIGHT);
  window = g_new (float, MOST_WINDOWS * n);
  for (gsize k = 0; k < MOST_WINDOWS; k++)
    cut (layer, input + (gsize) (saxid_random_unit (&random) * (double) rows) * width, &random, window + k * n);
  found = saxid_components_fit (window, MOST_WINDOWS, n, (guint) n, error);
  if (found == NULL)
    return FALSE;
  for (guint f = 0; f < layer->size; f++)
    {
      float *weight = network->weight + layer->weight_at + f * n;

      memset (weight, 0, n * sizeof *weight);
      for (guint k = 0; k < n; k++)
        {
          const double g = normal (&random)
                           * sqrt (2 / ((found->variance[k] + FLOOR * found->variance[0]) * (double) n));

          for (gsize j = 0; j < n; j++)
            weight[j] += (float) (g * found->vector[k * n + j]);
        }
    }
  return TRUE;
}
