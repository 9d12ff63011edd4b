/* Are the probabilities of the rank-sum test those of scipy.stats.mannwhitneyu? */
#include <math.h>

#include "models/learn/study/rank-sum.h"

/* scipy 1.10: mannwhitneyu (a, b, alternative="two-sided", method=…).pvalue */
static void
test_exact (void)
{
  const double a[] = { 86.7, 86.1, 87.2, 85.9, 86.4 }, b[] = { 85.2, 85.8, 86.0, 85.1, 84.9 };
  double x[15], y[15];

  g_assert_cmpfloat_with_epsilon (saxid_rank_sum (5, a, 5, b), 0.015873015873015872, 1e-12);
  g_assert_cmpfloat_with_epsilon (saxid_rank_sum (5, b, 5, a), 0.015873015873015872, 1e-12);
  for (guint k = 0; k < 15; k++)
    {
      x[k] = k + 1;
      y[k] = x[k] + 2.5;
    }
  g_assert_cmpfloat_with_epsilon (saxid_rank_sum (15, x, 15, y), 0.16068547253720922, 1e-12);
}

static void
test_normal (void)
{
  static const double a[] = { 0.346, 0.822, 0.33, -1.303, 0.905, 0.446, -0.537, 0.581, 0.365, 0.294,
      0.028, 0.547, -0.736, -0.163, -0.482, 0.599, 0.04, -0.292, -0.782, -0.257, 0.008, -0.276,
      1.294, 1.007, -2.711, -1.889, -0.175, -0.422, 0.214, 0.217 };
  static const double b[] = { 2.718, -0.512, 0.222, 2.643, 1.247, 1.263, 0.086, -1.048, 0.767,
      0.709, -0.627, -0.083, 0.528, -0.345, 0.502, 0.695, 0.636, 0.094, 1.194, 1.491, 0.921, -0.218,
      1.332, 0.099, 1.479, -0.472, 1.514, 0.58 };
  const double ties_a[] = { 1, 2, 2, 3, 5, 5 }, ties_b[] = { 2, 4, 5, 6, 7, 7 };

  g_assert_cmpfloat_with_epsilon (saxid_rank_sum (30, a, 28, b), 0.009150159221661543, 1e-9);
  g_assert_cmpfloat_with_epsilon (saxid_rank_sum (6, ties_a, 6, ties_b), 0.08755444133283344, 1e-9);
}

static void
test_edges (void)
{
  const double same[] = { 3, 3, 3 }, one[] = { 1 };

  g_assert_cmpfloat (saxid_rank_sum (3, same, 3, same), ==, 1);
  g_assert_cmpfloat (saxid_rank_sum (0, NULL, 3, same), ==, 1);
  g_assert_cmpfloat (saxid_rank_sum (1, one, 1, same), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rank-sum/exact", test_exact);
  g_test_add_func ("/rank-sum/normal", test_normal);
  g_test_add_func ("/rank-sum/edges", test_edges);
  return g_test_run ();
}
