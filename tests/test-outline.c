/* Is a frame of quite another shape found, and are exposure and noise no reason? */
#include <math.h>

#include <glib.h>

#include "models/simulate/random.h"
#include "reducers/outline.h"

#define BINS 300
#define AZIMUTHS 4
#define UNLIKE 0.06

/* Counts of a power law of q, of so many counts in the first bin. */
static SaxidSums *
measure (double counts, double exponent, guint seed)
{
  SaxidSums *sums = saxid_sums_new (BINS * AZIMUTHS);
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, 0);
  for (gsize k = 0; k < sums->n; k++)
    {
      sums->signal[k] = saxid_random_poisson (&random, counts * pow ((double) (k % BINS + 1), -exponent));
      sums->variance[k] = sums->signal[k];
      sums->normalisation[k] = 1;
      sums->count[k] = 1;
    }
  return sums;
}

static double
change (double counts, double exponent, double later_counts, double later_exponent)
{
  g_autoptr (SaxidSums) before = measure (counts, exponent, 1), after = measure (later_counts, later_exponent, 2);
  SaxidOutline a, b;

  saxid_outline_draw (before, BINS, &a);
  saxid_outline_draw (after, BINS, &b);
  return saxid_outline_change (&a, &b);
}

static void
test_alike (void)
{
  g_assert_cmpfloat (change (1e7, 2, 1e7, 2), <, 0.02 * UNLIKE);
  g_assert_cmpfloat (change (1e7, 2, 1e6, 2), <, 0.1 * UNLIKE);   /* a shorter exposure */
  g_assert_cmpfloat (change (3e4, 2, 3e4, 2), <, 0.3 * UNLIKE);   /* noise */
  g_assert_cmpfloat (change (1e7, 2, 1e7, 2.1), <, UNLIKE);       /* a sample that changes a little */
}

/* Two power laws: the variance of ln I over groups of even width in q, (b - a)² var (ln q). */
static void
test_unlike (void)
{
  double sum = 0, square = 0;

  for (guint k = 0; k < SAXID_OUTLINE_GROUPS; k++)
    {
      const double value = log (k + 0.5);

      sum += value / SAXID_OUTLINE_GROUPS;
      square += value * value / SAXID_OUTLINE_GROUPS;
    }
  g_assert_cmpfloat (change (1e9, 1, 1e9, 2), >, UNLIKE);
  g_assert_cmpfloat_with_epsilon (change (1e9, 1, 1e9, 1.5), 0.25 * (square - sum * sum), 0.15 * (square - sum * sum));
}

/* Nothing can be said of empty frames. */
static void
test_empty (void)
{
  g_autoptr (SaxidSums) empty = measure (0, 2, 1), full = measure (1e7, 2, 1);
  SaxidOutline outline;

  saxid_outline_draw (empty, BINS, &outline);
  g_assert_cmpuint (outline.n, ==, 0);
  saxid_outline_draw (full, BINS, &outline);
  g_assert_cmpuint (outline.n, ==, SAXID_OUTLINE_GROUPS);
  g_assert_cmpfloat (change (0, 2, 1e7, 2), ==, 0);
  g_assert_cmpfloat (change (0, 2, 0, 2), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outline/alike", test_alike);
  g_test_add_func ("/outline/unlike", test_unlike);
  g_test_add_func ("/outline/empty", test_empty);
  return g_test_run ();
}
