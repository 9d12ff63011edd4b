/* How do text columns and canSAS XML become NXcanSAS? */
#include "config.h"

#include <string.h>

#include "cli/import-worker.h"
#include "cli/ranges.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"
#include "reducers/repairs.h"
#include "schemas/curve/cansas-file.h"
#include "schemas/text/measurement.h"

#define VERB "import"

typedef struct
{
  char *output;
  char *directory;
  char *title;
  gboolean force;
  gboolean quiet;
  SaxidImportOptions input;
} Options;

/* The numbers are written as they are; whoever reads them cleans them as this does. */
static void
say_repairs (const SaxidMeasurement *measurement)
{
  g_autoptr (SaxidCurve) copy = saxid_curve_copy (measurement->curve);
  g_autofree char *said = NULL;
  SaxidCurveRepairs repairs;

  saxid_curve_clean (copy, &repairs, NULL);
  said = saxid_curve_repairs_say (&repairs);
  if (said != NULL)
    g_print ("  note: when it is judged, %s\n", said);
}

static void
say (const SaxidMeasurement *measurement, const char *output, guint k)
{
  const SaxidCurve *curve = measurement->curve;
  double low = curve->q[0], high = curve->q[0];
  g_autofree char *to = saxid_text_printable (output);

  for (gsize p = 1; p < curve->n; p++)
    {
      low = curve->q[p] < low ? curve->q[p] : low;
      high = curve->q[p] > high ? curve->q[p] : high;
    }
  g_print ("%s: %" G_GSIZE_FORMAT " points, q %.4g to %.4g 1/Å, I%s%s in %s -> %s:/sasentry%02u\n",
           measurement->file, curve->n, low, high, curve->sigma != NULL ? ", sigma" : "",
           curve->dq != NULL ? ", dq" : "", measurement->absolute ? "1/cm" : "arbitrary units", to, k + 1);
  for (guint p = 0; p < measurement->notes->len; p++)
    {
      g_autofree char *note = saxid_text_printable (measurement->notes->pdata[p]);

      g_print ("  note: %s\n", note);
    }
  say_repairs (measurement);
}

static gboolean
write_output (const char *output, const Options *options, GPtrArray *all, GError **error)
{
  if (!options->force && g_file_test (output, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "file exists, --force replaces it (%s)", output);
      return FALSE;
    }
  for (guint k = 0; k < all->len && options->title != NULL; k++)
    {
      SaxidMeasurement *measurement = all->pdata[k];

      g_free (measurement->title);
      measurement->title = g_strdup (options->title);
    }
  if (!saxid_cansas_write (output, (SaxidMeasurement *const *) all->pdata, all->len, "saxid " PACKAGE_VERSION, error))
    return FALSE;
  for (guint k = 0; k < all->len && !options->quiet; k++)
    say (all->pdata[k], output, k);
  return TRUE;
}

static int
into_one (char **paths, const Options *options, SaxidImportWorker *worker)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
  int status = SAXID_EXIT_OK;

  for (guint k = 0; paths[k] != NULL; k++)
    {
      g_autoptr (GError) error = NULL;

      if (!saxid_import_worker_read (worker, paths[k], all, &error))
        status = saxid_verb_failed (VERB, error);
    }
  if (all->len > 0)
    {
      g_autoptr (GError) error = NULL;

      if (!write_output (options->output, options, all, &error))
        status = saxid_verb_failed (VERB, error);
    }
  return status;
}

static char *
output_of (const char *path, const Options *options)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = NULL;
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".nxs", NULL);
  return options->directory != NULL ? g_build_filename (options->directory, name, NULL) : g_strdup (name);
}

static int
into_each (char **paths, const Options *options, SaxidImportWorker *worker)
{
  g_autoptr (GHashTable) written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int status = SAXID_EXIT_OK;

  for (guint k = 0; paths[k] != NULL; k++)
    {
      g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_measurement_free);
      g_autofree char *output = output_of (paths[k], options);
      g_autoptr (GError) error = NULL;

      /* --force is for files of before, not for those of this run */
      if (g_hash_table_contains (written, output))
        g_set_error (&error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "another input has the same output %s (%s)",
                     output, paths[k]);
      else if (saxid_import_worker_read (worker, paths[k], all, &error)
               && write_output (output, options, all, &error))
        g_hash_table_add (written, g_steal_pointer (&output));
      if (error != NULL)
        status = saxid_verb_failed (VERB, error);
    }
  return status;
}

int
saxid_verb_import (int argc, char **argv)
{
  Options options = { .input = { .time_limit = 300, .memory_limit = 4 } };
  g_autofree char *output = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *title = NULL;
  g_autofree char *q_unit = NULL;
  g_autofree char *i_unit = NULL;
  g_autofree char *columns = NULL;
  g_auto (GStrv) paths = NULL;
  g_autoptr (SaxidImportWorker) worker = NULL;
  g_autoptr (GError) error = NULL;
  int exit_code;
  const SaxidOptionRange ranges[] = { SAXID_LIMIT_RANGES (&options.input.time_limit, &options.input.memory_limit) };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write all curves into this file", "OUT.nxs" },
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &directory, "Write one file per input here", "DIR" },
    { "unit", 'u', 0, G_OPTION_ARG_STRING, &q_unit, "Unit of q, instead of what the file says", "1/nm" },
    { "q-unit", 0, 0, G_OPTION_ARG_STRING, &q_unit, "The same, as other verbs call it", "1/nm" },
    { "intensity-unit", 0, 0, G_OPTION_ARG_STRING, &i_unit, "Unit of intensity in text files", "1/cm" },
    { "columns", 'c', 0, G_OPTION_ARG_STRING, &columns, "Columns of text files, - to leave one out",
      "q,I,sigma,dq" },
    { "title", 't', 0, G_OPTION_ARG_STRING, &title, "Title, instead of what the file says", "TEXT" },
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.input.time_limit, "Seconds that one file may take (300)", "S" },
    { "memory-limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.input.memory_limit, "GiB that reading may take (4)", "X" },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &options.force, "Replace files that exist", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Say nothing of what went well", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "FILE…",
                         "Turns text columns and canSAS XML into NXcanSAS.\n"
                         "Without -o, FILE.txt becomes FILE.nxs in the current directory.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (paths == NULL)
    return saxid_verb_usage (VERB, "which file?");
  if (output != NULL && directory != NULL)
    return saxid_verb_usage (VERB, "-o writes one file and -d one per input: choose");
  if (!saxid_ranges_check (VERB, G_N_ELEMENTS (ranges), ranges, &exit_code))
    return exit_code;

  options.output = output;
  options.directory = directory;
  options.title = title;
  options.input.text = (SaxidTextOptions) { q_unit, i_unit, columns };
  for (guint k = 0; paths[k] != NULL; k++)
    {
      g_autofree char *own = output == NULL ? output_of (paths[k], &options) : NULL;

      if (!saxid_verb_check_output (own != NULL ? own : output, g_strv_length (paths), paths, &error))
        return saxid_verb_usage (VERB, "%s", error->message);
    }
  worker = saxid_import_worker_new (&options.input, &error);
  if (worker == NULL)
    return saxid_verb_failed (VERB, error);
  return output != NULL ? into_one (paths, &options, worker) : into_each (paths, &options, worker);
}
