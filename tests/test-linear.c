/* Does the linear fit give what the closed form says, and refuse what has none? */
#include <math.h>

#include "models/fit/linear.h"
#include "reducers/error.h"

#define N 50

static void
make (double *data, double *sigma, double *model, double scale, double background)
{
  for (guint k = 0; k < N; k++)
    {
      model[k] = 1e6 * exp (-0.3 * k);
      sigma[k] = 0.1 + 0.01 * k;
      /* a deterministic scatter without mean */
      data[k] = scale * model[k] + background + sigma[k] * (k % 2 ? 1 : -1);
    }
}

static void
test_closed_form (void)
{
  double data[N], sigma[N], model[N];
  long double s = 0, sp = 0, spp = 0, si = 0, sip = 0, determinant;
  SaxidLinear fit;
  g_autoptr (GError) error = NULL;

  make (data, sigma, model, 2.5e-3, 0.7);
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_FREE, &fit, &error));
  g_assert_no_error (error);

  /* the plain normal equations, in the precision that they need */
  for (guint k = 0; k < N; k++)
    {
      long double w = 1.0L / ((long double) sigma[k] * sigma[k]);

      s += w;
      sp += w * model[k];
      spp += w * model[k] * model[k];
      si += w * data[k];
      sip += w * data[k] * model[k];
    }
  determinant = s * spp - sp * sp;
  g_assert_cmpfloat_with_epsilon (fit.scale / (double) ((s * sip - sp * si) / determinant), 1, 1e-10);
  g_assert_cmpfloat_with_epsilon (fit.background / (double) ((spp * si - sp * sip) / determinant), 1,
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (fit.scale_error / (double) sqrtl (s / determinant), 1, 1e-10);
  g_assert_cmpfloat_with_epsilon (fit.background_error / (double) sqrtl (spp / determinant), 1, 1e-10);
  g_assert_cmpfloat_with_epsilon (fit.covariance / (double) (-sp / determinant), 1, 1e-10);
  g_assert_cmpuint (fit.degrees_of_freedom, ==, N - 2);
  /* every point is one sigma off */
  g_assert_cmpfloat_with_epsilon (fit.reduced_chi2, 1, 0.06);
}

static void
test_exact_data (void)
{
  double data[N], sigma[N], model[N];
  SaxidLinear fit;

  make (data, sigma, model, 1, 0);
  for (guint k = 0; k < N; k++)
    data[k] = 3e-4 * model[k] - 0.02;
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_FREE, &fit, NULL));
  g_assert_cmpfloat_with_epsilon (fit.scale, 3e-4, 1e-14);
  g_assert_cmpfloat_with_epsilon (fit.background, -0.02, 1e-10);
  g_assert_cmpfloat (fit.chi2, <, 1e-15);
}

static void
test_bounds (void)
{
  double data[N], sigma[N], model[N];
  double wdm = 0, wmm = 0;
  SaxidLinear fit;

  /* a negative background is held at zero, and the scale is that of one parameter */
  make (data, sigma, model, 1e-5, -2);
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_NON_NEGATIVE, &fit, NULL));
  for (guint k = 0; k < N; k++)
    {
      wdm += data[k] * model[k] / (sigma[k] * sigma[k]);
      wmm += model[k] * model[k] / (sigma[k] * sigma[k]);
    }
  g_assert_cmpfloat (fit.background, ==, 0);
  g_assert_cmpfloat (fit.background_error, ==, 0);
  g_assert_cmpfloat_with_epsilon (fit.scale / (wdm / wmm), 1, 1e-12);
  g_assert_cmpuint (fit.degrees_of_freedom, ==, N - 1);

  /* a negative scale likewise */
  make (data, sigma, model, -1e-3, 500);
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_NON_NEGATIVE, &fit, NULL));
  g_assert_cmpfloat (fit.scale, ==, 0);
  g_assert_cmpfloat (fit.background, >, 0);

  /* nothing feasible but nothing */
  make (data, sigma, model, -1, -1);
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_NON_NEGATIVE, &fit, NULL));
  g_assert_cmpfloat (fit.scale, ==, 0);
  g_assert_cmpfloat (fit.background, ==, 0);
  g_assert_cmpuint (fit.degrees_of_freedom, ==, N);

  /* bounds that are not reached change nothing */
  make (data, sigma, model, 1e-3, 5);
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_NON_NEGATIVE, &fit, NULL));
  g_assert_cmpfloat_with_epsilon (fit.scale, 1e-3, 1e-6);
  g_assert_cmpuint (fit.degrees_of_freedom, ==, N - 2);
}

static void
test_without_sigma (void)
{
  double data[N], sigma[N], model[N], scaled[N];
  SaxidLinear one, two;

  make (data, sigma, model, 1e-3, 5);
  g_assert_true (saxid_linear_fit (N, data, NULL, model, SAXID_LINEAR_FREE, &one, NULL));
  for (guint k = 0; k < N; k++)
    scaled[k] = 10 * data[k];
  g_assert_true (saxid_linear_fit (N, scaled, NULL, model, SAXID_LINEAR_FREE, &two, NULL));
  /* the errors follow the scatter */
  g_assert_cmpfloat_with_epsilon (two.scale_error / one.scale_error, 10, 1e-9);
  g_assert_cmpfloat_with_epsilon (two.background_error / one.background_error, 10, 1e-9);
}

static void
test_unusable_points (void)
{
  double data[N], sigma[N], model[N];
  SaxidLinear with, without;

  make (data, sigma, model, 1e-3, 5);
  g_assert_true (saxid_linear_fit (N - 3, data, sigma, model, SAXID_LINEAR_FREE, &without, NULL));
  data[N - 1] = NAN;
  sigma[N - 2] = 0;
  model[N - 3] = INFINITY;
  g_assert_true (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_FREE, &with, NULL));
  g_assert_cmpfloat (with.scale, ==, without.scale);
  g_assert_cmpfloat (with.chi2, ==, without.chi2);
}

static void
test_refused (void)
{
  double data[N], sigma[N], model[N];
  SaxidLinear fit = { .scale = 42 };
  g_autoptr (GError) few = NULL;
  g_autoptr (GError) flat = NULL;

  make (data, sigma, model, 1e-3, 5);
  g_assert_false (saxid_linear_fit (2, data, sigma, model, SAXID_LINEAR_FREE, &fit, &few));
  g_assert_error (few, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_cmpstr (few->message, ==, "linear fit has 2 usable points of 2, 3 are needed");

  for (guint k = 0; k < N; k++)
    model[k] = 0.1;
  g_assert_false (saxid_linear_fit (N, data, sigma, model, SAXID_LINEAR_FREE, &fit, &flat));
  g_assert_error (flat, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_cmpfloat (fit.scale, ==, 42);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/linear/closed-form", test_closed_form);
  g_test_add_func ("/linear/exact-data", test_exact_data);
  g_test_add_func ("/linear/bounds", test_bounds);
  g_test_add_func ("/linear/without-sigma", test_without_sigma);
  g_test_add_func ("/linear/unusable-points", test_unusable_points);
  g_test_add_func ("/linear/refused", test_refused);
  return g_test_run ();
}
