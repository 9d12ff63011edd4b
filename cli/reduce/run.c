/* How do the frames of files become one file of curves?
 *
 * Thread: see run.h.
 */
#include "config.h"

#include "cli/reduce/run.h"

#include <string.h>
#include <unistd.h>

#include "cli/reduce/technique.h"
#include "reducers/error.h"

#define VERB "reduce"
#define AT_ONCE 128 /* frames */

gboolean
saxid_reduce_run_add (SaxidReduceResult *result, SaxidFrameFile *file, gsize first, gsize n, gsize *next, GError **error)
{
  const gsize end = first + n;
  gsize odd;

  *next = first;
  while (first < end)
    {
      const gsize most = MIN (end, first + AT_ONCE);
      const gboolean is_odd = saxid_reduce_technique_next_odd (result->job, first, &odd) && odd < most;
      const gsize to = is_odd ? odd : most;

      if (to > first && !saxid_reduce_result_add_some (result, file, first, to - first, next, error))
        return FALSE;
      if (to > first && *next < to) /* not there yet */
        return TRUE;
      if (is_odd)
        saxid_reduce_result_leave_out_frame (result, file, odd);
      first = *next = is_odd ? odd + 1 : most;
    }
  return TRUE;
}

/* "GEOMETRY=FRAMES": another detector, or another position of this one. */
static gboolean
merge_other (SaxidReduceResult *result, const char *text, GError **error)
{
  const char *frames = strrchr (text, '=');
  g_autofree char *geometry = frames != NULL ? g_strndup (text, (gsize) (frames - text)) : NULL;
  g_autoptr (SaxidFrameFile) file = NULL;
  g_autoptr (SaxidPreparedChain) prepared = NULL;
  g_autoptr (SaxidReduceResult) other = NULL;
  SaxidReduceJob job = { 0 };
  gboolean done;
  gsize next;

  if (frames == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--also is '%s', GEOMETRY=FRAMES is needed", text);
      return FALSE;
    }
  if (!saxid_reduce_job_other (result->job, geometry, &job, error))
    return FALSE;
  file = saxid_frame_file_open (frames + 1, &job.frame_options, error);
  saxid_reduce_technique_as (&job, result->job);
  done = file != NULL && saxid_reduce_job_prepare (&job, file, error) && saxid_reduce_technique_check (&job, file, error)
         && (prepared = saxid_chain_prepare (job.chain, &job.input, error)) != NULL;
  if (done)
    {
      other = saxid_reduce_result_new (&job, prepared, result->progress);
      done = saxid_reduce_run_add (other, file, 0, saxid_frame_file_info (file)->n_frame, &next, error) && saxid_reduce_result_merge (result, other, error);
      g_clear_pointer (&other, saxid_reduce_result_free);
    }
  g_clear_pointer (&prepared, saxid_prepared_chain_free);
  saxid_reduce_job_clear (&job);
  return done;
}

/* How far an earlier run was with a file. */
typedef struct
{
  SaxidReduceResult *result;
  SaxidFrameFile *file;
  gsize next;
  GArray *odd; /* of gsize: frames that it has left out */
} Past;

/* What the doubt knew of the frames before it comes from them again. */
static gboolean
take_past (const SaxidRunFrame *frame, gpointer data, GError **error)
{
  Past *past = data;
  SaxidReduceDoubt *doubt = past->result->job->technique.doubt;

  if (frame->frame < past->next)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "what was kept has frame %" G_GSIZE_FORMAT ", which was there before (%s)", frame->frame, past->result->name);
      return FALSE;
    }
  for (; past->next < frame->frame; past->next++)
    {
      g_array_append_val (past->odd, past->next);
      if (doubt != NULL)
        saxid_reduce_doubt_recall_odd (doubt, past->file, past->next);
    }
  if (doubt != NULL)
    saxid_reduce_doubt_is_odd (doubt, past->file, frame, saxid_prepared_chain_bins (past->result->prepared)->grid.n);
  past->next++;
  return saxid_reduce_result_take (past->result, frame, error);
}

gboolean
saxid_reduce_run_take_up (SaxidReduceResult *result, SaxidFrameFile *file, gsize *next, GError **error)
{
  g_autoptr (GArray) odd = g_array_new (FALSE, FALSE, sizeof (gsize));
  Past past = { result, file, 0, odd };

  result->name = saxid_frame_file_path (file);
  if (!saxid_reduce_journal_read (result->journal, result->file, take_past, &past, error))
    return FALSE;
  saxid_reduce_result_leave_out_past (result, file, odd);
  *next = past.next;
  return TRUE;
}

/* Of a single frame there is nothing to go on from. */
static gboolean
open_past (SaxidReduceResult *result, const SaxidFrameFile *first, char **paths, GError **error)
{
  gboolean begun_anew;

  if (!result->job->options.resume || (paths[1] == NULL && saxid_frame_file_info (first)->n_frame == 1))
    return TRUE;
  result->journal = saxid_reduce_journal_open (result->job, result->prepared, paths, FALSE, &begun_anew, error);
  if (result->journal != NULL && begun_anew)
    g_printerr ("saxid " VERB ": note: what was kept is of another reduction, it begins anew (%s)\n", result->job->options.output);
  return result->journal != NULL;
}

/* The frames of all files that were done are counted behind the last of them. */
static gboolean
take_up (SaxidReduceResult *result, SaxidFrameFile *file, gsize *next, GError **error)
{
  const gboolean had_more = saxid_reduce_journal_has_more (result->journal);

  if (!saxid_reduce_run_take_up (result, file, next, error))
    return FALSE;
  if (had_more && !saxid_reduce_journal_has_more (result->journal) && !result->job->options.quiet)
    {
      saxid_progress_hide (result->progress);
      g_printerr ("saxid " VERB ": note: %u frames are done already (%s)\n", result->source->len,
                  result->job->options.output);
    }
  return TRUE;
}

/* Files of another technique than the others cost a line each; a run of nothing else is an error. */
static gboolean
leaves_out (SaxidReduceJob *job, SaxidReduceResult *result, SaxidFrameFile *file)
{
  GError *cause = NULL;

  if (saxid_reduce_technique_check (job, file, &cause))
    return FALSE;
  saxid_reduce_result_leave_out (result, cause);
  return TRUE;
}

static gboolean
reduce_files (SaxidReduceJob *job, SaxidReduceResult *result, SaxidFrameFile *first, char **paths, GError **error)
{
  const guint n_path = g_strv_length (paths);

  if (!open_past (result, first, paths, error))
    return FALSE;
  for (guint k = 0; k < n_path; k++)
    {
      g_autoptr (SaxidFrameFile) later = NULL;
      SaxidFrameFile *file = first;
      gsize n_frame, next = 0;

      if (k > 0)
        file = later = saxid_frame_file_open (paths[k], &result->job->frame_options, error);
      if (file == NULL)
        return FALSE;
      n_frame = saxid_frame_file_info (file)->n_frame;
      /* the files to come are taken to be like this one */
      saxid_progress_set_total (result->progress, result->source->len + (n_path - k) * n_frame);
      result->file = k;
      if (leaves_out (job, result, file))
        continue;
      if ((result->journal != NULL && !take_up (result, file, &next, error))
          || !saxid_reduce_run_add (result, file, next, n_frame - MIN (next, n_frame), &next, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
reduce_all (SaxidReduceJob *job, SaxidReduceResult *result, SaxidFrameFile *first, char **paths, GError **error)
{
  if (!reduce_files (job, result, first, paths, error))
    return FALSE;
  for (char **also = result->job->options.also; also != NULL && *also != NULL; also++)
    if (!merge_other (result, *also, error))
      return FALSE;
  return saxid_reduce_result_end (result, error);
}

SaxidPreparedChain *
saxid_reduce_run_prepare (SaxidReduceJob *job, SaxidFrameFile *first, SaxidFrameFile **variances, GError **error)
{
  g_autoptr (SaxidFrameFile) file = NULL;
  SaxidPreparedChain *prepared;

  if (!saxid_reduce_job_prepare (job, first, error))
    return NULL;
  if (job->options.variance != NULL
      && ((file = saxid_frame_file_open (job->options.variance, &job->frame_options, error)) == NULL
          || !saxid_reduce_job_check (job, file, error)))
    return NULL;
  prepared = saxid_chain_prepare (job->chain, &job->input, error);
  if (prepared == NULL && error != NULL && (*error)->code == SAXID_ERROR_DATA) /* of geometry and range together */
    saxid_error_add_place (error, "%s", job->geometry_source);
  *variances = prepared != NULL ? g_steal_pointer (&file) : NULL;
  return prepared;
}

gboolean
saxid_reduce_run (SaxidReduceJob *job, char **paths, const SaxidReduceAfter *after, guint *failed, GError **error)
{
  g_autoptr (SaxidFrameFile) first = NULL, variances = NULL;
  g_autoptr (SaxidPreparedChain) prepared = NULL;
  g_autoptr (SaxidReduceResult) result = NULL;
  SaxidProgress *progress;
  gboolean done;

  if (!saxid_reduce_job_begin (job, error))
    return FALSE;
  first = saxid_frame_file_open (paths[0], &job->frame_options, error);
  prepared = first != NULL ? saxid_reduce_run_prepare (job, first, &variances, error) : NULL;
  if (first != NULL && prepared == NULL)
    saxid_reduce_technique_explain (job, first, error);
  if (prepared == NULL)
    return FALSE;
  progress = saxid_progress_new (&(SaxidProgressOptions) {
      .verb = "reducing", .noun = "frames", .quiet = job->options.quiet, .fd = STDERR_FILENO });
  result = saxid_reduce_result_new (job, prepared, progress);
  result->variances = variances;
  result->ends = TRUE;
  done = reduce_all (job, result, first, paths, error)
         && saxid_reduce_result_write (result, saxid_frame_file_info (first), error);
  saxid_progress_finish (progress);
  if (result->journal != NULL && (done || result->good == 0))
    saxid_reduce_journal_done (g_steal_pointer (&result->journal));
  if (done)
    saxid_reduce_result_say (result);
  if (done && after != NULL)
    *after->exit_code = after->written (result, after->data);
  *failed = result->failed;
  return done;
}
