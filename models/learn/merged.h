/* Which classes are merged, for whoever asks a coarser question?
 *
 * Thread: pure; a predictor is changed before it is shared.
 */
#pragma once

#include "models/learn/predictor.h"

G_BEGIN_DECLS

/* Class `index` of the names as the set of that name has it: "nine" makes a disc an
 * oblate ellipsoid and a core-shell disc a core-shell oblate one (the classes of Monge et
 * al. 2024), "all" leaves everything. The class itself where nothing is merged.
 * NULL for a set that is not known. */
const char *saxid_merged_class (const char *set, const char *name);

/* Which of the classes that are left each class counts as; their number, 0 on error.
 * Shape: name and merged n, at least 1.
 * Errors: SAXID_ERROR_ARGUMENT: no such set, or a class lacks what it becomes. */
guint saxid_merged_map (guint n, char *const *name, const char *set, guint8 *merged, GError **error);

/* The predictor answers with the classes of the set from here on: probabilities of
 * classes that count as one are added, and are calibrated for those who have no others.
 * Errors: those of saxid_merged_map. */
gboolean saxid_predictor_merge (SaxidPredictor *predictor, const char *set, GError **error);

G_END_DECLS
