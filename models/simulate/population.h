/* Which particles are in the bottle: a population draws them class by class.
 *
 * A population is a text (a key file, see saxid-simulate(1)): one group for each
 * class, one line for each parameter.
 *
 * Units: lengths Å, SLD 1e-6/Å², scale = volume fraction.
 * Thread: immutable once parsed; a draw uses the caller's generator only.
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
  SaxidDistribution distribution;           /* of every width */
  double scale;
  double side_width[SAXID_SHAPE_MAX_PARAMETERS]; /* sigma/mean of the other sizes */
  double second_share; /* part of the scale that is a second population, 0 = none */
  double second_size;  /* its main size over that of the first */
  guint variant;       /* 0: of the class's own shape */
} SaxidParticle;

typedef struct SaxidPopulation SaxidPopulation;

/* place: where the text is from, for messages.
 * Errors: SAXID_ERROR_ARGUMENT, with line, group and key: not the format, a class
 * without a shape, a parameter that is missing, unknown or could leave its bounds. */
SaxidPopulation *saxid_population_parse (const char *name, const char *place, const char *text, GError **error);
void saxid_population_free (SaxidPopulation *population);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPopulation, saxid_population_free)

const char *saxid_population_name (const SaxidPopulation *population);
const char *saxid_population_title (const SaxidPopulation *population);
/* SHA-256 of the text, in hexadecimal digits. */
const char *saxid_population_digest (const SaxidPopulation *population);
guint saxid_population_class_count (const SaxidPopulation *population);
const SaxidShape *saxid_population_class (const SaxidPopulation *population, guint index);
/* Whether it draws distributions, second widths or second populations. */
gboolean saxid_population_has_extras (const SaxidPopulation *population);
/* Whether some of its classes have variants: particles of another shape, or of other laws. */
gboolean saxid_population_has_variants (const SaxidPopulation *population);

/* Draws one particle of class `index`; its shape is that of the variant that was drawn. */
void saxid_population_draw (const SaxidPopulation *population, guint index, SaxidRandom *random,
                            SaxidParticle *particle);

/* I(q) in 1/cm of a particle, scale included, background not.
 * Shape: q and out have n elements. Errors: as saxid_shape_intensity. */
gboolean saxid_particle_intensity (const SaxidParticle *particle, gsize n, const double *q,
                                   double *out, GError **error);

G_END_DECLS
