/* Which frames of a long run are asked beside those that are spread over it?
 *
 * Those whose curve is of quite another shape than that of the frame taken before. Their images
 * can be read only when the run is at rest, so that they and all behind them wait until then.
 * What is decided follows from the frames and their order alone, so that a run that was stopped
 * decides as one that was not, if it is given the frames of the earlier one first.
 *
 * Thread: belongs to one thread.
 */
#pragma once

#include "cli/reduce/waiting.h"
#include "reducers/outline.h"
#include "schemas/frame/file.h"

G_BEGIN_DECLS

/* TRUE: the frame is of another technique than most. */
typedef gboolean (*SaxidReduceIsOdd) (SaxidFrameFile *file, gsize frame, gpointer data);

typedef struct
{
  SaxidReduceIsOdd is_odd;
  gpointer data;
  gboolean has_before;
  SaxidOutline before;  /* of the last frame that was taken and had counts */
  GPtrArray *waiting;
  guint n_asked, n_missed; /* frames; missed: unlike the one before, and not asked, for many were */
} SaxidReduceDoubt;

SaxidReduceDoubt *saxid_reduce_doubt_new (SaxidReduceIsOdd is_odd, gpointer data);
void saxid_reduce_doubt_free (SaxidReduceDoubt *doubt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReduceDoubt, saxid_reduce_doubt_free)

/* TRUE: it waits, as a copy; FALSE: it may be taken. n_bin bins make a curve. */
gboolean saxid_reduce_doubt_holds (SaxidReduceDoubt *doubt, const SaxidRunFrame *frame, gsize n_bin, gsize n_pixel);

/* Of a frame that has waited, or that an earlier run has taken, in their order: whether it is to be left out. */
gboolean saxid_reduce_doubt_is_odd (SaxidReduceDoubt *doubt, SaxidFrameFile *file, const SaxidRunFrame *frame, gsize n_bin);

/* An earlier run has left it out. */
void saxid_reduce_doubt_recall_odd (SaxidReduceDoubt *doubt, SaxidFrameFile *file, gsize frame);

G_END_DECLS
