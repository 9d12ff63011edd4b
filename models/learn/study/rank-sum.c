/* Are two sets of scores different, or was it chance?
 *
 *   W = Σ ranks of a, E W = n (n + m + 1) / 2,
 *   var W = n m / 12 [(n + m + 1) - Σ (t³ - t) / ((n + m) (n + m - 1))]
 *
 * Thread: pure.
 */
#include "models/learn/study/rank-sum.h"

#include <math.h>
#include <stdlib.h>

#define EXACT_UP_TO 25

typedef struct
{
  double value;
  gboolean is_a;
} Score;

static int
compare_scores (const void *a, const void *b)
{
  const Score *x = a, *y = b;

  return (x->value > y->value) - (x->value < y->value);
}

/* In how many of the choices of n of n + m ranks is the sum (above its least) u?
 * ways[i][u] after each rank; the Mann-Whitney counts. */
static double
exact (gsize n, gsize m, double u)
{
  const gsize most = n * m;
  g_autofree double *ways = g_new0 (double, (n + 1) * (most + 1));
  double all = 0, tail = 0, low = fmin (u, (double) most - u);

  ways[0] = 1;
  /* a that beats j of b, one a after the other, in order */
  for (gsize j = 0; j <= m; j++)
    for (gsize i = 1; i <= n; i++)
      for (gsize s = j; s <= most; s++)
        ways[i * (most + 1) + s] += ways[(i - 1) * (most + 1) + s - j];
  for (gsize s = 0; s <= most; s++)
    {
      all += ways[n * (most + 1) + s];
      if ((double) s <= low)
        tail += ways[n * (most + 1) + s];
    }
  return fmin (1, 2 * tail / all);
}

double
saxid_rank_sum (gsize n, const double *a, gsize m, const double *b)
{
  const gsize both = n + m;
  g_autofree Score *score = g_new (Score, MAX (both, 1));
  double sum = 0, ties = 0, u, variance;

  if (n == 0 || m == 0)
    return 1;
  for (gsize k = 0; k < both; k++)
    score[k] = k < n ? (Score) { a[k], TRUE } : (Score) { b[k - n], FALSE };
  qsort (score, both, sizeof *score, compare_scores);
  for (gsize first = 0, end; first < both; first = end)
    {
      double tied;

      for (end = first + 1; end < both && score[end].value <= score[first].value; end++)
        ;
      tied = (double) (end - first);
      ties += tied * tied * tied - tied;
      for (gsize k = first; k < end; k++)
        if (score[k].is_a)
          sum += 0.5 * (double) (first + 1 + end);
    }
  u = sum - 0.5 * (double) n * (double) (n + 1);
  if (ties <= 0 && n <= EXACT_UP_TO && m <= EXACT_UP_TO)
    return exact (n, m, u);
  variance = (double) n * (double) m / 12
             * ((double) (both + 1) - ties / ((double) both * (double) (both - 1)));
  if (variance <= 0)
    return 1;
  return erfc (fmax (fabs (u - 0.5 * (double) n * (double) m) - 0.5, 0) / sqrt (2 * variance));
}
