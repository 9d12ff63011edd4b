/* How often each distance occurs between the atoms of a particle.
 *
 * One atom of each orbit against all others, weighted by the size of the orbit: N²/|G| distances, exact. On a
 * lattice r² is a whole number and distances are counted; elsewhere they go into bins, each pair into
 * the two nearest ones (linearly), for which P is corrected by sinc² (models/atomic/debye.h). Columns of atoms are counted as such (columns.h).
 *
 * Units: d, as cluster.h. Thread: pure.
 */
#pragma once

#include "models/atomic/cluster.h"

G_BEGIN_DECLS

/* Pairs inside, between inside and surface, on the surface. */
enum
{
  SAXID_CLUSTER_CORE,
  SAXID_CLUSTER_CROSS,
  SAXID_CLUSTER_SURFACE,
  SAXID_CLUSTER_PARTS
};

/* Widths of bins, d: P is right to 1e-5 of N + P up to x = 70; or to 1e-3 in a tenth of the time. */
#define SAXID_DISTANCES_WIDTH 1e-4
#define SAXID_DISTANCES_ROUGH 1e-3

typedef struct
{
  gsize atoms;
  gsize n;          /* distances, or bins that hold something */
  double width;     /* of bins; 0: each distance is exact */
  double longest;
  double *distance; /* [n] rising, without 0 */
  double *pairs;    /* [n] ordered pairs: their sum is N (N - 1) */
} SaxidDistances;

/* width: of bins, where there are any. */
SaxidDistances *saxid_distances_new (const SaxidCluster *cluster, double width);
/* The same, apart for each kind of pair, in one pass. The longest distance of each is that of all. Shape: is_surface n of the cluster, the same
 * for all atoms of an orbit; part SAXID_CLUSTER_PARTS, to be freed. */
void saxid_distances_of_parts (const SaxidCluster *cluster, const gboolean *is_surface, double width, SaxidDistances **part);
/* Of a lattice: counts of r² = 0 … n_square - 1 in steps², r² = 0 being the atoms themselves.
 * For who counts by another way. */
SaxidDistances *saxid_distances_of_squares (gsize atoms, double step, gsize n_square, const double *count);
void saxid_distances_free (SaxidDistances *distances);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDistances, saxid_distances_free)

G_END_DECLS
