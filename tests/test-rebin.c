/* Does a curve keep its value and its error bars on fewer points? */
#include <math.h>

#include "reducers/error.h"
#include "reducers/rebin.h"

#define SEED 7

static void
test_weights (void)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (4, TRUE, FALSE);
  const SaxidGrid grid = { 2, 1, 3, SAXID_SPACING_LINEAR };
  g_autoptr (SaxidCurve) variance = NULL, count = NULL;

  for (gsize k = 0; k < 4; k++)
    curve->q[k] = 1.1 + 0.5 * (double) k;
  curve->intensity[0] = 10, curve->sigma[0] = 1;
  curve->intensity[1] = 20, curve->sigma[1] = 2;
  curve->intensity[2] = NAN, curve->sigma[2] = NAN;
  curve->intensity[3] = 7, curve->sigma[3] = 3;

  variance = saxid_curve_rebin (curve, &grid, SAXID_WEIGHT_VARIANCE, NULL);
  g_assert_cmpuint (variance->n, ==, 2);
  g_assert_cmpfloat_with_epsilon (variance->q[0], 1.35, 1e-12);
  g_assert_cmpfloat_with_epsilon (variance->intensity[0], (10 + 20 / 4.0) / 1.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (variance->sigma[0], sqrt (1 / 1.25), 1e-12);
  g_assert_cmpfloat_with_epsilon (variance->q[1], 2.35,
                                  1e-12); /* a point without value keeps its place */
  g_assert_cmpfloat_with_epsilon (variance->intensity[1], 7, 1e-12);
  g_assert_cmpfloat_with_epsilon (variance->sigma[1], 3, 1e-12);

  count = saxid_curve_rebin (curve, &grid, SAXID_WEIGHT_COUNT, NULL);
  g_assert_cmpfloat (count->intensity[0], ==, 15);
  g_assert_cmpfloat_with_epsilon (count->sigma[0], sqrt (5) / 2, 1e-12);
}

static void
test_empty_bins (void)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (3, FALSE, TRUE), fewer = NULL;
  const SaxidGrid grid = { 10, 0.1, 1000, SAXID_SPACING_LOG };

  for (gsize k = 0; k < 3; k++)
    {
      curve->q[k] = pow (10, (double) k);
      curve->intensity[k] = k == 1 ? NAN : 1;
      curve->dq[k] = 0.1;
    }
  fewer = saxid_curve_rebin (curve, &grid, SAXID_WEIGHT_VARIANCE, NULL);
  g_assert_cmpuint (fewer->n, ==, 3); /* bins that hold a point, and no others */
  g_assert_true (isnan (fewer->intensity[1]));
  g_assert_null (fewer->sigma);
  g_assert_cmpfloat_with_epsilon (fewer->dq[0], 0.1, 1e-12);
}

/* Gaussian points of known σ: χ²/ν of the rebinned curve is 1; ν = 64 × 100. */
static void
test_error_bars (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  const SaxidGrid grid = { 64, 0.01, 1, SAXID_SPACING_LOG };
  double total = 0;
  guint degrees = 0;

  for (guint repeat = 0; repeat < 100; repeat++)
    {
      g_autoptr (SaxidCurve) curve = saxid_curve_new (1000, TRUE, FALSE), fewer = NULL;

      for (gsize k = 0; k < curve->n; k++)
        {
          double sum = -6;

          for (int i = 0; i < 12; i++)
            sum += g_rand_double (random);
          curve->q[k] = 0.01 + 0.00099 * (double) k;
          curve->sigma[k] = 1 + (double) (k % 7);
          curve->intensity[k] = 3 + curve->sigma[k] * sum;
        }
      fewer = saxid_curve_rebin (curve, &grid, SAXID_WEIGHT_VARIANCE, NULL);
      for (gsize k = 0; k < fewer->n; k++, degrees++)
        total += pow ((fewer->intensity[k] - 3) / fewer->sigma[k], 2);
    }
  g_assert_cmpfloat_with_epsilon (total / degrees, 1, 0.08);
}

static void
test_refusals (void)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (3, FALSE, FALSE);
  const SaxidGrid none = { 0, 1, 2, SAXID_SPACING_LINEAR }, away = { 5, 1, 2, SAXID_SPACING_LINEAR };
  g_autoptr (GError) bins = NULL, reach = NULL;

  g_assert_null (saxid_curve_rebin (curve, &none, SAXID_WEIGHT_VARIANCE, &bins));
  g_assert_error (bins, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_null (saxid_curve_rebin (curve, &away, SAXID_WEIGHT_VARIANCE, &reach));
  g_assert_error (reach, SAXID_ERROR, SAXID_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rebin/weights", test_weights);
  g_test_add_func ("/rebin/empty-bins", test_empty_bins);
  g_test_add_func ("/rebin/error-bars", test_error_bars);
  g_test_add_func ("/rebin/refusals", test_refusals);
  return g_test_run ();
}
