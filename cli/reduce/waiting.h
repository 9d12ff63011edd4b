/* Frames that were integrated, and about which something has to be known before they are taken.
 *
 * Thread: belongs to one thread.
 */
#pragma once

#include "reducers/run.h"

G_BEGIN_DECLS

/* A copy of what the run gave. */
typedef struct
{
  SaxidRunFrame frame; /* borrows what follows */
  SaxidSums *sums;     /* or NULL */
  GError *error;       /* or NULL */
  guint8 *found;       /* or NULL */
} SaxidWaitingFrame;

/* Of SaxidWaitingFrame, in the order of the run. */
GPtrArray *saxid_reduce_waiting_new (void);

/* Copies the frame. n_pixel: of what the clip found. */
void saxid_reduce_waiting_add (GPtrArray *waiting, const SaxidRunFrame *frame, gsize n_pixel);

const SaxidRunFrame *saxid_reduce_waiting_frame (const GPtrArray *waiting, guint at);

G_END_DECLS
