/* What does a sample scatter besides its particles, and because they are not alone?
 *
 * Units: q 1/Å, I 1/cm. Thread: pure.
 */
#pragma once

#include "models/simulate/nuisance.h"
#include "models/simulate/response.h"

G_BEGIN_DECLS

/* The true intensity of particles that repel, order or attract each other, or NULL where they
 * are dilute. Free with g_free. Shape: truth n_true of the response. */
double *saxid_surroundings_interact (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth);

/* Adds by-products, polymers, aggregates and a flat background to the smeared intensity.
 * Shape: intensity n_q of the response. */
void saxid_surroundings_add (const SaxidResponse *response, const SaxidNuisances *nuisances, double *intensity);

G_END_DECLS
