/* Which atoms lack neighbours?
 *
 * Neighbours are counted once for each orbit.
 *
 * Thread: pure.
 */
#include "models/atomic/surface.h"

/* As far apart as that two atoms are neighbours, d: in bcc the second nearest ones, at 1.155, count. */
#define NEAR 1.25
#define PART 0.8

static guint
count_near (const SaxidCluster *cluster, gsize atom)
{
  const double *at = cluster->position + 3 * atom;
  guint near = 0;

  for (gsize k = 0; k < cluster->n; k++)
    {
      const double *r = cluster->position + 3 * k;
      const double x = r[0] - at[0], y = r[1] - at[1], z = r[2] - at[2];

      near += x * x + y * y + z * z < NEAR * NEAR;
    }
  return near - 1;
}

/* Shape: is_surface n. */
static void
find_surface (const SaxidCluster *cluster, gboolean *is_surface)
{
  const gsize n = cluster->n;
  g_autofree gsize *atom = g_new (gsize, 3 * n);
  g_autofree guint *near = g_new (guint, n);
  gsize *size = atom + n, *of = atom + 2 * n;
  const gsize orbits
      = saxid_symmetry_orbits (saxid_polyhedron_group (cluster->polyhedron), n, cluster->position, atom, size, of);
  guint most = 0;

  for (gsize k = 0; k < orbits; k++)
    {
      near[k] = count_near (cluster, atom[k]);
      most = MAX (most, near[k]);
    }
  for (gsize k = 0; k < n; k++)
    is_surface[k] = near[of[k]] < PART * most;
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

  find_surface (cluster, is_surface);
  *core = take (cluster, is_surface, FALSE);
  *surface = take (cluster, is_surface, TRUE);
}
