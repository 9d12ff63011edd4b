/* Files of frames in, one file of curves out.
 *
 * Thread: as a job; the frames go through job->jobs threads.
 */
#pragma once

#include "cli/reduce/result.h"

G_BEGIN_DECLS

/* What stands before the first frame: the rest of the job, and the prepared chain; frames of variances
 * where the job has them, else NULL. Errors: those of the job, and of geometry and chain. */
SaxidPreparedChain *saxid_reduce_run_prepare (SaxidReduceJob *job, SaxidFrameFile *first, SaxidFrameFile **variances,
                                              GError **error);

/* Takes up what an earlier run has kept in result->journal of a file that was checked, that of
 * result->file: the frames it has taken, and those it has left out. *next: the frame to go on with.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_FORMAT. */
gboolean saxid_reduce_run_take_up (SaxidReduceResult *result, SaxidFrameFile *file, gsize *next, GError **error);

/* n frames of a file that was checked, from `first` on, without those that are of another technique than most; not all
 * at once, for a frame that is in doubt keeps those behind it waiting. *next: the frame to go on with, as of
 * saxid_reduce_result_add_some. Errors: as of that. */
gboolean saxid_reduce_run_add (SaxidReduceResult *result, SaxidFrameFile *file, gsize first, gsize n, gsize *next, GError **error);

/* What is done with the result once it is written; its exit code. */
typedef struct
{
  int (*written) (const SaxidReduceResult *result, gpointer data);
  gpointer data;
  int *exit_code;
} SaxidReduceAfter;

/* Reduces all frames of paths (NULL-terminated) into job->options.output, and says so unless
 * it is to be quiet. after: or NULL. *failed: frames that could not be read beside others that could.
 * Errors: of options, files and frames; where no frame was good. */
gboolean saxid_reduce_run (SaxidReduceJob *job, char **paths, const SaxidReduceAfter *after, guint *failed, GError **error);

G_END_DECLS
