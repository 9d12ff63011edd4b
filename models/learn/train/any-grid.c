/* How does one model for any instrument come out of libraries?
 *
 * Thread: see train/any-grid.h.
 */
#include "models/learn/train/any-grid.h"

#include <math.h>
#include <string.h>

#include "models/learn/network/loss.h"
#include "models/learn/portrait.h"
#include "models/learn/train/any-grid-calibrate.h"
#include "models/learn/train/lot.h"
#include "reducers/error.h"

#define BATCH 256
#define DECAY 0.02
#define RISE  0.1
/* Strangers of the held-out part have bodies of their own, fewer by this. */
#define HELD_BODIES 4
/* The seed of their bodies, beyond those of other trainings. */
#define SEED_OF_HELD ((guint64) 1 << 40)
/* Examples of the gallery. */
#define GALLERY 1100
/* Of a network that learned elsewhere: a batch of it has to fit into memory. */
#define MOST_VALUES (1 << 20)
#define MOST_LATENT 4096

/* Convolutions over ln q, a vector of 256 numbers, the margins, and in training the place
 * of the vector among others (loss.h). */
#define LAYERS                                                                                                                 \
  "conv 64 7 same\nbatchnorm\nrelu\nmaxpool 2\n"                                                                               \
  "conv 96 5 same\nbatchnorm\nrelu\nconv 96 5 same\nbatchnorm\nrelu\nmaxpool 2\n"                                              \
  "conv 128 5 same\nbatchnorm\nrelu\nconv 128 5 same\nbatchnorm\nrelu\nmaxpool 2\n"                                            \
  "conv 192 3 same\nbatchnorm\nrelu\nconv 192 3 same\nbatchnorm\nrelu\nmaxpool 2\n"                                            \
  "conv 256 3 same\nbatchnorm\nrelu\nconv 256 3 same\nbatchnorm\nrelu\nmaxpool 2\n"                                            \
  "dense 256\nbatchnorm\nrelu\ndropout 0.2\ndense %u\n"

void
saxid_any_grid_report_free (SaxidAnyGridReport *report)
{
  if (report == NULL)
    return;
  saxid_scores_free (report->all);
  saxid_scores_free (report->merged);
  saxid_network_free (report->learned);
  g_free (report);
}

/* --- The network ------------------------------------------------------------------------ */

typedef struct
{
  const SaxidAnyGridOptions *options;
  SaxidLot *training;
  const SaxidFitHooks *outer;
} Renewing;

static gboolean
renew (guint epoch, gpointer data, GError **error)
{
  Renewing *self = data;

  return saxid_lot_fill (self->training, self->options, saxid_any_grid_random_seed (self->options, epoch), error);
}

static gboolean
tell (const SaxidFitState *state, gpointer data)
{
  const SaxidFitHooks *outer = ((Renewing *) data)->outer;

  return outer == NULL || outer->progress == NULL || outer->progress (state, outer->data);
}

static gboolean
keep (GBytes *state, gpointer data, GError **error)
{
  const SaxidFitHooks *outer = ((Renewing *) data)->outer;

  return outer == NULL || outer->checkpoint == NULL || outer->checkpoint (state, outer->data, error);
}

/* Of a network that has learned what it can: what the model keeps. */
static SaxidNetwork *
finish (const SaxidNetwork *network, const SaxidAnyGridOptions *options, GError **error)
{
  g_autoptr (SaxidNetwork) fused = saxid_network_fuse (network);
  g_autoptr (SaxidNetwork) narrow = saxid_network_narrow (fused, saxid_any_grid_class_count (options) + 1);

  for (gsize k = 0; k < narrow->n_weight; k++)
    if (!isfinite (narrow->weight[k]))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                     "weights of the network are not finite once its normalisations are part of them");
        return NULL;
      }
  return g_steal_pointer (&narrow);
}

/* The vector before the margins: what leaves the last ReLU. */
static guint
latent_of (const SaxidNetwork *network)
{
  guint latent = 0;

  for (guint k = 0; k < network->n_layer; k++)
    if (network->layer[k].kind == SAXID_LAYER_RELU)
      latent = k;
  return latent;
}

static gboolean
check_learned (const SaxidNetwork *network, const SaxidAnyGridOptions *options, GError **error)
{
  const SaxidExtent in = network->in;
  const gsize width = saxid_extent_count (network->out), wanted = saxid_any_grid_target_width (options);
  gsize values = 0;
  gboolean has_relu = FALSE;

  for (guint k = 0; k < network->n_layer; k++)
    {
      has_relu |= network->layer[k].kind == SAXID_LAYER_RELU;
      values += saxid_extent_count (network->layer[k].out);
    }
  if (network->layer[network->n_layer - 1].kind != SAXID_LAYER_DENSE || width != wanted || !has_relu
      || in.channels != SAXID_PORTRAIT_CHANNELS || in.height != 1 || in.width != SAXID_PORTRAIT_WIDTH)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "network makes %" G_GSIZE_FORMAT " numbers of %u × %u × %u; it should begin with %d × 1 × %d, have a"
                   " 'relu' and end in 'dense %" G_GSIZE_FORMAT "'",
                   width, in.channels, in.height, in.width, SAXID_PORTRAIT_CHANNELS, SAXID_PORTRAIT_WIDTH, wanted);
      return FALSE;
    }
  if (values <= MOST_VALUES && saxid_extent_count (network->layer[latent_of (network)].out) <= MOST_LATENT)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "network makes %" G_GSIZE_FORMAT " values of a curve, and a vector of %" G_GSIZE_FORMAT
               "; %d and %d are the limits",
               values, saxid_extent_count (network->layer[latent_of (network)].out), MOST_VALUES, MOST_LATENT);
  return FALSE;
}

/* A new network, or one that goes on where another training left it. */
static SaxidNetwork *
begin (const SaxidAnyGridOptions *options, GError **error)
{
  const SaxidExtent in = { SAXID_PORTRAIT_CHANNELS, 1, SAXID_PORTRAIT_WIDTH };
  g_autofree char *text = g_strdup_printf (LAYERS, saxid_any_grid_target_width (options));
  g_autoptr (SaxidNetwork) network = NULL;
  g_autoptr (GBytes) weights = NULL;

  if (options->start == NULL)
    return saxid_network_new (text, in, options->seed, error);
  if (!check_learned (options->start, options, error))
    return NULL;
  network = saxid_network_new (options->start->text, in, options->seed, error);
  weights = saxid_network_to_bytes (options->start);
  return network != NULL && saxid_network_set_bytes (network, weights, error) ? g_steal_pointer (&network) : NULL;
}

/* The network as it has learned, before anything is fused or cut off. */
static SaxidNetwork *
learn (const SaxidAnyGridOptions *options, const char *about, SaxidLot *training, SaxidLot *held, const SaxidFitHooks *hooks, GError **error)
{
  g_autoptr (SaxidNetwork) network = begin (options, error);
  const SaxidExamples rows = { training->rows, training->input, training->target };
  const SaxidExamples watched = { held->rows, held->input, held->target };
  const SaxidFitOptions how = { .loss = saxid_loss_contrastive, .batch = BATCH, .epochs = options->epochs,
                                .rate = options->rate, .rise = RISE, .decay = DECAY, .threads = options->threads,
                                .half = TRUE, .seed = options->seed,
                                .about = about };
  Renewing renewing = { options, training, hooks };
  const SaxidFitHooks inner = { .renew = renew, .progress = tell, .checkpoint = keep,
                                .resume = hooks != NULL ? hooks->resume : NULL, .data = &renewing };

  if (network == NULL || !saxid_lot_fill (held, options, saxid_any_grid_random_seed (options, options->epochs), error)
      || !saxid_network_fit (network, &rows, &watched, &how, &inner, error))
    return NULL;
  return g_steal_pointer (&network);
}

/* --- What it learned from ------------------------------------------------------------------ */

/* As many of each library, whole turns of its classes. */
static void
choose_examples (const SaxidAnyGridOptions *options, const SaxidLot *training, SaxidLot *examples)
{
  for (guint s = 0; s < options->n_source; s++)
    {
      const gsize n_class = saxid_population_class_count (options->source[s].population);
      const gsize turns = MAX (GALLERY / options->n_source / n_class, 1);

      examples->first[s] = training->first[s];
      examples->count[s] = MIN (turns * n_class, training->count[s]);
    }
  examples->bodies = training->bodies;
  saxid_lot_make (examples, options);
}

static SaxidGallery *
hang (const SaxidAnyGridOptions *options, const SaxidPredictor *predictor, const SaxidLot *training, GError **error)
{
  const gsize width = saxid_predictor_n_feature (predictor);
  g_auto (SaxidLot) lot = { 0 };
  g_autofree float *features = NULL;
  g_autofree gsize *shown = NULL;
  g_autoptr (SaxidPass) pass = saxid_pass_new (predictor->network, BATCH, options->threads, error);
  SaxidGallery *gallery;
  gsize n = 0;

  choose_examples (options, training, &lot);
  features = g_new (float, lot.rows *width);
  shown = g_new (gsize, lot.n_known);
  if (pass == NULL || !saxid_lot_fill (&lot, options, saxid_any_grid_random_seed (options, 0), error)
      || !saxid_pass_run (pass, lot.input, lot.rows, predictor->latent, features, NULL, error))
    return NULL;
  for (gsize r = 0; r < lot.n_known; r++)
    if (saxid_gallery_can_hold (width, saxid_lot_portrait (&lot, r), features + r * width))
      shown[n++] = r;
  if (n < SAXID_GALLERY_NEAREST)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "network makes vectors without a direction of all but %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " curves", n,
                   lot.n_known);
      return NULL;
    }
  gallery = saxid_gallery_new (n, width);
  for (gsize k = 0; k < n; k++)
    saxid_gallery_set (gallery, k, lot.label[shown[k]], saxid_lot_portrait (&lot, shown[k]), features + shown[k] * width);
  return gallery;
}

/* --- The whole -------------------------------------------------------------------------- */

/* What makes it another training, besides network and settings; NULL for the usual one. */
static char *
describe (const SaxidAnyGridOptions *options)
{
  g_autoptr (GString) about = g_string_new (NULL);

  if (options->instrument != NULL)
    g_string_append (about, options->instrument->name);
  for (guint s = 0; s < options->n_source && options->clean_given; s++)
    g_string_append_printf (about, " %g", options->source[s].clean_part);
  if (options->start != NULL)
    {
      g_autoptr (GBytes) weights = saxid_network_to_bytes (options->start);
      g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, weights);

      g_string_append_printf (about, " from %s", sum);
    }
  return about->len > 0 ? g_string_free (g_steal_pointer (&about), FALSE) : NULL;
}

/* The last rows of each library are held out, whole turns of its classes. */
static gboolean
divide (const SaxidAnyGridOptions *options, SaxidLot *training, SaxidLot *held, GError **error)
{
  for (guint s = 0; s < options->n_source; s++)
    {
      const gsize n_class = saxid_population_class_count (options->source[s].population);
      const gsize all = options->source[s].library->n_curve;
      const gsize aside = (gsize) (options->held_part * (double) all) / n_class * n_class;

      if (aside < n_class || all - aside < BATCH)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "library has %" G_GSIZE_FORMAT " curves, at least %.0f are needed", all,
                       fmax (ceil ((double) n_class / options->held_part), 2 * BATCH));
          return FALSE;
        }
      training->count[s] = held->first[s] = all - aside;
      held->count[s] = aside;
    }
  saxid_lot_make (training, options);
  saxid_lot_make (held, options);
  return TRUE;
}

static void
make_bodies (const SaxidAnyGridOptions *options, SaxidBodies **training, SaxidBodies **held)
{
  *training = saxid_bodies_new (options->bodies, options->seed, options->threads);
  *held = saxid_bodies_new (MAX (options->bodies / HELD_BODIES, 1), options->seed + SEED_OF_HELD, options->threads);
}

gboolean
saxid_any_grid_lots (const SaxidAnyGridOptions *options, SaxidLotVisit visit, gpointer data, GError **error)
{
  g_autoptr (SaxidBodies) bodies = NULL, other_bodies = NULL;
  g_auto (SaxidLot) training = { 0 }, held = { 0 };

  if (!divide (options, &training, &held, error))
    return FALSE;
  make_bodies (options, &bodies, &other_bodies);
  training.bodies = bodies;
  held.bodies = other_bodies;
  if (!saxid_lot_fill (&held, options, saxid_any_grid_random_seed (options, options->epochs), error)
      || !visit (&held, options->epochs, data, error))
    return FALSE;
  for (guint epoch = 0; epoch < options->epochs; epoch++)
    if (!saxid_lot_fill (&training, options, saxid_any_grid_random_seed (options, epoch), error)
        || !visit (&training, epoch, data, error))
      return FALSE;
  return TRUE;
}

SaxidPredictor *
saxid_train_any_grid (const SaxidAnyGridOptions *options, const SaxidFitHooks *hooks, SaxidAnyGridReport **report,
                      GError **error)
{
  const guint n_class = saxid_any_grid_class_count (options);
  g_autoptr (SaxidBodies) bodies = NULL, other_bodies = NULL;
  g_autofree char *about = describe (options);
  g_autoptr (SaxidNetwork) learned = NULL;
  g_auto (SaxidLot) training = { 0 }, held = { 0 };
  g_autoptr (SaxidPredictor) predictor = g_new0 (SaxidPredictor, 1);

  g_return_val_if_fail (options->n_source >= 1 && options->n_source <= SAXID_ANY_GRID_MOST_SOURCES, NULL);

  if (!divide (options, &training, &held, error))
    return NULL;
  make_bodies (options, &bodies, &other_bodies);
  training.bodies = bodies;
  held.bodies = other_bodies;
  if (options->learned == NULL)
    learned = learn (options, about, &training, &held, hooks, error);
  else if (!check_learned (options->learned, options, error))
    return NULL;
  if (learned != NULL || options->learned != NULL)
    predictor->network = finish (learned != NULL ? learned : options->learned, options, error);
  if (predictor->network == NULL)
    return NULL;
  predictor->latent = latent_of (predictor->network);
  predictor->gallery = hang (options, predictor, &training, error);
  if (predictor->gallery == NULL)
    return NULL;
  predictor->n_class = n_class;
  predictor->class_name = g_new0 (char *, n_class + 1);
  for (guint k = 0; k < n_class; k++)
    predictor->class_name[k] = g_strdup (saxid_population_class (options->source[0].population, k)->name);
  predictor->algorithm = options->learned != NULL
                             ? g_strdup ("convolutional network on portraits, learned elsewhere")
                             : g_strdup_printf ("convolutional network on portraits, %u epochs of %" G_GSIZE_FORMAT
                                                " curves measured anew by %s",
                                                options->epochs, training.n_known,
                                                options->instrument != NULL ? options->instrument->name : "random instruments");
  predictor->least_coverage = 1;
  if (!saxid_any_grid_calibrate (options, &held, predictor, report, error))
    return NULL;
  (*report)->learned = g_steal_pointer (&learned);
  return g_steal_pointer (&predictor);
}
