/* Which frames of a long run are asked beside those that are spread over it?
 *
 * Thread: see doubt.h.
 */
#include "config.h"

#include "cli/reduce/doubt.h"

#define UNLIKE 0.06    /* variance of ln I: a quarter of I, rms */
#define ASK_ALWAYS 8u  /* frames, and */
#define ASK_ONE_IN 50u /* of those before it in the file: a scan over many samples is not slowed down */

SaxidReduceDoubt *
saxid_reduce_doubt_new (SaxidReduceIsOdd is_odd, gpointer data)
{
  SaxidReduceDoubt *doubt = g_new0 (SaxidReduceDoubt, 1);

  doubt->is_odd = is_odd;
  doubt->data = data;
  doubt->waiting = saxid_reduce_waiting_new ();
  return doubt;
}

void
saxid_reduce_doubt_free (SaxidReduceDoubt *doubt)
{
  if (doubt == NULL)
    return;
  g_ptr_array_unref (doubt->waiting);
  g_free (doubt);
}

static gboolean
is_unlike (const SaxidReduceDoubt *doubt, const SaxidOutline *now)
{
  return doubt->has_before && saxid_outline_change (&doubt->before, now) > UNLIKE;
}

/* A frame with next to no counts is nothing to compare with. */
static void
take (SaxidReduceDoubt *doubt, const SaxidOutline *now)
{
  if (now->n < SAXID_OUTLINE_LEAST)
    return;
  doubt->before = *now;
  doubt->has_before = TRUE;
}

gboolean
saxid_reduce_doubt_holds (SaxidReduceDoubt *doubt, const SaxidRunFrame *frame, gsize n_bin, gsize n_pixel)
{
  SaxidOutline now;

  if (doubt->waiting->len == 0)
    {
      if (frame->sums == NULL)
        return FALSE;
      saxid_outline_draw (frame->sums, n_bin, &now);
      if (!is_unlike (doubt, &now))
        {
          take (doubt, &now);
          return FALSE;
        }
    }
  saxid_reduce_waiting_add (doubt->waiting, frame, n_pixel);
  return TRUE;
}

gboolean
saxid_reduce_doubt_is_odd (SaxidReduceDoubt *doubt, SaxidFrameFile *file, const SaxidRunFrame *frame, gsize n_bin)
{
  const gboolean may_ask = doubt->n_asked < ASK_ALWAYS + frame->frame / ASK_ONE_IN;
  SaxidOutline now;

  if (frame->sums == NULL)
    return FALSE;
  saxid_outline_draw (frame->sums, n_bin, &now);
  if (is_unlike (doubt, &now))
    {
      *(may_ask ? &doubt->n_asked : &doubt->n_missed) += 1;
      if (may_ask && doubt->is_odd (file, frame->frame, doubt->data))
        return TRUE;
    }
  take (doubt, &now);
  return FALSE;
}

/* Its image is asked once more, for the file of curves. One that was asked with all of its file is not of the doubt. */
void
saxid_reduce_doubt_recall_odd (SaxidReduceDoubt *doubt, SaxidFrameFile *file, gsize frame)
{
  if (doubt->is_odd (file, frame, doubt->data))
    doubt->n_asked++;
}
