/* Which polyhedra can be built, and what is the size of one?
 *
 * Thread: pure.
 */
#include "models/atomic/cluster.h"

#include <math.h>
#include <string.h>

#include "models/atomic/construct.h"
#include "reducers/error.h"

#define FCC_VOLUME 0.70710678118654752   /* 1 / sqrt 2 */
#define BCC_VOLUME 0.76980035891950101   /* 4 / (3 sqrt 3) */
#define MACKAY_VOLUME 0.65450849718747371 /* 3/10 of an icosahedron of edge d */
#define SHELL_VOLUME 0.76631189606246322 /* a tenth of a dodecahedron of edge d */
#define COLUMN_VOLUME 0.72360679774997897 /* 6/5 of a pentagonal bipyramid of edge d */

struct SaxidPolyhedron
{
  const char *name, *family;
  SaxidPointGroup group;
  double atom_volume, leading; /* leading: of N for large n, over n³ */
  guint least;
  gboolean has_columns; /* e and m mean something */
  void (*build) (SaxidSites *sites, const SaxidClusterSize *size);
};

static const SaxidPolyhedron polyhedra[] = {
  { "cubefcc", "fcc", SAXID_GROUP_OH, FCC_VOLUME, 4, 1, FALSE, saxid_construct_cube },
  { "cuboctahedron", "fcc", SAXID_GROUP_OH, FCC_VOLUME, 10 / 3.0, 1, FALSE, saxid_construct_cuboctahedron },
  { "dihedral_rhombic_dodecahedron", "fcc", SAXID_GROUP_D4H, FCC_VOLUME, 4, 1, FALSE, saxid_construct_dihedral },
  { "icosahedron", "icosahedral", SAXID_GROUP_IH, MACKAY_VOLUME, 10 / 3.0, 1, FALSE, saxid_construct_icosahedron },
  { "octahedron", "fcc", SAXID_GROUP_OH, FCC_VOLUME, 2 / 3.0, 1, FALSE, saxid_construct_octahedron },
  { "dodecahedron", "dodecahedral", SAXID_GROUP_IH, SHELL_VOLUME, 10, 1, FALSE, saxid_construct_dodecahedron },
  { "pentagonal_bipyramid", "decahedral", SAXID_GROUP_D5H, COLUMN_VOLUME, 5 / 6.0, 1, TRUE, saxid_construct_decahedron },
  { "rhombic_dodecahedron", "bcc", SAXID_GROUP_OH, BCC_VOLUME, 4, 1, FALSE, saxid_construct_rhombic },
  { "tetrahedron", "fcc", SAXID_GROUP_TD, FCC_VOLUME, 1 / 6.0, 2, FALSE, saxid_construct_tetrahedron },
};

const SaxidPolyhedron *
saxid_polyhedron_at (guint k)
{
  return k < G_N_ELEMENTS (polyhedra) ? &polyhedra[k] : NULL;
}

const SaxidPolyhedron *
saxid_polyhedron_find (const char *name)
{
  for (guint k = 0; k < G_N_ELEMENTS (polyhedra); k++)
    if (strcmp (polyhedra[k].name, name) == 0)
      return &polyhedra[k];
  return NULL;
}

const char *
saxid_polyhedron_name (const SaxidPolyhedron *polyhedron)
{
  return polyhedron->name;
}

const char *
saxid_polyhedron_family (const SaxidPolyhedron *polyhedron)
{
  return polyhedron->family;
}

SaxidPointGroup
saxid_polyhedron_group (const SaxidPolyhedron *polyhedron)
{
  return polyhedron->group;
}

double
saxid_polyhedron_atom_volume (const SaxidPolyhedron *polyhedron)
{
  return polyhedron->atom_volume;
}

gboolean
saxid_polyhedron_has_columns (const SaxidPolyhedron *polyhedron)
{
  return polyhedron->has_columns;
}

double
saxid_polyhedron_atoms (const SaxidPolyhedron *polyhedron, guint n)
{
  return polyhedron->leading * n * n * n;
}

guint
saxid_polyhedron_least (const SaxidPolyhedron *polyhedron)
{
  return polyhedron->least;
}

/* --- clusters ----------------------------------------------------------------------------- */

static gboolean
check_size (const SaxidPolyhedron *polyhedron, const SaxidClusterSize *size, GError **error)
{
  if (size->n < 1 || size->n > SAXID_CLUSTER_MOST_SIZE)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "size of %s is %u, 1 to %d are possible", polyhedron->name, size->n,
                 SAXID_CLUSTER_MOST_SIZE);
  else if (!polyhedron->has_columns && (size->e > 0 || size->m > 0))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s has one size, n", polyhedron->name);
  else if (size->e > SAXID_CLUSTER_MOST_SIZE || 2 * size->m > size->n)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s has E = %u and M = %u with P = %u, E to %d and M to P/2 are possible",
                 polyhedron->name, size->e, size->m, size->n, SAXID_CLUSTER_MOST_SIZE);
  else
    return TRUE;
  return FALSE;
}

static void
to_centre (SaxidCluster *cluster)
{
  double mean[3] = { 0 };

  for (gsize k = 0; k < 3 * cluster->n; k++)
    mean[k % 3] += cluster->position[k];
  for (gsize k = 0; k < 3 * cluster->n; k++)
    cluster->position[k] -= mean[k % 3] / (double)cluster->n;
}

SaxidCluster *
saxid_cluster_new (const SaxidPolyhedron *polyhedron, SaxidClusterSize size, GError **error)
{
  SaxidCluster *cluster;
  SaxidSites sites = { 0 };

  if (!check_size (polyhedron, &size, error))
    return NULL;
  cluster = g_new0 (SaxidCluster, 1);
  polyhedron->build (&sites, &size);
  *cluster = (SaxidCluster) { .polyhedron = polyhedron, .size = size, .n = sites.n, .step = sites.step };
  cluster->lattice = sites.lattice;
  cluster->position = sites.lattice != NULL ? g_new (double, 3 * sites.n) : sites.position;
  for (gsize k = 0; cluster->lattice != NULL && k < 3 * cluster->n; k++)
    cluster->position[k] = cluster->step * cluster->lattice[k];
  to_centre (cluster);
  return cluster;
}

void
saxid_cluster_free (SaxidCluster *cluster)
{
  if (cluster == NULL)
    return;
  g_free (cluster->position);
  g_free (cluster->lattice);
  g_free (cluster);
}

void
saxid_cluster_second_moments (const SaxidCluster *cluster, double moment[3][3])
{
  memset (moment, 0, 9 * sizeof (double));
  for (gsize k = 0; k < cluster->n; k++)
    for (guint i = 0; i < 3; i++)
      for (guint j = 0; j < 3; j++)
        moment[i][j] += cluster->position[3 * k + i] * cluster->position[3 * k + j] / (double)cluster->n;
}

double
saxid_cluster_gyration_radius (const SaxidCluster *cluster)
{
  double moment[3][3];

  saxid_cluster_second_moments (cluster, moment);
  return sqrt (moment[0][0] + moment[1][1] + moment[2][2]);
}

double
saxid_cluster_radius (const SaxidCluster *cluster)
{
  double most = 0;

  for (gsize k = 0; k < cluster->n; k++)
    {
      const double *r = cluster->position + 3 * k;

      most = fmax (most, r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
    }
  return sqrt (most);
}
