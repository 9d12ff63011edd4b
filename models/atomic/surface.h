/* Which atoms of a particle are its surface?
 *
 * Those with fewer neighbours than four fifths of what the best surrounded atom has: of close packing nine on a
 * triangular face, eight on a square one, twelve inside.
 *
 * Thread: pure.
 */
#pragma once

#include "models/atomic/cluster.h"

G_BEGIN_DECLS

/* The atoms of the surface, or all others, as a particle of the same symmetry; it may have none. */
SaxidCluster *saxid_cluster_surface (const SaxidCluster *cluster);
SaxidCluster *saxid_cluster_core (const SaxidCluster *cluster);

G_END_DECLS
