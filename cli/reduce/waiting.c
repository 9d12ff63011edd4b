/* Frames that wait to be taken.
 *
 * Thread: see waiting.h.
 */
#include "config.h"

#include "cli/reduce/waiting.h"

static void
free_waiting (gpointer data)
{
  SaxidWaitingFrame *waiting = data;

  saxid_sums_free (waiting->sums);
  g_clear_error (&waiting->error);
  g_free (waiting->found);
  g_free (waiting);
}

GPtrArray *
saxid_reduce_waiting_new (void)
{
  return g_ptr_array_new_with_free_func (free_waiting);
}

void
saxid_reduce_waiting_add (GPtrArray *all, const SaxidRunFrame *frame, gsize n_pixel)
{
  SaxidWaitingFrame *waiting = g_new0 (SaxidWaitingFrame, 1);

  waiting->frame = *frame;
  waiting->found = frame->found != NULL ? g_memdup2 (frame->found, n_pixel) : NULL;
  waiting->frame.found = waiting->found;
  if (frame->sums != NULL)
    {
      waiting->sums = saxid_sums_new (frame->sums->n);
      saxid_sums_copy (waiting->sums, frame->sums);
    }
  else
    waiting->error = g_error_copy (frame->error);
  waiting->frame.sums = waiting->sums;
  waiting->frame.error = waiting->error;
  g_ptr_array_add (all, waiting);
}

const SaxidRunFrame *
saxid_reduce_waiting_frame (const GPtrArray *all, guint at)
{
  return &((const SaxidWaitingFrame *) all->pdata[at])->frame;
}
