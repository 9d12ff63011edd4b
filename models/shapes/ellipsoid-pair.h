/* What does a population of ellipsoids inside shells scatter, at large q?
 *
 * Units: Å, 1e-6/Å^2, 1/Å. Thread: pure.
 */
#pragma once

#include "models/shapes/distribution.h"

G_BEGIN_DECLS

/* Core: equatorial radius a, polar aspect a. Whole: a + thickness and
 * aspect a + polar thickness. a has the distribution, all else is fixed. */
typedef struct
{
  double size, width;
  SaxidDistribution distribution;
  guint power; /* of the distribution's tail that matters */
  double aspect, thickness, polar;
  double core, whole; /* amplitudes over the volumes: differences of density */
} SaxidEllipsoidPair;

/* From which q on saxid_ellipsoid_pair holds, 1/Å; G_MAXDOUBLE for what it is not
 * made for: wide and cut distributions, aspects beyond 1:40. */
double saxid_ellipsoid_pair_from (const SaxidEllipsoidPair *pair);

/* out[k] = mean square of the amplitude / mean volume, 1e-12 1/Å, for ascending
 * q from saxid_ellipsoid_pair_from. `extent`: the farthest that particles reach.
 * Precision: 1e-7 as a rule. */
void saxid_ellipsoid_pair (const SaxidEllipsoidPair *pair, double extent, gsize n, const double *q,
                           double *out);

G_END_DECLS
