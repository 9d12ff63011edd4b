/* Is the novelty of a curve what principal components say, and fair? */
#include <math.h>

#include "models/learn/outlier/novelty.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

/* Numbers that any language makes alike. */
static double
next_number (guint32 *state)
{
  *state = (*state * 1103515245u + 12345u) & 0x7fffffffu;
  return (double) *state / 2147483648.0;
}

/* Constants by numpy.linalg.svd (1.24) of the same 40 × 5 numbers, centred: mean,
 * variance along the first two components, what these leave, and
 * sum a²/var / 2 + mean left²/residual for one curve. */
static void
test_against_svd (void)
{
  static const double mean[] = { 0.47853783, 1.90731219, 0.52841647, 0.41148798, 0.52220282 };
  static const double variance[] = { 0.95432991, 0.09904274 };
  static const double residual[] = { 0.00673111, 0.00056092, 0.00206612, 0.07823831, 0.07401459 };
  static const float curve[] = { 0.1f, 2.0f, 0.7f, -0.3f, 0.9f };
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidNovelty) novelty = NULL;
  float rows[40 * 5];
  guint32 state = 777;

  for (gsize k = 0; k < 40 * 5; k++)
    rows[k] = (float) next_number (&state);
  for (gsize r = 0; r < 40; r++)
    rows[r * 5 + 1] = (float) ((double) rows[r * 5 + 1] + 3 * (double) rows[r * 5]);
  novelty = saxid_novelty_fit (rows, 40, 5, 2, &error);
  g_assert_no_error (error);
  for (guint k = 0; k < 5; k++)
    {
      g_assert_cmpfloat_with_epsilon (novelty->mean[k], mean[k], 1e-8);
      g_assert_cmpfloat_with_epsilon (novelty->residual[k], residual[k], 1e-8);
    }
  for (guint k = 0; k < 2; k++)
    g_assert_cmpfloat_with_epsilon (novelty->variance[k], variance[k], 1e-8);
  g_assert_cmpfloat_with_epsilon (saxid_novelty_distance (novelty, curve), 11.641663852426, 1e-6);
}

#define WIDTH 20
#define ROWS 2000
#define PARTS 3

/* Three hidden factors and a little noise. */
static void
draw (guint64 seed, float *rows)
{
  for (gsize r = 0; r < ROWS; r++)
    {
      SaxidRandom random;
      double factor[PARTS];

      saxid_random_init (&random, seed, r, SAXID_STREAM_PARTICLE);
      for (guint c = 0; c < PARTS; c++)
        factor[c] = saxid_random_uniform (&random, -1, 1) * (PARTS - c);
      for (guint k = 0; k < WIDTH; k++)
        {
          double sum = 0.05 * saxid_random_uniform (&random, -1, 1) + 0.1 * k;

          for (guint c = 0; c < PARTS; c++)
            sum += factor[c] * cos (0.3 * (c + 1) * k);
          rows[r * WIDTH + k] = (float) sum;
        }
    }
}

static SaxidNovelty *
learn (void)
{
  g_autofree float *rows = g_new (float, ROWS * WIDTH);
  g_autoptr (GError) error = NULL;
  SaxidNovelty *novelty;

  draw (1, rows);
  novelty = saxid_novelty_fit (rows, ROWS, WIDTH, PARTS, &error);
  g_assert_no_error (error);
  return novelty;
}

static void
test_components_are_orthonormal (void)
{
  g_autoptr (SaxidNovelty) novelty = learn ();

  for (guint a = 0; a < PARTS; a++)
    {
      for (guint b = 0; b < PARTS; b++)
        {
          double dot = 0;

          for (guint k = 0; k < WIDTH; k++)
            dot += novelty->component[a * WIDTH + k] * novelty->component[b * WIDTH + k];
          g_assert_cmpfloat_with_epsilon (dot, a == b, 1e-10);
        }
      if (a > 0)
        g_assert_cmpfloat (novelty->variance[a], <=, novelty->variance[a - 1]);
    }
  for (guint k = 1; k < SAXID_NOVELTY_QUANTILES; k++)
    g_assert_cmpfloat (novelty->quantile[k], >=, novelty->quantile[k - 1]);
}

/* On fresh curves of the same kind every score is as frequent as any other. */
static void
test_score_is_uniform (void)
{
  g_autoptr (SaxidNovelty) novelty = learn ();
  g_autofree float *rows = g_new (float, ROWS * WIDTH);
  double most = 0;
  guint below[10] = { 0 };

  draw (2, rows);
  for (gsize r = 0; r < ROWS; r++)
    {
      double score = saxid_novelty_score (novelty, rows + r * WIDTH);

      g_assert_true (score >= 0 && score <= 1);
      for (guint k = 0; k < 10; k++)
        below[k] += score < 0.1 * (k + 1);
    }
  for (guint k = 0; k < 9; k++)
    most = fmax (most, fabs ((double) below[k] / ROWS - 0.1 * (k + 1)));
  /* Kolmogorov and Smirnov's limit at 1e-4 for two sets of ROWS */
  g_assert_cmpfloat (most, <, 2.23 * sqrt (2.0 / ROWS));
}

static void
test_far_is_one_and_mean_is_zero (void)
{
  g_autoptr (SaxidNovelty) novelty = learn ();
  float curve[WIDTH];

  for (guint k = 0; k < WIDTH; k++)
    curve[k] = (float) novelty->mean[k];
  g_assert_cmpfloat (saxid_novelty_score (novelty, curve), <=, 1.0 / (SAXID_NOVELTY_QUANTILES - 1));
  curve[7] += 5; /* a spike that no curve had */
  g_assert_cmpfloat (saxid_novelty_score (novelty, curve), ==, 1);
  curve[7] = INFINITY;
  g_assert_cmpfloat (saxid_novelty_score (novelty, curve), ==, 1);
}

/* A gap counts as the mean: it makes no curve strange, and hides no strange one. */
static void
test_gaps (void)
{
  g_autoptr (SaxidNovelty) novelty = learn ();
  float curve[WIDTH];

  for (guint k = 0; k < WIDTH; k++)
    curve[k] = k < 5 ? NAN : (float) novelty->mean[k];
  g_assert_true (isfinite (saxid_novelty_distance (novelty, curve)));
  g_assert_cmpfloat (saxid_novelty_score (novelty, curve), <, 0.01);
  curve[12] += 5;
  g_assert_cmpfloat (saxid_novelty_score (novelty, curve), ==, 1);
  for (guint k = 0; k < WIDTH; k++)
    curve[k] = NAN;
  g_assert_true (isfinite (saxid_novelty_distance (novelty, curve)));
}

/* Features that never vary, or were never seen, divide by nothing. */
static void
test_dead_features (void)
{
  g_autofree float *rows = g_new (float, ROWS * WIDTH);
  g_autoptr (SaxidNovelty) novelty = NULL;

  draw (1, rows);
  for (gsize r = 0; r < ROWS; r++)
    {
      rows[r * WIDTH] = 3;
      rows[r * WIDTH + 1] = NAN;
    }
  novelty = saxid_novelty_fit (rows, ROWS, WIDTH, PARTS, NULL);
  g_assert_nonnull (novelty);
  for (gsize r = 0; r < ROWS; r += 100)
    g_assert_cmpfloat (saxid_novelty_distance (novelty, rows + r * WIDTH), <, 100);
}

/* With fewer curves than quantiles the table has steps, and still orders curves. */
static void
test_few_curves (void)
{
  g_autofree float *rows = g_new (float, ROWS * WIDTH);
  g_autoptr (SaxidNovelty) novelty = NULL;

  draw (1, rows);
  novelty = saxid_novelty_fit (rows, 30, WIDTH, PARTS, NULL);
  for (gsize r = 0; r < 30; r++)
    {
      double score = saxid_novelty_score (novelty, rows + r * WIDTH);

      g_assert_true (score >= 0 && score <= 1);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    gsize rows, width;
    guint n_component;
  } wrong[] = { { 3, WIDTH, 3 }, { 100, 2, 3 }, { 100, WIDTH, 0 }, { 0, WIDTH, 3 } };
  g_autofree float *rows = g_new (float, ROWS * WIDTH);

  draw (1, rows);
  for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_novelty_fit (rows, wrong[k].rows, wrong[k].width, wrong[k].n_component, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/novelty/against-svd", test_against_svd);
  g_test_add_func ("/novelty/components-are-orthonormal", test_components_are_orthonormal);
  g_test_add_func ("/novelty/score-is-uniform", test_score_is_uniform);
  g_test_add_func ("/novelty/far-is-one-and-mean-is-zero", test_far_is_one_and_mean_is_zero);
  g_test_add_func ("/novelty/gaps", test_gaps);
  g_test_add_func ("/novelty/dead-features", test_dead_features);
  g_test_add_func ("/novelty/few-curves", test_few_curves);
  g_test_add_func ("/novelty/refused", test_refused);
  return g_test_run ();
}
