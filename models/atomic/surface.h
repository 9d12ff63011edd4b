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

/* Shape: is_surface n of the cluster. */
void saxid_cluster_find_surface (const SaxidCluster *cluster, gboolean *is_surface);

/* The atoms of the surface, and all others, as particles of the same symmetry; each may have none. */
void saxid_cluster_split (const SaxidCluster *cluster, SaxidCluster **core, SaxidCluster **surface);

G_END_DECLS
