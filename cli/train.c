/* saxid train: which model comes out of these data sets, and how good is it? */
#include "config.h"

#include <math.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/learn/model-card.h"
#include "cli/learn/train-library.h"
#include "cli/learn/train-technique.h"
#include "cli/progress.h"
#include "cli/ranges.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/learn/blas.h"
#include "models/learn/train/any-grid.h"
#include "models/learn/train/one-grid.h"
#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/learn/dataset.h"

#define VERB "train"

/* Of an option that was not given. */
#define UNSAID (-1.0)
/* Epochs of a training on a library. */
#define ANY_GRID_EPOCHS 60
#define TECHNIQUE_RATE 2e-3
#define TECHNIQUE_START_RATE 5e-4 /* where it goes on from a model */
#define TECHNIQUE_GROW_RATE 1e-3  /* of which a part is new */

static gboolean
add_file (SaxidTrainingSet **set, GPtrArray *sources, const char *path, GError **error)
{
  g_autoptr (SaxidDataset) data = saxid_dataset_read (path, error);
  g_autofree guint64 *particle = NULL;
  const char *const *classes;

  if (data == NULL)
    return FALSE;
  if (data->own_q != NULL || data->sigma == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "%s; training needs sets of one instrument (%s)",
                   data->own_q != NULL ? "curves have grids of their own" : "this is a library, not a measurement",
                   path);
      return FALSE;
    }
  classes = (const char *const *) data->header.class_name;
  if (*set == NULL)
    *set = saxid_training_set_new (data->header.n_q, data->header.q, classes);

  /* curve k of two sets with one seed is one particle, measured twice */
  particle = g_new (guint64, MAX (data->n_curve, 1));
  for (gsize k = 0; k < data->n_curve; k++)
    particle[k] = (data->header.seed << 32) + k;
  if (!saxid_training_set_add (*set, data->header.instrument, data->header.n_q, data->header.q,
                               classes, data->n_curve, data->intensity, data->label, particle, error))
    return FALSE;
  g_ptr_array_add (sources, g_strdup_printf ("%s population, %s, %" G_GSIZE_FORMAT
                                             " curves, seed %" G_GUINT64_FORMAT "%s",
                                             data->header.population, data->header.instrument,
                                             data->n_curve, data->header.seed,
                                             data->header.noiseless ? ", without noise" : ""));
  return TRUE;
}

static void
add_folds (JsonBuilder *builder, const SaxidTrainReport *report)
{
  double mean = 0, square = 0, n = report->fold->len;

  json_builder_set_member_name (builder, "fold_accuracy");
  json_builder_begin_array (builder);
  for (guint k = 0; k < report->fold->len; k++)
    {
      const SaxidScores *scores = report->fold->pdata[k];

      json_builder_add_double_value (builder, round (scores->accuracy * 1e5) / 1e5);
      mean += scores->accuracy / n;
      square += scores->accuracy * scores->accuracy / n;
    }
  json_builder_end_array (builder);
  saxid_card_number (builder, "accuracy_mean", mean);
  saxid_card_number (builder, "accuracy_3sigma", 3 * sqrt (fmax (square - mean * mean, 0)));
}

static void
add_options (JsonBuilder *builder, const SaxidTrainOptions *options)
{
  json_builder_set_member_name (builder, "options");
  json_builder_begin_object (builder);
  saxid_card_text (builder, "preprocess", options->preprocess);
  saxid_card_text (builder, "representation", options->representation != NULL ? options->representation : "I");
  saxid_card_number (builder, "rounds", options->trees.rounds);
  saxid_card_number (builder, "depth", options->trees.depth);
  saxid_card_number (builder, "learning_rate", options->trees.learning_rate);
  saxid_card_number (builder, "row_part", options->trees.row_part);
  saxid_card_number (builder, "column_part", options->trees.column_part);
  saxid_card_number (builder, "min_weight", options->trees.min_weight);
  saxid_card_number (builder, "bins", options->trees.bins);
  saxid_card_number (builder, "folds", options->folds);
  saxid_card_number (builder, "least_coverage", options->least_coverage);
  json_builder_set_member_name (builder, "seed");
  json_builder_add_int_value (builder, (gint64) options->seed);
  json_builder_end_object (builder);
}

/* The card says what anyone needs to make the same model again, and how good
 * it was on curves that it had not seen. */
static char *
make_card (const SaxidTrainingSet *set, GPtrArray *sources, const char *command,
           const SaxidTrainOptions *options, const SaxidTrainReport *report,
           const SaxidPredictor *predictor)
{
  g_autoptr (JsonBuilder) builder = saxid_card_begin (predictor->algorithm, command);

  saxid_card_texts (builder, "data", sources->len, (char *const *) sources->pdata);
  add_options (builder, options);
  saxid_card_number (builder, "temperature", predictor->temperature);
  saxid_card_number (builder, "set_threshold", predictor->set_threshold);

  json_builder_set_member_name (builder, "cross_validation");
  json_builder_begin_object (builder);
  add_folds (builder, report);
  saxid_card_scores (builder, report->all, set->class_name);
  json_builder_set_member_name (builder, "instrument");
  json_builder_begin_object (builder);
  for (guint k = 0; k < report->origin->len; k++)
    {
      json_builder_set_member_name (builder, set->origin_name->pdata[k]);
      json_builder_begin_object (builder);
      saxid_card_scores (builder, report->origin->pdata[k], set->class_name);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return saxid_card_finish (builder);
}

static gboolean
show_progress (const char *part G_GNUC_UNUSED, guint done G_GNUC_UNUSED, guint all G_GNUC_UNUSED,
               gpointer data)
{
  saxid_progress_advance (data, 1);
  return !saxid_interrupted ();
}

/* What makes this model again. The files are named without their folder, and the
 * number of threads and the model's own name are left out: a model does not
 * depend on where, or how fast, it was made. */
static char *
make_command (const SaxidTrainOptions *options, int n_file, char **file)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE], columns[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GString) text = g_string_new ("saxid train");

  g_ascii_formatd (rate, sizeof rate, "%g", options->trees.learning_rate);
  g_ascii_formatd (columns, sizeof columns, "%g", options->trees.column_part);
  g_string_append_printf (text,
                          " --preprocess %s --rounds %u --depth %u --rate %s --columns %s --folds %u"
                          " --seed %" G_GUINT64_FORMAT,
                          options->preprocess, options->trees.rounds, options->trees.depth, rate, columns,
                          options->folds, options->seed);
  if (options->representation != NULL)
    {
      char effort[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (effort, sizeof effort, "%g", options->effort);
      g_string_append_printf (text, " --representation %s --effort %s", options->representation, effort);
    }
  for (int k = 0; k < n_file; k++)
    {
      g_autofree char *base = g_path_get_basename (file[k]);

      g_string_append_printf (text, " %s", base);
    }
  g_string_append (text, " -o MODEL.saxid-model");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Hours of training should not end at a folder that cannot be written to. */
static gboolean
check_output (const char *path, GError **error)
{
  g_autoptr (SaxidAtomicFile) trial = saxid_atomic_begin (path, error);

  return trial != NULL;
}

static SaxidPredictor *
train (const SaxidTrainingSet *set, const SaxidTrainOptions *options, gboolean quiet, SaxidTrainReport **report,
       GError **error)
{
  SaxidProgress *progress = saxid_progress_new (&(SaxidProgressOptions) {
    .verb = "training", .noun = "rounds", .total = (guint64) (options->folds + 1) * options->trees.rounds,
    .quiet = quiet, .fd = STDERR_FILENO });
  SaxidPredictor *predictor = saxid_train (set, options, show_progress, progress, report, error);

  saxid_progress_finish (progress);
  return predictor;
}

static void
print_result (const SaxidTrainingSet *set, const SaxidTrainReport *report, const char *path)
{
  g_print ("%-22s %8s %10s\n", "class", "recall", "precision");
  for (guint k = 0; k < set->n_class; k++)
    g_print ("%-22s %7.1f%% %9.1f%%\n", set->class_name[k], 100 * report->all->recall[k],
             100 * report->all->precision[k]);
  for (guint k = 0; k < report->origin->len; k++)
    g_print ("%-22s %7.1f%%\n", (char *) set->origin_name->pdata[k],
             100 * ((SaxidScores *) report->origin->pdata[k])->accuracy);
  g_print ("accuracy %.2f %%, F1 %.3f, Matthews %.3f, calibration error %.3f\n%s\n",
           100 * report->all->accuracy, report->all->f1, report->all->matthews,
           report->all->calibration_error, path);
}

typedef struct
{
  char *preprocess, *representation, *output, *instrument, *weights, *lots, *start, *keep;
  gint epochs, rounds, depth, folds, threads, frames;
  gboolean technique, grow;
  char **mean;
  gint64 seed;
  double effort, rate, columns, clean;
  gboolean quiet, anew;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->preprocess);
  g_free (options->representation);
  g_free (options->output);
  g_free (options->instrument);
  g_free (options->weights);
  g_free (options->lots);
  g_free (options->start);
  g_free (options->keep);
  g_strfreev (options->mean);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (Options *options, int *argc, char ***argv, int *exit_code)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Model file to write", "FILE" },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &options->epochs, "Epochs on a library (60)", "N" },
    { "instrument", 0, 0, G_OPTION_ARG_STRING, &options->instrument, "That measures a library (random ones)", "NAME" },
    { "clean", 0, 0, G_OPTION_ARG_DOUBLE, &options->clean, "Part of a library's curves that is measured without faults", "X" },
    { "lots", 0, 0, G_OPTION_ARG_FILENAME, &options->lots, "Write a library's curves of all epochs for a training elsewhere; -: standard output", "FILE" },
    { "start", 0, 0, G_OPTION_ARG_FILENAME, &options->start, "Network that the training begins with, of an earlier one", "FILE" },
    { "save-weights", 0, 0, G_OPTION_ARG_FILENAME, &options->keep, "Write the network for a later --start, too", "FILE" },
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &options->weights, "Network that learned elsewhere from such curves", "FILE" },
    { "restart", 0, 0, G_OPTION_ARG_NONE, &options->anew, "Forget what an interrupted training on a library left", NULL },
    { "preprocess", 0, 0, G_OPTION_ARG_STRING, &options->preprocess, "Operators (TH,IntN,LOG,STD,QLOG)", "LIST" },
    { "representation", 0, 0, G_OPTION_ARG_STRING, &options->representation, "What trees see: I or CNN (I)", "NAME" },
    { "effort", 0, 0, G_OPTION_ARG_DOUBLE, &options->effort, "Epochs of the network, times this (1)", "X" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &options->rounds, "Boosting rounds (300)", "N" },
    { "depth", 0, 0, G_OPTION_ARG_INT, &options->depth, "Depth of a tree (6)", "N" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &options->rate, "Learning rate (0.15)", "X" },
    { "columns", 0, 0, G_OPTION_ARG_DOUBLE, &options->columns, "Part of the points drawn for each tree (0.2)", "X" },
    { "folds", 0, 0, G_OPTION_ARG_INT, &options->folds, "Folds of the cross-validation (5)", "N" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &options->seed, "Seed of folds and trees (1)", "S" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &options->threads, "Threads", "N" },
    { "technique", 0, 0, G_OPTION_ARG_NONE, &options->technique, "Train the network that tells the technique of frames", NULL },
    { "frames", 0, 0, G_OPTION_ARG_INT, &options->frames, "With --technique: simulated experiments to learn from (8000)", "N" },
    { "grow", 0, 0, G_OPTION_ARG_NONE, &options->grow, "With --technique and --start: make that network larger, by residual blocks", NULL },
    { "mean", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->mean, "With --technique: learn nothing, take the mean of these networks, which learned one from the other", "FILE" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options->quiet, "Show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };

  return saxid_verb_parse (VERB, "SET.h5… -o MODEL.saxid-model",
                           "Trains a model on simulated data sets (saxid simulate), on the q grid of the "
                           "first one,\nand records how good it was in cross-validation. Of a library "
                           "(saxid simulate --library)\nit makes a model for any instrument; a training "
                           "that was interrupted goes on where it\nstopped when the same command is given again.",
                           entries, argc, argv, exit_code);
}

static gboolean
check_ranges (const Options *options, int *exit_code)
{
  const SaxidOptionRange ranges[] = {
    { "--rounds", SAXID_RANGE_INT, &options->rounds, 1, 100000 },
    { "--depth", SAXID_RANGE_INT, &options->depth, 1, 20 },
    { "--rate", SAXID_RANGE_ABOVE, &options->rate, 0, 1 },
    { "--columns", SAXID_RANGE_ABOVE, &options->columns, 0, 1 },
    { "--effort", SAXID_RANGE_ABOVE, &options->effort, 0, 100 },
    { "--folds", SAXID_RANGE_INT, &options->folds, 2, 100 },
    { "--epochs", SAXID_RANGE_INT, &options->epochs, 1, SAXID_ANY_GRID_MOST_EPOCHS },
    { "--threads", SAXID_RANGE_INT, &options->threads, 1, 1024 },
    { "--frames", SAXID_RANGE_INT, &options->frames, 256, 100000 },
    { "--seed", SAXID_RANGE_INT64, &options->seed, 0, G_MAXUINT32 }, /* that of the trees has 32 bits */
    { "--clean", SAXID_RANGE_DOUBLE, &options->clean, 0, 1 },        /* last: it may be unsaid */
  };

  return saxid_ranges_check (VERB, G_N_ELEMENTS (ranges) - (options->clean == UNSAID), ranges, exit_code);
}

/* What is given has to go together, before hours are spent on it. */
static gboolean
check_together (const Options *options, int n_file, char **file, GError **error)
{
  const char *wrong = NULL;

  if (options->output != NULL && options->lots != NULL)
    wrong = "curves for a training elsewhere (--lots) or a model (-o) can be written, not both";
  else if (options->weights != NULL && (options->lots != NULL || options->anew))
    wrong = "--weights makes a model of what has learned, without --lots and --restart";
  else if (options->lots != NULL && options->anew)
    wrong = "--lots begins anew anyway (--restart)";
  else if (options->weights != NULL && (options->start != NULL || options->keep != NULL))
    wrong = "--weights has learned already, --start and --save-weights are for a training here";
  if (wrong != NULL)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, wrong);
      return FALSE;
    }
  return (options->output == NULL || saxid_verb_check_output (options->output, (gsize) n_file, file, error))
         && (options->lots == NULL || saxid_verb_keeps_input (options->lots, (gsize) n_file, file, error)) /* may be a pipe */
         && (options->keep == NULL || options->start == NULL
             || saxid_verb_check_output (options->keep, 1, &options->start, error))
         && (options->weights == NULL || saxid_verb_check_output (options->output, 1, &options->weights, error));
}

static int
train_on_sets (const Options *given, int n_file, char **file)
{
  const SaxidTrainOptions options = {
    .preprocess = given->preprocess != NULL ? given->preprocess : "TH,IntN,LOG,STD,QLOG",
    .representation = given->representation,
    .n_component = 24, .set_coverage = 0.95, .outlier_part = 0.01, .least_coverage = 0.6, .effort = given->effort,
    .folds = (guint) given->folds, .seed = (guint64) given->seed,
    .trees = { .row_part = 0.8, .min_weight = 1, .bins = 128, .rounds = (guint) given->rounds,
               .depth = (guint) given->depth, .learning_rate = given->rate, .column_part = given->columns,
               .threads = (guint) given->threads, .seed = (guint32) given->seed },
  };
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SaxidTrainingSet) set = NULL;
  g_autoptr (SaxidPredictor) predictor = NULL;
  g_autoptr (SaxidTrainReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *command = NULL, *card = NULL;

  for (int k = 0; k < n_file; k++)
    if (!add_file (&set, sources, file[k], &error))
      return saxid_verb_failed (VERB, error);
  saxid_interrupt_watch ();
  predictor = train (set, &options, given->quiet, &report, &error);
  if (predictor == NULL)
    return saxid_verb_failed (VERB, error);
  command = make_command (&options, n_file, file);
  card = make_card (set, sources, command, &options, report, predictor);
  if (!saxid_model_save (predictor, NULL, card, given->output, &error))
    return saxid_verb_failed (VERB, error);
  print_result (set, report, given->output);
  return SAXID_EXIT_OK;
}

static int
train_on_library (const Options *given, int n_file, char **file)
{
  return saxid_train_on_library (&(SaxidTrainOnLibrary) {
    .n_library = (guint) n_file, .library = file, .output = given->output, .epochs = (guint) given->epochs,
    .seed = (guint64) given->seed, .threads = (guint) given->threads, .instrument = given->instrument,
    .clean_part = given->clean, .start = given->start, .weights = given->weights, .keep = given->keep,
    .lots = given->lots, .anew = given->anew, .quiet = given->quiet });
}

/* Needs no data set: it simulates its own. */
static int
train_technique (const Options *given, int n_file)
{
  g_autoptr (GError) error = NULL;

  if (n_file > 0 || given->output == NULL)
    return saxid_verb_usage (VERB, "--technique simulates its frames: no data set, and -o MODEL.h5");
  if (given->grow && given->start == NULL)
    return saxid_verb_usage (VERB, "--grow is for a network to go on from: --start FILE");
  if (given->mean != NULL && (given->start != NULL || g_strv_length (given->mean) < 2))
    return saxid_verb_usage (VERB, "--mean is of two networks or more, and nothing is learned: without --start");
  if (!check_output (given->output, &error))
    return saxid_verb_failed (VERB, error);
  return saxid_train_technique (&(SaxidTrainTechnique) { .frames = (guint) given->frames, .epochs = (guint) given->epochs,
                                                         .threads = (guint) given->threads, .seed = (guint64) given->seed,
                                                         .rate = given->grow ? TECHNIQUE_GROW_RATE
                                                                 : given->start != NULL ? TECHNIQUE_START_RATE : TECHNIQUE_RATE,
                                                         .start = given->start, .grow = given->grow, .mean = given->mean, .output = given->output, .quiet = given->quiet });
}

int
saxid_verb_train (int argc, char **argv)
{
  g_auto (Options) options = { .epochs = ANY_GRID_EPOCHS, .rounds = 300, .depth = 6, .folds = 5,
                               .threads = (gint) g_get_num_processors (), .seed = 1, .effort = 1, .rate = 0.15,
                               .columns = 0.2, .clean = UNSAID, .frames = 8000 };
  g_autoptr (GError) error = NULL;
  gboolean is_library;
  int exit_code;

  if (!parse (&options, &argc, &argv, &exit_code))
    return exit_code;
  if (options.technique)
    return check_ranges (&options, &exit_code) ? train_technique (&options, argc - 1) : exit_code;
  if (argc < 2)
    return saxid_verb_usage (VERB, "no data set was given");
  if (options.output == NULL && options.lots == NULL)
    return saxid_verb_usage (VERB, "no output file was given (-o MODEL.saxid-model)");
  if (!check_ranges (&options, &exit_code))
    return exit_code;
  if (!check_together (&options, argc - 1, argv + 1, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  if ((options.output != NULL && !check_output (options.output, &error))
      || !saxid_train_is_library (argv[1], &is_library, &error))
    return saxid_verb_failed (VERB, error);
  saxid_blas_set_threads ((guint) options.threads);
  if (is_library)
    return train_on_library (&options, argc - 1, argv + 1);
  if (options.lots != NULL || options.weights != NULL || options.start != NULL || options.keep != NULL)
    return saxid_verb_usage (VERB, "--lots, --start, --weights and --save-weights are for libraries (saxid simulate --library)");
  return train_on_sets (&options, argc - 1, argv + 1);
}
