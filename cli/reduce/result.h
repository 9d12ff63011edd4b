/* What comes out of a run of frames: a curve for each, or a cake, and all of them merged.
 *
 * A frame that cannot be read costs one line on standard error and leaves a row without
 * numbers; where no frame at all can be, that is the error.
 *
 * Thread: belongs to one thread; the frames go through job->jobs threads.
 */
#pragma once

#include "cli/progress.h"
#include "cli/reduce/job.h"
#include "cli/reduce/journal.h"
#include "reducers/run.h"

G_BEGIN_DECLS

typedef struct
{
  const SaxidReduceJob *job;
  const SaxidPreparedChain *prepared;
  SaxidProgress *progress; /* or NULL */
  const char *name;        /* of the file at work */
  SaxidFrameFile *variances; /* frames of variances, or NULL */

  GPtrArray *curve;     /* of SaxidCurve, frame after frame; of sectors, sector after sector */
  GArray *norm;         /* of double, [curve][bin] */
  GPtrArray *source;    /* of char, of each frame */
  GArray *source_frame; /* of gsize */
  GArray *monitor;      /* of double */
  GArray *cake;         /* of double, [frame][azimuth][bin] of intensity, or empty */
  GArray *cake_sigma, *cake_norm;
  SaxidSums *sums;      /* of all frames */
  SaxidCurve *merged;   /* set by end */
  guint32 *found;       /* [pixel] in how many frames the clip dropped it, or NULL */

  GPtrArray *held;      /* of GError: of the frames before the first that was good */
  SaxidReduceJournal *journal; /* where frames are kept that are done, or NULL */
  guint file;           /* at work, of the run */
  gboolean ends;        /* when the program is told to stop */
  gboolean is_patient;  /* frames at the end that are blank or cannot be read may still come */
  GPtrArray *waiting;   /* such frames, until one behind them is there */
  guint good, failed;
  guint left_out, odd;      /* files, and single frames, of another technique */
} SaxidReduceResult;

SaxidReduceResult *saxid_reduce_result_new (const SaxidReduceJob *job, const SaxidPreparedChain *prepared,
                                            SaxidProgress *progress);
void saxid_reduce_result_free (SaxidReduceResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReduceResult, saxid_reduce_result_free)

/* Reduces the frames of one file; file must outlive the result, for its name.
 * Errors: of another shape; too much to keep; of the first frame where none is good; the
 * program was told to stop, where result->ends. */
gboolean saxid_reduce_result_add (SaxidReduceResult *result, SaxidFrameFile *file, GError **error);

/* A file that is not of the technique of the curve; takes the reason. */
void saxid_reduce_result_leave_out (SaxidReduceResult *result, GError *reason);

/* A single frame of such a kind. */
void saxid_reduce_result_leave_out_frame (SaxidReduceResult *result, const SaxidFrameFile *file, gsize frame);

/* Those that an earlier run has left out, of gsize, ascending: one line names and counts them. */
void saxid_reduce_result_leave_out_past (SaxidReduceResult *result, const SaxidFrameFile *file, const GArray *frames);

/* The same with n frames of it from `first` on. Where result->is_patient those at the end
 * that are not there yet are left for the next time. *next: the frame to go on with. */
gboolean saxid_reduce_result_add_some (SaxidReduceResult *result, SaxidFrameFile *file, gsize first, gsize n, gsize *next,
                                       GError **error);

/* Takes a frame as the run gives it, of result->name. Errors: as add. */
gboolean saxid_reduce_result_take (SaxidReduceResult *result, const SaxidRunFrame *frame, GError **error);

/* Merges the frames of another detector or position into the curve of all: signals and
 * variances add, normalisations × the ratio of the solid angles of a pixel. The frames
 * themselves are not kept. Errors: where no frame of it was good. */
gboolean saxid_reduce_result_merge (SaxidReduceResult *result, const SaxidReduceResult *other, GError **error);

/* Merges what there is so far. Errors: where no frame was good. */
gboolean saxid_reduce_result_end (SaxidReduceResult *result, GError **error);

/* Writes job->options.output. info: of the first file. */
gboolean saxid_reduce_result_write (const SaxidReduceResult *result, const SaxidFrameInfo *info, GError **error);

/* One line on standard output of what there is now. */
void saxid_reduce_result_say (const SaxidReduceResult *result);

G_END_DECLS
