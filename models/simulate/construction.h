/* What people say of a particle that is no parameter of its form factor:
 * contrasts instead of densities, an equivalent radius and an aspect.
 *
 * Thread: const table, pure.
 */
#pragma once

#include "models/shapes/shape.h"

G_BEGIN_DECLS

#define SAXID_CONSTRUCTION_MOST 2

typedef struct
{
  const char *shape;                          /* NULL: every shape that has what it gives */
  const char *needs[SAXID_CONSTRUCTION_MOST]; /* words of the population file */
  const char *gives[SAXID_CONSTRUCTION_MOST]; /* parameters of the shape */
  gboolean positive;                          /* all that it needs must be */
  /* value: parameters so far, by index; given: by the order of `needs`; sets
   * value[to[…]] by the order of `gives`. */
  void (*build) (const SaxidShape *shape, const double *given, const int *to, double *value);
} SaxidConstruction;

/* The k-th that applies to a shape, NULL past the end. */
const SaxidConstruction *saxid_construction_at (const SaxidShape *shape, guint index);

G_END_DECLS
