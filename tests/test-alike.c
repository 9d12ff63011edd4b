/* Are frames that are alike taken for such, and is a change found and named? */
#include <math.h>

#include <glib.h>

#include "models/simulate/random.h"
#include "reducers/alike.h"

#define N 300
#define SIGNIFICANT 0.01

/* Counts of all 2^n rows of tosses, one by one. */
static void
test_runs (void)
{
  for (gsize n = 1; n <= 12; n++)
    for (gsize run = 1; run <= n; run++)
      {
        guint have = 0;

        for (guint row = 0; row < 1u << n; row++)
          {
            gsize longest = 1, now = 1;

            for (gsize k = 1; k < n; k++)
              {
                now = (row >> k & 1) == (row >> (k - 1) & 1) ? now + 1 : 1;
                longest = MAX (longest, now);
              }
            have += longest >= run;
          }
        g_assert_cmpfloat_with_epsilon (saxid_run_probability (n, run), (double) have / (1u << n), 1e-12);
      }
  g_assert_cmpfloat (saxid_run_probability (10, 11), ==, 0);
  g_assert_cmpfloat (saxid_run_probability (1000, 900), <, 1e-200);
}

/* Counts of a curve whose low q grows, and whose scale, by so much over the run. */
static void
measure (guint seed, gsize frame, double grown, double scaled, double *intensity)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, frame, SAXID_STREAM_COUNTS);
  for (gsize k = 0; k < N; k++)
    {
      const double expected = scaled * (300 / (1 + pow ((double) k / 30, 3)) + 0.7) * (1 + grown * exp (-(double) k / 20));

      intensity[k] = saxid_random_poisson (&random, expected);
    }
}

static void
test_alike (void)
{
  guint wrong = 0;

  for (guint seed = 0; seed < 200; seed++)
    {
      g_auto (SaxidAlike) alike = { 0 };
      gboolean changed = FALSE;

      for (gsize frame = 0; frame < 20; frame++)
        {
          double intensity[N];
          SaxidAlikeness found;

          measure (seed, frame, 0, 1, intensity);
          found = saxid_alike_add (&alike, N, intensity);
          changed = changed || found.p < SIGNIFICANT;
        }
      wrong += changed;
    }
  /* comparisons are counted as they come, so one in a hundred has more than one chance */
  g_assert_cmpuint (wrong, <=, 12);
}

static void
test_changed (void)
{
  guint missed = 0;

  for (guint seed = 0; seed < 50; seed++)
    {
      g_auto (SaxidAlike) alike = { 0 };
      double p = 1, low = 1;

      for (gsize frame = 0; frame < 16; frame++)
        {
          double intensity[N];
          SaxidAlikeness found;

          measure (seed, frame, 0.08 * (double) frame, 1, intensity);
          found = saxid_alike_add (&alike, N, intensity);
          if (found.p < p)
            {
              p = found.p;
              low = found.low;
            }
        }
      missed += p >= SIGNIFICANT;
      g_assert_true (p >= SIGNIFICANT || low > 1.01);
    }
  g_assert_cmpuint (missed, <=, 5);
}

/* A beam that fades is no change of the sample. */
static void
test_scale (void)
{
  g_auto (SaxidAlike) alike = { 0 };
  double p = 1, p_scale = 1, ratio = 1;

  for (gsize frame = 0; frame < 16; frame++)
    {
      double intensity[N];
      SaxidAlikeness found;

      measure (7, frame, 0, 1 - 0.03 * (double) frame, intensity);
      found = saxid_alike_add (&alike, N, intensity);
      p = fmin (p, found.p);
      if (found.p_scale < p_scale)
        {
          p_scale = found.p_scale;
          ratio = found.ratio;
        }
    }
  g_assert_cmpfloat (p, >, SIGNIFICANT);
  g_assert_cmpfloat (p_scale, <, SIGNIFICANT);
  g_assert_cmpfloat (ratio, <, 0.9);
}

static void
test_odd (void)
{
  const double nan[20] = { [3] = NAN }, zero[20] = { 0 };
  g_auto (SaxidAlike) alike = { 0 };

  g_assert_cmpfloat (saxid_cormap (20, nan, zero), ==, 1);
  saxid_alike_add (&alike, 20, nan);
  g_assert_cmpfloat (saxid_alike_add (&alike, 20, zero).p, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alike/runs", test_runs);
  g_test_add_func ("/alike/alike", test_alike);
  g_test_add_func ("/alike/changed", test_changed);
  g_test_add_func ("/alike/scale", test_scale);
  g_test_add_func ("/alike/odd", test_odd);
  return g_test_run ();
}
