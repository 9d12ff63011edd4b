/* Does saxid_curve_clean make any measured curve sound, and refuse the rest? */
#include <math.h>

#include "reducers/curve.h"
#include "reducers/error.h"

static SaxidCurve *
line (gsize n, gboolean with_sigma)
{
  SaxidCurve *curve = saxid_curve_new (n, with_sigma, FALSE);

  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = 0.01 * (double) (k + 1);
      curve->intensity[k] = 100.0 - (double) k;
      if (with_sigma)
        curve->sigma[k] = 1.0 + (double) k;
    }
  return curve;
}

static void
test_sound_curve_is_kept (void)
{
  g_autoptr (SaxidCurve) curve = line (40, TRUE);
  g_autoptr (SaxidCurve) before = saxid_curve_copy (curve);
  g_autoptr (GError) error = NULL;
  SaxidCurveRepairs repairs;

  g_assert_true (saxid_curve_clean (curve, &repairs, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (curve->q, 40 * sizeof (double), before->q, 40 * sizeof (double));
  g_assert_cmpmem (curve->sigma, 40 * sizeof (double), before->sigma, 40 * sizeof (double));
  g_assert_cmpuint (repairs.non_finite + repairs.non_positive_q + repairs.duplicate_q, ==, 0);
  g_assert_false (repairs.reordered);
}

static void
test_bad_points_are_dropped (void)
{
  g_autoptr (SaxidCurve) curve = line (30, TRUE);
  SaxidCurveRepairs repairs;

  curve->q[0] = 0;
  curve->q[1] = -0.1;
  curve->intensity[5] = NAN;
  curve->q[6] = INFINITY;
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_cmpuint (curve->n, ==, 26);
  g_assert_cmpuint (repairs.non_positive_q, ==, 2);
  g_assert_cmpuint (repairs.non_finite, ==, 2);
  g_assert_cmpfloat (curve->q[0], ==, 0.03);
}

static void
test_descending_q_is_turned (void)
{
  g_autoptr (SaxidCurve) curve = line (20, TRUE);
  SaxidCurveRepairs repairs;

  for (gsize k = 0; k < 20; k++)
    curve->q[k] = 0.01 * (double) (20 - k);
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_true (repairs.reordered);
  for (gsize k = 0; k < 20; k++)
    {
      g_assert_cmpfloat_with_epsilon (curve->q[k], 0.01 * (double) (k + 1), 1e-15);
      g_assert_cmpfloat (curve->intensity[k], ==, 100.0 - (double) (19 - k));
      g_assert_cmpfloat (curve->sigma[k], ==, 1.0 + (double) (19 - k));
    }
}

static void
test_duplicates_are_averaged (void)
{
  g_autoptr (SaxidCurve) curve = line (20, TRUE);
  SaxidCurveRepairs repairs;

  curve->q[4] = curve->q[3];
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_cmpuint (repairs.duplicate_q, ==, 1);
  g_assert_cmpuint (curve->n, ==, 19);
  g_assert_cmpfloat (curve->intensity[3], ==, (97.0 + 96.0) / 2);
  g_assert_cmpfloat_with_epsilon (curve->sigma[3], sqrt (16.0 + 25.0) / 2, 1e-12);
}

static void
test_sigma_is_filled_or_dropped (void)
{
  g_autoptr (SaxidCurve) some = line (20, TRUE);
  g_autoptr (SaxidCurve) none = line (20, TRUE);
  SaxidCurveRepairs repairs;

  some->sigma[0] = 0;
  some->sigma[7] = NAN;
  g_assert_true (saxid_curve_clean (some, &repairs, NULL));
  g_assert_cmpuint (repairs.sigma_filled, ==, 2);
  g_assert_cmpfloat (some->sigma[0], ==, some->sigma[1]);
  g_assert_cmpfloat (some->sigma[7], ==, some->sigma[6]);

  for (gsize k = 0; k < 20; k++)
    none->sigma[k] = 0;
  g_assert_true (saxid_curve_clean (none, &repairs, NULL));
  g_assert_true (repairs.sigma_unusable);
  g_assert_null (none->sigma);
}

static void
test_too_few_points (void)
{
  g_autoptr (SaxidCurve) curve = line (SAXID_CURVE_MIN_POINTS, FALSE);
  g_autoptr (GError) error = NULL;

  curve->q[3] = NAN;
  g_assert_false (saxid_curve_clean (curve, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
  g_assert_cmpstr (error->message, ==, "q grid has 15 usable points of 16, 16 are needed");
}

static void
test_all_zero (void)
{
  g_autoptr (SaxidCurve) curve = line (20, FALSE);
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < 20; k++)
    curve->intensity[k] = 0;
  g_assert_false (saxid_curve_clean (curve, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/curve/sound-is-kept", test_sound_curve_is_kept);
  g_test_add_func ("/curve/bad-points-dropped", test_bad_points_are_dropped);
  g_test_add_func ("/curve/descending-turned", test_descending_q_is_turned);
  g_test_add_func ("/curve/duplicates-averaged", test_duplicates_are_averaged);
  g_test_add_func ("/curve/sigma-filled-or-dropped", test_sigma_is_filled_or_dropped);
  g_test_add_func ("/curve/too-few-points", test_too_few_points);
  g_test_add_func ("/curve/all-zero", test_all_zero);
  return g_test_run ();
}
