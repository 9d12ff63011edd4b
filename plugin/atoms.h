/* Particles of metal atoms beside the form factors: both may answer on one curve, and neither changes what the other says.
 *
 * They are asked for where fits are weighed and the curve shows the first peaks of crystals (models/atomic/answer.h), and
 * whatever it shows where the model "atomic" is named.
 *
 * Thread: pure.
 */
#pragma once

#include "plugin/pipeline.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* Names of models that say who answers: "auto", both by the rule above, and "atomic". The form factors' model is the one that
 * ships. */
gboolean saxid_atoms_is_rule (const char *model);

/* Errors: SAXID_ERROR_ARGUMENT for an element whose atoms are not known. element, model: of the configuration; NULL: not said. */
gboolean saxid_atoms_configure (struct saxid_context *context, const char *element, const char *model, GError **error);

/* The curve must be clean. */
void saxid_atoms_judge (const struct saxid_workspace *workspace, const SaxidCurve *curve, SaxidJudgement *judgement);

/* What is known of the particles, as fits of each shape that has a part. */
void saxid_atoms_store (SaxidRecord *record, gsize frame, const SaxidAtomsAnswer *answer);

/* Into a host's struct, of 1.7. */
void saxid_atoms_give (const SaxidAtomsAnswer *answer, struct saxid_atoms *atoms);

/* What a host gives back, as it was given: FALSE for what no answer says. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_atoms_take (const struct saxid_atoms *atoms, gsize frame, SaxidAtomsAnswer *answer, GError **error);

G_END_DECLS
