/* With which model of SasView does the fit of a material go on?
 *
 *   teubner_strey        the same curve as bicontinuous phases have
 *   dab                  the same as random phases
 *   correlation_length   a Lorentzian with a free exponent and a power law, for what has an upturn
 *
 * A cut Gaussian random field is none of SasView's models. An equivalent is fitted to the curve of a fit, and is given where it
 * comes near; it is no model of the material.
 *
 * Units: those of SasView, q 1/Å, lengths Å. Thread: pure.
 */
#pragma once

#include "models/fit/candidates.h"
#include "models/materials/answer.h"

G_BEGIN_DECLS

/* An equivalent departs by no more than this part of I, root mean square. */
#define SAXID_EQUIVALENT_MOST 0.05

typedef struct
{
  const char *model, *category; /* sasmodels' name, SasView's category */
  guint n_value;
  SaxidSeedValue value[SAXID_SEED_PARAMETERS]; /* scale and background first; there is no width */
  double q_min, q_max;                         /* within which it holds, 1/Å */
  double departure;                            /* of the fit, relative, root mean square */
  gboolean is_same;                            /* the model is that of the material, not only its curve */
} SaxidEquivalent;

/* The simplest model that comes near; FALSE: none does, and `equivalent` has the nearest. A material must have been found. */
gboolean saxid_material_equivalent (const SaxidMaterialAnswer *answer, SaxidEquivalent *equivalent);

G_END_DECLS
