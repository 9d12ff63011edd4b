/* Is the portrait of a curve the same in any unit, on any scale, on almost any grid, and
 * does it tell what a network must know: where the noise begins, and whether sigma can be
 * believed? */
#include <math.h>
#include <string.h>

#include "models/learn/portrait.h"
#include "models/simulate/random.h"
#include "reducers/curve.h"

#define W SAXID_PORTRAIT_WIDTH
#define N_PORTRAIT (SAXID_PORTRAIT_CHANNELS * W)

enum
{
  LEVEL,
  SIGNAL,
  NOISE,
  STEP,
  SCATTER,
  ABSENT,
  DENSITY
};

static double
gaussian (SaxidRandom *random)
{
  double u = saxid_random_unit (random), v = saxid_random_unit (random);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

/* n points from first to last, linear or logarithmic; noise of sigma = part × I + floor. */
static SaxidCurve *
measure (gsize n, double first, double last, gboolean logarithmic, double part, guint64 seed)
{
  SaxidCurve *curve = saxid_curve_new (n, TRUE, FALSE);
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_COUNTS);
  for (gsize k = 0; k < n; k++)
    {
      double at = (double) k / (double) (n - 1);
      double q = logarithmic ? first * pow (last / first, at) : first + (last - first) * at;
      double truth = 100 / (1 + pow (q / 0.03, 4)) * (1 + 0.2 * cos (q / 0.004));

      curve->q[k] = q;
      curve->sigma[k] = part * (truth + 0.05);
      curve->intensity[k] = truth + curve->sigma[k] * gaussian (&random);
    }
  return curve;
}

static gboolean
take (const SaxidCurve *curve, float *out)
{
  return saxid_portrait_take (curve->n, curve->q, curve->intensity, curve->sigma, out);
}

static double
farthest (const float *a, const float *b, guint from, guint to)
{
  double most = 0;

  for (guint k = from * W; k < to * W; k++)
    most = fmax (most, fabs ((double) a[k] - (double) b[k]));
  return most;
}

static void
test_no_unit (void)
{
  g_autoptr (SaxidCurve) curve = measure (400, 0.004, 0.3, FALSE, 0.03, 1);
  float one[N_PORTRAIT], other[N_PORTRAIT];

  g_assert_true (take (curve, one));
  for (gsize k = 0; k < curve->n; k++)
    {
      curve->q[k] *= 10;
      curve->intensity[k] *= 3e-17;
      curve->sigma[k] *= 3e-17;
    }
  g_assert_true (take (curve, other));
  g_assert_cmpfloat (farthest (one, other, 0, SAXID_PORTRAIT_CHANNELS), <, 1e-4);
  curve->intensity[200] *= 2;
  g_assert_true (take (curve, other));
  g_assert_cmpfloat (farthest (one, other, 0, SAXID_PORTRAIT_CHANNELS), >, 0.1);
}

static void
test_any_grid (void)
{
  g_autoptr (SaxidCurve) fine = measure (4000, 0.005, 0.25, FALSE, 1e-4, 1);
  g_autoptr (SaxidCurve) coarse = measure (500, 0.005, 0.25, TRUE, 1e-4, 2);
  float one[N_PORTRAIT], other[N_PORTRAIT];

  g_assert_true (take (fine, one));
  g_assert_true (take (coarse, other));
  g_assert_cmpfloat (farthest (one, other, LEVEL, LEVEL + 1), <, 0.02);
  g_assert_cmpfloat (farthest (one, other, STEP, STEP + 1), <, 1e-5);
  /* and how many points there are is told */
  g_assert_cmpfloat (farthest (one, other, DENSITY, DENSITY + 1), >, 0.3);
}

/* Where sigma is right the scatter says so; where it is not, by how much. */
static void
test_scatter (void)
{
  g_autoptr (SaxidCurve) curve = measure (1200, 0.005, 0.25, FALSE, 0.05, 3);
  float one[N_PORTRAIT], other[N_PORTRAIT];
  double right = 0, wrong = 0;

  g_assert_true (take (curve, one));
  for (gsize k = 0; k < curve->n; k++)
    curve->sigma[k] /= 3;
  g_assert_true (take (curve, other));
  for (guint k = W / 4; k < W; k++)
    {
      right += (double) one[SCATTER * W + k] / (0.75 * W);
      wrong += (double) other[SCATTER * W + k] / (0.75 * W);
    }
  g_assert_cmpfloat_with_epsilon (right, 0, 0.1);
  g_assert_cmpfloat_with_epsilon (wrong, log (3), 0.1);
}

/* Without sigma the scatter serves, and the channel says so. */
static void
test_no_sigma (void)
{
  g_autoptr (SaxidCurve) curve = measure (1200, 0.005, 0.25, FALSE, 0.05, 3);
  float with[N_PORTRAIT], without[N_PORTRAIT];

  g_assert_true (take (curve, with));
  g_assert_true (saxid_portrait_take (curve->n, curve->q, curve->intensity, NULL, without));
  for (guint k = 0; k < W; k++)
    {
      g_assert_cmpfloat (with[ABSENT * W + k], ==, 0);
      g_assert_cmpfloat (without[ABSENT * W + k], ==, 1);
      g_assert_cmpfloat (without[SCATTER * W + k], ==, 0);
    }
  g_assert_cmpfloat (farthest (with, without, LEVEL, LEVEL + 1), <, 0.15);
  for (guint k = W / 4; k < W; k++)
    g_assert_cmpfloat_with_epsilon (with[NOISE * W + k], without[NOISE * W + k], 0.25);
}

/* Negative intensities are signals below nothing, not holes. */
static void
test_negative (void)
{
  g_autoptr (SaxidCurve) curve = measure (300, 0.005, 0.25, FALSE, 0.05, 4);
  float out[N_PORTRAIT];

  for (gsize k = 200; k < 300; k++)
    curve->intensity[k] = -5 * curve->sigma[k];
  g_assert_true (take (curve, out));
  g_assert_cmpfloat (out[SIGNAL * W + W - 1], <, -0.2);
  for (guint k = 0; k < N_PORTRAIT; k++)
    g_assert_true (isfinite (out[k]));
}

static void
test_refused (void)
{
  g_autoptr (SaxidCurve) narrow = measure (300, 0.1, 0.1999, FALSE, 0.05, 5);
  g_autoptr (SaxidCurve) wide = measure (300, 0.1, 0.2001, FALSE, 0.05, 5);
  float out[N_PORTRAIT];

  g_assert_false (take (narrow, out));
  g_assert_true (take (wide, out));
  wide->n = SAXID_CURVE_MIN_POINTS - 1;
  g_assert_false (take (wide, out));
  wide->n = 300;
  memset (wide->intensity, 0, 300 * sizeof (double));
  g_assert_false (take (wide, out));
}

/* The smallest curves, with holes, must not be read beyond their ends. */
static void
test_few_points (void)
{
  for (gsize n = SAXID_CURVE_MIN_POINTS; n < 40; n++)
    {
      g_autoptr (SaxidCurve) curve = measure (n, 0.001, 0.5, (n & 1) == 0, 0.1, n);
      float out[N_PORTRAIT];

      curve->q[n / 2] = 0.9999 * curve->q[n / 2 + 1];
      g_assert_true (take (curve, out));
      for (guint k = 0; k < N_PORTRAIT; k++)
        g_assert_true (isfinite (out[k]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/portrait/no-unit", test_no_unit);
  g_test_add_func ("/portrait/any-grid", test_any_grid);
  g_test_add_func ("/portrait/scatter", test_scatter);
  g_test_add_func ("/portrait/no-sigma", test_no_sigma);
  g_test_add_func ("/portrait/negative", test_negative);
  g_test_add_func ("/portrait/refused", test_refused);
  g_test_add_func ("/portrait/few-points", test_few_points);
  return g_test_run ();
}
