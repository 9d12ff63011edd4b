/* saxid study: which representation and classifier tell the shapes apart? */
#include "config.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/learn/atomic-study.h"
#include "cli/learn/materials-study.h"
#include "cli/learn/techniques-study.h"
#include "cli/learn/population-file.h"
#include "cli/learn/study-ledger.h"
#include "cli/learn/study-report.h"
#include "cli/progress.h"
#include "cli/ranges.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/learn/blas.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/atomic-file.h"

#define VERB "study"
#define CHECKPOINT "checkpoint"

/* The paper's best preprocessing, with a threshold that lies below the signal here. */
#define BEST "TH=1e-3,IntN,LOG,STD,QLOG"
#define ALL_CLASSIFIERS "KNN,RF,XGBoost"
#define PER_CLASS 4184  /* particles, as published */
#define EXPERIMENTS 40  /* of each technique, where none are given */

/* What is compared. folds: how many of them a repeat trains for; 0: all. */
static const struct
{
  const char *experiment, *preprocess;
  SaxidStudyTraining training;
  gboolean with_q, without_cylinders;
  const char *representation, *classifiers;
  guint folds;
} trial[] = {
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "CNN", ALL_CLASSIFIERS, 0 },
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, TRUE, FALSE, "CNN", ALL_CLASSIFIERS, 1 },
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "I", ALL_CLASSIFIERS, 0 },
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "PCA90", ALL_CLASSIFIERS, 0 },
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "CAE10", ALL_CLASSIFIERS, 1 },
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "CAE50", ALL_CLASSIFIERS, 1 },
  { "table1", BEST, SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "CAE200", ALL_CLASSIFIERS, 0 },
  { "franke", BEST, SAXID_STUDY_ON_XEUSS, FALSE, TRUE, "I", "RF,XGBoost", 1 },
  { "franke", BEST, SAXID_STUDY_ON_XEUSS, FALSE, TRUE, "Franke5", ALL_CLASSIFIERS, 1 },
  { "franke", BEST, SAXID_STUDY_ON_XEUSS, FALSE, TRUE, "Franke200", ALL_CLASSIFIERS, 1 },
  { "preprocessing", "TH", SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "I", "XGBoost", 1 },
  { "preprocessing", "TH,LOG", SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "I", "XGBoost", 1 },
  { "preprocessing", "TH,IntN,LOG", SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "I", "XGBoost", 1 },
  { "preprocessing", "TH,IntN,LOG,STD,QLOG", SAXID_STUDY_ON_XEUSS, FALSE, FALSE, "I", "XGBoost", 1 },
  { "table2", BEST, SAXID_STUDY_ON_FULL, TRUE, FALSE, "CNN", "XGBoost", 1 },
  { "table2", BEST, SAXID_STUDY_ON_NANO, TRUE, FALSE, "CNN", "XGBoost", 1 },
  { "table2", BEST, SAXID_STUDY_ON_NANO, FALSE, FALSE, "CNN", "XGBoost", 1 },
  { "table2", BEST, SAXID_STUDY_ON_FULL, FALSE, FALSE, "CNN", "XGBoost", 1 },
  { "table2", BEST, SAXID_STUDY_ON_COMP, FALSE, FALSE, "CNN", "XGBoost", 1 },
  { "table2", BEST, SAXID_STUDY_ON_COMP, TRUE, FALSE, "CNN", "XGBoost", 1 },
};

typedef struct
{
  char *directory, *population, *report;
  char **measured, **only;
  gint64 per_class, seed, curves;
  gint repeats, folds, threads, cubes, rounds, epochs, frames;
  double effort;
  gboolean quick, quiet;
} Options;

typedef struct
{
  const Options *options;
  SaxidStudyLedger *ledger;
  SaxidProgress *progress;
  const char *unit;
} Work;

/* --- What a unit tells -------------------------------------------------------------- */

static int
recall (const SaxidStudyUnit *unit, const char *classifier, gpointer data)
{
  const Work *work = data;

  return saxid_study_ledger_choice (work->ledger, unit->representation, classifier);
}

static gboolean
note_choice (const SaxidStudyUnit *unit, const char *classifier, guint choice, const double *accuracy, guint n,
             gpointer data, GError **error G_GNUC_UNUSED)
{
  const Work *work = data;

  saxid_study_ledger_choose (work->ledger, unit, classifier, choice, accuracy, n);
  return TRUE;
}

static gboolean
note_outcome (const SaxidStudyOutcome *outcome, gpointer data, GError **error G_GNUC_UNUSED)
{
  const Work *work = data;

  saxid_study_ledger_add (work->ledger, outcome);
  if (!work->options->quiet)
    {
      saxid_progress_hide (work->progress);
      g_print ("%-40s %-10s on %-8s %6.2f %%\n", work->unit, outcome->classifier, outcome->test,
               100 * outcome->scores->accuracy);
    }
  return TRUE;
}

static gboolean
going_on (gpointer data G_GNUC_UNUSED)
{
  return !saxid_interrupted ();
}

static gboolean
watch_network (const SaxidFitState *state G_GNUC_UNUSED, gpointer data G_GNUC_UNUSED)
{
  return !saxid_interrupted ();
}

/* --- Checkpoints of the network that is being trained ------------------------------- */

static char *
checkpoint_path (const Work *work)
{
  return g_build_filename (work->options->directory, CHECKPOINT, NULL);
}

/* The name of the unit, a line feed, and the state. */
static gboolean
keep_state (GBytes *state, gpointer data, GError **error)
{
  const Work *work = data;
  g_autofree char *path = checkpoint_path (work);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  SaxidAtomicFile *file = saxid_atomic_begin (path, error);
  gsize size;
  gconstpointer bytes = g_bytes_get_data (state, &size);

  if (file == NULL)
    return FALSE;
  g_byte_array_append (all, (const guint8 *) work->unit, (guint) strlen (work->unit));
  g_byte_array_append (all, (const guint8 *) "\n", 1);
  g_byte_array_append (all, bytes, (guint) size);
  if (saxid_atomic_write (file, all->data, all->len, error))
    return saxid_atomic_commit (file, error);
  saxid_atomic_abort (file);
  return FALSE;
}

static GBytes *
find_state (const Work *work)
{
  g_autofree char *path = checkpoint_path (work), *bytes = NULL;
  gsize size, name = strlen (work->unit);

  if (!g_file_get_contents (path, &bytes, &size, NULL) || size <= name || strncmp (bytes, work->unit, name) != 0
      || bytes[name] != '\n')
    return NULL;
  return g_bytes_new (bytes + name + 1, size - name - 1);
}

/* --- The units ------------------------------------------------------------------------ */

static gboolean
is_wanted (const Options *options, const char *experiment)
{
  return options->only == NULL || g_strv_contains ((const char *const *) options->only, experiment);
}

/* All units, one repeat after the other, and in each one fold after the other, so that a
 * study which is stopped has something of everything. */
static GPtrArray *
list_units (const Options *options)
{
  GPtrArray *units = g_ptr_array_new_with_free_func (g_free);
  const guint all = (guint) options->folds;

  for (guint session = 0; session < (guint) options->repeats * all; session++)
    for (guint k = 0; k < G_N_ELEMENTS (trial); k++)
      {
        const guint repeat = session / all, f = session % all;
        const SaxidStudyUnit unit = {
          .experiment = trial[k].experiment, .preprocess = trial[k].preprocess, .training = trial[k].training,
          .with_q = trial[k].with_q, .without_cylinders = trial[k].without_cylinders,
          .representation = trial[k].representation, .classifiers = trial[k].classifiers, .repeat = repeat,
          .fold = (repeat + f) % all,
        };

        if (is_wanted (options, trial[k].experiment) && (trial[k].folds == 0 || f < trial[k].folds))
          g_ptr_array_add (units, g_memdup2 (&unit, sizeof unit));
      }
  return units;
}

static gboolean
try_unit (Work *work, const SaxidStudySet *set, const SaxidStudyUnit *unit, GBytes *state, GError **error)
{
  const Options *options = work->options;
  const SaxidStudyOptions how = { .seed = (guint64) options->seed, .folds = (guint) options->folds,
                                  .effort = options->effort, .threads = (guint) options->threads };
  const SaxidStudyHooks hooks = {
    .recall = recall, .chosen = note_choice, .outcome = note_outcome, .going_on = going_on, .data = work,
    .fit = { .progress = watch_network, .checkpoint = keep_state, .resume = state, .data = work },
  };
  gint64 start = g_get_monotonic_time ();

  if (saxid_study_run (set, unit, &how, &hooks, error))
    return saxid_study_ledger_finish (work->ledger, work->unit, 1e-6 * (double) (g_get_monotonic_time () - start),
                                      error);
  saxid_study_ledger_drop (work->ledger);
  return FALSE;
}

/* From its checkpoint, where there is one that another version of the program did not
 * leave. */
static gboolean
run_unit (Work *work, const SaxidStudySet *set, const SaxidStudyUnit *unit, GError **error)
{
  g_autoptr (GBytes) state = find_state (work);
  g_autoptr (GError) cause = NULL;

  if (state != NULL && try_unit (work, set, unit, state, &cause))
    return TRUE;
  if (cause == NULL || g_error_matches (cause, SAXID_ERROR, SAXID_ERROR_ARGUMENT))
    return try_unit (work, set, unit, NULL, error);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
run_all (Work *work, const SaxidStudySet *set, const GPtrArray *units, GError **error)
{
  for (guint k = 0; k < units->len; k++)
    {
      g_autofree char *name = saxid_study_unit_name (units->pdata[k]);

      if (saxid_study_ledger_has (work->ledger, name))
        continue;
      work->unit = name;
      if (!run_unit (work, set, units->pdata[k], error))
        {
          if (saxid_interrupted ())
            g_prefix_error (error, "interrupted in %s; the same command goes on from there: ", name);
          return FALSE;
        }
      saxid_progress_advance (work->progress, 1);
    }
  return TRUE;
}

static guint
count_left (const SaxidStudyLedger *ledger, const GPtrArray *units)
{
  guint left = 0;

  for (guint k = 0; k < units->len; k++)
    {
      g_autofree char *name = saxid_study_unit_name (units->pdata[k]);

      left += !saxid_study_ledger_has (ledger, name);
    }
  return left;
}

/* --- Measured curves -------------------------------------------------------------------- */

/* "FILE=CLASS": every curve of the file that covers enough of the window. */
static gboolean
add_measured (SaxidStudySet *set, GPtrArray *names, const char *word, GError **error)
{
  const char *equals = strrchr (word, '=');
  g_autofree char *path = NULL, *base = NULL;
  g_autoptr (SaxidReader) reader = NULL;
  const SaxidReadOptions options = { 0 };

  if (equals == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "measured curve '%s' has no class: FILE=CLASS is needed",
                   word);
      return FALSE;
    }
  path = g_strndup (word, (gsize) (equals - word));
  base = g_path_get_basename (path);
  reader = saxid_reader_open (path, &options, error);
  if (reader == NULL)
    return FALSE;
  for (guint s = 0; s < saxid_reader_source_count (reader); s++)
    {
      g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, s, 0, error);
      g_autofree char *name = g_strdup_printf ("%s %s", base, saxid_reader_source (reader, s)->entry);

      if (curve == NULL || !saxid_curve_clean (curve, NULL, error)
          || !saxid_study_set_add_measured (set, name, equals + 1, curve, error))
        return FALSE;
      g_ptr_array_add (names, g_strdup_printf ("%s=%s", name, equals + 1));
    }
  return TRUE;
}

static SaxidStudySet *
make_set (const Options *options, const SaxidPopulation *population, GPtrArray *measured, GError **error)
{
  g_autoptr (SaxidStudySet) set = saxid_study_set_new (population, (gsize) options->per_class,
                                                       (guint64) options->seed, (guint) options->threads, error);

  for (guint k = 0; set != NULL && options->measured != NULL && options->measured[k] != NULL; k++)
    if (!add_measured (set, measured, options->measured[k], error))
      return NULL;
  return g_steal_pointer (&set);
}

/* What a study works on; freed together. */
typedef struct
{
  SaxidPopulation *population;
  SaxidStudySet *set;
  SaxidStudyLedger *ledger;
} Study;

static void
study_clear (Study *study)
{
  saxid_study_ledger_free (study->ledger);
  saxid_study_set_free (study->set);
  if (study->population != NULL)
    saxid_population_free (study->population);
}

/* Errors: SAXID_ERROR_ARGUMENT where another command would do. */
static gboolean
prepare (const Options *options, Study *study, GError **error)
{
  g_autoptr (GPtrArray) measured = g_ptr_array_new_with_free_func (g_free);
  SaxidStudySettings settings;

  study->population = saxid_population_load (options->population != NULL ? options->population : "paper", error);
  if (study->population == NULL)
    return FALSE;
  study->set = make_set (options, study->population, measured, error);
  if (study->set == NULL)
    return FALSE;
  settings = (SaxidStudySettings) {
    .per_class = (gsize) options->per_class, .folds = (guint) options->folds, .seed = (guint64) options->seed,
    .effort = options->effort, .population = saxid_population_name (study->population),
    .digest = saxid_population_digest (study->population), .class_name = study->set->class_name,
    .measured = measured };
  study->ledger = saxid_study_ledger_open (options->directory, &settings, error);
  return study->ledger != NULL;
}

static gboolean
run_study (const Options *options, const Study *study, GError **error)
{
  g_autoptr (GPtrArray) units = list_units (options);
  Work work = { .options = options, .ledger = study->ledger };
  gboolean done;

  work.progress = saxid_progress_new (&(SaxidProgressOptions) {
    .verb = "studying", .noun = "units", .total = count_left (study->ledger, units), .quiet = options->quiet,
    .fd = STDERR_FILENO });
  done = run_all (&work, study->set, units, error);
  saxid_progress_finish (work.progress);
  return done;
}

static gboolean
write_report (const Options *options, GError **error)
{
  g_autoptr (SaxidStudyLedger) ledger = saxid_study_ledger_open (options->directory, NULL, error);

  return ledger != NULL && saxid_study_report (ledger, options->report, error);
}

/* --- Disordered materials ------------------------------------------------------------- */

static gboolean
show_step (const char *step, gpointer data)
{
  const Options *options = data;

  if (!options->quiet && step != NULL)
    g_printerr ("saxid study: %s: done\n", step);
  return !saxid_interrupted ();
}

static int
study_materials (const Options *options)
{
  SaxidMaterialsSettings settings = { .tests = 3000, .replicates = 500, .curves = (gsize) options->curves,
                                      .cubes = (guint) options->cubes, .rounds = (guint) options->rounds,
                                      .seed = (guint64) options->seed, .threads = (guint) options->threads,
                                      .directory = options->directory };
  g_autoptr (GError) error = NULL;
  g_autofree char *table = NULL;
  SaxidMaterialsStudy study;
  gboolean done;

  if (options->quick)
    settings = (SaxidMaterialsSettings) { 1000, 200, 0, 60, 100, settings.threads, settings.seed, NULL };
  done = saxid_materials_study (&settings, show_step, (gpointer) options, &study, &error);
  if (done && options->report != NULL)
    done = saxid_materials_page (&settings, &study, options->report, &error);
  if (done)
    table = saxid_materials_table (&study);
  saxid_materials_study_clear (&study);
  if (!done)
    return saxid_verb_failed (VERB, error);
  g_print ("%s", table);
  return SAXID_EXIT_OK;
}

/* --- Atomic nanoparticles ------------------------------------------------------------- */

typedef struct
{
  const Options *options;
  SaxidAtomicSettings settings;
  GError *error; /* the page could not be written */
} AtomicWork;

/* The page has what there is so far, so that a study that is stopped leaves one; step: NULL, nothing is new. */
static gboolean
keep_atomic (const char *step, const SaxidAtomicStudy *study, gpointer data)
{
  AtomicWork *work = data;

  if (work->options->report != NULL && !saxid_atomic_page (&work->settings, study, work->options->report, &work->error))
    return FALSE;
  return step == NULL || show_step (step, (gpointer) work->options);
}

static int
study_atomic (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *tables = NULL;
  const guint threads = (guint)options->threads;
  const guint64 seed = (guint64)options->seed;
  AtomicWork work = { options, { 17, 4, 1999, 1000, (guint)options->epochs, TRUE, threads, seed }, NULL };
  SaxidAtomicStudy study = { 0 };
  gboolean done;

  if (options->quick)
    work.settings = (SaxidAtomicSettings) { 5, 2, 250, 100, MIN ((guint)options->epochs, 6), FALSE, threads, seed };
  done = saxid_atomic_study (&work.settings, options->directory, keep_atomic, &work, &study, &error);
  if (done)
    tables = saxid_atomic_tables (&study);
  saxid_atomic_study_clear (&study);
  if (work.error != NULL)
    {
      g_clear_error (&error);
      error = work.error;
    }
  if (!done && g_error_matches (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT))
    return saxid_verb_usage (VERB, "%s", error->message);
  if (!done)
    return saxid_verb_failed (VERB, error);
  g_print ("%s", tables);
  return SAXID_EXIT_OK;
}

static gboolean
check_ranges (const Options *options, int *exit_code)
{
  const SaxidOptionRange ranges[] = {
    { "--per-class", SAXID_RANGE_INT64, &options->per_class, 20, 1000000 },
    { "--repeats", SAXID_RANGE_INT, &options->repeats, 1, 1000 },
    { "--folds", SAXID_RANGE_INT, &options->folds, 2, 10 },
    { "--effort", SAXID_RANGE_ABOVE, &options->effort, 0, 100 },
    { "--threads", SAXID_RANGE_INT, &options->threads, 1, 1024 },
    { "--curves", SAXID_RANGE_INT64, &options->curves, 200, 1000000 },
    { "--cubes", SAXID_RANGE_INT, &options->cubes, 0, 10000 },
    { "--frames", SAXID_RANGE_INT, &options->frames, 2, 4096 },
    { "--rounds", SAXID_RANGE_INT, &options->rounds, 1, 100000 },
    { "--epochs", SAXID_RANGE_INT, &options->epochs, 0, 10000 },
    { "--seed", SAXID_RANGE_INT64, &options->seed, 0, G_MAXUINT32 / 2 },
  };

  return saxid_ranges_check (VERB, G_N_ELEMENTS (ranges), ranges, exit_code);
}

static gboolean
check_parts (char *const *only, int *exit_code)
{
  for (guint k = 0; only != NULL && only[k] != NULL; k++)
    {
      guint at = 0;

      while (at < G_N_ELEMENTS (trial) && strcmp (trial[at].experiment, only[k]) != 0)
        at++;
      if (at < G_N_ELEMENTS (trial))
        continue;
      *exit_code = saxid_verb_usage (VERB, "'%s' is no part of the study: table1, table2, franke, preprocessing", only[k]);
      return FALSE;
    }
  return TRUE;
}

/* --report shows what there is, where there is something. */
static int
study_particles (const Options *options)
{
  g_autoptr (GError) error = NULL;

  if (options->report == NULL || !g_file_test (options->directory, G_FILE_TEST_IS_DIR))
    {
      Study study = { 0 };
      gboolean ready = prepare (options, &study, &error);

      if (ready)
        run_study (options, &study, &error);
      study_clear (&study);
      if (!ready && g_error_matches (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT))
        return saxid_verb_usage (VERB, "%s", error->message);
      if (error != NULL)
        return saxid_verb_failed (VERB, error);
    }
  if (options->report == NULL)
    return SAXID_EXIT_OK;
  if (!write_report (options, &error))
    return saxid_verb_failed (VERB, error);
  g_print ("%s" G_DIR_SEPARATOR_S "README.md\n", options->report);
  return SAXID_EXIT_OK;
}

static int
study_techniques (const Options *options)
{
  return saxid_techniques_study (&(SaxidTechniquesStudy) {
    .experiments = options->per_class == PER_CLASS ? EXPERIMENTS : (guint) options->per_class, .per_experiment = (guint) options->frames,
    .folds = (guint) options->folds, .threads = (guint) options->threads, .seed = (guint64) options->seed, .quiet = options->quiet,
    .epochs = (guint) options->epochs, .directory = options->directory, .report = options->report });
}

int
saxid_verb_study (int argc, char **argv)
{
  g_autofree char *directory = NULL, *population = NULL, *report = NULL;
  g_auto (GStrv) measured = NULL, only = NULL;
  Options options = { .per_class = PER_CLASS, .seed = 1, .repeats = 3, .folds = 5, .effort = 1, .curves = 16000, .cubes = 10, .rounds = 500, .epochs = 40, .frames = 12,
                      .threads = (gint) g_get_num_processors () };
  gboolean of_materials = FALSE, of_techniques = FALSE, of_atoms = FALSE;
  int exit_code;
  const GOptionEntry entries[] = {
    { "materials", 0, 0, G_OPTION_ARG_NONE, &of_materials, "Disordered materials, as Röding et al. 2022 did", NULL },
    { "techniques", 0, 0, G_OPTION_ARG_NONE, &of_techniques, "Techniques of detector frames, as Ushizima et al. did", NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT, &options.frames, "With --techniques: frames of each experiment (12)", "N" },
    { "curves", 0, 0, G_OPTION_ARG_INT64, &options.curves, "With --materials: curves of each set (16000)", "N" },
    { "cubes", 0, 0, G_OPTION_ARG_INT, &options.cubes, "With --materials: cubes of voxels of each set (10)", "N" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &options.rounds, "With --materials: trees of each output (500)", "N" },
    { "atomic", 0, 0, G_OPTION_ARG_NONE, &of_atoms, "Atomic nanoparticles, as Boissier & Gadji did", NULL },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &options.epochs, "With --atomic, --techniques: epochs of networks, 0 for none (40)", "N" },
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &directory, "Where results are kept (study, study-atomic, study-techniques)", "DIR" },
    { "report", 'r', 0, G_OPTION_ARG_FILENAME, &report, "Write the page and its plots there", "DIR" },
    { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &only, "table1, table2, franke or preprocessing; may be repeated",
      "NAME" },
    { "measured", 0, 0, G_OPTION_ARG_STRING_ARRAY, &measured, "A real curve of known class; may be repeated",
      "FILE=CLASS" },
    { "population", 'p', 0, G_OPTION_ARG_STRING, &population, "Particles to draw (paper)", "NAME|FILE" },
    { "per-class", 'n', 0, G_OPTION_ARG_INT64, &options.per_class, "Particles of each class (4184)", "N" },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &options.repeats, "Repeats of the cross-validation (3)", "N" },
    { "folds", 0, 0, G_OPTION_ARG_INT, &options.folds, "Folds of the cross-validation (5)", "N" },
    { "effort", 0, 0, G_OPTION_ARG_DOUBLE, &options.effort, "Epochs of networks, times this (1)", "X" },
    { "quick", 0, 0, G_OPTION_ARG_NONE, &options.quick, "100 particles of a class, one repeat, two folds", NULL },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &options.seed, "Seed of every random number (1)", "S" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options.threads, "Threads", "N" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options.quiet, "Print no results and show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "",
                         "Compares representations and classifiers as Monge et al. 2024 did, on simulated curves.\n"
                         "A study that was stopped goes on where it stopped when the same command is given again;\n"
                         "--report writes what there is so far.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  options.directory = directory != NULL ? directory : (char *) (of_atoms ? "study-atomic" : of_techniques ? "study-techniques" : "study");
  options.report = report;
  options.measured = measured;
  options.only = only;
  options.population = population;
  if (options.quick)
    {
      options.per_class = 100;
      options.repeats = 1;
      options.folds = 2;
    }
  if (argc > 1)
    return saxid_verb_usage (VERB, "'%s' is one argument too many", argv[1]);
  if (!check_ranges (&options, &exit_code))
    return exit_code;
  if (!check_parts (only, &exit_code))
    return exit_code;
  if (of_atoms + of_materials + of_techniques > 1)
    return saxid_verb_usage (VERB, "--atomic, --materials and --techniques are studies of their own");
  saxid_interrupt_watch ();
  saxid_blas_set_threads ((guint) options.threads);
  if (of_techniques)
    return study_techniques (&options);
  return of_materials ? study_materials (&options) : of_atoms ? study_atomic (&options) : study_particles (&options);
}
