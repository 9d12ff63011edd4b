/* Which particles may a curve be of?
 *
 * Thread: see atlas.h.
 */
#include "models/atomic/atlas.h"

#include <math.h>

#include "models/atomic/surface.h"
#include "models/parallel.h"

/* Decahedra: no or a small notch, the axis up to so many atoms longer than the plain bipyramid's. */
#define MOST_E 4
#define MOST_M 2
/* Of particles larger than this, in d, peaks hardly tell E and M: without a notch, and every second E. */
#define LARGE 12.0
/* From how many standard deviations away smearing is felt, and points that interpolation needs. */
#define SMEARS_FROM 5
#define MARGIN 16

/* --- one page --------------------------------------------------------------------------------- */

static double
radius_of (const SaxidPolyhedron *polyhedron, double atoms)
{
  return cbrt (3 * atoms * saxid_polyhedron_atom_volume (polyhedron) / (4 * G_PI));
}

static void
fill_tables (SaxidClusterPage *page)
{
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL);
  g_autofree gboolean *is_surface = g_new (gboolean, cluster->n);
  SaxidDistances *part[SAXID_CLUSTER_PARTS];

  saxid_cluster_find_surface (cluster, is_surface);
  saxid_distances_of_parts (cluster, is_surface, SAXID_DISTANCES_ROUGH, part);
  page->on_surface = part[SAXID_CLUSTER_SURFACE]->atoms;
  for (guint k = 0; k < SAXID_CLUSTER_PARTS; k++)
    {
      page->pairs[k] = saxid_debye_table_new (part[k], page->last);
      saxid_distances_free (part[k]);
    }
}

SaxidDebyeTable *const *
saxid_cluster_page_tables (const SaxidClusterPage *page)
{
  SaxidClusterPage *own = (SaxidClusterPage *)page;

  if (g_once_init_enter (&own->is_made))
    {
      fill_tables (own);
      g_once_init_leave (&own->is_made, 1);
    }
  return page->pairs;
}

double
saxid_cluster_page_atoms (const SaxidClusterPage *page, double occupancy)
{
  (void) saxid_cluster_page_tables (page); /* they know the surface */
  return (double)(page->atoms - page->on_surface) + occupancy * (double)page->on_surface;
}

SaxidDebyeTable *
saxid_cluster_page_table (const SaxidClusterPage *page, double occupancy, double smear, double last)
{
  SaxidDebyeTable *const *pairs = saxid_cluster_page_tables (page);
  SaxidDebyeTable sharp = *pairs[0];
  g_autofree double *value = NULL;

  sharp.n = (gsize)fmin ((double)sharp.n, (last + SMEARS_FROM * smear) / sharp.step + MARGIN);
  sharp.last = fmin (sharp.last, last);
  sharp.value = value = g_new (double, sharp.n);
  for (gsize k = 0; k < sharp.n; k++)
    value[k] = pairs[SAXID_CLUSTER_CORE]->value[k]
               + occupancy * (pairs[SAXID_CLUSTER_CROSS]->value[k] + occupancy * pairs[SAXID_CLUSTER_SURFACE]->value[k]);
  return saxid_debye_table_smeared (&sharp, smear);
}

/* --- all of them ------------------------------------------------------------------------------ */

static gboolean
count_atoms (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  SaxidClusterAtlas *atlas = data;
  SaxidClusterPage *page = &atlas->page[k];
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL);

  page->atoms = cluster->n;
  page->radius = radius_of (page->polyhedron, (double)cluster->n);
  page->last = atlas->last;
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

static gboolean
is_wanted (const SaxidClusterPage *page, double most_radius)
{
  const gboolean is_fine = page->size.m > 0 || page->size.e % 2 != 0;

  return page->radius <= (is_fine ? fmin (most_radius, LARGE) : most_radius) && page->atoms >= SAXID_CLUSTER_FEWEST;
}

SaxidClusterAtlas *
saxid_cluster_atlas_new (double most_radius, double last, guint threads)
{
  SaxidClusterAtlas *atlas = g_new0 (SaxidClusterAtlas, 1);
  GArray *pages = list_pages (most_radius);
  const guint all = pages->len;

  atlas->last = last;
  atlas->page = (SaxidClusterPage *)(gpointer)g_array_free (pages, FALSE);
  saxid_parallel (&(SaxidParallel) { .name = "particles", .threads = threads, .piece = count_atoms, .data = atlas }, all);
  for (guint k = 0; k < all; k++)
    if (is_wanted (&atlas->page[k], most_radius))
      atlas->page[atlas->n++] = atlas->page[k];
  return atlas;
}

typedef struct
{
  const SaxidClusterAtlas *atlas;
  double least, most;
} Range;

static gboolean
make_page (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Range *range = data;
  const SaxidClusterPage *page = &range->atlas->page[k];

  if (page->radius >= range->least && page->radius <= range->most)
    (void) saxid_cluster_page_tables (page);
  return TRUE;
}

void
saxid_cluster_atlas_make (const SaxidClusterAtlas *atlas, double least_radius, double most_radius, guint threads)
{
  Range range = { atlas, least_radius, most_radius };

  saxid_parallel (&(SaxidParallel) { .name = "particles", .threads = threads, .piece = make_page, .data = &range }, atlas->n);
}

void
saxid_cluster_atlas_free (SaxidClusterAtlas *atlas)
{
  if (atlas == NULL)
    return;
  for (guint k = 0; k < atlas->n; k++)
    for (guint part = 0; part < SAXID_CLUSTER_PARTS; part++)
      saxid_debye_table_free (atlas->page[k].pairs[part]);
  g_free (atlas->page);
  g_free (atlas);
}
