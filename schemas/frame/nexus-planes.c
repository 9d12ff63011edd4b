/* Which images of the shape of a frame go with the frames of a detector?
 *
 * Thread: see nexus-planes.h.
 */
#include "schemas/frame/nexus-planes.h"

#include "reducers/error.h"
#include "schemas/frame/format.h"

/* What somebody should know of a field that is there. */
static void
note_unused (SaxidFrameInfo *info, const char *name, const char *why)
{
  saxid_frame_note (info, "%s is not used: %s", name, why);
}

/* Whether it is a boolean as h5py writes it: HDF5 makes numbers of an enumeration's values. */
static gboolean
is_boolean (hid_t dataset)
{
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  g_auto (SaxidHid) base = H5Tget_class (type) == H5T_ENUM ? H5Tget_super (type) : H5I_INVALID_HID;

  return base >= 0 && H5Tget_class (base) == H5T_INTEGER && H5Tget_size (base) == 1 && H5Tget_precision (base) == 8;
}

/* An image of the detector's shape, [height × width] or [1 × height × width]. */
static float *
fetch_plane (SaxidInput *input, const SaxidFrameInfo *info, hid_t dataset, const char *name, GError **error)
{
  g_auto (SaxidHid) space = H5Dget_space (dataset);
  g_autofree float *plane = NULL;
  hsize_t shape[3] = { 1, 1, 1 };
  const int rank = H5Sget_simple_extent_ndims (space);

  if (!saxid_input_check_storage (input, dataset, "it", error)
      || (!is_boolean (dataset) && !saxid_input_check_number_type (dataset, "it", error)))
    return NULL;
  if ((rank != 2 && rank != 3) || H5Sget_simple_extent_dims (space, shape + (rank == 2), NULL) < 0 || shape[0] != 1
      || shape[1] != info->height || shape[2] != info->width)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "it has another shape than the images");
      return NULL;
    }
  plane = g_new (float, info->height * info->width);
  if (H5Dread (dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, plane) < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s cannot be read", name);
      return NULL;
    }
  return g_steal_pointer (&plane);
}

/* A name that leads nowhere, though there is something. */
static void
note_missing (SaxidInput *input, SaxidFrameInfo *info, const char *path, const char *name)
{
  g_autofree char *why = NULL;

  if (input->refused_file != NULL)
    {
      why = g_strdup_printf ("it lies in another file (%s), which is followed only on request (--follow-links)",
                             input->refused_file);
      note_unused (info, name, why);
    }
  else if (saxid_input_has (input, input->file, path))
    note_unused (info, name, "it cannot be opened");
}

float *
saxid_nexus_plane (SaxidInput *input, const char *group, const char *name, SaxidFrameInfo *info)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, input->file, path);
  g_autoptr (GError) cause = NULL;
  float *plane = dataset >= 0 ? fetch_plane (input, info, dataset, name, &cause) : NULL;

  if (cause != NULL)
    note_unused (info, name, cause->message);
  else if (dataset < 0)
    note_missing (input, info, path, name);
  return plane;
}

/* ---- masks ------------------------------------------------------------------ */

/* Bits 0 to 15 of a NeXus mask say that a pixel is none (gap, dead, under- or overresponding,
 * noisy, in a cluster, masked by the user); higher ones only mark it, such as that it was
 * interpolated. */
#define BAD_BITS 0xFFFF
#define MOST_MASKS 32 /* pixel_mask_1 … */

/* Adds plane `index` of a mask dataset to mask; a mask of floats has no bits. */
static gboolean
join_mask_plane (const SaxidFrameInfo *info, hid_t dataset, int rank, hsize_t index, guint8 *mask)
{
  const hsize_t start[3] = { index, 0, 0 }, count[3] = { 1, info->height, info->width };
  const gsize two = rank == 2, n = info->height * info->width;
  g_auto (SaxidHid) space = H5Dget_space (dataset);
  g_auto (SaxidHid) memory = H5Screate_simple (2, count + 1, NULL);
  g_auto (SaxidHid) type = H5Dget_type (dataset);
  const gboolean is_real = H5Tget_class (type) == H5T_FLOAT;
  g_autofree gint64 *bits = is_real ? NULL : g_try_new (gint64, n);
  g_autofree double *real = is_real ? g_try_new (double, n) : NULL;

  if ((bits == NULL && real == NULL)
      || H5Sselect_hyperslab (space, H5S_SELECT_SET, start + two, NULL, count + two, NULL) < 0
      || H5Dread (dataset, is_real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64, memory, space, H5P_DEFAULT,
                  is_real ? (void *) real : (void *) bits) < 0)
    return FALSE;
  for (gsize k = 0; k < n; k++)
    mask[k] |= is_real ? !(real[k] == 0) : (bits[k] & BAD_BITS) != 0;
  return TRUE;
}

/* A mask dataset of the detector's shape, [height × width] or [plane × height × width]; how
 * many planes in *n. < 0 with the reason where it is none. */
static hid_t
open_mask (SaxidInput *input, const SaxidFrameInfo *info, const char *path, int *rank, hsize_t *n, GError **error)
{
  g_auto (SaxidHid) dataset = saxid_input_dataset (input, input->file, path);
  g_auto (SaxidHid) space = dataset >= 0 ? H5Dget_space (dataset) : H5I_INVALID_HID;
  hsize_t shape[3] = { 1, 1, 1 };

  if (dataset < 0)
    return -1;
  *rank = H5Sget_simple_extent_ndims (space);
  if (!saxid_input_check_storage (input, dataset, "it", error)
      || (!is_boolean (dataset) && !saxid_input_check_number_type (dataset, "it", error)))
    return -1;
  if ((*rank != 2 && *rank != 3) || H5Sget_simple_extent_dims (space, shape + (*rank == 2), NULL) < 0
      || shape[1] != info->height || shape[2] != info->width || shape[0] < 1 || shape[0] > SAXID_FRAME_MAX_FRAMES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "it has another shape than the images%s",
                   shape[1] == info->width && shape[2] == info->height ? ": rows and columns are exchanged" : "");
      return -1;
    }
  *n = shape[0];
  return saxid_hid_steal (&dataset);
}

/* Joins one mask dataset; one plane for each frame is kept for when that is read. */
static void
join_mask (SaxidInput *input, SaxidFrameInfo *info, const char *group, const char *name, hid_t *frame_masks)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);
  g_autofree guint8 *mask = NULL;
  g_autoptr (GError) cause = NULL;
  hsize_t n = 0;
  int rank = 0;
  g_auto (SaxidHid) dataset = open_mask (input, info, path, &rank, &n, &cause);

  if (cause != NULL)
    note_unused (info, name, cause->message);
  else if (dataset < 0)
    note_missing (input, info, path, name);
  if (dataset < 0)
    return;
  if (n > 1 && n == info->n_frame && *frame_masks < 0)
    {
      *frame_masks = saxid_hid_steal (&dataset);
      info->frame_masks = TRUE;
      return;
    }
  mask = g_new0 (guint8, info->height * info->width);
  for (hsize_t k = 0; k < n; k++)
    if (!join_mask_plane (info, dataset, rank, k, mask))
      {
        note_unused (info, name, "it cannot be read");
        return;
      }
  if (info->mask == NULL)
    info->mask = g_steal_pointer (&mask);
  else
    for (gsize k = 0; k < info->height * info->width; k++)
      info->mask[k] |= mask[k];
}

hid_t
saxid_nexus_masks (SaxidInput *input, const char *detector, SaxidFrameInfo *info)
{
  hid_t frame_masks = H5I_INVALID_HID;

  join_mask (input, info, detector, "pixel_mask", &frame_masks);
  for (guint k = 1; k <= MOST_MASKS; k++)
    {
      g_autofree char *name = g_strdup_printf ("pixel_mask_%u", k), *path = g_strconcat (detector, "/", name, NULL);

      if (!saxid_input_has (input, input->file, path))
        break;
      join_mask (input, info, detector, name, &frame_masks);
    }
  return frame_masks;
}

gboolean
saxid_nexus_frame_mask (const SaxidFrameInfo *info, hid_t frame_masks, gsize index, guint8 *mask)
{
  return join_mask_plane (info, frame_masks, 3, index, mask);
}
