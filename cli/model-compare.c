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
  SaxidScores *scores; /* of the curves that were judged */
  gsize n_abstained, n_outlier;
  double seconds;
} Outcome;

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

static gboolean
judge_all (const SaxidDataset *set, const SaxidPredictor *predictor, const guint8 *class_of, Outcome *outcome,
           GError **error)
{
  const guint n_class = predictor->n_class;
  g_autofree float *probability = g_new (float, set->n_curve * n_class);
  g_autofree guint8 *label = g_new (guint8, set->n_curve), *in_set = g_new (guint8, n_class);
  SaxidScratch *scratch = saxid_scratch_new (predictor, error);
  gsize n = 0;

  for (gsize row = 0; scratch != NULL && row < set->n_curve; row++)
    {
      g_autoptr (SaxidCurve) curve = curve_of (set, row);
      gint64 start = g_get_monotonic_time ();
      SaxidVerdict verdict;

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
      outcome->n_outlier += verdict.outlier;
      label[n++] = class_of[set->label[row]];
    }
  if (scratch == NULL)
    return FALSE;
  saxid_scratch_free (scratch);
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

static gboolean
compare_one (const char *set_path, const SaxidDataset *set, const char *name, GError **error)
{
  g_autofree char *path = saxid_model_path (name), *base = g_path_get_basename (set_path);
  g_autoptr (SaxidModel) model = saxid_model_load (path, error);
  guint8 class_of[G_MAXUINT8 + 1];
  Outcome outcome = { 0 };

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
  saxid_scores_free (outcome.scores);
  return TRUE;
}

int
saxid_model_compare (guint n_model, char *const *model, char *const *set)
{
  g_autoptr (GError) error = NULL;

  g_print ("%-28s %-24s %8s %7s %7s %8s %6s %8s %8s %8s\n", "data set", "model", "accuracy", "loss", "ECE",
           "coverage", "size", "outliers", "abstains", "ms/curve");
  for (guint s = 0; set[s] != NULL; s++)
    {
      g_autoptr (SaxidDataset) data = saxid_dataset_read (set[s], &error);

      if (data != NULL && data->sigma == NULL)
        g_set_error (&error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "set is a library, no measurement (%s)", set[s]);
      if (error != NULL)
        return saxid_verb_failed (VERB, error);
      for (guint m = 0; m < n_model; m++)
        if (!compare_one (set[s], data, model[m], &error))
          return saxid_verb_failed (VERB, error);
    }
  return SAXID_EXIT_OK;
}
