/* How are the distances in a particle counted?
 *
 * Thread: pure.
 */
#include "models/atomic/distances.h"

#include <math.h>

#include "models/every-processor.h"

/* Distances that are computed as vectors before they are sorted in. */
#define BLOCK 1024

/* Coordinates in three rows, so that the loops over atoms are vectors. */
typedef struct
{
  gsize n, orbits;
  gsize *atom, *size;
  double *x, *y, *z;
} Equivalent;

static void
equivalent_init (Equivalent *self, const SaxidCluster *cluster)
{
  const gsize n = cluster->n;

  *self = (Equivalent) { .n = n, .atom = g_new (gsize, n), .size = g_new (gsize, n) };
  self->orbits = saxid_symmetry_orbits (saxid_polyhedron_group (cluster->polyhedron), n, cluster->position, self->atom,
                                        self->size, NULL);
  self->x = g_new (double, 3 * n);
  self->y = self->x + n;
  self->z = self->y + n;
  for (gsize k = 0; k < n; k++)
    for (guint i = 0; i < 3; i++)
      self->x[i * n + k] = cluster->lattice != NULL ? cluster->lattice[3 * k + i] : cluster->position[3 * k + i];
}

static void
equivalent_clear (Equivalent *self)
{
  g_free (self->atom);
  g_free (self->size);
  g_free (self->x);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Equivalent, equivalent_clear)

/* --- lattices ----------------------------------------------------------------------------- */

/* Whole numbers in double are exact. */
SAXID_EVERY_PROCESSOR static void
find_squares (const Equivalent *self, gsize first, gsize n, const double *at, gint32 *square)
{
  const double *x = self->x + first, *y = self->y + first, *z = self->z + first;

  for (gsize k = 0; k < n; k++)
    {
      const double dx = x[k] - at[0], dy = y[k] - at[1], dz = z[k] - at[2];

      square[k] = (gint32)(dx * dx + dy * dy + dz * dz);
    }
}

static void
count_squares (const Equivalent *self, gsize orbit, double *count)
{
  const gsize atom = self->atom[orbit];
  const double at[] = { self->x[atom], self->y[atom], self->z[atom] }, weight = (double)self->size[orbit];
  gint32 square[BLOCK];

  for (gsize first = 0; first < self->n; first += BLOCK)
    {
      const gsize n = MIN (BLOCK, self->n - first);

      find_squares (self, first, n, at, square);
      for (gsize k = 0; k < n; k++)
        count[square[k]] += weight;
    }
}

SaxidDistances *
saxid_distances_of_squares (gsize atoms, double step, gsize n_square, const double *count)
{
  SaxidDistances *out = g_new0 (SaxidDistances, 1);
  gsize n = 0;

  for (gsize k = 1; k < n_square; k++)
    n += count[k] > 0;
  *out = (SaxidDistances) { .atoms = atoms, .distance = g_new (double, n + 1), .pairs = g_new (double, n + 1) };
  for (gsize k = 1; k < n_square; k++)
    if (count[k] > 0)
      {
        out->distance[out->n] = step * sqrt ((double)k);
        out->longest = out->distance[out->n];
        out->pairs[out->n++] = count[k];
      }
  return out;
}

static SaxidDistances *
count_on_lattice (const SaxidCluster *cluster, const Equivalent *self)
{
  const double across = 2 * saxid_cluster_radius (cluster) / cluster->step;
  const gsize n_square = (gsize)(across * across) + 2;
  g_autofree double *count = g_new0 (double, n_square);

  for (gsize orbit = 0; orbit < self->orbits; orbit++)
    count_squares (self, orbit, count);
  return saxid_distances_of_squares (cluster->n, cluster->step, n_square, count);
}

/* --- bins --------------------------------------------------------------------------------- */

SAXID_EVERY_PROCESSOR static void
find_places (const Equivalent *self, gsize first, gsize n, const double *at, double per_width, double *place)
{
  const double *x = self->x + first, *y = self->y + first, *z = self->z + first;

  for (gsize k = 0; k < n; k++)
    {
      const double dx = x[k] - at[0], dy = y[k] - at[1], dz = z[k] - at[2];

      place[k] = sqrt (dx * dx + dy * dy + dz * dz) * per_width;
    }
}

/* The atom itself goes into bin 0, which is not read. */
static void
fill_bins (const Equivalent *self, gsize orbit, double width, double *bin)
{
  const gsize atom = self->atom[orbit];
  const double at[] = { self->x[atom], self->y[atom], self->z[atom] }, weight = (double)self->size[orbit];
  double place[BLOCK];

  for (gsize first = 0; first < self->n; first += BLOCK)
    {
      const gsize n = MIN (BLOCK, self->n - first);

      find_places (self, first, n, at, 1 / width, place);
      for (gsize k = 0; k < n; k++)
        {
          const guint32 lower = (guint32)place[k];
          const double upper = weight * (place[k] - lower);

          bin[lower] += weight - upper;
          bin[lower + 1] += upper;
        }
    }
}

static SaxidDistances *
count_in_bins (const SaxidCluster *cluster, const Equivalent *self, double width)
{
  const gsize n_bin = (gsize)(2 * saxid_cluster_radius (cluster) / width) + 3;
  g_autofree double *bin = g_new0 (double, n_bin);
  SaxidDistances *out = g_new0 (SaxidDistances, 1);
  gsize n = 0;

  for (gsize orbit = 0; orbit < self->orbits; orbit++)
    fill_bins (self, orbit, width, bin);
  for (gsize k = 1; k < n_bin; k++)
    n += bin[k] > 0;
  *out = (SaxidDistances) {
    .atoms = cluster->n, .width = width, .distance = g_new (double, n + 1), .pairs = g_new (double, n + 1)
  };
  for (gsize k = 1; k < n_bin; k++)
    if (bin[k] > 0)
      {
        out->distance[out->n] = width * (double)k;
        out->longest = out->distance[out->n];
        out->pairs[out->n++] = bin[k];
      }
  return out;
}

SaxidDistances *
saxid_distances_new (const SaxidCluster *cluster, double width)
{
  g_auto (Equivalent) self = { 0 };

  equivalent_init (&self, cluster);
  return cluster->lattice != NULL ? count_on_lattice (cluster, &self) : count_in_bins (cluster, &self, width);
}

void
saxid_distances_free (SaxidDistances *distances)
{
  if (distances == NULL)
    return;
  g_free (distances->distance);
  g_free (distances->pairs);
  g_free (distances);
}
