/* What does the network say of a frame in a file?
 *
 * Thread: see frame-technique.h.
 */
#include "cli/frame-technique.h"

#include <math.h>

#include "reducers/error.h"

SaxidFrameTechnique *
saxid_frame_technique_new (GError **error)
{
  g_autoptr (SaxidFrameTechnique) self = g_new0 (SaxidFrameTechnique, 1);

  self->file = saxid_technique_file_load (NULL, error);
  if (self->file == NULL)
    return NULL;
  self->judge = saxid_technique_judge_new (self->file->model, 1, error);
  return self->judge != NULL ? g_steal_pointer (&self) : NULL;
}

void
saxid_frame_technique_free (SaxidFrameTechnique *self)
{
  if (self == NULL)
    return;
  saxid_technique_judge_free (self->judge);
  saxid_technique_file_free (self->file);
  g_free (self->pixels);
  g_free (self->mask);
  g_free (self);
}

/* Masks of the detector and of the one frame together, or NULL. */
static gboolean
read_mask (SaxidFrameTechnique *self, SaxidFrameFile *file, gsize frame, const guint8 **mask, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  *mask = info->mask;
  if (!info->frame_masks)
    return TRUE;
  if (!saxid_frame_file_mask (file, frame, self->mask, error))
    return FALSE;
  for (gsize k = 0; info->mask != NULL && k < info->height * info->width; k++)
    self->mask[k] |= info->mask[k];
  *mask = self->mask;
  return TRUE;
}

gboolean
saxid_frame_technique_ask (SaxidFrameTechnique *self, SaxidFrameFile *file, gsize frame, SaxidTechniqueAnswer *answer,
                           GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  const gsize n = info->height * info->width;
  g_autofree SaxidPicture *picture = NULL;
  const guint8 *mask;
  gboolean seen;

  if (MIN (info->height, info->width) < SAXID_FRAME_LEAST_EDGE)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "frame has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, %d of both are needed to tell a technique (%s)",
                   info->height, info->width, SAXID_FRAME_LEAST_EDGE, saxid_frame_file_path (file));
      return FALSE;
    }
  if (n > self->allocated)
    {
      self->pixels = g_renew (float, self->pixels, n);
      self->mask = g_renew (guint8, self->mask, n);
      self->allocated = n;
    }
  if (!saxid_frame_file_read (file, frame, self->pixels, error) || !read_mask (self, file, frame, &mask, error))
    return FALSE;
  picture = g_new (SaxidPicture, 1);
  seen = saxid_picture_make (self->pixels, mask, info->height, info->width, picture);
  return saxid_technique_judge_ask (self->judge, seen ? picture : NULL, answer, error);
}

void
saxid_frame_technique_range (const SaxidFrameInfo *info, SaxidTechniqueRange *range)
{
  *range = (SaxidTechniqueRange) { NAN, NAN, NAN };
  if (info->lacks == NULL)
    saxid_technique_q_range (&info->geometry, info->height, info->width, range);
}

/* Angles that are not one a frame are of the run: the first of them that grazes. */
static gsize
which_angle (const SaxidFrameInfo *info, gsize frame)
{
  const SaxidTechniqueHeader *said = &info->technique;
  gsize k = 0;

  if (said->n_angle == info->n_frame)
    return frame;
  while (k + 1 < said->n_angle && !saxid_technique_grazes (said->angles[k]))
    k++;
  return k;
}

void
saxid_frame_technique_header (const SaxidFrameInfo *info, gsize frame, double q95, SaxidTechniqueHeader *header)
{
  saxid_technique_header_of (&info->technique, which_angle (info, frame), header);
  saxid_technique_claim_q (header, q95);
}

char *
saxid_frame_technique_region (SaxidFrameTechnique *self, const SaxidFrameInfo *info)
{
  const gsize side = SAXID_EVIDENCE_SIDE;
  guint8 evidence[SAXID_EVIDENCE_CELLS], most = 0;
  gsize top = side, bottom = 0, left = side, right = 0;

  if (!saxid_technique_judge_evidence (self->judge, evidence, NULL))
    return NULL;
  for (gsize k = 0; k < SAXID_EVIDENCE_CELLS; k++)
    most = MAX (most, evidence[k]);
  for (gsize k = 0; most > 0 && k < SAXID_EVIDENCE_CELLS; k++)
    if (evidence[k] > most / 2)
      {
        top = MIN (top, k / side);
        bottom = MAX (bottom, k / side + 1);
        left = MIN (left, k % side);
        right = MAX (right, k % side + 1);
      }
  if (most == 0)
    return NULL;
  return g_strdup_printf ("rows %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT ", columns %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT,
                          info->height * top / side, info->height * bottom / side - 1, info->width * left / side,
                          info->width * right / side - 1);
}
