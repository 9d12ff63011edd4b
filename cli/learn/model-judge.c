/* See model-judge.h.
 *
 * A set that has none of the classes that nine leave out of eleven is answered with nine
 * (merged.h).
 */
#include "cli/learn/model-judge.h"
#include "config.h"

#include <math.h>
#include <string.h>

#include "models/learn/merged.h"
#include "reducers/error.h"

#define MERGED "nine"

void
saxid_judged_clear (SaxidJudged *judged)
{
  g_free (judged->strangeness);
  g_free (judged->refused);
  g_free (judged->probability);
  g_free (judged->label);
  g_free (judged->counts);
}

SaxidDataset *
saxid_judge_read (const char *path, GError **error)
{
  g_autoptr (SaxidDataset) data = saxid_dataset_read (path, error);

  if (data == NULL || data->sigma != NULL)
    return g_steal_pointer (&data);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "set is a library, no measurement (%s)", path);
  return NULL;
}

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

static double
counts_of (const SaxidCurve *curve)
{
  double sum = 0;

  if (curve->sigma == NULL)
    return NAN;
  for (gsize k = 0; k < curve->n; k++)
    sum += pow (fmax (curve->intensity[k], 0) / curve->sigma[k], 2);
  return sum;
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
judge_all (const SaxidDataset *set, const SaxidPredictor *predictor, const guint8 *class_of, SaxidJudged *judged,
           GError **error)
{
  const guint n_class = judged->n_class = predictor->n_class;
  const gsize allocated = MAX (set->n_curve, 1);
  g_autofree guint8 *in_set = g_new (guint8, n_class);
  g_autoptr (SaxidScratch) scratch = saxid_scratch_new (predictor, error);

  judged->n_curve = set->n_curve;
  judged->strangeness = g_new (double, allocated);
  judged->refused = g_new (guint8, allocated);
  judged->probability = g_new (float, allocated * n_class);
  judged->label = g_new (guint8, allocated);
  judged->counts = g_new (double, allocated);
  for (gsize row = 0; scratch != NULL && row < set->n_curve; row++)
    {
      g_autoptr (SaxidCurve) curve = curve_of (set, row);
      gint64 start = g_get_monotonic_time ();
      gboolean sound = saxid_curve_clean (curve, NULL, NULL);
      SaxidVerdict verdict = { .reason = SAXID_REASON_WINDOW };

      judged->strangeness[row] = 2;
      judged->refused[row] = 1;
      if (sound
          && !saxid_predictor_judge (predictor, curve, scratch, &verdict, judged->probability + judged->n * n_class,
                                     in_set, error))
        return FALSE;
      judged->seconds += 1e-6 * (double) (g_get_monotonic_time () - start);
      if (verdict.reason != SAXID_REASON_NONE)
        {
          judged->n_abstained++;
          continue;
        }
      judged->strangeness[row] = verdict.outlier_score;
      judged->refused[row] = verdict.outlier;
      judged->n_outlier += verdict.outlier;
      judged->counts[judged->n] = counts_of (curve);
      judged->label[judged->n++] = class_of != NULL ? class_of[set->label[row]] : 0;
    }
  return scratch != NULL;
}

static gboolean
needs_all (const SaxidDataset *set)
{
  for (guint k = 0; set->header.class_name[k] != NULL; k++)
    if (g_strcmp0 (saxid_merged_class (MERGED, set->header.class_name[k]), set->header.class_name[k]) != 0)
      return TRUE;
  return FALSE;
}

static gboolean
can_merge (const SaxidPredictor *predictor)
{
  for (guint k = 0; k < predictor->n_class; k++)
    if (g_strcmp0 (saxid_merged_class (MERGED, predictor->class_name[k]), predictor->class_name[k]) != 0)
      return TRUE;
  return FALSE;
}

gboolean
saxid_judge (const SaxidDataset *set, SaxidPredictor *predictor, SaxidJudged *judged, GError **error)
{
  guint8 class_of[G_MAXUINT8 + 1];

  return (needs_all (set) || !can_merge (predictor) || saxid_predictor_merge (predictor, MERGED, error))
         && map_classes (set, predictor, class_of, error) && judge_all (set, predictor, class_of, judged, error);
}

gboolean
saxid_judge_strangers (const SaxidDataset *set, const SaxidPredictor *predictor, SaxidJudged *judged, GError **error)
{
  return judge_all (set, predictor, NULL, judged, error);
}

double
saxid_judged_area (const SaxidJudged *known, const SaxidDataset *strangers, const SaxidJudged *strange, guint kind)
{
  g_autofree double *score = g_new (double, MAX (strangers->n_curve, 1));
  gsize n = 0;

  for (gsize k = 0; k < strangers->n_curve; k++)
    if (strangers->label[k] == kind)
      score[n++] = strange->strangeness[k];
  return saxid_rate_area (known->n_curve, known->strangeness, n, score);
}

double
saxid_judged_refused (const SaxidDataset *strangers, const SaxidJudged *strange, guint kind)
{
  double n = 0, refused = 0;

  for (gsize k = 0; k < strangers->n_curve; k++)
    if (strangers->label[k] == kind)
      {
        n++;
        refused += strange->refused[k];
      }
  return n > 0 ? refused / n : NAN;
}

SaxidScores *
saxid_judged_scores (const SaxidJudged *judged, double set_threshold, SaxidChosen chosen, gpointer data)
{
  const guint n_class = judged->n_class;
  g_autofree float *probability = g_new (float, MAX (judged->n, 1) * n_class);
  g_autofree guint8 *label = g_new (guint8, MAX (judged->n, 1));
  gsize n = 0;

  for (gsize k = 0; k < judged->n; k++)
    if (chosen == NULL || chosen (judged, k, data))
      {
        memcpy (probability + n * n_class, judged->probability + k * n_class, n_class * sizeof *probability);
        label[n++] = judged->label[k];
      }
  return n > 0 ? saxid_evaluate (n, n_class, probability, label, set_threshold) : NULL;
}
