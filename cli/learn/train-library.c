/* saxid train, of libraries: which model for any instrument comes out of them?
 *
 * The state of the training lies beside the model, as MODEL.training, until the model is
 * there.
 */
#include "config.h"
#include "cli/learn/train-library.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/learn/model-card.h"
#include "cli/learn/population-file.h"
#include "cli/learn/train-elsewhere.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "models/learn/train/any-grid.h"
#include "models/simulate/nuisance.h"
#include "models/simulate/sample.h"
#include "models/simulate/stranger.h"
#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/learn/dataset.h"

#define VERB "train"
#define STATE_SUFFIX ".training"

#define RATE 2e-3
/* … of a network that has learned before: the higher one would undo what it knows. */
#define RATE_OF_START 7e-4
/* Of the curves of other populations than the first: that is how samples are, faults and
 * all, the others how they should be. */
#define CLEAN_PART 0.5
#define HELD_PART 0.06
#define SET_COVERAGE 0.95
#define REFUSED_PART 0.02
/* Strangers' bodies of a kind, at most and for a curve. */
#define MOST_BODIES 600
#define LEAST_BODIES 20
#define CURVES_PER_BODY 200
#define ATLAS_PAGE 300

gboolean
saxid_train_is_library (const char *path, gboolean *is_library, GError **error)
{
  return saxid_dataset_is_library (path, is_library, error);
}

/* --- The library -------------------------------------------------------------------------- */

typedef struct
{
  SaxidDataset *data;
  SaxidPopulation *population;
  SaxidContrast *contrast;
  SaxidLibrary library;
} Source;

static void
source_clear (Source *source)
{
  g_clear_pointer (&source->data, saxid_dataset_free);
  g_clear_pointer (&source->population, saxid_population_free);
  g_free (source->contrast);
}

static gboolean
same_population (const Source *a, const Source *b)
{
  return strcmp (saxid_population_digest (a->population), saxid_population_digest (b->population)) == 0;
}

static gboolean
check_classes (const Source *source, const char *path, GError **error)
{
  const guint n = saxid_population_class_count (source->population);
  char **name = source->data->header.class_name;
  gboolean same = g_strv_length (name) == n
                  && source->data->header.n_parameter == saxid_sample_parameter_count (source->population);

  for (guint k = 0; same && k < n; k++)
    same = g_str_equal (name[k], saxid_population_class (source->population, k)->name);
  if (same)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "classes of the library are not those of the population '%s' now (%s)",
               source->data->header.population, path);
  return FALSE;
}

static gboolean
read_source (const char *path, Source *source, GError **error)
{
  const SaxidDataset *data = source->data = saxid_dataset_read (path, error);
  gsize n;

  if (data == NULL)
    return FALSE;
  if (strcmp (data->header.instrument, SAXID_DATASET_LIBRARY) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "set was measured by %s, but the first one is a library: all must be (%s)",
                   data->header.instrument, path);
      return FALSE;
    }
  source->population = saxid_population_load (data->header.population, error);
  if (source->population == NULL || !check_classes (source, path, error))
    return FALSE;
  n = data->header.n_parameter;
  source->contrast = g_new0 (SaxidContrast, MAX (data->n_curve, 1));
  for (gsize k = 0; k < data->n_curve; k++)
    saxid_contrast_of (saxid_population_class (source->population, data->label[k]),
                       data->parameter + k * n + SAXID_SAMPLE_COMMON_PARAMETERS, &source->contrast[k]);
  source->library = (SaxidLibrary) { .n_q = data->header.n_q, .q = data->header.q, .n_curve = data->n_curve,
                                     .intensity = data->intensity, .scale = data->parameter + 1, .scale_stride = n,
                                     .parts = data->parts, .label = data->label, .contrast = source->contrast };
  return TRUE;
}

/* --- Progress and state ------------------------------------------------------------------- */

typedef struct
{
  SaxidProgress *progress;
  const char *state_path;
  gboolean quiet, begun;
  guint epoch;
} Watch;

static gboolean
show (const SaxidFitState *state, gpointer data)
{
  Watch *watch = data;

  if (!watch->begun)
    saxid_progress_set_total (watch->progress, (guint64) state->steps * (state->epochs - state->epoch));
  if (!watch->begun || state->epoch != watch->epoch)
    {
      watch->epoch = state->epoch;
      if (!watch->quiet && watch->begun)
        {
          saxid_progress_hide (watch->progress);
          g_printerr ("epoch %u of %u: held-out loss %.4f\n", state->epoch, state->epochs, state->validation);
        }
      watch->begun = TRUE;
    }
  saxid_progress_advance (watch->progress, 1);
  return !saxid_interrupted ();
}

static gboolean
keep (GBytes *state, gpointer data, GError **error)
{
  const Watch *watch = data;
  SaxidAtomicFile *file = saxid_atomic_begin (watch->state_path, error);
  gsize size;
  gconstpointer bytes = g_bytes_get_data (state, &size);

  if (file == NULL)
    return FALSE;
  if (saxid_atomic_write (file, bytes, size, error))
    return saxid_atomic_commit (file, error);
  saxid_atomic_abort (file);
  return FALSE;
}

static GBytes *
find_state (const char *path, gboolean anew)
{
  g_autofree char *bytes = NULL;
  gsize size;

  if (anew || !g_file_get_contents (path, &bytes, &size, NULL))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), size);
}

/* The networks that a training is given. */
typedef struct
{
  SaxidWeights start, learned;
} Given;

static void
given_clear (Given *given)
{
  saxid_weights_clear (&given->start);
  saxid_weights_clear (&given->learned);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Given, given_clear)

/* --- The card --------------------------------------------------------------------------------- */

static gboolean
is_first_of_its_population (const Source *source, guint which)
{
  guint first = 0;

  while (!same_population (&source[first], &source[which]))
    first++;
  return first == which;
}

/* Of the first population none is without faults, of others a part, unless it is said. */
static double
clean_part_of (const SaxidTrainOnLibrary *options, const Source *source, guint which)
{
  if (options->clean_part >= 0)
    return options->clean_part;
  return same_population (&source[which], &source[0]) ? 0 : CLEAN_PART;
}

/* What the model has met, line by line; element: char *. */
static GPtrArray *
describe_domain (const SaxidTrainOnLibrary *options, const Source *source)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) instruments = saxid_instrument_domain ();
  g_autoptr (GString) strangers = g_string_new ("strangers: ");

  for (guint k = 0; k < options->n_library; k++)
    if (is_first_of_its_population (source, k))
      g_ptr_array_add (lines, g_strdup_printf ("particles: %s", saxid_population_title (source[k].population)));
  if (options->instrument != NULL)
    g_ptr_array_add (lines, g_strdup_printf ("instrument: %s", options->instrument));
  for (guint k = 0; options->instrument == NULL && instruments[k] != NULL; k++)
    g_ptr_array_add (lines, g_strdup_printf ("instruments: %s", instruments[k]));
  for (guint k = 0; k < options->n_library; k++)
    if (is_first_of_its_population (source, k))
      g_ptr_array_add (lines, g_strdup_printf ("no faults: %.0f %% of the curves of %s",
                                               100 * clean_part_of (options, source, k),
                                               source[k].data->header.population));
  for (guint k = 0; k < SAXID_N_NUISANCES && options->clean_part < 1; k++)
    {
      const SaxidNuisanceInfo *info = saxid_nuisance_info ((SaxidNuisance) k);

      if (info->probability < 1)
        g_ptr_array_add (lines, g_strdup_printf ("fault: %s, %.0f %% of the other curves", info->title,
                                                 100 * info->probability));
    }
  for (guint k = 0; k < saxid_stranger_count (); k++)
    g_string_append_printf (strangers, "%s%s", k > 0 ? ", " : "", saxid_stranger_name (k));
  g_ptr_array_add (lines, g_strdup (strangers->str));
  return lines;
}

static void
add_file (GString *command, const char *option, const char *path)
{
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : NULL;

  if (base != NULL)
    g_string_append_printf (command, " %s %s", option, base);
}

static char *
make_card (const SaxidTrainOnLibrary *options, const Source *source, const Given *given, const SaxidPredictor *predictor,
           const SaxidAnyGridReport *report)
{
  g_autoptr (GPtrArray) data = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) domain = describe_domain (options, source);
  g_autoptr (GString) command = g_string_new ("saxid train");
  g_autoptr (JsonBuilder) builder = NULL;

  g_string_append_printf (command, " --epochs %u --seed %" G_GUINT64_FORMAT, options->epochs, options->seed);
  if (options->instrument != NULL)
    g_string_append_printf (command, " --instrument %s", options->instrument);
  if (options->clean_part >= 0)
    g_string_append_printf (command, " --clean %g", options->clean_part);
  add_file (command, "--start", options->start);
  add_file (command, "--weights", options->weights);
  for (guint k = 0; k < options->n_library; k++)
    {
      const SaxidDatasetHeader *header = &source[k].data->header;
      g_autofree char *base = g_path_get_basename (options->library[k]);

      g_string_append_printf (command, " %s", base);
      g_ptr_array_add (data, g_strdup_printf ("%s population (%.12s), library of %" G_GSIZE_FORMAT
                                              " curves, seed %" G_GUINT64_FORMAT,
                                              header->population, saxid_population_digest (source[k].population),
                                              source[k].data->n_curve, header->seed));
    }
  g_string_append (command, " -o MODEL.saxid-model");
  builder = saxid_card_begin (predictor->algorithm, command->str);
  if (given->learned.trained_by != NULL)
    saxid_card_text (builder, "learned_elsewhere", given->learned.trained_by);
  if (given->start.trained_by != NULL)
    saxid_card_text (builder, "began_with", given->start.trained_by);
  saxid_card_texts (builder, "data", data->len, (char *const *) data->pdata);
  saxid_card_texts (builder, "domain", domain->len, (char *const *) domain->pdata);
  saxid_card_number (builder, "temperature", predictor->temperature);
  saxid_card_number (builder, "set_threshold", predictor->set_threshold);
  saxid_card_number (builder, "outlier_limit", predictor->outlier_limit);
  json_builder_set_member_name (builder, "held_out");
  json_builder_begin_object (builder);
  saxid_card_scores (builder, report->all, predictor->class_name);
  if (report->merged != NULL)
    {
      saxid_card_number (builder, "folded_accuracy", report->merged->accuracy);
      saxid_card_number (builder, "folded_calibration_error", report->merged->calibration_error);
      saxid_card_number (builder, "folded_set_coverage", report->merged->set_coverage);
    }
  saxid_card_number (builder, "strangers_refused", (double) report->n_refused / (double) report->n_stranger);
  saxid_card_number (builder, "stranger_area", report->stranger_area);
  json_builder_end_object (builder);
  return saxid_card_finish (builder);
}

static void
print_result (const SaxidPredictor *predictor, const SaxidAnyGridReport *report, const char *path)
{
  const SaxidScores *scores = report->all;

  g_print ("%-22s %8s %10s\n", "class", "recall", "precision");
  for (guint k = 0; k < predictor->n_class; k++)
    g_print ("%-22s %7.1f%% %9.1f%%\n", predictor->class_name[k], 100 * scores->recall[k],
             100 * scores->precision[k]);
  g_print ("held out: accuracy %.2f %%, F1 %.3f, Matthews %.3f, calibration error %.3f\n", 100 * scores->accuracy,
           scores->f1, scores->matthews, scores->calibration_error);
  g_print ("strangers: %.1f %% refused, area under the curve %.3f\n%s\n",
           100 * (double) report->n_refused / (double) report->n_stranger, report->stranger_area, path);
}

static SaxidAnyGridOptions
settle (const SaxidTrainOnLibrary *options, const Source *source, const Given *given)
{
  SaxidAnyGridOptions how = { .n_source = options->n_library, .epochs = options->epochs,
                            .rate = given->start.network != NULL ? RATE_OF_START : RATE,
                            .held_part = HELD_PART, .set_coverage = SET_COVERAGE, .refused_part = REFUSED_PART,
                            .seed = options->seed, .threads = options->threads,
                            .clean_given = options->clean_part >= 0, .start = given->start.network,
                            .learned = given->learned.network };
  gsize n_curve = 0;

  if (options->instrument != NULL)
    how.instrument = saxid_instrument_find (options->instrument);
  for (guint k = 0; k < how.n_source; k++)
    {
      how.source[k] = (SaxidAnyGridSource) { &source[k].library, source[k].population,
                                           clean_part_of (options, source, k) };
      n_curve += source[k].data->n_curve;
    }
  how.bodies = (guint) CLAMP (n_curve / CURVES_PER_BODY, LEAST_BODIES, MOST_BODIES);
  return how;
}

static SaxidPredictor *
train (const SaxidTrainOnLibrary *options, const SaxidAnyGridOptions *how, const char *state_path, SaxidAnyGridReport **report,
       GError **error)
{
  g_autoptr (GBytes) state = how->learned == NULL ? find_state (state_path, options->anew) : NULL;
  Watch watch = { .state_path = state_path, .quiet = options->quiet };
  const SaxidFitHooks hooks = { .progress = show, .checkpoint = keep, .resume = state, .data = &watch };
  SaxidPredictor *predictor;

  if (state != NULL && !options->quiet)
    g_printerr ("saxid " VERB ": going on with %s\n", state_path);
  watch.progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "training", .noun = "steps",
                                                                 .quiet = options->quiet, .fd = STDERR_FILENO });
  predictor = saxid_train_any_grid (how, &hooks, report, error);
  saxid_progress_finish (watch.progress);
  if (predictor == NULL && saxid_interrupted () && how->learned == NULL)
    g_prefix_error (error, "the same command goes on from %s, with --restart it begins anew: ", state_path);
  return predictor;
}

static SaxidAtlas *
make_atlas (const Source *source, const SaxidTrainOnLibrary *options)
{
  const SaxidShape *class[SAXID_PREDICTOR_MOST_CLASSES];
  const guint n = saxid_population_class_count (source->population);

  for (guint k = 0; k < n; k++)
    class[k] = saxid_population_class (source->population, k);
  return saxid_atlas_new (n, class, ATLAS_PAGE, options->seed, options->threads);
}

/* The model of what was read, in its file. */
static gboolean
make_model (const SaxidTrainOnLibrary *options, const Source *source, const Given *given, GError **error)
{
  const SaxidAnyGridOptions how = settle (options, source, given);
  g_autofree char *state_path = g_strconcat (options->output, STATE_SUFFIX, NULL), *card = NULL;
  g_autoptr (SaxidAnyGridReport) report = NULL;
  g_autoptr (SaxidPredictor) predictor = train (options, &how, state_path, &report, error);
  g_autoptr (SaxidAtlas) atlas = NULL;

  if (predictor == NULL)
    return FALSE;
  if (saxid_interrupted () && how.learned != NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "interrupted; no model was written");
      return FALSE;
    }
  card = make_card (options, source, given, predictor, report);
  atlas = make_atlas (&source[0], options);
  if (!saxid_model_save (predictor, atlas, card, options->output, error))
    return FALSE;
  if (options->keep != NULL && report->learned != NULL
      && !saxid_weights_write (options->keep, report->learned, predictor->algorithm, error))
    return FALSE;
  if (how.learned == NULL)
    g_unlink (state_path);
  print_result (predictor, report, options->output);
  return TRUE;
}

int
saxid_train_on_library (const SaxidTrainOnLibrary *options)
{
  g_auto (Given) given = { 0 };
  g_autoptr (GError) error = NULL;
  Source source[SAXID_ANY_GRID_MOST_SOURCES] = { 0 };
  gboolean done = TRUE;

  if (options->n_library > SAXID_ANY_GRID_MOST_SOURCES)
    return saxid_verb_usage (VERB, "%u libraries, %d are possible", options->n_library, SAXID_ANY_GRID_MOST_SOURCES);
  if (options->instrument != NULL && saxid_instrument_find (options->instrument) == NULL)
    return saxid_verb_usage (VERB, "instrument '%s' is not known (saxid simulate lists them)", options->instrument);
  saxid_interrupt_watch ();
  if (options->weights != NULL)
    done = saxid_weights_read (options->weights, &given.learned, &error);
  if (done && options->start != NULL)
    done = saxid_weights_read (options->start, &given.start, &error);
  for (guint k = 0; done && k < options->n_library; k++)
    done = read_source (options->library[k], &source[k], &error);
  if (done && options->lots != NULL)
    {
      const SaxidAnyGridOptions how = settle (options, source, &given);

      done = saxid_lots_write (options->lots, &how, options->quiet, &error);
    }
  else if (done)
    done = make_model (options, source, &given, &error);
  for (guint k = 0; k < options->n_library; k++)
    source_clear (&source[k]);
  return done ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}
