/* saxid simulate: which curves would an instrument measure of a population? */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/plot.h"
#include "cli/population-file.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/simulate/sample.h"
#include "reducers/error.h"
#include "schemas/dataset.h"

#define VERB "simulate"
#define BLOCK 256 /* curves between two looks at Ctrl-C, a fraction of a second */

typedef struct
{
  const SaxidPopulation *population;
  const SaxidInstrument *instrument;
  guint64 seed;
  gint64 count;
  gboolean noiseless;
  gboolean quiet;
  guint threads;
  const char *plot; /* a picture of one curve of each class, or NULL */
  SaxidCanvasFormat format;
} Plan;

static char *
list_instruments (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const SaxidInstrument *instrument;

  for (guint k = 0; (instrument = saxid_instrument_at (k)) != NULL; k++)
    g_string_append_printf (text, "  %-16s %s, q %g to %g 1/Å, %u points\n", instrument->name,
                            instrument->title, instrument->q_min, instrument->q_max, instrument->n_q);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill_header (SaxidDatasetHeader *header, const Plan *plan, const SaxidMeasurementPlan *measurement)
{
  guint n_class = saxid_population_class_count (plan->population);
  static const char *const common[SAXID_SAMPLE_COMMON_PARAMETERS] = { "width", "scale" };

  header->n_q = measurement->n_q;
  header->q = g_memdup2 (measurement->q, measurement->n_q * sizeof (double));
  header->class_name = g_new0 (char *, n_class + 1);
  header->n_parameter = SAXID_SAMPLE_PARAMETERS;
  header->parameter_name = g_new0 (char *, n_class * SAXID_SAMPLE_PARAMETERS + 1);
  for (guint c = 0; c < n_class; c++)
    {
      const SaxidShape *shape = saxid_population_class (plan->population, c);
      char **name = header->parameter_name + c * SAXID_SAMPLE_PARAMETERS;

      header->class_name[c] = g_strdup (shape->name);
      for (guint k = 0; k < SAXID_SAMPLE_COMMON_PARAMETERS; k++)
        name[k] = g_strdup (common[k]);
      for (guint k = 0; k < SAXID_SHAPE_MAX_PARAMETERS; k++)
        name[SAXID_SAMPLE_COMMON_PARAMETERS + k]
          = g_strdup (k < shape->n_parameter ? shape->parameter[k].name : "");
    }
  header->population = g_strdup (saxid_population_name (plan->population));
  header->instrument = g_strdup (plan->instrument->name);
  header->seed = plan->seed;
  header->noiseless = plan->noiseless;
  header->program_version = g_strdup (PACKAGE_VERSION);
}

static SaxidCurve *
curve_of (const SaxidSampleBlock *block, gsize at, const SaxidMeasurementPlan *measurement, gboolean noiseless)
{
  SaxidCurve *curve = saxid_curve_new (block->n_q, !noiseless, FALSE);

  memcpy (curve->q, measurement->q, block->n_q * sizeof (double));
  for (gsize k = 0; k < block->n_q; k++)
    {
      curve->intensity[k] = (double) block->intensity[at * block->n_q + k];
      if (!noiseless)
        curve->sigma[k] = (double) block->sigma[at * block->n_q + k];
    }
  return curve;
}

/* The classes take turns, so the first samples are one of each. */
static gboolean
draw (const Plan *plan, const SaxidSampleBlock *block, const SaxidMeasurementPlan *measurement, GError **error)
{
  guint n_panel = (guint) MIN (block->count, saxid_population_class_count (plan->population));
  g_autoptr (GPtrArray) curves = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_curve_free);
  g_autofree SaxidGridPanel *panel = g_new (SaxidGridPanel, n_panel);
  g_autofree char *title = g_strdup_printf ("%s, seed %" G_GUINT64_FORMAT "%s", plan->instrument->name, plan->seed,
                                            plan->noiseless ? ", without noise" : "");
  g_autoptr (GBytes) drawing = NULL;

  for (guint k = 0; k < n_panel; k++)
    g_ptr_array_add (curves, curve_of (block, k, measurement, plan->noiseless));
  for (guint k = 0; k < n_panel; k++)
    panel[k] = (SaxidGridPanel) { .label = saxid_population_class (plan->population, k)->name, .n_curve = 1,
                                  .curve = (const SaxidCurve *const *) &curves->pdata[k] };
  drawing = saxid_plot_grid (&(SaxidGridPlot) { .title = title, .n_panel = n_panel, .panel = panel,
                                                .intensity_unit = "1/cm" },
                             plan->format);
  return saxid_plot_save (drawing, plan->plot, error);
}

static gboolean
write_curves (const Plan *plan, SaxidDatasetWriter *writer, const SaxidMeasurementPlan *measurement,
              SaxidProgress *progress, GError **error)
{
  for (gint64 first = 0; first < plan->count; first += BLOCK)
    {
      gsize count = (gsize) MIN (BLOCK, plan->count - first);
      g_autoptr (SaxidSampleBlock) block
        = saxid_sample_block_new ((gsize) first, count, measurement->n_q);

      if (!saxid_sample_block_fill (block, plan->population, measurement, plan->seed,
                                    plan->noiseless, plan->threads, error)
          || !saxid_dataset_writer_append (writer, count, block->intensity, block->sigma,
                                           block->label, block->parameter, error))
        return FALSE;
      if (first == 0 && plan->plot != NULL && !draw (plan, block, measurement, error))
        return FALSE;
      saxid_progress_advance (progress, count);
      if (saxid_interrupted ())
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED,
                       "interrupted after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                       " curves; nothing was written",
                       first + (gint64) count, plan->count);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
simulate (const Plan *plan, const char *path, GError **error)
{
  g_autoptr (SaxidMeasurementPlan) measurement = saxid_measurement_plan_new (plan->instrument);
  g_autoptr (SaxidDatasetWriter) writer = NULL;
  SaxidDatasetHeader header = { 0 };
  SaxidProgress *progress;
  gboolean done;

  fill_header (&header, plan, measurement);
  writer = saxid_dataset_writer_new (path, &header, error);
  saxid_dataset_header_clear (&header);
  if (writer == NULL)
    return FALSE;
  progress = saxid_progress_new (&(SaxidProgressOptions) {
    .verb = "simulating", .noun = "curves", .total = (guint64) plan->count, .quiet = plan->quiet,
    .fd = STDERR_FILENO });
  done = write_curves (plan, writer, measurement, progress, error);
  saxid_progress_finish (progress);
  return done && saxid_dataset_writer_finish (writer, error);
}

int
saxid_verb_simulate (int argc, char **argv)
{
  g_autofree char *population = NULL, *instrument = NULL, *output = NULL, *plot = NULL;
  g_autofree char *populations = saxid_population_list (), *instruments = list_instruments ();
  g_autofree char *summary = NULL;
  g_autoptr (SaxidPopulation) particles = NULL;
  g_autoptr (GError) error = NULL;
  gint64 seed = 1;
  gint threads = (gint) g_get_num_processors ();
  Plan plan = { .count = 1000 };
  int exit_code;
  const GOptionEntry entries[] = {
    { "population", 'p', 0, G_OPTION_ARG_STRING, &population, "Particles to draw (paper)", "NAME" },
    { "instrument", 'i', 0, G_OPTION_ARG_STRING, &instrument, "Instrument (Xeuss1800HR)", "NAME" },
    { "count", 'n', 0, G_OPTION_ARG_INT64, &plan.count, "Number of curves (1000)", "N" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "Seed of every random number (1)", "S" },
    { "noiseless", 0, 0, G_OPTION_ARG_NONE, &plan.noiseless, "Smear, but do not count", NULL },
    { "threads", 't', 0, G_OPTION_ARG_INT, &threads, "Threads; the data do not depend on it", "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "HDF5 file to write", "FILE" },
    { "plot", 0, 0, G_OPTION_ARG_FILENAME, &plot, "Draw a curve of each class (.svg, .png)", "FILE" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &plan.quiet, "Show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };

  summary = g_strdup_printf ("Draws particles, computes I(q), measures it with an instrument and writes a "
                             "data set.\n\nPopulations:\n%s\nInstruments:\n%s",
                             populations, instruments);
  if (!saxid_verb_parse (VERB, "-o SET.h5", summary, entries, &argc, &argv, &exit_code))
    return exit_code;
  plan.instrument = saxid_instrument_find (instrument != NULL ? instrument : "Xeuss1800HR");
  plan.seed = (guint64) seed;
  plan.threads = (guint) threads;
  plan.plot = plot;
  if (argc > 1)
    return saxid_verb_usage (VERB, "'%s' is one argument too many", argv[1]);
  if (output == NULL)
    return saxid_verb_usage (VERB, "no output file was given (-o SET.h5)");
  if (plan.instrument == NULL)
    return saxid_verb_usage (VERB, "instrument '%s' is not known", instrument);
  if (plan.count < 1)
    return saxid_verb_usage (VERB, "%" G_GINT64_FORMAT " curves, at least 1 is needed", plan.count);
  if (threads < 1 || threads > 1024)
    return saxid_verb_usage (VERB, "%d threads, 1 to 1024 are possible", threads);
  if (seed < 0)
    return saxid_verb_usage (VERB, "seed is %" G_GINT64_FORMAT ", 0 or more is needed", seed);
  if (plot != NULL && !saxid_plot_format (plot, &plan.format, &error))
    return saxid_verb_usage (VERB, "%s", error->message);

  particles = saxid_population_load (population != NULL ? population : "paper", &error);
  if (particles == NULL)
    return saxid_verb_failed (VERB, error);
  plan.population = particles;
  saxid_interrupt_watch ();
  if (!simulate (&plan, output, &error))
    return saxid_verb_failed (VERB, error);
  g_print ("%s: %" G_GINT64_FORMAT " curves of %u classes, %s, seed %" G_GUINT64_FORMAT "\n", output,
           plan.count, saxid_population_class_count (plan.population), plan.instrument->name, plan.seed);
  return SAXID_EXIT_OK;
}
