/* saxid model compare: which model is better on these curves?
 */
#include "config.h"
#include "cli/learn/model-compare.h"

#include "cli/learn/model-judge.h"
#include "cli/verb.h"
#include "plugin/model.h"

#define VERB "model"

static void
print_outcome (const char *set, const SaxidModel *model, const SaxidJudged *judged)
{
  g_autoptr (SaxidScores) scores = saxid_judged_scores (judged, model->predictor->set_threshold, NULL, NULL);
  const double all = (double) MAX (judged->n_curve, 1);

  if (scores == NULL)
    {
      g_print ("%-28s %-24s abstains from all curves\n", set, model->file_name);
      return;
    }
  g_print ("%-28s %-24s %6.2f %% %7.4f %7.4f %6.2f %% %6.2f %6.2f %% %6.2f %% %8.3f\n", set, model->file_name,
           100 * scores->accuracy, scores->log_loss, scores->calibration_error, 100 * scores->set_coverage,
           scores->set_size, 100 * (double) judged->n_outlier / (double) judged->n,
           100 * (double) judged->n_abstained / all, 1e3 * judged->seconds / all);
}

/* Kind by kind: how many are refused, and how well they are told from the curves of the
 * first set. */
static gboolean
compare_strangers (const SaxidDataset *known, const SaxidDataset *strangers, const char *name, GError **error)
{
  g_autofree char *path = saxid_model_path (name);
  g_autoptr (SaxidModel) model = saxid_model_load (path, error);
  const guint n_kind = g_strv_length (strangers->header.class_name);
  g_auto (SaxidJudged) of_known = { 0 }, of_strangers = { 0 };
  double sum = 0;

  if (model == NULL || !saxid_judge_strangers (known, model->predictor, &of_known, error)
      || !saxid_judge_strangers (strangers, model->predictor, &of_strangers, error))
    return FALSE;
  g_print ("\n%-28s %-24s %8s %8s\n", "stranger", "model", "refused", "area");
  for (guint kind = 0; kind < n_kind; kind++)
    {
      const double there = saxid_judged_area (&of_known, strangers, &of_strangers, kind);

      sum += there / n_kind;
      g_print ("%-28s %-24s %6.1f %% %8.4f\n", strangers->header.class_name[kind], model->file_name,
               100 * saxid_judged_refused (strangers, &of_strangers, kind), there);
    }
  g_print ("%-28s %-24s %8s %8.4f\n", "mean", model->file_name, "", sum);
  return TRUE;
}

static gboolean
compare_one (const char *set_path, const SaxidDataset *set, const char *name, GError **error)
{
  g_autofree char *path = saxid_model_path (name), *base = g_path_get_basename (set_path);
  g_autoptr (SaxidModel) model = saxid_model_load (path, error);
  g_auto (SaxidJudged) judged = { 0 };

  if (model == NULL || !saxid_judge (set, model->predictor, &judged, error))
    {
      g_prefix_error (error, "%s on %s: ", name, set_path);
      return FALSE;
    }
  print_outcome (base, model, &judged);
  return TRUE;
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
      g_autoptr (SaxidDataset) data = saxid_judge_read (set[s], &error);

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
  strange = saxid_judge_read (strangers, &error);
  for (guint m = 0; strange != NULL && m < n_model; m++)
    if (!compare_strangers (known, strange, model[m], &error))
      break;
  return error == NULL ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}
