/* Do pixels end in the right bin, and are the error bars those of counting? */
#include <math.h>

#include "reducers/correct.h"
#include "reducers/error.h"
#include "reducers/integrate.h"

#define HEIGHT 120
#define WIDTH 100
#define SEED 20190823

static SaxidGeometryMap *
detector (void)
{
  const SaxidGeometry geometry = {
    .dist = 1.0,
    .poni1 = 0.006,
    .poni2 = 0.004,
    .pixel1 = 1e-4,
    .pixel2 = 1e-4,
    .wavelength = 1e-10,
  };

  return saxid_geometry_map_new (&geometry, HEIGHT, WIDTH, NULL);
}

/* One frame of floats. */
static void
integrate_one (const SaxidBinning *binning, const float *counts, SaxidSums *sums)
{
  g_autoptr (SaxidIntegrator) integrator = saxid_integrator_new (binning);
  const SaxidFrames frames = { .type = SAXID_PIXEL_TYPE_FLOAT, .n = 1, .counts = { counts } };
  SaxidSums *all[] = { sums };

  saxid_integrate (integrator, &frames, all);
}

static void
test_grid (void)
{
  const SaxidGrid linear = { 4, 1, 3, SAXID_SPACING_LINEAR };
  const SaxidGrid logarithmic = { 3, 0.01, 10, SAXID_SPACING_LOG };
  const SaxidGrid wrong = { 3, 0, 10, SAXID_SPACING_LOG },
                  backwards = { 3, 2, 1, SAXID_SPACING_LINEAR };
  g_autoptr (GError) zero = NULL, order = NULL;

  g_assert_cmpint (saxid_grid_bin (&linear, 0.999), ==, -1);
  g_assert_cmpint (saxid_grid_bin (&linear, 1), ==, 0);
  g_assert_cmpint (saxid_grid_bin (&linear, 1.5), ==, 1);
  g_assert_cmpint (saxid_grid_bin (&linear, 3), ==, 3); /* the last edge is inside */
  g_assert_cmpint (saxid_grid_bin (&linear, 3.0001), ==, -1);
  g_assert_cmpint (saxid_grid_bin (&linear, NAN), ==, -1);
  g_assert_cmpfloat (saxid_grid_centre (&linear, 1), ==, 1.75);
  g_assert_cmpint (saxid_grid_bin (&logarithmic, 0.5), ==, 1);
  g_assert_cmpfloat_with_epsilon (saxid_grid_edge (&logarithmic, 1), 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (saxid_grid_centre (&logarithmic, 0), sqrt (0.001), 1e-12);
  g_assert_false (saxid_grid_check (&wrong, SAXID_RADIAL_Q, &zero));
  g_assert_error (zero, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_false (saxid_grid_check (&backwards, SAXID_RADIAL_Q, &order));
  g_assert_error (order, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

/* A frame whose counts are q itself comes out as q, and no pixel is lost. */
static void
test_every_pixel_counts_once (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidBinningRequest request = { .n_bin = 50 };
  g_autoptr (SaxidBinning) binning = saxid_binning_new (map, NULL, &request, NULL);
  g_autoptr (SaxidSums) sums = saxid_sums_new (50);
  g_autoptr (SaxidCurve) curve = NULL;
  g_autofree float *counts = g_new (float, map->n);
  const SaxidGrid *grid = saxid_binning_grid (binning);
  double total = 0;

  for (gsize k = 0; k < map->n; k++)
    counts[k] = (float) map->q[k];
  integrate_one (binning, counts, sums);
  integrate_one (binning, counts, sums); /* overwrites, does not add */
  for (gsize k = 0; k < 50; k++)
    total += sums->count[k];
  g_assert_cmpfloat (total, ==, HEIGHT * WIDTH);
  curve = saxid_sums_curve (sums, grid, 0);
  for (gsize k = 0; k < 50; k++)
    g_assert_cmpfloat_with_epsilon (curve->intensity[k], curve->q[k],
                                    0.5 * (saxid_grid_edge (grid, k + 1) - saxid_grid_edge (grid, k)));
}

static void
test_mask_and_sector (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidBinningRequest all = { .n_bin = 20 };
  const SaxidBinningRequest upper = { .n_bin = 20, .chi_min = 0, .chi_max = G_PI };
  const SaxidBinningRequest seam = { .n_bin = 20, .chi_min = 0.76 * G_PI, .chi_max = 1.24 * G_PI };
  g_autofree guint8 *bad = g_new0 (guint8, map->n);
  g_autoptr (SaxidBinning) masked = NULL, above = NULL, left = NULL;
  g_autoptr (SaxidSums) sums = saxid_sums_new (20);
  g_autoptr (SaxidCurve) curve = NULL;
  g_autofree float *counts = g_new (float, map->n);
  double sum = 0;

  for (gsize k = 0; k < map->n; k++)
    {
      bad[k] = map->q[k] < saxid_geometry_q (
                   &(SaxidGeometry){ .dist = 1, .poni1 = .006, .poni2 = .004, .pixel1 = 1e-4, .pixel2 = 1e-4,
                                      .wavelength = 1e-10 }, 60, 50);
      counts[k] = 1;
    }
  masked = saxid_binning_new (map, &(SaxidBinningPixels) { .bad = bad }, &all, NULL);
  /* the grid is the detector's, masked or not, so that frames of a series agree */
  g_assert_cmpfloat (saxid_binning_grid (masked)->low, <, 1e-3);
  integrate_one (masked, counts, sums);
  curve = saxid_sums_curve (sums, saxid_binning_grid (masked), 0);
  g_assert_true (isnan (curve->intensity[0]) && isnan (curve->sigma[0]));
  g_assert_cmpfloat (curve->intensity[19], ==, 1);

  above = saxid_binning_new (map, NULL, &upper, NULL);
  integrate_one (above, counts, sums);
  for (gsize k = 0; k < 20; k++)
    sum += sums->count[k];
  g_assert_cmpfloat (sum, ==, 60 * WIDTH); /* rows beyond the beam */

  left = saxid_binning_new (map, NULL, &seam, NULL); /* across ±π */
  integrate_one (left, counts, sums);
  for (gsize k = 0, i = 0; k < map->n; k++)
    i += fabs (map->chi[k]) > 0.76 * G_PI, sum = (double) i;
  for (gsize k = 0; k < 20; k++)
    sum -= sums->count[k];
  g_assert_cmpfloat (sum, ==, 0);
}

static void
test_refusals (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidBinningRequest beyond = { .n_bin = 20, .radial_min = 5, .radial_max = 6 };
  const SaxidBinningRequest backwards = { .n_bin = 20, .radial_min = 0.05, .radial_max = 0.01 };
  const SaxidBinningRequest sector = { .n_bin = 20, .chi_min = 1, .chi_max = -1 };
  g_autoptr (GError) nothing = NULL, order = NULL, angle = NULL;

  g_assert_null (saxid_binning_new (map, NULL, &beyond, &nothing));
  g_assert_error (nothing, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_null (saxid_binning_new (map, NULL, &backwards, &order));
  g_assert_error (order, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_null (saxid_binning_new (map, NULL, &sector, &angle));
  g_assert_error (angle, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

/* A Poisson count by the product of uniforms; the means here are small. */
static float
draw (GRand *random, double mean)
{
  double limit = exp (-mean), product = g_rand_double (random);
  int count = 0;

  for (; product > limit; count++)
    product *= g_rand_double (random);
  return (float) count;
}

/* χ²/ν of 200 flat frames of `mean` counts a pixel against that mean. A detector
 * of uneven efficiency is corrected for it: the flat goes into the
 * normalisation, and σ must still be that of counting. */
static double
chi_squared (double mean, double least, gboolean merge)
{
  const guint n_bin = 20, n_repeat = 200;
  const SaxidBinningRequest request = { .n_bin = n_bin, .least = least };
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (SaxidGeometryMap) map = detector ();
  g_autoptr (SaxidBinning) binning = NULL;
  g_autoptr (SaxidSums) sums = saxid_sums_new (n_bin), merged = saxid_sums_new (n_bin);
  g_autofree float *counts = g_new (float, map->n), *flat = g_new (float, map->n);
  double total = 0;
  guint degrees = 0;

  for (gsize k = 0; k < map->n; k++)
    flat[k] = (float) g_rand_double_range (random, 0.5, 1.5);
  binning = saxid_binning_new (map, &(SaxidBinningPixels) { .normalisation = flat }, &request, NULL);
  for (guint repeat = 0; repeat < n_repeat; repeat++)
    {
      g_autoptr (SaxidCurve) curve = NULL;

      for (gsize k = 0; k < map->n; k++)
        counts[k] = draw (random, mean * (double) flat[k]);
      integrate_one (binning, counts, sums);
      saxid_sums_add (merged, sums);
      if (merge && repeat + 1 < n_repeat)
        continue;
      curve = saxid_sums_curve (merge ? merged : sums, saxid_binning_grid (binning), 0);
      for (guint k = 1; k < n_bin - 1; k++, degrees++) /* the outer bins hold a few pixels */
        total += pow ((curve->intensity[k] - mean) / curve->sigma[k], 2);
    }
  return total / degrees;
}

/* ν is 3600: one standard deviation of χ²/ν is 0.024. */
static void
test_error_bars (void)
{
  g_assert_cmpfloat_with_epsilon (chi_squared (5, 0, FALSE), 1, 0.08);
  g_assert_cmpfloat_with_epsilon (chi_squared (0.5, 0, FALSE), 1, 0.08);
  /* and the test can fail: at half a count a pixel a variance of at least one
   * count overstates it by 2.2, because e^-0.5 of the pixels counted nothing */
  g_assert_cmpfloat_with_epsilon (chi_squared (0.5, 1, FALSE), 1 / 2.2, 0.08);
}

/* ν is 18: one standard deviation is 0.33. */
static void
test_error_bars_of_merged_frames (void)
{
  g_assert_cmpfloat_with_epsilon (chi_squared (0.5, 0, TRUE), 1, 1);
}

static void
test_nothing_counted (void)
{
  g_autoptr (SaxidSums) sums = saxid_sums_new (1);
  const SaxidGrid grid = { 1, 0.1, 0.2, SAXID_SPACING_LINEAR };
  g_autoptr (SaxidCurve) curve = NULL;

  sums->count[0] = sums->normalisation[0] = 40;
  curve = saxid_sums_curve (sums, &grid, 0);
  g_assert_cmpfloat (curve->intensity[0], ==, 0);
  g_assert_cmpfloat (curve->sigma[0], ==, 1.0 / 40);
}

static void
test_natural_bins (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidBinningRequest request = { 0 };
  g_autoptr (SaxidBinning) binning = saxid_binning_new (map, NULL, &request, NULL);

  /* from the beam at (60, 40) to the corner at (120, 100): 85 pixels */
  g_assert_cmpuint (saxid_binning_grid (binning)->n, >=, 84);
  g_assert_cmpuint (saxid_binning_grid (binning)->n, <=, 86);
}

/* ---- five pixels whose every sum is known ------------------------------------------ */

/* 1 × 5 pixels of 1 mm at 1 m, beam 0.3 mm and 2 mm off, λ 1 Å. The numbers are of Debian's
 * pyFAI, handed positions in double, and in 1/nm there. */
static const float five_counts[5] = { 10, 0, 100, 3, 7 };
#define PER_NM 10.0
#define SHARE_ERROR 4e-7 /* shares are floats */

static SaxidGeometryMap *
five_pixels (void)
{
  const SaxidGeometry geometry
      = { .dist = 1, .poni1 = 0.3e-3, .poni2 = -2e-3, .pixel1 = 1e-3, .pixel2 = 1e-3, .wavelength = 1e-10 };

  return saxid_geometry_map_new (&geometry, 1, 5, NULL);
}

static void
assert_close (double value, double expected, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, expected, fabs (expected) * tolerance + 1e-12);
}

static void
test_five_places (void)
{
  static const double centre[] = { 0.157581114, 0.220269217, 0.283020300, 0.345799668, 0.408593848 };
  static const double half[] = { 0.035977021, 0.034876046, 0.034199754, 0.033743219, 0.033414565 };
  static const double solid_angle[] = { 0.999990565, 0.999981565, 0.999969566, 0.999954567, 0.999936568 };
  static const double polarised[] = { 0.999993905, 0.999988055, 0.999980256, 0.999970506, 0.999958807 };
  static const double corner_chi[] = { -0.148889948, 0.336674819, 0.229231933, -0.099668652 };
  static const double corner_q[] = { 0.127069364, 0.133138086, 0.193558135, 0.189435047 };
  g_autoptr (SaxidGeometryMap) map = five_pixels ();
  double above[6], below[6], chi_above[6], chi_below[6];
  float plane[5];

  saxid_geometry_line (&map->geometry, SAXID_RADIAL_Q, 0, 0, 6, above, chi_above);
  saxid_geometry_line (&map->geometry, SAXID_RADIAL_Q, 1, 0, 6, below, chi_below);
  saxid_polarisation_plane (map, 0.95, 0, plane);
  for (guint k = 0; k < 5; k++)
    {
      const double width = MAX (MAX (fabs (above[k] - map->q[k]), fabs (above[k + 1] - map->q[k])),
                                MAX (fabs (below[k] - map->q[k]), fabs (below[k + 1] - map->q[k])));

      assert_close (map->q[k] * PER_NM, centre[k], 1e-8);
      assert_close (width * PER_NM, half[k], 1e-7);
      assert_close ((double) map->solid_angle[k], solid_angle[k], 1e-7);
      assert_close ((double) plane[k], polarised[k], 1e-7);
    }
  assert_close (above[0] * PER_NM, corner_q[0], 1e-8);
  assert_close (below[0] * PER_NM, corner_q[1], 1e-8);
  assert_close (below[1] * PER_NM, corner_q[2], 1e-8);
  assert_close (above[1] * PER_NM, corner_q[3], 1e-8);
  assert_close (chi_above[0], corner_chi[0], 1e-8);
  assert_close (chi_below[0], corner_chi[1], 1e-8);
  assert_close (chi_below[1], corner_chi[2], 1e-8);
  assert_close (chi_above[1], corner_chi[3], 1e-8);
}

typedef struct
{
  const char *name;
  SaxidSplitting splitting;
  double low, high, axis[4], signal[4], variance[4], intensity[4];
  double count[4]; /* 0: not known */
} Golden;

static const Golden goldens[] = {
  { "none", SAXID_SPLIT_NONE, 0.157581114126, 0.408593897003, { 0.188957712, 0.251710908, 0.314464103, 0.377217299 },
    { 10, 100, 3, 7 }, { 11, 100, 3, 7 }, { 5.000114774, 100.005018049, 3.000224794, 7.000732431 }, { 2, 1, 1, 1 } },
  { "bbox", SAXID_SPLIT_BOX, 0.121604093183, 0.442008465569, { 0.161654640, 0.241755733, 0.321856826, 0.401957919 },
    { 10, 48.225102803, 53.990939027, 7.783958170 }, { 10.054689099, 23.843580491, 28.443346928, 7.204863471 },
    { 8.104815548, 38.631182047, 42.974500715, 6.171890157 }, { 1.233857006, 0, 0, 1.261319390 } },
  { "full", SAXID_SPLIT_FULL, 0.127069364012, 0.442008465569, { 0.166436752, 0.245171527, 0.323906302, 0.402641078 },
    { 10, 52.352705339, 49.966526798, 7.680767863 }, { 10.065085225, 27.962906667, 24.495592787, 7.154481628 },
    { 7.967525764, 41.275900716, 39.990225480, 6.260809931 }, { 1.255118060, 0, 0, 1.226922621 } },
};

static void
test_five_sums (gconstpointer data)
{
  const Golden *golden = data;
  const SaxidBinningRequest request = { .n_bin = 4, .splitting = golden->splitting, .least = 1 };
  g_autoptr (SaxidGeometryMap) map = five_pixels ();
  g_autofree float *weights = g_new (float, 5);
  g_autoptr (SaxidBinning) binning = NULL;
  g_autoptr (SaxidSums) sums = saxid_sums_new (4);
  g_autoptr (SaxidCurve) curve = NULL;
  const SaxidGrid *grid;

  saxid_polarisation_plane (map, 0.95, 0, weights);
  for (guint k = 0; k < 5; k++)
    weights[k] *= map->solid_angle[k];
  binning = saxid_binning_new (map, &(SaxidBinningPixels) { .normalisation = weights }, &request, NULL);
  grid = saxid_binning_grid (binning);
  assert_close (grid->low * PER_NM, golden->low, 1e-11);
  assert_close (grid->high * PER_NM, golden->high, 1e-11);
  integrate_one (binning, five_counts, sums);
  curve = saxid_sums_curve (sums, grid, 0);
  for (guint k = 0; k < 4; k++)
    {
      assert_close (curve->q[k] * PER_NM, golden->axis[k], 1e-8);
      assert_close (sums->signal[k], golden->signal[k], SHARE_ERROR);
      assert_close (sums->variance[k], golden->variance[k], SHARE_ERROR);
      assert_close (curve->intensity[k], golden->intensity[k], SHARE_ERROR);
      assert_close (curve->sigma[k], sqrt (sums->variance[k]) / sums->normalisation[k], 1e-12);
      if (golden->count[k] > 0)
        assert_close (sums->count[k], golden->count[k], SHARE_ERROR);
    }
}

/* Two bins, no solid angle: what a flat, a monitor, a value of no data and the scatter do. */
static void
test_five_corrections (void)
{
  static const float flat[5] = { 0.5f, 1, 2, 0, 1 }, other[5] = { 0.5f, 1, 2, 1.5f, 1 };
  static const guint8 dead[5] = { 0, 0, 0, 1, 0 };
  const float missing[5] = { 10, 0, NAN, 3, 7 };
  const SaxidBinningRequest counting = { .n_bin = 2, .least = 1 }, scatter = { .n_bin = 2, .errors = SAXID_ERRORS_AZIMUTHAL };
  g_autoptr (SaxidGeometryMap) map = five_pixels ();
  g_autoptr (SaxidBinning) plain = saxid_binning_new (map, NULL, &counting, NULL),
                           azimuthal = saxid_binning_new (map, NULL, &scatter, NULL);
  g_autoptr (SaxidBinning) flattened
      = saxid_binning_new (map, &(SaxidBinningPixels) { .bad = dead, .normalisation = flat }, &counting, NULL);
  g_autoptr (SaxidBinning) weighed = saxid_binning_new (map, &(SaxidBinningPixels) { .normalisation = other }, &scatter, NULL);
  g_autoptr (SaxidSums) sums = saxid_sums_new (2);

  integrate_one (flattened, five_counts, sums);
  assert_close (sums->normalisation[0], 3.5, 1e-12);
  assert_close (sums->normalisation[1], 1, 1e-12);
  assert_close (sums->signal[0] / sums->normalisation[0], 31.428572, 1e-7);
  assert_close (sums->signal[1] / sums->normalisation[1], 7, 1e-12);

  integrate_one (plain, five_counts, sums);
  saxid_sums_weigh (sums, 4);
  assert_close (sums->normalisation[0], 12, 1e-12);
  assert_close (sums->normalisation2[0], 3 * 16, 1e-12);
  assert_close (sums->signal[0] / sums->normalisation[0], 9.166667, 1e-7);
  assert_close (sums->signal[1] / sums->normalisation[1], 1.25, 1e-12);

  integrate_one (plain, missing, sums);
  assert_close (sums->signal[0] / sums->normalisation[0], 5, 1e-12);
  assert_close (sums->count[0], 2, 1e-12);
  assert_close (sums->variance[0], 11, 1e-12); /* not that of a count of 0 */

  integrate_one (azimuthal, five_counts, sums);
  assert_close (sqrt (sums->variance[0]) / sums->normalisation[0], 25.962936, 1e-7);
  assert_close (sqrt (sums->variance[1]) / sums->normalisation[1], 1.414214, 1e-6);

  /* Σ ω² (b - mean)² with ω 0.5, 1, 2: about 110/3.5 */
  integrate_one (weighed, five_counts, sums);
  {
    const double mean = 110 / 3.5, v = pow (0.5 * (20 - mean), 2) + mean * mean + pow (2 * (50 - mean), 2);

    assert_close (sums->variance[0], v, 1e-9);
  }
}

/* ---- against the same thing written plainly ---------------------------------------- */

#define RANDOM_HEIGHT 61
#define RANDOM_WIDTH 83
#define RANDOM_FRAMES 11 /* no multiple of eight */

/* A table of the shares, made pixel by pixel, and the sums of their definition. */
static void
add_plainly (const SaxidGeometryMap *map, const SaxidBins *bins, SaxidSplitting splitting, const SaxidBinningPixels *pixels,
             const double *counts, const guint8 *lost, double least, SaxidSums *sums)
{
  const SaxidSplitter *splitter = saxid_splitter (splitting);
  SaxidShares shares = { 0 };
  double radial[2][RANDOM_WIDTH + 1], chi[2][RANDOM_WIDTH + 1];

  for (gsize row = 0, k = 0; row < map->height; row++)
    for (gsize column = 0; column < map->width; column++, k++)
      {
        SaxidPixelPlace place = { .radial = map->q[k], .chi = map->chi[k] };

        if (pixels->bad[k] || lost[k])
          continue;
        for (int side = 0; side < 2; side++)
          saxid_geometry_line (&map->geometry, SAXID_RADIAL_Q, (double) row + side, 0, map->width + 1, radial[side], chi[side]);
        for (int i = 0; i < 4; i++)
          {
            const int down = i == 1 || i == 2, right = i >= 2;

            place.corner[i] = radial[down][column + (gsize) right];
            place.corner_chi[i] = chi[down][column + (gsize) right];
            place.corner_chi[i] -= 2 * G_PI * rint ((place.corner_chi[i] - place.chi) / (2 * G_PI));
          }
        shares.n = 0;
        splitter->share (bins, &place, &shares);
        for (gsize i = 0; i < shares.n; i++)
          {
            const guint32 bin = shares.share[i].bin;
            const double c = (double) shares.share[i].share, weight = c * (double) pixels->normalisation[k];

            sums->signal[bin] += c * (counts[k] - (double) pixels->dark[k]);
            sums->variance[bin] += c * c * (MAX (counts[k], least) + (double) pixels->dark_variance[k]);
            sums->normalisation[bin] += weight;
            sums->normalisation2[bin] += weight * weight;
            sums->count[bin] += c;
          }
      }
  saxid_shares_clear (&shares);
}

static void
assert_same_sums (const SaxidSums *sums, const SaxidSums *expected)
{
  double most = 0;

  for (gsize k = 0; k < sums->n; k++)
    {
      g_assert_cmpfloat_with_epsilon (sums->signal[k], expected->signal[k], 1e-9 * (fabs (expected->signal[k]) + 1));
      g_assert_cmpfloat_with_epsilon (sums->variance[k], expected->variance[k], 1e-9 * (expected->variance[k] + 1));
      g_assert_cmpfloat_with_epsilon (sums->normalisation[k], expected->normalisation[k], 1e-9);
      g_assert_cmpfloat_with_epsilon (sums->normalisation2[k], expected->normalisation2[k], 1e-9);
      g_assert_cmpfloat_with_epsilon (sums->count[k], expected->count[k], 1e-9);
      most = MAX (most, sums->signal[k]);
    }
  g_assert_cmpfloat (most, >, 100);
}

typedef struct
{
  const char *name;
  SaxidPixelType type;
  double mark; /* what this type has where there is no pixel */
} Typed;

static const Typed typed[] = {
  { "uint8", SAXID_PIXEL_TYPE_UINT8, G_MAXUINT8 },    { "int8", SAXID_PIXEL_TYPE_INT8, -1 },
  { "uint16", SAXID_PIXEL_TYPE_UINT16, G_MAXUINT16 }, { "int16", SAXID_PIXEL_TYPE_INT16, -2 },
  { "uint32", SAXID_PIXEL_TYPE_UINT32, G_MAXUINT32 }, { "int32", SAXID_PIXEL_TYPE_INT32, -1 },
  { "float", SAXID_PIXEL_TYPE_FLOAT, NAN },           { "double", SAXID_PIXEL_TYPE_DOUBLE, NAN },
};

static void
store (SaxidPixelType type, void *out, gsize at, double value)
{
  switch (type)
    {
    case SAXID_PIXEL_TYPE_UINT8: ((guint8 *) out)[at] = (guint8) value; break;
    case SAXID_PIXEL_TYPE_INT8: ((gint8 *) out)[at] = (gint8) value; break;
    case SAXID_PIXEL_TYPE_UINT16: ((guint16 *) out)[at] = (guint16) value; break;
    case SAXID_PIXEL_TYPE_INT16: ((gint16 *) out)[at] = (gint16) value; break;
    case SAXID_PIXEL_TYPE_UINT32: ((guint32 *) out)[at] = (guint32) value; break;
    case SAXID_PIXEL_TYPE_INT32: ((gint32 *) out)[at] = (gint32) value; break;
    case SAXID_PIXEL_TYPE_FLOAT: ((float *) out)[at] = (float) value; break;
    default: ((double *) out)[at] = value; break;
    }
}

/* Every type, splitting, number of lanes and way of handing frames over, with a mask, pixels
 * that single frames lack, a dark, a flat, and a cake. */
static void
compare_plainly (const Typed *kind, SaxidSplitting splitting, gsize n_azimuth, double least)
{
  const gsize n = RANDOM_HEIGHT * RANDOM_WIDTH, size = saxid_pixel_size (kind->type);
  const SaxidGeometry geometry = { .dist = 0.1, .poni1 = 0.002, .poni2 = 0.005, .rot1 = 0.1, .rot2 = -0.2, .rot3 = 0.3,
                                   .pixel1 = 1e-4, .pixel2 = 1.3e-4, .wavelength = 1e-10 };
  const SaxidBinningRequest request = { .n_bin = 40, .splitting = splitting, .n_azimuth = n_azimuth, .least = least,
                                        .limited = TRUE, .low = 0, .high = 100, .jobs = 3 };
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (SaxidGeometryMap) map = saxid_geometry_map_new (&geometry, RANDOM_HEIGHT, RANDOM_WIDTH, NULL);
  g_autofree guint8 *bad = g_new0 (guint8, n), *own = g_new0 (guint8, n), *lost = g_new0 (guint8, n);
  g_autofree float *flat = g_new (float, n), *dark = g_new (float, n), *dark_variance = g_new (float, n);
  g_autofree double *counts = g_new (double, n *RANDOM_FRAMES);
  g_autofree guint8 *stack = g_malloc (n * size * RANDOM_FRAMES);
  const SaxidBinningPixels pixels = { bad, flat, dark, dark_variance };
  g_autoptr (SaxidBinning) binning = NULL;
  g_autoptr (SaxidIntegrator) integrator = NULL;
  SaxidSums *sums[SAXID_LANES];

  for (gsize k = 0; k < n; k++)
    {
      bad[k] = g_rand_int_range (random, 0, 20) == 0;
      own[k] = g_rand_int_range (random, 0, 30) == 0;
      flat[k] = (float) g_rand_double_range (random, 0.5, 2);
      dark[k] = (float) g_rand_double_range (random, 0, 3);
      dark_variance[k] = dark[k] / 4;
    }
  for (gsize k = 0; k < n * RANDOM_FRAMES; k++)
    {
      counts[k] = (double) g_rand_int_range (random, 0, 90);
      if (g_rand_int_range (random, 0, 50) == 0)
        counts[k] = kind->mark;
      else if (g_rand_int_range (random, 0, 50) == 0)
        counts[k] = 101; /* it cannot count that far */
      store (kind->type, stack, k, counts[k]);
    }
  binning = saxid_binning_new (map, &pixels, &request, NULL);
  integrator = saxid_integrator_new (binning);
  for (guint k = 0; k < SAXID_LANES; k++)
    sums[k] = saxid_sums_new (saxid_binning_size (binning));

  for (gsize first = 0; first < RANDOM_FRAMES; first += first == 8 ? 1 : 8) /* 8, 1 and 2 frames */
    {
      SaxidFrames frames = { .type = kind->type, .n = first == 8 ? 1 : (guint) MIN (8, RANDOM_FRAMES - first) };

      for (guint k = 0; k < frames.n; k++)
        {
          frames.counts[k] = stack + (first + k) * n * size;
          frames.bad[k] = k % 2 == 1 ? own : NULL;
        }
      saxid_integrate (integrator, &frames, sums);
      for (guint k = 0; k < frames.n; k++)
        {
          g_autoptr (SaxidSums) expected = saxid_sums_new (saxid_binning_size (binning));
          const double *frame = counts + (first + k) * n;

          for (gsize i = 0; i < n; i++)
            lost[i] = !(frame[i] >= 0 && frame[i] <= 100) || (k % 2 == 1 && own[i]);
          add_plainly (map, saxid_binning_bins (binning), splitting, &pixels, frame, lost, least, expected);
          assert_same_sums (sums[k], expected);
        }
    }
  for (guint k = 0; k < SAXID_LANES; k++)
    saxid_sums_free (sums[k]);
}

static void
test_plainly (gconstpointer data)
{
  for (guint splitting = SAXID_SPLIT_NONE; splitting <= SAXID_SPLIT_FULL; splitting++)
    for (guint least = 0; least <= 1; least++)
      compare_plainly (data, (SaxidSplitting) splitting, least == 1 ? 7 : 1, least);
}

/* Counts beyond 2²⁴ stay what they are. */
static void
test_large_counts (void)
{
  static const guint32 counts[5] = { (1u << 24) + 1, (1u << 31) + 3, G_MAXUINT32 - 1, 7, G_MAXUINT32 };
  const SaxidBinningRequest request = { .n_bin = 1 };
  g_autoptr (SaxidGeometryMap) map = five_pixels ();
  g_autoptr (SaxidBinning) binning = saxid_binning_new (map, NULL, &request, NULL);
  g_autoptr (SaxidIntegrator) integrator = saxid_integrator_new (binning);
  g_autoptr (SaxidSums) one = saxid_sums_new (1), two = saxid_sums_new (1);
  SaxidSums *sums[] = { one, two };
  const SaxidFrames frames = { .type = SAXID_PIXEL_TYPE_UINT32, .n = 2, .counts = { counts, counts } };

  saxid_integrate (integrator, &frames, sums);
  g_assert_cmpfloat (two->signal[0], ==, 16777217.0 + 2147483651.0 + 4294967294.0 + 7);
  g_assert_cmpfloat (two->count[0], ==, 4); /* the last one is no pixel */
}

/* Every pixel is shared out whole, wherever the cut of the azimuth runs through it, and in
 * logarithmic bins as well. */
static void
test_shares_are_whole (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();

  for (guint splitting = SAXID_SPLIT_NONE; splitting <= SAXID_SPLIT_FULL; splitting++)
    for (guint cake = 0; cake <= 1; cake++)
      for (guint spacing = SAXID_SPACING_LINEAR; spacing <= SAXID_SPACING_LOG; spacing++)
        {
          const SaxidBinningRequest request = {
            .n_bin = 100, .splitting = (SaxidSplitting) splitting, .n_azimuth = cake ? 36 : 1, .spacing = (SaxidSpacing) spacing
          };
          g_autoptr (SaxidBinning) binning = saxid_binning_new (map, NULL, &request, NULL);
          g_autoptr (SaxidSums) sums = saxid_sums_new (saxid_binning_size (binning));
          g_autofree float *counts = g_new0 (float, map->n);
          double whole = 0;

          integrate_one (binning, counts, sums);
          for (gsize k = 0; k < sums->n; k++)
            whole += sums->count[k];
          /* logarithmic bins begin at a centre: the pixels around the beam are cut */
          g_assert_cmpfloat_with_epsilon (whole, HEIGHT * WIDTH, spacing == SAXID_SPACING_LOG ? 5 : 1e-3);
        }
}

/* A sector over the cut, and one that begins at it, are the same pixels turned. */
static void
test_sectors (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  g_autofree float *counts = g_new0 (float, map->n);
  static const double from[] = { 170, 350, -10, 80, -280 };

  for (guint splitting = SAXID_SPLIT_NONE; splitting <= SAXID_SPLIT_FULL; splitting++)
    {
      double seen[G_N_ELEMENTS (from)] = { 0 };

      for (gsize k = 0; k < G_N_ELEMENTS (from); k++)
        {
          const SaxidBinningRequest request = { .n_bin = 10, .splitting = (SaxidSplitting) splitting,
                                                .radial_min = 0.005, .radial_max = 0.024,
                                                .chi_min = from[k] * G_PI / 180, .chi_max = (from[k] + 20) * G_PI / 180 };
          g_autoptr (SaxidBinning) binning = saxid_binning_new (map, NULL, &request, NULL);
          g_autoptr (SaxidSums) sums = saxid_sums_new (10);

          integrate_one (binning, counts, sums);
          for (gsize i = 0; i < 10; i++)
            seen[k] += sums->count[i];
        }
      /* π (r₂² - r₁²) / 18, in pixels of 100 µm at 1 m: r = q λ / 2π */
      for (gsize k = 0; k < G_N_ELEMENTS (from); k++)
        g_assert_cmpfloat_with_epsilon (seen[k], (0.024 * 0.024 - 0.005 * 0.005) / (72 * G_PI) * 1e8,
                                        splitting == SAXID_SPLIT_NONE ? 8 : 1);
      g_assert_cmpfloat_with_epsilon (seen[1], seen[2], 1e-6);
      g_assert_cmpfloat_with_epsilon (seen[3], seen[4], 1e-6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integrate/grid", test_grid);
  g_test_add_func ("/integrate/every-pixel-counts-once", test_every_pixel_counts_once);
  g_test_add_func ("/integrate/mask-and-sector", test_mask_and_sector);
  g_test_add_func ("/integrate/refusals", test_refusals);
  g_test_add_func ("/integrate/error-bars", test_error_bars);
  g_test_add_func ("/integrate/error-bars-of-merged-frames", test_error_bars_of_merged_frames);
  g_test_add_func ("/integrate/nothing-counted", test_nothing_counted);
  g_test_add_func ("/integrate/natural-bins", test_natural_bins);
  g_test_add_func ("/integrate/five/places", test_five_places);
  for (gsize k = 0; k < G_N_ELEMENTS (goldens); k++)
    {
      g_autofree char *name = g_strconcat ("/integrate/five/", goldens[k].name, NULL);

      g_test_add_data_func (name, &goldens[k], test_five_sums);
    }
  g_test_add_func ("/integrate/five/corrections", test_five_corrections);
  for (gsize k = 0; k < G_N_ELEMENTS (typed); k++)
    {
      g_autofree char *name = g_strconcat ("/integrate/plainly/", typed[k].name, NULL);

      g_test_add_data_func (name, &typed[k], test_plainly);
    }
  g_test_add_func ("/integrate/large-counts", test_large_counts);
  g_test_add_func ("/integrate/shares-are-whole", test_shares_are_whole);
  g_test_add_func ("/integrate/sectors", test_sectors);
  return g_test_run ();
}
