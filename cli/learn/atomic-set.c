/* Which particles are studied, and what is known of each?
 *
 * Thread: see atomic-set.h.
 */
#include "cli/learn/atomic-set.h"

#include <math.h>
#include <string.h>

#include "models/parallel.h"

/* Sizes of each class, in the order of the published labels; e and m of the columns. */
static const struct
{
  const char *name;
  guint first, last, e, m;
  gboolean has_radius; /* the data base knew one */
} sizes_of[] = {
  { "cubefcc", 2, 10, 0, 0, TRUE },
  { "cuboctahedron", 2, 10, 0, 0, TRUE },
  { "dihedral_rhombic_dodecahedron", 2, 10, 0, 0, FALSE },
  { "icosahedron", 1, 10, 0, 0, TRUE },
  { "octahedron", 1, 10, 0, 0, TRUE },
  { "dodecahedron", 1, 10, 0, 0, TRUE },
  { "pentagonal_bipyramid", 4, 9, 3, 2, FALSE },
  { "rhombic_dodecahedron", 2, 10, 0, 0, FALSE },
  { "tetrahedron", 2, 10, 0, 0, TRUE },
};

static const double displacement[] = { 0.1, 0.3, 0.5, 0.9 };

typedef struct
{
  SaxidAtomicSet *set;
  guint8 *class, *size; /* [particles] */
  double *radius;       /* [particles] in d */
} Building;

static gboolean
build_one (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Building *building = data;
  const guint class = building->class[k];
  const SaxidClusterSize size = { building->size[k], sizes_of[class].e, sizes_of[class].m };
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (saxid_polyhedron_find (sizes_of[class].name), size, NULL);
  g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);

  building->radius[k] = saxid_cluster_radius (cluster);
  building->set->table[k] = saxid_debye_table_new (distances, SAXID_DEBYE_LAST);
  return TRUE;
}

static double
radius_target (double radius)
{
  return sqrt (log (1 + 2 * radius));
}

static void
fill_rows (SaxidAtomicSet *set, const Building *building)
{
  set->row = g_new0 (SaxidAtomicRow, set->n);
  for (gsize k = 0; k < set->n; k++)
    {
      const guint particle = (guint)(k / (set->elements * set->displacements));
      const guint element = (guint)(k / set->displacements % set->elements), class = building->class[particle];
      const double radius = radius_target (building->radius[particle] * saxid_element_at (element)->d);

      set->row[k] = (SaxidAtomicRow) { .class = (guint8) class,
                                       .size = building->size[particle],
                                       .particle = particle,
                                       .element = element,
                                       .displacement = (guint) (k % set->displacements),
                                       .target = { log ((double) set->table[particle]->atoms), building->size[particle],
                                                   sizes_of[class].has_radius ? radius : 0, radius } };
    }
}

SaxidAtomicSet *
saxid_atomic_set_new (guint elements, guint displacements, guint threads)
{
  SaxidAtomicSet *set = g_new0 (SaxidAtomicSet, 1);
  g_autofree guint8 *class = NULL, *size = NULL;
  g_autofree double *radius = NULL;
  Building building;
  guint at = 0;

  set->classes = G_N_ELEMENTS (sizes_of);
  set->elements = elements;
  set->displacements = MIN (displacements, G_N_ELEMENTS (displacement));
  for (guint k = 0; k < set->classes; k++)
    set->particles += sizes_of[k].last - sizes_of[k].first + 1;
  set->n = (gsize)set->particles * set->elements * set->displacements;
  set->table = g_new0 (SaxidDebyeTable *, set->particles);
  class = g_new (guint8, set->particles);
  size = g_new (guint8, set->particles);
  radius = g_new (double, set->particles);
  for (guint k = 0; k < set->classes; k++)
    for (guint n = sizes_of[k].first; n <= sizes_of[k].last; n++, at++)
      {
        class[at] = (guint8)k;
        size[at] = (guint8)n;
      }
  building = (Building) { set, class, size, radius };
  saxid_parallel (&(SaxidParallel) { .name = "particles", .threads = threads, .piece = build_one, .data = &building }, set->particles);
  fill_rows (set, &building);
  return set;
}

void
saxid_atomic_set_free (SaxidAtomicSet *set)
{
  if (set == NULL)
    return;
  for (guint k = 0; k < set->particles; k++)
    saxid_debye_table_free (set->table[k]);
  g_free (set->table);
  g_free (set->row);
  g_free (set);
}

void
saxid_atomic_set_curve (const SaxidAtomicSet *set, gsize row, gsize n, const double *q, double *out)
{
  const SaxidElement *element = saxid_element_at (set->row[row].element);
  const SaxidAtoms atoms = { element, element->d, displacement[set->row[row].displacement] };

  saxid_atoms_intensity (&atoms, set->table[set->row[row].particle], n, q, out);
  for (gsize k = 0; k < n; k++)
    out[k] = log (out[k]);
}
