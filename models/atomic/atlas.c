/* Which particles may a curve be of?
 *
 * Thread: see atlas.h.
 */
#include "models/atomic/atlas.h"

#include <math.h>

#include "models/parallel.h"

/* Decahedra: no or a small notch, the axis up to so many atoms longer than the plain bipyramid's. */
#define MOST_E 4
#define MOST_M 2

typedef struct
{
  SaxidClusterAtlas *atlas;
  double most_radius;
} Building;

static double
radius_of (const SaxidPolyhedron *polyhedron, double atoms)
{
  return cbrt (3 * atoms * saxid_polyhedron_atom_volume (polyhedron) / (4 * G_PI));
}

static gboolean
fill_page (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Building *building = data;
  SaxidClusterPage *page = &building->atlas->page[k];
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL);
  g_autoptr (SaxidDistances) distances = NULL;

  page->atoms = cluster->n;
  page->radius = radius_of (page->polyhedron, (double)cluster->n);
  if (page->radius > building->most_radius || cluster->n < SAXID_CLUSTER_FEWEST)
    return TRUE;
  distances = saxid_distances_new (cluster, SAXID_DISTANCES_ROUGH);
  page->table = saxid_debye_table_new (distances, building->atlas->last);
  return TRUE;
}

/* Sizes that cannot be too large for certain: of the ideal body of n edges. */
static void
list_row (GArray *pages, const SaxidPolyhedron *polyhedron, guint row, guint e, guint m, double most_radius)
{
  for (guint n = MAX (saxid_polyhedron_least (polyhedron), 2 * m); n <= SAXID_CLUSTER_MOST_SIZE; n++)
    {
      const SaxidClusterPage page = { .polyhedron = polyhedron, .size = { n, e, m }, .row = row };
      const double atoms = saxid_polyhedron_atoms (polyhedron, n);

      /* notches take away, long axes add; what is left is looked at when it is built */
      if (radius_of (polyhedron, atoms) > most_radius * (m > 0 ? 1.5 : 1))
        break;
      g_array_append_val (pages, page);
    }
}

static GArray *
list_pages (double most_radius)
{
  GArray *pages = g_array_new (FALSE, TRUE, sizeof (SaxidClusterPage));
  const SaxidPolyhedron *polyhedron;
  guint row = 0;

  for (guint k = 0; (polyhedron = saxid_polyhedron_at (k)) != NULL; k++)
    for (guint e = 0; e <= (saxid_polyhedron_has_columns (polyhedron) ? MOST_E : 0); e++)
      for (guint m = 0; m <= (saxid_polyhedron_has_columns (polyhedron) ? MOST_M : 0); m++)
        list_row (pages, polyhedron, row++, e, m, most_radius);
  return pages;
}

SaxidClusterAtlas *
saxid_cluster_atlas_new (double most_radius, double last, guint threads)
{
  SaxidClusterAtlas *atlas = g_new0 (SaxidClusterAtlas, 1);
  GArray *pages = list_pages (most_radius);
  Building building = { atlas, most_radius };
  const guint all = pages->len;

  atlas->last = last;
  atlas->page = (SaxidClusterPage *)(gpointer)g_array_free (pages, FALSE);
  saxid_parallel (&(SaxidParallel) { .name = "particles", .threads = threads, .piece = fill_page, .data = &building }, all);
  for (guint k = 0; k < all; k++)
    if (atlas->page[k].table != NULL)
      atlas->page[atlas->n++] = atlas->page[k];
  return atlas;
}

void
saxid_cluster_atlas_free (SaxidClusterAtlas *atlas)
{
  if (atlas == NULL)
    return;
  for (guint k = 0; k < atlas->n; k++)
    saxid_debye_table_free (atlas->page[k].table);
  g_free (atlas->page);
  g_free (atlas);
}
