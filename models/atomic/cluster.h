/* Particles of metal atoms that are polyhedra: where each atom lies.
 *
 * Lattice points inside a polyhedron, or concentric shells and columns where no lattice fits (icosahedron,
 * dodecahedron, decahedron). A polyhedron is a row of a table; its size is n, of a decahedron P, E and M.
 * Mackay 1962, doi:10.1107/S0365110X6200239X; Marks 1983, doi:10.1080/01418618308243118.
 *
 * Units: lengths in d, the distance of nearest neighbours that a polyhedron is built with. Thread: pure.
 */
#pragma once

#include <glib.h>

#include "models/atomic/symmetry.h"

G_BEGIN_DECLS

/* Largest size that is made: some million atoms. */
#define SAXID_CLUSTER_MOST_SIZE 100

typedef struct SaxidPolyhedron SaxidPolyhedron;

/* Edge of an ideal polyhedron. A decahedron has n rings of columns, whose outermost is e + 1 atoms long; notches
 * of depth m at its corners (Marks). Others have e = m = 0. */
typedef struct
{
  guint n, e, m;
} SaxidClusterSize;

typedef struct
{
  const SaxidPolyhedron *polyhedron;
  SaxidClusterSize size;
  gsize n;           /* atoms */
  double *position;  /* [n × 3] from the centre of mass, in d */
  double step;       /* of the lattice, in d; 0: none */
  gint32 *lattice;   /* [n × 3] in steps, from the origin of the lattice; NULL: none */
} SaxidCluster;

/* The k-th polyhedron, NULL past the end; NULL where none has this name. */
const SaxidPolyhedron *saxid_polyhedron_at (guint k);
const SaxidPolyhedron *saxid_polyhedron_find (const char *name);
const char *saxid_polyhedron_name (const SaxidPolyhedron *polyhedron);
/* "fcc", "bcc", "icosahedral", "dodecahedral" or "decahedral". */
const char *saxid_polyhedron_family (const SaxidPolyhedron *polyhedron);
SaxidPointGroup saxid_polyhedron_group (const SaxidPolyhedron *polyhedron);
/* Volume of one atom, d³: of the polyhedron of large n. */
double saxid_polyhedron_atom_volume (const SaxidPolyhedron *polyhedron);
/* Whether e and m mean something. */
gboolean saxid_polyhedron_has_columns (const SaxidPolyhedron *polyhedron);
/* About how many atoms size n has, e and m being 0: the volume of the solid over that of an atom, to some per cent of
 * large ones, and never too many. */
double saxid_polyhedron_atoms (const SaxidPolyhedron *polyhedron, guint n);
/* The least size: a tetrahedron of edge 1 is one atom, and scatters no pair. */
guint saxid_polyhedron_least (const SaxidPolyhedron *polyhedron);

/* Errors: SAXID_ERROR_ARGUMENT for a size that the polyhedron does not have. */
SaxidCluster *saxid_cluster_new (const SaxidPolyhedron *polyhedron, SaxidClusterSize size, GError **error);
void saxid_cluster_free (SaxidCluster *cluster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCluster, saxid_cluster_free)

/* Mean of x_i x_j over the atoms, d²: its trace is R_g², and with the mass of all atoms
 * the moments of inertia follow. Shape: 3 × 3. */
void saxid_cluster_second_moments (const SaxidCluster *cluster, double moment[3][3]);
double saxid_cluster_gyration_radius (const SaxidCluster *cluster);
/* Largest distance of an atom from the centre of mass. */
double saxid_cluster_radius (const SaxidCluster *cluster);

G_END_DECLS
