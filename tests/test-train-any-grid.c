/* Does a training on libraries come to the same model each time, also when it was
 * interrupted, and does it know spheres from strangers? Does a predictor of merged classes add what
 * counts as one? */
#include <math.h>
#include <string.h>

#include "models/learn/merged.h"
#include "models/learn/train/any-grid.h"
#include "models/simulate/sample.h"
#include "reducers/error.h"

#define ROWS 600

/* Quick to compute, and quick to tell apart. */
static const char text[] = "[population]\ntitle = few\n[all]\nwidth = uniform(0.05, 0.1)\nscale = log-uniform(1e-3, 1e-2)\n"
                           "sld_solvent = 9.44\n"
                           "[sphere]\nsld = 60\nradius = log-uniform(80, 200)\n"
                           "[core_shell_sphere]\nsld_core = uniform(40, 60)\nsld_shell = uniform(-30, -10)\n"
                           "radius = log-uniform(80, 200)\nthickness = radius * 0.3\n";

typedef struct
{
  SaxidPopulation *population;
  SaxidSampleBlock *block;
  SaxidContrast *contrast;
  double *q;
  SaxidLibrary library;
} Few;

static void
make (Few *few)
{
  g_autoptr (GError) error = NULL;
  guint n;

  few->population = saxid_population_parse ("few", "test", text, &error);
  g_assert_no_error (error);
  n = saxid_sample_parameter_count (few->population);
  few->q = g_new (double, SAXID_LIBRARY_POINTS);
  saxid_library_grid (SAXID_LIBRARY_POINTS, SAXID_LIBRARY_FIRST, SAXID_LIBRARY_LAST, few->q);
  few->block = saxid_sample_block_sized (0, ROWS, SAXID_LIBRARY_POINTS, n, FALSE);
  g_assert_true (saxid_sample_block_tabulate (few->block, few->population, few->q, 2, 2, NULL));
  few->contrast = g_new0 (SaxidContrast, ROWS);
  for (gsize k = 0; k < ROWS; k++)
    saxid_contrast_of (saxid_population_class (few->population, few->block->label[k]),
                       few->block->parameter + k * n + SAXID_SAMPLE_COMMON_PARAMETERS, &few->contrast[k]);
  few->library = (SaxidLibrary) { .n_q = SAXID_LIBRARY_POINTS, .q = few->q, .n_curve = ROWS,
                                  .intensity = few->block->intensity, .scale = few->block->parameter + 1,
                                  .scale_stride = n, .parts = few->block->parts, .label = few->block->label,
                                  .contrast = few->contrast };
}

static void
clear (Few *few)
{
  saxid_population_free (few->population);
  saxid_sample_block_free (few->block);
  g_free (few->contrast);
  g_free (few->q);
}

static SaxidAnyGridOptions
options_of (const Few *few, guint epochs)
{
  return (SaxidAnyGridOptions) { .n_source = 1, .source = { { &few->library, few->population, 0.5 } }, .epochs = epochs,
                               .rate = 3e-3, .held_part = 0.1, .set_coverage = 0.95, .refused_part = 0.04, .bodies = 4, .seed = 1,
                               .threads = 2 };
}

static char *
digest_of (const SaxidPredictor *predictor)
{
  g_autoptr (GBytes) bytes = saxid_network_to_bytes (predictor->network);

  return g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
}

typedef struct
{
  GBytes *state;
  guint checkpoints, stop_at;
} Memory;

static gboolean
remember (GBytes *state, gpointer data, GError **error)
{
  Memory *memory = data;

  g_clear_pointer (&memory->state, g_bytes_unref);
  memory->state = g_bytes_ref (state);
  if (++memory->checkpoints != memory->stop_at)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "enough");
  return FALSE;
}

static void
test_same_again (void)
{
  Few few;
  SaxidAnyGridOptions options;
  Memory memory = { .stop_at = 2 };
  SaxidFitHooks hooks = { .checkpoint = remember, .data = &memory };
  g_autoptr (SaxidPredictor) one = NULL, two = NULL, none = NULL;
  g_autoptr (SaxidAnyGridReport) report = NULL, other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;

  make (&few);
  options = options_of (&few, 4);
  one = saxid_train_any_grid (&options, NULL, &report, &error);
  g_assert_no_error (error);
  none = saxid_train_any_grid (&options, &hooks, &other, &error);
  g_assert_null (none);
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED);
  g_clear_error (&error);
  hooks.resume = memory.state;
  memory.state = NULL;
  two = saxid_train_any_grid (&options, &hooks, &other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (memory.checkpoints, ==, 4);
  first = digest_of (one);
  second = digest_of (two);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpfloat (one->temperature, ==, two->temperature);
  g_bytes_unref (hooks.resume);
  g_bytes_unref (memory.state);
  clear (&few);
}

static void
test_learns (void)
{
  Few few;
  SaxidAnyGridOptions options;
  g_autoptr (SaxidPredictor) predictor = NULL;
  g_autoptr (SaxidAnyGridReport) report = NULL;
  g_autoptr (GError) error = NULL;

  make (&few);
  options = options_of (&few, 60);
  predictor = saxid_train_any_grid (&options, NULL, &report, &error);
  g_assert_no_error (error);
  g_test_message ("accuracy %.3f, strangers %.3f", report->all->accuracy, report->stranger_area);
  g_assert_cmpuint (report->all->n, ==, 4 * 60);
  g_assert_cmpfloat (report->all->accuracy, >, 0.6);
  g_assert_cmpfloat (report->stranger_area, >, 0.75);
  g_assert_true (saxid_predictor_is_portrayed (predictor));

  /* asked as a host asks: probabilities, and no answer where the window is too narrow */
  {
    SaxidScratch *scratch = saxid_scratch_new (predictor, &error);
    g_autoptr (SaxidCurve) curve = saxid_curve_new (100, FALSE, FALSE);
    float probability[2];
    guint8 in_set[2];
    SaxidVerdict verdict;

    for (guint k = 0; k < 100; k++)
      {
        double x;

        curve->q[k] = 0.003 * pow (40, k / 99.0);
        x = curve->q[k] * 100;
        curve->intensity[k] = 9 * pow (sin (x) - x * cos (x), 2) / pow (x, 6);
      }
    g_assert_true (saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, &error));
    g_assert_cmpint (verdict.reason, ==, SAXID_REASON_NONE);
    g_assert_cmpfloat_with_epsilon (probability[0] + probability[1], 1, 1e-5);
    g_assert_true (verdict.outlier_score >= 0 && verdict.outlier_score <= 1);
    curve->n = 18;
    g_assert_true (saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, &error));
    g_assert_cmpint (verdict.reason, ==, SAXID_REASON_WINDOW);
    saxid_scratch_free (scratch);
  }
  clear (&few);
}

static void
test_too_small (void)
{
  Few few;
  SaxidAnyGridOptions options;
  g_autoptr (SaxidAnyGridReport) report = NULL;
  g_autoptr (GError) error = NULL;

  make (&few);
  options = options_of (&few, 1);
  few.library.n_curve = 200;
  g_assert_null (saxid_train_any_grid (&options, NULL, &report, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  clear (&few);
}

static SaxidPredictor *
named (const char *names)
{
  SaxidPredictor *predictor = g_new0 (SaxidPredictor, 1);

  predictor->class_name = g_strsplit (names, " ", -1);
  predictor->n_class = g_strv_length (predictor->class_name);
  return predictor;
}

static void
test_merged (void)
{
  g_autoptr (SaxidPredictor) predictor = named ("sphere disc oblate core_shell_disc core_shell_oblate");
  g_autoptr (SaxidPredictor) whole = named ("sphere disc oblate");
  g_autoptr (SaxidPredictor) lacking = named ("sphere disc");
  g_autoptr (GError) error = NULL;
  static const guint8 wanted[] = { 0, 1, 1, 2, 2 };

  g_assert_true (saxid_predictor_merge (predictor, "nine", &error));
  g_assert_cmpuint (predictor->n_class, ==, 3);
  g_assert_cmpmem (predictor->merged, 5, wanted, 5);
  g_assert_cmpstr (predictor->class_name[2], ==, "core_shell_oblate");
  g_assert_true (saxid_predictor_merge (whole, "all", &error));
  g_assert_cmpuint (whole->n_class, ==, 3);
  g_assert_false (saxid_predictor_merge (lacking, "nine", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (saxid_predictor_merge (lacking, "seven", &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train-any-grid/same-again", test_same_again);
  g_test_add_func ("/train-any-grid/learns", test_learns);
  g_test_add_func ("/train-any-grid/too-small", test_too_small);
  g_test_add_func ("/train-any-grid/merged", test_merged);
  return g_test_run ();
}
