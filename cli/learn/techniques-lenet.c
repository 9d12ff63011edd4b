/* What does LeNet make of frames?
 *
 * Thread: see techniques-lenet.h.
 */
#include "cli/learn/techniques-lenet.h"

#include <string.h>

#include "cli/interrupt.h"
#include "models/learn/network/fit.h"
#include "models/simulate/random.h"
#include "models/technique/picture.h"
#include "reducers/technique.h"

#define SIDE (SAXID_PICTURE_SIDE / 2)
#define CELLS (SIDE * SIDE)
#define BATCH 32
#define RATE 1e-3
#define VECTOR_LAYER 13 /* the ReLU behind dense 192 */
#define TURNS 4

static const char layers[] = "conv 64 3x3 same\nrelu\nbatchnorm\nmaxpool 2x2\n"
                             "conv 64 3x3 same\nrelu\nbatchnorm\nmaxpool 2x2\n"
                             "conv 48 3x3 same\nrelu\nbatchnorm\nmaxpool 2x2\n"
                             "dense 192\nrelu\ndropout 0.5\ndense 64\nrelu\ndense 4";

static const struct
{
  const char *name;
  double share[SAXID_N_TECHNIQUE]; /* of what there is of each; 0: as many as of the scarcest */
  guint turns;
} sets[SAXID_N_LENET] = {
  [SAXID_LENET_UB] = { "UB", { 645.0 / 3512, 746.0 / 3512, 1, 746.0 / 3512 }, 1 },
  [SAXID_LENET_BL] = { "BL", { 645.0 / 3512, 645.0 / 3512, 645.0 / 3512, 645.0 / 3512 }, 1 },
  [SAXID_LENET_BLA] = { "BLA", { 645.0 / 3512, 645.0 / 3512, 645.0 / 3512, 645.0 / 3512 }, TURNS },
};

const char *
saxid_lenet_set_name (SaxidLenetSet set)
{
  return sets[set].name;
}

/* Means of two by two cells, turned by quarters. */
static void
take_picture (const guint8 *grey, guint turns, float *out)
{
  for (guint j = 0; j < SIDE; j++)
    for (guint i = 0; i < SIDE; i++)
      {
        const guint last = SIDE - 1;
        const guint x = turns == 0 ? i : turns == 1 ? j : turns == 2 ? last - i : last - j;
        const guint y = turns == 0 ? j : turns == 1 ? last - i : turns == 2 ? last - j : i;
        const guint8 *at = grey + 2 * y * SAXID_PICTURE_SIDE + 2 * x;

        out[j * SIDE + i] = (float) (at[0] + at[1] + at[SAXID_PICTURE_SIDE] + at[SAXID_PICTURE_SIDE + 1]) / (4 * 255);
      }
}

/* Rows that are learned from, in a random order: the first of each technique. */
static gsize *
choose_rows (const SaxidLenetFrames *frames, SaxidLenetSet set, guint64 seed, gsize *n)
{
  gsize *row = g_new (gsize, frames->n), all = 0, of[SAXID_N_TECHNIQUE] = { 0 }, taken[SAXID_N_TECHNIQUE] = { 0 };
  SaxidRandom random;

  for (gsize k = 0; k < frames->n; k++)
    if (frames->learn[k])
      {
        row[all++] = k;
        of[frames->label[k]]++;
      }
  saxid_random_init (&random, seed, set, SAXID_STREAM_SPLIT);
  saxid_random_shuffle (&random, all, row);
  *n = 0;
  for (gsize k = 0; k < all; k++)
    {
      const guint8 label = frames->label[row[k]];

      if ((double) taken[label] >= sets[set].share[label] * (double) of[label])
        continue;
      taken[label]++;
      row[(*n)++] = row[k];
    }
  return row;
}

static gboolean
go_on (G_GNUC_UNUSED const SaxidFitState *state, G_GNUC_UNUSED gpointer data)
{
  return !saxid_interrupted ();
}

static SaxidNetwork *
learn (const SaxidLenetFrames *frames, SaxidLenetSet set, guint epochs, guint threads, guint64 seed, gsize *n_learned, GError **error)
{
  g_autofree gsize *row = choose_rows (frames, set, seed, n_learned);
  const gsize n = *n_learned * sets[set].turns;
  g_autofree float *input = g_new (float, n * CELLS), *target = g_new0 (float, n * SAXID_N_TECHNIQUE);
  g_autoptr (SaxidNetwork) network = saxid_network_new (layers, (SaxidExtent) { 1, SIDE, SIDE }, seed, error);
  const SaxidExamples examples = { n, input, target };
  const SaxidFitOptions options = { .loss = saxid_loss_cross_entropy, .batch = (guint) MIN (BATCH, n), .epochs = epochs, .rate = RATE, .rise = 0.1,
                                    .threads = threads, .half = TRUE, .seed = seed };
  const SaxidFitHooks hooks = { .progress = go_on };

  for (gsize k = 0; k < n; k++)
    {
      const gsize at = row[k / sets[set].turns];

      take_picture (frames->grey + at * SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE, (guint) (k % sets[set].turns), input + k * CELLS);
      target[k * SAXID_N_TECHNIQUE + frames->label[at]] = 1;
    }
  if (network == NULL || !saxid_network_fit (network, &examples, NULL, &options, &hooks, error))
    return NULL;
  *n_learned = n;
  return g_steal_pointer (&network);
}

static gboolean
tell (const SaxidNetwork *network, const SaxidLenetFrames *frames, guint threads, float *vector, float *margin, GError **error)
{
  g_autoptr (SaxidPass) pass = saxid_pass_new (network, BATCH, threads, error);
  g_autofree float *input = g_new (float, BATCH * CELLS);

  if (pass == NULL)
    return FALSE;
  for (gsize first = 0; first < frames->n; first += BATCH)
    {
      const gsize count = MIN (BATCH, frames->n - first);

      for (gsize k = 0; k < count; k++)
        take_picture (frames->grey + (first + k) * SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE, 0, input + k * CELLS);
      if (!saxid_pass_run (pass, input, count, VECTOR_LAYER, vector + first * SAXID_LENET_VECTOR, margin + first * SAXID_N_TECHNIQUE,
                           error))
        return FALSE;
    }
  return TRUE;
}

gboolean
saxid_lenet (const SaxidLenetFrames *frames, SaxidLenetSet set, guint epochs, guint threads, guint64 seed, float *vector,
             float *margin, SaxidLenetCost *cost, GError **error)
{
  const gint64 from = g_get_monotonic_time ();
  g_autoptr (SaxidNetwork) network = learn (frames, set, epochs, threads, seed, &cost->n_learned, error);
  const gint64 learned = g_get_monotonic_time ();

  if (network == NULL || !tell (network, frames, threads, vector, margin, error))
    return FALSE;
  cost->seconds = (double) (learned - from) / G_USEC_PER_SEC;
  cost->milliseconds = (double) (g_get_monotonic_time () - learned) / 1e3 / (double) frames->n;
  return TRUE;
}
