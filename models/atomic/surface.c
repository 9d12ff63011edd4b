/* Which atoms lack neighbours?
 *
 * Neighbours are counted once for each orbit.
 *
 * Thread: pure.
 */
#include "models/atomic/surface.h"

#include "models/every-processor.h"

/* As far apart as that two atoms are neighbours, d: in bcc the second nearest ones, at 1.155, count. */
#define NEAR 1.25
#define PART 0.8

/* Shape: x, y and z n. The atom itself counts. */
SAXID_EVERY_PROCESSOR static gint64
count_near (gsize n, const double *x, const double *y, const double *z, gsize atom)
{
  gint64 near = 0;

  for (gsize k = 0; k < n; k++)
    {
      const double dx = x[k] - x[atom], dy = y[k] - y[atom], dz = z[k] - z[atom];

      near += dx * dx + dy * dy + dz * dz < NEAR * NEAR;
    }
  return near;
}

void
saxid_cluster_find_surface (const SaxidCluster *cluster, gboolean *is_surface)
{
  const gsize n = cluster->n;
  g_autofree gsize *atom = g_new (gsize, 3 * n);
  g_autofree gint64 *near = g_new (gint64, n);
  g_autofree double *x = g_new (double, 3 * n);
  gsize *size = atom + n, *of = atom + 2 * n;
  const gsize orbits
      = saxid_symmetry_orbits (saxid_polyhedron_group (cluster->polyhedron), n, cluster->position, atom, size, of);
  gint64 most = 0;

  for (gsize k = 0; k < 3 * n; k++)
    x[k % 3 * n + k / 3] = cluster->position[k];

  for (gsize k = 0; k < orbits; k++)
    {
      near[k] = count_near (n, x, x + n, x + 2 * n, atom[k]) - 1;
      most = MAX (most, near[k]);
    }
  for (gsize k = 0; k < n; k++)
    is_surface[k] = (double)near[of[k]] < PART * (double)most;
}

static SaxidCluster *
take (const SaxidCluster *cluster, const gboolean *is_surface, gboolean surface)
{
  SaxidCluster *out = g_new (SaxidCluster, 1);

  *out = *cluster;
  out->n = 0;
  out->position = g_new (double, 3 * cluster->n);
  out->lattice = cluster->lattice != NULL ? g_new (gint32, 3 * cluster->n) : NULL;
  for (gsize k = 0; k < 3 * cluster->n; k++)
    if (is_surface[k / 3] == surface)
      {
        out->position[3 * out->n + k % 3] = cluster->position[k];
        if (out->lattice != NULL)
          out->lattice[3 * out->n + k % 3] = cluster->lattice[k];
        out->n += k % 3 == 2;
      }
  return out;
}

void
saxid_cluster_split (const SaxidCluster *cluster, SaxidCluster **core, SaxidCluster **surface)
{
  g_autofree gboolean *is_surface = g_new (gboolean, cluster->n);

  saxid_cluster_find_surface (cluster, is_surface);
  *core = take (cluster, is_surface, FALSE);
  *surface = take (cluster, is_surface, TRUE);
}
