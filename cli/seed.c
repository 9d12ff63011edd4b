/* saxid seed: with which fit should an analyst begin? */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/plot/scale.h"
#include "cli/progress.h"
#include "cli/ranges.h"
#include "cli/seed-atoms.h"
#include "cli/seed-curve.h"
#include "cli/source-options.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/fit/departure.h"
#include "models/learn/medoids.h"
#include "plugin/prior.h"
#include "reducers/error.h"
#include "schemas/curve/cansas-file.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/atomic-file.h"

#define VERB "seed"

/* Pages that SasView opens without tiring of it. */
#define MOST_PAGES 50
#define NAME_WIDTH 32

typedef struct
{
  char *format, *output;
  const char *element; /* of --element, or NULL */
  double largest;      /* particle of atoms, Å */
  gint candidates, representatives; /* 0: all curves, or as many as SasView likes */
  gint64 frame;                     /* -1: all */
  gboolean batch, quiet, any_technique;
} Options;

/* What is read: all curves, and with them what the network sees in each. */
typedef struct
{
  const SaxidModel *model;
  const Options *options;
  GPtrArray *curves; /* SaxidSeededCurve */
  GArray *features;  /* float [curves × n_feature] */
  SaxidProgress *progress;
  gboolean given_up;  /* nothing is to be written */
} Run;

/* --- What is shown -------------------------------------------------------------------------- */

/* As many digits as the error allows. */
static void
print_parameter (const SaxidSeedParameter *parameter, const char *name, const char *unit)
{
  g_autofree char *number = isfinite (parameter->error) ? saxid_scale_measure (parameter->value, parameter->error)
                                                        : g_strdup_printf ("%.4g", parameter->value);

  g_print ("    %s%*s %s%s%s%s\n", name, (int) (NAME_WIDTH - MIN (saxid_text_width (name), NAME_WIDTH)), "", number, *unit != '\0' ? " " : "", unit,
           parameter->vary || isfinite (parameter->error) ? "" : ", held");
}

/* How well a fit describes its curve, in the window of q that it is of. */
static char *
words_of (const SaxidCurveSeed *seed)
{
  SaxidCurve part = *seed->page.curve;
  g_autofree double *model = g_new (double, part.n + 1);
  gsize first = 0;

  while (first < part.n && part.q[first] < seed->page.q_min)
    first++;
  part.q += first;
  part.intensity += first;
  part.sigma = part.sigma != NULL ? part.sigma + first : NULL;
  part.dq = part.dq != NULL ? part.dq + first : NULL;
  part.n -= first;
  while (part.n > 0 && part.q[part.n - 1] > seed->page.q_max)
    part.n--;
  if (!saxid_refined_intensity (saxid_space_find (seed->seed.shape), &seed->seed.fit, &part, model, NULL))
    return saxid_departure_say (seed->page.reduced_chi2, NAN);
  return saxid_departure_say (seed->page.reduced_chi2, saxid_departure (&part, model));
}

/* The equivalent of a material: with SasView's units. */
static void
print_equivalent (const SaxidCurveSeed *seed)
{
  g_print ("  %s (%s of SasView), p = %.3f, chi²/ν = %.3g\n", seed->class_name, seed->page.model,
           seed->seed.probability, seed->page.reduced_chi2);
  for (guint k = 0; k < seed->page.n_parameter; k++)
    print_parameter (&seed->page.parameter[k], seed->page.parameter[k].name, saxid_shape_unit_sign (seed->unit[k]));
}

static void
print_seed (const SaxidCurveSeed *seed)
{
  const SaxidShape *shape = seed->seed.shape;
  g_autofree char *words = words_of (seed), *width = g_strdup_printf ("width of %s (σ/mean)", seed->page.width.name);

  g_print ("  %s (%s), p = %.3f, chi²/ν = %.3g, part of the fits %.3f%s\n", seed->class_name, seed->page.model,
           seed->seed.probability, seed->page.reduced_chi2, seed->seed.weight, seed->page.curve->sigma != NULL ? "" : " (by the scatter: no sigma)");
  g_print ("    %s\n", words);
  for (guint k = 0; k < seed->page.n_parameter; k++)
    {
      const SaxidSeedParameter *parameter = &seed->page.parameter[k];
      const int at = saxid_shape_parameter_index (shape, parameter->name);
      const char *unit = at >= 0 ? shape->parameter[at].unit : "";

      print_parameter (parameter, parameter->name, saxid_shape_unit_sign (unit));
    }
  print_parameter (&seed->page.width, width, "");
  if (seed->warning != NULL)
    g_print ("    ! %s\n", seed->warning);
}

static void
print_curve (const SaxidSeededCurve *curve)
{
  g_autofree char *title = saxid_text_printable (curve->title);

  g_print ("%s\n", title);
  if (curve->note != NULL)
    {
      g_autofree char *note = saxid_text_printable (curve->note);

      g_print ("  note: %s\n", note);
    }
  if (curve->n_seed == 0)
    g_print ("  no fit: %s\n", curve->reason);
  for (guint k = 0; k < curve->n_seed; k++)
    (curve->seed[k].is_equivalent ? print_equivalent : print_seed) (&curve->seed[k]);
}

/* --- What is written ------------------------------------------------------------------------ */

static gboolean
write_text (const char *path, const char *text, GError **error)
{
  SaxidAtomicFile *file;

  if (path == NULL)
    {
      g_print ("%s\n", text);
      return TRUE;
    }
  file = saxid_atomic_begin (path, error);
  if (file == NULL)
    return FALSE;
  if (saxid_atomic_write (file, text, strlen (text), error))
    return saxid_atomic_commit (file, error);
  saxid_atomic_abort (file);
  return FALSE;
}

/* The pages of all curves, best first within each. */
static GArray *
pages_of (GPtrArray *curves)
{
  GArray *pages = g_array_new (FALSE, FALSE, sizeof (SaxidSeedPage));

  for (guint c = 0; c < curves->len; c++)
    {
      const SaxidSeededCurve *curve = curves->pdata[c];

      for (guint k = 0; k < curve->n_seed; k++)
        g_array_append_val (pages, curve->seed[k].page);
    }
  return pages;
}

/* One page of all curves with the best fit of the one that was fitted first in it. */
static char *
batch_of (GPtrArray *curves)
{
  g_autoptr (GArray) pages = g_array_new (FALSE, FALSE, sizeof (SaxidSeedPage));

  for (guint c = 0; c < curves->len; c++)
    {
      const SaxidSeededCurve *curve = curves->pdata[c];
      const SaxidSeedPage page = { .file = curve->file, .title = curve->title, .curve = curve->curve,
                                   .absolute = curve->absolute };

      if (curve->n_seed > 0)
        g_array_prepend_val (pages, curve->seed[0].page);
      else if (curve->probability != NULL)
        g_array_append_val (pages, page);
    }
  return saxid_seed_batch (pages->len, (const SaxidSeedPage *) (gpointer) pages->data);
}

static gboolean
write_project (GPtrArray *curves, const Options *options, GError **error)
{
  g_autoptr (GArray) pages = pages_of (curves);
  g_autofree char *text = NULL;

  text = options->batch ? batch_of (curves) : saxid_seed_project (pages->len, (const SaxidSeedPage *) (gpointer) pages->data);
  return write_text (options->output, text, error);
}

/* The best fit of the one curve that there is. */
static const SaxidSeedPage *
only_page (GPtrArray *curves, const Options *options, GError **error)
{
  const SaxidSeededCurve *fitted = NULL;
  guint n_fitted = 0;

  for (guint c = 0; c < curves->len; c++)
    if (((const SaxidSeededCurve *) curves->pdata[c])->n_seed > 0)
      {
        fitted = curves->pdata[c];
        n_fitted++;
      }
  if (n_fitted == 1)
    return &fitted->seed[0].page;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "%u curves, --format %s is of one (--frame N takes one of a run, -r 1 the one that stands for all)",
               n_fitted, options->format);
  return NULL;
}

static gboolean
write_clipboard (GPtrArray *curves, const Options *options, GError **error)
{
  const SaxidSeedPage *page = only_page (curves, options, error);
  g_autofree char *text = page != NULL ? saxid_seed_clipboard (page) : NULL;

  return text != NULL && write_text (options->output, text, error);
}

static gboolean
write_bumps (GPtrArray *curves, const Options *options, GError **error)
{
  const SaxidSeedPage *page = only_page (curves, options, error);
  g_autofree char *text = page != NULL ? saxid_seed_bumps (page, page->file) : NULL;

  return text != NULL && write_text (options->output, text, error);
}

static gboolean
write_nxcansas (GPtrArray *curves, const Options *options, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);

  if (options->output == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--format nxcansas needs a file (-o FILE.h5)");
      return FALSE;
    }
  for (guint c = 0; c < curves->len; c++)
    {
      const SaxidSeededCurve *curve = curves->pdata[c];
      SaxidMeasurement *measurement;

      if (curve->curve == NULL || curve->stands_for == 0)
        continue;
      measurement = saxid_measurement_new (curve->file);
      measurement->curve = saxid_curve_copy (curve->curve);
      measurement->absolute = curve->absolute;
      measurement->title = g_strdup (curve->title);
      if (curve->note != NULL)
        saxid_measurement_note (measurement, "%s", curve->note);
      g_ptr_array_add (all, measurement);
    }
  return saxid_cansas_write (options->output, (SaxidMeasurement *const *) all->pdata, all->len,
                             "saxid " PACKAGE_VERSION, error);
}

static const struct
{
  const char *name;
  gboolean (*write) (GPtrArray *curves, const Options *options, GError **error);
} formats[] = {
  { "sasview", write_project },
  { "clipboard", write_clipboard },
  { "bumps", write_bumps },
  { "nxcansas", write_nxcansas },
};

/* --- The whole ------------------------------------------------------------------------------ */

/* SasView knows no other distribution of a page that is loaded or pasted. */
static gboolean
is_gaussian (const Options *options)
{
  return g_strcmp0 (options->format, "sasview") == 0 || g_strcmp0 (options->format, "clipboard") == 0;
}

/* Whether all are read before any is fitted: then few are chosen, or there are too many. */
static gboolean
chooses (const Options *options)
{
  return options->representatives > 0 || options->format != NULL;
}

/* What is exported are the curves alone. */
static gboolean
fits (const Options *options)
{
  return g_strcmp0 (options->format, "nxcansas") != 0;
}

static gboolean
is_of_one (const Options *options)
{
  return g_strcmp0 (options->format, "clipboard") == 0 || g_strcmp0 (options->format, "bumps") == 0;
}

static gboolean
read_file (Run *run, const char *path, const SaxidReadOptions *read, GError **error)
{
  g_autoptr (SaxidReader) reader = saxid_reader_open (path, read, error);
  g_autofree float *features = g_new0 (float, saxid_predictor_n_feature (run->model->predictor));
  const Options *options = run->options;
  const guint before = run->curves->len;

  if (reader == NULL)
    return FALSE;
  for (guint s = 0; s < saxid_reader_source_count (reader); s++)
    {
      const gsize n_frame = saxid_reader_source (reader, s)->n_frame;
      const gsize from = options->frame < 0 ? 0 : (gsize) options->frame;
      const gsize to = options->frame < 0 ? n_frame : MIN (n_frame, from + 1);

      for (gsize k = from; k < to && !saxid_interrupted (); k++)
        {
          SaxidSeededCurve *curve
            = saxid_seed_curve (run->model, reader, path, s, k, options->any_technique, chooses (options) ? features : NULL, error);

          if (curve == NULL)
            return FALSE;
          g_ptr_array_add (run->curves, curve);
          if (chooses (options))
            {
              g_array_append_vals (run->features, features, (guint) saxid_predictor_n_feature (run->model->predictor));
              continue;
            }
          saxid_seeded_curve_fit (curve, run->model, (guint) options->candidates, is_gaussian (options));
          saxid_progress_advance (run->progress, 1);
          if (options->format != NULL)
            continue;
          saxid_progress_hide (run->progress);
          print_curve (curve);
        }
    }
  if (run->curves->len > before || saxid_interrupted ())
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "frame %" G_GINT64_FORMAT " is not there (%s)",
               options->frame, path);
  return FALSE;
}

/* The rows that can be fitted, with their features next to each other. */
static GArray *
readable_rows (Run *run, GArray *features)
{
  const gsize width = saxid_predictor_n_feature (run->model->predictor);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint c = 0; c < run->curves->len; c++)
    if (((const SaxidSeededCurve *) run->curves->pdata[c])->probability != NULL)
      {
        g_array_append_val (rows, c);
        g_array_append_vals (features, (const float *) (gpointer) run->features->data + c * width, (guint) width);
      }
  return rows;
}

/* Marks the curves that stand for others: stands_for is 0 for those that do not. */
static void
choose (Run *run)
{
  const Options *options = run->options;
  const gsize width = saxid_predictor_n_feature (run->model->predictor);
  g_autoptr (GArray) features = g_array_new (FALSE, FALSE, sizeof (float)), rows = readable_rows (run, features);
  const guint most = options->batch                                       ? 1
                     : options->representatives > 0                       ? (guint) options->representatives
                     : g_strcmp0 (options->format, "sasview") == 0 ? MAX (MOST_PAGES / (guint) options->candidates, 1)
                                                                          : G_MAXUINT;
  g_autofree gsize *medoid = g_new (gsize, MIN (most, MAX (rows->len, 1)));
  g_autofree guint *of = g_new (guint, rows->len);
  guint n;

  if (rows->len <= most)
    return;
  n = saxid_medoids (rows->len, width, (const float *) (gpointer) features->data, most, medoid, of);
  for (guint k = 0; k < rows->len; k++)
    ((SaxidSeededCurve *) run->curves->pdata[g_array_index (rows, guint, k)])->stands_for = 0;
  for (guint k = 0; k < rows->len; k++)
    ((SaxidSeededCurve *) run->curves->pdata[g_array_index (rows, guint, medoid[of[k]])])->stands_for++;
  if (!options->quiet)
    for (guint m = 0; m < n; m++)
      {
        const SaxidSeededCurve *curve = run->curves->pdata[g_array_index (rows, guint, medoid[m])];
        g_autofree char *title = saxid_text_printable (curve->title);

        g_printerr ("%s stands for %" G_GSIZE_FORMAT " of %u curves\n", title, curve->stands_for, rows->len);
      }
}

/* What is written for other programs has no place for it. */
static void
say_note (const SaxidSeededCurve *curve)
{
  g_autofree char *text = curve->note != NULL ? g_strdup_printf ("%s (%s)", curve->note, curve->title) : NULL;
  g_autofree char *shown = saxid_text_printable (text);

  if (text != NULL)
    g_printerr ("saxid " VERB ": note: %s\n", shown);
}

/* FALSE with one line of error: more curves than the format is for. */
static gboolean
fit_chosen (Run *run, GError **error)
{
  guint n = 0;

  choose (run);
  for (guint c = 0; c < run->curves->len; c++)
    {
      const SaxidSeededCurve *curve = run->curves->pdata[c];

      n += curve->stands_for > 0 && curve->probability != NULL;
    }
  if (is_of_one (run->options) && n > 1)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%u curves, --format %s is of one (--frame N takes one of a run, -r 1 the one that stands for all)", n,
                   run->options->format);
      return FALSE;
    }
  for (guint c = 0; c < run->curves->len && fits (run->options) && !saxid_interrupted (); c++)
    {
      SaxidSeededCurve *curve = run->curves->pdata[c];

      if (curve->stands_for == 0)
        continue;
      saxid_seeded_curve_fit (curve, run->model, (guint) run->options->candidates, is_gaussian (run->options));
      saxid_progress_advance (run->progress, 1);
      saxid_progress_hide (run->progress);
      if (run->options->format == NULL)
        print_curve (curve);
      else if (!run->options->quiet)
        say_note (curve);
    }
  return TRUE;
}

/* One line for each curve that has no fit though one was wanted. FALSE where there is none
 * with what the format needs. */
static gboolean
tell_reasons (const Run *run, gboolean *all)
{
  guint good = 0;

  *all = TRUE;
  for (guint c = 0; c < run->curves->len; c++)
    {
      const SaxidSeededCurve *curve = run->curves->pdata[c];

      if (fits (run->options) ? curve->n_seed > 0 : curve->curve != NULL)
        good++;
      else if (curve->reason != NULL && (fits (run->options) || curve->curve == NULL))
        {
          g_autofree char *text = g_strdup_printf ("%s (%s)", curve->reason, curve->title);
          g_autofree char *shown = saxid_text_printable (text);

          g_printerr ("saxid " VERB ": %s\n", shown);
          *all = FALSE;
        }
    }
  return good > 0;
}

/* *which gets the row of the format, where one is asked for. */
static gboolean
check_options (const Options *options, guint *which, int *exit_code)
{
  const SaxidOptionRange ranges[] = {
    { "--candidates", SAXID_RANGE_INT, &options->candidates, 1, SAXID_SEEDS_MOST },
    { "--representatives", SAXID_RANGE_INT, &options->representatives, 0, G_MAXINT },
    { "--largest", SAXID_RANGE_DOUBLE, &options->largest, 5, 80 },
    { "--frame", SAXID_RANGE_INT64, &options->frame, 0, G_MAXINT64 }, /* last: it may be unsaid, -1 */
  };
  const char *format = options->format;

  if (!saxid_ranges_check (VERB, G_N_ELEMENTS (ranges) - (options->frame == -1), ranges, exit_code))
    return FALSE;
  *which = 0;
  while (format != NULL && *which < G_N_ELEMENTS (formats) && strcmp (formats[*which].name, format) != 0)
    ++*which;
  if (options->element != NULL && format != NULL && strcmp (format, "xyz") != 0)
    *exit_code = saxid_verb_usage (VERB, "--element writes --format xyz only");
  else if (options->element == NULL && g_strcmp0 (format, "xyz") == 0)
    *exit_code = saxid_verb_usage (VERB, "--format xyz needs the element of the particle (--element Au)");
  else if (options->element != NULL && (options->batch || options->representatives > 0))
    *exit_code = saxid_verb_usage (VERB, "--element fits every curve: without --batch and --representatives");
  else if (options->batch && g_strcmp0 (format, "sasview") != 0)
    *exit_code = saxid_verb_usage (VERB, "--batch is of --format sasview only");
  else if (*which == G_N_ELEMENTS (formats) && options->element == NULL)
    *exit_code = saxid_verb_usage (VERB, "format '%s' is not known", format);
  else if (options->output != NULL && format == NULL)
    *exit_code = saxid_verb_usage (VERB, "an output file needs a --format");
  else
    return TRUE;
  return FALSE;
}

/* Fits the curves of all files, and says why there is no fit where there is none. */
static int
fit_files (Run *run, const SaxidReadOptions *read, int n_file, char **file)
{
  int exit_code = SAXID_EXIT_OK;
  gboolean all = TRUE;
  g_autoptr (GError) error = NULL;

  for (int k = 0; k < n_file && !saxid_interrupted (); k++)
    if (!read_file (run, file[k], read, &error))
      {
        saxid_progress_hide (run->progress);
        exit_code = saxid_verb_no_curve (VERB, file[k], error);
        g_clear_error (&error);
      }
  if (chooses (run->options) && !fit_chosen (run, &error))
    {
      saxid_progress_hide (run->progress);
      run->given_up = TRUE;
      return saxid_verb_failed (VERB, error);
    }
  saxid_progress_hide (run->progress);
  if (saxid_interrupted ())
    return SAXID_EXIT_FAILED;
  if (run->curves->len > 0 && !tell_reasons (run, &all))
    {
      run->given_up = TRUE;
      return SAXID_EXIT_FAILED;
    }
  return all ? exit_code : SAXID_EXIT_FAILED;
}

int
saxid_verb_seed (int argc, char **argv)
{
  g_auto (SaxidSourceOptions) source = { 0 };
  g_autoptr (GPtrArray) curves = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_seeded_curve_free);
  g_autoptr (GArray) features = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (SaxidModel) model = NULL;
  SaxidForms forms;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL, *path = NULL, *prior = NULL, *format = NULL, *output = NULL, *element = NULL;
  struct saxid_tag_options paths = { .struct_size = sizeof paths };
  Options options = { .candidates = 3, .frame = -1, .largest = 50 };
  SaxidReadOptions read;
  Run run = { .options = &options, .curves = curves, .features = features };
  guint which = 0;
  int exit_code;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "Write for sasview, clipboard, bumps or nxcansas, or xyz", "NAME" },
    { "element", 0, 0, G_OPTION_ARG_STRING, &element, "Fit particles of atoms of this metal", "SYMBOL" },
    { "largest", 0, 0, G_OPTION_ARG_DOUBLE, &options.largest, "With --element: radius of the largest particle, in Å (50)", "R" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "File to write (standard output)", "FILE" },
    { "candidates", 'c', 0, G_OPTION_ARG_INT, &options.candidates, "Fits for each curve (3)", "N" },
    { "representatives", 'r', 0, G_OPTION_ARG_INT, &options.representatives,
      "Of many curves only N that stand for all", "N" },
    { "batch", 0, 0, G_OPTION_ARG_NONE, &options.batch, "For sasview: one page for all curves", NULL },
    { "frame", 'f', 0, G_OPTION_ARG_INT64, &options.frame, "Only this frame, from 0", "N" },
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &name, "Model to ask (the shipped one)", "NAME|FILE" },
    { "prior", 0, 0, G_OPTION_ARG_FILENAME, &prior, "Weights of the classes (the shipped ones)", "FILE" },
    { "any-technique", 0, 0, G_OPTION_ARG_NONE, &options.any_technique, "Fit the curves of grazing frames too", NULL },
    SAXID_SOURCE_OPTION_ENTRIES (source),
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options.quiet, "Show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "FILE…",
                         "Fits the likeliest form factors to each curve and prints where they came to, or "
                         "writes\nthem for SasView or bumps. The files are not changed.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  options.format = format;
  options.output = output;
  options.element = element;
  if (argc < 2)
    return saxid_verb_usage (VERB, "no file was given");
  if (!check_options (&options, &which, &exit_code))
    return exit_code;
  if (!saxid_source_options_apply (&source, &paths, &error)
      || (output != NULL && !saxid_verb_check_output (output, (gsize) argc - 1, argv + 1, &error)))
    return saxid_verb_usage (VERB, "%s", error->message);
  read = (SaxidReadOptions) { .i_path = paths.i_path, .q_path = paths.q_path, .sigma_path = paths.sigma_path,
                              .q_unit = paths.q_unit, .slit = paths.slit_length, .follow_links = source.follow_links, .texts = TRUE };
  if (options.element != NULL)
    {
      const SaxidSeedAtomsOptions atoms
        = { options.element, output, format != NULL, options.frame, (guint) options.candidates, options.largest, options.any_technique };

      saxid_interrupt_watch ();
      return saxid_seed_atoms (&atoms, &read, argc - 1, argv + 1);
    }
  path = saxid_model_path (name);
  model = saxid_model_load (path, &error);
  if (model == NULL || !saxid_prior_from_file (model->predictor, prior, &error))
    return saxid_verb_failed (VERB, error);
  forms = saxid_model_forms (model);
  if (!saxid_seeds_possible (&forms))
    return saxid_verb_usage (VERB, "model %s has no atlas of fits: one that was trained on a library has",
                             model->file_name);
  saxid_interrupt_watch ();
  run.model = model;
  run.progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "fitting", .noun = "curves", .quiet = options.quiet,
                                                           .fd = STDERR_FILENO });
  exit_code = fit_files (&run, &read, argc - 1, argv + 1);
  saxid_progress_finish (run.progress);
  if (exit_code != SAXID_EXIT_OK && (curves->len == 0 || saxid_interrupted () || run.given_up))
    return exit_code;
  if (format != NULL && curves->len > 0 && !formats[which].write (curves, &options, &error))
    return saxid_verb_failed (VERB, error);
  return exit_code;
}
