/* Many frames through one chain, by several threads, in their order.
 *
 * Workers fetch and integrate SAXID_LANES frames at a time; what they make is given,
 * frame after frame, to the thread that asked. A frame that cannot be read is given
 * with its error and costs nothing but itself.
 *
 * Thread: saxid_run_frames returns when its workers have ended; with one job it works in
 *   the thread that calls. A prepared chain is shared; a reader belongs to one worker.
 */
#pragma once

#include "reducers/chain.h"

G_BEGIN_DECLS

/* Where frames come from. */
typedef struct
{
  gsize n_frame;
  gpointer data;
  /* A reader of one thread; errors fail all. */
  gpointer (*open) (gpointer data, GError **error);
  void (*close) (gpointer reader);
  /* Makes frames `first` and on ready: fills frames->type and the pointers of frames->n
   * frames, which hold until the next fetch. A frame that is not to be had sets its error. */
  void (*fetch) (gpointer reader, gsize first, SaxidFrames *frames, GError *errors[SAXID_LANES]);
  /* Sees to it that pixels first to last (exclusive) of each of these frames are there; those
   * before are needed no more, and counts and origin may change. NULL: all are there after
   * fetch. A frame that breaks off sets its error. */
  void (*advance) (gpointer reader, gsize first, gsize last, SaxidFrames *frames, GError *errors[SAXID_LANES]);
  /* The monitor of a frame, NaN = not known; or NULL. Called by any thread. */
  double (*monitor) (gpointer data, gsize frame);
} SaxidRunSource;

/* What becomes of a frame. */
typedef struct
{
  gsize frame;
  const SaxidSums *sums;  /* weighed by monitor and factors; NULL where there is an error */
  const guint8 *found;    /* the clip's mask, or NULL */
  double monitor;
  const GError *error;
} SaxidRunFrame;

/* Returns FALSE to stop. Called by the thread that asked, in the order of frames. */
typedef gboolean (*SaxidRunGive) (const SaxidRunFrame *frame, gpointer data, GError **error);

/* jobs: threads, at least 1. Errors: of open, and of give. */
gboolean saxid_run_frames (const SaxidPreparedChain *prepared, const SaxidRunSource *source, guint jobs, SaxidRunGive give,
                           gpointer give_data, GError **error);

G_END_DECLS
