/* Is the factor of a standard that which the curve was divided by? */
#include <math.h>

#include "reducers/error.h"
#include "reducers/standard.h"

/* What the certificate has at some points, as it is printed. */
static const double certified[][2] = { { 0.00827568, 34.933380 }, { 0.0519, 26.676 }, { 0.10965500, 22.472101 }, { 0.2474, 4.4638 } };

static SaxidCurve *
curve_of (gsize n, double low, double high, double (*intensity) (double q))
{
  SaxidCurve *curve = saxid_curve_new (n, FALSE, FALSE);

  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = low + (high - low) * (double) k / (double) (n - 1);
      curve->intensity[k] = intensity (curve->q[k]);
    }
  return curve;
}

/* Straight lines between four points of the certificate, over 3.5: rough, but no median is
 * off by more than the lines are. */
static double
carbon (double q)
{
  guint k = 0;

  while (k < 2 && certified[k + 1][0] < q)
    k++;
  return (certified[k][1] + (q - certified[k][0]) / (certified[k + 1][0] - certified[k][0]) * (certified[k + 1][1] - certified[k][1]))
         / 3.5;
}

static double
flat (double q)
{
  return q > 0.1 && q < 0.12 ? 50 : 0.01632 / 7; /* a peak that is none of the standard's */
}

static void
test_factors (void)
{
  g_autoptr (SaxidCurve) glass = curve_of (300, 0.001, 0.11, carbon), wet = curve_of (300, 0.02, 0.5, flat);
  double factor, scatter;
  g_autoptr (GError) error = NULL;

  g_assert_true (saxid_standard_factor ("glassy-carbon", glass, &factor, &scatter, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (factor, 3.5, 0.2);
  g_assert_cmpfloat (scatter, <, 0.1);
  g_assert_true (saxid_standard_factor ("water", wet, &factor, NULL, &error));
  g_assert_cmpfloat_with_epsilon (factor, 7, 1e-12);
  for (gsize k = 0; k < glass->n; k++)
    {
      glass->q[k] = certified[0][0] * (1 + 1e-6 * (double) k);
      glass->intensity[k] = certified[0][1] / 2;
    }
  g_assert_true (saxid_standard_factor ("glassy-carbon", glass, &factor, NULL, &error));
  g_assert_cmpfloat_with_epsilon (factor, 2, 1e-4);
}

static void
test_refusals (void)
{
  g_autoptr (SaxidCurve) far = curve_of (50, 0.6, 0.9, flat);
  g_autoptr (GError) name = NULL, points = NULL;
  double factor = 42;

  g_assert_false (saxid_standard_factor ("lupolen", far, &factor, NULL, &name));
  g_assert_error (name, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_false (saxid_standard_factor ("water", far, &factor, NULL, &points));
  g_assert_error (points, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_cmpfloat (factor, ==, 42);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/standard/factors", test_factors);
  g_test_add_func ("/standard/refusals", test_refusals);
  return g_test_run ();
}
