/* Which techniques are in an archive?
 *
 * Thread: see sort-archive.h.
 */
#include "config.h"

#include "cli/sort-archive.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/archive/run.h"
#include "cli/archive/vectors.h"
#include "cli/archive/walk.h"
#include "cli/frame-technique.h"
#include "cli/interrupt.h"
#include "cli/sort-like.h"
#include "cli/tag-json.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "reducers/error.h"

#define VERB "sort"
#define WAIT_MS 200

/* Of a worker. */
typedef struct
{
  SaxidFrameOptions frames;
  gboolean all;
  SaxidFrameTechnique *image; /* of this process, from the first file on */
} Work;

typedef struct
{
  const SaxidSortArchive *options;
  SaxidArchiveRun run;
  SaxidArchiveVectors *vectors;
  GPtrArray *paths;
  guint next;
} Walk;

/* ---- in a worker ------------------------------------------------------------------------------- */

static void
append_field (GString *line, const char *text)
{
  g_autofree char *clean = saxid_text_printable (text);

  g_string_append_printf (line, "\t%s", clean);
}

/* A line about a frame, as worker.h has those about curves. */
static void
append_frame (GString *answer, const SaxidFrameInfo *info, gsize frame, const SaxidTechniqueBelief *belief, const SaxidTechniqueAnswer *image)
{
  const gboolean known = belief->best != SAXID_TECHNIQUE_UNKNOWN;
  g_autofree char *vector = saxid_archive_vectors_say (image->vector, image->n_vector);
  g_autofree char *label = known ? g_ascii_strdown (saxid_technique_name (belief->best), -1) : NULL; /* as questions have labels */
  char confidence[G_ASCII_DTOSTR_BUF_SIZE], score[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (confidence, sizeof confidence, "%.6g", known ? belief->probability[belief->best] : 0);
  g_ascii_formatd (score, sizeof score, "%.6g", image->outlier);
  g_string_append (answer, "C\t");
  append_field (answer, info->place != NULL ? info->place : info->format);
  g_string_append_printf (answer, "\t%" G_GSIZE_FORMAT "\t%s\t%s\t%s\t%d\t%s", frame, known ? "ok" : "abstained",
                          known ? label : "", confidence, image->outlier >= 0.5, score);
  append_field (answer, info->start_time);
  append_field (answer, info->title);
  g_string_append_printf (answer, "\t\t\t%s\n", vector != NULL ? vector : "");
}

static gboolean
sort_frames (Work *self, SaxidFrameFile *file, GString *answer, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  SaxidTechniqueRange range;
  gboolean done = TRUE;

  saxid_frame_technique_range (info, &range);
  for (gsize k = 0; done && k < (self->all ? info->n_frame : 1); k++)
    {
      SaxidTechniqueAnswer image;
      SaxidTechniqueBelief belief;
      SaxidTechniqueHeader header;

      done = saxid_frame_technique_ask (self->image, file, k, &image, error);
      if (!done)
        break;
      saxid_frame_technique_header (info, k, range.q95, &header);
      saxid_technique_believe (&header, &image.image, &belief);
      append_frame (answer, info, k, &belief, &image);
      saxid_technique_header_clear (&header);
    }
  return done;
}

static void
work (const char *path, GString *answer, gpointer data)
{
  Work *self = data;
  g_autoptr (SaxidFrameFile) file = NULL;
  g_autoptr (GError) error = NULL;

  if (self->image == NULL)
    self->image = saxid_frame_technique_new (&error);
  if (self->image != NULL)
    file = saxid_frame_file_open (path, &self->frames, &error);
  if (file != NULL && sort_frames (self, file, answer, &error))
    {
      g_string_append (answer, "D\n");
      return;
    }
  g_string_truncate (answer, 0);
  g_string_append (answer, "F");
  append_field (answer, error->message);
  g_string_append_c (answer, '\n');
}

/* ---- in the parent -------------------------------------------------------------------------------- */

/* The vectors first: a row that the ledger knows nothing of is of none. */
static gboolean
note (Walk *walk, const SaxidArchiveOutcome *outcome, GError **error)
{
  for (guint k = 0; k < outcome->curves->len; k++)
    {
      SaxidArchiveCurve *frame = outcome->curves->pdata[k];

      if (!saxid_archive_vectors_add (walk->vectors, frame->code, &frame->vector, error))
        return FALSE;
    }
  return saxid_archive_run_note (&walk->run, outcome, error);
}

/* After an interruption what is at work is waited for, so that it is noted. */
static gboolean
sort_all (Walk *walk, GError **error)
{
  for (;;)
    {
      SaxidArchiveOutcome outcome;

      if (!saxid_archive_run_hand_out (&walk->run, walk->paths, &walk->next, error))
        return FALSE;
      if (saxid_archive_pool_busy (walk->run.pool) == 0)
        return saxid_archive_vectors_sync (walk->vectors, error);
      if (saxid_archive_pool_take (walk->run.pool, WAIT_MS, &outcome) && !note (walk, &outcome, error))
        return FALSE;
    }
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* One file under two names is sorted once. */
static gboolean
walk_names (Walk *walk, int n_name, char **name)
{
  SaxidArchiveChoice choice = { .frames = TRUE };
  gboolean all = TRUE;
  guint kept = 0;

  for (int k = 0; k < n_name; k++)
    {
      g_autoptr (GError) error = NULL;

      if (saxid_archive_walk (name[k], &(SaxidArchiveShard) { 0, 1 }, &choice, walk->paths, &error))
        continue;
      saxid_verb_failed (VERB, error);
      all = FALSE;
    }
  g_ptr_array_sort (walk->paths, compare_paths);
  for (guint k = 0; k < walk->paths->len; k++)
    if (kept > 0 && strcmp (walk->paths->pdata[kept - 1], walk->paths->pdata[k]) == 0)
      g_clear_pointer (&walk->paths->pdata[k], g_free);
    else if (kept++ != k)
      walk->paths->pdata[kept - 1] = g_steal_pointer (&walk->paths->pdata[k]);
  g_ptr_array_set_size (walk->paths, (int) kept);
  return all;
}

/* ---- what is printed --------------------------------------------------------------------------- */

static gboolean
print_total (guint n G_GNUC_UNUSED, const char *const *name G_GNUC_UNUSED, const char *const *value, gpointer data)
{
  g_print ("%-8s %9s frame%s in %s file%s\n", (const char *) data, value[0], strcmp (value[0], "1") == 0 ? "" : "s", value[1],
           strcmp (value[1], "1") == 0 ? "" : "s");
  return TRUE;
}

static gboolean
print_total_of (SaxidArchiveLedger *ledger, const char *question, const char *name, GError **error)
{
  g_autoptr (GError) none = NULL;

  if (saxid_archive_ledger_total (ledger, question, print_total, (gpointer) name, &none)
      || g_error_matches (none, SAXID_ERROR, SAXID_ERROR_ARGUMENT)) /* no frame of that label */
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&none));
  return FALSE;
}

static gboolean
print_totals (SaxidArchiveLedger *ledger, GError **error)
{
  for (int k = 0; k < SAXID_N_TECHNIQUE; k++)
    {
      const char *name = saxid_technique_name ((SaxidTechnique) k);
      g_autofree char *question = g_strdup_printf ("label=%s", name);

      if (!print_total_of (ledger, question, name, error))
        return FALSE;
    }
  return print_total_of (ledger, "status=abstained", "none", error);
}

static void
print_near (const SaxidArchiveNear *near, gboolean json)
{
  const SaxidTechnique technique = near->label != NULL ? saxid_technique_find (near->label) : SAXID_TECHNIQUE_UNKNOWN;
  const char *label = technique != SAXID_TECHNIQUE_UNKNOWN ? saxid_technique_name (technique) : NULL;
  g_autofree char *path = saxid_text_printable (near->path);
  g_autoptr (GString) line = g_string_new ("{\"file\":");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!json)
    {
      g_print ("%8.4f  %-8s %6" G_GINT64_FORMAT "  %s\n", near->distance, label != NULL ? label : "-", near->frame, path);
      return;
    }
  saxid_tag_json_text (line, near->path);
  g_string_append_printf (line, ",\"frame\":%" G_GINT64_FORMAT ",\"technique\":", near->frame);
  if (label != NULL)
    saxid_tag_json_text (line, label);
  else
    g_string_append (line, "null");
  g_print ("%s,\"distance\":%s}\n", line->str, g_ascii_formatd (number, sizeof number, "%.6g", near->distance));
}

static gboolean
print_like (const SaxidSortArchive *options, SaxidArchiveVectors *vectors, SaxidArchiveLedger *ledger, GError **error)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (options->like, &options->frames, error);
  g_autoptr (SaxidFrameTechnique) image = file != NULL ? saxid_frame_technique_new (error) : NULL;
  const gsize width = image != NULL ? saxid_technique_judge_width (image->judge) : 0;
  g_autofree float *none = g_new0 (float, width + 1);
  SaxidArchiveNear near[SAXID_LIKE_MOST];
  SaxidTechniqueAnswer answer;
  int n;

  if (image == NULL || !saxid_frame_technique_ask (image, file, 0, &answer, error))
    return FALSE;
  n = saxid_archive_vectors_nearest (vectors, ledger, answer.vector != NULL ? answer.vector : none, SAXID_LIKE_MOST, near, error);
  if (n < 0)
    {
      saxid_error_add_place (error, "%s", options->like);
      return FALSE;
    }
  for (int k = 0; k < n; k++)
    {
      print_near (&near[k], options->json);
      saxid_archive_near_clear (&near[k]);
    }
  return TRUE;
}

/* ---- all of it -------------------------------------------------------------------------------------- */

static int
go_through (Walk *walk, int n_name, char **name, GError **error)
{
  const SaxidSortArchive *options = walk->options;
  const gboolean all = walk_names (walk, n_name, name);
  g_autofree char *rest = NULL;
  gboolean done;

  walk->run.progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "sorting", .noun = "files", .total = walk->paths->len,
                                                                     .quiet = options->quiet, .fd = STDERR_FILENO });
  done = sort_all (walk, error);
  saxid_progress_finish (walk->run.progress);
  if (!done)
    return SAXID_EXIT_FAILED;
  if (options->like != NULL)
    return print_like (options, walk->vectors, walk->run.ledger, error) && all && walk->run.n_failed == 0 ? SAXID_EXIT_OK : SAXID_EXIT_FAILED;
  rest = saxid_archive_run_rest (&walk->run);
  g_print ("%" G_GUINT64_FORMAT " file%s sorted (%" G_GUINT64_FORMAT " frame%s), %s; %s\n", walk->run.n_done, walk->run.n_done == 1 ? "" : "s",
           walk->run.n_curve, walk->run.n_curve == 1 ? "" : "s", rest, options->ledger);
  if (!print_totals (walk->run.ledger, error))
    return SAXID_EXIT_FAILED;
  if (saxid_interrupted ())
    g_printerr ("saxid " VERB ": interrupted; the same command goes on from there\n");
  return saxid_interrupted () || !all || walk->run.n_failed > 0 ? SAXID_EXIT_FAILED : SAXID_EXIT_OK;
}

/* Nothing is sorted, and nothing written. */
static int
only_ask (const SaxidSortArchive *options, const SaxidTechniqueFile *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidArchiveLedger) ledger = saxid_archive_ledger_open (options->ledger, FALSE, &error);
  g_autoptr (SaxidArchiveVectors) vectors = NULL;

  if (ledger != NULL)
    vectors = saxid_archive_vectors_open (options->ledger, model->sha256, saxid_technique_vector_width (model->model->network), FALSE, &error);
  return vectors != NULL && print_like (options, vectors, ledger, &error) ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}

/* What a file is asked: one that was asked something else before is asked again. */
static char *
name_question (const SaxidSortArchive *options, const SaxidTechniqueFile *model)
{
  const SaxidFrameOptions *frames = &options->frames;

  return g_strconcat (model->sha256, options->all ? " all" : "", frames->follow_links ? " follow-links" : "",
                      frames->path != NULL ? " " : "", frames->path, NULL);
}

int
saxid_sort_archive (const SaxidSortArchive *options, int n_name, char **name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidTechniqueFile) model = saxid_technique_file_load (NULL, &error);
  g_autofree char *what = model != NULL ? name_question (options, model) : NULL;
  g_autoptr (SaxidArchivePool) pool = NULL;
  g_autoptr (SaxidArchiveLedger) ledger = NULL;
  g_autoptr (SaxidArchiveVectors) vectors = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  Work of_worker = { options->frames, options->all, NULL };
  const SaxidArchivePoolOptions how = { .workers = options->jobs, .work = work, .work_data = &of_worker, .work_model = what,
                                        .time_limit = options->time_limit, .memory_limit = (guint64) (options->memory_limit * (1 << 30)) };
  Walk walk = { .options = options, .run = { .verb = VERB, .retry = options->retry, .tags = SAXID_ARCHIVE_IN_LEDGER }, .paths = paths };
  int exit_code = SAXID_EXIT_FAILED;

  if (model == NULL)
    return saxid_verb_failed (VERB, error);
  if (n_name == 0)
    return only_ask (options, model);
  /* workers are forked first: a process with threads, or with a database, cannot be halved */
  walk.run.pool = pool = saxid_archive_pool_new (&how, &error);
  if (pool != NULL)
    {
      saxid_interrupt_watch ();
      walk.run.ledger = ledger = saxid_archive_ledger_open (options->ledger, TRUE, &error);
    }
  if (ledger != NULL)
    walk.vectors = vectors = saxid_archive_vectors_open (options->ledger, model->sha256, saxid_technique_vector_width (model->model->network), TRUE, &error);
  if (vectors != NULL)
    exit_code = go_through (&walk, n_name, name, &error);
  return error != NULL ? saxid_verb_failed (VERB, error) : exit_code;
}
