/* How often does each distance occur between columns of atoms?
 *
 * Thread: pure.
 */
#include "models/atomic/columns.h"

#include <math.h>
#include <stdlib.h>

/* Columns are further apart, d. */
#define SAME_PLACE 1e-6

typedef struct
{
  gint all, inside; /* atoms */
} Column;

typedef struct
{
  gsize n;
  Column *column;
  double *position; /* [n × 3] z = 0 */
  double rise;      /* from atom to atom */
} Columns;

/* The atoms of a column follow each other, as they are built. */
static void
columns_init (Columns *self, const SaxidCluster *cluster, const gboolean *is_surface)
{
  *self = (Columns) { .column = g_new0 (Column, cluster->n), .position = g_new0 (double, 3 * cluster->n) };
  for (gsize k = 0; k < cluster->n; k++)
    {
      const double *r = cluster->position + 3 * k;
      const gboolean is_next = k == 0 || fabs (r[0] - r[-3]) > SAME_PLACE || fabs (r[1] - r[-2]) > SAME_PLACE;
      Column *column;

      if (is_next)
        {
          self->position[3 * self->n] = r[0];
          self->position[3 * self->n + 1] = r[1];
          self->n++;
        }
      else
        self->rise = fabs (r[2] - r[-1]);
      column = &self->column[self->n - 1];
      column->all++;
      column->inside += is_surface == NULL || !is_surface[k];
    }
}

static void
columns_clear (Columns *self)
{
  g_free (self->column);
  g_free (self->position);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

/* Pairs of atoms of columns of a and b that differ by so many half rises. */
static gint
pairs_at (gint a, gint b, gint halves)
{
  return MAX (0, MIN (MIN (a, b), (a + b - halves) / 2));
}

static void
add (double *bin, double place, double pairs)
{
  const guint32 lower = (guint32)place;
  const double upper = pairs * (place - lower);

  bin[lower] += pairs - upper;
  bin[lower + 1] += upper;
}

static void
count_pair (const Columns *self, const Column *a, const Column *b, double square, double weight, double per_width, double *const *bin)
{
  for (gint halves = abs (a->all - b->all) % 2; halves <= a->all + b->all - 2; halves += 2)
    {
      const double height = 0.5 * self->rise * halves, place = sqrt (square + height * height) * per_width;
      const double times = halves > 0 ? 2 * weight : weight;
      const gint all = pairs_at (a->all, b->all, halves), inside = pairs_at (a->inside, b->inside, halves);
      const gint either = pairs_at (a->inside, b->all, halves) + pairs_at (a->all, b->inside, halves);

      add (bin[SAXID_CLUSTER_CORE], place, times * inside);
      add (bin[SAXID_CLUSTER_CROSS], place, times * (either - 2 * inside));
      add (bin[SAXID_CLUSTER_SURFACE], place, times * (all - either + inside));
    }
}

void
saxid_columns_count (const SaxidCluster *cluster, const gboolean *is_surface, double width, double *const *bin)
{
  g_auto (Columns) self = { 0 };
  g_autofree gsize *first = NULL, *size = NULL;
  gsize orbits;

  columns_init (&self, cluster, is_surface);
  first = g_new (gsize, self.n);
  size = g_new (gsize, self.n);
  orbits = saxid_symmetry_orbits (saxid_polyhedron_group (cluster->polyhedron), self.n, self.position, first, size, NULL);
  for (gsize k = 0; k < orbits; k++)
    for (gsize j = 0; j < self.n; j++)
      {
        const double x = self.position[3 * j] - self.position[3 * first[k]], y = self.position[3 * j + 1] - self.position[3 * first[k] + 1];

        count_pair (&self, &self.column[first[k]], &self.column[j], x * x + y * y, (double)size[k], 1 / width, bin);
      }
}
