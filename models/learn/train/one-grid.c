/* How does a predictor come out of simulated curves, and how good is it?
 *
 * k-fold cross-validation in which everything that is learned (STD, trees) is
 * learned on the training folds only; the margins of the held-out rows give
 * accuracy, temperature and set threshold; the predictor that is returned is
 * then trained on all rows.
 *
 * Units: 1/Å, 1/cm. Shape: rows of `width` values. Thread: see one-grid.h.
 */
#include "models/learn/train/one-grid.h"

#include <math.h>
#include <string.h>

#include "models/learn/calibrate.h"
#include "models/learn/resample.h"
#include "models/learn/study/representation.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

SaxidTrainingSet *
saxid_training_set_new (gsize width, const double *grid, const char *const *class_name)
{
  SaxidTrainingSet *set = g_new0 (SaxidTrainingSet, 1);

  set->width = width;
  set->grid = g_memdup2 (grid, width * sizeof (double));
  set->class_name = g_strdupv ((char **) class_name);
  set->n_class = g_strv_length (set->class_name);
  set->origin_name = g_ptr_array_new_with_free_func (g_free);
  set->curves = g_array_new (FALSE, FALSE, sizeof (float) * (guint) width);
  set->label = g_array_new (FALSE, FALSE, sizeof (guint8));
  set->particle = g_array_new (FALSE, FALSE, sizeof (guint64));
  set->origin = g_array_new (FALSE, FALSE, sizeof (guint8));
  return set;
}

void
saxid_training_set_free (SaxidTrainingSet *set)
{
  if (set == NULL)
    return;
  g_free (set->grid);
  g_strfreev (set->class_name);
  g_ptr_array_unref (set->origin_name);
  g_array_unref (set->curves);
  g_array_unref (set->label);
  g_array_unref (set->particle);
  g_array_unref (set->origin);
  g_free (set);
}

gboolean
saxid_training_set_add (SaxidTrainingSet *set, const char *origin, gsize n_q, const double *q,
                        const char *const *class_name, gsize count, const float *intensity,
                        const guint8 *label, const guint64 *particle, GError **error)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (n_q, FALSE, FALSE);
  g_autofree double *values = g_new (double, set->width);
  g_autofree float *row = g_new (float, set->width);
  guint8 index = (guint8) set->origin_name->len;

  if (set->origin_name->len > G_MAXUINT8)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%u data sets, %d are the limit",
                   set->origin_name->len + 1, G_MAXUINT8 + 1);
      return FALSE;
    }
  if (!g_strv_equal (class_name, (const char *const *) set->class_name))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "classes of the data set differ from those of the first one (%s)", origin);
      return FALSE;
    }
  g_ptr_array_add (set->origin_name, g_strdup (origin));
  memcpy (curve->q, q, n_q * sizeof (double));
  for (gsize r = 0; r < count; r++)
    {
      for (gsize k = 0; k < n_q; k++)
        curve->intensity[k] = (double) intensity[r * n_q + k];
      saxid_resample (curve, set->width, set->grid, values);
      for (gsize k = 0; k < set->width; k++)
        row[k] = (float) values[k];
      g_array_append_vals (set->curves, row, 1);
      g_array_append_val (set->label, label[r]);
      g_array_append_val (set->particle, particle[r]);
      g_array_append_val (set->origin, index);
    }
  return TRUE;
}

void
saxid_train_report_free (SaxidTrainReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->fold);
  g_ptr_array_unref (report->origin);
  saxid_scores_free (report->all);
  g_free (report);
}

#define NETWORK_BATCH 256
/* Every so many rows one is kept from the network, which watches it to stop early. */
#define WATCHED_EVERY 10

/* What one run over the data works on. */
typedef struct
{
  const SaxidTrainingSet *set;
  const SaxidTrainOptions *options;
  gsize rows;
  guint8 *fold;       /* [rows] */
  float *features;    /* [rows × width] scratch for the rows in use */
  guint8 *label;      /* [rows] */
  gsize *row;         /* [rows] which row of the set each feature row is */
  float *margin;      /* [rows × n_class] of held-out rows */
  const char *part;
  SaxidTrainProgress progress;
  gpointer data;
} Run;

static gboolean
tell (guint done, guint all, gpointer data)
{
  Run *run = data;

  return run->progress == NULL || run->progress (run->part, done, all, run->data);
}

static const float *
curve_of (const SaxidTrainingSet *set, gsize row)
{
  return (const float *) (gpointer) set->curves->data + row * set->width;
}

/* All measurements of one particle fall into one fold: a twin in the training
 * rows would flatter the score. */
static void
deal_folds (Run *run)
{
  for (gsize r = 0; r < run->rows; r++)
    {
      SaxidRandom random;

      saxid_random_init (&random, run->options->seed, g_array_index (run->set->particle, guint64, r),
                         SAXID_STREAM_SPLIT);
      run->fold[r] = (guint8) (saxid_random_unit (&random) * run->options->folds);
    }
}

/* A model that has seen whole curves only does not abstain from the rest of the
 * window, it guesses with confidence. So half of the curves lose what lies outside
 * a random part of ln q, as small as a curve may have that is judged. */
static void
cut_window (const Run *run, gsize row, double *values)
{
  const SaxidTrainingSet *set = run->set;
  double decades = log (set->grid[set->width - 1] / set->grid[0]), part, start;
  SaxidRandom random;

  saxid_random_init (&random, run->options->seed, row, SAXID_STREAM_WINDOW);
  if (saxid_random_unit (&random) < 0.5)
    return;
  part = saxid_random_uniform (&random, run->options->least_coverage, 1);
  start = saxid_random_uniform (&random, 0, 1 - part);
  for (gsize k = 0; k < set->width; k++)
    {
      double at = log (set->grid[k] / set->grid[0]) / decades;

      if (at < start || at > start + part)
        values[k] = NAN;
    }
}

/* Preprocesses the rows for which (fold == which) == wanted; returns their number. */
static gsize
gather (Run *run, const SaxidPreprocess *preprocess, int which, gboolean wanted)
{
  gsize width = run->set->width, count = 0;
  g_autofree double *values = g_new (double, width);
  g_autofree double *spare = g_new (double, width);

  for (gsize r = 0; r < run->rows; r++)
    {
      const float *curve = curve_of (run->set, r);

      if ((run->fold[r] == which) != wanted)
        continue;
      for (gsize k = 0; k < width; k++)
        values[k] = (double) curve[k];
      cut_window (run, r, values);
      saxid_preprocess_apply (preprocess, values, spare);
      for (gsize k = 0; k < width; k++)
        run->features[count * width + k] = (float) values[k];
      run->label[count] = g_array_index (run->set->label, guint8, r);
      run->row[count] = r;
      count++;
    }
  return count;
}

/* A preprocessing learned on the rows outside fold `which`, and those rows'
 * features in run->features. which = -1: all rows. */
static SaxidPreprocess *
prepare (Run *run, int which, gsize *count, GError **error)
{
  const SaxidTrainingSet *set = run->set;
  g_autoptr (SaxidPreprocess) preprocess
    = saxid_preprocess_new (run->options->preprocess, set->width, set->grid, error);
  gsize kept = 0;

  if (preprocess == NULL)
    return NULL;
  for (gsize r = 0; r < run->rows; r++)
    if (run->fold[r] != which)
      memcpy (run->features + kept++ * set->width, curve_of (set, r), set->width * sizeof (float));
  saxid_preprocess_fit (preprocess, kept, run->features);
  *count = gather (run, preprocess, which, FALSE);
  return g_steal_pointer (&preprocess);
}

static gboolean
has_network (const SaxidTrainOptions *options)
{
  return options->representation != NULL && strcmp (options->representation, "I") != 0;
}

static gboolean
watch_network (const SaxidFitState *state G_GNUC_UNUSED, gpointer data)
{
  return tell (0, 1, data);
}

/* A network of the gathered rows; some of them are set aside for it to watch. */
static SaxidNetwork *
learn_network (Run *run, gsize count, guint *latent, GError **error)
{
  const gsize width = run->set->width, n_watched = count / WATCHED_EVERY;
  g_autofree float *input = g_new (float, MAX (count * width, 1));
  g_autofree guint8 *label = g_new (guint8, MAX (count, 1));
  const SaxidLabelled training = { count - n_watched, input, label };
  const SaxidLabelled watched = { n_watched, input + (count - n_watched) * width, label + (count - n_watched) };
  const SaxidFitHooks hooks = { .progress = watch_network, .data = run };
  gsize at = 0, last = count - n_watched;

  for (gsize r = 0; r < count; r++)
    {
      const gsize to = r % WATCHED_EVERY == WATCHED_EVERY - 1 ? last++ : at++;

      for (gsize k = 0; k < width; k++)
        input[to * width + k] = isnan (run->features[r * width + k]) ? 0 : run->features[r * width + k];
      label[to] = run->label[r];
    }
  return saxid_representation_learn (saxid_representation_find (run->options->representation), 1, width,
                                     run->set->n_class, &training, &watched, run->options->effort,
                                     run->options->trees.threads, run->options->seed, &hooks, latent, error);
}

/* What trees see of the gathered rows: themselves, or what the network makes of them.
 * Shape: *features count × the number that is returned; 0 on failure. */
static gsize
embed (Run *run, const SaxidNetwork *network, guint latent, gsize count, float **features, GError **error)
{
  const gsize width = run->set->width;
  const gsize n = network != NULL ? saxid_extent_count (network->layer[latent].out) : width;
  g_autofree float *input = g_memdup2 (run->features, MAX (count * width, 1) * sizeof (float));
  g_autoptr (SaxidPass) pass = NULL;

  if (network == NULL)
    {
      *features = g_steal_pointer (&input);
      return n;
    }
  for (gsize k = 0; k < count * width; k++)
    if (isnan (input[k]))
      input[k] = 0;
  *features = g_new (float, MAX (count * n, 1));
  pass = saxid_pass_new (network, NETWORK_BATCH, run->options->trees.threads, error);
  return pass != NULL && saxid_pass_run (pass, input, count, latent, *features, NULL, error) ? n : 0;
}

static gboolean
hold_out (Run *run, guint which, GError **error)
{
  g_autofree char *part = g_strdup_printf ("fold %u of %u", which + 1, run->options->folds);
  g_autoptr (SaxidPreprocess) preprocess = NULL;
  g_autoptr (SaxidNetwork) network = NULL;
  g_autoptr (SaxidTrees) trees = NULL;
  g_autofree float *margin = NULL, *learned = NULL, *held = NULL;
  guint n_class = run->set->n_class, latent = 0;
  gsize count, width;

  run->part = part;
  preprocess = prepare (run, (int) which, &count, error);
  if (preprocess == NULL)
    return FALSE;
  if (has_network (run->options))
    {
      network = learn_network (run, count, &latent, error);
      if (network == NULL)
        return FALSE;
    }
  width = embed (run, network, latent, count, &learned, error);
  if (width == 0)
    return FALSE;
  trees = saxid_trees_train (learned, count, width, run->label, n_class, &run->options->trees, tell, run, error);
  if (trees == NULL)
    return FALSE;
  count = gather (run, preprocess, (int) which, TRUE);
  margin = g_new (float, MAX (count * n_class, 1));
  if (embed (run, network, latent, count, &held, error) == 0
      || (count > 0 && !saxid_trees_margin (trees, held, count, margin, error)))
    return FALSE;
  for (gsize k = 0; k < count; k++)
    memcpy (run->margin + run->row[k] * n_class, margin + k * n_class, n_class * sizeof (float));
  return TRUE;
}

/* Scores of the rows for which key[r] == value. */
static SaxidScores *
score_part (const Run *run, const float *probability, const guint8 *key, guint8 value,
            double threshold)
{
  guint n_class = run->set->n_class;
  g_autofree float *p = g_new (float, run->rows * n_class);
  g_autofree guint8 *label = g_new (guint8, run->rows);
  gsize count = 0;

  for (gsize r = 0; r < run->rows; r++)
    if (key[r] == value)
      {
        memcpy (p + count * n_class, probability + r * n_class, n_class * sizeof (float));
        label[count++] = g_array_index (run->set->label, guint8, r);
      }
  return saxid_evaluate (count, n_class, p, label, threshold);
}

static gboolean
check_folds (const Run *run, GError **error)
{
  for (guint f = 0; f < run->options->folds; f++)
    {
      gsize count = 0;

      for (gsize r = 0; r < run->rows; r++)
        count += run->fold[r] == f;
      if (count > 0)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "fold %u of %u holds none of the %" G_GSIZE_FORMAT
                   " curves, since curves of one particle stay together; more particles or fewer folds are needed",
                   f + 1, run->options->folds, run->rows);
      return FALSE;
    }
  return TRUE;
}

static SaxidTrainReport *
calibrate (const Run *run, SaxidPredictor *predictor)
{
  SaxidTrainReport *report = g_new0 (SaxidTrainReport, 1);
  guint n_class = run->set->n_class;
  const guint8 *label = (const guint8 *) run->set->label->data;
  g_autofree float *probability = g_new (float, run->rows * n_class);

  predictor->temperature = saxid_fit_temperature (run->rows, n_class, run->margin, label, NULL);
  for (gsize r = 0; r < run->rows; r++)
    saxid_softmax (n_class, run->margin + r * n_class, predictor->temperature,
                   probability + r * n_class);
  predictor->set_threshold = saxid_fit_set_threshold (run->rows, n_class, probability, label,
                                                      run->options->set_coverage);

  report->all = saxid_evaluate (run->rows, n_class, probability, label, predictor->set_threshold);
  report->fold = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_scores_free);
  report->origin = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_scores_free);
  for (guint f = 0; f < run->options->folds; f++)
    g_ptr_array_add (report->fold, score_part (run, probability, run->fold, (guint8) f,
                                               predictor->set_threshold));
  for (guint o = 0; o < run->set->origin_name->len; o++)
    g_ptr_array_add (report->origin,
                     score_part (run, probability, (const guint8 *) run->set->origin->data,
                                 (guint8) o, predictor->set_threshold));
  return report;
}

static gboolean
finish (Run *run, SaxidPredictor *predictor, GError **error)
{
  g_autofree float *features = NULL;
  gsize count, width;

  run->part = "all curves";
  predictor->preprocess = prepare (run, -1, &count, error);
  if (predictor->preprocess == NULL)
    return FALSE;
  if (has_network (run->options))
    {
      predictor->network = learn_network (run, count, &predictor->latent, error);
      if (predictor->network == NULL)
        return FALSE;
    }
  width = embed (run, predictor->network, predictor->latent, count, &features, error);
  if (width == 0)
    return FALSE;
  predictor->novelty = saxid_novelty_fit (features, count, width, run->options->n_component, error);
  if (predictor->novelty == NULL)
    return FALSE;
  predictor->trees = saxid_trees_train (features, count, width, run->label, run->set->n_class, &run->options->trees,
                                        tell, run, error);
  return predictor->trees != NULL;
}

/* Everything that would fail after hours is looked at before the first round. */
static gboolean
check_options (const SaxidTrainingSet *set, const SaxidTrainOptions *options, GError **error)
{
  g_autoptr (SaxidPreprocess) preprocess
    = saxid_preprocess_new (options->preprocess, set->width, set->grid, error);

  if (preprocess == NULL)
    return FALSE;
  if (set->n_class < 2)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "training set has %u classes, 2 are needed",
                 set->n_class);
  else if (options->n_component < 1 || options->n_component > set->width)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                 "%u principal components of curves of %" G_GSIZE_FORMAT " points, 1 to %" G_GSIZE_FORMAT
                 " are possible",
                 options->n_component, set->width, set->width);
  else if (has_network (options) && strcmp (options->representation, "CNN") != 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "representation '%s' makes no model; I and CNN do",
                 options->representation);
  else if (options->folds < 2 || options->folds > 100)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%u folds, 2 to 100 are possible",
                 options->folds);
  else if (set->label->len < 10 * options->folds)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                 "training set has %u curves, %u are needed for %u folds", set->label->len,
                 10 * options->folds, options->folds);
  else
    return TRUE;
  return FALSE;
}

SaxidPredictor *
saxid_train (const SaxidTrainingSet *set, const SaxidTrainOptions *options,
             SaxidTrainProgress progress, gpointer data, SaxidTrainReport **report, GError **error)
{
  g_autoptr (SaxidPredictor) predictor = g_new0 (SaxidPredictor, 1);
  g_autoptr (SaxidTrainReport) account = NULL;
  g_autofree guint8 *fold = g_new (guint8, set->label->len);
  g_autofree guint8 *label = g_new (guint8, set->label->len);
  g_autofree gsize *row = g_new (gsize, set->label->len);
  g_autofree float *features = g_new (float, (gsize) set->label->len * set->width);
  g_autofree float *margin = g_new0 (float, (gsize) set->label->len * set->n_class);
  Run run = { .set = set, .options = options, .rows = set->label->len, .fold = fold,
              .features = features, .label = label, .row = row, .margin = margin,
              .progress = progress, .data = data };

  if (!check_options (set, options, error))
    return NULL;
  predictor->class_name = g_strdupv (set->class_name);
  predictor->n_class = set->n_class;
  predictor->algorithm = g_strdup_printf ("%s∘XGBoost, %s", has_network (options) ? options->representation : "I",
                                          options->preprocess);
  predictor->width = set->width;
  predictor->grid = g_memdup2 (set->grid, set->width * sizeof (double));
  predictor->least_coverage = options->least_coverage;
  predictor->outlier_limit = 1 - options->outlier_part;

  deal_folds (&run);
  if (!check_folds (&run, error))
    return NULL;
  for (guint f = 0; f < options->folds; f++)
    if (!hold_out (&run, f, error))
      return NULL;
  account = calibrate (&run, predictor);
  if (!finish (&run, predictor, error))
    return NULL;
  if (report != NULL)
    *report = g_steal_pointer (&account);
  return g_steal_pointer (&predictor);
}
