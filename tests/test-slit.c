/* Is a curve through a slit what the integral says, and does a fit find the particle behind it? */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "models/fit/refine.h"
#include "models/fit/slit.h"
#include "models/fit/smear.h"

#define STEPS 600
#define POINTS 150
#define LENGTH 0.045

/* q from 0.001 on, in even steps of ln q. */
static double
lay (double *q, gsize n, double last)
{
  const double step = log (last / 0.001) / (double) (n - 1);

  for (gsize k = 0; k < n; k++)
    q[k] = 0.001 * exp (step * (double) k);
  return step;
}

/* What is constant or linear in q² comes out exactly, wherever the slit ends. */
static void
test_linear (void)
{
  double q[STEPS], value[STEPS], out[STEPS];
  g_auto (SaxidSlit) slit = { 0 };

  saxid_slit_init (&slit, STEPS, lay (q, STEPS, 1));
  for (double length = 1e-6; length < 0.5; length *= 3.7)
    {
      for (guint k = 0; k < STEPS; k++)
        value[k] = 2 + 3 * q[k] * q[k];
      saxid_slit_integral (&slit, length, q, value, out);
      for (guint k = 0; k < STEPS && hypot (q[k], length) < q[STEPS - 1]; k++)
        {
          const double truth = 2 * length + 3 * (q[k] * q[k] * length + pow (length, 3) / 3);

          g_assert_cmpfloat_with_epsilon (out[k] / truth, 1, 1e-9);
        }
    }
}

/* Porod's law, in closed form for a slit of any length. */
static void
test_porod (void)
{
  double q[STEPS], value[STEPS], out[STEPS];
  g_auto (SaxidSlit) slit = { 0 };
  double length = 3e-4;

  saxid_slit_init (&slit, STEPS, lay (q, STEPS, 10));
  for (guint k = 0; k < STEPS; k++)
    value[k] = pow (q[k], -4);
  for (; length < 1; length *= 4)
    {
      saxid_slit_integral (&slit, length, q, value, out);
      for (guint k = 0; k < STEPS && hypot (q[k], length) < q[STEPS - 1]; k++)
        {
          const double truth = length / (2 * q[k] * q[k] * (q[k] * q[k] + length * length)) + atan (length / q[k]) / (2 * pow (q[k], 3));

          g_assert_cmpfloat_with_epsilon (out[k] / truth, 1, 1e-3);
        }
    }
  saxid_slit_integral (&slit, INFINITY, q, value, out);
  for (guint k = 0; k < STEPS && q[k] < 0.5; k++)
    g_assert_cmpfloat_with_epsilon (out[k] / (G_PI_4 * pow (q[k], -3)), 1, 1e-3);
}

static const SaxidSpace *
sphere (void)
{
  return saxid_space_find (saxid_shape_find ("sphere"));
}

static SaxidSpacePoint
sphere_of (double radius)
{
  const double middle[SAXID_SPACE_MOST] = { 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 };
  SaxidSpacePoint point;

  saxid_space_place (sphere (), middle, radius, &point);
  point.width = 0.08;
  return point;
}

/* A curve with 2 % of noise-free sigma, by the trapezium rule over the slit. */
static SaxidCurve *
seen_through (const SaxidSpacePoint *point, double length)
{
  enum { ACROSS = 3000 };
  SaxidCurve *curve = saxid_curve_new (POINTS, TRUE, FALSE);
  double q[ACROSS + 1], value[ACROSS + 1];

  curve->slit = length;
  lay (curve->q, POINTS, 0.05);
  for (guint k = 0; k < POINTS; k++)
    {
      for (guint j = 0; j <= ACROSS; j++)
        q[j] = hypot (curve->q[k], length * j / ACROSS);
      g_assert_true (saxid_shape_intensity (saxid_space_shape (sphere ()), point->value, point->width, SAXID_DISTRIBUTION_SCHULZ, ACROSS + 1, q, value, NULL));
      for (guint j = 0; j <= ACROSS; j++)
        curve->intensity[k] += value[j] / ACROSS * (j == 0 || j == ACROSS ? 0.5 : 1);
      curve->sigma[k] = 0.02 * curve->intensity[k];
    }
  return curve;
}

static void
test_sphere (void)
{
  const SaxidSpacePoint truth = sphere_of (500), start = sphere_of (450);
  g_autoptr (SaxidCurve) curve = seen_through (&truth, LENGTH);
  g_auto (SaxidSmear) smear = { 0 };
  double out[POINTS];
  SaxidRefined with, without;

  saxid_smear_init (&smear, curve);
  g_assert_true (saxid_smear_intensity (&smear, saxid_space_shape (sphere ()), &truth, out, NULL));
  for (guint k = 0; k < POINTS; k++)
    g_assert_cmpfloat_with_epsilon (out[k] / curve->intensity[k], 1, 0.005);

  g_assert_true (saxid_refine (sphere (), curve, &start, 100, INFINITY, FALSE, &with, NULL));
  g_assert_cmpfloat_with_epsilon (with.point.value[saxid_space_parameter (sphere (), 0)], 500, 1);
  g_assert_cmpfloat (with.reduced_chi2, <, 0.1);
  curve->slit = 0;
  g_assert_true (saxid_refine (sphere (), curve, &start, 100, INFINITY, FALSE, &without, NULL));
  g_assert_cmpfloat (without.reduced_chi2, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slit/linear", test_linear);
  g_test_add_func ("/slit/porod", test_porod);
  g_test_add_func ("/slit/sphere", test_sphere);
  return g_test_run ();
}
