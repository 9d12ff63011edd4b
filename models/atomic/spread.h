/* How well does a curve fix what a fit says of its particles?
 *
 * Standard deviations by derivatives at the fit: those of the sizes and d in its coordinates, scale and background being free,
 * with a wide normal prior on each, so that what the curve says nothing of has that width. Misfits are taken as noise.
 *
 * Units: d and radius relative. Thread: pure.
 */
#pragma once

#include "models/atomic/fit.h"

G_BEGIN_DECLS

/* What is told of particles, each with an interval. */
enum
{
  SAXID_CLUSTER_LN_ATOMS,
  SAXID_CLUSTER_LN_D,
  SAXID_CLUSTER_LN_SPHERE, /* radius of the sphere of so many atoms */
  SAXID_CLUSTER_SPREAD_WIDTH,
  SAXID_CLUSTER_QUANTITIES
};

typedef struct
{
  double value[SAXID_CLUSTER_QUANTITIES], error[SAXID_CLUSTER_QUANTITIES];
} SaxidClusterSpread;

void saxid_cluster_spread (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve, const SaxidClusterFit *fit,
                           SaxidClusterSpread *spread);

G_END_DECLS
