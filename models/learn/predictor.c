/* What does a trained model say of a curve?
 *
 * resample → preprocess (→ network) → boosted trees → calibrated probabilities, and
 * beside them the novelty of what the trees see.
 *
 * Units: 1/Å, 1/cm. Thread: immutable predictor, one scratch per thread.
 */
#include "models/learn/predictor.h"

#include <math.h>

#include "models/learn/calibrate.h"
#include "models/learn/evaluate.h"
#include "models/learn/resample.h"

void
saxid_predictor_free (SaxidPredictor *predictor)
{
  if (predictor == NULL)
    return;
  g_strfreev (predictor->class_name);
  g_free (predictor->algorithm);
  g_free (predictor->grid);
  saxid_preprocess_free (predictor->preprocess);
  saxid_network_free (predictor->network);
  saxid_trees_free (predictor->trees);
  saxid_novelty_free (predictor->novelty);
  g_free (predictor);
}

gsize
saxid_predictor_n_feature (const SaxidPredictor *self)
{
  return self->network != NULL ? saxid_extent_count (self->network->layer[self->latent].out) : self->width;
}

SaxidScratch *
saxid_scratch_new (const SaxidPredictor *predictor, GError **error)
{
  SaxidScratch *scratch = g_new0 (SaxidScratch, 1);

  scratch->values = g_new (double, predictor->width);
  scratch->spare = g_new (double, predictor->width);
  scratch->curve = g_new (float, predictor->width);
  scratch->features = g_new (float, saxid_predictor_n_feature (predictor));
  scratch->margin = g_new (float, predictor->n_class);
  if (predictor->network == NULL)
    return scratch;
  scratch->pass = saxid_pass_new (predictor->network, 1, 1, error);
  if (scratch->pass == NULL)
    g_clear_pointer (&scratch, saxid_scratch_free);
  return scratch;
}

void
saxid_scratch_free (SaxidScratch *scratch)
{
  if (scratch == NULL)
    return;
  g_free (scratch->values);
  g_free (scratch->spare);
  g_free (scratch->curve);
  g_free (scratch->features);
  g_free (scratch->margin);
  saxid_pass_free (scratch->pass);
  g_free (scratch);
}

gboolean
saxid_predictor_features (const SaxidPredictor *self, const SaxidCurve *curve, SaxidScratch *scratch, float *features,
                          GError **error)
{
  float *seen = self->network != NULL ? scratch->curve : features;

  saxid_resample (curve, self->width, self->grid, scratch->values);
  saxid_preprocess_apply (self->preprocess, scratch->values, scratch->spare);
  for (gsize k = 0; k < self->width; k++)
    seen[k] = (float) scratch->values[k];
  if (self->network == NULL)
    return TRUE;
  for (gsize k = 0; k < self->width; k++)
    if (isnan (seen[k]))
      seen[k] = 0;
  return saxid_pass_run (scratch->pass, seen, 1, self->latent, features, NULL, error);
}

static void
abstain (const SaxidPredictor *self, SaxidVerdict *verdict, float *probability, guint8 *in_set)
{
  verdict->reason = SAXID_REASON_WINDOW;
  verdict->best = -1;
  verdict->confidence = 0;
  verdict->outlier_score = 0;
  verdict->outlier = FALSE;
  for (guint k = 0; k < self->n_class; k++)
    {
      probability[k] = 1.0f / (float) self->n_class;
      in_set[k] = 1;
    }
}

gboolean
saxid_predictor_judge (const SaxidPredictor *self, const SaxidCurve *curve, SaxidScratch *scratch,
                       SaxidVerdict *verdict, float *probability, guint8 *in_set, GError **error)
{
  verdict->coverage = saxid_resample_coverage (curve, self->width, self->grid);
  if (verdict->coverage < self->least_coverage)
    {
      abstain (self, verdict, probability, in_set);
      return TRUE;
    }
  if (!saxid_predictor_features (self, curve, scratch, scratch->features, error)
      || !saxid_trees_margin (self->trees, scratch->features, 1, scratch->margin, error))
    return FALSE;
  saxid_softmax (self->n_class, scratch->margin, self->temperature, probability);

  verdict->reason = SAXID_REASON_NONE;
  verdict->best = (int) saxid_best_class (self->n_class, probability);
  verdict->confidence = (double) probability[verdict->best];
  for (guint k = 0; k < self->n_class; k++)
    in_set[k] = (int) k == verdict->best || (double) probability[k] >= self->set_threshold;
  verdict->outlier_score = saxid_novelty_score (self->novelty, scratch->features);
  verdict->outlier = verdict->outlier_score > self->outlier_limit;
  return TRUE;
}
