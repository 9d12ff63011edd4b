/* How probable are the data, if a family of curves is right?
 *
 * ln Z = ln of the integral of p(D | theta, s, tau, l) p(theta) over the parameters, the
 * scale s and the discrepancy (tau, l): what fits only after its many parameters were set
 * exactly so is less probable than what fits about as well anyhow (MacKay 1992,
 * doi:10.1162/neco.1992.4.3.415; Sivia & Skilling, Data Analysis, chapter 4). The integral
 * over the parameters is Laplace's, about the best fit: for the pair (tau, l) at which it
 * was fitted, and with the model linear in the parameters for the others.
 *
 * Units: parameters as a family has them. Thread: pure.
 */
#pragma once

#include "models/fit/discrepancy.h"
#include "models/fit/space.h"

G_BEGIN_DECLS

#define SAXID_FAMILY_MOST (SAXID_SPACE_MOST + 1)

/* Curves with n parameters. */
typedef struct
{
  guint n;
  SaxidPrior prior[SAXID_FAMILY_MOST];
  /* FALSE: there is no such curve. Shape: parameter n, out points of the discrepancy. */
  gboolean (*curve) (gpointer data, const double *parameter, double *out);
  gpointer data;
} SaxidFamily;

typedef struct
{
  double parameter[SAXID_FAMILY_MOST];
  double scale;
  double misfit;       /* what the fit made least: rᵀ C⁻¹ r and the same of the prior */
  double at[SAXID_DISCREPANCY_PAIRS]; /* ln Z if the pair were known; NAN before saxid_evidence_judge */
  double log_evidence; /* of all pairs */
  guint pair;          /* of the discrepancy, at which it was fitted; after judging the most probable one */
  guint evaluations;
} SaxidEvidence;

/* The most probable parameters at a pair (tau, l), from `start` on, in at most so many
 * evaluations (Levenberg-Marquardt, cminpack's lmdif). FALSE: nowhere a curve. */
gboolean saxid_evidence_fit (const SaxidDiscrepancy *discrepancy, guint pair, const SaxidFamily *family,
                             const double *start, guint evaluations, SaxidEvidence *evidence);

/* Sets the evidence and pair of what was fitted. Costs n evaluations. */
gboolean saxid_evidence_judge (const SaxidDiscrepancy *discrepancy, const SaxidFamily *family,
                               SaxidEvidence *evidence);

/* What two fits of one family say together: each may be right about other pairs. Parameters
 * are those of the better one. */
void saxid_evidence_join (SaxidEvidence *evidence, const SaxidEvidence *other);

/* ln of the mean of exponentials, or of their sum. */
double saxid_log_sum (guint n, const double *logarithm);

G_END_DECLS
