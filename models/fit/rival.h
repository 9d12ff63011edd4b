/* What else may a curve be, if no particle of the classes? Closed formulas, judged by the
 * same evidence as the form factors: their mean is the evidence for "none of these".
 *
 * Units: q 1/Å, lengths Å. Thread: pure.
 */
#pragma once

#include "models/fit/evidence.h"

G_BEGIN_DECLS

guint saxid_rival_count (void);
const char *saxid_rival_name (guint rival);

/* The best of one rival for a curve. Shape: q ascending, points of the
 * discrepancy. FALSE: it has no fit. */
gboolean saxid_rival_judge (guint rival, const SaxidDiscrepancy *discrepancy, const double *q, SaxidEvidence *evidence);

G_END_DECLS
