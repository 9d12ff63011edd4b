/* What does a trained model say of a curve?
 *
 * With a grid:  resample → preprocess (→ network) → boosted trees → margins, and beside
 *               them the novelty of what the trees see.
 * Without:      portrait → network → margins, one of them for what is of no class, and the
 *               vector before them, whose distance from those of the training (gallery) is
 *               the other sign of a stranger.
 * Margins become calibrated probabilities.
 *
 * Units: 1/Å, 1/cm. Thread: immutable predictor, one scratch per thread.
 */
#include "models/learn/predictor.h"

#include <math.h>
#include <string.h>

#include "models/learn/calibrate.h"
#include "models/learn/evaluate.h"
#include "models/learn/portrait.h"
#include "models/learn/prior.h"
#include "models/learn/resample.h"

void
saxid_predictor_free (SaxidPredictor *predictor)
{
  if (predictor == NULL)
    return;
  g_strfreev (predictor->class_name);
  g_free (predictor->algorithm);
  g_free (predictor->grid);
  g_free (predictor->merged);
  g_free (predictor->prior);
  saxid_preprocess_free (predictor->preprocess);
  saxid_network_free (predictor->network);
  saxid_trees_free (predictor->trees);
  saxid_novelty_free (predictor->novelty);
  saxid_gallery_free (predictor->gallery);
  g_free (predictor);
}

gboolean
saxid_predictor_is_portrayed (const SaxidPredictor *self)
{
  return self->grid == NULL;
}

gsize
saxid_predictor_n_feature (const SaxidPredictor *self)
{
  return self->network != NULL ? saxid_extent_count (self->network->layer[self->latent].out) : self->width;
}

/* Classes before they are merged. */
static guint
margin_count (const SaxidPredictor *self)
{
  return self->merged != NULL ? self->n_margin : self->n_class;
}

SaxidScratch *
saxid_scratch_new (const SaxidPredictor *predictor, GError **error)
{
  SaxidScratch *scratch = g_new0 (SaxidScratch, 1);
  const gsize seen = predictor->network != NULL ? saxid_extent_count (predictor->network->in) : predictor->width;

  scratch->values = g_new (double, predictor->width);
  scratch->spare = g_new (double, predictor->width);
  scratch->curve = g_new (float, seen);
  scratch->features = g_new (float, saxid_predictor_n_feature (predictor));
  scratch->margin = g_new (float, margin_count (predictor) + 1);
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

/* Margins of a predictor that looks at portraits; features NULL, or the latent vector. */
static gboolean
look (const SaxidPredictor *self, const SaxidCurve *curve, SaxidScratch *scratch, float *features, GError **error)
{
  if (!saxid_portrait_take (curve->n, curve->q, curve->intensity, curve->sigma, scratch->curve))
    memset (scratch->curve, 0, saxid_extent_count (self->network->in) * sizeof *scratch->curve);
  return saxid_pass_run (scratch->pass, scratch->curve, 1, self->latent, features, scratch->margin, error);
}

gboolean
saxid_predictor_features (const SaxidPredictor *self, const SaxidCurve *curve, SaxidScratch *scratch, float *features,
                          GError **error)
{
  float *seen = self->network != NULL ? scratch->curve : features;

  if (saxid_predictor_is_portrayed (self))
    return look (self, curve, scratch, features, error);
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
abstain (const SaxidPredictor *self, SaxidVerdict *verdict, float *probability)
{
  verdict->reason = SAXID_REASON_WINDOW;
  for (guint k = 0; k < self->n_class; k++)
    probability[k] = 1.0f / (float) self->n_class;
}

/* How much of what it must see the model can see, 0..1. */
static double
coverage_of (const SaxidPredictor *self, const SaxidCurve *curve)
{
  if (saxid_predictor_is_portrayed (self))
    return fmin (log (curve->q[curve->n - 1] / curve->q[0]) / log (SAXID_PORTRAIT_LEAST_RATIO), 1);
  return saxid_resample_coverage (curve, self->width, self->grid);
}

/* How likely the curve is of no class, or how novel it is. */
static double
strangeness (const SaxidPredictor *self, const SaxidScratch *scratch)
{
  gsize nearest[SAXID_GALLERY_NEAREST];
  SaxidSigns signs;

  if (!saxid_predictor_is_portrayed (self))
    return saxid_novelty_score (self->novelty, scratch->features);
  signs = saxid_signs_of (margin_count (self), scratch->margin,
                          saxid_gallery_nearest (self->gallery, scratch->features, SAXID_GALLERY_NEAREST, nearest,
                                                 NULL));
  return saxid_strangeness_score (&self->strangeness, &signs);
}

static void
find_probabilities (const SaxidPredictor *self, const SaxidScratch *scratch, float *probability)
{
  float unmerged[SAXID_PREDICTOR_MOST_CLASSES];

  if (self->merged == NULL)
    {
      saxid_softmax (self->n_class, scratch->margin, self->temperature, probability);
      return;
    }
  saxid_softmax (self->n_margin, scratch->margin, self->temperature, unmerged);
  memset (probability, 0, self->n_class * sizeof *probability);
  for (guint k = 0; k < self->n_margin; k++)
    probability[self->merged[k]] += unmerged[k];
}

gboolean
saxid_predictor_ask (const SaxidPredictor *self, const SaxidCurve *curve, SaxidScratch *scratch, SaxidVerdict *verdict,
                     float *probability, GError **error)
{
  *verdict = (SaxidVerdict) { .best = -1, .coverage = coverage_of (self, curve) };
  if (verdict->coverage < self->least_coverage)
    {
      abstain (self, verdict, probability);
      return TRUE;
    }
  if (saxid_predictor_is_portrayed (self) ? !look (self, curve, scratch, scratch->features, error)
                                          : !saxid_predictor_features (self, curve, scratch, scratch->features, error)
                                              || !saxid_trees_margin (self->trees, scratch->features, 1,
                                                                      scratch->margin, error))
    return FALSE;
  find_probabilities (self, scratch, probability);
  verdict->outlier_score = strangeness (self, scratch);
  verdict->outlier = verdict->outlier_score > self->outlier_limit;
  return TRUE;
}

void
saxid_predictor_conclude (const SaxidPredictor *self, SaxidVerdict *verdict, float *probability, guint8 *in_set)
{
  if (verdict->reason != SAXID_REASON_NONE)
    {
      memset (in_set, 1, self->n_class);
      return;
    }
  saxid_prior_apply (self, probability);
  verdict->best = (int) saxid_best_class (self->n_class, probability);
  verdict->confidence = (double) probability[verdict->best];
  for (guint k = 0; k < self->n_class; k++)
    in_set[k] = (int) k == verdict->best || (double) probability[k] >= self->set_threshold;
}

gboolean
saxid_predictor_judge (const SaxidPredictor *self, const SaxidCurve *curve, SaxidScratch *scratch,
                       SaxidVerdict *verdict, float *probability, guint8 *in_set, GError **error)
{
  if (!saxid_predictor_ask (self, curve, scratch, verdict, probability, error))
    return FALSE;
  saxid_predictor_conclude (self, verdict, probability, in_set);
  return TRUE;
}
