/* Do the coordinates of a fit, its special cases and the fit itself do what they say? */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "models/fit/nest.h"
#include "models/fit/refine.h"

static const char *const classes[] = { "sphere", "cylinder", "oblate", "prolate", "core_shell_sphere", "hollow_sphere",
                                       "core_shell_cylinder", "core_shell_oblate", "core_shell_prolate", "disc",
                                       "core_shell_disc" };

static const SaxidSpace *
space_of (const char *name)
{
  const SaxidSpace *space = saxid_space_find (saxid_shape_find (name));

  g_assert_nonnull (space);
  return space;
}

/* A point goes to coordinates and comes back. */
static void
test_coordinates (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);

  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    for (guint trial = 0; trial < 50; trial++)
      {
        const SaxidSpace *space = space_of (classes[c]);
        const SaxidShape *shape = saxid_space_shape (space);
        double part[SAXID_SPACE_MOST], x[SAXID_SPACE_MOST];
        SaxidSpacePoint point, back;

        for (guint k = 0; k < saxid_space_dimension (space); k++)
          part[k] = g_rand_double_range (random, 0.05, 0.95);
        saxid_space_place (space, part, 50, &point);
        saxid_space_coordinates (space, &point, x);
        saxid_space_point (space, x, &back);
        g_assert_cmpfloat_with_epsilon (back.width, point.width, 1e-9);
        for (guint k = 0; k < shape->n_parameter; k++)
          g_assert_cmpfloat_with_epsilon (back.value[k], point.value[k], 1e-8 * fmax (fabs (point.value[k]), 1));
        for (guint k = 0; k < saxid_space_dimension (space); k++)
          {
            double lower, upper;
            const int at = saxid_space_parameter (space, k);

            saxid_space_bounds (space, k, &point, &lower, &upper);
            g_assert_cmpfloat (lower, <=, at < 0 ? point.width : point.value[at]);
            g_assert_cmpfloat (upper, >=, at < 0 ? point.width : point.value[at]);
          }
      }
}

/* The particle of the wider form factor scatters like the one that it was made of. */
static void
test_nest (void)
{
  guint found = 0;
  double q[60], one[60], other[60];

  for (guint k = 0; k < G_N_ELEMENTS (q); k++)
    q[k] = 0.002 * pow (30, k / 59.0); /* up to q R of about 3 */
  for (guint a = 0; a < G_N_ELEMENTS (classes); a++)
    for (guint b = 0; b < G_N_ELEMENTS (classes); b++)
      {
        const SaxidSpace *inner = space_of (classes[a]), *outer = space_of (classes[b]);
        double part[SAXID_SPACE_MOST] = { 0, 0.4, 0.4, 0.4, 0.7, 0.4 };
        SaxidSpacePoint point, nested;

        saxid_space_place (inner, part, 50, &point);
        point.width = 0.1;
        if (!saxid_nest (inner, &point, outer, &nested))
          continue;
        found++;
        g_assert_cmpfloat (nested.width, ==, 0.1);
        g_assert_true (saxid_shape_intensity (saxid_space_shape (inner), point.value, point.width,
                                              SAXID_DISTRIBUTION_SCHULZ, 60, q, one, NULL));
        g_assert_true (saxid_shape_intensity (saxid_space_shape (outer), nested.value, nested.width,
                                              SAXID_DISTRIBUTION_SCHULZ, 60, q, other, NULL));
        for (guint k = 0; k < 60 && one[k] > 0.1 * one[0]; k++)
          g_assert_cmpfloat (fabs (log (one[k] / one[0]) - log (other[k] / other[0])), <, 0.35);
      }
  g_assert_cmpuint (found, >=, 12);
  g_assert_false (saxid_nest (space_of ("core_shell_sphere"), &(SaxidSpacePoint) { .width = 0.1 }, space_of ("sphere"),
                              &(SaxidSpacePoint) { .width = 0 }));
}

/* A noisy curve of oblate ellipsoids, and a beginning near them. */
static SaxidCurve *
noisy (const SaxidSpace *space, const SaxidSpacePoint *truth)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  SaxidCurve *curve = saxid_curve_new (200, TRUE, FALSE);

  for (gsize k = 0; k < curve->n; k++)
    curve->q[k] = 0.005 * pow (60, (double) k / 199);
  g_assert_true (saxid_shape_intensity (saxid_space_shape (space), truth->value, truth->width,
                                        SAXID_DISTRIBUTION_SCHULZ, curve->n, curve->q, curve->intensity, NULL));
  for (gsize k = 0; k < curve->n; k++)
    {
      const double two = sqrt (-2 * log (1 - g_rand_double (random))) * cos (2 * G_PI * g_rand_double (random));

      curve->sigma[k] = 0.01 * curve->intensity[k] + 1e-6 * curve->intensity[0];
      curve->intensity[k] = 0.03 * curve->intensity[k] + 1e-5 * curve->intensity[0];
      curve->sigma[k] *= 0.03;
      curve->intensity[k] += two * curve->sigma[k];
    }
  return curve;
}

static void
test_refine (void)
{
  const SaxidSpace *space = space_of ("oblate");
  const int polar = saxid_shape_parameter_index (saxid_space_shape (space), "radius_polar");
  const int equatorial = saxid_shape_parameter_index (saxid_space_shape (space), "radius_equatorial");
  const double part[SAXID_SPACE_MOST] = { 0, 0.3, 0.6 };
  SaxidSpacePoint truth, start;
  SaxidRefined fit, same;
  g_autoptr (SaxidCurve) curve = NULL;

  saxid_space_place (space, part, 30, &truth);
  truth.width = 0.1;
  curve = noisy (space, &truth);
  start = truth;
  start.value[polar] *= 1.1;
  start.value[equatorial] *= 0.95;
  start.width = 0.2;
  g_assert_true (saxid_refine (space, curve, &start, 300, INFINITY, TRUE, &fit, NULL));
  g_assert_cmpfloat (fit.reduced_chi2, <, 1.3);
  g_assert_cmpfloat_with_epsilon (fit.scale, 0.03, 5 * fit.scale_error);
  for (guint k = 0; k < saxid_space_dimension (space); k++)
    {
      const int at = saxid_space_parameter (space, k);
      const double off = at < 0 ? fit.point.width - truth.width : fit.point.value[at] - truth.value[at];

      g_assert_false (fit.at_bound[k]);
      g_assert_cmpfloat (fit.error[k], >, 0);
      g_assert_cmpfloat (fabs (off), <, 5 * fit.error[k]);
    }
  /* from where it ended nothing moves, and the same particle has the same chi-square */
  g_assert_true (saxid_refined_at (space, curve, &fit.point, &same, NULL));
  g_assert_cmpfloat_with_epsilon (same.chi2, fit.chi2, 1e-6 * fit.chi2);
  /* no time: one evaluation, and what was begun with is kept */
  g_assert_true (saxid_refine (space, curve, &start, 300, 0, FALSE, &same, NULL));
  g_assert_cmpfloat (same.chi2, >, 2 * fit.chi2);
  g_assert_cmpuint (same.evaluations, <, 4);
  /* with a Gaussian the width is about the same, and the fit is not the same */
  start = fit.point;
  start.distribution = SAXID_DISTRIBUTION_GAUSSIAN;
  g_assert_true (saxid_refine (space, curve, &start, 300, INFINITY, FALSE, &same, NULL));
  g_assert_cmpint (same.point.distribution, ==, SAXID_DISTRIBUTION_GAUSSIAN);
  g_assert_cmpfloat (fabs (same.point.width - fit.point.width), <, 0.03);
}

static void
test_rods (void)
{
  const SaxidSpace *rod = space_of ("core_shell_cylinder"), *ball = space_of ("sphere");
  const double part[SAXID_SPACE_MOST] = { 0, 0.5, 0.5, 0.5, 0.5 };
  const int radius = saxid_shape_parameter_index (saxid_space_shape (rod), "radius");
  const int length = saxid_shape_parameter_index (saxid_space_shape (rod), "length");
  SaxidSpacePoint point, longer;

  saxid_space_place (rod, part, 40, &point);
  longer = point;
  g_assert_true (saxid_space_lengthen (rod, 2, &longer));
  g_assert_cmpfloat_with_epsilon (longer.value[length], 2 * point.value[length], 1e-9);
  g_assert_cmpfloat (longer.value[radius], ==, point.value[radius]);
  g_assert_true (saxid_space_lengthen (rod, 1e9, &longer)); /* stays within its bounds */
  g_assert_cmpfloat (longer.value[length], <=, 400.001 * point.value[radius]);
  /* a rod may be longer than any window shows, a sphere may not be as large */
  g_assert_true (saxid_space_is_visible (rod, &longer, 0.01, 0.5));
  saxid_space_place (ball, part, 5000, &point);
  g_assert_false (saxid_space_is_visible (ball, &point, 0.01, 0.5));
  g_assert_false (saxid_space_lengthen (ball, 2, &point));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fit/coordinates", test_coordinates);
  g_test_add_func ("/fit/nest", test_nest);
  g_test_add_func ("/fit/refine", test_refine);
  g_test_add_func ("/fit/rods", test_rods);
  return g_test_run ();
}
