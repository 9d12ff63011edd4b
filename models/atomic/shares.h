/* How many particles of each size has a distribution of the sizes of one polyhedron?
 *
 * Log-normal in the radius, times how far sizes are apart. A narrow one is of one size, which may lie between those of the atlas, as
 * where an outermost shell is incomplete, or be one that the atlas lacks. Of such a size P is a polynomial in n through its
 * neighbours: how often a difference between two sites occurs is a polynomial in n of degree 3 as soon as the particle is
 * larger than the difference (lattice points of a dilated polyhedron, Ehrhart), so that four neighbours give P but for the
 * very longest distances. Shares may therefore be negative.
 *
 * Units: radius ln of d. Thread: pure.
 */
#pragma once

#include "models/atomic/atlas.h"

G_BEGIN_DECLS

/* Their sum is 1. Shape: page and share n, the pages of one row. */
void saxid_cluster_shares (guint n, const SaxidClusterPage *page, double radius, double width, double *share);

G_END_DECLS
