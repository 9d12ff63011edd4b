/* How are the distances in a particle counted?
 *
 * Thread: pure.
 */
#include "models/atomic/distances.h"

#include <math.h>

#include "models/atomic/columns.h"
#include "models/every-processor.h"

/* Distances that are computed as vectors before they are sorted in. */
#define BLOCK 1024

/* Coordinates in three rows, so that the loops over atoms are vectors; those inside come first. */
typedef struct
{
  gsize n, inside, orbits;
  gsize *atom, *size;    /* of an orbit */
  const gboolean *is_surface;
  double *position;      /* [n × 3] as they are */
  double *x, *y, *z;     /* in the other order */
} Equivalent;

static void
equivalent_init (Equivalent *self, const SaxidCluster *cluster, const gboolean *is_surface)
{
  const gsize n = cluster->n;
  gsize at = 0;

  *self = (Equivalent) { .n = n, .atom = g_new (gsize, n), .size = g_new (gsize, n), .is_surface = is_surface,
                         .position = g_new (double, 6 * n) };
  self->orbits = saxid_symmetry_orbits (saxid_polyhedron_group (cluster->polyhedron), n, cluster->position, self->atom,
                                        self->size, NULL);
  self->x = self->position + 3 * n;
  self->y = self->x + n;
  self->z = self->y + n;
  for (gsize k = 0; k < 3 * n; k++)
    self->position[k] = cluster->lattice != NULL ? cluster->lattice[k] : cluster->position[k];
  for (guint outside = 0; outside < 2; outside++)
    for (gsize k = 0; k < n; k++)
      if ((is_surface != NULL && is_surface[k]) == outside)
        {
          for (guint i = 0; i < 3; i++)
            self->x[i * n + at] = self->position[3 * k + i];
          at++;
          self->inside += !outside;
        }
}

static void
equivalent_clear (Equivalent *self)
{
  g_free (self->atom);
  g_free (self->size);
  g_free (self->position);
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

/* Atoms first … last - 1. */
static void
count_squares (const Equivalent *self, gsize orbit, gsize first, gsize last, double width G_GNUC_UNUSED, double *count)
{
  const double *at = self->position + 3 * self->atom[orbit], weight = (double)self->size[orbit];
  gint32 square[BLOCK];

  for (; first < last; first += BLOCK)
    {
      const gsize n = MIN (BLOCK, last - first);

      find_squares (self, first, n, at, square);
      for (gsize k = 0; k < n; k++)
        count[square[k]] += weight;
    }
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
fill_bins (const Equivalent *self, gsize orbit, gsize first, gsize last, double width, double *bin)
{
  const double *at = self->position + 3 * self->atom[orbit], weight = (double)self->size[orbit];
  double place[BLOCK];

  for (; first < last; first += BLOCK)
    {
      const gsize n = MIN (BLOCK, last - first);

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

/* --- all together ------------------------------------------------------------------------- */

/* Shape: bin SAXID_CLUSTER_PARTS, of r² on a lattice, of r elsewhere. */
static void
count_orbits (const SaxidCluster *cluster, const gboolean *is_surface, double width, double *const *bin)
{
  g_auto (Equivalent) self = { 0 };

  equivalent_init (&self, cluster, is_surface);
  for (gsize orbit = 0; orbit < self.orbits; orbit++)
    {
      const gboolean outside = is_surface != NULL && is_surface[self.atom[orbit]];
      void (*count) (const Equivalent *, gsize, gsize, gsize, double, double *) = cluster->lattice != NULL ? count_squares : fill_bins;

      count (&self, orbit, 0, self.inside, width, bin[outside ? SAXID_CLUSTER_CROSS : SAXID_CLUSTER_CORE]);
      count (&self, orbit, self.inside, self.n, width, bin[outside ? SAXID_CLUSTER_SURFACE : SAXID_CLUSTER_CROSS]);
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
distances_of_bins (gsize atoms, double width, gsize n_bin, const double *bin)
{
  SaxidDistances *out = g_new0 (SaxidDistances, 1);
  gsize n = 0;

  for (gsize k = 1; k < n_bin; k++)
    n += bin[k] > 0;
  *out = (SaxidDistances) {
    .atoms = atoms, .width = width, .distance = g_new (double, n + 1), .pairs = g_new (double, n + 1)
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

/* is_surface NULL: all pairs are of the first part. */
static void
count_parts (const SaxidCluster *cluster, const gboolean *is_surface, double width, SaxidDistances **part)
{
  const double across = 2 * saxid_cluster_radius (cluster) / (cluster->lattice != NULL ? cluster->step : width);
  const gsize n = (gsize)(cluster->lattice != NULL ? across * across : across) + 3;
  g_autofree double *count = g_new0 (double, SAXID_CLUSTER_PARTS * n);
  double *const bin[SAXID_CLUSTER_PARTS] = { count, count + n, count + 2 * n };

  if (saxid_polyhedron_has_columns (cluster->polyhedron))
    saxid_columns_count (cluster, is_surface, width, bin);
  else
    count_orbits (cluster, is_surface, width, bin);
  for (guint k = 0; k < SAXID_CLUSTER_PARTS; k++)
    part[k] = cluster->lattice != NULL ? saxid_distances_of_squares (cluster->n, cluster->step, n, bin[k])
                                       : distances_of_bins (cluster->n, width, n, bin[k]);
}

void
saxid_distances_of_parts (const SaxidCluster *cluster, const gboolean *is_surface, double width, SaxidDistances **part)
{
  double longest = 0;
  gsize outside = 0;

  count_parts (cluster, is_surface, width, part);
  for (gsize k = 0; k < cluster->n; k++)
    outside += is_surface[k];
  part[SAXID_CLUSTER_CORE]->atoms = cluster->n - outside;
  part[SAXID_CLUSTER_SURFACE]->atoms = outside;
  for (guint k = 0; k < SAXID_CLUSTER_PARTS; k++)
    longest = fmax (longest, part[k]->longest);
  for (guint k = 0; k < SAXID_CLUSTER_PARTS; k++)
    part[k]->longest = longest;
}

SaxidDistances *
saxid_distances_new (const SaxidCluster *cluster, double width)
{
  SaxidDistances *part[SAXID_CLUSTER_PARTS];

  count_parts (cluster, NULL, width, part);
  saxid_distances_free (part[SAXID_CLUSTER_CROSS]);
  saxid_distances_free (part[SAXID_CLUSTER_SURFACE]);
  return part[SAXID_CLUSTER_CORE];
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
