/* What do ridge, logistic regression and a network make of the curves?
 *
 * Thread: see atomic-learners.h.
 */
#include "cli/learn/atomic-learners.h"

#include <math.h>
#include <string.h>

#include "cli/interrupt.h"
#include "models/learn/network/fit.h"
#include "models/learn/study/logistic.h"
#include "models/learn/study/ridge.h"

/* A point that never varies must not divide by zero. */
#define LEAST_DEVIATION 1e-9
#define C 1.0
#define EVERY 4
/* Sixteen curves of 2000 points on 64 channels stay in the processor's second cache; twice as many do not, and pooling
 * then takes as long as the convolutions. */
#define BATCH 16
#define RATE 1e-3

static const double alphas[] = { 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100 };

void
saxid_atomic_part_clear (SaxidAtomicPart *part)
{
  g_free (part->curve);
  g_free (part->class);
  g_free (part->size);
  g_free (part->target);
  g_free (part->held);
}

/* Mean and deviation of each column. Shape: values n × width, mean and deviation width. */
static void
find_scales (gsize n, gsize width, const double *values, double *mean, double *deviation)
{
  for (gsize k = 0; k < width; k++)
    {
      double square = 0;

      mean[k] = 0;
      for (gsize r = 0; r < n; r++)
        mean[k] += values[r * width + k] / (double)n;
      for (gsize r = 0; r < n; r++)
        square += pow (values[r * width + k] - mean[k], 2) / (double)n;
      deviation[k] = fmax (sqrt (square), LEAST_DEVIATION);
    }
}

static void
apply_scales (gsize n, gsize width, const double *mean, const double *deviation, double *values)
{
  for (gsize k = 0; k < n * width; k++)
    values[k] = (values[k] - mean[k % width]) / deviation[k % width];
}

void
saxid_atomic_standardise (SaxidAtomicPart *learned, guint n, SaxidAtomicPart *tested)
{
  const gsize width = learned->width;
  g_autofree double *mean = g_new (double, width), *deviation = g_new (double, width);

  find_scales (learned->n, width, learned->curve, mean, deviation);
  apply_scales (learned->n, width, mean, deviation, learned->curve);
  for (guint t = 0; t < n; t++)
    apply_scales (tested[t].n, width, mean, deviation, tested[t].curve);
}

/* --- ridge -------------------------------------------------------------------------------- */

/* The rows that are held, or the others. */
static void
take_rows (const SaxidAtomicPart *part, gboolean held, SaxidAtomicPart *out)
{
  *out = (SaxidAtomicPart) { .width = part->width, .curve = g_new (double, part->n * part->width),
                             .class = g_new (guint8, part->n), .size = g_new (guint8, part->n),
                             .target = g_new (double, part->n * SAXID_ATOMIC_TARGETS) };
  for (gsize r = 0; r < part->n; r++)
    if (part->held[r] == held)
      {
        memcpy (out->curve + out->n * part->width, part->curve + r * part->width, part->width * sizeof (double));
        memcpy (out->target + out->n * SAXID_ATOMIC_TARGETS, part->target + r * SAXID_ATOMIC_TARGETS,
                SAXID_ATOMIC_TARGETS * sizeof (double));
        out->class[out->n] = part->class[r];
        out->size[out->n] = part->size[r];
        out->n++;
      }
}

static void
square_errors (const SaxidAtomicPart *part, const double *found, double *mse)
{
  memset (mse, 0, SAXID_ATOMIC_TARGETS * sizeof (double));
  for (gsize k = 0; k < part->n * SAXID_ATOMIC_TARGETS; k++)
    mse[k % SAXID_ATOMIC_TARGETS] += pow (found[k] - part->target[k], 2) / (double)part->n;
}

/* Errors of each alpha. Shape: tested n, mse n × alphas. */
static gboolean
try_alphas (const SaxidAtomicPart *learned, guint n, const SaxidAtomicPart *tested, double (*mse)[G_N_ELEMENTS (alphas)][SAXID_ATOMIC_TARGETS],
            GError **error)
{
  g_autoptr (SaxidRidge) ridge
      = saxid_ridge_new (learned->n, learned->width, learned->curve, SAXID_ATOMIC_TARGETS, learned->target);

  for (guint k = 0; k < G_N_ELEMENTS (alphas); k++)
    {
      if (!saxid_ridge_solve (ridge, alphas[k], error))
        return FALSE;
      for (guint t = 0; t < n; t++)
        {
          g_autofree double *found = g_new (double, tested[t].n * SAXID_ATOMIC_TARGETS);

          saxid_ridge_predict (ridge, tested[t].n, tested[t].curve, found);
          square_errors (&tested[t], found, mse[t][k]);
        }
    }
  return TRUE;
}

static double
variance_of (const SaxidAtomicPart *part, guint target)
{
  double mean = 0, square = 0;

  for (gsize k = target; k < part->n * SAXID_ATOMIC_TARGETS; k += SAXID_ATOMIC_TARGETS)
    mean += part->target[k] / (double)part->n;
  for (gsize k = target; k < part->n * SAXID_ATOMIC_TARGETS; k += SAXID_ATOMIC_TARGETS)
    square += pow (part->target[k] - mean, 2) / (double)part->n;
  return square;
}

gboolean
saxid_atomic_ridge (const SaxidAtomicPart *learned, guint n, const SaxidAtomicPart *tested, SaxidAtomicScore *score, GError **error)
{
  double inner[1][G_N_ELEMENTS (alphas)][SAXID_ATOMIC_TARGETS];
  g_autofree double(*outer)[G_N_ELEMENTS (alphas)][SAXID_ATOMIC_TARGETS] = g_malloc (n * sizeof *outer);
  g_auto (SaxidAtomicPart) rest = { 0 }, held = { 0 };

  take_rows (learned, FALSE, &rest);
  take_rows (learned, TRUE, &held);
  if (!try_alphas (&rest, 1, &held, inner, error) || !try_alphas (learned, n, tested, outer, error))
    return FALSE;
  for (guint target = 0; target < SAXID_ATOMIC_TARGETS; target++)
    {
      guint best = 0;

      for (guint k = 1; k < G_N_ELEMENTS (alphas); k++)
        if (inner[0][k][target] < inner[0][best][target])
          best = k;
      for (guint t = 0; t < n; t++)
        {
          score[t].mse[target] = outer[t][best][target];
          score[t].q2[target] = 1 - outer[t][best][target] / variance_of (&tested[t], target);
        }
    }
  return TRUE;
}

/* --- logistic regression ------------------------------------------------------------------ */

/* Every EVERY-th point, fewer points where there are few. Shape: returns n × *width. */
static double *
thin (const SaxidAtomicPart *part, gboolean level, gsize *width)
{
  double *out;

  *width = (part->width + EVERY - 1) / EVERY;
  out = g_new (double, part->n * *width);
  for (gsize r = 0; r < part->n; r++)
    {
      double mean = 0;

      for (gsize k = 0; level && k < *width; k++)
        mean += part->curve[r * part->width + EVERY * k] / (double)*width;
      for (gsize k = 0; k < *width; k++)
        out[r * *width + k] = part->curve[r * part->width + EVERY * k] - mean;
    }
  return out;
}

static double
right_of (gsize n, const guint8 *found, const guint8 *label)
{
  gsize right = 0;

  for (gsize k = 0; k < n; k++)
    right += found[k] == label[k];
  return 100 * (double)right / (double)n;
}

void
saxid_atomic_logistic (const SaxidAtomicPart *learned, guint n, const SaxidAtomicPart *tested, guint steps, SaxidAtomicScore *score)
{
  guint classes = 0;

  for (gsize k = 0; k < learned->n; k++)
    classes = MAX (classes, learned->class[k] + 1u);
  for (guint level = 0; level < 2; level++)
    {
      gsize width;
      g_autofree double *features = thin (learned, level == 1, &width);
      g_autofree double *mean = g_new (double, width), *deviation = g_new (double, width);
      g_autoptr (SaxidLogistic) logistic = NULL;

      find_scales (learned->n, width, features, mean, deviation);
      apply_scales (learned->n, width, mean, deviation, features);
      logistic = saxid_logistic_fit (learned->n, width, features, learned->class, classes, C, steps);
      for (guint t = 0; t < n; t++)
        {
          g_autofree double *tests = thin (&tested[t], level == 1, &width);
          g_autofree guint8 *found = g_new (guint8, tested[t].n);

          apply_scales (tested[t].n, width, mean, deviation, tests);
          saxid_logistic_classify (logistic, tested[t].n, tests, found);
          *(level == 1 ? &score[t].shape_level : &score[t].shape) = right_of (tested[t].n, found, tested[t].class);
        }
    }
}

/* --- network ------------------------------------------------------------------------------ */

static float *
to_floats (const SaxidAtomicPart *part)
{
  float *out = g_new (float, part->n * part->width);

  for (gsize k = 0; k < part->n * part->width; k++)
    out[k] = (float)part->curve[k];
  return out;
}

/* Labels as probabilities. */
static float *
to_targets (gsize n, const guint8 *label, guint classes)
{
  float *out = g_new0 (float, n * classes);

  for (gsize k = 0; k < n; k++)
    out[k * classes + label[k]] = 1;
  return out;
}

static gboolean
classify (const SaxidNetwork *network, const SaxidAtomicPart *tested, guint classes, guint8 *found, GError **error)
{
  g_autofree float *input = to_floats (tested), *margin = g_new (float, tested->n * classes);
  g_autoptr (SaxidPass) pass = saxid_pass_new (network, BATCH, 1, error);

  if (pass == NULL || !saxid_pass_run (pass, input, tested->n, 0, NULL, margin, error))
    return FALSE;
  for (gsize r = 0; r < tested->n; r++)
    {
      found[r] = 0;
      for (guint k = 1; k < classes; k++)
        if (margin[r * classes + k] > margin[r * classes + found[r]])
          found[r] = (guint8)k;
    }
  return TRUE;
}

/* Counts epochs. */
static gboolean
follow (const SaxidFitState *state, gpointer data)
{
  SaxidAtomicNetworkScore *score = data;

  score->epochs = state->epoch + 1;
  return !saxid_interrupted ();
}

static guint
count_classes (const SaxidAtomicPart *learned, const SaxidAtomicPart *tested, gboolean sizes)
{
  const SaxidAtomicPart *parts[] = { learned, tested };
  guint classes = 0;

  for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
    for (gsize k = 0; k < parts[p]->n; k++)
      classes = MAX (classes, (sizes ? parts[p]->size[k] : parts[p]->class[k]) + 1u);
  return classes;
}

/* Learns on the rows that are not held and keeps the weights of the epoch that is the best on those that are. */
static gboolean
learn (SaxidNetwork *network, const SaxidAtomicPart *learned, gboolean sizes, const SaxidAtomicNetwork *how,
       SaxidAtomicNetworkScore *score, GError **error)
{
  const guint classes = network->out.channels;
  const SaxidFitOptions fit = { .loss = saxid_loss_cross_entropy, .batch = BATCH, .epochs = how->epochs, .rate = RATE, .rise = 0.1,
                                .patience = how->patience, .threads = 1, .seed = how->seed };
  const SaxidFitHooks hooks = { .progress = follow, .data = score };
  g_auto (SaxidAtomicPart) rest = { 0 }, held = { 0 };
  g_autofree float *input = NULL, *target = NULL, *held_input = NULL, *held_target = NULL;

  take_rows (learned, FALSE, &rest);
  take_rows (learned, TRUE, &held);
  input = to_floats (&rest);
  held_input = to_floats (&held);
  target = to_targets (rest.n, sizes ? rest.size : rest.class, classes);
  held_target = to_targets (held.n, sizes ? held.size : held.class, classes);
  return saxid_network_fit (network, &(SaxidExamples) { rest.n, input, target }, &(SaxidExamples) { held.n, held_input, held_target },
                            &fit, &hooks, error);
}

gboolean
saxid_atomic_network (const SaxidAtomicPart *learned, const SaxidAtomicPart *tested, gboolean sizes,
                      const SaxidAtomicNetwork *how, SaxidAtomicNetworkScore *score, GError **error)
{
  const guint classes = count_classes (learned, tested, sizes);
  g_autofree char *layers = g_strdup_printf ("conv 32 3\nrelu\nmaxpool 2\nconv 64 3\nrelu\nmaxpool 2\ndense %u", classes);
  g_autoptr (SaxidNetwork) network = saxid_network_new (layers, (SaxidExtent) { 1, 1, (guint)learned->width }, how->seed, error);
  g_autofree guint8 *found = g_new (guint8, tested->n);

  if (network == NULL || !learn (network, learned, sizes, how, score, error) || !classify (network, tested, classes, found, error))
    return FALSE;
  score->weights = network->n_weight;
  score->right = right_of (tested->n, found, sizes ? tested->size : tested->class);
  return TRUE;
}
