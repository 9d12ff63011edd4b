/* Is every operator the formula of the paper, in any order, with and without gaps? */
#include <math.h>
#include <string.h>

#include "models/learn/preprocess.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define N 12

static const double grid[N]
  = { 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.10, 0.11, 0.12 };

static SaxidPreprocess *
make (const char *operators)
{
  g_autoptr (GError) error = NULL;
  SaxidPreprocess *self = saxid_preprocess_new (operators, N, grid, &error);

  g_assert_no_error (error);
  g_assert_nonnull (self);
  return self;
}

static void
apply (const SaxidPreprocess *self, double *values)
{
  double scratch[N];

  saxid_preprocess_apply (self, values, scratch);
}

static void
assert_near (const double *found, const double *expected)
{
  for (gsize k = 0; k < N; k++)
    if (isnan (expected[k]))
      g_assert_true (isnan (found[k]));
    else
      g_assert_cmpfloat_with_epsilon (found[k], expected[k], 1e-12 * fmax (1, fabs (expected[k])));
}

/* Positive, negative, zero, and three points that were not measured. */
static void
fill (double *values)
{
  for (gsize k = 0; k < N; k++)
    values[k] = 10 / (1 + (double) (k * k)) - 0.2;
  values[3] = 0;
  values[5] = NAN;
  values[0] = values[N - 1] = NAN;
}

/* The formulas once more, each in the plainest way. */
static void
by_threshold (double *x, double *q G_GNUC_UNUSED)
{
  for (gsize k = 0; k < N; k++)
    x[k] = isnan (x[k]) ? NAN : fmax (x[k], 1e-15);
}

static void
by_invariant (double *x, double *q)
{
  double sum = 0;

  for (gsize k = 0; k < N; k++)
    sum += isnan (x[k]) ? 0 : x[k] * q[k] * q[k];
  for (gsize k = 0; k < N; k++)
    x[k] /= sum;
}

static void
by_logarithm (double *x, double *q G_GNUC_UNUSED)
{
  for (gsize k = 0; k < N; k++)
    x[k] = x[k] > 0 ? log (x[k]) : NAN;
}

static double
at (const double *x, const double *q, double wanted)
{
  for (gsize k = 0; k + 1 < N; k++)
    {
      if (wanted == q[k])
        return x[k];
      if (wanted < q[k + 1])
        return x[k] + (x[k + 1] - x[k]) * (wanted - q[k]) / (q[k + 1] - q[k]);
    }
  return x[N - 1];
}

static void
by_log_grid (double *x, double *q)
{
  double next[N], out[N];

  for (gsize k = 0; k < N; k++)
    {
      next[k] = k == 0 || k == N - 1 ? q[k] : q[0] * pow (q[N - 1] / q[0], (double) k / (N - 1));
      out[k] = at (x, q, next[k]);
    }
  memcpy (x, out, sizeof out);
  memcpy (q, next, sizeof next);
}

static const struct
{
  const char *name;
  void (*apply) (double *x, double *q);
} formulas[] = {
  { "TH", by_threshold }, { "IntN", by_invariant }, { "LOG", by_logarithm }, { "QLOG", by_log_grid },
};

static void
test_each_operator (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formulas); f++)
    {
      g_autoptr (SaxidPreprocess) self = make (formulas[f].name);
      double values[N], expected[N], q[N];

      fill (values);
      fill (expected);
      memcpy (q, grid, sizeof q);
      apply (self, values);
      formulas[f].apply (expected, q);
      assert_near (values, expected);
    }
}

static void
test_any_order (void)
{
  for (guint code = 0; code < 256; code++) /* every row of four, with repeats */
    {
      g_autoptr (GString) names = g_string_new (NULL);
      g_autoptr (SaxidPreprocess) self = NULL;
      double values[N], expected[N], q[N];

      fill (values);
      fill (expected);
      memcpy (q, grid, sizeof q);
      for (guint k = 0, rest = code; k < 4; k++, rest /= 4)
        {
          g_string_append_printf (names, "%s%s", k > 0 ? "," : "", formulas[rest % 4].name);
          formulas[rest % 4].apply (expected, q);
        }
      self = make (names->str);
      g_assert_cmpstr (saxid_preprocess_operators (self), ==, names->str);
      apply (self, values);
      assert_near (values, expected);
    }
}

#define ROWS 50

static void
draw_rows (float *rows, guint64 seed)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < ROWS * N; k++)
    rows[k] = (float) saxid_random_log_uniform (&random, 1e-3, 10);
  for (gsize r = 0; r < ROWS; r += 7)
    rows[r * N + 4] = NAN;
  for (gsize r = 0; r < ROWS; r++)
    {
      rows[r * N + 8] = NAN; /* never measured */
      rows[r * N + 9] = 3;   /* always the same */
    }
}

static void
test_standardisation (void)
{
  g_autoptr (SaxidPreprocess) self = make ("LOG,STD");
  float rows[ROWS * N];
  double values[N], expected[N];

  draw_rows (rows, 1);
  saxid_preprocess_fit (self, ROWS, rows);
  g_assert_cmpuint (saxid_preprocess_learned_rows (self), ==, 2);
  for (gsize k = 0; k < N; k++)
    {
      double mean = 0, square = 0, n = 0;

      for (gsize r = 0; r < ROWS; r++)
        if (!isnan (rows[r * N + k]))
          {
            mean += log ((double) rows[r * N + k]);
            n++;
          }
      mean = n > 0 ? mean / n : 0;
      for (gsize r = 0; r < ROWS; r++)
        if (!isnan (rows[r * N + k]))
          square += pow (log ((double) rows[r * N + k]) - mean, 2);
      values[k] = 2;
      /* what never varied, or was never seen, is only shifted */
      expected[k] = (log (2) - mean) / (square > 1e-20 ? sqrt (square / n) : 1);
    }
  apply (self, values);
  assert_near (values, expected);
}

/* Learning again on other rows forgets the first ones. */
static void
test_fit_is_of_its_rows_only (void)
{
  g_autoptr (SaxidPreprocess) once = make ("STD");
  g_autoptr (SaxidPreprocess) twice = make ("STD");
  float rows[ROWS * N], others[ROWS * N];

  draw_rows (rows, 1);
  draw_rows (others, 2);
  saxid_preprocess_fit (once, ROWS, others);
  saxid_preprocess_fit (twice, ROWS, rows);
  g_assert_cmpint (memcmp (saxid_preprocess_learned (once), saxid_preprocess_learned (twice),
                           2 * N * sizeof (double)), !=, 0);
  saxid_preprocess_fit (twice, ROWS, others);
  g_assert_cmpmem (saxid_preprocess_learned (once), 2 * N * sizeof (double),
                   saxid_preprocess_learned (twice), 2 * N * sizeof (double));
}

static void
test_save_and_restore (void)
{
  g_autoptr (SaxidPreprocess) self = make ("STD,TH,LOG,STD,QLOG");
  g_autoptr (SaxidPreprocess) copy = make ("STD,TH,LOG,STD,QLOG");
  float rows[ROWS * N];
  double values[N], again[N];

  draw_rows (rows, 3);
  saxid_preprocess_fit (self, ROWS, rows);
  g_assert_cmpuint (saxid_preprocess_learned_rows (self), ==, 4);
  saxid_preprocess_restore (copy, saxid_preprocess_learned (self));
  fill (values);
  fill (again);
  apply (self, values);
  apply (copy, again);
  g_assert_cmpmem (values, sizeof values, again, sizeof again);
}

/* A gap at either end stays a gap, and does not spread through sums. */
static void
test_gaps_stay (void)
{
  g_autoptr (SaxidPreprocess) self = make ("TH,IntN,LOG,STD");
  double values[N];

  fill (values);
  apply (self, values);
  for (gsize k = 0; k < N; k++)
    g_assert_cmpint (isnan (values[k]) != 0, ==, k == 0 || k == 5 || k == N - 1);
}

/* The paper's order, and a curve's scale, which IntN takes away. */
static void
test_scale_does_not_matter (void)
{
  g_autoptr (SaxidPreprocess) self = make ("TH,IntN,LOG,QLOG");
  double values[N], scaled[N];

  for (gsize k = 0; k < N; k++)
    {
      values[k] = exp (-30 * grid[k]);
      scaled[k] = 1e4 * values[k];
    }
  apply (self, values);
  apply (self, scaled);
  assert_near (values, scaled);
}

static void
test_all_zero_is_left (void)
{
  g_autoptr (SaxidPreprocess) self = make ("IntN");
  double values[N] = { 0 }, expected[N] = { 0 };

  apply (self, values);
  assert_near (values, expected);
}

static void
test_refused (void)
{
  static const char *const wrong[] = { "TH,NORM", "th", "TH,,LOG", "TH;LOG",
                                       "TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH,TH" };

  for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_preprocess_new (wrong[k], N, grid, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_null (strchr (error->message, '\n'));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preprocess/each-operator", test_each_operator);
  g_test_add_func ("/preprocess/any-order", test_any_order);
  g_test_add_func ("/preprocess/standardisation", test_standardisation);
  g_test_add_func ("/preprocess/fit-is-of-its-rows-only", test_fit_is_of_its_rows_only);
  g_test_add_func ("/preprocess/save-and-restore", test_save_and_restore);
  g_test_add_func ("/preprocess/gaps-stay", test_gaps_stay);
  g_test_add_func ("/preprocess/scale-does-not-matter", test_scale_does_not_matter);
  g_test_add_func ("/preprocess/all-zero-is-left", test_all_zero_is_left);
  g_test_add_func ("/preprocess/refused", test_refused);
  return g_test_run ();
}
