/* Which files need work, and what is noted of those that had it?
 *
 * Thread: see archive/run.h.
 */
#include "cli/archive/run.h"

#include <string.h>

#include "cli/interrupt.h"
#include "cli/text.h"
#include "schemas/curve/reader.h"
#include "schemas/tag/target.h"

/* Where its tags go: nothing can be written into a text. */
static const char *
place_of (const SaxidArchiveRun *run, const char *path)
{
  return saxid_reader_may_be_text (path) ? SAXID_ARCHIVE_IN_LEDGER : run->tags;
}

/* A file that was left as it is now, by this model, needs nothing; one that failed would
 * fail again. */
gboolean
saxid_archive_run_needs (SaxidArchiveRun *run, const char *path, gboolean *needs, GError **error)
{
  g_autofree char *state = NULL;
  g_autoptr (GError) cause = NULL;
  gint64 size, mtime;
  gboolean same;

  saxid_archive_look_at (path, &size, &mtime);
  state = saxid_archive_ledger_state (run->ledger, path, size, mtime, saxid_archive_pool_model (run->pool),
                                      strcmp (place_of (run, path), SAXID_ARCHIVE_IN_LEDGER) != 0, &same, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  *needs = state == NULL || !same || strcmp (state, SAXID_ARCHIVE_FOLLOWED) == 0 || strcmp (state, SAXID_ARCHIVE_BUSY) == 0
           || (run->retry && strcmp (state, SAXID_ARCHIVE_DONE) != 0);
  if (!*needs && strcmp (state, SAXID_ARCHIVE_DONE) != 0)
    run->n_failed_before++;
  return TRUE;
}

gboolean
saxid_archive_run_hand_out (SaxidArchiveRun *run, const GPtrArray *paths, guint *next, GError **error)
{
  while (*next < paths->len && saxid_archive_pool_idle (run->pool) && !saxid_interrupted ())
    {
      const char *path = paths->pdata[(*next)++];
      gboolean needs;

      if (!saxid_archive_run_needs (run, path, &needs, error))
        return FALSE;
      if (!needs)
        {
          run->n_skipped++;
          saxid_progress_advance (run->progress, 1);
        }
      else if (!saxid_archive_pool_give (run->pool, path, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
saxid_archive_run_is_followed (const SaxidArchiveRun *run, const char *path, gboolean *followed, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean same;
  g_autofree char *state = saxid_archive_ledger_state (run->ledger, path, 0, 0, "", FALSE, &same, &cause);

  g_autofree char *side = saxid_tag_side_path (path);

  *followed = g_strcmp0 (state, SAXID_ARCHIVE_FOLLOWED) == 0
              || (g_strcmp0 (state, SAXID_ARCHIVE_CRASHED) == 0 && g_file_test (side, G_FILE_TEST_EXISTS));
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

void
saxid_archive_run_remark (const SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome)
{
  g_autofree char *path = saxid_text_printable (outcome->path);

  for (guint k = 0; outcome->remarks != NULL && k < outcome->remarks->len; k++)
    g_printerr ("saxid %s: %s (%s)\n", run->verb, (const char *) outcome->remarks->pdata[k], path);
}

static gboolean
put (SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome, GError **error)
{
  const gboolean has_tags = strcmp (outcome->state, SAXID_ARCHIVE_DONE) == 0
                            || strcmp (outcome->state, SAXID_ARCHIVE_FOLLOWED) == 0;
  const char *tags = has_tags ? outcome->is_followed ? SAXID_ARCHIVE_BESIDE : place_of (run, outcome->path) : NULL;
  const SaxidArchiveFile file = { .path = outcome->path, .state = outcome->state, .error = outcome->error,
                                  .model = saxid_archive_pool_model (run->pool), .seconds = outcome->seconds,
                                  .size = outcome->size, .mtime = outcome->mtime, .curves = outcome->curves,
                                  .mtime_before = outcome->mtime_before, .tags = tags,
                                  .goes_on = outcome->goes_on };

  return run->dry_run || saxid_archive_ledger_put (run->ledger, &file, error);
}

gboolean
saxid_archive_run_keep (SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome, GError **error)
{
  run->n_curve += outcome->curves->len;
  return put (run, outcome, error);
}

gboolean
saxid_archive_run_note (SaxidArchiveRun *run, const SaxidArchiveOutcome *outcome, GError **error)
{
  if (strcmp (outcome->state, SAXID_ARCHIVE_DONE) == 0)
    {
      run->n_done++;
      run->n_curve += outcome->curves->len;
    }
  else if (strcmp (outcome->state, SAXID_ARCHIVE_FOLLOWED) != 0)
    {
      g_autofree char *path = saxid_text_printable (outcome->path);

      run->n_failed++;
      saxid_progress_hide (run->progress);
      /* an error of the file names it, the end of a worker does not */
      if (strstr (outcome->error, path) != NULL)
        g_printerr ("saxid %s: %s: %s\n", run->verb, outcome->state, outcome->error);
      else
        g_printerr ("saxid %s: %s: %s (%s)\n", run->verb, outcome->state, outcome->error, path);
    }
  if (run->progress != NULL)
    saxid_progress_advance (run->progress, 1);
  return put (run, outcome, error);
}

char *
saxid_archive_run_rest (const SaxidArchiveRun *run)
{
  g_autofree char *before
    = run->n_failed_before > 0 ? g_strdup_printf (" (%" G_GUINT64_FORMAT " of them failed before, --retry tries %s again)", run->n_failed_before,
                                                  run->n_failed_before == 1 ? "it" : "them")
                               : g_strdup ("");

  return g_strdup_printf ("%" G_GUINT64_FORMAT " as they were%s, %" G_GUINT64_FORMAT " failed", run->n_skipped, before, run->n_failed);
}
