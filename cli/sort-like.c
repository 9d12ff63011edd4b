/* Which frames of many look most like one?
 *
 * Thread: see sort-like.h.
 */
#include "cli/sort-like.h"

#include <math.h>
#include <string.h>

static double
length_of (const float *vector, gsize n)
{
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    sum += (double) vector[k] * (double) vector[k];
  return sqrt (sum);
}

gboolean
saxid_like_begin (SaxidLike *like, const SaxidTechniqueAnswer *answer)
{
  const double length = answer->vector != NULL ? length_of (answer->vector, answer->n_vector) : 0;

  if (!(length > 0))
    return FALSE;
  *like = (SaxidLike) { .n_vector = answer->n_vector, .vector = g_new (float, answer->n_vector) };
  for (gsize k = 0; k < like->n_vector; k++)
    like->vector[k] = (float) ((double) answer->vector[k] / length);
  return TRUE;
}

void
saxid_like_add (SaxidLike *like, const char *path, gsize frame, SaxidTechnique technique, const SaxidTechniqueAnswer *answer)
{
  const double length = answer->vector != NULL ? length_of (answer->vector, answer->n_vector) : 0;
  double cosine = 0;
  guint at;

  if (!(length > 0))
    return;
  for (gsize k = 0; k < like->n_vector; k++)
    cosine += (double) like->vector[k] * (double) answer->vector[k] / length;
  for (at = like->n; at > 0 && 1 - cosine < like->frame[at - 1].distance; at--)
    ;
  if (at == SAXID_LIKE_MOST)
    return;
  if (like->n == SAXID_LIKE_MOST)
    g_free (like->frame[--like->n].path);
  memmove (like->frame + at + 1, like->frame + at, (like->n - at) * sizeof *like->frame);
  like->frame[at] = (SaxidLikeFrame) { g_strdup (path), frame, technique, 1 - cosine };
  like->n++;
}

void
saxid_like_clear (SaxidLike *like)
{
  for (guint k = 0; k < like->n; k++)
    g_free (like->frame[k].path);
  g_free (like->vector);
  *like = (SaxidLike) { .n = 0 };
}
