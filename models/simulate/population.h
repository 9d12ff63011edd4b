/* Which particles are in the bottle: a population draws them class by class.
 *
 * Units: lengths Å, SLD 1e-6/Å², scale = volume fraction.
 * Thread: the tables are const; a draw uses the caller's generator only.
 */
#pragma once

#include "models/shapes/shape.h"
#include "models/simulate/random.h"

G_BEGIN_DECLS

/* One kind of particle in solution: all that I(q) depends on. */
typedef struct
{
  const SaxidShape *shape;
  double value[SAXID_SHAPE_MAX_PARAMETERS]; /* in the order of shape->parameter */
  double width;                             /* sigma/mean of the main size */
  SaxidDistribution distribution;
  double scale;
} SaxidParticle;

typedef struct SaxidPopulation SaxidPopulation;

/* NULL when there is no population of this name. */
const SaxidPopulation *saxid_population_find (const char *name);
/* The k-th population, NULL past the end. */
const SaxidPopulation *saxid_population_at (guint index);

const char *saxid_population_name (const SaxidPopulation *population);
const char *saxid_population_title (const SaxidPopulation *population);
guint saxid_population_class_count (const SaxidPopulation *population);
const SaxidShape *saxid_population_class (const SaxidPopulation *population, guint index);

/* Draws one particle of class `index`. */
void saxid_population_draw (const SaxidPopulation *population, guint index, SaxidRandom *random,
                            SaxidParticle *particle);

/* I(q) in 1/cm of a particle, scale included, background not.
 * Shape: q and out have n elements. Errors: as saxid_shape_intensity. */
gboolean saxid_particle_intensity (const SaxidParticle *particle, gsize n, const double *q,
                                   double *out, GError **error);

G_END_DECLS
