/* How often classes are met, before a curve is looked at.
 *
 * Thread: pure; a predictor gets its prior before it is shared.
 */
#pragma once

#include "models/learn/predictor.h"

G_BEGIN_DECLS

/* The probabilities of the predictor are multiplied by the weights of their classes from
 * here on, and normalised: it has learned from as many curves of each. A class that is not
 * named has weight 1; one that other models have is passed over. All weights the same: none.
 * A predictor is given its prior before its classes are merged (merged.h).
 * Shape: name and weight n.
 * Errors: SAXID_ERROR_ARGUMENT for a class of no model, a weight that is negative or not
 * finite, or weights that leave no class. */
gboolean saxid_predictor_set_prior (SaxidPredictor *predictor, guint n, const char *const *name, const double *weight,
                                    GError **error);

/* Multiplies and normalises; nothing where the prior is uniform. Shape: probability n_class. */
void saxid_prior_apply (const SaxidPredictor *predictor, float *probability);

/* Prior probability of a class, of the classes that the predictor answers with. */
double saxid_prior_of (const SaxidPredictor *predictor, guint class);

G_END_DECLS
