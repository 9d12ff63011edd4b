/* How does one model for any instrument come out of libraries?
 *
 * Thread: see train-field.h.
 */
#include "models/learn/train-field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/learn/calibrate.h"
#include "models/learn/portrait.h"
#include "models/simulate/stranger.h"
#include "reducers/error.h"

#define PORTRAIT (SAXID_PORTRAIT_CHANNELS * SAXID_PORTRAIT_WIDTH)
#define BATCH 256
#define DECAY 0.02
#define RISE 0.1
/* Strangers for each curve of the classes. */
#define STRANGER_PART 0.25
/* Examples of the gallery. */
#define GALLERY 1100
/* Neighbours in the library that one random instrument measures. */
#define PER_INSTRUMENT 16
/* Times that the held-out curves are measured for the scores. */
#define HELD_TIMES 4
/* Seeds: that of an epoch is this times the seed of the training, plus the epoch. */
#define EPOCHS_OF_SEED 1000003
/* And the libraries of an epoch lie so far apart. */
#define SEEDS_OF_SOURCE ((guint64) 1 << 48)

/* Convolutions over ln q, a vector of 256 numbers, the margins, and in training the place
 * of the vector among others (loss.h). */
#define LAYERS                                                                                         \
  "conv 64 7 same\nbatchnorm\nrelu\nmaxpool 2\n"                                                       \
  "conv 96 5 same\nbatchnorm\nrelu\nconv 96 5 same\nbatchnorm\nrelu\nmaxpool 2\n"                      \
  "conv 128 5 same\nbatchnorm\nrelu\nconv 128 5 same\nbatchnorm\nrelu\nmaxpool 2\n"                    \
  "conv 192 3 same\nbatchnorm\nrelu\nconv 192 3 same\nbatchnorm\nrelu\nmaxpool 2\n"                    \
  "conv 256 3 same\nbatchnorm\nrelu\nconv 256 3 same\nbatchnorm\nrelu\nmaxpool 2\n"                    \
  "dense 256\nbatchnorm\nrelu\ndropout 0.2\ndense %u\n"

void
saxid_field_report_free (SaxidFieldReport *report)
{
  if (report == NULL)
    return;
  saxid_scores_free (report->all);
  g_free (report);
}

/* --- Curves as they are met ----------------------------------------------------------- */

/* Some rows of every library, and strangers after them. */
typedef struct
{
  gsize first[SAXID_FIELD_MOST_SOURCES], count[SAXID_FIELD_MOST_SOURCES]; /* rows of the libraries */
  gsize n_known, n_stranger, rows;
  const SaxidBodies *bodies;
  float *input;  /* [rows × PORTRAIT] */
  float *target; /* [rows × target_width] */
  guint8 *label; /* [rows] n_class: strangers */
} Lot;

static guint
class_count (const SaxidFieldOptions *options)
{
  return saxid_population_class_count (options->source[0].population);
}

/* Classes, strangers and the embedding. */
static guint
target_width (const SaxidFieldOptions *options)
{
  return class_count (options) + 1 + SAXID_LOSS_EMBEDDING;
}

static void
lot_make (Lot *lot, const SaxidFieldOptions *options)
{
  const gsize width = target_width (options);

  for (guint s = 0; s < options->n_source; s++)
    lot->n_known += lot->count[s];
  lot->n_stranger = (gsize) (STRANGER_PART * (double) lot->n_known);
  lot->rows = lot->n_known + lot->n_stranger;
  lot->input = g_new (float, lot->rows * PORTRAIT);
  lot->target = g_new (float, lot->rows * width);
  lot->label = g_new (guint8, lot->rows);
}

static void
lot_clear (Lot *lot)
{
  g_free (lot->input);
  g_free (lot->target);
  g_free (lot->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lot, lot_clear)

/* A curve of which there is no portrait is a blank one: nothing can be known. */
static void
portray (const SaxidMeasured *curve, float *out)
{
  if (!saxid_portrait_take (curve->n, curve->q, curve->intensity, curve->has_sigma ? curve->sigma : NULL, out))
    memset (out, 0, PORTRAIT * sizeof *out);
}

typedef struct
{
  const SaxidFieldSource *source;
  const guint8 *class_of; /* [classes of the source] */
  Lot *lot;
  gsize first, at; /* row of the library, and where it goes */
} Taking;

static void
take (gsize row, const SaxidInstrument *instrument G_GNUC_UNUSED, const SaxidMeasured *curve,
      const SaxidNuisances *nuisances G_GNUC_UNUSED, gpointer data)
{
  const Taking *taking = data;
  const gsize at = taking->at + (row - taking->first);

  portray (curve, taking->lot->input + at * PORTRAIT);
  taking->lot->label[at] = taking->class_of[taking->source->library->label[row]];
}

/* Which classes of all those of a source are. */
static gboolean
map_classes (const SaxidFieldOptions *options, const SaxidFieldSource *source, guint8 *class_of, GError **error)
{
  for (guint k = 0; k < saxid_population_class_count (source->population); k++)
    {
      const SaxidShape *shape = saxid_population_class (source->population, k);
      guint c = 0;

      while (c < class_count (options) && saxid_population_class (options->source[0].population, c) != shape)
        c++;
      if (c == class_count (options))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "class %s of the population '%s' is none of the first library", shape->name,
                       saxid_population_name (source->population));
          return FALSE;
        }
      class_of[k] = (guint8) c;
    }
  return TRUE;
}

static gboolean
measure_known (const SaxidFieldOptions *options, Lot *lot, guint64 seed, GError **error)
{
  gsize at = 0;

  for (guint s = 0; s < options->n_source; s++)
    {
      const SaxidFieldSource *source = &options->source[s];
      guint8 class_of[SAXID_PREDICTOR_MOST_CLASSES];
      Taking taking = { source, class_of, lot, lot->first[s], at };
      const SaxidRemeasureOptions how
        = { .per_instrument = PER_INSTRUMENT, .redraw = source->population, .flags = SAXID_MEASURE_NUISANCES,
            .clean_part = source->clean_part, .seed = seed + s * SEEDS_OF_SOURCE, .threads = options->threads };

      if (!map_classes (options, source, class_of, error)
          || !saxid_library_measure (source->library, lot->first[s], lot->count[s], &how, take, &taking, error))
        return FALSE;
      at += lot->count[s];
    }
  return TRUE;
}

typedef struct
{
  const SaxidFieldOptions *options;
  Lot *lot;
  guint64 seed;
  gint next; /* atomic: the next few strangers */
} Estranging;

static void
measure_strangers (const Estranging *work, gsize from, gsize to, SaxidMeasured *curve)
{
  const SaxidLibrary *library = work->options->source[0].library;
  g_autoptr (SaxidMeasurementPlan) plan = NULL;
  g_autofree double *truth = NULL;
  SaxidInstrument instrument;

  /* other instruments than those of particles, which are counted from 0 */
  saxid_instrument_draw (work->seed, (1u << 30) + from, &instrument);
  plan = saxid_measurement_plan_new (&instrument);
  truth = g_new (double, plan->n_true);
  for (gsize k = from; k < to; k++)
    {
      const gsize at = work->lot->n_known + k;
      const guint64 sample = ((guint64) 1 << 40) + k;
      const guint kind = (guint) (k % saxid_stranger_count ());
      SaxidRandom random;
      gsize base;

      saxid_random_init (&random, work->seed, sample, SAXID_STREAM_PARTICLE);
      base = work->lot->first[0] + (gsize) (saxid_random_unit (&random) * (double) work->lot->count[0]);
      if (saxid_stranger_needs_base (kind))
        saxid_library_interpolate (library, library->intensity + base * library->n_q, plan->n_true, plan->q_true,
                                   truth);
      saxid_stranger_draw (kind, &random, plan->q[0], plan->q[plan->n_q - 1], plan->n_true, plan->q_true, truth,
                           work->lot->bodies, truth);
      saxid_measure (plan, truth, SAXID_MEASURE_NUISANCES, work->seed, sample, curve, NULL);
      portray (curve, work->lot->input + at * PORTRAIT);
      work->lot->label[at] = (guint8) class_count (work->options);
    }
}

static gpointer
run_worker (gpointer data)
{
  Estranging *work = data;
  g_autoptr (SaxidMeasured) curve = saxid_measured_new ();

  for (;;)
    {
      const gsize from = (gsize) g_atomic_int_add (&work->next, 1) * PER_INSTRUMENT;

      if (from >= work->lot->n_stranger)
        return NULL;
      measure_strangers (work, from, MIN (from + PER_INSTRUMENT, work->lot->n_stranger), curve);
    }
}

static gboolean
lot_fill (Lot *lot, const SaxidFieldOptions *options, guint64 seed, GError **error)
{
  const gsize width = target_width (options);
  Estranging work = { .options = options, .lot = lot, .seed = seed };
  g_autofree GThread **pool = g_new0 (GThread *, MAX (options->threads, 1));

  if (!measure_known (options, lot, seed, error))
    return FALSE;
  for (guint k = 1; k < options->threads; k++)
    pool[k] = g_thread_new ("saxid-stranger", run_worker, &work);
  run_worker (&work);
  for (guint k = 1; k < options->threads; k++)
    g_thread_join (pool[k]);
  memset (lot->target, 0, lot->rows * width * sizeof *lot->target);
  for (gsize r = 0; r < lot->rows; r++)
    lot->target[r * width + lot->label[r]] = 1;
  return TRUE;
}

/* --- The network ------------------------------------------------------------------------ */

typedef struct
{
  const SaxidFieldOptions *options;
  Lot *training;
  const SaxidFitHooks *outer;
} Renewing;

static guint64
seed_of (const SaxidFieldOptions *options, guint64 epoch)
{
  return options->seed * EPOCHS_OF_SEED + epoch;
}

static gboolean
renew (guint epoch, gpointer data, GError **error)
{
  Renewing *self = data;

  return lot_fill (self->training, self->options, seed_of (self->options, epoch), error);
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

static SaxidNetwork *
learn (const SaxidFieldOptions *options, Lot *training, Lot *held, const SaxidFitHooks *hooks, GError **error)
{
  g_autofree char *text = g_strdup_printf (LAYERS, target_width (options));
  g_autoptr (SaxidNetwork) network
    = saxid_network_new (text, (SaxidExtent) { SAXID_PORTRAIT_CHANNELS, 1, SAXID_PORTRAIT_WIDTH }, options->seed,
                         error);
  const SaxidExamples rows = { training->rows, training->input, training->target };
  const SaxidExamples watched = { held->rows, held->input, held->target };
  const SaxidFitOptions how = { .loss = saxid_loss_contrastive, .batch = BATCH, .epochs = options->epochs,
                                .rate = options->rate, .rise = RISE, .decay = DECAY, .threads = options->threads,
                                .half = TRUE, .seed = options->seed };
  Renewing renewing = { options, training, hooks };
  g_autoptr (SaxidNetwork) folded = NULL;
  const SaxidFitHooks inner = { .renew = renew, .progress = tell, .checkpoint = keep,
                                .resume = hooks != NULL ? hooks->resume : NULL, .data = &renewing };

  if (network == NULL || !lot_fill (held, options, seed_of (options, options->epochs), error)
      || !saxid_network_fit (network, &rows, &watched, &how, &inner, error))
    return NULL;
  folded = saxid_network_fold (network);
  return saxid_network_narrow (folded, class_count (options) + 1);
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

/* --- What it learned from ------------------------------------------------------------------ */

/* As many of each library, whole turns of its classes. */
static void
choose_examples (const SaxidFieldOptions *options, const Lot *training, Lot *examples)
{
  for (guint s = 0; s < options->n_source; s++)
    {
      const gsize n_class = saxid_population_class_count (options->source[s].population);
      const gsize turns = MAX (GALLERY / options->n_source / n_class, 1);

      examples->first[s] = training->first[s];
      examples->count[s] = MIN (turns * n_class, training->count[s]);
    }
  examples->bodies = training->bodies;
  lot_make (examples, options);
}

static SaxidGallery *
hang (const SaxidFieldOptions *options, const SaxidPredictor *predictor, const Lot *training, GError **error)
{
  const gsize width = saxid_predictor_n_feature (predictor);
  g_auto (Lot) lot = { 0 };
  g_autofree float *features = NULL;
  g_autoptr (SaxidPass) pass = saxid_pass_new (predictor->network, BATCH, options->threads, error);
  SaxidGallery *gallery;
  gsize n = 0;

  choose_examples (options, training, &lot);
  features = g_new (float, lot.rows * width);
  if (pass == NULL || !lot_fill (&lot, options, seed_of (options, 0), error)
      || !saxid_pass_run (pass, lot.input, lot.rows, predictor->latent, features, NULL, error))
    return NULL;
  /* (a blank portrait is like all others that are blank) */
  for (gsize r = 0; r < lot.n_known; r++)
    n += saxid_portrait_range (lot.input + r * PORTRAIT) > 0;
  gallery = saxid_gallery_new (n, width);
  n = 0;
  for (gsize r = 0; r < lot.n_known; r++)
    if (saxid_portrait_range (lot.input + r * PORTRAIT) > 0)
      saxid_gallery_set (gallery, n++, lot.label[r], lot.input + r * PORTRAIT, features + r * width);
  return gallery;
}

/* --- What its margins mean ---------------------------------------------------------------- */

/* Margins of held-out curves, measured several times, curves of classes first. */
typedef struct
{
  gsize n, n_stranger;
  float *margin;    /* [n + n_stranger × n_class + 1] */
  double *distance; /* [n + n_stranger] from the gallery */
  guint8 *label;
} Held;

static void
held_clear (Held *held)
{
  g_free (held->margin);
  g_free (held->distance);
  g_free (held->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Held, held_clear)

static gboolean
ask (const SaxidFieldOptions *options, const SaxidPredictor *predictor, Lot *lot, Held *held, GError **error)
{
  const guint width = class_count (options) + 1;
  const gsize all = lot->n_known * HELD_TIMES, n_feature = saxid_predictor_n_feature (predictor);
  g_autoptr (SaxidPass) pass = saxid_pass_new (predictor->network, BATCH, options->threads, error);
  g_autofree float *margin = g_new (float, lot->rows * width), *features = g_new (float, lot->rows * n_feature);

  if (pass == NULL)
    return FALSE;
  held->margin = g_new (float, lot->rows * HELD_TIMES * width);
  held->distance = g_new (double, lot->rows * HELD_TIMES);
  held->label = g_new (guint8, lot->rows * HELD_TIMES);
  for (guint time = 0; time < HELD_TIMES; time++)
    {
      if (!lot_fill (lot, options, seed_of (options, options->epochs + 1 + time), error)
          || !saxid_pass_run (pass, lot->input, lot->rows, predictor->latent, features, margin, error))
        return FALSE;
      for (gsize r = 0; r < lot->rows; r++)
        {
          const gsize at = r < lot->n_known ? held->n + r : all + held->n_stranger + r - lot->n_known;
          gsize nearest[SAXID_GALLERY_NEAREST];

          held->distance[at] = saxid_gallery_nearest (predictor->gallery, features + r * n_feature,
                                                      SAXID_GALLERY_NEAREST, nearest, NULL);
        }
      memcpy (held->margin + held->n * width, margin, lot->n_known * width * sizeof *margin);
      memcpy (held->label + held->n, lot->label, lot->n_known);
      memcpy (held->margin + (all + held->n_stranger) * width, margin + lot->n_known * width,
              lot->n_stranger * width * sizeof *margin);
      memset (held->label + all + held->n_stranger, (int) width - 1, lot->n_stranger);
      held->n += lot->n_known;
      held->n_stranger += lot->n_stranger;
    }
  return TRUE;
}

static int
compare_doubles (const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* How the signs of a stranger count, and the score of each. */
static double *
strangeness (const Held *held, guint n_class, double temperature, SaxidStrangeness *how)
{
  const gsize rows = held->n + held->n_stranger;
  g_autofree SaxidSigns *signs = g_new (SaxidSigns, rows);
  double *out = g_new (double, rows);

  for (gsize r = 0; r < rows; r++)
    signs[r] = saxid_signs_of (n_class, held->margin + r * (n_class + 1), temperature, held->distance[r]);
  *how = saxid_strangeness_fit (held->n, signs, held->n_stranger, signs + held->n);
  for (gsize r = 0; r < rows; r++)
    out[r] = saxid_strangeness_score (how, &signs[r]);
  return out;
}

/* Both sorted: the part of pairs in which the stranger is the stranger one. */
static double
area (gsize n, const double *of_class, gsize m, const double *of_stranger)
{
  double pairs = 0;
  gsize below = 0;

  for (gsize k = 0; k < m; k++)
    {
      while (below < n && of_class[below] < of_stranger[k])
        below++;
      pairs += (double) below;
    }
  return n > 0 && m > 0 ? pairs / ((double) n * (double) m) : NAN;
}

static SaxidFieldReport *
calibrate (const SaxidFieldOptions *options, const Held *held, SaxidPredictor *predictor)
{
  SaxidFieldReport *report = g_new0 (SaxidFieldReport, 1);
  const guint n_class = predictor->n_class, width = n_class + 1;
  g_autofree float *margin = g_new (float, held->n * n_class), *probability = g_new (float, held->n * n_class);
  g_autofree double *strange = NULL;

  for (gsize r = 0; r < held->n; r++)
    memcpy (margin + r * n_class, held->margin + r * width, n_class * sizeof *margin);
  predictor->temperature = saxid_fit_temperature (held->n, n_class, margin, held->label);
  for (gsize r = 0; r < held->n; r++)
    saxid_softmax (n_class, margin + r * n_class, predictor->temperature, probability + r * n_class);
  predictor->set_threshold
    = saxid_fit_set_threshold (held->n, n_class, probability, held->label, options->set_coverage);
  report->all = saxid_evaluate (held->n, n_class, probability, held->label, predictor->set_threshold);

  strange = strangeness (held, n_class, predictor->temperature, &predictor->strangeness);
  qsort (strange, held->n, sizeof *strange, compare_doubles);
  qsort (strange + held->n, held->n_stranger, sizeof *strange, compare_doubles);
  predictor->outlier_limit = strange[(gsize) ((1 - options->refused_part) * (double) (held->n - 1))];
  report->n_stranger = held->n_stranger;
  for (gsize k = 0; k < held->n_stranger; k++)
    report->n_refused += strange[held->n + k] > predictor->outlier_limit;
  report->stranger_area = area (held->n, strange, held->n_stranger, strange + held->n);
  return report;
}

/* The last rows of each library are held out, whole turns of its classes. */
static gboolean
divide (const SaxidFieldOptions *options, Lot *training, Lot *held, GError **error)
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
  lot_make (training, options);
  lot_make (held, options);
  return TRUE;
}

SaxidPredictor *
saxid_train_field (const SaxidFieldOptions *options, const SaxidFitHooks *hooks, SaxidFieldReport **report,
                   GError **error)
{
  const guint n_class = class_count (options);
  g_autoptr (SaxidBodies) bodies = NULL;
  g_auto (Lot) training = { 0 }, held = { 0 };
  g_auto (Held) asked = { 0 };
  g_autoptr (SaxidPredictor) predictor = g_new0 (SaxidPredictor, 1);

  g_return_val_if_fail (options->n_source >= 1 && options->n_source <= SAXID_FIELD_MOST_SOURCES, NULL);

  if (!divide (options, &training, &held, error))
    return NULL;
  bodies = saxid_bodies_new (options->bodies, options->seed, options->threads);
  training.bodies = held.bodies = bodies;
  predictor->network = learn (options, &training, &held, hooks, error);
  if (predictor->network == NULL)
    return NULL;
  predictor->latent = latent_of (predictor->network);
  predictor->gallery = hang (options, predictor, &training, error);
  if (predictor->gallery == NULL || !ask (options, predictor, &held, &asked, error))
    return NULL;
  predictor->n_class = n_class;
  predictor->class_name = g_new0 (char *, n_class + 1);
  for (guint k = 0; k < n_class; k++)
    predictor->class_name[k] = g_strdup (saxid_population_class (options->source[0].population, k)->name);
  predictor->algorithm = g_strdup_printf ("convolutional network on portraits, %u epochs of %" G_GSIZE_FORMAT
                                          " curves measured anew",
                                          options->epochs, training.n_known);
  predictor->least_coverage = 1;
  *report = calibrate (options, &asked, predictor);
  return g_steal_pointer (&predictor);
}
