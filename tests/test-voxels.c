/* Are structures made of voxels what they should be: exact shares, the mean curve of the integral,
 * films of even thickness? What is made wrongly on purpose must be told from them.
 */
#include <math.h>
#include <string.h>

#include "models/materials/voxels/levels.h"
#include "models/materials/lattice.h"
#include "models/materials/mean-curve.h"
#include "models/materials/voxels/random-field.h"
#include "models/materials/voxels/smoothing.h"
#include "models/materials/spectrum.h"
#include "models/materials/voxels/structure.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define VOXEL 5.0
#define SQR(x) ((double)(x) * (double)(x))

static const SaxidMaterial two = { .phases = 2, .length = 10, .porosity = 0.3 };
static const SaxidMaterial three = { .phases = 3, .length = 10, .porosity = 0.6, .share = 0.3, .layer = 0.65 };

static float *
at (const SaxidCube *cube, gsize z, gsize y, gsize x)
{
  return cube->value + (z * cube->n + y) * cube->row + x;
}

/* White noise, the same for every caller. */
static void
fill_noise (SaxidCube *cube, guint64 seed)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_RANDOM_FIELD);
  for (gsize z = 0; z < cube->n; z++)
    for (gsize y = 0; y < cube->n; y++)
      for (gsize x = 0; x < cube->n; x++)
        *at (cube, z, y, x) = (float)saxid_random_uniform (&random, -1, 1);
}

/* --- the parts ---------------------------------------------------------------------------- */

/* Some modes against the sum over all voxels in double, and back to the voxels. */
static void
test_transform (void)
{
  static const guint modes[][3] = { { 0, 0, 0 }, { 1, 2, 3 }, { 8, 8, 8 }, { 15, 0, 5 }, { 9, 14, 8 }, { 0, 0, 1 } };
  g_autoptr (SaxidCube) cube = saxid_cube_new (16, NULL), copy = saxid_cube_new (16, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (16, 3);

  fill_noise (cube, 1);
  fill_noise (copy, 1);
  saxid_cube_to_modes (plan, cube);
  for (gsize k = 0; k < G_N_ELEMENTS (modes); k++)
    {
      double re = 0, im = 0;

      for (gsize z = 0; z < 16; z++)
        for (gsize y = 0; y < 16; y++)
          for (gsize x = 0; x < 16; x++)
            {
              const double phase = -2 * G_PI / 16 * (double)(modes[k][0] * z + modes[k][1] * y + modes[k][2] * x);

              re += *at (copy, z, y, x) * cos (phase);
              im += *at (copy, z, y, x) * sin (phase);
            }
      g_assert_cmpfloat_with_epsilon (*at (cube, modes[k][0], modes[k][1], 2 * modes[k][2]), re, 1e-3);
      g_assert_cmpfloat_with_epsilon (*at (cube, modes[k][0], modes[k][1], 2 * modes[k][2] + 1), im, 1e-3);
    }
  saxid_cube_to_voxels (plan, cube, 16);
  for (gsize z = 0; z < 16; z++)
    for (gsize x = 0; x < 16; x++)
      g_assert_cmpfloat_with_epsilon (*at (cube, z, 7, x) / 4096, *at (copy, z, 7, x), 1e-5);
}

static int
compare_floats (const void *a, const void *b)
{
  const float x = *(const float *)a, y = *(const float *)b;

  return (x > y) - (x < y);
}

static void
compare_ranks (const SaxidCubePlan *plan, const SaxidCube *cube)
{
  const gsize all = (gsize)cube->n * cube->n * cube->n, rank[] = { 0, all / 7, all / 2, all - 1 };
  g_autofree float *sorted = g_new (float, all);
  float level[4];

  for (gsize row = 0; row < (gsize)cube->n * cube->n; row++)
    memcpy (sorted + row * cube->n, cube->value + row * cube->row, cube->n * sizeof *sorted);
  qsort (sorted, all, sizeof *sorted, compare_floats);
  saxid_levels_find (plan, cube, 4, rank, level);
  for (gsize k = 0; k < 4; k++)
    g_assert_cmpfloat (level[k], ==, sorted[rank[k]]);
}

/* Modes that are zero may be left out. */
static void
test_transform_of_few (void)
{
  enum { EDGE = 64, LAST = 5 };
  g_autoptr (SaxidCube) few = saxid_cube_new (EDGE, NULL), all = saxid_cube_new (EDGE, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (EDGE, 2);
  double most = 0;

  fill_noise (few, 3);
  saxid_cube_to_modes (plan, few);
  for (gsize z = 0; z < EDGE; z++)
    for (gsize y = 0; y < EDGE; y++)
      for (gsize x = 0; x <= EDGE / 2; x++)
        if (MIN (z, EDGE - z) > LAST || MIN (y, EDGE - y) > LAST || x > LAST)
          *at (few, z, y, 2 * x) = *at (few, z, y, 2 * x + 1) = 0;
  memcpy (all->value, few->value, sizeof (float) * EDGE * EDGE * few->row);
  saxid_cube_to_voxels (plan, few, LAST);
  saxid_cube_to_voxels (plan, all, EDGE);
  for (gsize row = 0; row < (gsize)EDGE * EDGE; row++)
    for (gsize x = 0; x < EDGE; x++)
      {
        g_assert_cmpfloat_with_epsilon (few->value[row * few->row + x], all->value[row * all->row + x], 0.5);
        most = fmax (most, fabs ((double)all->value[row * all->row + x]));
      }
  g_assert_cmpfloat (most, >, 1e4);
}

/* Against a sort: noise of both signs, values that are nearly all alike, and rows that are not
 * like those that were asked. */
static void
test_levels (void)
{
  g_autoptr (SaxidCube) cube = saxid_cube_new (24, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (24, 2);

  fill_noise (cube, 2);
  compare_ranks (plan, cube);
  for (gsize z = 0; z < 24; z++)
    for (gsize y = 0; y < 24; y++)
      for (gsize x = 0; x < 24; x++)
        if ((x + y + z) % 5 != 0)
          *at (cube, z, y, x) = 0.25f;
  compare_ranks (plan, cube);
  fill_noise (cube, 3);
  for (gsize row = 0; row < 24 * 24; row += 16)
    for (gsize x = 0; x < 24; x++)
      cube->value[row * cube->row + x] += 5;
  compare_ranks (plan, cube);
}

static double
distance_square (gsize n, const gint *a, const gint *b)
{
  double sum = 0;

  for (gsize k = 0; k < 3; k++)
    {
      const gint d = ABS (a[k] - b[k]);
      const double away = MIN (d, (gint)n - d);

      sum += away * away;
    }
  return sum;
}

/* Distances from a few voxels, across the faces of the cube, against all pairs. */
static void
test_distances (void)
{
  static const gint place[][3] = { { 0, 0, 0 }, { 3, 17, 9 }, { 18, 2, 11 } };
  g_autoptr (SaxidCube) cube = saxid_cube_new (20, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (20, 2);

  memset (cube->value, 0, sizeof (float) * 20 * 20 * cube->row);
  for (gsize k = 0; k < G_N_ELEMENTS (place); k++)
    *at (cube, place[k][0], place[k][1], place[k][2]) = 7;
  saxid_smoothing_order_rest (plan, cube);
  for (gint z = 0; z < 20; z++)
    for (gint y = 0; y < 20; y++)
      for (gint x = 0; x < 20; x++)
        {
          const gint here[] = { z, y, x };
          double least = INFINITY;

          for (gsize k = 0; k < G_N_ELEMENTS (place); k++)
            least = fmin (least, distance_square (20, here, place[k]));
          g_assert_cmpfloat (ceil (*at (cube, z, y, x)), ==, least == 0 ? 7 : -least);
        }
}

/* A plane wall comes to the error function, to single precision relative to itself, down to 1e-30 of it. */
static void
test_smoothing (void)
{
  g_autoptr (SaxidCube) cube = saxid_cube_new (96, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (96, 2);

  for (guint direction = 0; direction < 3; direction++)
    {
      for (gsize z = 0; z < 96; z++)
        for (gsize y = 0; y < 96; y++)
          for (gsize x = 0; x < 96; x++)
            *at (cube, z, y, x) = (direction == 0 ? x : direction == 1 ? y : z) < 48 ? SAXID_SMOOTHING_FULL : 0;
      saxid_smoothing_apply (plan, cube, 2, 13);
      for (gsize k = 48; k < 70; k++)
        {
          /* weights at whole voxels, summed in double */
          double sum = 0, all = 0;

          for (int j = -26; j <= 26; j++)
            {
              all += exp (-j * j / 8.0);
              sum += j >= (int)k - 47 ? exp (-j * j / 8.0) : 0;
            }
          const float found = direction == 0 ? *at (cube, 5, 5, k) : direction == 1 ? *at (cube, 5, k, 5) : *at (cube, k, 5, 5);

          g_assert_cmpfloat_with_epsilon (found / SAXID_SMOOTHING_FULL / (sum / all), 1, 2e-5);
        }
    }
}

static void
test_alias (void)
{
  /* 2 pi S_V / |k + G|^4 over the lattice, summed directly over directions (Fibonacci's) and images */
  const double u = 0.35;
  double sum = 0;

  for (gint k = 0; k < 400; k++)
    {
      const double z = 1 - (2 * k + 1) / 400.0, radius = sqrt (1 - z * z), turn = k * G_PI * (3 - sqrt (5));
      const double direction[] = { u * radius * cos (turn), u * radius * sin (turn), u * z };

      for (gint i = -12; i <= 12; i++)
        for (gint j = -12; j <= 12; j++)
          for (gint l = -12; l <= 12; l++)
            if (i != 0 || j != 0 || l != 0)
              sum += pow (SQR (i + direction[0]) + SQR (j + direction[1]) + SQR (l + direction[2]), -2) / 400;
    }
  sum += 4 * G_PI / 12.5 * 0.95; /* the rest of the lattice, beyond a cube */
  g_assert_cmpfloat_with_epsilon (saxid_lattice_alias (1, 1, 2 * G_PI * u) / (2 * G_PI * pow (2 * G_PI, -4) * sum), 1, 0.01);
}

/* --- structures --------------------------------------------------------------------------- */

static gsize
count_value (const SaxidCube *cube, float value)
{
  gsize count = 0;

  for (gsize row = 0; row < (gsize)cube->n * cube->n; row++)
    for (gsize x = 0; x < cube->n; x++)
      count += cube->value[row * cube->row + x] == value;
  return count;
}

static void
fill (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube)
{
  g_autoptr (GError) error = NULL;

  saxid_structure_fill (structure, plan, cube, &error);
  g_assert_no_error (error);
}

static void
test_shares (void)
{
  g_autoptr (SaxidCube) cube = saxid_cube_new (64, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (64, 2);
  const double all = 64 * 64 * 64;

  for (guint k = 0; k < 4; k++)
    {
      const SaxidStructure structure
          = { .material = k % 2 ? three : two, .voxel = VOXEL, .smoothing = k / 2 ? 2 : 0, .seed = 3, .sample = k };
      const double filled = k % 2 ? 0.6 * 0.3 : 0;

      fill (&structure, plan, cube);
      g_assert_cmpfloat_with_epsilon ((double)count_value (cube, 1), all * (1 - structure.material.porosity), 1);
      g_assert_cmpfloat_with_epsilon ((double)count_value (cube, 0.65f), all * filled, 1);
    }
}

/* Sum over the shells = N³ sum (rho - mean)² + what stands in the middle; any number of threads. */
static void
test_parseval (void)
{
  const SaxidStructure structure = { .material = three, .voxel = VOXEL, .seed = 4 };
  g_autoptr (SaxidCube) cube = saxid_cube_new (64, NULL);
  const double all = 64 * 64 * 64, mean = 0.4 + 0.65 * 0.18, variance = 0.4 + 0.65 * 0.65 * 0.18 - mean * mean;
  SaxidShells *shells[2];
  double sum = 0, modes = 0;

  for (guint k = 0; k < 2; k++)
    {
      g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (64, k == 0 ? 1 : 5);

      fill (&structure, plan, cube);
      saxid_cube_to_modes (plan, cube);
      shells[k] = saxid_shells_new (plan, cube);
    }
  g_assert_cmpmem (shells[0]->sum, shells[0]->count * sizeof (double), shells[1]->sum, shells[1]->count * sizeof (double));
  for (gsize s = 0; s < shells[0]->count; s++)
    {
      modes += shells[0]->mode[s];
      sum += s > 0 ? shells[0]->sum[s] : 0;
    }
  g_assert_cmpfloat (modes, ==, all);
  g_assert_cmpfloat (shells[0]->mode[1], ==, 6);
  g_assert_cmpfloat_with_epsilon (shells[0]->sum[0] / SQR (all * mean), 1, 1e-4);
  g_assert_cmpfloat_with_epsilon (sum / (all * all * variance), 1, 1e-4);
  saxid_shells_free (shells[0]);
  saxid_shells_free (shells[1]);
}

/* --- against the integral ----------------------------------------------------------------- */

#define EDGE 64
#define CUBES 16
#define BINS 20

/* How the cubes of a comparison are made. */
typedef enum
{
  RIGHT,
  NO_ROOT,    /* Gamma instead of its root */
  FILM,       /* a film of even thickness, called levels */
  NO_ALIAS    /* compared with the integral alone */
} Making;

static void
make_cube (Making making, const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube)
{
  g_autofree float *amplitude = NULL;
  gsize n_shell;

  if (making == NO_ROOT)
    {
      amplitude = saxid_random_field_amplitude ((int)structure->material.order, structure->material.length, VOXEL * EDGE, EDGE,
                                                &n_shell);
      for (gsize k = 0; k < n_shell; k++)
        amplitude[k] *= amplitude[k];
      saxid_random_field_draw (plan, cube, amplitude, n_shell, structure->seed, structure->sample);
      saxid_structure_cut (structure, plan, cube);
    }
  else
    fill (structure, plan, cube);
}

/* What the other images of the lattice add where a layer is as thin as a voxel, so that its two
 * sides do not add up: P itself at |k + G|, by 32 directions for each G up to radius R, and the
 * Porod form of the rest. */
static double
images_of (const SaxidMeanCurve *curve, double porod, double q)
{
  enum { R = 6, DIRECTIONS = 32 };
  const double lattice = 2 * G_PI / VOXEL;
  gint count[R * R + 1] = { 0 };
  double sum = porod * 4 * G_PI / R / pow (lattice, 4);

  for (gint i = -R; i <= R; i++)
    for (gint j = -R; j <= R; j++)
      for (gint k = -R; k <= R; k++)
        if (i * i + j * j + k * k <= R * R)
          count[i * i + j * j + k * k]++;
  for (gint s = 1; s <= R * R; s++)
    for (gint d = 0; count[s] > 0 && d < DIRECTIONS; d++)
      {
        const double g = lattice * sqrt (s), cosine = (2 * d + 1.0) / DIRECTIONS - 1, away = sqrt (q * q + g * g + 2 * q * g * cosine);
        double value;

        saxid_mean_curve_values (curve, 1, &away, &value);
        sum += count[s] * value / DIRECTIONS;
      }
  return sum;
}

/* Means over bins of q of the cubes and of what they should be. Shape: mean and expected BINS. */
static void
bin_shells (const SaxidShells *shells, const SaxidMaterial *material, Making making, double *mean, double *expected)
{
  const double step = 2 * G_PI / (EDGE * VOXEL), last = G_PI / VOXEL;
  double count[BINS] = { 0 };
  SaxidMeanCurve curve;
  SaxidMaterialSums sums;

  saxid_mean_curve_init (&curve, material, NULL);
  saxid_material_sums (material, &sums);
  memset (mean, 0, BINS * sizeof *mean);
  memset (expected, 0, BINS * sizeof *expected);
  for (gsize s = 4; s < shells->count; s++)
    {
      const double q = step * sqrt ((double)s);
      const gsize bin = (gsize)(log (q / (2 * step)) / log (last / (2 * step)) * BINS);
      double value;

      if (q >= last || bin >= BINS || shells->mode[s] == 0)
        continue;
      saxid_mean_curve_values (&curve, 1, &q, &value);
      if (making != NO_ALIAS && material->phases == 2)
        value += saxid_lattice_alias (sums.porod / (2 * G_PI), VOXEL, q);
      else if (making != NO_ALIAS)
        value += images_of (&curve, sums.porod, q);
      count[bin] += shells->mode[s];
      mean[bin] += shells->sum[s] * pow (VOXEL, 3) / pow (EDGE, 3);
      expected[bin] += shells->mode[s] * value;
    }
  for (gsize k = 0; k < BINS; k++)
    {
      mean[k] /= count[k];
      expected[k] /= count[k];
    }
}

/* Chi-square by bin of the mean of CUBES cubes, sigma from their scatter. */
static double
chi_square (const SaxidMaterial *material, Making making)
{
  g_autoptr (SaxidCube) cube = saxid_cube_new (EDGE, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (EDGE, 2);
  double sum[BINS] = { 0 }, square[BINS] = { 0 }, mean[BINS], expected[BINS], chi2 = 0;

  for (guint k = 0; k < CUBES; k++)
    {
      const SaxidStructure structure
          = { .material = *material, .voxel = VOXEL, .smoothing = making == FILM ? 1 : 0, .seed = 11, .sample = k };
      g_autoptr (SaxidShells) shells = NULL;

      make_cube (making, &structure, plan, cube);
      saxid_cube_to_modes (plan, cube);
      shells = saxid_shells_new (plan, cube);
      bin_shells (shells, material, making, mean, expected);
      for (gsize j = 0; j < BINS; j++)
        {
          sum[j] += mean[j] / expected[j] / CUBES;
          square[j] += SQR (mean[j] / expected[j]) / CUBES;
        }
    }
  for (gsize j = 0; j < BINS; j++)
    chi2 += SQR (sum[j] - 1) / ((square[j] - SQR (sum[j])) / (CUBES - 1)) / BINS;
  g_test_message ("%u phases, making %d: chi square by bin %.2f", material->phases, making, chi2);
  return chi2;
}

static void
test_integral (void)
{
  const SaxidMaterial others[] = { { .phases = 2, .length = 10, .porosity = 0.5, .order = 0 },
                                   { .phases = 2, .length = 10, .porosity = 0.3, .order = 2 },
                                   { .phases = 2, .length = 10, .porosity = 0.3, .order = -1 } };
  double chi2 = chi_square (&two, RIGHT);

  g_assert_cmpfloat (chi2, >, 0.4);
  g_assert_cmpfloat (chi2, <, 2);
  chi2 = chi_square (&three, RIGHT);
  g_assert_cmpfloat (chi2, >, 0.4);
  g_assert_cmpfloat (chi2, <, 2);
  for (gsize k = 0; k < G_N_ELEMENTS (others); k++)
    g_assert_cmpfloat (chi_square (&others[k], RIGHT), <, 2);
}

static void
test_integral_rejects (void)
{
  g_assert_cmpfloat (chi_square (&two, NO_ROOT), >, 50);
  g_assert_cmpfloat (chi_square (&two, NO_ALIAS), >, 5);
  g_assert_cmpfloat (chi_square (&three, FILM), >, 5);
}

/* --- the film ----------------------------------------------------------------------------- */

#define FILM_EDGE 128

/* How far from the solid the farthest voxel of the layer and the nearest of the pore are: the
 * first may be farther by less than a voxel. */
static double
film_overlap (const SaxidCubePlan *plan, const SaxidCube *phases)
{
  g_autoptr (SaxidCube) distance = saxid_cube_new (FILM_EDGE, NULL);
  double layer = 0, pore = INFINITY;

  for (gsize k = 0; k < (gsize)FILM_EDGE * FILM_EDGE * distance->row; k++)
    distance->value[k] = phases->value[k] == 1;
  saxid_smoothing_order_rest (plan, distance);
  for (gsize row = 0; row < (gsize)FILM_EDGE * FILM_EDGE; row++)
    for (gsize x = 0; x < FILM_EDGE; x++)
      {
        const double away = sqrt (fmax (0, -ceil (distance->value[row * distance->row + x])));
        const float density = phases->value[row * phases->row + x];

        if (density == 0)
          pore = fmin (pore, away);
        else if (density != 1)
          layer = fmax (layer, away);
      }
  return layer - pore;
}

/* The smoothing that loses what is far from the wall: by Fourier transform in float. */
static void
smooth_by_transform (const SaxidCubePlan *plan, SaxidCube *cube)
{
  const double step = 2 * G_PI / FILM_EDGE;

  saxid_cube_to_modes (plan, cube);
  for (gsize z = 0; z < FILM_EDGE; z++)
    for (gsize y = 0; y < FILM_EDGE; y++)
      for (gsize x = 0; x <= FILM_EDGE / 2; x++)
        {
          const double square = SQR (MIN (z, FILM_EDGE - z)) + SQR (MIN (y, FILM_EDGE - y)) + SQR (x);
          const float factor = (float)(exp (-2 * step * step * square) / pow (FILM_EDGE, 3));

          *at (cube, z, y, 2 * x) *= factor;
          *at (cube, z, y, 2 * x + 1) *= factor;
        }
  saxid_cube_to_voxels (plan, cube, FILM_EDGE);
}

/* A thick layer: a = 8 nm, half of the pore space. */
static void
test_film (void)
{
  const SaxidMaterial thick = { .phases = 3, .length = 80, .porosity = 0.9, .share = 0.5, .layer = 0.65 };
  const SaxidStructure structure = { .material = thick, .voxel = VOXEL, .smoothing = 2, .seed = 5 };
  const double all = pow (FILM_EDGE, 3);
  g_autoptr (SaxidCube) cube = saxid_cube_new (FILM_EDGE, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (FILM_EDGE, 2);
  const gsize rank[] = { saxid_levels_rank (cube, 0.45), saxid_levels_rank (cube, 0.9) };
  float level[2];
  double overlap;

  fill (&structure, plan, cube);
  g_assert_cmpfloat_with_epsilon ((double)count_value (cube, 0.65f), 0.45 * all, 1);
  overlap = film_overlap (plan, cube);
  g_test_message ("in real space: layer farther than pore by %.2f voxels", overlap);
  g_assert_cmpfloat (overlap, <, 1.3);

  /* the same solid, filtered by a transform */
  for (gsize k = 0; k < (gsize)FILM_EDGE * FILM_EDGE * cube->row; k++)
    cube->value[k] = cube->value[k] == 1;
  smooth_by_transform (plan, cube);
  saxid_levels_find (plan, cube, 2, rank, level);
  for (gsize k = 0; k < (gsize)FILM_EDGE * FILM_EDGE * cube->row; k++)
    cube->value[k] = cube->value[k] >= level[1] ? 1 : cube->value[k] >= level[0] ? 0.65f : 0;
  overlap = film_overlap (plan, cube);
  g_test_message ("by transform: layer farther than pore by %.2f voxels", overlap);
  g_assert_cmpfloat (overlap, >, 5);
}

/* Voxels that differ from those of a kernel that reaches as far as it can. */
static gsize
count_differences (const SaxidMaterial *material, const SaxidCubePlan *plan)
{
  const SaxidStructure structure = { .material = *material, .voxel = VOXEL, .smoothing = 2, .seed = 3 };
  g_autoptr (SaxidCube) cube = saxid_cube_new (FILM_EDGE, NULL), whole = saxid_cube_new (FILM_EDGE, NULL);
  g_autofree float *amplitude = NULL;
  gsize n_shell, differ = 0;

  fill (&structure, plan, cube);
  amplitude = saxid_random_field_amplitude (0, material->length, VOXEL * FILM_EDGE, FILM_EDGE, &n_shell);
  saxid_random_field_draw (plan, whole, amplitude, n_shell, 3, 0);
  saxid_structure_cut (&structure, plan, whole);
  for (gsize row = 0; row < (gsize)FILM_EDGE * FILM_EDGE; row++)
    for (gsize x = 0; x < FILM_EDGE; x++)
      differ += cube->value[row * cube->row + x] != whole->value[row * whole->row + x];
  return differ;
}

/* The kernel is as long as a layer is deep: thin layers and thick ones come out as by the longest kernel, those of rough walls
 * too. */
static void
test_reach (void)
{
  static const struct
  {
    double length, porosity, share;
  } films[] = { { 40, 0.7, 0.2 }, { 10, 0.3, 0.06 }, { 8, 0.9, 0.5 }, { 60, 0.5, 0.4 }, { 25, 0.12, 0.5 } };
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (FILM_EDGE, 2);

  for (gsize k = 0; k < G_N_ELEMENTS (films); k++)
    {
      const SaxidMaterial film = { .phases = 3, .length = films[k].length, .porosity = films[k].porosity, .share = films[k].share,
                                   .layer = 0.65 };
      const gsize differ = count_differences (&film, plan);

      g_test_message ("a = %g: %" G_GSIZE_FORMAT " voxels differ", films[k].length, differ);
      g_assert_cmpuint (differ, <, 20); /* of two million: those at a level that rounding decides */
    }
}

static void
test_refusals (void)
{
  static const struct
  {
    SaxidStructure structure;
    const char *word;
  } bad[] = {
    { { { .phases = 2, .length = 10, .porosity = 0.3, .order = 0.5 }, 5, 0, 1, 1 }, "whole" },
    { { { .phases = 2, .length = 10, .porosity = 0.3, .order = 0 }, 5, 9, 1, 1 }, "smoothing" },
    { { { .phases = 2, .length = 10, .porosity = 0.3, .order = 0 }, NAN, 0, 1, 1 }, "edge" },
    { { { .phases = 2, .length = 100, .porosity = 0.3, .order = 0 }, 5, 0, 1, 1 }, "edge" },
    { { { .phases = 2, .length = 10, .porosity = 0, .order = 0 }, 5, 0, 1, 1 }, "porosity" },
  };
  g_autoptr (SaxidCube) cube = saxid_cube_new (32, NULL);
  g_autoptr (SaxidCubePlan) plan = saxid_cube_plan_new (32, 1);

  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (saxid_structure_fill (&bad[k].structure, plan, cube, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_nonnull (g_strstr_len (error->message, -1, bad[k].word));
    }
  for (guint n = 0; n < 4; n++)
    {
      static const guint edge[] = { 0, 33, 8, 4096 };
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_cube_new (edge[n], &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voxels/transform", test_transform);
  g_test_add_func ("/voxels/transform/few", test_transform_of_few);
  g_test_add_func ("/voxels/levels", test_levels);
  g_test_add_func ("/voxels/distances", test_distances);
  g_test_add_func ("/voxels/smoothing", test_smoothing);
  g_test_add_func ("/voxels/alias", test_alias);
  g_test_add_func ("/voxels/shares", test_shares);
  g_test_add_func ("/voxels/parseval", test_parseval);
  g_test_add_func ("/voxels/integral", test_integral);
  g_test_add_func ("/voxels/integral-rejects", test_integral_rejects);
  g_test_add_func ("/voxels/film", test_film);
  g_test_add_func ("/voxels/reach", test_reach);
  g_test_add_func ("/voxels/refusals", test_refusals);
  return g_test_run ();
}
