/* Does a curve keep its meaning on the q grid of a model? */
#include <math.h>

#include "models/learn/resample.h"

static SaxidCurve *
line (gsize n, double first, double step)
{
  SaxidCurve *curve = saxid_curve_new (n, FALSE, FALSE);

  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = first + step * (double) k;
      curve->intensity[k] = 5 - 10 * curve->q[k];
    }
  return curve;
}

static void
lay (gsize n, double first, double step, double *grid)
{
  for (gsize k = 0; k < n; k++)
    grid[k] = first + step * (double) k;
}

static void
test_own_grid_is_identity (void)
{
  g_autoptr (SaxidCurve) curve = line (50, 0.01, 0.002);
  double out[50];

  for (gsize k = 0; k < 50; k++)
    curve->intensity[k] = sin ((double) (k * k));
  saxid_resample (curve, 50, curve->q, out);
  for (gsize k = 0; k < 50; k++)
    g_assert_cmpfloat_with_epsilon (out[k], curve->intensity[k], 1e-13);
}

/* A straight line survives any grid: finer, as fine, coarser, shifted. */
static void
test_straight_line (void)
{
  static const double steps[] = { 0.0003, 0.001, 0.0017, 0.004, 0.011 };
  g_autoptr (SaxidCurve) curve = line (200, 0.005, 0.001);

  for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
    {
      double grid[15], out[15];

      /* ends that stay inside the curve by half a step */
      lay (15, 0.0123, steps[s], grid);
      saxid_resample (curve, 15, grid, out);
      for (gsize k = 0; k < 15; k++)
        /* a mean over a bin may be off by one half step of the curve */
        g_assert_cmpfloat_with_epsilon (out[k], 5 - 10 * grid[k], 10 * 0.00051);
      if (steps[s] <= 0.001)
        for (gsize k = 0; k < 15; k++)
          g_assert_cmpfloat_with_epsilon (out[k], 5 - 10 * grid[k], 1e-12);
    }
}

static void
test_mean_of_many (void)
{
  g_autoptr (SaxidCurve) curve = line (20, 1, 1); /* q = 1 … 20 */
  const double grid[] = { 2.5, 6.5, 10.5, 14.5, 18.5 };
  double out[G_N_ELEMENTS (grid)];

  for (gsize k = 0; k < 20; k++)
    curve->intensity[k] = (double) (k * k);
  saxid_resample (curve, G_N_ELEMENTS (grid), grid, out);
  /* [0.5, 4.5) holds q = 1 … 4, and so on */
  for (gsize k = 0; k < G_N_ELEMENTS (grid); k++)
    {
      double sum = 0;

      for (gsize j = 4 * k; j < 4 * k + 4; j++)
        sum += curve->intensity[j];
      g_assert_cmpfloat_with_epsilon (out[k], sum / 4, 1e-12);
    }
}

static void
test_what_is_not_reached (void)
{
  g_autoptr (SaxidCurve) curve = line (40, 0.02, 0.001); /* to 0.059 */
  double grid[100], out[100];

  lay (100, 0.001, 0.001, grid);
  saxid_resample (curve, 100, grid, out);
  for (gsize k = 0; k < 100; k++)
    {
      gboolean inside = grid[k] > 0.02 - 0.0004 && grid[k] < 0.059 + 0.0004;

      g_assert_cmpint (isnan (out[k]) == 0, ==, inside);
    }
}

/* Files round q: a grid point half a step outside still has the end's value. */
static void
test_edge (void)
{
  g_autoptr (SaxidCurve) curve = line (30, 0.0103, 0.001);
  double grid[31], out[31];

  lay (31, 0.0100, 0.001, grid);
  saxid_resample (curve, 31, grid, out);
  g_assert_cmpfloat (out[0], ==, curve->intensity[0]);
  g_assert_false (isnan (out[29]));
  g_assert_true (isnan (out[30]));
}

static void
test_coverage (void)
{
  g_autoptr (SaxidCurve) curve = saxid_curve_new (2, FALSE, FALSE);
  const double grid[] = { 0.01, 0.1, 1.0 };

  static const struct
  {
    double from, to, part;
  } known[] = {
    { 0.01, 1, 1 }, { 0.001, 10, 1 }, { 0.01, 0.1, 0.5 }, { 0.1, 5, 0.5 },
    { 0.1, 0.2, 0.150514997831991 }, { 2, 3, 0 }, { 1e-5, 1e-3, 0 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (known); k++)
    {
      curve->q[0] = known[k].from;
      curve->q[1] = known[k].to;
      g_assert_cmpfloat_with_epsilon (saxid_resample_coverage (curve, G_N_ELEMENTS (grid), grid),
                                      known[k].part, 1e-12);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resample/own-grid-is-identity", test_own_grid_is_identity);
  g_test_add_func ("/resample/straight-line", test_straight_line);
  g_test_add_func ("/resample/mean-of-many", test_mean_of_many);
  g_test_add_func ("/resample/what-is-not-reached", test_what_is_not_reached);
  g_test_add_func ("/resample/edge", test_edge);
  g_test_add_func ("/resample/coverage", test_coverage);
  return g_test_run ();
}
