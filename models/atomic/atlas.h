/* Computed particles of many sizes, to begin fits in.
 *
 * A page is one particle with its tables P(x), so that its surface may lack atoms; a row is all sizes of one polyhedron (of a decahedron: with
 * the same E and M), rising, so that a distribution of sizes is a sum over neighbours in a row. Tables are made when they are
 * first asked for: a curve of small particles never waits for those of large ones.
 *
 * Units: d. Thread: any number may use one.
 */
#pragma once

#include "models/atomic/debye.h"

G_BEGIN_DECLS

typedef struct
{
  const SaxidPolyhedron *polyhedron;
  SaxidClusterSize size;
  guint row;
  gsize atoms, on_surface; /* of them on_surface */
  double radius;           /* of the sphere of the same volume, (3 N V / 4π)^(1/3), in d */
  double last;             /* tables reach to this x */
  SaxidDebyeTable *pairs[SAXID_CLUSTER_PARTS]; /* on one grid; saxid_cluster_page_tables has them */
  gsize is_made;
} SaxidClusterPage;

typedef struct
{
  guint n;
  SaxidClusterPage *page; /* [n] rows one after the other */
  double last;            /* tables reach to this x */
} SaxidClusterAtlas;

/* N and P where a part p of the sites of the surface is taken, at random: P = core + p cross + p² surface. P as an instrument sees it
 * that knows x to a standard deviation of smear; known up to last, or as far as the atlas reaches. */
double saxid_cluster_page_atoms (const SaxidClusterPage *page, double occupancy);
SaxidDebyeTable *saxid_cluster_page_table (const SaxidClusterPage *page, double occupancy, double smear, double last);

/* The tables of a page. Shape: SAXID_CLUSTER_PARTS. */
SaxidDebyeTable *const *saxid_cluster_page_tables (const SaxidClusterPage *page);

/* All particles of at least SAXID_CLUSTER_FEWEST atoms whose radius is at most most_radius, without tables. */
SaxidClusterAtlas *saxid_cluster_atlas_new (double most_radius, double last, guint threads);
/* Makes the tables of all pages of these radii. Takes a second or two of one processor for 4 to 12 d. */
void saxid_cluster_atlas_make (const SaxidClusterAtlas *atlas, double least_radius, double most_radius, guint threads);
void saxid_cluster_atlas_free (SaxidClusterAtlas *atlas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidClusterAtlas, saxid_cluster_atlas_free)

/* Below some 50 atoms shapes hardly exist; so many are let in for those that are nearly one. */
#define SAXID_CLUSTER_FEWEST 30

G_END_DECLS
