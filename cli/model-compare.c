/* saxid model compare: which model is better on these curves?
 *
 * The classes of a set may be fewer than those of a model: with nine against eleven the
 * model answers with nine (fold.h).
 */
#include "config.h"
#include "cli/model-compare.h"

#include <math.h>
#include <string.h>

#include "cli/verb.h"
#include "models/learn/evaluate.h"
#include "models/learn/fold.h"
#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/dataset.h"

#define VERB "model"
#define FOLDED "nine"

typedef struct
{
  SaxidScores *scores; /* of the curves that were judged; NULL: of no class */
  gsize n_abstained, n_outlier;
  double *strangeness; /* [n_curve] outlier scores; 2 where there was no verdict … */
  guint8 *refused;     /* [n_curve] … which is a refusal, too */
  double seconds;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  saxid_scores_free (outcome->scores);
  g_free (outcome->strangeness);
  g_free (outcome->refused);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static SaxidCurve *
curve_of (const SaxidDataset *set, gsize row)
{
  const gsize n_q = set->header.n_q;
  const double *q = set->own_q != NULL ? set->own_q + row * n_q : set->header.q;
  const float *intensity = set->intensity + row * n_q, *sigma = set->sigma + row * n_q;
  const gboolean has_sigma = isfinite (sigma[0]) && sigma[0] > 0;
  SaxidCurve *curve;
  gsize n = 0;

  while (n < n_q && isfinite (q[n]))
    n++;
  curve = saxid_curve_new (n, has_sigma, FALSE);
  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = q[k];
      curve->intensity[k] = (double) intensity[k];
      if (has_sigma)
        curve->sigma[k] = (double) sigma[k];
    }
  return curve;
}

/* The model's class of each class of the set. */
static gboolean
map_classes (const SaxidDataset *set, const SaxidPredictor *predictor, guint8 *class_of, GError **error)
{
  for (guint k = 0; set->header.class_name[k] != NULL; k++)
    {
      guint c = 0;

      while (c < predictor->n_class && strcmp (predictor->class_name[c], set->header.class_name[k]) != 0)
        c++;
      if (c == predictor->n_class)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "model has no class %s", set->header.class_name[k]);
          return FALSE;
        }
      class_of[k] = (guint8) c;
    }
  return TRUE;
}

/* class_of: NULL for a set of strangers, which have no class of the model. */
static gboolean
judge_all (const SaxidDataset *set, const SaxidPredictor *predictor, const guint8 *class_of, Outcome *outcome,
           GError **error)
{
  const guint n_class = predictor->n_class;
  g_autofree float *probability = g_new (float, set->n_curve * n_class);
  g_autofree guint8 *label = g_new (guint8, set->n_curve), *in_set = g_new (guint8, n_class);
  SaxidScratch *scratch = saxid_scratch_new (predictor, error);
  gsize n = 0;

  outcome->strangeness = g_new (double, MAX (set->n_curve, 1));
  outcome->refused = g_new (guint8, MAX (set->n_curve, 1));
  for (gsize row = 0; scratch != NULL && row < set->n_curve; row++)
    {
      g_autoptr (SaxidCurve) curve = curve_of (set, row);
      gint64 start = g_get_monotonic_time ();
      SaxidVerdict verdict;

      outcome->strangeness[row] = 2;
      outcome->refused[row] = 1;
      if (!saxid_curve_clean (curve, NULL, NULL))
        {
          outcome->n_abstained++;
          continue;
        }
      if (!saxid_predictor_judge (predictor, curve, scratch, &verdict, probability + n * n_class, in_set, error))
        g_clear_pointer (&scratch, saxid_scratch_free);
      outcome->seconds += 1e-6 * (double) (g_get_monotonic_time () - start);
      if (scratch == NULL)
        return FALSE;
      if (verdict.reason != SAXID_REASON_NONE)
        {
          outcome->n_abstained++;
          continue;
        }
      outcome->strangeness[row] = verdict.outlier_score;
      outcome->refused[row] = verdict.outlier;
      outcome->n_outlier += verdict.outlier;
      label[n++] = class_of != NULL ? class_of[set->label[row]] : 0;
    }
  if (scratch == NULL)
    return FALSE;
  saxid_scratch_free (scratch);
  if (class_of != NULL)
    outcome->scores = saxid_evaluate (n, n_class, probability, label, predictor->set_threshold);
  return TRUE;
}

static void
print_outcome (const char *set, const char *model, const SaxidDataset *data, const Outcome *outcome)
{
  const SaxidScores *scores = outcome->scores;
  const double n = (double) MAX (scores->n, 1);

  g_print ("%-28s %-24s %6.2f %% %7.4f %7.4f %6.2f %% %6.2f %6.2f %% %6.2f %% %8.3f\n", set, model,
           100 * scores->accuracy, scores->log_loss, scores->calibration_error, 100 * scores->set_coverage,
           scores->set_size, 100 * (double) outcome->n_outlier / n,
           100 * (double) outcome->n_abstained / (double) MAX (data->n_curve, 1),
           1e3 * outcome->seconds / (double) MAX (data->n_curve, 1));
}

/* The part of pairs in which the stranger is the stranger one; ties count half. */
static double
area (gsize n, const double *known, const SaxidDataset *strangers, const double *strange, guint kind)
{
  double pairs = 0;
  gsize m = 0;

  for (gsize j = 0; j < strangers->n_curve; j++)
    {
      if (strangers->label[j] != kind)
        continue;
      m++;
      for (gsize k = 0; k < n; k++)
        pairs += known[k] < strange[j] ? 1 : known[k] == strange[j] ? 0.5 : 0;
    }
  return n > 0 && m > 0 ? pairs / ((double) n * (double) m) : NAN;
}

/* Kind by kind: how many are refused, and how well they are told from the curves of the
 * first set. */
static gboolean
compare_strangers (const SaxidDataset *known, const SaxidDataset *strangers, const char *name, GError **error)
{
  g_autofree char *path = saxid_model_path (name);
  g_autoptr (SaxidModel) model = saxid_model_load (path, error);
  const guint n_kind = g_strv_length (strangers->header.class_name);
  g_auto (Outcome) of_known = { 0 }, of_strangers = { 0 };
  double sum = 0;

  if (model == NULL || !judge_all (known, model->predictor, NULL, &of_known, error)
      || !judge_all (strangers, model->predictor, NULL, &of_strangers, error))
    return FALSE;
  g_print ("\n%-28s %-24s %8s %8s\n", "stranger", "model", "refused", "area");
  for (guint kind = 0; kind < n_kind; kind++)
    {
      const double there = area (known->n_curve, of_known.strangeness, strangers, of_strangers.strangeness, kind);
      gsize n = 0, refused = 0;

      for (gsize k = 0; k < strangers->n_curve; k++)
        if (strangers->label[k] == kind)
          {
            n++;
            refused += of_strangers.refused[k];
          }
      sum += there / n_kind;
      g_print ("%-28s %-24s %6.1f %% %8.4f\n", strangers->header.class_name[kind], model->file_name,
               100 * (double) refused / (double) MAX (n, 1), there);
    }
  g_print ("%-28s %-24s %8s %8.4f\n", "mean", model->file_name, "", sum);
  return TRUE;
}

static gboolean
compare_one (const char *set_path, const SaxidDataset *set, const char *name, GError **error)
{
  g_autofree char *path = saxid_model_path (name), *base = g_path_get_basename (set_path);
  g_autoptr (SaxidModel) model = saxid_model_load (path, error);
  guint8 class_of[G_MAXUINT8 + 1];
  g_auto (Outcome) outcome = { 0 };

  if (model == NULL
      || (g_strv_length (set->header.class_name) < model->predictor->n_class
          && !saxid_predictor_fold (model->predictor, FOLDED, error))
      || !map_classes (set, model->predictor, class_of, error)
      || !judge_all (set, model->predictor, class_of, &outcome, error))
    {
      g_prefix_error (error, "%s on %s: ", name, set_path);
      return FALSE;
    }
  print_outcome (base, model->file_name, set, &outcome);
  return TRUE;
}

static SaxidDataset *
read_measured (const char *path, GError **error)
{
  g_autoptr (SaxidDataset) data = saxid_dataset_read (path, error);

  if (data == NULL || data->sigma != NULL)
    return g_steal_pointer (&data);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "set is a library, no measurement (%s)", path);
  return NULL;
}

int
saxid_model_compare (guint n_model, char *const *model, char *const *set, const char *strangers)
{
  g_autoptr (SaxidDataset) known = NULL, strange = NULL;
  g_autoptr (GError) error = NULL;

  g_print ("%-28s %-24s %8s %7s %7s %8s %6s %8s %8s %8s\n", "data set", "model", "accuracy", "loss", "ECE",
           "coverage", "size", "outliers", "abstains", "ms/curve");
  for (guint s = 0; set[s] != NULL; s++)
    {
      g_autoptr (SaxidDataset) data = read_measured (set[s], &error);

      for (guint m = 0; data != NULL && m < n_model; m++)
        if (!compare_one (set[s], data, model[m], &error))
          break;
      if (error != NULL)
        return saxid_verb_failed (VERB, error);
      if (s == 0)
        known = g_steal_pointer (&data);
    }
  if (strangers == NULL)
    return SAXID_EXIT_OK;
  strange = read_measured (strangers, &error);
  for (guint m = 0; strange != NULL && m < n_model; m++)
    if (!compare_strangers (known, strange, model[m], &error))
      break;
  return error == NULL ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}
