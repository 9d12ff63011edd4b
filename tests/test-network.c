/* Are the gradients of every layer and loss those of what it computes, and does a network
 * learn, stop, and go on as if it had not stopped? */
#include <math.h>
#include <string.h>

#include "models/learn/network/fit.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define BATCH 4

static void
draw (guint64 seed, gsize n, float *values)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < n; k++)
    values[k] = (float) saxid_random_uniform (&random, -1, 1);
}

typedef struct
{
  const char *name, *text;
  SaxidExtent in;
  SaxidLoss loss;
} Case;

/* Every kind of layer, in one dimension and in two. */
static const Case cases[] = {
  { "dense", "dense 5", { 3, 1, 4 }, saxid_loss_squared },
  { "cross-entropy", "dense 5", { 3, 1, 4 }, saxid_loss_cross_entropy },
  { "contrast", "dense 67", { 3, 1, 4 }, saxid_loss_contrastive }, /* two classes and strangers */
  { "conv", "conv 5 3\ndense 3", { 2, 1, 11 }, saxid_loss_squared },
  { "conv-same", "conv 5 4 same\ndense 3", { 2, 1, 11 }, saxid_loss_squared },
  { "conv-blocked", "conv 16 3\nrelu\nconv 32 3\nrelu\ndense 3", { 1, 1, 17 }, saxid_loss_squared },
  { "conv-image", "conv 4 3x2\nrelu\nconv 16 3x3 same\nrelu\nmaxpool 2x2\ndense 3", { 2, 8, 9 }, saxid_loss_squared },
  { "relu", "dense 6\nbatchnorm\nrelu\ndense 3", { 4, 1, 3 }, saxid_loss_squared },
  { "maxpool", "conv 4 3\nmaxpool 3\ndense 3", { 1, 1, 14 }, saxid_loss_squared },
  { "globalmax", "conv 16 3\nglobalmax\ndense 3", { 1, 1, 14 }, saxid_loss_squared },
  { "batchnorm", "conv 6 3\nbatchnorm\nrelu\ndense 3", { 2, 1, 12 }, saxid_loss_squared },
  { "dropout", "conv 8 3\nrelu\ndropout 0.3\ndense 3", { 1, 1, 14 }, saxid_loss_squared },
  { "reshape", "dense 24\nrelu\nreshape 4\nconv 3 3\ndense 2", { 1, 1, 9 }, saxid_loss_squared },
  { "add", "conv 4 3\nkeep\nconv 4 3 same\nadd\ndense 3", { 2, 1, 12 }, saxid_loss_squared },
  { "add-residual", "conv 16 3\nrelu\nkeep\nconv 16 3 same\nbatchnorm\nadd\nrelu\ndense 3", { 2, 1, 12 }, saxid_loss_squared },
  { "add-twice", "conv 16 3\nkeep\nconv 16 3 same\nrelu\nadd\nkeep\nbatchnorm\nadd\nmaxpool 2\ndense 3", { 2, 1, 12 },
    saxid_loss_squared },
  { "add-input", "keep\nbatchnorm\nadd\nconv 4 3\ndense 3", { 2, 1, 9 }, saxid_loss_squared },
  { "resize", "conv 4 3\nresize 20\nconv 3 5 same\nmaxpool 2\ndense 2", { 1, 1, 12 }, saxid_loss_squared },
};

typedef struct
{
  SaxidNetwork *network;
  SaxidProgram *program;
  const Case *one;
  float *input, *target, *gradient;
  gsize n_in, n_out;
} Bench;

static double
loss_of (Bench *bench)
{
  g_autofree float *unused = g_new (float, bench->n_out);
  GError *error = NULL;

  memcpy (saxid_program_input (bench->program), bench->input, bench->n_in * sizeof (float));
  saxid_program_forward (bench->program, 7, 3, &error);
  g_assert_no_error (error);
  return bench->one->loss (BATCH, bench->n_out / BATCH, saxid_program_output (bench->program), bench->target, unused);
}

#define LOOKED_AT 40

/* Slopes along single values, measured and by the gradient. A step that crosses the kink of
 * a maximum measures something else, so the better of three counts, and one in ten may
 * be off. */
static void
assert_slope (Bench *bench, float *values, const float *gradient, gsize n, const char *what)
{
  const gsize count = MIN (n, LOOKED_AT);
  double largest = 0, worst = 0;
  gsize good = 0;

  for (gsize k = 0; k < n; k++)
    largest = fmax (largest, fabs ((double) gradient[k]));
  for (gsize j = 0; j < count; j++)
    {
      const gsize k = j * n / count;
      const float before = values[k];
      double difference = INFINITY;

      for (float step = 4e-3f; step > 9e-4f; step /= 2)
        {
          double up, down;

          values[k] = before + step;
          up = loss_of (bench);
          values[k] = before - step;
          down = loss_of (bench);
          difference = fmin (difference, fabs ((up - down) / (2 * (double) step) - (double) gradient[k]));
        }
      values[k] = before;
      good += difference < 5e-3 * largest + 1e-4;
      worst = fmax (worst, difference);
    }
  g_test_message ("%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " slopes, the worst off by %.1e of %.3g", what, good,
                  count, worst, largest);
  g_assert_cmpfloat (largest, >, 0);
  g_assert_cmpuint (10 * good, >=, 9 * count);
}

static void
test_gradient (gconstpointer data)
{
  const Case *one = data;
  GError *error = NULL;
  g_autoptr (SaxidNetwork) network = saxid_network_new (one->text, one->in, 5, &error);
  g_autoptr (SaxidProgram) program = NULL;
  g_autofree float *gradient = NULL, *input = NULL, *target = NULL;
  Bench bench = { .one = one };
  SaxidProgramOptions options;

  g_assert_no_error (error);
  gradient = g_new0 (float, network->n_weight);
  options = (SaxidProgramOptions) { .n_layer = network->n_layer, .layer = network->layer, .batch = BATCH,
                                    .training = TRUE, .input_gradient = TRUE, .threads = 1,
                                    .weight = network->weight, .gradient = gradient, .state = network->state };
  program = saxid_program_new (&options, &error);
  g_assert_no_error (error);
  bench.network = network;
  bench.program = program;
  bench.n_in = BATCH * saxid_extent_count (network->in);
  bench.n_out = BATCH * saxid_extent_count (network->out);
  bench.input = input = g_new (float, bench.n_in);
  bench.target = target = g_new0 (float, bench.n_out);
  draw (1, bench.n_in, input);
  if (one->loss == saxid_loss_cross_entropy)
    for (gsize r = 0; r < BATCH; r++)
      target[r * bench.n_out / BATCH + r] = 1;
  else if (one->loss == saxid_loss_contrastive)
    for (gsize r = 0; r < BATCH; r++)
      target[r * bench.n_out / BATCH + (r + 1 < BATCH ? r % 2 : 2)] = 1;
  else
    draw (2, bench.n_out, target);

  loss_of (&bench);
  one->loss (BATCH, bench.n_out / BATCH, saxid_program_output (program), target,
             saxid_program_output_gradient (program));
  saxid_program_backward (program, &error);
  g_assert_no_error (error);
  for (guint k = 0; k < network->n_layer; k++)
    if (network->layer[k].n_weight > 0)
      {
        g_autofree char *what = g_strdup_printf ("%s, layer %u", one->name, k + 1);
        const gsize at = network->layer[k].weight_at;
        g_autofree float *copy = g_memdup2 (gradient + at, network->layer[k].n_weight * sizeof (float));

        assert_slope (&bench, network->weight + at, copy, network->layer[k].n_weight, what);
      }
  {
    g_autofree float *copy = g_memdup2 (saxid_program_input_gradient (program), bench.n_in * sizeof (float));

    assert_slope (&bench, input, copy, bench.n_in, one->name);
  }
}

/* A gradient that is wrong is found: the checker has to reject. */
static void
test_checker (void)
{
  if (g_test_subprocess ())
    {
      static const Case one = { "dense", "dense 2", { 1, 1, 3 }, saxid_loss_squared };
      g_autoptr (SaxidNetwork) network = saxid_network_new (one.text, one.in, 5, NULL);
      g_autofree float *gradient = g_new0 (float, network->n_weight);
      const SaxidProgramOptions options = { .n_layer = 1, .layer = network->layer, .batch = BATCH, .training = TRUE,
                                            .threads = 1, .weight = network->weight, .gradient = gradient };
      g_autoptr (SaxidProgram) program = saxid_program_new (&options, NULL);
      float input[BATCH * 3], target[BATCH * 2] = { 0 };
      Bench bench = { network, program, &one, input, target, gradient, BATCH * 3, BATCH * 2 };

      draw (1, G_N_ELEMENTS (input), input);
      for (gsize k = 0; k < network->n_weight; k++)
        gradient[k] = 1;
      assert_slope (&bench, network->weight, gradient, network->n_weight, "wrong");
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
}

/* --- Learning ------------------------------------------------------------------------ */

#define ROWS 256
#define WIDTH 40

/* Where along the curve a bump stands: left, middle or right third. */
static void
make_bumps (guint64 seed, float *input, float *target)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  memset (target, 0, ROWS * 3 * sizeof *target);
  for (gsize r = 0; r < ROWS; r++)
    {
      double place = saxid_random_uniform (&random, 0.1, 0.9);

      for (gsize k = 0; k < WIDTH; k++)
        {
          double x = ((double) k / WIDTH - place) / 0.05;

          input[r * WIDTH + k] = (float) (exp (-0.5 * x * x) + saxid_random_uniform (&random, -0.1, 0.1));
        }
      target[r * 3 + (gsize) (place * 3)] = 1;
    }
}

static const char bumps_text[] = "conv 16 5\nrelu\nmaxpool 2\ndropout 0.1\ndense 3";

typedef struct
{
  guint stop_after; /* epochs; 0: never */
  GBytes *state;
  guint steps;
} Hooked;

static gboolean
count_step (const SaxidFitState *state, gpointer data)
{
  Hooked *hooked = data;

  hooked->steps++;
  return hooked->stop_after == 0 || state->epoch < hooked->stop_after;
}

static gboolean
keep_state (GBytes *state, gpointer data, GError **error G_GNUC_UNUSED)
{
  Hooked *hooked = data;

  g_clear_pointer (&hooked->state, g_bytes_unref);
  hooked->state = g_bytes_ref (state);
  return TRUE;
}

static SaxidNetwork *
train (guint epochs, guint patience, Hooked *hooked, GBytes *resume, GError **error)
{
  g_autoptr (SaxidNetwork) network = saxid_network_new (bumps_text, (SaxidExtent) { 1, 1, WIDTH }, 3, NULL);
  static float input[ROWS * WIDTH], target[ROWS * 3], watched[ROWS * WIDTH], watched_target[ROWS * 3];
  const SaxidExamples training = { ROWS, input, target }, validation = { ROWS, watched, watched_target };
  const SaxidFitOptions options = { .loss = saxid_loss_cross_entropy, .batch = 32, .epochs = epochs, .rate = 1e-2,
                                    .rise = 0.1, .decay = 1e-3, .patience = patience, .threads = 1, .seed = 9 };
  const SaxidFitHooks hooks = { .progress = count_step, .checkpoint = keep_state, .resume = resume, .data = hooked };

  make_bumps (1, input, target);
  make_bumps (2, watched, watched_target);
  if (!saxid_network_fit (network, &training, &validation, &options, &hooks, error))
    return NULL;
  return g_steal_pointer (&network);
}

static void
test_learns (void)
{
  static float input[ROWS * WIDTH], target[ROWS * 3], out[ROWS * 3], latent[ROWS * 16 * 18];
  g_autoptr (GError) error = NULL;
  Hooked hooked = { 0 };
  g_autoptr (SaxidNetwork) network = train (8, 0, &hooked, NULL, &error);
  g_autoptr (SaxidPass) pass = NULL, single = NULL;
  gsize right = 0;

  g_assert_no_error (error);
  pass = saxid_pass_new (network, 100, 1, &error); /* does not divide the rows */
  single = saxid_pass_new (network, 1, 1, &error);
  make_bumps (4, input, target);
  g_assert_true (saxid_pass_run (pass, input, ROWS, 2, latent, out, &error));
  for (gsize r = 0; r < ROWS; r++)
    {
      const float *p = out + r * 3;
      gsize best = p[0] > p[1] ? (p[0] > p[2] ? 0 : 2) : (p[1] > p[2] ? 1 : 2);
      float alone[3];

      right += target[r * 3 + best] > 0;
      g_assert_true (saxid_pass_run (single, input + r * WIDTH, 1, 0, NULL, alone, &error));
      for (guint k = 0; k < 3; k++) /* one at a time or a hundred: the same but for rounding */
        g_assert_cmpfloat_with_epsilon (alone[k], p[k], 1e-3 * (1 + fabs ((double) p[k])));
    }
  g_test_message ("%" G_GSIZE_FORMAT " of %d right", right, ROWS);
  g_assert_cmpuint (right, >, ROWS * 9 / 10);
  for (gsize k = 0; k < G_N_ELEMENTS (latent); k++)
    g_assert_cmpfloat (latent[k], >=, 0); /* what leaves ReLU and a maximum */
  g_bytes_unref (hooked.state);
}

/* Stopped after any epoch and taken up again, the weights are those of one run. */
static void
test_resumes (void)
{
  g_autoptr (GError) error = NULL;
  Hooked whole = { 0 }, first = { .stop_after = 2 }, second = { 0 };
  g_autoptr (SaxidNetwork) at_once = train (5, 0, &whole, NULL, &error), later = NULL, stopped = NULL, other = NULL;

  g_assert_no_error (error);
  stopped = train (5, 0, &first, NULL, &error);
  g_assert_null (stopped);
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED);
  g_clear_error (&error);
  later = train (5, 0, &second, first.state, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (at_once->weight, at_once->n_weight * sizeof (float), later->weight,
                   later->n_weight * sizeof (float));
  g_assert_cmpuint (second.steps, ==, whole.steps * 3 / 5);

  other = train (6, 0, &second, first.state, &error); /* of another training */
  g_assert_null (other);
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_bytes_unref (whole.state);
  g_bytes_unref (first.state);
  g_bytes_unref (second.state);
}

static void
test_stops_early (void)
{
  g_autoptr (GError) error = NULL;
  Hooked hooked = { 0 };
  g_autoptr (SaxidNetwork) network = train (200, 3, &hooked, NULL, &error);

  g_assert_no_error (error);
  g_test_message ("%u of %u steps", hooked.steps, 200 * ROWS / 32);
  g_assert_cmpuint (hooked.steps, <, 200 * ROWS / 32);
  g_bytes_unref (hooked.state);
}

static void
test_refuses (void)
{
  static const struct
  {
    const char *text, *word;
  } wrong[] = {
    { "", "no layer" },
    { "convolution 3 3", "line 1: 'convolution 3 3'" },
    { "relu\nconv 3", "line 2: 'conv 3'" },
    { "conv 3 3 same\nadd", "line 2: nothing is kept" },
    { "keep\nconv 2 3\nadd", "line 3: what is kept has another size" },
    { "keep\nrelu\nadd", "line 2: after 'keep'" },
    { "keep\nconv 2 3 same\ndense 9\nadd", "line 3: nothing is kept across" },
    { "keep\nbatchnorm\nkeep\nadd", "line 3: something is kept already" },
    { "conv 3 3 different", "'conv 3 3 different'" },
    { "conv 3 30", "larger than the 1 × 20 places" },
    { "maxpool 21", "larger" },
    { "dropout 1", "'dropout 1'" },
    { "dense 0", "'dense 0'" },
    { "dense 9\nreshape 4", "does not divide the 9" },
    { "resize 65536\nconv 65536 1", "are the limit" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (saxid_network_new (wrong[k].text, (SaxidExtent) { 1, 1, 20 }, 1, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, wrong[k].word));
    }
}

/* What is kept comes back: x + x, and x + (x - mean) / deviation where nothing is learned. */
static void
test_adds (void)
{
  static const struct
  {
    const char *text;
    float of_one; /* what becomes of 1 */
  } cases_of[] = { { "keep\nadd", 2 }, { "keep\nbatchnorm\nadd", 1.25f }, { "batchnorm\nkeep\nbatchnorm\nadd", 0.125f } };

  for (guint k = 0; k < G_N_ELEMENTS (cases_of); k++)
    {
      g_autoptr (SaxidNetwork) network = saxid_network_new (cases_of[k].text, (SaxidExtent) { 2, 1, 5 }, 1, NULL);
      g_autoptr (SaxidPass) pass = NULL;
      float input[3 * 10], out[3 * 10];

      for (gsize j = 0; j < network->n_state; j++) /* means 1/2, deviations 2 */
        network->state[j] = j / 2 % 2 == 0 ? 0.5f : 4 - SAXID_NORM_EPSILON;
      for (guint j = 0; j < G_N_ELEMENTS (input); j++)
        input[j] = 1;
      pass = saxid_pass_new (network, 2, 1, NULL);
      g_assert_true (saxid_pass_run (pass, input, 3, 0, NULL, out, NULL));
      for (guint j = 0; j < G_N_ELEMENTS (out); j++)
        g_assert_cmpfloat_with_epsilon (out[j], cases_of[k].of_one, 1e-6);
    }
}

/* Without its normalisations a network says the same. */
static void
test_folds (void)
{
  g_autoptr (SaxidNetwork) network = saxid_network_new (
    "conv 5 3\nbatchnorm\nrelu\nbatchnorm\nconv 4 3\nbatchnorm\nkeep\n"
    "conv 4 3 same\nbatchnorm\nadd\nmaxpool 2\ndense 6\nbatchnorm\nrelu\ndense 3",
    (SaxidExtent) { 2, 1, WIDTH / 2 }, 3, NULL);
  g_autoptr (SaxidNetwork) fused = NULL;
  g_autoptr (SaxidPass) before = NULL, after = NULL;
  float input[4 * WIDTH], out[4 * 3], again[4 * 3];

  draw (1, network->n_weight, network->weight);
  draw (2, network->n_state, network->state);
  for (gsize k = 0; k < network->n_state; k++) /* variances are not negative */
    network->state[k] = (float) fabs ((double) network->state[k]);
  fused = saxid_network_fuse (network);
  g_assert_cmpuint (fused->n_layer, ==, network->n_layer - 4); /* the one after ReLU stays */
  draw (3, 4 * WIDTH, input);
  before = saxid_pass_new (network, 4, 1, NULL);
  after = saxid_pass_new (fused, 4, 1, NULL);
  g_assert_true (saxid_pass_run (before, input, 4, 0, NULL, out, NULL));
  g_assert_true (saxid_pass_run (after, input, 4, 0, NULL, again, NULL));
  for (guint k = 0; k < G_N_ELEMENTS (out); k++)
    g_assert_cmpfloat_with_epsilon (out[k], again[k], 1e-4 * (1 + fabs ((double) out[k])));
}

/* Rounded activations give nearly the same gradient, where the processor has them. */
static void
test_half (void)
{
  g_autoptr (SaxidNetwork) network = saxid_network_new ("conv 16 5\nrelu\nkeep\nconv 16 3 same\nbatchnorm\nadd\nrelu\nconv 32 3\nrelu\nglobalmax\ndense 3",
                                                        (SaxidExtent) { 1, 1, WIDTH }, 3, NULL);
  double length[2] = { 0 }, product = 0;
  float *gradient[2];

  if (!saxid_program_has_half ())
    {
      g_test_skip ("the processor has no bfloat16");
      return;
    }
  for (guint half = 0; half < 2; half++)
    {
      SaxidProgramOptions options = { .n_layer = network->n_layer, .layer = network->layer, .batch = 8,
                                      .training = TRUE, .half = half == 1, .threads = 1, .weight = network->weight,
                                      .state = network->state };
      g_autoptr (SaxidProgram) program = NULL;

      options.gradient = gradient[half] = g_new0 (float, network->n_weight);
      program = saxid_program_new (&options, NULL);
      draw (1, 8 * WIDTH, saxid_program_input (program));
      g_assert_true (saxid_program_forward (program, 1, 1, NULL));
      draw (2, 8 * 3, saxid_program_output_gradient (program));
      g_assert_true (saxid_program_backward (program, NULL));
    }
  for (gsize k = 0; k < network->n_weight; k++)
    {
      length[0] += (double) gradient[0][k] * (double) gradient[0][k];
      length[1] += (double) gradient[1][k] * (double) gradient[1][k];
      product += (double) gradient[0][k] * (double) gradient[1][k];
    }
  g_assert_cmpfloat (product / sqrt (length[0] * length[1]), >, 0.99);
  g_free (gradient[0]);
  g_free (gradient[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = g_strconcat ("/network/gradient/", cases[k].name, NULL);

      g_test_add_data_func (path, &cases[k], test_gradient);
    }
  g_test_add_func ("/network/checker", test_checker);
  g_test_add_func ("/network/half", test_half);
  g_test_add_func ("/network/adds", test_adds);
  g_test_add_func ("/network/folds", test_folds);
  g_test_add_func ("/network/learns", test_learns);
  g_test_add_func ("/network/resumes", test_resumes);
  g_test_add_func ("/network/stops-early", test_stops_early);
  g_test_add_func ("/network/refuses", test_refuses);
  return g_test_run ();
}
