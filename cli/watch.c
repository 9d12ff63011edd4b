/* saxid watch: which form factors are in the files that appear?
 *
 * The kernel tells of changes in the directories (GFileMonitor), where it can; every few
 * seconds everything is looked at anyway, for file systems of which it does not know, such
 * as those of the network. A file is tagged when it has not changed for a moment; what
 * grows on is tagged again when it has come to rest.
 */
#include "config.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/archive/frames.h"
#include "cli/archive/run.h"
#include "cli/archive/walk.h"
#include "cli/interrupt.h"
#include "cli/ranges.h"
#include "cli/reduce/journal.h"
#include "cli/reduce/options.h"
#include "cli/settings-file.h"
#include "cli/source-options.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "cli/watch-table.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/lease.h"
#include "schemas/tag/target.h"
#include "schemas/tag/writer.h"

#define VERB "watch"
#define TICK_MS 50
#define MOST_DEPTH 50
#define FOLLOW_POLL 0.2 /* s */
#define BUSY_US 500000 /* until a file that a writer has open is looked at again */
#define MOST_PATIENCE 60.0 /* s until a follower that failed is tried again */

typedef struct
{
  char *ledger, *model, *classes, *prior, *element;
  const SaxidReduceOptions *reduce; /* how frames become curves, or NULL */
  gint jobs;
  double settle, poll, idle, time_limit; /* s */
  gboolean side_file, seeds, fits, network, texts, once, quiet;
} Options;

/* A file as it was seen last. */
typedef struct
{
  gint64 size, mtime;
  gint64 since; /* µs, monotonic */
  gboolean given;
  gboolean followed; /* at this moment: its changes are known */
  gint64 asked;      /* `since` of when it was looked into: whether it grows */
  gboolean growing;
  guint look;        /* at which it was there last */
  gint64 not_before; /* µs: its follower failed, and would fail again */
} Sight;

/* A directory that is watched; one that cannot be has no monitor, and is polled. */
typedef struct
{
  GFileMonitor *monitor;
  guint look;
} Post;

typedef struct
{
  const Options *options;
  SaxidArchiveRun run;
  SaxidArchivePool *followers;
  GHashTable *posts; /* directory → Post */
  GHashTable *seen;  /* path → Sight */
  guint n_look;
  char **name;          /* what is watched */
  gboolean changed;
  gint64 looked; /* µs, when everything was looked at */
  SaxidArchiveChoice passed; /* what was said to be passed over */
  SaxidWatchTable table;
} Watch;

/* Curves that were made here have their tags. */
static gboolean
is_ours (const Watch *watch, const char *path)
{
  return watch->options->reduce != NULL
         && (g_str_has_suffix (path, SAXID_ARCHIVE_REDUCED_SUFFIX)
             || g_str_has_suffix (path, SAXID_ARCHIVE_REDUCED_SUFFIX SAXID_REDUCE_JOURNAL_SUFFIX));
}

/* What a follower reads and what it writes change all the time, and are not looked at. */
static void
hear (GFileMonitor *monitor G_GNUC_UNUSED, GFile *file, GFile *other G_GNUC_UNUSED, GFileMonitorEvent event, gpointer data)
{
  Watch *watch = data;
  const char *path = g_file_peek_path (file);
  const Sight *sight = path != NULL ? g_hash_table_lookup (watch->seen, path) : NULL;

  if (path != NULL && is_ours (watch, path))
    return;
  if (event != G_FILE_MONITOR_EVENT_CHANGED && event != G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT)
    watch->changed = TRUE;
  else if (path == NULL || ((sight == NULL || !sight->followed) && !g_str_has_suffix (path, SAXID_TAG_SIDE_SUFFIX)))
    watch->changed = TRUE;
}

static void
post_free (gpointer data)
{
  Post *post = data;

  g_clear_object (&post->monitor);
  g_free (post);
}

/* Directories that have come meanwhile, too. */
static void
attend (Watch *watch, const char *directory, guint depth)
{
  g_autoptr (GDir) dir = depth < MOST_DEPTH ? g_dir_open (directory, 0, NULL) : NULL;
  Post *post = g_hash_table_lookup (watch->posts, directory);
  const char *name;

  if (dir == NULL)
    return;
  if (post == NULL)
    {
      g_autoptr (GFile) file = g_file_new_for_path (directory);

      post = g_new0 (Post, 1);
      post->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
      if (post->monitor != NULL)
        g_signal_connect (post->monitor, "changed", G_CALLBACK (hear), watch);
      g_hash_table_insert (watch->posts, g_strdup (directory), post);
    }
  post->look = watch->n_look;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      struct stat about;

      if (name[0] != '.' && lstat (path, &about) == 0 && S_ISDIR (about.st_mode))
        attend (watch, path, depth + 1);
    }
}

static void
note_sight (Watch *watch, const char *path)
{
  Sight *sight = g_hash_table_lookup (watch->seen, path);
  gint64 size, mtime;

  if (sight != NULL)
    sight->look = watch->n_look;
  if (sight != NULL && sight->followed)
    return;
  saxid_archive_look_at (path, &size, &mtime);
  if (sight == NULL)
    {
      sight = g_new0 (Sight, 1);
      g_hash_table_insert (watch->seen, g_strdup (path), sight);
    }
  else if (sight->size == size && sight->mtime == mtime)
    return;
  *sight = (Sight) { .size = size, .mtime = mtime, .since = g_get_monotonic_time (), .look = watch->n_look,
                     .not_before = sight->not_before };
}

static gboolean
is_gone (gpointer path G_GNUC_UNUSED, gpointer value, gpointer data)
{
  const Sight *sight = value;

  return sight->look != ((const Watch *) data)->n_look && !sight->followed;
}

static gboolean
is_left (gpointer directory G_GNUC_UNUSED, gpointer value, gpointer data)
{
  return ((const Post *) value)->look != ((const Watch *) data)->n_look;
}

/* Once for each kind of file that is there and is not taken. */
static void
tell_passed (Watch *watch, const SaxidArchiveChoice *choice)
{
  SaxidArchiveChoice news = { 0 };
  g_autofree char *said = NULL;

  for (guint kind = 0; kind < SAXID_ARCHIVE_KINDS; kind++)
    if (choice->passed[kind] > 0 && watch->passed.passed[kind] == 0)
      news.passed[kind] = watch->passed.passed[kind] = choice->passed[kind];
  said = saxid_archive_choice_say (&news);
  if (said != NULL)
    g_printerr ("saxid " VERB ": passed over: %s\n", said);
}

/* What is watched may vanish and come back: that is no error here. */
static void
look (Watch *watch)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const SaxidArchiveShard all = { 0, 1 };
  SaxidArchiveChoice choice = { .texts = watch->options->texts, .frames = watch->options->reduce != NULL };

  watch->changed = FALSE;
  watch->looked = g_get_monotonic_time ();
  watch->n_look++;
  for (guint k = 0; watch->name[k] != NULL; k++)
    {
      attend (watch, watch->name[k], 0);
      saxid_archive_walk (watch->name[k], &all, &choice, paths, NULL);
    }
  for (guint k = 0; k < paths->len; k++)
    if (!is_ours (watch, paths->pdata[k]))
      note_sight (watch, paths->pdata[k]);
  tell_passed (watch, &choice);
  g_hash_table_foreach_remove (watch->seen, is_gone, watch);
  g_hash_table_foreach_remove (watch->posts, is_left, watch);
}

/* Gives a file to somebody who is free; what is followed is noted at once, so that the next
 * run knows it even when this one is killed. */
static gboolean
give (Watch *watch, const char *path, Sight *sight, gboolean followed, GError **error)
{
  SaxidArchiveFile file = { .path = path, .state = SAXID_ARCHIVE_FOLLOWED,
                            .model = saxid_archive_pool_model (watch->run.pool) };
  gboolean needs;

  if (!saxid_archive_run_needs (&watch->run, path, &needs, error))
    return FALSE;
  sight->given = TRUE;
  if (!needs)
    return TRUE;
  sight->followed = followed;
  if (!followed)
    return saxid_archive_pool_give (watch->run.pool, path, error);
  saxid_archive_look_at (path, &file.size, &file.mtime);
  return saxid_archive_ledger_put (watch->run.ledger, &file, error)
         && saxid_archive_pool_give (watch->followers, path, error);
}

/* One file: to a worker once it rests, to a follower while it grows, or to nobody yet. */
static gboolean
hand_out_one (Watch *watch, const char *path, Sight *sight, guint *restless, GError **error)
{
  const gint64 now = g_get_monotonic_time (), settle = (gint64) (1e6 * watch->options->settle);
  gboolean followed;

  if (sight->given || sight->size < 0 || now < sight->not_before)
    return TRUE;
  if (sight->asked != sight->since)
    sight->growing = saxid_reader_is_growing (path);
  sight->asked = sight->since;
  followed = sight->growing;
  if (!followed && now - sight->since < settle)
    {
      ++*restless;
      return TRUE;
    }
  /* it rests between two frames: what is written next is waited for */
  if (!followed && !watch->options->once && saxid_writer_look (path) == SAXID_WRITER_PRESENT)
    {
      sight->not_before = now + BUSY_US;
      return TRUE;
    }
  if (!followed && !saxid_archive_run_is_followed (&watch->run, path, &followed, error))
    return FALSE;
  if (saxid_archive_pool_idle (followed ? watch->followers : watch->run.pool))
    return give (watch, path, sight, followed, error);
  ++*restless;
  return TRUE;
}

static int
compare_changes (gconstpointer a, gconstpointer b, gpointer seen)
{
  const char *x = *(const char *const *) a, *y = *(const char *const *) b;
  const Sight *of_x = g_hash_table_lookup (seen, x), *of_y = g_hash_table_lookup (seen, y);

  if (of_x->mtime != of_y->mtime)
    return of_x->mtime > of_y->mtime ? -1 : 1;
  return strcmp (x, y);
}

/* Gives what has come to rest to the workers, and what grows to those that follow: what has
 * changed last goes first, so that files whose writer has died keep nobody from one that is written. */
static gboolean
hand_out (Watch *watch, guint *restless, GError **error)
{
  guint n;
  g_autofree gpointer *paths = g_hash_table_get_keys_as_array (watch->seen, &n);

  g_qsort_with_data (paths, (gint) n, sizeof *paths, compare_changes, watch->seen);
  *restless = 0;
  for (guint k = 0; k < n; k++)
    if (!hand_out_one (watch, paths[k], g_hash_table_lookup (watch->seen, paths[k]), restless, error))
      return FALSE;
  return TRUE;
}

/* Takes what a pool has to say, if anything. */
static gboolean
take (Watch *watch, SaxidArchivePool *pool, gboolean *taken, GError **error)
{
  SaxidArchiveOutcome outcome;
  Sight *sight;

  *taken = saxid_archive_pool_take (pool, 0, &outcome);
  if (!*taken)
    return TRUE;
  saxid_archive_run_remark (&watch->run, &outcome);
  if (!watch->options->quiet && outcome.curves != NULL)
    for (guint k = outcome.first_new; k < outcome.curves->len; k++)
      saxid_watch_table_row (&watch->table, outcome.path, outcome.curves->pdata[k]);
  if (outcome.to_keep)
    return saxid_archive_run_keep (&watch->run, &outcome, error);
  if (outcome.more)
    return TRUE;
  if (!saxid_archive_run_note (&watch->run, &outcome, error))
    return FALSE;
  /* our own change is none, that of somebody else is seen at the next look */
  sight = g_hash_table_lookup (watch->seen, outcome.path);
  if (sight != NULL)
    {
      sight->size = outcome.size;
      sight->mtime = outcome.mtime;
      if (sight->followed && strcmp (outcome.state, SAXID_ARCHIVE_FAILED) == 0)
        sight->not_before = g_get_monotonic_time () + (gint64) (1e6 * MIN (watch->options->idle, MOST_PATIENCE));
      sight->followed = FALSE;
      if (strcmp (outcome.state, SAXID_ARCHIVE_BUSY) == 0 && !watch->options->once)
        {
          sight->given = FALSE;
          sight->not_before = g_get_monotonic_time () + (gint64) (1e6 * MOST_PATIENCE);
        }
    }
  return TRUE;
}

static gboolean
take_all (Watch *watch, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!take (watch, watch->followers, &more, error))
      return FALSE;
  return take (watch, watch->run.pool, &more, error);
}

static gboolean
keep_watch (Watch *watch, GError **error)
{
  gboolean stopped = FALSE;

  look (watch);
  for (;;)
    {
      guint restless = 0;

      while (g_main_context_iteration (NULL, FALSE))
        ;
      if (watch->changed || 1e-6 * (double) (g_get_monotonic_time () - watch->looked) > watch->options->poll)
        look (watch);
      if (!saxid_interrupted () && !hand_out (watch, &restless, error))
        return FALSE;
      if (saxid_interrupted () && !stopped)
        {
          saxid_archive_pool_stop (watch->followers);
          stopped = TRUE;
        }
      if (!take_all (watch, error))
        return FALSE;
      if (saxid_archive_pool_busy (watch->run.pool) + saxid_archive_pool_busy (watch->followers) == 0
          && (saxid_interrupted () || (watch->options->once && restless == 0)))
        return TRUE;
      fflush (stdout);
      g_usleep (TICK_MS * 1000);
    }
}

static int
watch_all (const Options *options, char **name)
{
  const SaxidArchivePoolOptions how = {
    .workers = (guint) options->jobs, .model = options->model, .classes = options->classes,
    .prior = options->prior, .element = options->element, .evidence = saxid_evidence (options->network, !options->fits && !options->seeds),
    .tag = { .struct_size = sizeof how.tag,
             .flags = (options->side_file ? SAXID_TAG_SIDE_FILE : 0) | (options->seeds ? SAXID_TAG_SEEDS : 0)
                      | SAXID_TAG_KEEP_SAME }, /* two watches of one directory leave each other alone */
    .time_limit = options->time_limit, .memory_limit = (guint64) (options->reduce != NULL ? 16 : 4) << 30,
    .reduce = options->reduce,
  };
  SaxidArchivePoolOptions growing = how;
  g_autoptr (SaxidArchivePool) pool = NULL, followers = NULL;
  g_autoptr (SaxidArchiveLedger) ledger = NULL;
  g_autoptr (GHashTable) posts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, post_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  Watch watch = { .options = options, .run = { .verb = VERB, .tags = options->side_file ? SAXID_ARCHIVE_BESIDE : SAXID_ARCHIVE_IN_FILE },
                  .posts = posts, .seen = seen, .name = name, .table = saxid_watch_table () };

  for (guint k = 0; name[k] != NULL; k++)
    if (!g_file_test (name[k], G_FILE_TEST_EXISTS))
      return saxid_verb_usage (VERB, "'%s' is not there", name[k]);
    else if (!g_file_test (name[k], G_FILE_TEST_IS_DIR) && !g_file_test (name[k], G_FILE_TEST_IS_REGULAR))
      return saxid_verb_usage (VERB, "a device or pipe cannot be watched, a directory or file is needed: '%s'", name[k]);
  growing.follow = TRUE;
  growing.poll = FOLLOW_POLL;
  growing.idle = options->idle;
  watch.followers = followers = saxid_archive_pool_new (&growing, &error);
  watch.run.pool = pool = saxid_archive_pool_new (&how, &error);
  if (pool == NULL || followers == NULL)
    return saxid_verb_failed (VERB, error);
  saxid_interrupt_watch ();
  watch.run.ledger = ledger
    = saxid_archive_ledger_open (options->ledger != NULL ? options->ledger : SAXID_ARCHIVE_LEDGER, TRUE, &error);
  if (ledger == NULL || !keep_watch (&watch, &error))
    return saxid_verb_failed (VERB, error);
  return SAXID_EXIT_OK;
}

static gboolean
check_ranges (const Options *options, int *exit_code)
{
  const SaxidOptionRange ranges[] = {
    { "--settle", SAXID_RANGE_DOUBLE, &options->settle, 0, 86400 },
    { "--poll", SAXID_RANGE_DOUBLE, &options->poll, 0.05, 86400 },
    { "--idle", SAXID_RANGE_ABOVE, &options->idle, 0, 1e6 },
    { "--jobs", SAXID_RANGE_INT, &options->jobs, 1, 64 },
    { "--time-limit", SAXID_RANGE_ABOVE, &options->time_limit, 0, 1e6 },
  };

  return saxid_ranges_check (VERB, G_N_ELEMENTS (ranges), ranges, exit_code);
}

/* Words of reduce: those of the key file, and the geometry, which counts more. Either may be NULL. */
static char **
reduce_words (const char *path, const char *geometry, GError **error)
{
  g_auto (GStrv) words = path != NULL ? saxid_settings_file_words ("reduce", path, error) : g_strsplit ("reduce", " ", -1);
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_autofree char *last = geometry != NULL ? g_strconcat ("--geometry=", geometry, NULL) : NULL;

  if (words == NULL)
    return NULL;
  g_strv_builder_addv (all, (const char **) words);
  if (last != NULL)
    g_strv_builder_add (all, last);
  return g_strv_builder_end (all);
}

/* FALSE: the verb ends with *exit_code. */
static gboolean
read_reduce (const char *path, const char *geometry, SaxidReduceOptions *reduce, int *exit_code)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = reduce_words (path, geometry, &error), names = NULL;
  g_autofree char **left = words != NULL ? g_memdup2 (words, (g_strv_length (words) + 1) * sizeof *words) : NULL;

  if (words == NULL)
    *exit_code = saxid_verb_usage (VERB, "--reduce: %s", error->message);
  else if (!saxid_reduce_options_parse ((int) g_strv_length (words), left, reduce, &names, exit_code))
    return FALSE;
  else if (!saxid_archive_check_reduce (reduce, &error))
    *exit_code = path == NULL ? saxid_verb_usage (VERB, "%s", error->message)
                              : saxid_verb_usage (VERB, "--reduce: %s (%s)", error->message, path);
  else if (reduce->output != NULL && !g_file_test (reduce->output, G_FILE_TEST_IS_DIR))
    *exit_code = saxid_verb_usage (VERB, "--reduce: output is '%s', a directory is needed (%s)", reduce->output, path);
  else
    return TRUE;
  return FALSE;
}

int
saxid_verb_watch (int argc G_GNUC_UNUSED, char **argv)
{
  Options options = { .jobs = 1, .settle = 1, .poll = 5, .idle = 60, .time_limit = 300 };
  g_autofree char *ledger = NULL, *model = NULL, *classes = NULL, *prior = NULL, *element = NULL, *config = NULL;
  g_autofree char *reduce_file = NULL, *geometry = NULL;
  g_auto (SaxidReduceOptions) reduce = saxid_reduce_options ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = saxid_settings_words (VERB, argv, &error);
  g_autofree char **left = NULL; /* words, without those that are options */
  int exit_code, n_left;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config, "Options from a key file; those typed count more", "FILE" },
    { "settle", 0, 0, G_OPTION_ARG_DOUBLE, &options.settle, "Seconds that a file must rest before it is tagged (1)", "S" },
    { "poll", 0, 0, G_OPTION_ARG_DOUBLE, &options.poll, "Seconds after which everything is looked at again (5)", "S" },
    { "idle", 0, 0, G_OPTION_ARG_DOUBLE, &options.idle, "Seconds without a frame after which a growing file is done (60)", "S" },
    { "texts", 0, 0, G_OPTION_ARG_NONE, &options.texts, "Judge texts and canSAS XML, too", NULL },
    { "once", 0, 0, G_OPTION_ARG_NONE, &options.once, "End when all that is there is tagged", NULL },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &ledger, "Ledger (" SAXID_ARCHIVE_LEDGER " here)", "FILE" },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "Processes that tag, and as many that follow (1)", "N" },
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &options.time_limit, "Seconds that one file may take (300)", "S" },
    { "reduce", 0, 0, G_OPTION_ARG_FILENAME, &reduce_file, "Reduce detector frames first, by the options of a key file", "FILE" },
    { "geometry", 'g', 0, G_OPTION_ARG_FILENAME, &geometry, "Reduce detector frames first, with this geometry, a .poni file", "FILE" },
    SAXID_MODEL_OPTION_ENTRIES (&model, &classes, &prior),
    SAXID_ELEMENT_OPTION_ENTRY (&element),
    SAXID_ARCHIVE_TAG_OPTION_ENTRIES (&options.seeds, &options.side_file, &options.fits, &options.network),
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options.quiet, "Print errors only", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (words == NULL)
    return saxid_verb_usage (VERB, "%s", error->message);
  n_left = (int) g_strv_length (words);
  left = g_memdup2 (words, ((gsize) n_left + 1) * sizeof *words);
  if (!saxid_verb_parse (VERB, "DIR|FILE…",
                         "Tags files as they appear below directories, or change, until it is told to stop, and "
                         "prints a\nline for each curve. A file that grows (SWMR) is followed, with its tags in a side "
                         "file. It keeps\na ledger as saxid reprocess does, and goes on from it.",
                         entries, &n_left, &left, &exit_code))
    return exit_code;
  options.ledger = ledger;
  options.model = model;
  options.classes = classes;
  options.prior = prior;
  options.element = element;
  if (n_left < 2)
    return saxid_verb_usage (VERB, "nothing to watch was given");
  if (!check_ranges (&options, &exit_code))
    return exit_code;
  if (reduce_file != NULL || geometry != NULL)
    options.reduce = &reduce;
  if (options.reduce != NULL && !read_reduce (reduce_file, geometry, &reduce, &exit_code))
    return exit_code;
  return watch_all (&options, left + 1);
}
