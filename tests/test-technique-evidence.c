/* Is the evidence that of the definition: the mean gradient of an output by finite differences,
 * and a map where the picture has what the output stands for?
 */
#include <math.h>
#include <string.h>

#include "models/simulate/random.h"
#include "models/technique/judge.h"
#include "reducers/error.h"

#define STEP 1e-2f

typedef struct
{
  const char *name, *text;
  SaxidExtent in;
} Case;

static const Case cases[] = {
  { "folded", "conv 6 3x3 same\nrelu\nmaxpool 2x2\nconv 5 3x3 same\nrelu\nmaxpool 2x2\ndropout 0.3\ndense 9\nrelu\ndense 4", { 2, 16, 16 } },
  { "norms", "conv 5 3x3\nbatchnorm\nrelu\nmaxpool 2x2\ndense 8\nbatchnorm\nrelu\ndropout 0.5\ndense 3", { 1, 10, 14 } },
  { "global", "conv 7 3x3\nrelu\nglobalmax\ndense 6\nrelu\ndense 5", { 1, 9, 9 } },
  { "plain", "conv 4 3x3\ndense 3", { 1, 8, 6 } },
  { "residual", "conv 6 3x3 same\nrelu\nkeep\nconv 6 3x3 same\nrelu\nconv 6 3x3 same\nadd\nrelu\nmaxpool 2x2\ndense 9\nrelu\ndense 4", { 2, 8, 8 } },
  { "line", "conv 4 5\nrelu\nmaxpool 3\nmaxpool 2\ndense 3", { 1, 1, 40 } },
};

static void
draw (guint64 seed, gsize n, double low, double high, float *values)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < n; k++)
    values[k] = (float) saxid_random_uniform (&random, low, high);
}

/* The layers behind one, with their weights. */
static SaxidNetwork *
tail_of (const SaxidNetwork *network, guint layer)
{
  g_auto (GStrv) lines = g_strsplit (network->text, "\n", -1);
  g_autofree char *text = g_strjoinv ("\n", lines + layer + 1);
  SaxidNetwork *tail = saxid_network_new (text, network->layer[layer].out, 0, NULL);

  memcpy (tail->weight, network->weight + (network->n_weight - tail->n_weight), tail->n_weight * sizeof (float));
  memcpy (tail->state, network->state + (network->n_state - tail->n_state), tail->n_state * sizeof (float));
  return tail;
}

/* Σ over the places of (y (A + h) - y (A - h)) / 2h, place by place. */
static double
differences (SaxidPass *tail, gsize n_out, guint output, float *maps, gsize first, gsize places)
{
  g_autofree float *y = g_new (float, n_out);
  double sum = 0;

  for (gsize k = first; k < first + places; k++)
    {
      const float at = maps[k];
      double up;

      maps[k] = at + STEP;
      g_assert_true (saxid_pass_run (tail, maps, 1, 0, NULL, y, NULL));
      up = (double) y[output];
      maps[k] = at - STEP;
      g_assert_true (saxid_pass_run (tail, maps, 1, 0, NULL, y, NULL));
      sum += (up - (double) y[output]) / (2 * (double) STEP);
      maps[k] = at;
    }
  return sum;
}

/* Maps above 0, so that no two places of a window are the same. */
static void
lift_maps (SaxidNetwork *network)
{
  guint at = network->n_layer - 1;

  while (network->layer[at].kind != SAXID_LAYER_CONV)
    at--;
  for (guint k = 0; k < network->layer[at].size; k++)
    network->weight[network->layer[at].weight_at + network->layer[at].n_weight - 1 - k] += 6;
}

static void
test_gradient (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (SaxidNetwork) network = saxid_network_new (one->text, one->in, 7, NULL), tail = NULL;
  g_autoptr (SaxidPass) pass = NULL, tail_pass = NULL;
  g_autofree float *input = g_new (float, saxid_extent_count (one->in)), *maps = NULL, *weight = NULL;
  const guint outputs = network->layer[network->n_layer - 1].size;
  SaxidExtent extent;
  gsize places;
  double greatest = 0, worst = 0;
  guint layer;

  draw (3, network->n_state, 0.5, 2, network->state);
  draw (5, saxid_extent_count (one->in), -1, 1, input);
  lift_maps (network);
  g_assert_true (saxid_evidence_layer (network, &layer, NULL));
  extent = network->layer[layer].out;
  places = (gsize) extent.height * extent.width;
  tail = tail_of (network, layer);
  pass = saxid_pass_new (network, 1, 1, NULL);
  tail_pass = saxid_pass_new (tail, 1, 1, NULL);
  maps = g_new (float, saxid_extent_count (extent));
  weight = g_new (float, extent.channels);
  g_assert_true (saxid_pass_run (pass, input, 1, layer, maps, NULL, NULL));
  for (guint output = 0; output < outputs; output++)
    {
      g_assert_true (saxid_evidence_weights (network, pass, layer, output, weight, NULL));
      for (guint c = 0; c < extent.channels; c++)
        {
          const double expected = differences (tail_pass, outputs, output, maps, c * places, places) / (double) places;

          greatest = fmax (greatest, fabs (expected));
          worst = fmax (worst, fabs (expected - (double) weight[c]));
        }
    }
  g_assert_cmpfloat (greatest, >, 1e-4);
  g_assert_cmpfloat (worst / greatest, <, 0.01);
}

/* A network made by hand: its first map answers to steps from dark to bright going down, the
 * second to steps going right, and each output counts one and is opposed by the other. */
static SaxidNetwork *
steps_network (void)
{
  SaxidNetwork *network = saxid_network_new ("conv 2 3x3 same\nrelu\nmaxpool 2x2\ndense 2", (SaxidExtent) { 1, 32, 32 }, 1, NULL);
  float *dense = network->weight + network->layer[3].weight_at;
  const gsize n = saxid_extent_count (network->layer[3].in);

  for (guint y = 0; y < 3; y++)
    for (guint x = 0; x < 3; x++)
      {
        network->weight[y * 3 + x] = (float) y - 1;
        network->weight[9 + y * 3 + x] = (float) x - 1;
      }
  network->weight[18] = network->weight[19] = 0;
  for (gsize k = 0; k < n; k++)
    {
      dense[k] = k < n / 2 ? 1 : -1;
      dense[n + k] = -dense[k];
    }
  return network;
}

/* A horizon: dark above row 20, bright from there on. */
static void
test_horizon (void)
{
  g_autoptr (SaxidNetwork) network = steps_network ();
  g_autoptr (SaxidPass) pass = saxid_pass_new (network, 1, 1, NULL);
  float input[32 * 32], maps[2 * 32 * 32], weight[2], margin[2];
  guint8 evidence[SAXID_EVIDENCE_CELLS];
  guint layer;

  for (guint k = 0; k < 32 * 32; k++)
    input[k] = k / 32 >= 20 ? 1 : 0;
  g_assert_true (saxid_evidence_layer (network, &layer, NULL));
  g_assert_cmpuint (layer, ==, 1);
  g_assert_true (saxid_pass_run (pass, input, 1, layer, maps, margin, NULL));
  g_assert_cmpfloat (margin[0], >, margin[1]);
  g_assert_true (saxid_evidence_weights (network, pass, layer, 0, weight, NULL));
  saxid_evidence_map (network->layer[layer].out, maps, weight, SAXID_EVIDENCE_SIDE, evidence);
  for (guint k = 0; k < SAXID_EVIDENCE_CELLS; k++)
    {
      const guint row = k / SAXID_EVIDENCE_SIDE, column = k % SAXID_EVIDENCE_SIDE;

      if (column == 0 || column == SAXID_EVIDENCE_SIDE - 1) /* beyond the edge is dark, too */
        continue;
      if (row == 9 || row == 10)
        g_assert_cmpuint (evidence[k], ==, 255);
      else
        g_assert_cmpuint (evidence[k], ==, 0);
    }
  /* nothing of it speaks for the other answer */
  g_assert_true (saxid_evidence_weights (network, pass, layer, 1, weight, NULL));
  saxid_evidence_map (network->layer[layer].out, maps, weight, SAXID_EVIDENCE_SIDE, evidence);
  for (guint k = 0; k < SAXID_EVIDENCE_CELLS; k++)
    if (k % SAXID_EVIDENCE_SIDE > 0 && k % SAXID_EVIDENCE_SIDE < SAXID_EVIDENCE_SIDE - 1)
      g_assert_cmpuint (evidence[k], ==, 0);
}

/* A judge has the evidence of what was asked last, and none of what is no picture. */
static void
test_judge (void)
{
  SaxidTechniqueModel model = { saxid_network_new (SAXID_TECHNIQUE_LAYERS, saxid_technique_extent (), 3, NULL), 1 };
  g_autoptr (SaxidTechniqueJudge) judge = saxid_technique_judge_new (&model, 1, NULL);
  g_autofree SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  guint8 evidence[SAXID_EVIDENCE_CELLS], greatest = 0;
  SaxidTechniqueAnswer answer;

  for (guint k = 0; k < SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE; k++)
    {
      picture->grey[k] = (guint8) (k / SAXID_PICTURE_SIDE);
      picture->share[k] = 255;
    }
  g_assert_true (saxid_technique_judge_ask (judge, picture, &answer, NULL));
  g_assert_true (saxid_technique_judge_evidence (judge, evidence, NULL));
  for (guint k = 0; k < SAXID_EVIDENCE_CELLS; k++)
    greatest = MAX (greatest, evidence[k]);
  g_assert_cmpuint (greatest, ==, 255);
  g_assert_true (saxid_technique_judge_ask (judge, NULL, &answer, NULL));
  g_assert_true (saxid_technique_judge_evidence (judge, evidence, NULL));
  for (guint k = 0; k < SAXID_EVIDENCE_CELLS; k++)
    g_assert_cmpuint (evidence[k], ==, 0);
  saxid_network_free (model.network);
}

/* Of a judge that is not sure a picture and its mirror image have the same answer; where it looks is still
 * in the picture that was asked. */
static void
test_mirror (void)
{
  SaxidTechniqueModel unsure = { saxid_network_new (SAXID_TECHNIQUE_LAYERS, saxid_technique_extent (), 3, NULL), 50 };
  SaxidTechniqueModel sure = { unsure.network, 1e-4 };
  g_autoptr (SaxidTechniqueJudge) judge = saxid_technique_judge_new (&unsure, 1, NULL), plain = saxid_technique_judge_new (&sure, 1, NULL);
  g_autofree SaxidPicture *picture = g_new0 (SaxidPicture, 1), *mirrored = g_new0 (SaxidPicture, 1), *back = g_new0 (SaxidPicture, 1);
  guint8 evidence[SAXID_EVIDENCE_CELLS], expected[SAXID_EVIDENCE_CELLS];
  SaxidTechniqueAnswer one, other, certain;

  for (guint k = 0; k < SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE; k++)
    {
      picture->grey[k] = (guint8) (k % SAXID_PICTURE_SIDE + k / SAXID_PICTURE_SIDE % 7);
      picture->share[k] = k % SAXID_PICTURE_SIDE < 9 ? 0 : 255;
    }
  saxid_picture_mirror (picture, mirrored);
  saxid_picture_mirror (mirrored, back);
  g_assert_cmpmem (picture, sizeof *picture, back, sizeof *back);
  g_assert_true (saxid_technique_judge_ask (judge, mirrored, &other, NULL) && saxid_technique_judge_ask (judge, picture, &one, NULL)
                 && saxid_technique_judge_ask (plain, picture, &certain, NULL));
  for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
    g_assert_cmpfloat_with_epsilon (one.probability[k], other.probability[k], 1e-6);
  g_assert_cmpmem (one.vector, one.n_vector * sizeof (float), certain.vector, certain.n_vector * sizeof (float));
  g_assert_true (saxid_technique_judge_evidence (judge, evidence, NULL) && saxid_technique_judge_evidence (plain, expected, NULL));
  g_assert_cmpmem (evidence, sizeof evidence, expected, sizeof expected);
  saxid_network_free (unsure.network);
}

static void
test_refused (void)
{
  static const char *const texts[] = { "dense 4\nrelu\ndense 2", "conv 4 3\nresize 20\ndense 2" };

  for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
    {
      g_autoptr (SaxidNetwork) network = saxid_network_new (texts[k], (SaxidExtent) { 1, 1, 12 }, 1, NULL);
      g_autoptr (GError) error = NULL;
      guint layer;

      g_assert_false (saxid_evidence_layer (network, &layer, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_MODEL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autofree char *path = g_strconcat ("/technique/evidence/gradient/", cases[k].name, NULL);

      g_test_add_data_func (path, &cases[k], test_gradient);
    }
  g_test_add_func ("/technique/evidence/horizon", test_horizon);
  g_test_add_func ("/technique/evidence/judge", test_judge);
  g_test_add_func ("/technique/evidence/mirror", test_mirror);
  g_test_add_func ("/technique/evidence/refused", test_refused);
  return g_test_run ();
}
