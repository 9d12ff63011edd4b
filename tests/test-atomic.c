/* Are the particles of atoms what their closed forms say, and is Debye's sum exact however it is taken?
 *
 * Goldens: printed values of the data base and of all-pair sums (below), and tests/golden/atomic.json, made by
 * tests/golden/make-atomic.py with ASE.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "models/atomic/answer.h"
#include "models/atomic/intensity.h"
#include "models/atomic/population/draw.h"
#include "models/atomic/shares.h"
#include "models/atomic/lattice/autocorrelation.h"
#include "models/atomic/surface.h"
#include "reducers/error.h"
#include "reducers/peaks.h"
#include "reducers/repairs.h"

/* What is promised of P, of N + P. */
#define TOLERANCE 1e-5

static SaxidCluster *
make (const char *name, guint n, guint e, guint m)
{
  g_autoptr (GError) error = NULL;
  SaxidCluster *cluster = saxid_cluster_new (saxid_polyhedron_find (name), (SaxidClusterSize){ n, e, m }, &error);

  g_assert_no_error (error);
  return cluster;
}

/* --- particles ---------------------------------------------------------------------------- */

/* N(n) as polynomials: of n³, n², n, 1, over a number. */
static const struct
{
  const char *name;
  guint cubic, square, linear, constant, over;
} closed[] = {
  { "cubefcc", 4, 6, 3, 1, 1 },
  { "cuboctahedron", 10, 15, 11, 3, 3 },
  { "dihedral_rhombic_dodecahedron", 4, 6, 4, 1, 1 },
  { "icosahedron", 10, 15, 11, 3, 3 },
  { "octahedron", 2, 6, 7, 3, 3 },
  { "dodecahedron", 10, 15, 7, 1, 1 },
  { "pentagonal_bipyramid", 5, 15, 16, 6, 6 },
  { "rhombic_dodecahedron", 4, 6, 4, 1, 1 },
  { "tetrahedron", 1, 3, 2, 0, 6 },
};

static void
test_counts (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (closed); k++)
    for (guint n = 1; n <= 11; n++)
      {
        g_autoptr (SaxidCluster) cluster = make (closed[k].name, n, 0, 0);

        g_assert_cmpuint (cluster->n * closed[k].over, ==,
                          closed[k].cubic * n * n * n + closed[k].square * n * n + closed[k].linear * n + closed[k].constant);
        g_assert_cmpstr (saxid_polyhedron_name (saxid_polyhedron_at (k)), ==, closed[k].name);
      }
  g_assert_null (saxid_polyhedron_at (G_N_ELEMENTS (closed)));
  g_assert_null (saxid_polyhedron_find ("cube"));
}

/* Marks' decahedra of the data base, those of P 7 to 9 without its fault. */
static void
test_marks (void)
{
  static const guint atoms[] = { 173, 324, 520, 766, 1067, 1428 };
  g_autoptr (SaxidCluster) small = make ("pentagonal_bipyramid", 4, 2, 2);

  g_assert_cmpuint (small->n, ==, 142);
  for (guint p = 4; p <= 9; p++)
    {
      g_autoptr (SaxidCluster) cluster = make ("pentagonal_bipyramid", p, 3, 2);

      g_assert_cmpuint (cluster->n, ==, atoms[p - 4]);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *name;
    SaxidClusterSize size;
  } bad[] = { { "octahedron", { 0, 0, 0 } }, { "octahedron", { SAXID_CLUSTER_MOST_SIZE + 1, 0, 0 } }, { "cubefcc", { 3, 1, 0 } },
              { "pentagonal_bipyramid", { 5, 0, 3 } }, { "pentagonal_bipyramid", { 5, 101, 0 } } };

  for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_cluster_new (saxid_polyhedron_find (bad[k].name), bad[k].size, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
    }
}

/* The size of an orbit divides the order of the group: of a particle that has not the symmetry it would not. */
static void
test_orbits (void)
{
  static const guint order[] = { 1, 16, 20, 24, 48, 120 };

  for (guint k = 0; k < G_N_ELEMENTS (closed); k++)
    for (guint n = 2; n <= 8; n++)
      {
        const gboolean has_columns = g_str_equal (closed[k].name, "pentagonal_bipyramid");
        g_autoptr (SaxidCluster) cluster = make (closed[k].name, n, has_columns ? 3 : 0, has_columns ? n / 2 : 0);
        g_autofree gsize *atom = g_new (gsize, cluster->n), *size = g_new (gsize, cluster->n);
        const SaxidPointGroup group = saxid_polyhedron_group (cluster->polyhedron);
        SaxidSymmetry symmetry;
        gsize orbits, sum = 0;

        saxid_symmetry_init (&symmetry, group);
        g_assert_cmpuint (symmetry.order, ==, order[group]);
        orbits = saxid_symmetry_orbits (group, cluster->n, cluster->position, atom, size, NULL);
        g_assert_cmpuint (orbits, <, cluster->n);
        for (gsize j = 0; j < orbits; j++)
          {
            g_assert_cmpuint (symmetry.order % size[j], ==, 0);
            sum += size[j];
          }
        g_assert_cmpuint (sum, ==, cluster->n);
      }
}

/* One atom moved: the orbits must tell. */
static void
test_broken_orbit (void)
{
  g_autoptr (SaxidCluster) cluster = make ("icosahedron", 3, 0, 0);
  g_autofree gsize *atom = g_new (gsize, cluster->n), *size = g_new (gsize, cluster->n);
  gboolean divides = TRUE;
  gsize orbits;

  cluster->position[3 * 50] *= 1.001;
  cluster->position[3 * 50 + 1] += 0.001;
  orbits = saxid_symmetry_orbits (SAXID_GROUP_IH, cluster->n, cluster->position, atom, size, NULL);
  for (gsize j = 0; j < orbits; j++)
    divides = divides && 120 % size[j] == 0;
  g_assert_false (divides);
}

/* Printed by the data base for silver, amu Å²: about the axes of this orientation. */
static void
test_inertia (void)
{
  static const struct
  {
    const char *name;
    SaxidClusterSize size;
    double moment[3];
  } printed[] = {
    { "rhombic_dodecahedron", { 3, 0, 0 }, { 638563.71, 638563.71, 638563.71 } },
    { "dihedral_rhombic_dodecahedron", { 3, 0, 0 }, { 718384.18, 718384.18, 478922.78 } },
    { "icosahedron", { 2, 0, 0 }, { 79707.35, 79707.35, 79707.35 } },
    { "pentagonal_bipyramid", { 4, 2, 2 }, { 470264.48, 470264.48, 392134.81 } },
  };
  const double d = saxid_element_find ("Ag")->d;

  for (guint k = 0; k < G_N_ELEMENTS (printed); k++)
    {
      g_autoptr (SaxidCluster) cluster = make (printed[k].name, printed[k].size.n, printed[k].size.e, printed[k].size.m);
      const double mass = 107.8682 * (double)cluster->n * d * d;
      double moment[3][3];

      saxid_cluster_second_moments (cluster, moment);
      for (guint i = 0; i < 3; i++)
        {
          const double found = mass * (moment[(i + 1) % 3][(i + 1) % 3] + moment[(i + 2) % 3][(i + 2) % 3]);

          g_assert_cmpfloat_with_epsilon (found, printed[k].moment[i], 2e-7 * found);
          g_assert_cmpfloat_with_epsilon (moment[i][(i + 1) % 3], 0, 1e-12);
        }
    }
}

/* --- Debye's sum -------------------------------------------------------------------------- */

#define X_COUNT 5
static const double printed_x[X_COUNT] = { 1, 5, 7.695, 10.883, 15 };
static const struct
{
  const char *name;
  SaxidClusterSize size;
  double at_shortest, shortest; /* ordered pairs, and where */
  gsize distances;              /* 0: not printed */
  double square;                /* R_g² */
  double sum[X_COUNT];          /* N + P */
} printed_sums[] = {
  { "cubefcc", { 4, 0, 0 }, 3456, 1, 63, 10.027397, { 1317.79, 8.97323, 1257.21, 56.4679, 975.544 } },
  { "cuboctahedron", { 4, 0, 0 }, 2976, 1, 51, 8.504854, { 1974.63, 10.4495, 1056.22, 43.5776, 842.24 } },
  { "dihedral_rhombic_dodecahedron", { 4, 0, 0 }, 3616, 1, 77, 10.081301, { 1910.66, 15.3702, 1344.22, 54.0307, 1026.35 } },
  { "icosahedron", { 4, 0, 0 }, 1296, 0.951057, 171, 7.916604, { 2783.88, 21.2755, 862.95, 101.434, 563.24 } },
  { "octahedron", { 4, 0, 0 }, 720, 1, 21, 3.670588, { 1895.1, 9.27998, 210.738, 16.3473, 179.528 } },
  { "dodecahedron", { 4, 0, 0 }, 3600, 0.850651, 2124, 18.023350, { 5752.32, 584.411, 1194.3, 574.733, 895.181 } },
  { "pentagonal_bipyramid", { 4, 0, 0 }, 800, 1, 156, 4.688869, { 2113.28, 10.9601, 308.47, 37.8937, 166.082 } },
  { "pentagonal_bipyramid", { 9, 3, 2 }, 0, 0, 0, 24.318680, { 10884.2, 72.7072, 6525.16, 174.209, 2895.77 } },
  { "rhombic_dodecahedron", { 4, 0, 0 }, 2464, 1, 66, 10.081301, { 735.262, 17.6618, 1885.77, 489.61, 310.343 } },
  { "tetrahedron", { 4, 0, 0 }, 120, 1, 8, 1.575, { 233.994, 4.89036, 39.653, 9.13707, 28.9502 } },
};

/* All distances, sorted: the slow and sure way. */
static int
by_value (const void *a, const void *b)
{
  return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static GArray *
every_distance (const SaxidCluster *cluster)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = 0; i < cluster->n; i++)
    for (gsize j = i + 1; j < cluster->n; j++)
      {
        const double *a = cluster->position + 3 * i, *b = cluster->position + 3 * j;
        const double r = sqrt (pow (a[0] - b[0], 2) + pow (a[1] - b[1], 2) + pow (a[2] - b[2], 2));

        g_array_append_val (out, r);
      }
  g_array_sort (out, by_value);
  return out;
}

static double
every_pair (GArray *distances, double x)
{
  double sum = 0;

  for (guint k = 0; k < distances->len; k++)
    sum += 2 * sin (x * g_array_index (distances, double, k)) / (x * g_array_index (distances, double, k));
  return sum;
}

static void
test_printed (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (printed_sums); k++)
    {
      g_autoptr (SaxidCluster) cluster
          = make (printed_sums[k].name, printed_sums[k].size.n, printed_sums[k].size.e, printed_sums[k].size.m);
      g_autoptr (GArray) all = every_distance (cluster);
      const double rg = saxid_cluster_gyration_radius (cluster), shortest = g_array_index (all, double, 0);
      gsize distinct = 1, at_shortest = 2;

      for (guint j = 1; j < all->len; j++)
        {
          distinct += g_array_index (all, double, j) - g_array_index (all, double, j - 1) > 1e-9;
          at_shortest += distinct == 1 ? 2 : 0;
        }
      g_assert_cmpfloat_with_epsilon (rg * rg, printed_sums[k].square, 6e-7);
      if (printed_sums[k].distances > 0)
        {
          g_assert_cmpuint (distinct, ==, printed_sums[k].distances);
          g_assert_cmpuint (at_shortest, ==, (guint)printed_sums[k].at_shortest);
          g_assert_cmpfloat_with_epsilon (shortest, printed_sums[k].shortest, 6e-7);
        }
      for (guint j = 0; j < X_COUNT; j++)
        {
          const double found = (double)cluster->n + every_pair (all, printed_x[j]);

          g_assert_cmpfloat_with_epsilon (found, printed_sums[k].sum[j], 6e-6 * found);
        }
    }
}

/* By orbits, by the sum over their distances, and through the table: all that of every pair. */
static void
test_ways (void)
{
  static const double x[] = { 1e-3, 0.05, 0.31, 2.2, 7.695, 13.31, 29.9, 44.44, 69.99 };

  for (guint k = 0; k < G_N_ELEMENTS (printed_sums); k++)
    {
      g_autoptr (SaxidCluster) cluster
          = make (printed_sums[k].name, printed_sums[k].size.n, printed_sums[k].size.e, printed_sums[k].size.m);
      g_autoptr (GArray) all = every_distance (cluster);
      g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
      g_autoptr (SaxidDebyeTable) table = saxid_debye_table_new (distances, SAXID_DEBYE_LAST);
      const double n = (double)cluster->n;
      double slow[G_N_ELEMENTS (x)], quick[G_N_ELEMENTS (x)], pairs = 0;

      for (gsize j = 0; j < distances->n; j++)
        pairs += distances->pairs[j];
      g_assert_cmpfloat_with_epsilon (pairs, n * (n - 1), 1e-9 * n * n);
      g_assert_true ((distances->width > 0) == (cluster->lattice == NULL));
      saxid_debye_sum (distances, G_N_ELEMENTS (x), x, slow);
      saxid_debye_table_at (table, 1, G_N_ELEMENTS (x), x, quick);
      for (guint j = 0; j < G_N_ELEMENTS (x); j++)
        {
          const double expected = every_pair (all, x[j]);

          g_test_message ("%s x %g: %.3g %.3g", printed_sums[k].name, x[j], (slow[j] - expected) / (n + expected),
                          (quick[j] - expected) / (n + expected));
          g_assert_cmpfloat_with_epsilon (slow[j], expected, (cluster->lattice != NULL ? 1e-11 * n : TOLERANCE) * (n + expected));
          g_assert_cmpfloat_with_epsilon (quick[j], expected, TOLERANCE * (n + expected));
        }
    }
}

/* A table between its points, of a large particle, beside the sum over its distances. */
static void
test_table (void)
{
  static const struct
  {
    const char *name;
    guint n;
  } large[] = { { "icosahedron", 12 }, { "cubefcc", 16 }, { "tetrahedron", 20 }, { "tetrahedron", 2 }, { "octahedron", 1 } };

  for (guint k = 0; k < G_N_ELEMENTS (large); k++)
    {
      g_autoptr (SaxidCluster) cluster = make (large[k].name, large[k].n, 0, 0);
      g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
      g_autoptr (SaxidDebyeTable) table = saxid_debye_table_new (distances, SAXID_DEBYE_LAST);
      double x[200], slow[200], quick[200], worst = 0;

      for (guint j = 0; j < 200; j++)
        x[j] = (j + 0.5) * table->step * 1.7;
      saxid_debye_sum (distances, 200, x, slow);
      saxid_debye_table_at (table, 1, 200, x, quick);
      for (guint j = 0; j < 200 && x[j] <= table->last; j++)
        worst = fmax (worst, fabs (quick[j] - slow[j]) / ((double)cluster->n + slow[j]));
      g_test_message ("%s %u: %.3g", large[k].name, large[k].n, worst);
      g_assert_cmpfloat (worst, <, TOLERANCE);
      x[0] = table->last * 1.001;
      saxid_debye_table_at (table, 1, 1, x, quick);
      g_assert_true (isnan (quick[0]));
      x[0] = 0;
      saxid_debye_table_at (table, 3, 1, x, quick);
      g_assert_cmpfloat_with_epsilon (quick[0], (double)cluster->n * ((double)cluster->n - 1), 1e-6);
    }
}

/* Fourier transforms count the same distances. */
static void
test_autocorrelation (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (closed); k++)
    {
      g_autoptr (SaxidCluster) cluster = make (closed[k].name, 7, 0, 0);
      g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
      g_autoptr (SaxidDistances) counted = saxid_autocorrelation_distances (cluster);

      g_assert_true ((counted == NULL) == (cluster->lattice == NULL));
      if (counted == NULL)
        continue;
      g_assert_cmpuint (counted->n, ==, distances->n);
      for (gsize j = 0; j < counted->n; j++)
        {
          g_assert_cmpfloat (counted->distance[j], ==, distances->distance[j]);
          g_assert_cmpfloat (counted->pairs[j], ==, distances->pairs[j]);
        }
    }
}

static void
test_cube_distances (void)
{
  static const struct
  {
    guint n;
    gsize distances;
  } cubes[] = { { 10, 394 }, { 28, 3305 } };

  for (guint k = 0; k < G_N_ELEMENTS (cubes); k++)
    {
      g_autoptr (SaxidCluster) cluster = make ("cubefcc", cubes[k].n, 0, 0);
      g_autoptr (SaxidDistances) counted = saxid_autocorrelation_distances (cluster);

      g_assert_cmpuint (counted->n, ==, cubes[k].distances);
    }
}

/* --- ASE ---------------------------------------------------------------------------------- */

static JsonObject *
load (JsonParser *parser)
{
  const char *source = g_getenv ("SAXID_SRCDIR") != NULL ? g_getenv ("SAXID_SRCDIR") : "..";
  g_autofree char *path = g_build_filename (source, "tests", "golden", "atomic.json", NULL);
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
test_ase (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *golden = load (parser);
  JsonArray *x = json_object_get_array_member (golden, "x"), *rows = json_object_get_array_member (golden, "particles");

  g_assert_cmpuint (json_array_get_length (rows), ==, 17);
  for (guint k = 0; k < json_array_get_length (rows); k++)
    {
      JsonObject *row = json_array_get_object_element (rows, k);
      JsonArray *sums = json_object_get_array_member (row, "P");
      g_autoptr (SaxidCluster) cluster
          = make (json_object_get_string_member (row, "name"), (guint)json_object_get_int_member (row, "n"),
                  (guint)json_object_get_int_member (row, "e"), (guint)json_object_get_int_member (row, "m"));
      g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
      const double rg = saxid_cluster_gyration_radius (cluster), n = (double)cluster->n;

      g_assert_cmpuint (cluster->n, ==, (gsize)json_object_get_int_member (row, "atoms"));
      g_assert_cmpfloat_with_epsilon (rg * rg, json_object_get_double_member (row, "square"), 1e-9);
      for (guint j = 0; j < json_array_get_length (x); j++)
        {
          const double at = json_array_get_double_element (x, j), expected = json_array_get_double_element (sums, j);
          double found;

          saxid_debye_sum (distances, 1, &at, &found);
          g_assert_cmpfloat_with_epsilon (found, expected, TOLERANCE * (n + expected));
        }
    }
}

static void
test_factors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *golden = load (parser), *factors = json_object_get_object_member (golden, "factors");
  JsonArray *q = json_object_get_array_member (golden, "q");
  guint k;

  for (k = 0; saxid_element_at (k) != NULL; k++)
    {
      const SaxidElement *element = saxid_element_at (k);
      JsonArray *expected = json_object_get_array_member (factors, element->symbol);

      for (guint j = 0; j < json_array_get_length (q); j++)
        g_assert_cmpfloat_with_epsilon (saxid_element_form_factor (element, json_array_get_double_element (q, j)),
                                        json_array_get_double_element (expected, j), 1e-9);
    }
  g_assert_cmpuint (k, ==, json_object_get_size (factors));
  g_assert_null (saxid_element_find ("Xx"));
}

/* --- intensities -------------------------------------------------------------------------- */

/* Printed in the data base: cubes of n = 2. */
static void
test_intensity (void)
{
  static const double q[] = { 0.01, 0.02, 0.03, 0.04 };
  static const struct
  {
    const char *element;
    double b, intensity[4];
  } printed[] = { { "Ag", 0.1, { 8760072, 8737556, 8700139, 8647997 } },
                  { "Ag", 0.9, { 8760063, 8737522, 8700062, 8647859 } },
                  { "Al", 0.1, { 670041.8, 668334.06, 665496.56, 661542.0 } } };
  g_autoptr (SaxidCluster) cluster = make ("cubefcc", 2, 0, 0);
  g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
  g_autoptr (SaxidDebyeTable) table = saxid_debye_table_new (distances, SAXID_DEBYE_LAST);

  for (guint k = 0; k < G_N_ELEMENTS (printed); k++)
    {
      const SaxidElement *element = saxid_element_find (printed[k].element);
      double found[4];

      saxid_atoms_intensity (&(SaxidAtoms){ element, element->d, printed[k].b }, table, 4, q, found);
      for (guint j = 0; j < 4; j++)
        g_assert_cmpfloat_with_epsilon (found[j] / printed[k].intensity[j], 1, 2.5e-7);
    }
}

/* --- the solid ---------------------------------------------------------------------------- */

/* Of the ideal polyhedron of edge a: V / a³, R_g² / a²; and ratios of R_g at n = 10 that were computed otherwise. */
static const struct
{
  const char *name;
  double volume, square, ratio; /* 0: not printed */
} solids[] = {
  { "cubefcc", 1, 0.25, 0.99894 },
  { "cuboctahedron", 2.357023, 0.42, 0 },
  { "dihedral_rhombic_dodecahedron", 2.828427, 0.5, 0 },
  { "icosahedron", 2.181695, 0.392705, 0.99855 },
  { "octahedron", 0.471405, 0.15, 0.99654 },
  { "dodecahedron", 7.663119, 0.911033, 0 },
  { "pentagonal_bipyramid", 0.603006, 0.194721, 0.99566 },
  { "rhombic_dodecahedron", 3.079201, 0.5, 0 },
  { "tetrahedron", 0.117851, 0.075, 0.98606 },
};

static double
ratio_to_solid (guint k, guint n)
{
  g_autoptr (SaxidCluster) cluster = make (solids[k].name, n, 0, 0);
  const double volume = (double)cluster->n * saxid_polyhedron_atom_volume (cluster->polyhedron);

  return saxid_cluster_gyration_radius (cluster) / (sqrt (solids[k].square) * cbrt (volume / solids[k].volume));
}

/* R_g comes to that of the solid of the same volume, like n⁻². */
static void
test_solid (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (solids); k++)
    {
      const double ten = ratio_to_solid (k, 10), twenty = ratio_to_solid (k, 20);

      g_test_message ("%s: %.5f %.5f", solids[k].name, ten, twenty);
      if (solids[k].ratio > 0)
        g_assert_cmpfloat_with_epsilon (ten, solids[k].ratio, 6e-6);
      g_assert_cmpfloat (ten, <, 1);
      g_assert_cmpfloat_with_epsilon ((1 - twenty) / (1 - ten), 0.26, 0.04);
    }
}

/* The mean over directions of the product of sincs, by Gauss and the midpoint rule. */
static double
cube_form_factor (double q, double edge)
{
  const guint n = 200;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      {
        const double cosine = (i + 0.5) / n, turn = (j + 0.5) / n * G_PI / 2, sine = sqrt (1 - cosine * cosine);
        const double u[] = { sine * cos (turn), sine * sin (turn), cosine };
        double product = 1;

        for (guint k = 0; k < 3; k++)
          product *= sin (0.5 * q * edge * u[k]) / (0.5 * q * edge * u[k]);
        sum += product * product / (n * n);
      }
  return sum;
}

static void
test_small_angles (void)
{
  static const double at[] = { 1, 3 }, excess[] = { 0.0007, 0.0069 };

  for (guint n = 10; n <= 20; n += 10)
    {
      g_autoptr (SaxidCluster) cluster = make ("cubefcc", n, 0, 0);
      g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
      const double atoms = (double)cluster->n;
      const double edge = cbrt (atoms * saxid_polyhedron_atom_volume (cluster->polyhedron)), rg = edge / 2;

      for (guint k = 0; k < 2; k++)
        {
          const double x = at[k] / rg;
          double sum;

          saxid_debye_sum (distances, 1, &x, &sum);
          g_assert_cmpfloat_with_epsilon ((atoms + sum) / (atoms * atoms) / cube_form_factor (x, edge) - 1,
                                          excess[k] * (n == 10 ? 1 : 0.26), n == 10 ? 6e-5 : 2e-4);
        }
    }
}

/* --- surfaces and fits -------------------------------------------------------------------- */

/* Closed forms: of shells 10 n² + 2, of an octahedron 4 n² + 2, of a cube the six faces. */
static void
test_surface (void)
{
  for (guint n = 2; n <= 6; n++)
    {
      const struct
      {
        const char *name;
        guint atoms;
      } surfaces[] = { { "cuboctahedron", 10 * n * n + 2 }, { "icosahedron", 10 * n * n + 2 }, { "octahedron", 4 * n * n + 2 },
                       { "cubefcc", 12 * n * n + 2 } };

      for (guint k = 0; k < G_N_ELEMENTS (surfaces); k++)
        {
          g_autoptr (SaxidCluster) cluster = make (surfaces[k].name, n, 0, 0);
          g_autoptr (SaxidCluster) outside = NULL, inside = NULL;

          saxid_cluster_split (cluster, &inside, &outside);
          g_assert_cmpuint (outside->n, ==, surfaces[k].atoms);
          g_assert_cmpuint (inside->n, ==, cluster->n - surfaces[k].atoms);
        }
    }
}

/* What a page says of a full and of no surface, and of a half: there the mean of P is that of pairs of which each
 * has its own chance. */
static void
test_pages (void)
{
  g_autoptr (SaxidClusterAtlas) atlas = saxid_cluster_atlas_new (4, 20, 2);
  static const double x[] = { 0.01, 2.5, 7.7, 16.3 };
  guint rows = 0;

  g_assert_cmpuint (atlas->n, >, 40);
  for (guint k = 0; k < atlas->n; k++)
    {
      const SaxidClusterPage *page = &atlas->page[k];
      g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL);
      g_autoptr (SaxidCluster) inside = NULL, outside = NULL;
      g_autoptr (SaxidDistances) all = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH), core = NULL;
      double whole[4], bare[4], none[4], full[4];

      saxid_cluster_split (cluster, &inside, &outside);
      core = saxid_distances_new (inside, SAXID_DISTANCES_WIDTH);
      rows = MAX (rows, page->row);
      g_assert_cmpfloat (page->radius, <=, 4);
      g_assert_cmpuint (page->atoms, >=, SAXID_CLUSTER_FEWEST);
      g_assert_true (k == 0 || page->row != atlas->page[k - 1].row || page->radius > atlas->page[k - 1].radius);
      saxid_debye_sum (all, 4, x, whole);
      saxid_debye_sum (core, 4, x, bare);
      g_autoptr (SaxidDebyeTable) of_all = saxid_cluster_page_table (page, 1, 0, INFINITY), of_core = saxid_cluster_page_table (page, 0, 0, 17);
      saxid_debye_table_at (of_all, 1, 4, x, full);
      saxid_debye_table_at (of_core, 1, 4, x, none);
      for (guint j = 0; j < 4; j++)
        {
          g_assert_cmpfloat_with_epsilon (full[j], whole[j], 1e-3 * ((double)cluster->n + whole[j]));
          g_assert_cmpfloat_with_epsilon (none[j], bare[j], 1e-3 * ((double)cluster->n + whole[j]));
        }
      g_assert_cmpfloat_with_epsilon (saxid_cluster_page_atoms (page, 1), (double)cluster->n, 1e-9);
      g_assert_cmpfloat_with_epsilon (saxid_cluster_page_atoms (page, 0), (double)inside->n, 1e-9);
    }
  g_assert_cmpuint (rows, ==, 8 + 15 - 1);
}

/* A smeared table is the mean over a normal distribution of x, taken here place by place. */
static void
test_smear (void)
{
  g_autoptr (SaxidCluster) cluster = make ("icosahedron", 4, 0, 0);
  g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
  g_autoptr (SaxidDebyeTable) table = saxid_debye_table_new (distances, 20);
  static const double x[] = { 0, 0.4, 2.5, 7.7, 16.3 }, deviations[] = { 0.01, 0.04, 0.1 };

  for (guint k = 0; k < G_N_ELEMENTS (deviations); k++)
    {
      g_autoptr (SaxidDebyeTable) smeared = saxid_debye_table_smeared (table, deviations[k]);
      double seen[5], sharp[5];

      saxid_debye_table_at (smeared, 1, 5, x, seen);
      saxid_debye_table_at (table, 1, 5, x, sharp);
      for (guint j = 0; j < 5; j++)
        {
          double sum = 0, weights = 0;

          for (int i = -200; i <= 200; i++)
            {
              const double at = x[j] + 0.025 * i * deviations[k], weight = exp (-0.5 * pow (0.025 * i, 2));
              double value;

              saxid_debye_table_at (table, 1, 1, &at, &value);
              sum += weight * value;
              weights += weight;
            }
          g_assert_cmpfloat_with_epsilon (seen[j], sum / weights, 2e-3 * ((double)cluster->n + fabs (sharp[j])));
        }
    }
}

/* A size that is left out is made from its neighbours: its atoms exactly, and P where no faces are parallel. */
static void
test_shares (void)
{
  static const double x[] = { 0.2, 0.7, 3.1, 7.7, 8.9, 13.2 };
  static const int beside[] = { -2, -1, 1, 2 };
  g_autoptr (SaxidClusterAtlas) atlas = saxid_cluster_atlas_new (6, 20, 2);
  guint tried = 0;

  for (guint k = 2; k + 2 < atlas->n; k++)
    {
      const SaxidClusterPage *page = &atlas->page[k];
      const SaxidClusterPage others[] = { page[-2], page[-1], page[1], page[2] };
      double share[4], full[4], sum = 0, atoms = 0, p[6] = { 0 }, part[6], truth[6];
      g_autoptr (SaxidDebyeTable) own = NULL;

      if (page[-2].row != page[2].row || page->size.e > 0 || page->size.m > 0)
        continue;
      tried++;
      saxid_cluster_shares (4, others, log (0.5 * (page[-1].radius + page[1].radius)), 0, share);
      saxid_cluster_shares (4, others, log (page[1].radius), 0, full);
      g_assert_cmpfloat_with_epsilon (full[2], 1, 1e-9);
      for (guint j = 0; j < 4; j++)
        {
          g_autoptr (SaxidDebyeTable) table = saxid_cluster_page_table (page + beside[j], 1, 0, INFINITY);

          sum += share[j];
          atoms += share[j] * (double)others[j].atoms;
          saxid_debye_table_at (table, 1, 6, x, part);
          for (guint i = 0; i < 6; i++)
            p[i] += share[j] * part[i];
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
      g_assert_cmpfloat_with_epsilon (atoms, (double)page->atoms, 1e-6 * atoms);
      own = saxid_cluster_page_table (page, 1, 0, INFINITY);
      saxid_debye_table_at (own, 1, 6, x, truth);
      for (guint i = 0; i < 6 && g_str_equal (saxid_polyhedron_name (page->polyhedron), "tetrahedron"); i++)
        g_assert_cmpfloat_with_epsilon (p[i], truth[i], 0.06 * (atoms + truth[i]));
    }
  g_assert_cmpuint (tried, >, 20);
}

/* Without noise a fit comes back to what was put in, whatever page it was. */
static void
test_fit (void)
{
  g_autoptr (SaxidClusterAtlas) atlas = saxid_cluster_atlas_new (5, 32, 2);
  const SaxidElement *element = saxid_element_find ("Pt");
  guint tried = 0;

  for (guint k = 0; k < atlas->n; k += 7, tried++)
    {
      const SaxidClusterPage *page = &atlas->page[k];
      const SaxidClusterFit truth = { .page = k, .d = element->d * 1.013, .b = 0.47, .radius = page->radius * element->d * 1.013,
                                      .width = 0, .occupancy = k % 2 ? 1 : 0.85, .resolution = k % 3 * 0.008, .scale = 3e-7, .ground = { 0.05 } };
      g_autoptr (SaxidCurve) curve = saxid_curve_new (400, FALSE, FALSE);
      SaxidClusterFit fit[SAXID_CLUSTER_FITS];
      double sum = 0;
      guint n;

      for (gsize j = 0; j < curve->n; j++)
        curve->q[j] = 0.05 + 0.025 * (double)j;
      saxid_cluster_fit_intensity (atlas, element, &truth, curve->n, curve->q, curve->intensity);
      n = saxid_cluster_fit (atlas, element, curve, fit, NULL);
      g_assert_cmpuint (n, ==, 9);
      for (guint j = 0; j < n; j++)
        {
          sum += fit[j].weight;
          g_assert_true (j == 0 || fit[j].misfit >= fit[j - 1].misfit);
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
      g_test_message ("%s %u -> %s, misfit %.3g, d %.4f, B %.3f, surface %.2f", saxid_polyhedron_name (page->polyhedron), page->size.n,
                      saxid_polyhedron_name (atlas->page[fit[0].page].polyhedron), fit[0].misfit, fit[0].d, fit[0].b, fit[0].occupancy);
      g_assert_true (atlas->page[fit[0].page].polyhedron == page->polyhedron);
      g_assert_cmpfloat_with_epsilon (fit[0].d / truth.d, 1, 1e-3);
      g_assert_cmpfloat_with_epsilon (fit[0].b, truth.b, 0.05);
      /* rows of decahedra whose axes differ by one atom are all but alike */
      g_assert_cmpfloat (fit[0].misfit, <, saxid_polyhedron_has_columns (page->polyhedron) ? 0.5 : 0.1);
    }
  g_assert_cmpuint (tried, >, 8);
}

/* A curve that the tables do not reach is refused. */
static void
test_no_fit (void)
{
  g_autoptr (SaxidClusterAtlas) atlas = saxid_cluster_atlas_new (3, 5, 1);
  g_autoptr (SaxidCurve) curve = saxid_curve_new (50, FALSE, FALSE);
  g_autoptr (GError) error = NULL;
  SaxidClusterFit fit[SAXID_CLUSTER_FITS];

  for (gsize k = 0; k < curve->n; k++)
    {
      curve->q[k] = 5 + 0.1 * (double)k;
      curve->intensity[k] = 1;
    }
  g_assert_cmpuint (saxid_cluster_fit (atlas, saxid_element_find ("Au"), curve, fit, &error), ==, 0);
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
}

/* --- backgrounds and answers -------------------------------------------------------------- */

/* Scale and terms come back; a term that would be negative is held at 0, and then nothing nearer is to be had. */
static void
test_ground (void)
{
  enum { N = 120 };
  double q[N], model[N], data[N], sigma[N];
  SaxidGroundFit fit, held;

  for (guint k = 0; k < N; k++)
    {
      double term[SAXID_GROUND_TERMS];

      q[k] = 0.05 + 0.06 * k;
      saxid_ground_at (q[k], term);
      model[k] = 1 / (1 + pow (2 * q[k], 4));
      sigma[k] = 0.01;
      data[k] = 3 * model[k] + 0.5 * term[SAXID_GROUND_FLAT] + 0.2 * term[SAXID_GROUND_HALO];
    }
  SaxidGround *ground = saxid_ground_new (N, q, data, sigma);

  g_assert_true (saxid_ground_solve (ground, model, &fit));
  g_assert_cmpfloat_with_epsilon (fit.scale, 3, 1e-8);
  g_assert_cmpfloat_with_epsilon (fit.ground[SAXID_GROUND_FLAT], 0.5, 1e-8);
  g_assert_cmpfloat_with_epsilon (fit.ground[SAXID_GROUND_RISING], 0, 1e-8);
  g_assert_cmpfloat_with_epsilon (fit.ground[SAXID_GROUND_HALO], 0.2, 1e-8);
  g_assert_cmpfloat (fit.chi2, <, 1e-5);
  saxid_ground_free (ground);

  for (guint k = 0; k < N; k++)
    data[k] -= 0.6;
  ground = saxid_ground_new (N, q, data, sigma);
  g_assert_true (saxid_ground_solve (ground, model, &held));
  g_assert_cmpfloat (held.ground[SAXID_GROUND_FLAT], ==, 0);
  g_assert_cmpfloat (held.chi2, >, 1);
  for (guint k = 0; k < N; k++)
    data[k] = -model[k];
  saxid_ground_free (ground);
  ground = saxid_ground_new (N, q, data, sigma);
  g_assert_false (saxid_ground_solve (ground, model, &held));
  saxid_ground_free (ground);
}

/* Curves as laboratories have them: the same from the same seed, most shapes right, families all but always; what is none of a
 * particle is mostly not answered. */
static void
test_answers (void)
{
  g_autoptr (SaxidClusterAtlas) atlas = saxid_cluster_atlas_new (6, SAXID_CLUSTER_LAST, 2);
  guint answered = 0, shape = 0, family = 0, inside = 0, strangers = 0;

  for (guint k = 0; k < 40; k++)
    {
      SaxidAtomicDraw draw, again;
      g_autoptr (SaxidCurve) curve = saxid_atomic_draw (atlas, SAXID_ATOMIC_PARTICLE, NULL, 3, k, &draw);
      g_autoptr (SaxidCurve) same = saxid_atomic_draw (atlas, SAXID_ATOMIC_PARTICLE, NULL, 3, k, &again);
      g_autoptr (SaxidCurve) none = saxid_atomic_draw (atlas, SAXID_ATOMIC_POWDER + k % 4, NULL, 3, k, &again);
      const SaxidAtomsQuestion question = { .element = draw.element->symbol, .atlas = atlas };
      SaxidCurveRepairs repairs;
      SaxidAtomsAnswer answer;
      double sum = 0;

      g_assert_cmpmem (curve->intensity, curve->n * sizeof (double), same->intensity, same->n * sizeof (double));
      g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
      g_assert_true (saxid_atoms_answer (curve, &question, &answer, NULL));
      if (answer.status == SAXID_ATOMS_FOUND)
        {
          answered++;
          shape += answer.habit[0].polyhedron == draw.polyhedron;
          family += g_str_equal (answer.family[0].name, saxid_polyhedron_family (draw.polyhedron));
          inside += draw.atoms >= answer.atoms.lower && draw.atoms <= answer.atoms.upper;
          for (guint j = 0; j < answer.n_habit; j++)
            sum += answer.habit[j].fit.weight;
          g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
          g_assert_true (answer.habit[0].in_set);
        }
      if (saxid_curve_clean (none, &repairs, NULL)
          && saxid_atoms_answer (none, &(SaxidAtomsQuestion) { .element = again.element->symbol, .atlas = atlas }, &answer, NULL))
        strangers += answer.status == SAXID_ATOMS_FOUND;
    }
  g_test_message ("answered %u, shape %u, family %u, atoms inside %u, strangers %u", answered, shape, family, inside, strangers);
  g_assert_cmpuint (answered, >=, 16);
  g_assert_cmpuint (10 * shape, >=, 8 * answered);
  g_assert_cmpuint (10 * family, >=, 9 * answered);
  g_assert_cmpuint (10 * inside, >=, 7 * answered);
  g_assert_cmpuint (strangers, <=, 2); /* of ten each: powders, halos, mixtures, hexagonal spheres */
}

/* --- peaks -------------------------------------------------------------------------------- */

/* From 0.02 to last, 600 points; a smooth curve where there is no cluster. */
static SaxidCurve *
curve_of (const SaxidDebyeTable *table, const char *symbol, double last)
{
  const SaxidElement *element = saxid_element_find (symbol);
  SaxidCurve *curve = saxid_curve_new (600, TRUE, FALSE);

  for (gsize k = 0; k < curve->n; k++)
    {
      curve->q[k] = 0.02 + (last - 0.02) * (double)k / 599;
      curve->intensity[k] = 1e5 / (1 + pow (6 * curve->q[k], 4)) + 30;
    }
  if (table != NULL)
    saxid_atoms_intensity (&(SaxidAtoms){ element, element->d, 0.5 }, table, curve->n, curve->q, curve->intensity);
  for (gsize k = 0; k < curve->n; k++)
    curve->sigma[k] = 0.03 * curve->intensity[k];
  return curve;
}

static void
test_peaks (void)
{
  static const char *const symbols[] = { "Fe", "Ag", "Au", "Pb" };
  SaxidPeaks peaks;

  g_assert_cmpfloat_with_epsilon (saxid_peaks_needed (saxid_element_find ("Au")->d), 3.47, 0.005);
  for (guint k = 0; k < G_N_ELEMENTS (closed); k++)
    for (guint s = 0; s < G_N_ELEMENTS (symbols); s++)
      {
        g_autoptr (SaxidCluster) cluster = make (closed[k].name, 5, 0, 0);
        g_autoptr (SaxidDistances) distances = saxid_distances_new (cluster, SAXID_DISTANCES_WIDTH);
        g_autoptr (SaxidDebyeTable) table = saxid_debye_table_new (distances, SAXID_DEBYE_LAST);
        g_autoptr (SaxidCurve) curve = curve_of (table, symbols[s], 8);
        g_autoptr (SaxidCurve) short_one = curve_of (table, symbols[s], 2);
        SaxidCurveRepairs repairs;
        g_autofree char *said = NULL;

        g_assert_true (saxid_peaks_find (curve, &peaks));
        /* the smallest tetrahedra have next to none */
        if (cluster->n < 50)
          continue;
        g_assert_true (peaks.is_seen);
        g_test_message ("%s of %s: %.2f at q d = %.2f, %.2f wide", closed[k].name, symbols[s], peaks.rise,
                        peaks.at * saxid_element_find (symbols[s])->d, peaks.width);
        g_assert_false (saxid_peaks_find (short_one, &peaks));
        g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
        said = saxid_curve_repairs_say (&repairs);
        g_assert_cmpuint (repairs.peaks, ==, 1);
        g_assert_true (strstr (said, "peaks of a crystal") != NULL);
      }
}

static void
test_no_peaks (void)
{
  g_autoptr (SaxidCurve) curve = curve_of (NULL, "Au", 8);
  SaxidCurveRepairs repairs;
  SaxidPeaks peaks;

  g_assert_true (saxid_peaks_find (curve, &peaks));
  g_assert_false (peaks.is_seen);
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_cmpuint (repairs.peaks, ==, 0);
  g_assert_null (saxid_curve_repairs_say (&repairs));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/atomic/counts", test_counts);
  g_test_add_func ("/atomic/marks", test_marks);
  g_test_add_func ("/atomic/refused", test_refused);
  g_test_add_func ("/atomic/orbits", test_orbits);
  g_test_add_func ("/atomic/smear", test_smear);
  g_test_add_func ("/atomic/shares", test_shares);
  g_test_add_func ("/atomic/broken-orbit", test_broken_orbit);
  g_test_add_func ("/atomic/inertia", test_inertia);
  g_test_add_func ("/atomic/printed", test_printed);
  g_test_add_func ("/atomic/ways", test_ways);
  g_test_add_func ("/atomic/table", test_table);
  g_test_add_func ("/atomic/autocorrelation", test_autocorrelation);
  g_test_add_func ("/atomic/cube-distances", test_cube_distances);
  g_test_add_func ("/atomic/ase", test_ase);
  g_test_add_func ("/atomic/factors", test_factors);
  g_test_add_func ("/atomic/intensity", test_intensity);
  g_test_add_func ("/atomic/solid", test_solid);
  g_test_add_func ("/atomic/small-angles", test_small_angles);
  g_test_add_func ("/atomic/surface", test_surface);
  g_test_add_func ("/atomic/pages", test_pages);
  g_test_add_func ("/atomic/fit", test_fit);
  g_test_add_func ("/atomic/no-fit", test_no_fit);
  g_test_add_func ("/atomic/ground", test_ground);
  g_test_add_func ("/atomic/answers", test_answers);
  g_test_add_func ("/atomic/peaks", test_peaks);
  g_test_add_func ("/atomic/no-peaks", test_no_peaks);
  return g_test_run ();
}
