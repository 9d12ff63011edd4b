/* The constructions of cluster.h, one function each: for its table alone.
 *
 * Thread: pure.
 */
#pragma once

#include "models/atomic/cluster.h"

G_BEGIN_DECLS

/* What is built: points of a lattice with its step, or positions, not centred. */
typedef struct
{
  gsize n, allocated;
  double step;      /* d */
  gint32 *lattice;  /* [n × 3] or NULL */
  double *position; /* [n × 3] in d, or NULL */
} SaxidSites;

void saxid_construct_cube (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_cuboctahedron (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_dihedral (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_octahedron (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_rhombic (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_tetrahedron (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_icosahedron (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_dodecahedron (SaxidSites *sites, const SaxidClusterSize *size);
void saxid_construct_decahedron (SaxidSites *sites, const SaxidClusterSize *size);

G_END_DECLS
