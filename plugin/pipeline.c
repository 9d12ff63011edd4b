/* Which stages does a curve pass, from the detector to the label?
 *
 *   frame ─ reducers/chain ─► curve ─ clean ─► sound curve ─ plugin/verdict ─► judgement
 *                                                └── fit ◄── (when asked for) ◄──┘
 *
 * Read this file first. Frames enter at saxid_pipeline_frame; what somebody
 * else has integrated enters at saxid_pipeline_curve; tag-file.c brings the
 * curves of a file here and takes the judgements back.
 *
 * Units: q 1/Å. Thread: one workspace per thread.
 */
#include "plugin/pipeline.h"

#include "models/learn/portrait.h"
#include "models/materials/values.h"
#include "plugin/atoms.h"
#include "plugin/material.h"
#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "reducers/peaks.h"

void
saxid_pipeline_reject (struct saxid_workspace *workspace, const char *reason,
                       SaxidJudgement *judgement)
{
  guint n_class = workspace->context->n_class;

  for (guint k = 0; k < n_class; k++)
    {
      workspace->probability[k] = 0;
      workspace->in_set[k] = 0;
    }
  *judgement = (SaxidJudgement) { .status = SAXID_VERDICT_REJECTED,
                                  .label = -1,
                                  .probability = workspace->probability,
                                  .in_set = workspace->in_set };
  saxid_text_fit_words (judgement->reason, reason, sizeof judgement->reason);
}

static void
say_why_abstained (const SaxidPredictor *predictor, const SaxidCurve *curve, const SaxidVerdict *verdict,
                   SaxidJudgement *judgement)
{
  if (verdict->reason != SAXID_REASON_WINDOW)
    return;
  if (saxid_predictor_is_portrayed (predictor))
    g_snprintf (judgement->reason, sizeof judgement->reason,
                "q goes from %.3g to %.3g 1/Å, a factor of %.2f; %.2f is needed", curve->q[0], curve->q[curve->n - 1],
                curve->q[curve->n - 1] / curve->q[0], SAXID_PORTRAIT_LEAST_RATIO);
  else
    g_snprintf (judgement->reason, sizeof judgement->reason,
                "curve covers %.0f %% of the model's q range %.3g to %.3g 1/Å, %.0f %% are needed",
                100 * verdict->coverage, predictor->grid[0], predictor->grid[predictor->width - 1],
                100 * predictor->least_coverage);
}

static void
find_levels (const SaxidPredictor *predictor, SaxidJudgement *judgement)
{
  const char *const *name = (const char *const *) predictor->class_name;

  for (guint level = 0; level < SAXID_N_LEVEL; level++)
    saxid_level_sum (level, predictor->n_class, name, judgement->probability, judgement->level[level]);
  /* of what is none of the particles, no family is known either */
  if (judgement->status == SAXID_VERDICT_OK && !judgement->outlier && judgement->label < (int) predictor->n_class)
    saxid_level_note (predictor->n_class, name, judgement->probability, judgement->note);
}

/* What the verdict says, as the module gives it away. */
static void
fill (const struct saxid_workspace *workspace, const SaxidVerdict *verdict, SaxidJudgement *judgement)
{
  const SaxidFitSigns *signs = &workspace->signs;

  *judgement = (SaxidJudgement) {
    .status = verdict->reason == SAXID_REASON_NONE ? SAXID_VERDICT_OK : SAXID_VERDICT_ABSTAINED,
    .label = verdict->best,
    .confidence = (float) verdict->confidence,
    .outlier_score = (float) verdict->outlier_score,
    .coverage = (float) verdict->coverage,
    .outlier = verdict->outlier,
    .probability = workspace->probability,
    .in_set = workspace->in_set,
    .contest = &workspace->signs.contest,
  };
  find_levels (workspace->context->model->predictor, judgement);
  if (signs->misfit > SAXID_CONTEST_MOST_MISFIT)
    g_snprintf (judgement->note, sizeof judgement->note,
                "no form factor comes near: chi²/n is %.0f of the best, with 3 %% of I beside sigma", signs->misfit);
  else if (signs->is_flat)
    g_strlcpy (judgement->note, "a constant describes the curve about as well as any form factor: no particle is seen",
               sizeof judgement->note);
}

gboolean
saxid_pipeline_curve (struct saxid_workspace *workspace, SaxidCurve *curve,
                      SaxidJudgement *judgement, GError **error)
{
  const SaxidPredictor *predictor = workspace->context->model->predictor;
  g_autoptr (GError) unsound = NULL;
  g_autoptr (SaxidCurve) part = NULL;
  const SaxidCurve *seen;
  SaxidCurveRepairs repairs;
  SaxidVerdict verdict;

  if (!saxid_curve_clean (curve, &repairs, &unsound))
    {
      saxid_pipeline_reject (workspace, unsound->message, judgement);
      judgement->repairs = repairs;
      return TRUE;
    }
  part = saxid_peaks_small_angles (curve);
  seen = part != NULL ? part : curve;
  if (!saxid_verdict_find (workspace->context->model, workspace->context->fits, seen, workspace->scratch, &verdict,
                           &workspace->signs, workspace->probability, workspace->in_set, error))
    return FALSE;
  fill (workspace, &verdict, judgement);
  if (saxid_material_judge (workspace->context, seen, &workspace->signs, judgement, workspace->probability, workspace->in_set))
    find_levels (predictor, judgement);
  saxid_atoms_judge (workspace, curve, judgement);
  say_why_abstained (predictor, seen, &verdict, judgement);
  judgement->repairs = repairs;
  return TRUE;
}

guint
saxid_pipeline_seeds (const struct saxid_workspace *workspace, const SaxidCurve *curve, const SaxidJudgement *judgement,
                      SaxidSeed *seed)
{
  const SaxidForms forms = saxid_model_forms (workspace->context->model);
  g_autoptr (SaxidCurve) part = saxid_peaks_small_angles (curve);

  if (judgement->status != SAXID_VERDICT_OK || !saxid_seeds_possible (&forms) || judgement->label >= (int) forms.n_class)
    return 0;
  return saxid_seeds_find (&forms, part != NULL ? part : curve, judgement->probability, judgement->contest, SAXID_PIPELINE_CANDIDATES, seed);
}

gboolean
saxid_pipeline_frame (struct saxid_workspace *workspace, const struct saxid_frame *frame,
                      SaxidCurve **curve, SaxidJudgement *judgement, GError **error)
{
  g_autoptr (SaxidCurve) integrated = NULL;

  if (workspace->reduction == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "frames need a 'geometry' in the configuration");
      return FALSE;
    }
  integrated = saxid_reduction_curve (workspace->context->reduction, workspace->reduction, frame, error);
  if (integrated == NULL || !saxid_pipeline_curve (workspace, integrated, judgement, error))
    return FALSE;
  *curve = g_steal_pointer (&integrated);
  return TRUE;
}
