/* Does saxid_curve_clean make any measured curve sound, and refuse the rest? */
#include <math.h>

#include "reducers/curve.h"
#include "reducers/error.h"
#include "reducers/repairs.h"

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
  g_assert_cmpuint (repairs.sigma_unusable, ==, 1);
  g_assert_null (none->sigma);
}

/* A negative sigma is as good as none, also where two points are merged. */
static void
test_sigma_is_repaired_before_merging (void)
{
  g_autoptr (SaxidCurve) curve = line (20, TRUE);
  SaxidCurveRepairs repairs;

  curve->q[4] = curve->q[3];
  curve->sigma[3] = -1;
  curve->sigma[4] = -1;
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_cmpuint (repairs.sigma_filled, ==, 2);
  g_assert_cmpfloat_with_epsilon (curve->sigma[3], 3 / sqrt (2), 1e-12); /* twice that of point 2 */
}

static void
test_empty_bins (void)
{
  g_autoptr (SaxidCurve) with = line (40, TRUE), without = line (40, FALSE), counts = line (40, TRUE);
  SaxidCurveRepairs repairs;
  static const gsize at[] = { 0, 1, 20, 38, 39 };

  for (gsize k = 0; k < 40; k++)
    {
      with->intensity[k] += 0.25;
      without->intensity[k] += 0.25;
      counts->sigma[k] = sqrt (counts->intensity[k]);
    }
  for (gsize k = 0; k < G_N_ELEMENTS (at); k++)
    with->intensity[at[k]] = with->sigma[at[k]] = without->intensity[at[k]] = counts->intensity[at[k]]
      = counts->sigma[at[k]] = 0;
  g_assert_true (saxid_curve_clean (with, &repairs, NULL));
  g_assert_cmpuint (repairs.empty, ==, 5);
  g_assert_cmpuint (with->n, ==, 35);
  g_assert_cmpfloat_with_epsilon (with->q[0], 0.03, 1e-15);
  /* without sigma a zero inside may be one */
  g_assert_true (saxid_curve_clean (without, &repairs, NULL));
  g_assert_cmpuint (repairs.empty, ==, 4);
  /* no count is a measurement as well, but not before the first */
  g_assert_true (saxid_curve_clean (counts, &repairs, NULL));
  g_assert_cmpuint (repairs.empty, ==, 2);
}

/* Sentinels are left out, at any scale; whatever is ordinary stays. */
static void
test_sigma_out_of_proportion (void)
{
  static const double scales[] = { 1e-9, 1, 1e12 };
  SaxidCurveRepairs repairs;

  for (gsize s = 0; s < G_N_ELEMENTS (scales); s++)
    {
      g_autoptr (SaxidCurve) curve = saxid_curve_new (60, TRUE, FALSE), noisy = saxid_curve_new (60, TRUE, FALSE);

      for (gsize k = 0; k < 60; k++)
        {
          const double q = 0.005 * pow (1.1, (double) k);

          curve->q[k] = noisy->q[k] = q;
          curve->intensity[k] = noisy->intensity[k] = scales[s] * (1e-4 * pow (q, -4) + 0.1);
          curve->sigma[k] = 0.03 * curve->intensity[k];
          /* from one part in a hundred of I at the begin to a thousand times I at the end */
          noisy->sigma[k] = noisy->intensity[k] * pow (10, -2 + 5.0 * (double) k / 59);
        }
      for (gsize k = 56; k < 60; k++)
        {
          curve->intensity[k] = 0;
          curve->sigma[k] = 1e8 * scales[s];
        }
      curve->sigma[10] = 1e8 * scales[s];
      g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
      g_assert_cmpuint (repairs.sigma_absurd, ==, 5);
      g_assert_cmpuint (curve->n, ==, 55);
      g_assert_true (saxid_curve_clean (noisy, &repairs, NULL));
      g_assert_cmpuint (noisy->n, ==, 60);
      g_assert_cmpuint (repairs.sigma_filled, ==, 0);
    }
}

/* A sigma of next to nothing would have all the weight; one by which all points are exact is
 * that of a calculated curve. */
static void
test_sigma_of_nothing (void)
{
  g_autoptr (SaxidCurve) curve = line (40, TRUE), exact = line (40, TRUE);
  SaxidCurveRepairs repairs;

  curve->sigma[7] = 1e-12;
  for (gsize k = 0; k < 40; k++)
    exact->sigma[k] = 1e-9;
  g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
  g_assert_cmpuint (repairs.sigma_filled, ==, 1);
  g_assert_cmpfloat (curve->sigma[7], ==, curve->sigma[6]);
  g_assert_true (saxid_curve_clean (exact, &repairs, NULL));
  g_assert_cmpuint (repairs.sigma_filled, ==, 0);
  g_assert_cmpfloat (exact->sigma[7], ==, 1e-9);
}

/* First and last q of a grid, after one point more. */
typedef struct
{
  double first, last;
  gboolean logarithmic;
  double more;
  gsize stray;
} Grid;

static void
test_stray_points (void)
{
  static const Grid grids[] = {
    { 0.0035, 0.147, FALSE, 0.5, 1 },  { 0.0035, 0.147, FALSE, 1, 1 },    { 0.0035, 0.147, FALSE, 3, 1 },
    { 0.0035, 0.147, FALSE, 1e-6, 1 }, { 0.0035, 0.147, FALSE, 1e-4, 1 }, { 0.0035, 0.147, TRUE, 1e-5, 1 },
    { 0.0035, 0.147, TRUE, 1, 1 },     { 0.0035, 0.147, TRUE, 0.15, 0 },  { 0.0035, 0.147, FALSE, 0.003, 0 },
    { 0.0035, 0.147, FALSE, 0.15, 0 }, { 0.0035, 0.147, TRUE, 0.05, 0 },  { 0.001, 0.3, FALSE, 0.1, 0 },
    { 1e-3, 0.3, FALSE, 0.31, 0 },
  };

  for (gsize g = 0; g < G_N_ELEMENTS (grids); g++)
    {
      const Grid *grid = &grids[g];
      g_autoptr (SaxidCurve) curve = line (301, TRUE);
      SaxidCurveRepairs repairs;

      for (gsize k = 0; k < 300; k++)
        curve->q[k] = grid->logarithmic ? grid->first * pow (grid->last / grid->first, (double) k / 299)
                                        : grid->first + (grid->last - grid->first) * (double) k / 299;
      curve->q[300] = grid->more;
      for (gsize k = 0; k < 301; k++)
        curve->intensity[k] = 1 / curve->q[k];
      g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
      g_assert_cmpuint (repairs.stray, ==, grid->stray);
      g_assert_cmpuint (curve->n, ==, 301 - grid->stray);
    }
}

/* Grids as they are, from the first bin beside the centre or from a few: nothing is stray. */
static void
test_ordinary_grids_have_no_stray (void)
{
  for (gsize n = SAXID_CURVE_MIN_POINTS; n < 2000; n += n / 2)
    for (guint offset = 1; offset <= 20; offset++)
      {
        g_autoptr (SaxidCurve) curve = saxid_curve_new (n, FALSE, FALSE);
        SaxidCurveRepairs repairs;

        for (gsize k = 0; k < n; k++)
          {
            curve->q[k] = 1e-3 * ((double) k + 0.2 * offset);
            curve->intensity[k] = 1;
          }
        g_assert_true (saxid_curve_clean (curve, &repairs, NULL));
        g_assert_cmpuint (repairs.stray, ==, 0);
      }
}

static void
test_repairs_are_said (void)
{
  SaxidCurveRepairs repairs = { .non_finite = 3, .sigma_absurd = 1, .sigma_unusable = 1 }, total = { .empty = 1 };
  g_autofree char *said = saxid_curve_repairs_say (&repairs), *of_all = NULL;
  const SaxidCurveRepairs none = { .reordered = TRUE };

  g_assert_cmpstr (said, ==, "left out: 3 points without a number, 1 point whose sigma is out of all proportion;"
                             " sigma is nowhere positive: none is used");
  g_assert_null (saxid_curve_repairs_say (&none));
  saxid_curve_repairs_add (&total, &repairs);
  saxid_curve_repairs_add (&total, &repairs);
  of_all = saxid_curve_repairs_say (&total);
  g_assert_cmpstr (of_all, ==, "left out: 6 points without a number, 1 point with zero intensity and no sigma, 2 points"
                               " whose sigma is out of all proportion; sigma is nowhere positive: none is used");
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
  g_test_add_func ("/curve/sigma-repaired-before-merging", test_sigma_is_repaired_before_merging);
  g_test_add_func ("/curve/empty-bins", test_empty_bins);
  g_test_add_func ("/curve/sigma-out-of-proportion", test_sigma_out_of_proportion);
  g_test_add_func ("/curve/sigma-of-nothing", test_sigma_of_nothing);
  g_test_add_func ("/curve/stray-points", test_stray_points);
  g_test_add_func ("/curve/ordinary-grids-have-no-stray", test_ordinary_grids_have_no_stray);
  g_test_add_func ("/curve/repairs-are-said", test_repairs_are_said);
  g_test_add_func ("/curve/too-few-points", test_too_few_points);
  g_test_add_func ("/curve/all-zero", test_all_zero);
  return g_test_run ();
}
