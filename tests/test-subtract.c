/* Is a background taken away with its error bars, on any grid? */
#include <math.h>

#include "reducers/error.h"
#include "reducers/subtract.h"

static SaxidCurve *
line (gsize n, double first, double step, double value, double sigma)
{
  SaxidCurve *curve = saxid_curve_new (n, sigma > 0, FALSE);

  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = first + (double) k * step;
      curve->intensity[k] = value * curve->q[k];
      if (sigma > 0)
        curve->sigma[k] = sigma;
    }
  return curve;
}

static void
test_same_grid (void)
{
  g_autoptr (SaxidCurve) curve = line (30, 0.01, 0.01, 5, 0.3),
                         background = line (30, 0.01, 0.01, 2, 0.4);

  g_assert_true (saxid_curve_subtract (curve, background, 0.5, NULL));
  for (gsize k = 0; k < 30; k++)
    {
      g_assert_cmpfloat_with_epsilon (curve->intensity[k], 4 * curve->q[k], 1e-12);
      g_assert_cmpfloat_with_epsilon (curve->sigma[k], sqrt (0.09 + 0.25 * 0.16), 1e-12);
    }
}

static void
test_negative_is_kept (void)
{
  g_autoptr (SaxidCurve) curve = line (30, 0.01, 0.01, 1, 0.1),
                         background = line (30, 0.01, 0.01, 2, 0.1);

  g_assert_true (saxid_curve_subtract (curve, background, 1, NULL));
  g_assert_cmpfloat (curve->intensity[10], <, 0);
}

/* A straight line is interpolated exactly; half way between two points their
 * variances count a quarter each. */
static void
test_other_grid (void)
{
  g_autoptr (SaxidCurve) curve = line (20, 0.045, 0.01, 5, 0.3),
                         background = line (11, 0.04, 0.01, 2, 0.4);

  g_assert_true (saxid_curve_subtract (curve, background, 1, NULL));
  for (gsize k = 0; k < 10; k++)
    {
      g_assert_cmpfloat_with_epsilon (curve->intensity[k], 3 * curve->q[k], 1e-12);
      g_assert_cmpfloat_with_epsilon (curve->sigma[k], sqrt (0.09 + 0.16 / 2), 1e-9);
    }
  for (gsize k = 10; k < 20; k++) /* it does not reach that far */
    g_assert_true (isnan (curve->intensity[k]) && isnan (curve->sigma[k]));
}

static void
test_before_the_background (void)
{
  g_autoptr (SaxidCurve) curve = line (20, 0.01, 0.01, 5, 0.3),
                         background = line (10, 0.1, 0.01, 2, 0.4);

  g_assert_true (saxid_curve_subtract (curve, background, 1, NULL));
  g_assert_true (isnan (curve->intensity[0]));
  g_assert_cmpfloat_with_epsilon (curve->intensity[9], 0.3, 1e-12);
}

static void
test_without_sigma (void)
{
  g_autoptr (SaxidCurve) curve = line (20, 0.01, 0.01, 5, 0.3),
                         background = line (20, 0.01, 0.01, 2, 0);

  g_assert_true (saxid_curve_subtract (curve, background, 1, NULL));
  g_assert_null (curve->sigma); /* half an error bar is none */
}

static void
test_refusals (void)
{
  g_autoptr (SaxidCurve) curve = line (20, 0.01, 0.01, 5, 0.3), away = line (20, 10, 0.01, 2, 0.1);
  g_autoptr (GError) reach = NULL, factor = NULL;

  g_assert_false (saxid_curve_subtract (curve, away, 1, &reach));
  g_assert_error (reach, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_false (saxid_curve_subtract (curve, away, NAN, &factor));
  g_assert_error (factor, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/subtract/same-grid", test_same_grid);
  g_test_add_func ("/subtract/negative-is-kept", test_negative_is_kept);
  g_test_add_func ("/subtract/other-grid", test_other_grid);
  g_test_add_func ("/subtract/before-the-background", test_before_the_background);
  g_test_add_func ("/subtract/without-sigma", test_without_sigma);
  g_test_add_func ("/subtract/refusals", test_refusals);
  return g_test_run ();
}
