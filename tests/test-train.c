/* Is cross-validation honest, its report complete, and training stoppable? */
#include <math.h>
#include <string.h>

#include "models/learn/train/one-grid.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define WIDTH 20
#define CLASSES 3

static const char *const classes[] = { "round", "long", "flat", NULL };

static const SaxidTrainOptions usual = {
  .preprocess = "TH,LOG,STD,QLOG", .folds = 4, .seed = 1, .n_component = 4, .set_coverage = 0.9,
  .outlier_part = 0.01, .least_coverage = 0.6,
  .trees = { .rounds = 6, .depth = 3, .learning_rate = 0.4, .row_part = 1, .column_part = 1,
             .min_weight = 1, .bins = 32, .threads = 1, .seed = 1 },
};

static void
lay_grid (double *grid)
{
  for (gsize k = 0; k < WIDTH; k++)
    grid[k] = 0.01 * (double) (k + 1);
}

/* A class decides the slope; `clue` is how much of the slope it decides. */
static void
draw_curve (guint64 particle, guint8 label, double clue, float *out)
{
  SaxidRandom random;

  saxid_random_init (&random, 99, particle, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < WIDTH; k++)
    {
      double q = 0.01 * (double) (k + 1);

      out[k] = (float) (exp (-clue * (1 + label) * 10 * q) * saxid_random_log_uniform (&random, 0.5, 2));
    }
}

static void
add_rows (SaxidTrainingSet *set, const char *origin, gsize count, guint64 first, guint64 copies, double clue)
{
  g_autofree float *intensity = g_new (float, count * WIDTH);
  g_autofree guint8 *label = g_new (guint8, count);
  g_autofree guint64 *particle = g_new (guint64, count);
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < count; k++)
    {
      SaxidRandom random;

      particle[k] = first + k / copies;
      saxid_random_init (&random, 55, particle[k], SAXID_STREAM_SPLIT);
      label[k] = (guint8) (saxid_random_unit (&random) * CLASSES);
      draw_curve (particle[k], label[k], clue, intensity + k * WIDTH);
    }
  g_assert_true (saxid_training_set_add (set, origin, WIDTH, set->grid, classes, count, intensity, label,
                                         particle, &error));
  g_assert_no_error (error);
}

static SaxidTrainingSet *
new_set (void)
{
  double grid[WIDTH];

  lay_grid (grid);
  return saxid_training_set_new (WIDTH, grid, classes);
}

static SaxidPredictor *
train (const SaxidTrainingSet *set, const SaxidTrainOptions *options, SaxidTrainReport **report)
{
  g_autoptr (GError) error = NULL;
  SaxidPredictor *predictor = saxid_train (set, options, NULL, NULL, report, &error);

  g_assert_no_error (error);
  g_assert_nonnull (predictor);
  return predictor;
}

/* Curves that say nothing of their class, each present four times: whoever has
 * seen its twin knows the class, and an honest judge is right by chance. */
static void
test_twins_do_not_leak (void)
{
  g_autoptr (SaxidTrainingSet) set = new_set ();
  g_autoptr (SaxidTrainReport) report = NULL;
  g_autoptr (SaxidPredictor) predictor = NULL;
  SaxidTrainOptions options = usual;

  options.trees.rounds = 30;
  options.trees.depth = 8;
  add_rows (set, "one", 600, 0, 4, 0);
  predictor = train (set, &options, &report);
  /* 150 particles: chance is 1/3 ± 0.04 */
  g_test_message ("accuracy on twins: %.3f", report->all->accuracy);
  g_assert_cmpfloat (report->all->accuracy, <, 0.5);
}

/* The same with every row declared a particle of its own: the leak must be seen,
 * or the test above would prove nothing. */
static void
test_leak_would_be_seen (void)
{
  g_autoptr (SaxidTrainingSet) set = new_set ();
  g_autoptr (SaxidTrainReport) report = NULL;
  g_autoptr (SaxidPredictor) predictor = NULL;
  SaxidTrainOptions options = usual;

  options.trees.rounds = 30;
  options.trees.depth = 8;
  add_rows (set, "one", 600, 0, 4, 0);
  for (guint k = 0; k < set->particle->len; k++)
    g_array_index (set->particle, guint64, k) = k;
  predictor = train (set, &options, &report);
  g_assert_cmpfloat (report->all->accuracy, >, 0.9);
}

static gsize
total (const SaxidScores *scores)
{
  gsize sum = 0;

  for (guint k = 0; k < scores->n_class * scores->n_class; k++)
    sum += scores->confusion[k];
  g_assert_cmpuint (sum, ==, scores->n);
  return sum;
}

static void
test_report_sums (void)
{
  g_autoptr (SaxidTrainingSet) set = new_set ();
  g_autoptr (SaxidTrainReport) report = NULL;
  g_autoptr (SaxidPredictor) predictor = NULL;
  gsize in_folds = 0, in_origins = 0;
  double right = 0;

  add_rows (set, "one", 200, 0, 1, 1);
  add_rows (set, "two", 130, 100, 1, 1); /* the first hundred are particles of "one" */
  predictor = train (set, &usual, &report);
  g_assert_cmpuint (report->fold->len, ==, 4);
  g_assert_cmpuint (report->origin->len, ==, 2);
  for (guint k = 0; k < 4; k++)
    {
      const SaxidScores *scores = report->fold->pdata[k];

      in_folds += total (scores);
      right += scores->accuracy * (double) scores->n;
    }
  for (guint k = 0; k < 2; k++)
    in_origins += total (report->origin->pdata[k]);
  g_assert_cmpuint (total (report->all), ==, 330);
  g_assert_cmpuint (in_folds, ==, 330);
  g_assert_cmpuint (in_origins, ==, 330);
  g_assert_cmpuint (((SaxidScores *) report->origin->pdata[0])->n, ==, 200);
  g_assert_cmpfloat_with_epsilon (right / 330, report->all->accuracy, 1e-12);
  g_assert_cmpfloat (report->all->accuracy, >, 0.9);
  g_assert_cmpfloat (report->all->set_coverage, >=, 0.9);
}

static void
test_predictor_judges (void)
{
  g_autoptr (SaxidTrainingSet) set = new_set ();
  g_autoptr (SaxidPredictor) predictor = NULL;
  g_autoptr (SaxidScratch) scratch = NULL;
  g_autoptr (SaxidCurve) curve = saxid_curve_new (WIDTH, FALSE, FALSE);
  SaxidVerdict verdict;
  float probability[CLASSES], row[WIDTH], sum = 0;
  guint8 in_set[CLASSES];
  guint right = 0;

  add_rows (set, "one", 300, 0, 1, 1);
  predictor = train (set, &usual, NULL);
  scratch = saxid_scratch_new (predictor, NULL);
  lay_grid (curve->q);
  for (guint r = 0; r < 30; r++)
    {
      draw_curve (5000 + r, (guint8) (r % CLASSES), 1, row);
      for (gsize k = 0; k < WIDTH; k++)
        curve->intensity[k] = (double) row[k];
      g_assert_true (saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, NULL));
      g_assert_cmpint (verdict.reason, ==, SAXID_REASON_NONE);
      g_assert_cmpfloat (verdict.coverage, ==, 1);
      g_assert_true (in_set[verdict.best]);
      right += verdict.best == (int) (r % CLASSES);
    }
  g_assert_cmpuint (right, >, 25);

  /* a spike of ten thousand is like no training curve */
  curve->intensity[WIDTH / 2] *= 1e4;
  g_assert_true (saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, NULL));
  g_assert_true (verdict.outlier);

  /* half of the range is not enough: every class is possible */
  curve->n = WIDTH / 4;
  g_assert_true (saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, NULL));
  g_assert_cmpint (verdict.reason, ==, SAXID_REASON_WINDOW);
  g_assert_cmpint (verdict.best, ==, -1);
  for (guint k = 0; k < CLASSES; k++)
    {
      sum += probability[k];
      g_assert_cmpuint (in_set[k], ==, 1);
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-6);
}

typedef struct
{
  guint calls, stop_at;
  gboolean saw_all;
} Watch;

static gboolean
watch (const char *part, guint done, guint all, gpointer data)
{
  Watch *state = data;

  g_assert_cmpuint (done, <=, all);
  state->saw_all |= g_str_equal (part, "all curves") && done == all;
  return ++state->calls != state->stop_at;
}

static void
test_progress_and_cancel (void)
{
  g_autoptr (SaxidTrainingSet) set = new_set ();
  g_autoptr (SaxidPredictor) predictor = NULL;
  g_autoptr (GError) error = NULL;
  SaxidTrainReport *report = NULL;
  Watch state = { 0 };

  add_rows (set, "one", 120, 0, 1, 1);
  predictor = saxid_train (set, &usual, watch, &state, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (state.saw_all);
  g_assert_cmpuint (state.calls, ==, (usual.folds + 1) * usual.trees.rounds);

  for (guint stop = 1; stop <= 28; stop += 9)
    {
      state = (Watch) { .stop_at = stop };
      g_assert_null (saxid_train (set, &usual, watch, &state, &report, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED);
      g_assert_cmpuint (state.calls, ==, stop);
      g_assert_null (report);
      g_clear_error (&error);
    }
}

static void
assert_refused (const SaxidTrainingSet *set, const SaxidTrainOptions *options, const char *word)
{
  g_autoptr (GError) error = NULL;
  Watch state = { 0 };

  g_assert_null (saxid_train (set, options, watch, &state, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, word));
  /* what cannot end well does not begin */
  g_assert_cmpuint (state.calls, ==, 0);
}

static void
test_refused (void)
{
  g_autoptr (SaxidTrainingSet) set = new_set ();
  g_autoptr (SaxidTrainingSet) twins = new_set ();
  g_autoptr (GError) error = NULL;
  SaxidTrainOptions options = usual;
  static const char *const others[] = { "round", "long", "other", NULL };

  assert_refused (set, &options, "0 curves");
  add_rows (set, "one", 120, 0, 1, 1);
  options.folds = 1;
  assert_refused (set, &options, "1 folds");
  options.folds = 13;
  assert_refused (set, &options, "120 curves");
  options = usual;
  options.preprocess = "TH,WHAT";
  assert_refused (set, &options, "WHAT");
  options = usual;
  options.n_component = WIDTH + 1;
  assert_refused (set, &options, "components");
  options = usual;
  add_rows (twins, "one", 120, 0, 120, 1); /* one particle */
  assert_refused (twins, &options, "fold");
  g_assert_false (saxid_training_set_add (set, "two", WIDTH, set->grid, others, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/twins-do-not-leak", test_twins_do_not_leak);
  g_test_add_func ("/train/leak-would-be-seen", test_leak_would_be_seen);
  g_test_add_func ("/train/report-sums", test_report_sums);
  g_test_add_func ("/train/predictor-judges", test_predictor_judges);
  g_test_add_func ("/train/progress-and-cancel", test_progress_and_cancel);
  g_test_add_func ("/train/refused", test_refused);
  return g_test_run ();
}
