/* saxid simulate: which curves would an instrument measure of a population? */
#include "config.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/learn/population-file.h"
#include "cli/plot/plot.h"
#include "cli/progress.h"
#include "cli/ranges.h"
#include "cli/simulate-atomic.h"
#include "cli/simulate-frames.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/simulate/library.h"
#include "models/simulate/sample.h"
#include "reducers/error.h"
#include "schemas/learn/dataset-spool.h"

#define VERB "simulate"
#define NO_COUNT G_MININT64 /* all of a library, else 1000 */

typedef struct
{
  const SaxidPopulation *population; /* NULL: measures a library, or is atomic */
  gboolean atomic;
  const SaxidElement *element; /* of the atomic ones; NULL: any */
  const SaxidDataset *library;
  const SaxidInstrument *instrument; /* NULL: a random one for each curve, or none */
  guint64 seed;
  gint64 count;
  SaxidMeasureFlags flags;
  SaxidNuisances given;  /* what goes wrong with every curve */
  gboolean own_grids;    /* each curve has points of its own */
  gboolean make_library; /* tabulate, do not measure */
  gboolean anew;
  gboolean quiet;
  guint threads;
  const char *plot; /* a picture of one curve of each class, or NULL */
  SaxidCanvasFormat format;
} Request;

static char *
list_instruments (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const SaxidInstrument *instrument;

  for (guint k = 0; (instrument = saxid_instrument_at (k)) != NULL; k++)
    g_string_append_printf (text, "  %-16s %s, q %g to %g 1/Å, %u points\n", instrument->name,
                            instrument->title, instrument->q_min, instrument->q_max, instrument->n_q);
  g_string_append_printf (text, "  %-16s any, another one for each curve\n", SAXID_INSTRUMENT_RANDOM);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
list_populations (void)
{
  g_autofree char *files = saxid_population_list ();

  return g_strdup_printf ("%s  %-16s %s\n", files, SAXID_SIMULATE_ATOMIC, SAXID_SIMULATE_ATOMIC_TITLE);
}

static const char *
instrument_name (const Request *request)
{
  if (request->make_library)
    return SAXID_DATASET_LIBRARY;
  return request->instrument != NULL ? request->instrument->name : SAXID_INSTRUMENT_RANDOM;
}

/* The grid that all curves have; NULL when each has its own. */
static double *
common_grid (const Request *request, gsize *n_q)
{
  g_autoptr (SaxidResponse) measurement = NULL;
  double *q;

  *n_q = request->make_library         ? SAXID_LIBRARY_POINTS
         : request->instrument != NULL ? request->instrument->n_q
                                       : SAXID_INSTRUMENT_MOST_POINTS;
  if (request->own_grids)
    return NULL;
  q = g_new (double, *n_q);
  if (request->make_library)
    saxid_library_grid (*n_q, SAXID_LIBRARY_FIRST, SAXID_LIBRARY_LAST, q);
  else
    {
      measurement = saxid_response_new (request->instrument);
      memcpy (q, measurement->q, *n_q * sizeof *q);
    }
  return q;
}

/* The resolution at these q, where one instrument measures all curves. */
static double *
common_resolution (const Request *request, gsize n_q, const double *q)
{
  double *dq;

  if (q == NULL || request->make_library || request->instrument == NULL)
    return NULL;
  dq = g_new (double, n_q);
  for (gsize k = 0; k < n_q; k++)
    dq[k] = saxid_instrument_resolution (request->instrument, q[k]);
  return dq;
}

static void
name_parameters (SaxidDatasetHeader *header, const SaxidPopulation *population)
{
  guint n_class = saxid_population_class_count (population), n = saxid_sample_parameter_count (population);

  header->class_name = g_new0 (char *, n_class + 1);
  header->n_parameter = n;
  header->parameter_name = g_new0 (char *, n_class * n + 1);
  for (guint c = 0; c < n_class; c++)
    {
      header->class_name[c] = g_strdup (saxid_population_class (population, c)->name);
      for (guint k = 0; k < n; k++)
        {
          const char *name = saxid_sample_parameter_name (population, c, k);
          gboolean width = *name != '\0' && saxid_sample_parameter_is_width (population, k);

          header->parameter_name[c * n + k] = g_strconcat (width ? "width." : "", name, NULL);
        }
    }
}

static void
fill_head_of_forms (SaxidDatasetHeader *header, const Request *request)
{
  const SaxidDatasetHeader *library = request->library != NULL ? &request->library->header : NULL;

  header->q = common_grid (request, &header->n_q);
  header->dq = common_resolution (request, header->n_q, header->q);
  if (library != NULL)
    {
      header->class_name = g_strdupv (library->class_name);
      header->n_parameter = library->n_parameter;
      header->parameter_name = g_strdupv (library->parameter_name);
    }
  else
    name_parameters (header, request->population);
  header->population = g_strdup (library != NULL ? library->population : saxid_population_name (request->population));
  header->instrument = g_strdup (instrument_name (request));
}

static void
fill_header (SaxidDatasetHeader *header, const Request *request)
{
  const SaxidDatasetHeader *library = request->library != NULL ? &request->library->header : NULL;

  if (request->atomic)
    saxid_simulate_atomic_head (header);
  else
    fill_head_of_forms (header, request);
  /* curve k of two sets with one seed is one particle: that of the library */
  header->seed = library != NULL ? library->seed : request->seed;
  header->measurement_seed = library != NULL ? request->seed : 0;
  header->noiseless = request->make_library || (request->flags & SAXID_MEASURE_NOISELESS) != 0;
  header->program_version = g_strdup (PACKAGE_VERSION);
}

/* What a spool of other curves cannot have in common with this run. */
static char *
identify (const Request *request)
{
  g_autofree char *digest = NULL;
  const SaxidDataset *library = request->library;

  if (request->atomic)
    return g_strdup_printf (SAXID_SIMULATE_ATOMIC "|%s", request->element != NULL ? request->element->symbol : "any");
  if (library != NULL)
    digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) library->intensity,
                                          library->n_curve * library->header.n_q * sizeof (float));
  return g_strdup_printf ("%s|%d|%" G_GUINT64_FORMAT "|%a|%a",
                          library != NULL ? digest : saxid_population_digest (request->population), (int) request->flags,
                          request->seed, request->given.strength[SAXID_NUISANCE_DISCREPANCY],
                          request->given.strength[SAXID_NUISANCE_DISCREPANCY_LENGTH]);
}

static SaxidCurve *
curve_of (const Request *request, const SaxidSampleBlock *block, gsize at, const double *common)
{
  const double *q = block->q != NULL ? block->q + at * block->n_q : common;
  const float *intensity = block->intensity + at * block->n_q, *sigma = block->sigma + at * block->n_q;
  gboolean noisy = !request->make_library && (request->flags & SAXID_MEASURE_NOISELESS) == 0 && isfinite (sigma[0]);
  SaxidCurve *curve;
  gsize n = 0;

  while (n < block->n_q && isfinite (q[n]))
    n++;
  curve = saxid_curve_new (n, noisy, FALSE);
  for (gsize k = 0; k < n; k++)
    {
      curve->q[k] = q[k];
      curve->intensity[k] = (double) intensity[k];
      if (noisy)
        curve->sigma[k] = (double) sigma[k];
    }
  return curve;
}

/* The first curve of each class of the block. Shape: at classes. Returns how many classes have one. */
static guint
first_of_each (const SaxidSampleBlock *block, guint classes, gsize *at)
{
  guint n = 0;

  for (guint c = 0; c < classes; c++)
    for (gsize k = 0; k < block->count; k++)
      if (block->label[k] == c)
        {
          at[n++] = k;
          break;
        }
  return n;
}

static gboolean
draw (const Request *request, const SaxidSampleBlock *block, const SaxidDatasetHeader *header, GError **error)
{
  const guint classes = g_strv_length (header->class_name);
  g_autofree gsize *at = g_new (gsize, classes);
  const guint n_panel = first_of_each (block, classes, at);
  g_autoptr (GPtrArray) curves = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_curve_free);
  g_autofree SaxidGridPanel *panel = g_new (SaxidGridPanel, n_panel);
  g_autofree char *title = g_strdup_printf ("%s, seed %" G_GUINT64_FORMAT "%s", header->instrument, request->seed,
                                            header->noiseless ? ", without noise" : "");
  g_autoptr (GBytes) drawing = NULL;

  for (guint k = 0; k < n_panel; k++)
    g_ptr_array_add (curves, curve_of (request, block, at[k], header->q));
  for (guint k = 0; k < n_panel; k++)
    panel[k] = (SaxidGridPanel) { .label = header->class_name[block->label[at[k]]], .n_curve = 1,
                                  .curve = (const SaxidCurve *const *) &curves->pdata[k] };
  drawing = saxid_plot_grid (&(SaxidGridPlot) { .title = title, .n_panel = n_panel, .panel = panel,
                                                .intensity_unit
                                                = header->intensity_unit != NULL ? header->intensity_unit : "1/cm" },
                             request->format);
  return saxid_plot_save (drawing, request->plot, error);
}

static void
take_row (gsize row, const SaxidInstrument *instrument G_GNUC_UNUSED, const SaxidSimulatedCurve *curve,
          const SaxidNuisances *nuisances G_GNUC_UNUSED, gpointer data)
{
  SaxidSampleBlock *block = data;
  gsize at = row - block->first;

  if (block->q != NULL)
    {
      saxid_sample_block_store (block, at, curve);
      return;
    }
  for (gsize k = 0; k < block->n_q; k++)
    {
      block->intensity[at * block->n_q + k] = (float) curve->intensity[k];
      block->sigma[at * block->n_q + k] = (float) curve->sigma[k];
    }
}

static gboolean
measure_library (const Request *request, SaxidSampleBlock *block, GError **error)
{
  const SaxidDataset *data = request->library;
  gsize n = data->header.n_parameter;
  SaxidLibrary library = { .n_q = data->header.n_q, .q = data->header.q, .n_curve = data->n_curve,
                           .intensity = data->intensity, .scale = data->parameter + 1, .scale_stride = n };
  SaxidRemeasureOptions options = { .instrument = request->instrument, .flags = request->flags,
                                    .given = &request->given, .seed = request->seed, .threads = request->threads };

  memcpy (block->label, data->label + block->first, block->count);
  memcpy (block->parameter, data->parameter + block->first * n, block->count * n * sizeof (double));
  return saxid_library_measure (&library, block->first, block->count, &options, take_row, block, error);
}

static gboolean
fill_block (const Request *request, SaxidSampleBlock *block, const SaxidDatasetHeader *header, const SaxidResponse *measurement,
            GError **error)
{
  if (request->atomic)
    {
      saxid_simulate_atomic_fill (block, request->element, request->seed, request->threads);
      return TRUE;
    }
  if (request->library != NULL)
    return measure_library (request, block, error);
  if (request->make_library)
    return saxid_sample_block_tabulate (block, request->population, header->q, request->seed, request->threads, error);
  if (request->own_grids)
    return saxid_sample_block_measure (block, request->population, request->instrument, request->seed, request->flags,
                                       &request->given, request->threads, error);
  return saxid_sample_block_fill (block, request->population, measurement, request->seed,
                                  (request->flags & SAXID_MEASURE_NOISELESS) != 0, request->threads, error);
}

static SaxidSampleBlock *
make_block (const Request *request, gsize first, gsize count, const SaxidDatasetHeader *header)
{
  return saxid_sample_block_sized (first, count, header->n_q, header->n_parameter, request->own_grids);
}

static gboolean
write_curves (const Request *request, SaxidDatasetSpool *spool, const SaxidDatasetHeader *header, gsize first,
              SaxidProgress *progress, GError **error)
{
  g_autoptr (SaxidResponse) measurement
      = request->instrument != NULL && !request->own_grids ? saxid_response_new (request->instrument) : NULL;
  gsize all = (gsize) request->count;

  while (first < all)
    {
      g_autoptr (SaxidSampleBlock) block = make_block (request, first, MIN (SAXID_SPOOL_BLOCK, all - first), header);

      if (!fill_block (request, block, header, measurement, error)
          || (first == 0 && request->plot != NULL && !draw (request, block, header, error))
          || !saxid_dataset_spool_append (spool,
                                          &(SaxidDatasetRows) { block->count, block->intensity, block->sigma, block->label,
                                                                block->parameter, block->q, block->parts },
                                          error))
        return FALSE;
      first += block->count;
      saxid_progress_advance (progress, block->count);
      if (saxid_interrupted () && first < all)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED,
                       "interrupted after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                       " curves; the same command goes on from there, with --restart it begins anew (%s)",
                       first, all, saxid_dataset_spool_path (spool));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
simulate (const Request *request, const char *path, GError **error)
{
  g_autoptr (SaxidDatasetSpool) spool = NULL;
  g_autofree char *identity = identify (request);
  SaxidDatasetHeader header = { 0 };
  SaxidProgress *progress;
  gboolean done;
  gsize first;

  fill_header (&header, request);
  spool = saxid_dataset_spool_open (path, &header, identity, request->anew, &first, error);
  if (spool == NULL)
    {
      saxid_dataset_header_clear (&header);
      return FALSE;
    }
  first = MIN (first, (gsize) request->count);
  if (first > 0 && !request->quiet)
    g_printerr ("saxid " VERB ": going on after %" G_GSIZE_FORMAT " of %" G_GINT64_FORMAT " curves\n", first, request->count);
  progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "simulating",
                                                           .noun = "curves",
                                                           .total = (guint64) request->count - first,
                                                           .quiet = request->quiet,
                                                           .fd = STDERR_FILENO });
  done = write_curves (request, spool, &header, first, progress, error);
  saxid_progress_finish (progress);
  saxid_dataset_header_clear (&header);
  return done && saxid_dataset_spool_finish (spool, (gsize) request->count, error);
}

/* Opens the library, and measures all of it where no number was given. */
static SaxidDataset *
open_library (const char *path, Request *request, GError **error)
{
  g_autoptr (SaxidDataset) library = saxid_dataset_read (path, error);

  if (library == NULL)
    return NULL;
  if (strcmp (library->header.instrument, SAXID_DATASET_LIBRARY) != 0 || library->header.n_parameter < 2)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "set was measured by %s, a library is needed (made by saxid simulate --library) (%s)",
                   library->header.instrument, path);
      return NULL;
    }
  if (request->count == NO_COUNT)
    request->count = (gint64) library->n_curve;
  if (request->count > (gint64) library->n_curve)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "library has %" G_GSIZE_FORMAT " curves, %" G_GINT64_FORMAT " are wanted (%s)", library->n_curve,
                   request->count, path);
      return NULL;
    }
  return g_steal_pointer (&library);
}

/* "RMS,LENGTH" */
static gboolean
parse_discrepancy (const char *text, SaxidNuisances *given)
{
  char *end = NULL;
  const double rms = g_ascii_strtod (text, &end);
  const double length = *end == ',' ? g_ascii_strtod (end + 1, &end) : NAN;

  given->present |= 1u << SAXID_NUISANCE_DISCREPANCY | 1u << SAXID_NUISANCE_DISCREPANCY_LENGTH;
  given->strength[SAXID_NUISANCE_DISCREPANCY] = rms;
  given->strength[SAXID_NUISANCE_DISCREPANCY_LENGTH] = length;
  return *end == '\0' && rms >= 0 && rms <= 1 && length >= 0.01 && length <= 100;
}

/* --frames: all else but seed, output, plot and threads is of curves. */
static int
simulate_frames (const Request *request, gint64 frames, gint64 per_experiment, const char *output, char **measured)
{
  if (request->make_library || request->flags != 0 || request->count != 1000)
    return saxid_verb_usage (VERB, "--frames goes with --seed, --output, --plot, --per-experiment and --threads alone");
  if (request->plot != NULL && request->format != SAXID_CANVAS_PNG)
    return saxid_verb_usage (VERB, "a sheet of frames is a PNG, '%s' is none", request->plot);
  if (request->plot == NULL && *measured != NULL)
    return saxid_verb_usage (VERB, "frames to look at need --plot FILE.png");
  return saxid_simulate_frames (&(SaxidSimulateFrames) { .seed = request->seed, .n = (guint) frames, .threads = request->threads,
                                                         .per_experiment = (guint) per_experiment, .output = output,
                                                         .sheet = request->plot, .measured = measured });
}

/* What was given, each NULL where it was not. */
typedef struct
{
  char *population, *instrument, *output, *plot, *from, *discrepancy, *element;
  gboolean is_random;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->population);
  g_free (words->instrument);
  g_free (words->output);
  g_free (words->plot);
  g_free (words->from);
  g_free (words->discrepancy);
  g_free (words->element);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
check_ranges (const Request *request, gint threads, gint64 seed, gint64 frames, gint64 per_experiment, int *exit_code)
{
  const SaxidOptionRange ranges[] = { { "--threads", SAXID_RANGE_INT, &threads, 1, 1024 },
                                      { "--seed", SAXID_RANGE_INT64, &seed, 0, G_MAXINT64 },
                                      { "--frames", SAXID_RANGE_INT64, &frames, 0, 200000 },
                                      { "--per-experiment", SAXID_RANGE_INT64, &per_experiment, 1, 4096 },
                                      { "--count", SAXID_RANGE_INT64, &request->count, 1, G_MAXINT64 } };

  /* of a library, without a number of curves, all are measured */
  return saxid_ranges_check (VERB, G_N_ELEMENTS (ranges) - (request->count == NO_COUNT), ranges, exit_code);
}

/* What cannot be together, or is not what it should be; NULL: nothing. Free with g_free. */
static char *
complaint_of (const Words *words, Request *request)
{
  g_autoptr (GError) error = NULL;

  if (words->output == NULL)
    return g_strdup ("no output file was given (-o SET.h5)");
  if (words->discrepancy != NULL && !parse_discrepancy (words->discrepancy, &request->given))
    return g_strdup_printf ("discrepancy is '%s', RMS,LENGTH is needed: 0 to 1, and 0.01 to 100 (0.1,0.4)",
                            words->discrepancy);
  if (request->make_library
      && (words->instrument != NULL || words->from != NULL || request->flags != 0 || words->discrepancy != NULL))
    return g_strdup ("a library has no instrument, noise or nuisances, and comes from no library");
  if (words->from != NULL && words->population != NULL)
    return g_strdup ("a library has its population already");
  if (request->atomic && (words->instrument != NULL || request->make_library || request->flags != 0 || words->discrepancy != NULL))
    return g_strdup ("population '" SAXID_SIMULATE_ATOMIC "' has its own instrument and faults: no --instrument, --noiseless, --nuisances, "
                     "--discrepancy or --library");
  if (words->element != NULL && !request->atomic)
    return g_strdup ("an element goes with --population " SAXID_SIMULATE_ATOMIC " alone");
  if (words->element != NULL && request->element == NULL)
    {
      g_autofree char *known = saxid_element_list ();

      return g_strdup_printf ("element '%s' is not known: %s", words->element, known);
    }
  if (request->instrument == NULL && !words->is_random && !request->make_library && !request->atomic)
    return g_strdup_printf ("instrument '%s' is not known", words->instrument);
  if (words->plot != NULL && !saxid_plot_format (words->plot, &request->format, &error))
    return g_strdup (error->message);
  return NULL;
}

static void
tell_end (const Words *words, const Request *request)
{
  if (request->atomic)
    g_print ("%s: %" G_GINT64_FORMAT " curves of particles of %s, seed %" G_GUINT64_FORMAT "\n", words->output, request->count,
             request->element != NULL ? request->element->symbol : "any element", request->seed);
  else
    g_print ("%s: %" G_GINT64_FORMAT " curves of %u classes, %s, seed %" G_GUINT64_FORMAT "\n", words->output, request->count,
             request->library != NULL ? g_strv_length (request->library->header.class_name) : saxid_population_class_count (request->population),
             instrument_name (request), request->seed);
}

static int
run (const Words *words, Request *request)
{
  g_autoptr (SaxidPopulation) particles = NULL;
  g_autoptr (SaxidDataset) library = NULL;
  g_autoptr (GError) error = NULL;

  if (words->from != NULL)
    request->library = library = open_library (words->from, request, &error);
  else if (!request->atomic)
    request->population = particles = saxid_population_load (words->population != NULL ? words->population : "paper", &error);
  if (error != NULL)
    return error->code == SAXID_ERROR_ARGUMENT ? saxid_verb_usage (VERB, "%s", error->message)
                                               : saxid_verb_failed (VERB, error);
  saxid_interrupt_watch ();
  if (!simulate (request, words->output, &error))
    return saxid_verb_failed (VERB, error);
  tell_end (words, request);
  return SAXID_EXIT_OK;
}

int
saxid_verb_simulate (int argc, char **argv)
{
  g_autofree char *populations = list_populations (), *instruments = list_instruments ();
  g_autofree char *summary = NULL, *complaint = NULL;
  g_auto (Words) words = { 0 };
  gboolean noiseless = FALSE, nuisances = FALSE, is_random;
  gint64 seed = 1, frames = 0, per_experiment = 1;
  gint threads = (gint) g_get_num_processors ();
  Request request = { .count = NO_COUNT };
  int exit_code;
  const GOptionEntry entries[] = {
    { "population", 'p', 0, G_OPTION_ARG_STRING, &words.population, "Particles to draw (paper)", "NAME|FILE" },
    { "element", 0, 0, G_OPTION_ARG_STRING, &words.element, "With -p atomic: all particles are of it (any)", "SYMBOL" },
    { "instrument", 'i', 0, G_OPTION_ARG_STRING, &words.instrument, "Instrument (Xeuss1800HR)", "NAME" },
    { "count", 'n', 0, G_OPTION_ARG_INT64, &request.count, "Number of curves (1000)", "N" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "Seed of every random number (1)", "S" },
    { "noiseless", 0, 0, G_OPTION_ARG_NONE, &noiseless, "Smear, but do not count", NULL },
    { "nuisances", 0, 0, G_OPTION_ARG_NONE, &nuisances, "Let go wrong what goes wrong", NULL },
    { "discrepancy", 0, 0, G_OPTION_ARG_STRING, &words.discrepancy,
      "Smooth departure from the form factor: rms, and its length in ln q", "RMS,LENGTH" },
    { "library", 0, 0, G_OPTION_ARG_NONE, &request.make_library, "Write a library: fine grid, no instrument", NULL },
    { "from-library", 0, 0, G_OPTION_ARG_FILENAME, &words.from, "Measure the curves of a library", "LIB.h5" },
    { "frames", 0, 0, G_OPTION_ARG_INT64, &frames, "Simulate detector frames of the four techniques instead", "N" },
    { "per-experiment", 0, 0, G_OPTION_ARG_INT64, &per_experiment, "With --frames: frames of one sample and instrument (1)",
      "N" },
    { "restart", 0, 0, G_OPTION_ARG_NONE, &request.anew, "Forget what an interrupted run left", NULL },
    { "threads", 't', 0, G_OPTION_ARG_INT, &threads, "Threads; the data do not depend on it", "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words.output, "HDF5 file to write", "FILE" },
    { "plot", 0, 0, G_OPTION_ARG_FILENAME, &words.plot, "Draw a curve of each class (.svg, .png)", "FILE" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &request.quiet, "Show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };

  summary = g_strdup_printf ("Draws particles, computes I(q), measures it with an instrument and writes a "
                             "data set.\nA run that was interrupted goes on where it stopped when the same "
                             "command is given again.\n\nPopulations:\n%s\nInstruments:\n%s",
                             populations, instruments);
  if (!saxid_verb_parse (VERB, "-o SET.h5", summary, entries, &argc, &argv, &exit_code))
    return exit_code;
  is_random = words.instrument != NULL && g_ascii_strcasecmp (words.instrument, SAXID_INSTRUMENT_RANDOM) == 0;
  request.atomic = g_strcmp0 (words.population, SAXID_SIMULATE_ATOMIC) == 0;
  if (words.element != NULL)
    request.element = saxid_element_find (words.element);
  if (!is_random && !request.make_library && !request.atomic)
    request.instrument = saxid_instrument_find (words.instrument != NULL ? words.instrument : "Xeuss1800HR");
  request.flags = (noiseless ? SAXID_MEASURE_NOISELESS : 0) | (nuisances ? SAXID_MEASURE_NUISANCES : 0);
  request.own_grids = is_random || nuisances || words.discrepancy != NULL || request.atomic;
  if (request.count == NO_COUNT && words.from == NULL)
    request.count = 1000;
  request.seed = (guint64) seed;
  request.threads = (guint) threads;
  request.plot = words.plot;
  words.is_random = is_random;
  if (argc > 1 && frames == 0)
    return saxid_verb_usage (VERB, "'%s' is one argument too many", argv[1]);
  if (!check_ranges (&request, threads, seed, frames, per_experiment, &exit_code))
    return exit_code;
  complaint = complaint_of (&words, &request);
  if (complaint != NULL)
    return saxid_verb_usage (VERB, "%s", complaint);
  if (frames > 0)
    return simulate_frames (&request, frames, per_experiment, words.output, argv + 1);
  return run (&words, &request);
}
