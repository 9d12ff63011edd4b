/* How often each distance occurs between atoms that stand in columns.
 *
 * Columns along z, centred on the plane z = 0, of atoms that are equally far apart: decahedra. A column of each orbit is taken against
 * all others. How often a height occurs between columns of a and b atoms is a trapezoid, so that a pair of columns costs
 * (a + b) / 2 distances instead of a b.
 *
 * Units: d, as cluster.h. Thread: pure.
 */
#pragma once

#include "models/atomic/distances.h"

G_BEGIN_DECLS

/* Adds to the bins, each pair to the two nearest ones (distances.h). Atoms of a column that are inside follow each other.
 * Shape: is_surface n of the cluster, or NULL: none is; bin SAXID_CLUSTER_PARTS × (longest distance / width + 2). */
void saxid_columns_count (const SaxidCluster *cluster, const gboolean *is_surface, double width, double *const *bin);

G_END_DECLS
