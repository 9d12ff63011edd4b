/* How is one curve of a large stack read without reading the stack?
 *
 * A block runs along the fastest axis that is not the curve's: for I[frame, q]
 * that is a run of frames, which a chunked file holds together.
 *
 * Thread: an array belongs to one thread at a time.
 */
#include "schemas/hdf5/array.h"

#include <string.h>

#include "reducers/error.h"

#define BLOCK_BYTES     (4 << 20)
#define MOST_BLOCK      (32 << 20) /* where one chunk spans that many frames */
#define MOST_COMPRESSED 4096       /* bytes of numbers per byte of file; zlib ends near 1030 */

struct SaxidArray
{
  hid_t dataset;
  hid_t space;
  char *what;
  SaxidReadLimits limits;

  int rank;
  hsize_t size[H5S_MAX_RANK];
  hsize_t first[H5S_MAX_RANK]; /* where it begins: not 0 only along an axis of which one index is meant */
  hsize_t chunk[H5S_MAX_RANK]; /* 0 where the array is not chunked */
  int axis;                    /* of the curve */
  int block_axis;              /* the fastest other axis, -1 where there is none */
  gsize n_frame, n_point;
  gsize frames_per_block;

  double *block;
  gsize block_first, block_count; /* frames in block; 0 = nothing read yet */
};

/* Bytes of the array, or G_MAXUINT64 where they cannot be counted. */
static guint64
total_bytes (const SaxidArray *array, guint64 element)
{
  guint64 bytes = element;

  for (int k = 0; k < array->rank; k++)
    {
      if (array->size[k] != 0 && bytes > G_MAXINT64 / array->size[k])
        return G_MAXUINT64;
      bytes *= array->size[k];
    }
  return bytes;
}

/* No array is larger than the file that it is in, unless it is compressed. */
static gboolean
check_size (SaxidArray *array, GError **error)
{
  g_auto (SaxidHid) type = H5Dget_type (array->dataset);
  g_auto (SaxidHid) file = H5Iget_file_id (array->dataset);
  g_auto (SaxidHid) creation = H5Dget_create_plist (array->dataset);
  H5D_layout_t layout = H5Pget_layout (creation);
  g_autofree char *shape = saxid_array_shape (array);
  hsize_t file_size = 0;
  guint64 bytes = total_bytes (array, H5Tget_size (type));
  guint64 ratio = layout == H5D_CHUNKED ? MOST_COMPRESSED : 1;

  if (bytes == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s %s holds no points yet", array->what, shape);
      return FALSE;
    }
  if ((layout == H5D_VIRTUAL || H5Pget_external_count (creation) > 0) && bytes != G_MAXUINT64)
    return TRUE; /* asked for: the values are in other files */
  if (file < 0 || H5Fget_filesize (file, &file_size) < 0 || bytes / ratio > file_size)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "%s %s would be %" G_GUINT64_FORMAT " bytes, the file has %" G_GUINT64_FORMAT,
                   array->what, shape, bytes, (guint64) file_size);
      return FALSE;
    }
  return TRUE;
}

static gboolean
look_at_space (SaxidArray *array, GError **error)
{
  if (array->space < 0 || H5Sget_simple_extent_type (array->space) != H5S_SIMPLE)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s is a single value, a curve is needed",
                   array->what);
      return FALSE;
    }
  array->rank = H5Sget_simple_extent_ndims (array->space);
  if (array->rank < 1 || array->rank > H5S_MAX_RANK
      || H5Sget_simple_extent_dims (array->space, array->size, NULL) < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "%s has a damaged shape", array->what);
      return FALSE;
    }
  return TRUE;
}

static SaxidArray *
open_array (SaxidInput *input, hid_t dataset, const char *what, gboolean (*check_type) (hid_t, const char *, GError **),
            GError **error)
{
  g_autoptr (SaxidArray) array = g_new0 (SaxidArray, 1);
  g_auto (SaxidHid) creation = H5I_INVALID_HID;

  array->dataset = array->space = H5I_INVALID_HID;
  array->what = g_strdup (what);
  array->limits = input->limits;
  array->axis = array->block_axis = -1;
  if (!saxid_input_check_storage (input, dataset, what, error)
      || !check_type (dataset, what, error))
    return NULL;
  array->space = H5Dget_space (dataset);
  if (!look_at_space (array, error))
    return NULL;
  creation = H5Dget_create_plist (dataset);
  if (H5Pget_layout (creation) == H5D_CHUNKED)
    H5Pget_chunk (creation, array->rank, array->chunk);
  H5Iinc_ref (dataset);
  array->dataset = dataset;
  if (!check_size (array, error))
    return NULL;
  return g_steal_pointer (&array);
}

SaxidArray *
saxid_array_open (SaxidInput *input, hid_t dataset, const char *what, GError **error)
{
  return open_array (input, dataset, what, saxid_input_check_number_type, error);
}

SaxidArray *
saxid_array_open_flags (SaxidInput *input, hid_t dataset, const char *what, GError **error)
{
  return open_array (input, dataset, what, saxid_input_check_flag_type, error);
}

void
saxid_array_free (SaxidArray *array)
{
  if (array == NULL)
    return;
  saxid_hid_close (array->space);
  saxid_hid_close (array->dataset);
  g_free (array->what);
  g_free (array->block);
  g_free (array);
}

guint
saxid_array_rank (const SaxidArray *array)
{
  return (guint) array->rank;
}

guint64
saxid_array_size (const SaxidArray *array, guint axis)
{
  return array->size[axis];
}

char *
saxid_array_shape (const SaxidArray *array)
{
  GString *out = g_string_new ("[");

  for (int k = 0; k < array->rank; k++)
    g_string_append_printf (out, "%s%" G_GUINT64_FORMAT, k > 0 ? " × " : "", (guint64) array->size[k]);
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

gboolean
saxid_array_is_line (const SaxidArray *array, guint *axis)
{
  guint long_axes = 0;

  *axis = (guint) array->rank - 1;
  for (int k = 0; k < array->rank; k++)
    if (array->size[k] > 1)
      {
        long_axes++;
        *axis = (guint) k;
      }
  return long_axes <= 1;
}

void
saxid_array_pick (SaxidArray *array, guint axis, guint64 index)
{
  g_return_if_fail (axis < (guint) array->rank && index < array->size[axis] && array->axis < 0);

  array->first[axis] = index;
  array->size[axis] = 1;
}

/* Whole chunks where they fit, so that none is unpacked twice. */
static gsize
choose_block (const SaxidArray *array)
{
  gsize bytes = array->n_point * sizeof (double);
  gsize frames = MAX (1, BLOCK_BYTES / bytes);
  gsize chunk, most;

  if (array->block_axis < 0)
    return 1;
  most = array->size[array->block_axis];
  chunk = array->chunk[array->block_axis];
  if (chunk > 1 && chunk <= frames)
    frames -= frames % chunk;
  else if (chunk > frames && chunk <= MOST_BLOCK / bytes)
    frames = chunk;
  return MIN (frames, most);
}

gboolean
saxid_array_set_axis (SaxidArray *array, guint axis, GError **error)
{
  guint64 frames = 1;

  g_return_val_if_fail (axis < (guint) array->rank && array->block == NULL, FALSE);

  array->axis = (int) axis;
  array->block_axis = -1;
  for (int k = 0; k < array->rank; k++)
    if (k != array->axis)
      {
        frames *= array->size[k]; /* cannot overflow: check_size counted the bytes */
        array->block_axis = k;
      }
  if (array->size[axis] > array->limits.points || frames > array->limits.frames)
    {
      g_autofree char *shape = saxid_array_shape (array);

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "%s %s is larger than %" G_GSIZE_FORMAT " frames of %" G_GSIZE_FORMAT " points",
                   array->what, shape, array->limits.frames, array->limits.points);
      return FALSE;
    }
  array->n_frame = frames;
  array->n_point = array->size[axis];
  array->frames_per_block = choose_block (array);
  return TRUE;
}

guint
saxid_array_axis (const SaxidArray *array)
{
  return (guint) array->axis;
}

gsize
saxid_array_n_frame (const SaxidArray *array)
{
  return array->n_frame;
}

gsize
saxid_array_n_point (const SaxidArray *array)
{
  return array->n_point;
}

/* Reads the block that holds `frame`: a run along block_axis. */
static gboolean
read_block (SaxidArray *array, gsize frame)
{
  hsize_t start[H5S_MAX_RANK], count[H5S_MAX_RANK];
  hsize_t n;
  g_auto (SaxidHid) memory = H5I_INVALID_HID;
  gsize rest = frame, along = 0;

  for (int k = array->rank - 1; k >= 0; k--)
    {
      count[k] = k == array->axis ? array->n_point : 1;
      start[k] = k == array->axis ? 0 : rest % array->size[k];
      if (k != array->axis)
        rest /= array->size[k];
    }
  n = array->n_point;
  array->block_count = 0;
  if (array->block_axis >= 0)
    {
      along = start[array->block_axis] % array->frames_per_block;
      start[array->block_axis] -= along;
      count[array->block_axis]
        = MIN (array->frames_per_block, array->size[array->block_axis] - start[array->block_axis]);
      n *= count[array->block_axis];
    }
  for (int k = 0; k < array->rank; k++)
    start[k] += array->first[k];
  if (array->block == NULL)
    array->block = g_try_new (double, array->n_point * array->frames_per_block);
  memory = H5Screate_simple (1, &n, NULL);
  if (array->block == NULL || memory < 0
      || H5Sselect_hyperslab (array->space, H5S_SELECT_SET, start, NULL, count, NULL) < 0
      || H5Dread (array->dataset, H5T_NATIVE_DOUBLE, memory, array->space, H5P_DEFAULT, array->block) < 0)
    return FALSE;
  array->block_first = frame - along;
  array->block_count = array->block_axis >= 0 ? count[array->block_axis] : 1;
  return TRUE;
}

void
saxid_array_forget (SaxidArray *array)
{
  if (array == NULL)
    return;
  g_clear_pointer (&array->block, g_free);
  array->block_count = 0;
}

gboolean
saxid_array_read (SaxidArray *array, gsize frame, double *out, GError **error)
{
  gsize at;

  g_return_val_if_fail (array->axis >= 0 && frame < array->n_frame, FALSE);

  if ((frame < array->block_first || frame - array->block_first >= array->block_count)
      && !read_block (array, frame))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                   "%s of frame %" G_GSIZE_FORMAT " cannot be read: the file is damaged there",
                   array->what, frame);
      return FALSE;
    }
  at = frame - array->block_first;
  if (array->block_axis < 0 || array->block_axis < array->axis) /* the curve runs fastest */
    memcpy (out, array->block + at * array->n_point, array->n_point * sizeof (double));
  else
    for (gsize k = 0; k < array->n_point; k++)
      out[k] = array->block[k * array->block_count + at];
  return TRUE;
}
