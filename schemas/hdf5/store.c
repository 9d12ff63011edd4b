/* How are arrays and texts kept in an HDF5 file of our own making?
 *
 * Thread: one thread at a time per file; HDF5's error stack is left as found.
 */
#include "schemas/hdf5/store.h"

#include <math.h>

#include <string.h>

#include "reducers/error.h"
#include "schemas/hdf5/deflated.h"

#define MAX_TEXT_BYTES ((gsize) 16 << 20) /* all texts of one array together */
#define MOST_CHUNKS 65536 /* of a data set that is read at once: libhdf5 keeps 160 bytes of each */
#define MOST_COMPRESSED 4096 /* bytes of numbers per byte of file; zlib ends near 1030 */

static gboolean
fail_to_write (GError **error, const char *name)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "HDF5 could not write '%s'", name);
  return FALSE;
}

/* Chunks of about a quarter of a MiB along the first dimension: large enough to
 * compress, small enough to read one of. */
static void
choose_chunk (guint rank, const hsize_t *dims, gsize element, hsize_t *chunk)
{
  hsize_t row = element * (rank == 2 ? MAX (dims[1], 1) : 1);

  chunk[0] = CLAMP ((256 * 1024) / row, 1, MAX (dims[0], 1));
  if (rank == 2)
    chunk[1] = MAX (dims[1], 1);
}

gboolean
saxid_store_array (hid_t where, const char *name, hid_t file_type, hid_t memory_type, guint rank,
                   const hsize_t *dims, int deflate, const void *values, GError **error)
{
  hsize_t chunk[2];
  gboolean done = FALSE;

  g_return_val_if_fail (rank == 1 || rank == 2, FALSE);

  H5E_BEGIN_TRY
    {
      g_auto (SaxidHid) space = H5Screate_simple ((int) rank, dims, NULL);
      g_auto (SaxidHid) properties = H5Pcreate (H5P_DATASET_CREATE);
      hid_t set;

      H5Pset_obj_track_times (properties, FALSE); /* the same data, the same bytes */
      if (deflate > 0)
        {
          choose_chunk (rank, dims, H5Tget_size (file_type), chunk);
          H5Pset_chunk (properties, (int) rank, chunk);
          H5Pset_shuffle (properties);
          H5Pset_deflate (properties, (unsigned) deflate);
        }
      set = H5Dcreate2 (where, name, file_type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
      done = set >= 0 && H5Dwrite (set, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
      H5Dclose (set);
    }
  H5E_END_TRY
  return done || fail_to_write (error, name);
}

static hid_t
text_type (gsize size)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  H5Tset_size (type, MAX (size, 1));
  H5Tset_strpad (type, H5T_STR_NULLPAD);
  H5Tset_cset (type, H5T_CSET_UTF8);
  return type;
}

gboolean
saxid_store_texts (hid_t where, const char *name, guint rank, const hsize_t *dims,
                   const char *const *texts, GError **error)
{
  gsize count = dims[0] * (rank == 2 ? dims[1] : 1), size = 1;
  g_autofree char *packed = NULL;
  g_auto (SaxidHid) type = H5I_INVALID_HID;

  for (gsize k = 0; k < count; k++)
    size = MAX (size, strlen (texts[k]));
  packed = g_malloc0 (count * size);
  for (gsize k = 0; k < count; k++)
    memcpy (packed + k * size, texts[k], strlen (texts[k]));

  type = text_type (size);
  return saxid_store_array (where, name, type, type, rank, dims, 0, packed, error);
}

gboolean
saxid_store_attribute (hid_t where, const char *name, const char *text, GError **error)
{
  g_auto (SaxidHid) type = text_type (strlen (text));
  g_auto (SaxidHid) space = H5Screate (H5S_SCALAR);
  gboolean done;

  H5E_BEGIN_TRY
    {
      g_auto (SaxidHid) attribute = H5Acreate2 (where, name, type, space, H5P_DEFAULT, H5P_DEFAULT);

      done = attribute >= 0 && H5Awrite (attribute, type, *text != '\0' ? text : "\0") >= 0;
    }
  H5E_END_TRY
  return done || fail_to_write (error, name);
}

/* What a file claims is held against the file before anything is read. */
static gboolean
check_claim (SaxidInput *input, const char *name, guint found_rank, guint rank, const hsize_t *dims,
             gsize stored, gsize element, gsize max_bytes, gsize *count, GError **error)
{
  *count = 1;
  if (found_rank != rank)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "'%s' has rank %u, %u is needed", name, found_rank,
                   rank);
      return FALSE;
    }
  for (guint k = 0; k < rank; k++)
    *count = dims[k] > 0 && *count > G_MAXINT64 / dims[k] ? (gsize) G_MAXINT64 : *count * dims[k];
  if (*count > max_bytes / element)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "'%s' has %" G_GSIZE_FORMAT " elements, %" G_GSIZE_FORMAT " bytes are the limit", name,
                   *count, max_bytes);
      return FALSE;
    }
  if (*count * stored / MOST_COMPRESSED > input->size)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "'%s' would be %" G_GSIZE_FORMAT " bytes, the file has %" G_GUINT64_FORMAT, name,
                   *count * stored, input->size);
      return FALSE;
    }
  return TRUE;
}

/* A chunk for each few values costs many times their room. dims: of the data set. */
static gboolean
check_chunks (hid_t set, const char *name, guint rank, const hsize_t *dims, GError **error)
{
  g_auto (SaxidHid) creation = H5Dget_create_plist (set);
  hsize_t edge[H5S_MAX_RANK];
  const int found = H5Pget_layout (creation) == H5D_CHUNKED ? H5Pget_chunk (creation, H5S_MAX_RANK, edge) : 0;
  double chunks = 1;

  for (guint k = 0; k < rank && (int) k < found; k++)
    chunks *= ceil ((double) dims[k] / (double) MAX (edge[k], 1));
  if (chunks <= MOST_CHUNKS)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "'%s' lies in %.0f chunks, %d are the limit", name, chunks,
               MOST_CHUNKS);
  return FALSE;
}

static gboolean
read_bytes (hid_t set, hid_t memory_type, guint rank, gsize n, gpointer bytes)
{
  return rank == 1 && H5Tequal (memory_type, H5T_NATIVE_UINT8) > 0 && saxid_deflated_read (set, n, bytes);
}

/* The values of an open data set of any type that converts to memory_type. */
static gpointer
read_checked (SaxidInput *input, hid_t set, const char *name, hid_t memory_type, guint rank, hsize_t *dims,
              gsize max_bytes, GError **error)
{
  g_auto (SaxidHid) space = H5Dget_space (set);
  g_auto (SaxidHid) type = H5Dget_type (set);
  gsize element = H5Tget_size (memory_type), count;
  int found_rank = H5Sget_simple_extent_ndims (space);
  g_autofree gpointer values = NULL;

  if (found_rank == (int) rank)
    H5Sget_simple_extent_dims (space, dims, NULL);
  if (!saxid_input_check_storage (input, set, name, error)
      || !check_claim (input, name, (guint) MAX (found_rank, 0), rank, dims, H5Tget_size (type), element,
                       max_bytes, &count, error)
      || !check_chunks (set, name, rank, dims, error))
    return NULL;
  values = g_try_malloc0 (MAX (count * element, 1));
  if (values == NULL || (!read_bytes (set, memory_type, rank, count, values)
                         && H5Dread (set, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "'%s' cannot be read", name);
      return NULL;
    }
  return g_steal_pointer (&values);
}

static hid_t
open_set (SaxidInput *input, hid_t where, const char *name, GError **error)
{
  hid_t set = saxid_input_dataset (input, where, name);

  if (set < 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "'%s' is missing", name);
  return set;
}

static gpointer
fetch_numbers (SaxidInput *input, hid_t where, const char *name, hid_t memory_type, guint rank, hsize_t *dims,
               gsize max_bytes, GError **error)
{
  g_auto (SaxidHid) set = open_set (input, where, name, error);

  if (set < 0 || !saxid_input_check_number_type (set, name, error))
    return NULL;
  return read_checked (input, set, name, memory_type, rank, dims, max_bytes, error);
}

gpointer
saxid_fetch_array (SaxidInput *input, hid_t where, const char *name, hid_t memory_type, guint rank,
                   hsize_t *dims, gsize max_bytes, GError **error)
{
  gpointer values;

  H5E_BEGIN_TRY { values = fetch_numbers (input, where, name, memory_type, rank, dims, max_bytes, error); }
  H5E_END_TRY
  return values;
}

static char **
fetch_texts (SaxidInput *input, hid_t where, const char *name, gsize max_texts, GError **error)
{
  g_auto (SaxidHid) set = open_set (input, where, name, error);
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  hsize_t dims[2] = { 1, 1 };
  g_autofree char *packed = NULL;
  char **texts;
  gsize size;
  int rank;

  if (set < 0)
    return NULL;
  type = H5Dget_type (set);
  space = H5Dget_space (set);
  rank = H5Sget_simple_extent_ndims (space);
  size = H5Tget_size (type);
  if (H5Tget_class (type) != H5T_STRING || H5Tis_variable_str (type) > 0 || rank < 1 || rank > 2
      || size < 1 || size > MAX_TEXT_BYTES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "'%s' is no array of fixed-length strings of rank 1 or 2", name);
      return NULL;
    }
  packed = read_checked (input, set, name, type, (guint) rank, dims, MIN (max_texts * size, MAX_TEXT_BYTES),
                         error);
  if (packed == NULL)
    return NULL;
  texts = g_new0 (char *, dims[0] * dims[1] + 1);
  for (gsize k = 0; k < dims[0] * dims[1]; k++)
    texts[k] = g_strndup (packed + k * size, size);
  return texts;
}

char **
saxid_fetch_texts (SaxidInput *input, hid_t where, const char *name, gsize max_texts, GError **error)
{
  char **texts;

  H5E_BEGIN_TRY { texts = fetch_texts (input, where, name, max_texts, error); }
  H5E_END_TRY
  return texts;
}

char *
saxid_fetch_attribute (SaxidInput *input, hid_t where, const char *name, GError **error)
{
  char *text;

  H5E_BEGIN_TRY { text = saxid_input_text (input, where, name); }
  H5E_END_TRY
  if (text == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "attribute '%s' is missing", name);
  return text;
}
