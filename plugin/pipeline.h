/* The stages from a curve to a judgement, in order.
 *
 * Thread: as the workspace.
 */
#pragma once

#include "models/fit/candidates.h"
#include "models/atomic/answer.h"
#include "models/learn/levels.h"
#include "models/materials/answer.h"
#include "plugin/workspace.h"

G_BEGIN_DECLS

/* What the module says of one curve. */
typedef struct
{
  int status; /* SAXID_VERDICT_… */
  int label;  /* -1 = none */
  float confidence, outlier_score, coverage;
  gboolean outlier;
  const float *probability; /* [n_class], of the workspace: until its next curve */
  const guint8 *in_set;     /* [n_class], likewise */
  const SaxidContest *contest; /* likewise; NULL: the curve was not judged */
  float level[SAXID_N_LEVEL][SAXID_LEVEL_MOST_NAMES]; /* family and structure, as in levels.h */
  char note[SAXID_LEVEL_NOTE]; /* what is known where the class is not, or "" */
  char reason[128];         /* where the status is not OK */
  SaxidMaterialAnswer material; /* what a disordered material would be; status NOT_ASKED: particles explain the curve */
  SaxidAtomsAnswer atoms; /* what particles of atoms would be; beside the class, whatever that is */
  SaxidCurveRepairs repairs; /* what had to be done to the curve first */
} SaxidJudgement;

/* How many of the likeliest form factors are fitted to find the best. */
#define SAXID_PIPELINE_CANDIDATES 3

/* The fits that go with the judgement on a clean curve, the best first; their number.
 * Shape: seed SAXID_PIPELINE_CANDIDATES. */
guint saxid_pipeline_seeds (const struct saxid_workspace *workspace, const SaxidCurve *curve,
                            const SaxidJudgement *judgement, SaxidSeed *seed);

/* Judges a curve as it was read, with fits where the context has them; it is cleaned in place. A curve that is none
 * is judged too (REJECTED, with the reason).
 * Errors: SAXID_ERROR_MODEL. */
gboolean saxid_pipeline_curve (struct saxid_workspace *workspace, SaxidCurve *curve,
                               SaxidJudgement *judgement, GError **error);

/* The curve of a detector image, and the judgement on it. *curve is the caller's;
 * it is clean unless the judgement is REJECTED.
 * Errors: SAXID_ERROR_ARGUMENT without a geometry; those of the reduction. */
gboolean saxid_pipeline_frame (struct saxid_workspace *workspace, const struct saxid_frame *frame,
                               SaxidCurve **curve, SaxidJudgement *judgement, GError **error);

/* The judgement on a curve that could not be had at all. */
void saxid_pipeline_reject (struct saxid_workspace *workspace, const char *reason,
                            SaxidJudgement *judgement);

G_END_DECLS
