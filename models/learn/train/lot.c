/* See lot.h.
 */
#include "models/learn/train/lot.h"

#include <string.h>

#include "models/learn/network/loss.h"
#include "models/learn/portrait.h"
#include "models/parallel.h"
#include "models/simulate/stranger.h"
#include "reducers/error.h"

#define PORTRAIT (SAXID_PORTRAIT_CHANNELS * SAXID_PORTRAIT_WIDTH)
/* Strangers for each curve of the classes. */
#define STRANGER_PART 0.25
/* Neighbours in the library that one random instrument measures. */
#define PER_INSTRUMENT 16
/* Seeds: that of an epoch is this times the seed of the training, plus the epoch. */
#define EPOCHS_OF_SEED 1000003
/* And the libraries of an epoch lie so far apart. */
#define SEEDS_OF_SOURCE ((guint64) 1 << 48)

guint
saxid_any_grid_class_count (const SaxidAnyGridOptions *options)
{
  return saxid_population_class_count (options->source[0].population);
}

/* Classes, strangers and the embedding. */
guint
saxid_any_grid_target_width (const SaxidAnyGridOptions *options)
{
  return saxid_any_grid_class_count (options) + 1 + SAXID_LOSS_EMBEDDING;
}

void
saxid_lot_make (SaxidLot *lot, const SaxidAnyGridOptions *options)
{
  const gsize width = saxid_any_grid_target_width (options);

  for (guint s = 0; s < options->n_source; s++)
    lot->n_known += lot->count[s];
  lot->n_stranger = (gsize) (STRANGER_PART * (double) lot->n_known);
  lot->rows = lot->n_known + lot->n_stranger;
  lot->input = g_new (float, lot->rows *PORTRAIT);
  lot->target = g_new (float, lot->rows *width);
  lot->label = g_new (guint8, lot->rows);
}

void
saxid_lot_clear (SaxidLot *lot)
{
  g_free (lot->input);
  g_free (lot->target);
  g_free (lot->label);
}

/* A curve of which there is no portrait is a blank one: nothing can be known. */
static void
portray (const SaxidSimulatedCurve *curve, float *out)
{
  if (!saxid_portrait_take (curve->n, curve->q, curve->intensity, curve->has_sigma ? curve->sigma : NULL, out))
    memset (out, 0, PORTRAIT * sizeof *out);
}

typedef struct
{
  const SaxidAnyGridSource *source;
  const guint8 *class_of; /* [classes of the source] */
  SaxidLot *lot;
  gsize first, at; /* row of the library, and where it goes */
} Taking;

static void
take (gsize row, const SaxidInstrument *instrument G_GNUC_UNUSED, const SaxidSimulatedCurve *curve,
      const SaxidNuisances *nuisances G_GNUC_UNUSED, gpointer data)
{
  const Taking *taking = data;
  const gsize at = taking->at + (row - taking->first);

  portray (curve, taking->lot->input + at * PORTRAIT);
  taking->lot->label[at] = taking->class_of[taking->source->library->label[row]];
}

/* Which classes of all those of a source are. */
static gboolean
map_classes (const SaxidAnyGridOptions *options, const SaxidAnyGridSource *source, guint8 *class_of, GError **error)
{
  for (guint k = 0; k < saxid_population_class_count (source->population); k++)
    {
      const SaxidShape *shape = saxid_population_class (source->population, k);
      guint c = 0;

      while (c < saxid_any_grid_class_count (options) && saxid_population_class (options->source[0].population, c) != shape)
        c++;
      if (c == saxid_any_grid_class_count (options))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "class %s of the population '%s' is none of the first library",
                       shape->name, saxid_population_name (source->population));
          return FALSE;
        }
      class_of[k] = (guint8) c;
    }
  return TRUE;
}

static gboolean
measure_known (const SaxidAnyGridOptions *options, SaxidLot *lot, guint64 seed, GError **error)
{
  gsize at = 0;

  for (guint s = 0; s < options->n_source; s++)
    {
      const SaxidAnyGridSource *source = &options->source[s];
      guint8 class_of[SAXID_PREDICTOR_MOST_CLASSES];
      Taking taking = { source, class_of, lot, lot->first[s], at };
      const SaxidRemeasureOptions how
        = { .instrument = options->instrument, .per_instrument = PER_INSTRUMENT, .redraw = source->population, .flags = SAXID_MEASURE_NUISANCES,
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
  const SaxidAnyGridOptions *options;
  SaxidLot *lot;
  guint64 seed;
} Estranging;

/* As many of the strangers have no faults as of the particles, or faults would tell. */
static double
clean_part_of (const SaxidAnyGridOptions *options, const SaxidLot *lot)
{
  double sum = 0;

  for (guint s = 0; s < options->n_source; s++)
    sum += options->source[s].clean_part * (double) lot->count[s];
  return sum / (double) lot->n_known;
}

static void
measure_strangers (const Estranging *work, gsize from, gsize to, SaxidSimulatedCurve *curve)
{
  const SaxidLibrary *library = work->options->source[0].library;
  const double clean = clean_part_of (work->options, work->lot);
  g_autoptr (SaxidResponse) response = NULL;
  g_autofree double *truth = NULL;
  SaxidInstrument instrument;

  /* other instruments than those of particles, which are counted from 0 */
  if (work->options->instrument != NULL)
    instrument = *work->options->instrument;
  else
    saxid_instrument_draw (work->seed, (1u << 30) + from, &instrument);
  response = saxid_response_new (&instrument);
  truth = g_new (double, response->n_true);
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
        saxid_library_interpolate (library, library->intensity + base * library->n_q, response->n_true, response->q_true,
                                   truth);
      saxid_stranger_draw (kind, &random, response->q[0], response->q[response->n_q - 1], response->n_true, response->q_true,
                           truth, work->lot->bodies, truth);
      saxid_random_init (&random, work->seed, sample, SAXID_STREAM_CLEAN);
      saxid_simulated_curve_draw (response, truth, saxid_random_unit (&random) < clean ? 0 : SAXID_MEASURE_NUISANCES, NULL,
                                  work->seed, sample, curve, NULL);
      portray (curve, work->lot->input + at * PORTRAIT);
      work->lot->label[at] = (guint8) saxid_any_grid_class_count (work->options);
    }
}

static gboolean
measure_few (gsize at, gpointer curve, gpointer data)
{
  const Estranging *work = data;
  const gsize from = at * PER_INSTRUMENT;

  measure_strangers (work, from, MIN (from + PER_INSTRUMENT, work->lot->n_stranger), curve);
  return TRUE;
}

gboolean
saxid_lot_fill (SaxidLot *lot, const SaxidAnyGridOptions *options, guint64 seed, GError **error)
{
  const gsize width = saxid_any_grid_target_width (options);
  Estranging work = { .options = options, .lot = lot, .seed = seed };

  if (!measure_known (options, lot, seed, error))
    return FALSE;
  saxid_parallel (&(SaxidParallel) { .name = "saxid-stranger", .threads = options->threads, .piece = measure_few,
                                     .scratch_new = saxid_simulated_curve_scratch, .scratch_free = saxid_simulated_curve_forget,
                                     .data = &work },
                  (lot->n_stranger + PER_INSTRUMENT - 1) / PER_INSTRUMENT);
  memset (lot->target, 0, lot->rows * width * sizeof *lot->target);
  for (gsize r = 0; r < lot->rows; r++)
    lot->target[r * width + lot->label[r]] = 1;
  return TRUE;
}

guint64
saxid_any_grid_random_seed (const SaxidAnyGridOptions *options, guint64 epoch)
{
  return options->seed * EPOCHS_OF_SEED + epoch;
}

const float *
saxid_lot_portrait (const SaxidLot *lot, gsize row)
{
  return lot->input + row * PORTRAIT;
}
