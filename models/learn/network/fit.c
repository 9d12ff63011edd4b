/* How does a network learn?
 *
 *   m ← β1 m + (1 - β1) g, v ← β2 v + (1 - β2) g²
 *   w ← w - η (m̂ / (√v̂ + ε) + λ w)
 *
 * Every epoch takes the rows in an order of its own; what is left after the last whole
 * batch waits for the next epoch. The state of a checkpoint is plain numbers, checked by
 * length and by a digest of network and options before anything is taken from it.
 *
 * Thread: see network/fit.h.
 */
#include "models/learn/network/fit.h"

#include <math.h>
#include <string.h>

#include "models/simulate/random.h"
#include "reducers/error.h"

#define BETA_1 0.9
#define BETA_2 0.999
#define EPSILON 1e-7

typedef struct
{
  SaxidNetwork *network;
  const SaxidExamples *training, *validation;
  const SaxidFitOptions *options;
  const SaxidFitHooks *hooks;
  gsize width_in, width_out;
  SaxidProgram *program;
  float *gradient, *target; /* [n_weight], [batch × width_out] */
  float *first, *second;    /* [n_weight] moments */
  guint8 *decays;           /* [n_weight] 1 for weights, 0 for biases and norms */
  float *best_weight, *best_state;
  double best;              /* validation loss */
  guint best_epoch, epoch;
  gsize *order;             /* [rows] */
  guint steps;              /* of an epoch */
} Fit;

static void
mark_decays (Fit *fit)
{
  for (guint k = 0; k < fit->network->n_layer; k++)
    {
      const SaxidLayer *layer = &fit->network->layer[k];

      if (layer->kind == SAXID_LAYER_CONV || layer->kind == SAXID_LAYER_DENSE)
        memset (fit->decays + layer->weight_at, 1, layer->n_weight - layer->size);
    }
}

/* Rises linearly, then falls to nothing as a cosine. */
static double
rate_at (const Fit *fit, guint64 step)
{
  double all = (double) fit->steps * fit->options->epochs, part = ((double) step + 0.5) / all;
  double rise = fit->options->rise;

  if (part < rise)
    return fit->options->rate * part / rise;
  return fit->options->rate * 0.5 * (1 + cos (G_PI * (part - rise) / (1 - rise)));
}

static void
update (Fit *fit, guint64 step)
{
  const double rate = rate_at (fit, step), t = (double) step + 1;
  const float scale = (float) (rate * sqrt (1 - pow (BETA_2, t)) / (1 - pow (BETA_1, t)));
  const float epsilon = (float) (EPSILON * sqrt (1 - pow (BETA_2, t))), decay = (float) (rate * fit->options->decay);
  float *weight = fit->network->weight;

  for (gsize k = 0; k < fit->network->n_weight; k++)
    {
      const float g = fit->gradient[k];

      fit->first[k] += (float) (1 - BETA_1) * (g - fit->first[k]);
      fit->second[k] += (float) (1 - BETA_2) * (g * g - fit->second[k]);
      weight[k] -= scale * fit->first[k] / (sqrtf (fit->second[k]) + epsilon)
                   + (fit->decays[k] != 0 ? decay * weight[k] : 0);
    }
}

/* The same order whatever was drawn before. */
static void
shuffle (Fit *fit)
{
  SaxidRandom random;

  saxid_random_init (&random, fit->options->seed, fit->epoch, SAXID_STREAM_SPLIT);
  for (gsize k = 0; k < fit->training->rows; k++)
    fit->order[k] = k;
  saxid_random_shuffle (&random, fit->training->rows, fit->order);
}

static gboolean
take_step (Fit *fit, guint step, double *loss, GError **error)
{
  const guint batch = fit->options->batch;
  const guint64 all = (guint64) fit->epoch * fit->steps + step;
  float *input = saxid_program_input (fit->program);

  for (guint k = 0; k < batch; k++)
    {
      const gsize row = fit->order[(gsize) step * batch + k];

      memcpy (input + k * fit->width_in, fit->training->input + row * fit->width_in, fit->width_in * sizeof (float));
      memcpy (fit->target + k * fit->width_out, fit->training->target + row * fit->width_out,
              fit->width_out * sizeof (float));
    }
  if (!saxid_program_forward (fit->program, fit->options->seed, all, error))
    return FALSE;
  *loss = fit->options->loss (batch, fit->width_out, saxid_program_output (fit->program), fit->target,
                              saxid_program_output_gradient (fit->program));
  if (!isfinite (*loss))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "training has diverged: loss is %g in step %u of epoch %u (a lower rate than %g may do)", *loss,
                   step + 1, fit->epoch + 1, fit->options->rate);
      return FALSE;
    }
  if (!saxid_program_backward (fit->program, error))
    return FALSE;
  update (fit, all);
  return TRUE;
}

static gboolean
run_epoch (Fit *fit, double validation, GError **error)
{
  SaxidFitState state = { .epoch = fit->epoch, .epochs = fit->options->epochs, .steps = fit->steps,
                          .validation = validation };
  double sum = 0, loss;

  shuffle (fit);
  for (guint step = 0; step < fit->steps; step++)
    {
      if (!take_step (fit, step, &loss, error))
        return FALSE;
      sum += loss;
      state.step = step + 1;
      state.loss = sum / (step + 1);
      if (fit->hooks == NULL || fit->hooks->progress == NULL || fit->hooks->progress (&state, fit->hooks->data))
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "training stopped in step %u of epoch %u of %u", step + 1,
                   fit->epoch + 1, fit->options->epochs);
      return FALSE;
    }
  return TRUE;
}

static gboolean
validate (Fit *fit, double *loss, GError **error)
{
  const SaxidExamples *rows = fit->validation;
  const guint batch = fit->options->batch;
  g_autoptr (SaxidPass) pass = saxid_pass_new (fit->network, batch, fit->options->threads, error);
  g_autofree float *out = g_new (float, batch * fit->width_out), *unused = g_new (float, batch * fit->width_out);
  double sum = 0;

  if (pass == NULL)
    return FALSE;
  for (gsize first = 0; first < rows->rows; first += batch)
    {
      const gsize count = MIN (batch, rows->rows - first);

      if (!saxid_pass_run (pass, rows->input + first * fit->width_in, count, 0, NULL, out, error))
        return FALSE;
      sum += (double) count
             * fit->options->loss (count, fit->width_out, out, rows->target + first * fit->width_out, unused);
    }
  *loss = sum / (double) rows->rows;
  return TRUE;
}

static void
keep_best (Fit *fit, double loss)
{
  if (fit->validation != NULL && !(loss < fit->best))
    return;
  fit->best = loss;
  fit->best_epoch = fit->epoch;
  memcpy (fit->best_weight, fit->network->weight, fit->network->n_weight * sizeof (float));
  memcpy (fit->best_state, fit->network->state, fit->network->n_state * sizeof (float));
}

/* --- Checkpoints: a head and six arrays -------------------------------------------- */

typedef struct
{
  char digest[64]; /* of network and options, as hexadecimal digits */
  guint64 epoch, best_epoch;
  double best;
} Head;

typedef struct
{
  float *values;
  gsize n;
} Part;

static guint
parts_of (const Fit *fit, Part *part)
{
  const gsize w = fit->network->n_weight, s = fit->network->n_state;

  part[0] = (Part) { fit->network->weight, w };
  part[1] = (Part) { fit->network->state, s };
  part[2] = (Part) { fit->first, w };
  part[3] = (Part) { fit->second, w };
  part[4] = (Part) { fit->best_weight, w };
  part[5] = (Part) { fit->best_state, s };
  return 6;
}

static void
make_digest (const Fit *fit, char *digest)
{
  const SaxidFitOptions *o = fit->options;
  g_autofree char *text = g_strdup_printf (
    "%s|%u %u %u|%u %u|%a %a %a|%u %d|%" G_GUINT64_FORMAT "|%" G_GSIZE_FORMAT, fit->network->text,
    fit->network->in.channels, fit->network->in.height, fit->network->in.width, o->batch, o->epochs, o->rate, o->rise,
    o->decay, o->patience, o->half, o->seed, fit->training->rows);
  g_autofree char *all = o->about != NULL ? g_strconcat (text, "|", o->about, NULL) : g_strdup (text);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);

  memcpy (digest, sum, 64);
}

static GBytes *
freeze (const Fit *fit)
{
  GByteArray *bytes = g_byte_array_new ();
  Head head = { .epoch = fit->epoch + 1, .best_epoch = fit->best_epoch, .best = fit->best };
  Part part[6];
  guint n = parts_of (fit, part);

  make_digest (fit, head.digest);
  g_byte_array_append (bytes, (const guint8 *) &head, sizeof head);
  for (guint k = 0; k < n; k++)
    g_byte_array_append (bytes, (const guint8 *) part[k].values, (guint) (part[k].n * sizeof (float)));
  return g_byte_array_free_to_bytes (bytes);
}

static gboolean
thaw (Fit *fit, GBytes *bytes, GError **error)
{
  gsize size, wanted = sizeof (Head);
  const guint8 *data = g_bytes_get_data (bytes, &size);
  char digest[64];
  Part part[6];
  guint n = parts_of (fit, part);
  Head head;

  for (guint k = 0; k < n; k++)
    wanted += part[k].n * sizeof (float);
  make_digest (fit, digest);
  if (size == wanted)
    memcpy (&head, data, sizeof head);
  if (size != wanted || memcmp (head.digest, digest, sizeof digest) != 0 || head.epoch > fit->options->epochs)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "state of %" G_GSIZE_FORMAT " bytes belongs to another training", size);
      return FALSE;
    }
  fit->epoch = (guint) head.epoch;
  fit->best_epoch = (guint) head.best_epoch;
  fit->best = head.best;
  data += sizeof head;
  for (guint k = 0; k < n; k++)
    {
      memcpy (part[k].values, data, part[k].n * sizeof (float));
      data += part[k].n * sizeof (float);
    }
  return TRUE;
}

/* --- The whole -------------------------------------------------------------------- */

static gboolean
run (Fit *fit, GError **error)
{
  const SaxidFitHooks *hooks = fit->hooks;
  double validation = NAN;

  for (; fit->epoch < fit->options->epochs; fit->epoch++)
    {
      if (fit->options->patience > 0 && fit->epoch > fit->best_epoch + fit->options->patience)
        break;
      if ((hooks != NULL && hooks->renew != NULL && !hooks->renew (fit->epoch, hooks->data, error))
          || !run_epoch (fit, validation, error)
          || (fit->validation != NULL && !validate (fit, &validation, error)))
        return FALSE;
      keep_best (fit, validation);
      if (hooks != NULL && hooks->checkpoint != NULL)
        {
          g_autoptr (GBytes) state = freeze (fit);

          if (!hooks->checkpoint (state, hooks->data, error))
            return FALSE;
        }
    }
  memcpy (fit->network->weight, fit->best_weight, fit->network->n_weight * sizeof (float));
  memcpy (fit->network->state, fit->best_state, fit->network->n_state * sizeof (float));
  return TRUE;
}

gboolean
saxid_network_fit (SaxidNetwork *network, const SaxidExamples *training, const SaxidExamples *validation,
                   const SaxidFitOptions *options, const SaxidFitHooks *hooks, GError **error)
{
  const gsize w = network->n_weight, s = network->n_state, width_out = saxid_extent_count (network->out);
  const gsize allocated = MAX (w, 1);
  g_autofree float *gradient = g_new0 (float, allocated), *first = g_new0 (float, allocated), *second = g_new0 (float, allocated);
  g_autofree float *best_weight = g_memdup2 (network->weight, MAX (w, 1) * sizeof (float));
  g_autofree float *best_state = g_memdup2 (network->state, MAX (s, 1) * sizeof (float));
  g_autofree float *target = g_new (float, options->batch * width_out);
  g_autofree guint8 *decays = g_new0 (guint8, allocated);
  g_autofree gsize *order = g_new (gsize, training->rows);
  g_autoptr (SaxidProgram) program = NULL;
  Fit fit = { .network = network, .training = training, .validation = validation, .options = options, .hooks = hooks,
              .width_in = saxid_extent_count (network->in), .width_out = width_out, .gradient = gradient,
              .target = target, .first = first, .second = second, .decays = decays, .best_weight = best_weight,
              .best_state = best_state, .best = INFINITY, .order = order };
  const SaxidProgramOptions laid_out = { .n_layer = network->n_layer, .layer = network->layer, .batch = options->batch,
                                         .training = TRUE, .half = options->half, .threads = options->threads, .weight = network->weight,
                                         .gradient = gradient, .state = network->state };

  if (options->batch < 1 || training->rows < options->batch)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "training set has %" G_GSIZE_FORMAT " curves, %u are a batch", training->rows, options->batch);
      return FALSE;
    }
  fit.steps = (guint) (training->rows / options->batch);
  mark_decays (&fit);
  if (hooks != NULL && hooks->resume != NULL && !thaw (&fit, hooks->resume, error))
    return FALSE;
  fit.program = program = saxid_program_new (&laid_out, error);
  return program != NULL && run (&fit, error);
}
