/* How are the lots of a training made, and what comes out?
 *
 * Thread: see learn.h.
 */
#include "models/technique/learn.h"

#include <math.h>
#include <string.h>

#include "models/learn/calibrate.h"
#include "models/parallel.h"
#include "models/technique/frames/chance.h"
#include "models/technique/frames/experiment.h"
#include "models/technique/average.h"
#include "models/technique/grow.h"
#include "models/technique/search.h"

#define SIDE SAXID_PICTURE_SIDE
#define STRANGER 10      /* one in so many is none of the techniques */
#define JUDGED_SEED 1000003u /* is added to the seed of those that judge */
#define BATCH 64
#define NETWORK_THREADS 1 /* its layers are too small for more: threads would wait for each other */
#define BINS 10
#define CONFIDENT 0.9

typedef struct
{
  gsize n;
  guint64 seed;
  SaxidPicture *picture;
  guint8 *label; /* SAXID_N_TECHNIQUE: a stranger */
} Pool;

typedef struct
{
  const SaxidTechniqueLearning *learning;
  Pool pool;
  float *input, *target;
  guint epoch;
  SaxidFitProgress progress;
  gpointer data;
} Training;

/* ---- pictures -------------------------------------------------------------------------- */

static gboolean
draw_picture (gsize at, G_GNUC_UNUSED gpointer scratch, gpointer data)
{
  Pool *pool = data;
  const gboolean strange = at % STRANGER == STRANGER - 1;
  SaxidSimulatedFrame frame;

  if (strange)
    saxid_simulated_stranger_draw (pool->seed, (guint32) (at / STRANGER), 0, &frame);
  else
    saxid_simulated_frame_draw (pool->seed, (guint32) at, 0, &frame);
  pool->label[at] = strange ? SAXID_N_TECHNIQUE : (guint8) frame.technique;
  if (!saxid_picture_make (frame.pixels, NULL, frame.height, frame.width, &pool->picture[at]))
    {
      memset (&pool->picture[at], 0, sizeof pool->picture[at]);
      pool->label[at] = SAXID_N_TECHNIQUE; /* nothing to see */
    }
  saxid_simulated_frame_clear (&frame);
  return TRUE;
}

static void
pool_init (Pool *pool, gsize n, guint64 seed, guint threads)
{
  *pool = (Pool) { n, seed, g_new (SaxidPicture, n), g_new (guint8, n) };
  saxid_parallel (&(SaxidParallel) { .name = "frames", .threads = threads, .piece = draw_picture, .data = pool }, n);
}

static void
pool_clear (Pool *pool)
{
  g_free (pool->picture);
  g_free (pool->label);
}

/* How a picture is shown this time. */
typedef struct
{
  gboolean mirror;
  double zoom, left, top, exponent;
  guint cover_left, cover_top, cover_right, cover_bottom;
} View;

static View
draw_view (SaxidRandom *random)
{
  View view = { .mirror = saxid_chance (random, 0.5), .zoom = 1, .exponent = exp (0.15 * saxid_chance_normal (random)) };

  if (saxid_chance (random, 0.6))
    {
      view.zoom = saxid_random_uniform (random, 0.8, 1);
      view.left = saxid_random_uniform (random, 0, SIDE * (1 - view.zoom));
      view.top = saxid_random_uniform (random, 0, SIDE * (1 - view.zoom));
    }
  if (saxid_chance (random, 0.25))
    {
      view.cover_left = saxid_chance_index (random, SIDE);
      view.cover_top = saxid_chance_index (random, SIDE);
      view.cover_right = view.cover_left + saxid_chance_index (random, SIDE / 3);
      view.cover_bottom = view.cover_top + saxid_chance_index (random, SIDE / 3);
    }
  return view;
}

static void
look (const SaxidPicture *from, const View *view, SaxidPicture *to)
{
  guint8 shade[256];

  for (guint k = 0; k < 256; k++)
    shade[k] = k == 0 ? 0 : (guint8) CLAMP (lrint (1 + 254 * pow ((k - 1) / 254.0, view->exponent)), 1, 255);
  to->aspect = from->aspect;
  for (guint j = 0; j < SIDE; j++)
    for (guint i = 0; i < SIDE; i++)
      {
        const guint x = view->mirror ? SIDE - 1 - i : i, at = j * SIDE + i;
        const guint column = MIN ((guint) (view->left + (x + 0.5) * view->zoom), SIDE - 1);
        const guint row = MIN ((guint) (view->top + (j + 0.5) * view->zoom), SIDE - 1);
        const gboolean covered = i >= view->cover_left && i < view->cover_right && j >= view->cover_top && j < view->cover_bottom;

        to->grey[at] = covered ? 0 : shade[from->grey[row * SIDE + column]];
        to->share[at] = covered ? 0 : from->share[row * SIDE + column];
      }
}

static gboolean
show_one (gsize at, G_GNUC_UNUSED gpointer scratch, gpointer data)
{
  Training *training = data;
  SaxidPicture *seen = g_new (SaxidPicture, 1);
  SaxidRandom random;
  View view;

  saxid_random_init (&random, training->learning->seed, (guint64) training->epoch * training->pool.n + at, SAXID_STREAM_WINDOW);
  view = draw_view (&random);
  look (&training->pool.picture[at], &view, seen);
  saxid_picture_input (seen, training->input + at * SAXID_PICTURE_INPUT);
  g_free (seen);
  return TRUE;
}

static gboolean
renew (guint epoch, gpointer data, G_GNUC_UNUSED GError **error)
{
  Training *training = data;

  training->epoch = epoch;
  saxid_parallel (&(SaxidParallel) { .name = "views", .threads = training->learning->threads, .piece = show_one, .data = training },
                  training->pool.n);
  return TRUE;
}

static gboolean
say_progress (const SaxidFitState *state, gpointer data)
{
  Training *training = data;

  return training->progress == NULL || training->progress (state, training->data);
}

/* ---- judging ---------------------------------------------------------------------------- */

/* What is counted on the way to the shares of a score. */
typedef struct
{
  double bin[BINS][2]; /* probability, right */
  gsize frames, strangers, grazing;
} Count;

static void
count_answer (const SaxidTechniqueAnswer *answer, guint8 label, SaxidTechniqueScore *score, Count *count)
{
  const gboolean grazes = saxid_technique_is_grazing ((SaxidTechnique) label);
  const double grazing = answer->probability[SAXID_TECHNIQUE_GISAXS] + answer->probability[SAXID_TECHNIQUE_GIWAXS];
  double *bin;
  guint best = 0;

  if (label == SAXID_N_TECHNIQUE)
    {
      score->refused += answer->outlier >= 0.5;
      count->strangers++;
      return;
    }
  count->frames++;
  count->grazing += grazes;
  for (guint k = 1; k < SAXID_N_TECHNIQUE; k++)
    if (answer->probability[k] > answer->probability[best])
      best = k;
  score->confusion[label][best]++;
  score->four += best == label;
  score->grazing += (best >= SAXID_TECHNIQUE_GISAXS) == (label >= SAXID_TECHNIQUE_GISAXS);
  score->wide += best % 2 == label % 2;
  score->kept += answer->outlier < 0.5;
  if (answer->image.known && grazing >= SAXID_IMAGE_SURE)
    *(grazes ? &score->caught : &score->stopped) += 1;
  score->passed += grazes && grazing <= 1 - CONFIDENT;
  bin = count->bin[MIN ((guint) (answer->probability[best] * BINS), BINS - 1)];
  bin[0] += answer->probability[best];
  bin[1] += best == label;
}

static void
judge_all (const float *margin, const Pool *pool, double temperature, SaxidTechniqueScore *score)
{
  Count count = { .frames = 0 };
  double frames, grazing;

  *score = (SaxidTechniqueScore) { .four = 0 };
  for (gsize k = 0; k < pool->n; k++)
    {
      SaxidTechniqueAnswer answer;

      saxid_technique_answer (margin + k * SAXID_TECHNIQUE_OUTPUTS, temperature, &answer);
      count_answer (&answer, pool->label[k], score, &count);
    }
  frames = (double) MAX (count.frames, 1);
  grazing = (double) MAX (count.grazing, 1);
  for (guint k = 0; k < BINS; k++)
    score->calibration += fabs (count.bin[k][0] - count.bin[k][1]) / frames;
  score->four /= frames;
  score->grazing /= frames;
  score->wide /= frames;
  score->kept /= frames;
  score->caught /= grazing;
  score->passed /= grazing;
  score->stopped /= (double) MAX (count.frames - count.grazing, 1);
  score->refused /= (double) MAX (count.strangers, 1);
}

/* The first half gives the temperature, the other one the score. */
static gboolean
judge (SaxidTechniqueModel *model, const SaxidTechniqueLearning *learning, SaxidTechniqueScore *score, GError **error)
{
  Pool pool;
  g_autofree float *input = g_new (float, (gsize) learning->n_judged * SAXID_PICTURE_INPUT);
  g_autofree float *margin = g_new (float, (gsize) learning->n_judged * SAXID_TECHNIQUE_OUTPUTS);
  g_autoptr (SaxidPass) pass = saxid_pass_new (model->network, BATCH, NETWORK_THREADS, error);
  gboolean done = pass != NULL;

  if (!done)
    return FALSE;
  pool_init (&pool, learning->n_judged, learning->seed + JUDGED_SEED, learning->threads);
  for (gsize k = 0; k < pool.n; k++)
    saxid_picture_input (&pool.picture[k], input + k * SAXID_PICTURE_INPUT);
  done = saxid_pass_run (pass, input, pool.n, 0, NULL, margin, error);
  if (done)
    {
      const gsize half = pool.n / 2;
      const Pool other = { pool.n - half, pool.seed, pool.picture + half, pool.label + half };

      model->temperature = saxid_fit_temperature (half, SAXID_TECHNIQUE_OUTPUTS, margin, pool.label, NULL);
      judge_all (margin + half * SAXID_TECHNIQUE_OUTPUTS, &other, model->temperature, score);
    }
  pool_clear (&pool);
  return done;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void
aim (Training *training)
{
  for (gsize k = 0; k < training->pool.n; k++)
    training->target[k * SAXID_TECHNIQUE_OUTPUTS + training->pool.label[k]] = 1;
}

/* As files keep them, so that what is judged is what is in the file. */
static void
round_weights (SaxidNetwork *network)
{
  for (gsize k = 0; k < network->n_weight; k++)
    network->weight[k] = saxid_half_to_float (saxid_half_from_float (network->weight[k]));
  for (gsize k = 0; k < network->n_state; k++)
    network->state[k] = saxid_half_to_float (saxid_half_from_float (network->state[k]));
}

/* A new one, or that of the model to go on from: its normalisation is part of its weights. */
static SaxidNetwork *
begin_network (const SaxidTechniqueLearning *learning, GError **error)
{
  const SaxidNetwork *start = learning->start != NULL ? learning->start->network : NULL;
  g_autoptr (SaxidNetwork) network = NULL;
  g_autoptr (GBytes) weights = start != NULL ? saxid_network_to_bytes (start) : NULL;

  if (start != NULL && learning->grow)
    return saxid_technique_grow (start, learning->seed, error);
  network = saxid_network_new (start != NULL ? start->text : SAXID_TECHNIQUE_LAYERS, saxid_technique_extent (), learning->seed, error);
  if (network == NULL || (weights != NULL && !saxid_network_set_bytes (network, weights, error)))
    return NULL;
  return g_steal_pointer (&network);
}

SaxidTechniqueModel *
saxid_technique_learn (const SaxidTechniqueLearning *learning, SaxidFitProgress progress, gpointer data,
                       SaxidTechniqueScore *score, GError **error)
{
  g_autoptr (SaxidTechniqueModel) model = g_new0 (SaxidTechniqueModel, 1);
  g_autoptr (SaxidNetwork) network = begin_network (learning, error);
  g_autofree float *input = g_new (float, (gsize) learning->n * SAXID_PICTURE_INPUT);
  g_autofree float *target = g_new0 (float, (gsize) learning->n * SAXID_TECHNIQUE_OUTPUTS);
  Training training = { .learning = learning, .input = input, .target = target, .progress = progress, .data = data };
  const SaxidExamples examples = { learning->n, input, target };
  const SaxidFitOptions options = { .loss = saxid_loss_cross_entropy, .batch = BATCH, .epochs = learning->epochs, .rate = learning->rate,
                                    .rise = 0.1, .decay = 0.02, .threads = NETWORK_THREADS, .half = TRUE, .seed = learning->seed };
  const SaxidFitHooks hooks = { .renew = renew, .progress = say_progress, .data = &training };
  gboolean done;

  if (network == NULL)
    return NULL;
  pool_init (&training.pool, learning->n, learning->seed, learning->threads);
  aim (&training);
  done = saxid_network_fit (network, &examples, NULL, &options, &hooks, error);
  pool_clear (&training.pool);
  if (!done)
    return NULL;
  model->network = saxid_network_fuse (network);
  round_weights (model->network);
  return judge (model, learning, score, error) ? g_steal_pointer (&model) : NULL;
}

SaxidTechniqueModel *
saxid_technique_mean (const SaxidTechniqueLearning *learning, const SaxidTechniqueModel *const *of, guint n,
                      SaxidTechniqueScore *score, GError **error)
{
  g_autoptr (SaxidTechniqueModel) model = g_new0 (SaxidTechniqueModel, 1);
  g_autofree const SaxidNetwork **network = g_new (const SaxidNetwork *, n);

  for (guint k = 0; k < n; k++)
    network[k] = of[k]->network;
  model->network = saxid_technique_average (network, n, error);
  if (model->network == NULL)
    return NULL;
  round_weights (model->network);
  return judge (model, learning, score, error) ? g_steal_pointer (&model) : NULL;
}
