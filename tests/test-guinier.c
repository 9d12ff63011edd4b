/* Does the Guinier fit find R_g of particles whose R_g is known, whatever stands
 * at low q, and say so when there is none to find? */
#include <math.h>

#include "models/fit/guinier.h"

#define RADIUS 50.0
#define RG     (RADIUS * 0.7745966692414834) /* sqrt (3/5) R */

/* Rayleigh's sphere, normalised to 1 at q = 0. */
static double
sphere (double q, double radius)
{
  double x = q * radius;
  double f = x < 1e-3 ? 1 - x * x / 10 : 3 * (sin (x) - x * cos (x)) / (x * x * x);

  return f * f;
}

static double
gaussian (GRand *rand)
{
  double u = g_rand_double_range (rand, 1e-12, 1), v = g_rand_double (rand);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

static SaxidCurve *
spheres (gsize n, double q_min, double q_max, double radius, double i0, double background)
{
  SaxidCurve *curve = saxid_curve_new (n, TRUE, FALSE);

  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = q_min + (q_max - q_min) * (double) k / (double) (n - 1);
      curve->intensity[k] = i0 * sphere (curve->q[k], radius) + background;
      curve->sigma[k] = 0.01 * curve->intensity[k] + 1e-4 * i0;
    }
  return curve;
}

static void
add_noise (SaxidCurve *curve, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (gsize k = 0; k < curve->n; k++)
    curve->intensity[k] += curve->sigma[k] * gaussian (rand);
}

static void
test_noiseless (void)
{
  /* The law is the first term of a series: at q R_g = 1.3 the next one of a
   * sphere makes R_g about 2 % too large. */
  for (double radius = 10; radius < 400; radius *= 1.7)
    {
      g_autoptr (SaxidCurve) curve = spheres (800, 0.002, 0.3, radius, 7.5, 0);
      SaxidGuinier fit;

      g_assert_true (saxid_guinier_fit (curve, &fit));
      g_assert_cmpint (fit.status, ==, SAXID_GUINIER_OK);
      g_assert_cmpfloat_with_epsilon (fit.rg / (radius * sqrt (0.6)), 1.01, 0.015);
      g_assert_cmpfloat_with_epsilon (fit.i0, 7.5, 0.05);
      g_assert_cmpfloat (fit.q_max * fit.rg, <=, 1.3 * 1.01);
      g_assert_cmpfloat (fit.q_max * fit.rg, >, 0.9);
      g_assert_false (fit.upturn);
      g_assert_cmpuint (fit.n_point, >=, SAXID_GUINIER_MIN_POINTS);
      g_assert_cmpfloat (curve->q[fit.first], ==, fit.q_min);
    }
}

static void
test_noise_is_within_error_bars (void)
{
  guint inside = 0;
  double chi2 = 0;

  for (guint32 seed = 1; seed <= 60; seed++)
    {
      g_autoptr (SaxidCurve) curve = spheres (300, 0.004, 0.2, RADIUS, 2, 0);
      SaxidGuinier fit;

      for (gsize k = 0; k < curve->n; k++)
        curve->sigma[k] = 0.08 * curve->intensity[k] + 0.002;
      add_noise (curve, seed);
      g_assert_true (saxid_guinier_fit (curve, &fit));
      g_assert_cmpfloat_with_epsilon (fit.rg, RG, 0.15 * RG);
      inside += fabs (fit.rg - RG) < 2 * fit.rg_error && fabs (fit.i0 - 2) < 3 * fit.i0_error;
      chi2 += fit.reduced_chi2 / 60;
    }
  /* 95 % would be expected of a range chosen without looking */
  g_assert_cmpuint (inside, >=, 48);
  g_assert_cmpfloat_with_epsilon (chi2, 1, 0.15);
}

static void
test_upturn_is_left_out (void)
{
  for (double power = 2; power <= 4; power += 1)
    for (guint32 seed = 1; seed <= 5; seed++)
      {
        g_autoptr (SaxidCurve) curve = spheres (400, 0.003, 0.2, RADIUS, 2, 0);
        SaxidGuinier fit;

        /* three times the particles at the first point */
        for (gsize k = 0; k < curve->n; k++)
          curve->intensity[k] += 6 * pow (curve->q[k] / 0.003, -power);
        add_noise (curve, seed);
        g_assert_true (saxid_guinier_fit (curve, &fit));
        g_assert_cmpfloat_with_epsilon (fit.rg, RG, 0.16 * RG);
        g_assert_cmpuint (fit.first, >, 0);
        g_assert_true (fit.upturn);
        g_assert_false (fit.downturn);
      }
}

static void
test_beamstop_shadow (void)
{
  g_autoptr (SaxidCurve) curve = spheres (400, 0.003, 0.2, RADIUS, 2, 0);
  SaxidGuinier fit;

  for (gsize k = 0; k < 8; k++)
    curve->intensity[k] *= 0.1 * (double) (k + 1);
  add_noise (curve, 3);
  g_assert_true (saxid_guinier_fit (curve, &fit));
  g_assert_cmpfloat_with_epsilon (fit.rg, RG, 0.05 * RG);
  g_assert_true (fit.downturn);
}

static void
test_sigma_absent_or_wrong (void)
{
  g_autoptr (SaxidCurve) curve = spheres (400, 0.003, 0.2, RADIUS, 2, 0);
  g_autoptr (SaxidCurve) optimist = NULL;
  SaxidGuinier fit;

  add_noise (curve, 11);
  optimist = saxid_curve_copy (curve);
  for (gsize k = 0; k < optimist->n; k++)
    optimist->sigma[k] *= 0.2;
  g_assert_true (saxid_guinier_fit (optimist, &fit));
  g_assert_cmpfloat_with_epsilon (fit.rg, RG, 0.04 * RG);
  g_assert_cmpfloat (fit.reduced_chi2, >, 10);

  g_clear_pointer (&curve->sigma, g_free);
  g_assert_true (saxid_guinier_fit (curve, &fit));
  g_assert_cmpfloat_with_epsilon (fit.rg, RG, 0.04 * RG);
  g_assert_true (isnan (fit.reduced_chi2));
  g_assert_cmpfloat (fit.rg_error, >, 0);
}

static void
test_background_is_no_particle (void)
{
  /* large particles over a flat background: their R_g, not one of the crossover */
  g_autoptr (SaxidCurve) curve = spheres (600, 0.002, 0.4, 150, 100, 0.5);
  SaxidGuinier fit;

  add_noise (curve, 5);
  g_assert_true (saxid_guinier_fit (curve, &fit));
  g_assert_cmpfloat_with_epsilon (fit.rg, 150 * sqrt (0.6), 6);
}

static void
assert_refused (const SaxidCurve *curve, guint allowed)
{
  SaxidGuinier fit;

  g_assert_false (saxid_guinier_fit (curve, &fit));
  g_assert_cmpuint (allowed & (1u << fit.status), !=, 0);
  g_assert_cmpfloat (fit.rg, ==, 0);
  g_assert_cmpfloat (fit.i0, ==, 0);
  g_assert_nonnull (saxid_guinier_status_text (fit.status));
}

static void
test_refused (void)
{
  g_autoptr (SaxidCurve) negative = spheres (100, 0.003, 0.2, RADIUS, 2, 0);
  g_autoptr (SaxidCurve) power = spheres (300, 0.003, 0.2, RADIUS, 2, 0);
  g_autoptr (SaxidCurve) flat = spheres (300, 0.003, 0.2, RADIUS, 0, 1);
  g_autoptr (SaxidCurve) huge = spheres (300, 0.02, 0.2, 2000, 1e6, 0);
  g_autoptr (SaxidCurve) rising = spheres (300, 0.003, 0.2, RADIUS, 0, 1);

  for (gsize k = 0; k < negative->n; k++)
    negative->intensity[k] = -1;
  assert_refused (negative, 1u << SAXID_GUINIER_TOO_FEW);

  for (gsize k = 0; k < power->n; k++)
    {
      power->intensity[k] = pow (power->q[k] / 0.003, -4);
      power->sigma[k] = 0.01 * power->intensity[k];
    }
  assert_refused (power, 1u << SAXID_GUINIER_TOO_LARGE | 1u << SAXID_GUINIER_NO_DECAY);

  add_noise (flat, 9);
  assert_refused (flat, 1u << SAXID_GUINIER_NO_DECAY | 1u << SAXID_GUINIER_TOO_NOISY);

  for (gsize k = 0; k < huge->n; k++)
    {
      huge->intensity[k] = 1e-3 * pow (huge->q[k], -4);
      huge->sigma[k] = 0.01 * huge->intensity[k];
    }
  assert_refused (huge, 1u << SAXID_GUINIER_TOO_LARGE | 1u << SAXID_GUINIER_NO_DECAY);

  for (gsize k = 0; k < rising->n; k++)
    rising->intensity[k] = 1 + rising->q[k];
  assert_refused (rising, 1u << SAXID_GUINIER_NO_DECAY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guinier/noiseless", test_noiseless);
  g_test_add_func ("/guinier/noise-within-error-bars", test_noise_is_within_error_bars);
  g_test_add_func ("/guinier/upturn-left-out", test_upturn_is_left_out);
  g_test_add_func ("/guinier/beamstop-shadow", test_beamstop_shadow);
  g_test_add_func ("/guinier/sigma-absent-or-wrong", test_sigma_absent_or_wrong);
  g_test_add_func ("/guinier/background-is-no-particle", test_background_is_no_particle);
  g_test_add_func ("/guinier/refused", test_refused);
  return g_test_run ();
}
