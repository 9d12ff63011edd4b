/* Disordered materials beside the particles: two more classes of a context whose fits are weighed.
 *
 * A particle has the first word. A material is asked for where no form factor comes near the curve, or
 * the network calls it an outlier; it then stands against the best form factor by the same
 * weights (models/fit/contest.h).
 *
 * Thread: pure.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "plugin/pipeline.h"

G_BEGIN_DECLS

/* Gives the context its classes: those of the model, and those of materials where fits are weighed and `wanted`. */
void saxid_material_add_classes (struct saxid_context *context, gboolean wanted);

/* Asks, where there is reason to, and gives the probability of the material beside all form factors; FALSE: it is none.
 * The curve must be clean. */
gboolean saxid_material_weigh (const SaxidMaterialKnown *known, const SaxidCurve *curve, const SaxidFitSigns *signs,
                               SaxidMaterialAnswer *answer, double *p);

/* The same, and gives the material its part of the probabilities; FALSE: nothing has changed.
 * The curve must be clean. Shape: probability and in_set n_class of the context. */
gboolean saxid_material_judge (const struct saxid_context *context, const SaxidCurve *curve, const SaxidFitSigns *signs,
                               SaxidJudgement *judgement, float *probability, guint8 *in_set);

/* What the user knows: an object with any of "porosity", "contrast", "density", "per_density" (answer.h).
 * Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_material_from_json (JsonNode *node, SaxidMaterialKnown *known, GError **error);
/* The member "material", where anything is known. */
void saxid_material_to_json (const SaxidMaterialKnown *known, JsonBuilder *builder);

G_END_DECLS
