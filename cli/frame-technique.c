/* What does the network say of a frame in a file?
 *
 * Thread: see frame-technique.h.
 */
#include "cli/frame-technique.h"

#include <math.h>

#include "reducers/error.h"
#include "schemas/frame/room.h"

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
  saxid_room_free (self->pixels);
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
      saxid_room_free (self->pixels);
      self->allocated = 0;
      self->pixels = saxid_room_new (n * sizeof *self->pixels);
      if (self->pixels == NULL)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "there is no memory for frame %" G_GSIZE_FORMAT " (%s)", frame,
                       saxid_frame_file_path (file));
          return FALSE;
        }
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
saxid_frame_technique_header (const SaxidFrameInfo *info, SaxidTechniqueHeader *header, SaxidTechniqueRange *range)
{
  *range = (SaxidTechniqueRange) { NAN, NAN, NAN };
  saxid_technique_header_copy (&info->technique, header);
  if (info->lacks == NULL)
    saxid_technique_q_range (&info->geometry, info->height, info->width, range);
  saxid_technique_claim_q (header, range->q95);
}
