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
  g_assert_false (saxid_grid_check (&wrong, &zero));
  g_assert_error (zero, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_false (saxid_grid_check (&backwards, &order));
  g_assert_error (order, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

/* A frame whose counts are q itself comes out as q, and no pixel is lost. */
static void
test_every_pixel_counts_once (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidPlanRequest request = { .n_bin = 50 };
  g_autoptr (SaxidPlan) plan = saxid_plan_new (map, NULL, &request, NULL);
  g_autoptr (SaxidPixels) pixels = saxid_pixels_new (HEIGHT, WIDTH);
  g_autoptr (SaxidSums) sums = saxid_sums_new (50);
  g_autoptr (SaxidCurve) curve = NULL;
  g_autofree float *counts = g_new (float, map->n);
  const SaxidGrid *grid = saxid_plan_grid (plan);
  double total = 0;

  for (gsize k = 0; k < map->n; k++)
    counts[k] = (float) map->q[k];
  saxid_pixels_load (pixels, counts);
  saxid_integrate (plan, pixels, sums);
  saxid_integrate (plan, pixels, sums); /* overwrites, does not add */
  for (gsize k = 0; k < 50; k++)
    total += sums->count[k];
  g_assert_cmpfloat (total, ==, HEIGHT * WIDTH);
  curve = saxid_sums_curve (sums, grid);
  for (gsize k = 0; k < 50; k++)
    g_assert_cmpfloat_with_epsilon (curve->intensity[k], curve->q[k],
                                    0.5 * (saxid_grid_edge (grid, k + 1) - saxid_grid_edge (grid, k)));
}

static void
test_mask_and_sector (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidPlanRequest all = { .n_bin = 20 };
  const SaxidPlanRequest upper = { .n_bin = 20, .chi_min = 0, .chi_max = G_PI };
  const SaxidPlanRequest seam = { .n_bin = 20, .chi_min = 0.75 * G_PI, .chi_max = 1.25 * G_PI };
  g_autofree guint8 *bad = g_new0 (guint8, map->n);
  g_autoptr (SaxidPlan) masked = NULL, above = NULL, left = NULL;
  g_autoptr (SaxidPixels) pixels = saxid_pixels_new (HEIGHT, WIDTH);
  g_autoptr (SaxidSums) sums = saxid_sums_new (20);
  g_autoptr (SaxidCurve) curve = NULL;
  g_autofree float *counts = g_new (float, map->n);
  double sum = 0;

  for (gsize k = 0; k < map->n; k++)
    {
      bad[k] = map->q[k] < saxid_geometry_q (
                   &(SaxidGeometry){ 1.0, .006, .004, 0, 0, 0, 1e-4, 1e-4, 1e-10, 0, 0 }, 60, 50);
      counts[k] = 1;
    }
  masked = saxid_plan_new (map, bad, &all, NULL);
  /* the grid is the detector's, masked or not, so that frames of a series agree */
  g_assert_cmpfloat (saxid_plan_grid (masked)->low, <, 1e-3);
  saxid_pixels_load (pixels, counts);
  saxid_integrate (masked, pixels, sums);
  curve = saxid_sums_curve (sums, saxid_plan_grid (masked));
  g_assert_true (isnan (curve->intensity[0]) && isnan (curve->sigma[0]));
  g_assert_cmpfloat (curve->intensity[19], ==, 1);

  above = saxid_plan_new (map, NULL, &upper, NULL);
  saxid_integrate (above, pixels, sums);
  for (gsize k = 0; k < 20; k++)
    sum += sums->count[k];
  g_assert_cmpfloat (sum, ==, 60 * WIDTH); /* rows beyond the beam */

  left = saxid_plan_new (map, NULL, &seam, NULL); /* across ±π */
  saxid_integrate (left, pixels, sums);
  for (gsize k = 0, i = 0; k < map->n; k++)
    i += fabs ((double) map->chi[k]) > 0.75 * G_PI, sum = (double) i;
  for (gsize k = 0; k < 20; k++)
    sum -= sums->count[k];
  g_assert_cmpfloat (sum, ==, 0);
}

static void
test_refusals (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidPlanRequest beyond = { .n_bin = 20, .q_min = 5, .q_max = 6 };
  const SaxidPlanRequest backwards = { .n_bin = 20, .q_min = 0.05, .q_max = 0.01 };
  const SaxidPlanRequest sector = { .n_bin = 20, .chi_min = 1, .chi_max = -1 };
  g_autoptr (GError) nothing = NULL, order = NULL, angle = NULL;

  g_assert_null (saxid_plan_new (map, NULL, &beyond, &nothing));
  g_assert_error (nothing, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_null (saxid_plan_new (map, NULL, &backwards, &order));
  g_assert_error (order, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_null (saxid_plan_new (map, NULL, &sector, &angle));
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
  const SaxidPlanRequest request = { .n_bin = n_bin };
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (SaxidGeometryMap) map = detector ();
  g_autoptr (SaxidPlan) plan = saxid_plan_new (map, NULL, &request, NULL);
  g_autoptr (SaxidPixels) pixels = saxid_pixels_new (HEIGHT, WIDTH);
  g_autoptr (SaxidSums) sums = saxid_sums_new (n_bin), merged = saxid_sums_new (n_bin);
  g_autofree float *counts = g_new (float, map->n), *flat = g_new (float, map->n);
  double total = 0;
  guint degrees = 0;

  for (gsize k = 0; k < map->n; k++)
    flat[k] = (float) g_rand_double_range (random, 0.5, 1.5);
  for (guint repeat = 0; repeat < n_repeat; repeat++)
    {
      g_autoptr (SaxidCurve) curve = NULL;

      for (gsize k = 0; k < map->n; k++)
        counts[k] = draw (random, mean * (double) flat[k]);
      saxid_pixels_load (pixels, counts);
      saxid_poisson_apply (pixels, least);
      saxid_normalise_plane (pixels, flat);
      saxid_integrate (plan, pixels, sums);
      saxid_sums_add (merged, sums);
      if (merge && repeat + 1 < n_repeat)
        continue;
      curve = saxid_sums_curve (merge ? merged : sums, saxid_plan_grid (plan));
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
  curve = saxid_sums_curve (sums, &grid);
  g_assert_cmpfloat (curve->intensity[0], ==, 0);
  g_assert_cmpfloat (curve->sigma[0], ==, 1.0 / 40);
}

static void
test_natural_bins (void)
{
  g_autoptr (SaxidGeometryMap) map = detector ();
  const SaxidPlanRequest request = { 0 };
  g_autoptr (SaxidPlan) plan = saxid_plan_new (map, NULL, &request, NULL);

  /* from the beam at (60, 40) to the corner at (120, 100): 85 pixels */
  g_assert_cmpuint (saxid_plan_grid (plan)->n, >=, 84);
  g_assert_cmpuint (saxid_plan_grid (plan)->n, <=, 86);
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
  return g_test_run ();
}
