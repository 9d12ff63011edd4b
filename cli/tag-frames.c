/* Which curves are in these frames?
 *
 * Thread: see tag-frames.h.
 */
#include "config.h"

#include "cli/tag-frames.h"

#include <glib/gstdio.h>

#include "cli/reduce/run.h"
#include "cli/verb.h"
#include "reducers/error.h"

typedef struct
{
  SaxidTagFramesJudge judge;
  gpointer data;
  const char *reduced;
} Judging;

gboolean
saxid_tag_frames_check (const SaxidReduceOptions *options, GError **error)
{
  g_auto (SaxidReduceJob) trial = { .options = saxid_reduce_options_copy (options) };

  return saxid_reduce_job_begin (&trial, error);
}

gboolean
saxid_tag_frames_possible (const char *path, const SaxidReduceOptions *options)
{
  const SaxidFrameOptions how = { .path = options->path, .follow_links = options->follow_links };
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, &how, NULL);

  return file != NULL && (options->geometry != NULL || saxid_frame_file_info (file)->lacks == NULL);
}

static int
judge_result (const SaxidReduceResult *result, gpointer data)
{
  const Judging *judging = data;
  g_autoptr (SaxidReduceHeld) held = saxid_reduce_held_new (result);

  return judging->judge (judging->reduced, held, judging->data);
}

static gboolean
reduce_into (const char *reduced, const char *path, const SaxidReduceOptions *options, Judging *judging, int *exit_code,
             GError **error)
{
  g_auto (SaxidReduceJob) job = { .options = saxid_reduce_options_copy (options) };
  char *paths[] = { (char *) path, NULL };
  guint failed = 0;

  g_free (job.options.output);
  job.options.output = g_strdup (reduced);
  job.options.quiet = TRUE;
  judging->reduced = reduced;
  if (!saxid_reduce_run (&job, paths, &(SaxidReduceAfter) { judge_result, judging, exit_code }, &failed, error))
    return FALSE;
  if (failed > 0)
    *exit_code = SAXID_EXIT_FAILED;
  return TRUE;
}

gboolean
saxid_tag_frames (const char *path, const SaxidReduceOptions *options, SaxidTagFramesJudge judge, gpointer data, int *exit_code,
                  GError **error)
{
  Judging judging = { .judge = judge, .data = data };
  g_autofree char *directory = g_dir_make_tmp ("saxid-XXXXXX", error);
  g_autofree char *reduced = NULL;
  gboolean done;

  if (directory == NULL)
    {
      g_autofree char *why = error != NULL ? g_strdup ((*error)->message) : NULL;

      g_clear_error (error);
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "no temporary directory for the curves: %s (%s)", why, path);
      return FALSE;
    }
  reduced = g_build_filename (directory, "curves.nxs", NULL);
  done = reduce_into (reduced, path, options, &judging, exit_code, error);
  g_unlink (reduced);
  g_rmdir (directory);
  return done;
}
