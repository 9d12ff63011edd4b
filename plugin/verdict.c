/* From a curve to a verdict, by network, fits and prior.
 *
 * Thread: see verdict.h.
 */
#include "plugin/verdict.h"

#include <math.h>

/* A curve that nothing can be fitted to is left to the network. */
static void
weigh_fits (const SaxidModel *model, SaxidContestOf of, const SaxidCurve *curve, SaxidVerdict *verdict, SaxidFitSigns *signs, float *probability)
{
  const SaxidForms forms = saxid_model_forms (model);
  SaxidContest *contest = &signs->contest;

  if (!saxid_seeds_possible (&forms) || !saxid_contest (&forms, of, curve, probability, contest, NULL))
    {
      contest->n = 0;
      return;
    }
  saxid_contest_apply (contest, probability);
  verdict->outlier = saxid_contest_outlier (contest, verdict->outlier_score, model->predictor->outlier_limit);
  signs->misfit = contest->misfit;
  signs->is_flat = contest->is_flat;
  signs->is_strange = signs->is_strange || verdict->outlier;
  for (guint c = 0; c < contest->n; c++)
    signs->log_weight = fmax (signs->log_weight, contest->class[c].log_weight);
}

gboolean
saxid_verdict_find (const SaxidModel *model, SaxidFits fits, const SaxidCurve *curve, SaxidScratch *scratch,
                    SaxidVerdict *verdict, SaxidFitSigns *signs, float *probability, guint8 *in_set, GError **error)
{
  *signs = (SaxidFitSigns) { .log_weight = -INFINITY };
  if (!saxid_predictor_ask (model->predictor, curve, scratch, verdict, probability, error))
    return FALSE;
  signs->is_strange = verdict->outlier;
  if (fits != SAXID_FITS_NONE && verdict->reason == SAXID_REASON_NONE)
    weigh_fits (model, fits == SAXID_FITS_WEIGHED ? SAXID_CONTEST_OF_FITS : SAXID_CONTEST_OF_TEMPLATES, curve, verdict, signs, probability);
  saxid_predictor_conclude (model->predictor, verdict, probability, in_set);
  return TRUE;
}
