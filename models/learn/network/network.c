/* What does a network make of its input?
 *
 * Thread: see network.h.
 */
#include "models/learn/network/network.h"

#include <math.h>
#include <string.h>

#include "models/learn/float-bytes.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define MOST_LAYERS 100
/* Numbers in all that one input becomes: a model from outside must not ask for all the
 * memory there is. */
#define MOST_VALUES (1u << 24)

static void
draw_weights (SaxidNetwork *self, guint64 seed)
{
  for (guint k = 0; k < self->n_layer; k++)
    {
      const SaxidLayer *layer = &self->layer[k];
      float *weight = self->weight + layer->weight_at;
      double fan_in, fan_out, bound;
      SaxidRandom random;

      if (layer->kind == SAXID_LAYER_BATCHNORM) /* scale 1, shift 0; mean 0, variance 1 */
        for (guint c = 0; c < layer->in.channels; c++)
          {
            weight[c] = 1;
            self->state[layer->state_at + layer->in.channels + c] = 1;
          }
      saxid_layer_fans (layer, &fan_in, &fan_out);
      if (fan_in <= 0)
        continue;
      bound = k + 1 < self->n_layer && self->layer[k + 1].kind == SAXID_LAYER_RELU ? sqrt (6 / fan_in)
                                                                                    : sqrt (6 / (fan_in + fan_out));
      saxid_random_init (&random, seed, k, SAXID_STREAM_WEIGHT);
      for (gsize j = 0; j < layer->n_weight - layer->size; j++)
        weight[j] = (float) saxid_random_uniform (&random, -bound, bound);
    }
}

/* One thing is kept at a time, not what the next layer would overwrite, and not across a
 * dense layer, after which numbers have no places any more. */
static gboolean
check_kept (const SaxidNetwork *self, const SaxidLayer **kept, GError **error)
{
  const SaxidLayer *layer = &self->layer[self->n_layer];
  const char *wrong = NULL;

  if (layer->kind == SAXID_LAYER_KEEP)
    {
      wrong = *kept != NULL ? "something is kept already" : NULL;
      *kept = layer;
    }
  else if (layer->kind == SAXID_LAYER_ADD)
    {
      wrong = *kept == NULL ? "nothing is kept"
              : memcmp (&layer->in, &(*kept)->in, sizeof layer->in) != 0 ? "what is kept has another size" : NULL;
      *kept = NULL;
    }
  else if (*kept != NULL && layer->kind == SAXID_LAYER_DENSE)
    wrong = "nothing is kept across a dense layer";
  else if (*kept != NULL && *kept == layer - 1 && layer->kind != SAXID_LAYER_CONV && layer->kind != SAXID_LAYER_BATCHNORM)
    wrong = "after 'keep' comes a convolution or a normalisation";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s", wrong);
  return FALSE;
}

SaxidNetwork *
saxid_network_empty (const char *text, SaxidExtent in, GError **error)
{
  g_autoptr (SaxidNetwork) self = g_new0 (SaxidNetwork, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  const SaxidLayer *kept = NULL;
  gsize values = saxid_extent_count (in);

  self->text = g_strdup (text);
  self->in = self->out = in;
  self->layer = g_new0 (SaxidLayer, MOST_LAYERS);
  for (guint k = 0; lines[k] != NULL; k++)
    {
      SaxidLayer *layer = &self->layer[self->n_layer];

      if (*g_strstrip (lines[k]) == '\0')
        continue;
      if (self->n_layer == MOST_LAYERS)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "network has more than %d layers", MOST_LAYERS);
          return NULL;
        }
      if (!saxid_layer_parse (lines[k], self->out, layer, error) || !check_kept (self, &kept, error))
        {
          g_prefix_error (error, "network, line %u: ", k + 1);
          return NULL;
        }
      values += saxid_extent_count (layer->out);
      if (values > MOST_VALUES || self->n_weight + layer->n_weight > MOST_VALUES)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "network has more than %u values or weights after line %u", MOST_VALUES, k + 1);
          return NULL;
        }
      self->out = layer->out;
      layer->weight_at = self->n_weight;
      layer->state_at = self->n_state;
      self->n_weight += layer->n_weight;
      self->n_state += layer->n_state;
      self->n_layer++;
    }
  if (self->n_layer == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "network has no layer");
      return NULL;
    }
  self->weight = g_new0 (float, MAX (self->n_weight, 1));
  self->state = g_new0 (float, MAX (self->n_state, 1));
  return g_steal_pointer (&self);
}

SaxidNetwork *
saxid_network_new (const char *text, SaxidExtent in, guint64 seed, GError **error)
{
  SaxidNetwork *self = saxid_network_empty (text, in, error);

  if (self != NULL)
    draw_weights (self, seed);
  return self;
}

void
saxid_network_free (SaxidNetwork *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->layer);
  g_free (self->weight);
  g_free (self->state);
  g_free (self);
}

static gboolean
is_fused (const SaxidNetwork *self, guint k)
{
  return k > 0 && self->layer[k].kind == SAXID_LAYER_BATCHNORM
         && (self->layer[k - 1].kind == SAXID_LAYER_CONV || self->layer[k - 1].kind == SAXID_LAYER_DENSE);
}

/* γ (w x + b - mean) / √(variance + ε) + β, as weights of the layer itself. */
static void
fuse_layer (const SaxidNetwork *self, guint norm, const SaxidLayer *layer, float *weight)
{
  const gsize c = layer->size, n = layer->n_weight / c - 1; /* inputs of one output */
  const float *scale = self->weight + self->layer[norm].weight_at, *shift = scale + c;
  const float *mean = self->state + self->layer[norm].state_at, *variance = mean + c;

  for (gsize f = 0; f < c; f++)
    {
      const float factor = scale[f] / sqrtf (variance[f] + SAXID_NORM_EPSILON);

      for (gsize k = 0; k < n; k++)
        weight[f * n + k] *= factor;
      weight[c * n + f] = (weight[c * n + f] - mean[f]) * factor + shift[f];
    }
}

SaxidNetwork *
saxid_network_fuse (const SaxidNetwork *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (self->text, "\n", -1);
  SaxidNetwork *fused;
  guint at = 0;

  for (guint k = 0, line = 0; lines[line] != NULL; line++)
    if (*g_strstrip (lines[line]) != '\0' && !is_fused (self, k++))
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", lines[line]);
  fused = saxid_network_empty (text->str, self->in, NULL);
  for (guint k = 0; k < self->n_layer; k++)
    {
      const SaxidLayer *from = &self->layer[k], *to = &fused->layer[at];

      if (is_fused (self, k))
        {
          to = &fused->layer[at - 1];
          fuse_layer (self, k, to, fused->weight + to->weight_at);
          continue;
        }
      memcpy (fused->weight + to->weight_at, self->weight + from->weight_at, from->n_weight * sizeof (float));
      memcpy (fused->state + to->state_at, self->state + from->state_at, from->n_state * sizeof (float));
      at++;
    }
  return fused;
}

SaxidNetwork *
saxid_network_narrow (const SaxidNetwork *self, guint outputs)
{
  const SaxidLayer *from = &self->layer[self->n_layer - 1], *to;
  const gsize n_in = from->n_weight / from->size - 1;
  const char *last = self->text + strlen (self->text);
  g_autofree char *text = NULL;
  SaxidNetwork *narrow;

  g_return_val_if_fail (from->kind == SAXID_LAYER_DENSE && outputs >= 1 && outputs <= from->size, NULL);

  while (last > self->text && !g_str_has_prefix (last, "dense"))
    last--;
  text = g_strdup_printf ("%.*sdense %u", (int) (last - self->text), self->text, outputs);
  narrow = saxid_network_empty (text, self->in, NULL);
  to = &narrow->layer[narrow->n_layer - 1];
  memcpy (narrow->weight, self->weight, from->weight_at * sizeof (float));
  memcpy (narrow->state, self->state, self->n_state * sizeof (float));
  memcpy (narrow->weight + to->weight_at, self->weight + from->weight_at, outputs * n_in * sizeof (float));
  memcpy (narrow->weight + to->weight_at + outputs * n_in, self->weight + from->weight_at + from->size * n_in,
          outputs * sizeof (float));
  return narrow;
}

GBytes *
saxid_network_to_bytes (const SaxidNetwork *self)
{
  const gsize n = self->n_weight + self->n_state;
  guint8 *bytes = g_malloc (n * sizeof (float));

  for (gsize k = 0; k < n; k++)
    saxid_float_put (k < self->n_weight ? self->weight[k] : self->state[k - self->n_weight], bytes + k * sizeof (float));
  return g_bytes_new_take (bytes, n * sizeof (float));
}

gboolean
saxid_network_check (const SaxidNetwork *self, GError **error)
{
  for (guint k = 0; k < self->n_layer; k++)
    {
      const SaxidLayer *layer = &self->layer[k];

      for (gsize j = layer->n_state / 2; j < layer->n_state; j++)
        if (self->state[layer->state_at + j] < 0)
          {
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "layer %u of the network has a variance of %g", k + 1,
                         (double) self->state[layer->state_at + j]);
            return FALSE;
          }
    }
  return TRUE;
}

gboolean
saxid_network_set_bytes (SaxidNetwork *self, GBytes *bytes, GError **error)
{
  const gsize n = self->n_weight + self->n_state;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size != n * sizeof (float))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "network has %" G_GSIZE_FORMAT " bytes of weights, %" G_GSIZE_FORMAT " are needed", size,
                   n * sizeof (float));
      return FALSE;
    }
  for (gsize k = 0; k < n; k++)
    {
      float value = saxid_float_get (data + k * sizeof (float));

      if (!isfinite (value))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "weight %" G_GSIZE_FORMAT " of the network is not finite",
                       k);
          return FALSE;
        }
      if (k < self->n_weight)
        self->weight[k] = value;
      else
        self->state[k - self->n_weight] = value;
    }
  return saxid_network_check (self, error);
}

struct SaxidPass
{
  const SaxidNetwork *network;
  guint batch;
  SaxidProgram *program;
  float *whole; /* [batch × count] of a layer within */
  gsize n_whole;
};

SaxidPass *
saxid_pass_new (const SaxidNetwork *network, guint batch, guint threads, GError **error)
{
  const SaxidProgramOptions options = { .n_layer = network->n_layer, .layer = network->layer, .batch = batch,
                                        .threads = threads, .weight = network->weight, .state = network->state };
  SaxidProgram *program = saxid_program_new (&options, error);
  SaxidPass *pass;

  if (program == NULL)
    return NULL;
  pass = g_new0 (SaxidPass, 1);
  pass->network = network;
  pass->batch = batch;
  pass->program = program;
  return pass;
}

void
saxid_pass_free (SaxidPass *pass)
{
  if (pass == NULL)
    return;
  saxid_program_free (pass->program);
  g_free (pass->whole);
  g_free (pass);
}

gboolean
saxid_pass_run (SaxidPass *pass, const float *input, gsize rows, guint layer, float *within, float *last, GError **error)
{
  const SaxidNetwork *network = pass->network;
  const gsize width_in = saxid_extent_count (network->in), width_last = saxid_extent_count (network->out);
  const gsize width_within = within != NULL ? saxid_extent_count (network->layer[layer].out) : 0;
  float *buffer = saxid_program_input (pass->program);

  if (pass->n_whole < pass->batch * width_within)
    {
      pass->n_whole = pass->batch * width_within;
      pass->whole = g_renew (float, pass->whole, pass->n_whole);
    }
  for (gsize first = 0; first < rows; first += pass->batch)
    {
      const gsize count = MIN (pass->batch, rows - first);

      memcpy (buffer, input + first * width_in, count * width_in * sizeof (float));
      memset (buffer + count * width_in, 0, (pass->batch - count) * width_in * sizeof (float));
      if (!saxid_program_forward (pass->program, 0, 0, error)
          || (within != NULL && !saxid_program_read (pass->program, layer, pass->whole, error)))
        return FALSE;
      if (within != NULL)
        memcpy (within + first * width_within, pass->whole, count * width_within * sizeof (float));
      if (last != NULL)
        memcpy (last + first * width_last, saxid_program_output (pass->program), count * width_last * sizeof (float));
    }
  return TRUE;
}

gboolean
saxid_pass_read (SaxidPass *pass, guint layer, float *out, GError **error)
{
  return saxid_program_read (pass->program, layer, out, error);
}
