/* saxid reprocess: which form factors are in an archive? */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/archive/run.h"
#include "cli/archive/walk.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/ranges.h"
#include "cli/source-options.h"
#include "cli/tag-json.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"

#define VERB "reprocess"
#define LEDGER SAXID_ARCHIVE_LEDGER
#define WAIT_MS 200
#define MOST_WORKERS 256

typedef struct
{
  char *ledger, *model, *classes, *prior, *element, *shard, *list, *side_dir;
  char **merge;
  gint jobs;
  double time_limit, memory_limit; /* s, GiB */
  gboolean side_file, dry_run, seeds, fits, network, retry, json, quiet, texts, ledger_only, count, header;
} Options;

/* --- Tagging ---------------------------------------------------------------------------- */

typedef struct
{
  SaxidArchiveRun run;
  GPtrArray *paths;
  guint next;
} Walk;

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Each once, whatever was given twice. */
static void
sort_paths (GPtrArray *paths)
{
  guint kept = 0;

  g_ptr_array_sort (paths, compare_paths);
  for (guint k = 0; k < paths->len; k++)
    if (kept > 0 && strcmp (paths->pdata[k], paths->pdata[kept - 1]) == 0)
      g_free (paths->pdata[k]);
    else
      paths->pdata[kept++] = paths->pdata[k];
  /* what lies behind is freed or has moved */
  for (guint k = kept; k < paths->len; k++)
    paths->pdata[k] = NULL;
  g_ptr_array_set_size (paths, (int) kept);
}

/* After an interruption what is at work is waited for, so that it is noted. */
static gboolean
tag_all (Walk *walk, GError **error)
{
  for (;;)
    {
      SaxidArchiveOutcome outcome;

      if (!saxid_archive_run_hand_out (&walk->run, walk->paths, &walk->next, error))
        return FALSE;
      if (saxid_archive_pool_busy (walk->run.pool) == 0)
        return TRUE;
      if (saxid_archive_pool_take (walk->run.pool, WAIT_MS, &outcome)
          && !saxid_archive_run_note (&walk->run, &outcome, error))
        return FALSE;
    }
}

static const char *
place_of_tags (const Options *options)
{
  return options->ledger_only                                   ? SAXID_ARCHIVE_IN_LEDGER
         : options->side_file || options->side_dir != NULL ? SAXID_ARCHIVE_BESIDE
                                                                : SAXID_ARCHIVE_IN_FILE;
}

static void
say_passed (const SaxidArchiveChoice *choice)
{
  g_autofree char *said = saxid_archive_choice_say (choice);

  if (said != NULL)
    g_print ("passed over: %s\n", said);
}

static int
reprocess (const Options *options, const char *ledger, int n_name, char **name)
{
  const SaxidArchivePoolOptions how = {
    .workers = (guint) options->jobs, .model = options->model, .classes = options->classes,
    .prior = options->prior, .element = options->element, .evidence = saxid_evidence (options->network, !options->fits && !options->seeds),
    .tag = { .struct_size = sizeof how.tag,
             .flags = (options->side_file ? SAXID_TAG_SIDE_FILE : 0)
                      | (options->dry_run || options->ledger_only ? SAXID_TAG_DRY_RUN : 0)
                      | (options->seeds ? SAXID_TAG_SEEDS : 0),
             .side_dir = options->side_dir },
    .time_limit = options->time_limit, .memory_limit = (guint64) (options->memory_limit * (1 << 30)),
  };
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SaxidArchivePool) pool = NULL;
  g_autoptr (SaxidArchiveLedger) book = NULL;
  g_autoptr (GError) error = NULL;
  SaxidArchiveShard shard = { 0, 1 };
  SaxidArchiveChoice choice = { .texts = options->texts };
  Walk walk = { .run = { .verb = VERB, .dry_run = options->dry_run, .retry = options->retry, .tags = place_of_tags (options) },
                .paths = paths };
  int exit_code = SAXID_EXIT_OK;
  g_autofree char *rest = NULL;
  gboolean done;

  if (options->shard != NULL && !saxid_archive_shard_parse (options->shard, &shard, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  /* workers are forked first: a process with threads, or with a database, cannot be halved */
  walk.run.pool = pool = saxid_archive_pool_new (&how, &error);
  if (pool == NULL)
    return saxid_verb_failed (VERB, error);
  saxid_interrupt_watch ();
  walk.run.ledger = book = saxid_archive_ledger_open (ledger, TRUE, &error);
  if (book == NULL)
    return saxid_verb_failed (VERB, error);
  for (int k = 0; k < n_name; k++)
    if (!saxid_archive_walk (name[k], &shard, &choice, paths, &error))
      {
        exit_code = saxid_verb_failed (VERB, error);
        g_clear_error (&error);
      }
  sort_paths (paths);
  walk.run.progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "tagging", .noun = "files",
                                                                    .total = paths->len, .quiet = options->quiet,
                                                                    .fd = STDERR_FILENO });
  done = tag_all (&walk, &error);
  saxid_progress_finish (walk.run.progress);
  if (!done)
    return saxid_verb_failed (VERB, error);
  rest = saxid_archive_run_rest (&walk.run);
  g_print ("%" G_GUINT64_FORMAT " files tagged (%" G_GUINT64_FORMAT " curves), %s; %s\n", walk.run.n_done, walk.run.n_curve, rest, ledger);
  say_passed (&choice);
  if (saxid_interrupted ())
    {
      g_printerr ("saxid " VERB ": interrupted; the same command goes on from there\n");
      return SAXID_EXIT_FAILED;
    }
  return walk.run.n_failed > 0 ? SAXID_EXIT_FAILED : exit_code;
}

/* --- Asking the ledger --------------------------------------------------------------------- */

/* A ledger may be anybody's: what is no number is none. */
static void
append_number (GString *line, const char *text)
{
  char *end = NULL, number[G_ASCII_DTOSTR_BUF_SIZE];
  const double value = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (value))
    g_string_append (line, "null");
  else
    g_string_append (line, g_ascii_formatd (number, sizeof number, "%.15g", value));
}

static gboolean
print_json (guint n, const char *const *name, const char *const *value, gpointer data G_GNUC_UNUSED)
{
  g_autoptr (GString) line = g_string_new ("{");

  for (guint k = 0; k < n; k++)
    {
      const gboolean is_number = strcmp (name[k], "frame") == 0 || strcmp (name[k], "confidence") == 0;

      g_string_append_printf (line, "%s\"%s\":", k > 0 ? "," : "", name[k]);
      if (value[k] == NULL)
        g_string_append (line, "null");
      else if (strcmp (name[k], "outlier") == 0)
        g_string_append (line, value[k][0] == '1' ? "true" : "false");
      else if (is_number)
        append_number (line, value[k]);
      else
        saxid_tag_json_text (line, value[k]);
    }
  g_print ("%s}\n", line->str);
  return !saxid_interrupted ();
}

static gboolean
print_line (guint n, const char *const *name, const char *const *value, gpointer data)
{
  gboolean *header = data; /* still to be printed; or NULL */

  for (guint k = 0; header != NULL && *header && k < n; k++)
    g_print ("%s%s", name[k], k + 1 < n ? "\t" : "\n");
  if (header != NULL)
    *header = FALSE;
  for (guint k = 0; k < n; k++)
    {
      g_autofree char *text = saxid_text_printable (value[k] != NULL ? value[k] : "-");

      g_print ("%s%s", text, k + 1 < n ? "\t" : "\n");
    }
  return !saxid_interrupted ();
}

static gboolean
print_count (guint n G_GNUC_UNUSED, const char *const *name G_GNUC_UNUSED, const char *const *value, gpointer data)
{
  const gboolean *json = data;

  if (*json)
    g_print ("{\"curves\":%s,\"files\":%s}\n", value[0], value[1]);
  else
    g_print ("%s curve%s in %s file%s\n", value[0], strcmp (value[0], "1") == 0 ? "" : "s", value[1],
             strcmp (value[1], "1") == 0 ? "" : "s");
  return TRUE;
}

/* A person sees what the columns are; a program that cuts them does not trip over it. */
static int
list (const Options *options, const char *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidArchiveLedger) book = saxid_archive_ledger_open (ledger, FALSE, &error);
  gboolean header = options->header || isatty (STDOUT_FILENO), json = options->json, done;

  if (book == NULL)
    return saxid_verb_failed (VERB, error);
  saxid_interrupt_watch ();
  done = options->count ? saxid_archive_ledger_total (book, options->list, print_count, &json, &error)
         : json         ? saxid_archive_ledger_list (book, options->list, print_json, NULL, &error)
                        : saxid_archive_ledger_list (book, options->list, print_line, &header, &error);
  if (done)
    return SAXID_EXIT_OK;
  return error->code == SAXID_ERROR_ARGUMENT ? saxid_verb_usage (VERB, "%s", error->message)
                                             : saxid_verb_failed (VERB, error);
}

static int
merge (const Options *options, const char *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidArchiveLedger) book = saxid_archive_ledger_open (ledger, TRUE, &error);

  for (char **other = options->merge; error == NULL && *other != NULL; other++)
    saxid_archive_ledger_merge (book, *other, &error);
  if (error == NULL)
    saxid_archive_ledger_count (book, print_line, NULL, &error);
  return error == NULL ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}

/* Tasks of a job array do not share a ledger; each has one beside it. */
static char *
ledger_of (const Options *options, GError **error)
{
  const char *base = options->ledger != NULL ? options->ledger : LEDGER;
  SaxidArchiveShard shard;

  if (options->shard == NULL)
    return g_strdup (base);
  if (!saxid_archive_shard_parse (options->shard, &shard, error))
    return NULL;
  return g_strdup_printf ("%s.%u-of-%u", base, shard.index, shard.n);
}

static gboolean
check_ranges (const Options *options, int *exit_code)
{
  const SaxidOptionRange ranges[] = {
    { "--jobs", SAXID_RANGE_INT, &options->jobs, 1, MOST_WORKERS },
    SAXID_LIMIT_RANGES (&options->time_limit, &options->memory_limit),
  };

  return saxid_ranges_check (VERB, G_N_ELEMENTS (ranges), ranges, exit_code);
}

int
saxid_verb_reprocess (int argc, char **argv)
{
  Options options = { .jobs = (gint) g_get_num_processors (), .time_limit = 300, .memory_limit = 4 };
  g_autofree char *name = NULL, *model = NULL, *classes = NULL, *prior = NULL, *element = NULL, *shard = NULL, *question = NULL, *ledger = NULL, *side_dir = NULL;
  g_auto (GStrv) others = NULL;
  g_autoptr (GError) error = NULL;
  int exit_code;
  const GOptionEntry entries[] = {
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &name, "Ledger (" LEDGER " here)", "FILE" },
    { "list", 'l', 0, G_OPTION_ARG_STRING, &question, "Answer from the ledger: 'label=sphere and confidence>0.9'",
      "QUESTION" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "With --list: one JSON object per curve", NULL },
    { "count", 0, 0, G_OPTION_ARG_NONE, &options.count, "With --list: how many curves, in how many files", NULL },
    { "header", 0, 0, G_OPTION_ARG_NONE, &options.header, "With --list: names of the columns, as on a terminal", NULL },
    { "merge", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &others, "Add the files of another ledger; may be given again",
      "LEDGER" },
    { "retry", 0, 0, G_OPTION_ARG_NONE, &options.retry, "Try again what has failed", NULL },
    { "shard", 0, 0, G_OPTION_ARG_STRING, &shard, "Only this part of the files: K/N, or auto in a job array", "K/N" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "Processes that tag (one for each processor)", "N" },
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.time_limit, "Seconds that one file may take (300)", "S" },
    { "memory-limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.memory_limit, "GiB that a process may take (4)", "X" },
    SAXID_MODEL_OPTION_ENTRIES (&model, &classes, &prior),
    SAXID_ELEMENT_OPTION_ENTRY (&element),
    SAXID_ARCHIVE_TAG_OPTION_ENTRIES (&options.seeds, &options.side_file, &options.fits, &options.network),
    { "side-dir", 0, 0, G_OPTION_ARG_FILENAME, &side_dir, "Write side files under this directory: archives are left alone", "DIR" },
    { "ledger-only", 0, 0, G_OPTION_ARG_NONE, &options.ledger_only, "Write into the ledger alone", NULL },
    { "texts", 0, 0, G_OPTION_ARG_NONE, &options.texts, "Judge texts and canSAS XML, too", NULL },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run, "Read and judge, write nothing", NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options.quiet, "Show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "DIR|FILE…",
                         "Tags every file below directories in worker processes, and keeps a ledger of what "
                         "became of\neach. What the same model has tagged already is passed over; a run that was "
                         "stopped goes on.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  options.ledger = name;
  options.model = model;
  options.classes = classes;
  options.prior = prior;
  options.element = element;
  options.shard = shard;
  options.list = question;
  options.side_dir = side_dir;
  options.merge = others;
  if (!check_ranges (&options, &exit_code))
    return exit_code;
  if ((options.json || options.count || options.header) && question == NULL)
    return saxid_verb_usage (VERB, "--%s is of --list", options.json ? "json" : options.count ? "count" : "header");
  if (options.ledger_only && (options.side_file || side_dir != NULL))
    return saxid_verb_usage (VERB, "--ledger-only writes no side files");
  if ((question != NULL || others != NULL) != (argc < 2))
    return saxid_verb_usage (VERB, argc < 2 ? "no directory was given" : "--list and --merge ask the ledger, no files");
  ledger = ledger_of (&options, &error);
  if (ledger == NULL)
    return saxid_verb_usage (VERB, "%s", error->message);
  if (question != NULL)
    return list (&options, ledger);
  if (others != NULL)
    return merge (&options, ledger);
  return reprocess (&options, ledger, argc - 1, argv + 1);
}
