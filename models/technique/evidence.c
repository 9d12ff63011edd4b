/* Which maps of the last convolution speak for an output, and where?
 *
 * Thread: see evidence.h.
 */
#include "models/technique/evidence.h"

#include <math.h>

#include "reducers/error.h"

/* ---- the gradient through one layer, from what leaves it to what comes in ------------------- */

typedef struct
{
  const SaxidNetwork *network;
  SaxidPass *pass;
  guint at;
  float *gradient; /* of what leaves the layer; afterwards, of what comes in */
} Walk;

typedef gboolean (*Step) (Walk *walk, GError **error);

/* out = W in + b: the weights of one output follow each other. */
static gboolean
back_dense (Walk *walk, GError **error G_GNUC_UNUSED)
{
  const SaxidLayer *layer = &walk->network->layer[walk->at];
  const gsize n = saxid_extent_count (layer->in);
  const float *weight = walk->network->weight + layer->weight_at;
  float *before = g_new0 (float, n);

  for (guint f = 0; f < layer->size; f++)
    for (gsize k = 0; k < n; k++)
      before[k] += walk->gradient[f] * weight[f * n + k];
  g_free (walk->gradient);
  walk->gradient = before;
  return TRUE;
}

static gboolean
back_relu (Walk *walk, GError **error)
{
  const gsize n = saxid_extent_count (walk->network->layer[walk->at].out);
  g_autofree float *out = g_new (float, n);

  if (!saxid_pass_read (walk->pass, walk->at, out, error))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    walk->gradient[k] = out[k] > 0 ? walk->gradient[k] : 0;
  return TRUE;
}

static gboolean
back_norm (Walk *walk, GError **error G_GNUC_UNUSED)
{
  const SaxidLayer *layer = &walk->network->layer[walk->at];
  const gsize channels = layer->in.channels, places = saxid_extent_count (layer->in) / channels;
  const float *scale = walk->network->weight + layer->weight_at;
  const float *variance = walk->network->state + layer->state_at + channels;

  for (gsize k = 0; k < channels * places; k++)
    walk->gradient[k] *= scale[k / places] / sqrtf (variance[k / places] + SAXID_NORM_EPSILON);
  return TRUE;
}

static gboolean
back_same (Walk *walk G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

/* NULL: not followed. */
static const Step steps[SAXID_N_LAYERS] = {
  [SAXID_LAYER_DENSE] = back_dense,
  [SAXID_LAYER_RELU] = back_relu,
  [SAXID_LAYER_BATCHNORM] = back_norm,
  [SAXID_LAYER_DROPOUT] = back_same,
};

/* Their sum over the places of a map stays what it is. */
static gboolean
hands_on (const SaxidLayer *layer)
{
  return layer->kind == SAXID_LAYER_MAXPOOL || layer->kind == SAXID_LAYER_GLOBALMAX || layer->kind == SAXID_LAYER_DROPOUT;
}

/* Channel by channel, place by place. */
static gboolean
belongs_to_maps (const SaxidLayer *layer)
{
  return layer->kind == SAXID_LAYER_BATCHNORM || layer->kind == SAXID_LAYER_RELU || layer->kind == SAXID_LAYER_ADD;
}

/* ---- the network ----------------------------------------------------------------------------- */

/* The first layer behind the maps and what only pools them. */
static guint
find_head (const SaxidNetwork *network, guint layer)
{
  guint head = layer + 1;

  while (head < network->n_layer && hands_on (&network->layer[head]))
    head++;
  return head;
}

gboolean
saxid_evidence_layer (const SaxidNetwork *network, guint *layer, GError **error)
{
  guint at = network->n_layer, unknown = network->n_layer;

  while (at > 0 && network->layer[at - 1].kind != SAXID_LAYER_CONV)
    at--;
  if (at == 0)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_MODEL, "network has no convolution, evidence is of one");
      return FALSE;
    }
  for (at--; at + 1 < network->n_layer
             && belongs_to_maps (&network->layer[at + 1]); at++)
    ;
  *layer = at;
  for (guint k = network->n_layer; k > find_head (network, at); k--)
    if (steps[network->layer[k - 1].kind] == NULL)
      unknown = k - 1;
  if (unknown == network->n_layer)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
               "layer %u of the network is of a kind through which no evidence is followed: dense, relu, batchnorm, dropout are",
               unknown + 1);
  return FALSE;
}

gboolean
saxid_evidence_weights (const SaxidNetwork *network, SaxidPass *pass, guint layer, guint output, float *weight, GError **error)
{
  const SaxidExtent maps = network->layer[layer].out;
  const guint head = find_head (network, layer);
  Walk walk = { .network = network, .pass = pass, .gradient = g_new0 (float, saxid_extent_count (network->out)) };
  const gsize count = saxid_extent_count (network->layer[head - 1].out), places = count / maps.channels;
  gboolean done = TRUE;

  walk.gradient[output] = 1;
  for (walk.at = network->n_layer; done && walk.at-- > head;)
    done = steps[network->layer[walk.at].kind](&walk, error);
  for (guint c = 0; done && c < maps.channels; c++)
    {
      double sum = 0;

      for (gsize k = 0; k < places; k++)
        sum += (double) walk.gradient[c * places + k];
      weight[c] = (float) (sum / ((double) maps.height * maps.width));
    }
  g_free (walk.gradient);
  return done;
}

/* ---- the map ---------------------------------------------------------------------------------- */

/* Between which two of n places the middle of cell k of side lies, and how far on the way. */
static double
between (guint k, guint side, guint n, guint *first, guint *second)
{
  const double at = CLAMP ((k + 0.5) * n / side - 0.5, 0, n - 1.0);

  *first = (guint) at;
  *second = MIN (*first + 1, n - 1);
  return at - *first;
}

void
saxid_evidence_map (SaxidExtent extent, const float *maps, const float *weight, guint side, guint8 *evidence)
{
  const gsize places = (gsize) extent.height * extent.width;
  g_autofree double *sum = g_new0 (double, places), *cell = g_new (double, side * side);
  double most = 0;

  for (guint c = 0; c < extent.channels; c++)
    for (gsize k = 0; k < places; k++)
      sum[k] += (double) weight[c] * (double) maps[c * places + k];
  for (gsize k = 0; k < places; k++)
    sum[k] = fmax (sum[k], 0);
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      {
        guint up, down, left, right;
        const double v = between (y, side, extent.height, &up, &down), u = between (x, side, extent.width, &left, &right);
        const double above = (1 - u) * sum[up * extent.width + left] + u * sum[up * extent.width + right];
        const double below = (1 - u) * sum[down * extent.width + left] + u * sum[down * extent.width + right];

        cell[y * side + x] = (1 - v) * above + v * below;
        most = fmax (most, cell[y * side + x]);
      }
  for (guint k = 0; k < side * side; k++)
    evidence[k] = (guint8) (most > 0 ? lrint (255 * cell[k] / most) : 0);
}
