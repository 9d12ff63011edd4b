/* How are arrays and texts kept in an HDF5 file of our own making?
 *
 * Thread: one thread at a time per file; HDF5's error stack is left as found.
 */
#include "schemas/store.h"

#include <string.h>

#include "reducers/error.h"

#define MAX_TEXT_BYTES ((gsize) 16 << 20) /* all texts of one array together */

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
  hid_t space = -1, properties = -1, set = -1;
  hsize_t chunk[2];
  gboolean done = FALSE;

  g_return_val_if_fail (rank == 1 || rank == 2, FALSE);

  H5E_BEGIN_TRY
    {
      space = H5Screate_simple ((int) rank, dims, NULL);
      properties = H5Pcreate (H5P_DATASET_CREATE);
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
      H5Pclose (properties);
      H5Sclose (space);
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
  hid_t type;
  gboolean done;

  for (gsize k = 0; k < count; k++)
    size = MAX (size, strlen (texts[k]));
  packed = g_malloc0 (count * size);
  for (gsize k = 0; k < count; k++)
    memcpy (packed + k * size, texts[k], strlen (texts[k]));

  type = text_type (size);
  done = saxid_store_array (where, name, type, type, rank, dims, 0, packed, error);
  H5Tclose (type);
  return done;
}

gboolean
saxid_store_attribute (hid_t where, const char *name, const char *text, GError **error)
{
  hid_t type = text_type (strlen (text)), space = H5Screate (H5S_SCALAR), attribute = -1;
  gboolean done;

  H5E_BEGIN_TRY
    {
      attribute = H5Acreate2 (where, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
      done = attribute >= 0 && H5Awrite (attribute, type, *text != '\0' ? text : "\0") >= 0;
      H5Aclose (attribute);
    }
  H5E_END_TRY
  H5Sclose (space);
  H5Tclose (type);
  return done || fail_to_write (error, name);
}

static gpointer
read_checked (hid_t set, const char *name, hid_t memory_type, H5T_class_t class, guint rank,
              hsize_t *dims, gsize max_bytes, GError **error)
{
  hid_t space = H5Dget_space (set), type = H5Dget_type (set);
  gsize count = 1, element = H5Tget_size (memory_type);
  H5T_class_t found = H5Tget_class (type);
  int found_rank = H5Sget_simple_extent_ndims (space);
  gpointer values = NULL;
  gboolean numbers = (class == H5T_FLOAT || class == H5T_INTEGER)
                     && (found == H5T_FLOAT || found == H5T_INTEGER);

  if (found_rank != (int) rank || !(found == class || numbers))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                 "'%s' has rank %d and HDF5 class %d, rank %u and class %d are needed", name,
                 found_rank, (int) found, rank, (int) class);
  else
    {
      H5Sget_simple_extent_dims (space, dims, NULL);
      for (guint k = 0; k < rank; k++)
        count = dims[k] > 0 && count > G_MAXSIZE / dims[k] ? G_MAXSIZE / element : count * dims[k];
      if (count > max_bytes / element)
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                     "'%s' has %" G_GSIZE_FORMAT " elements, %" G_GSIZE_FORMAT " bytes are the limit",
                     name, count, max_bytes);
      else
        {
          values = g_try_malloc0 (MAX (count * element, 1));
          if (values == NULL || H5Dread (set, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
            {
              g_clear_pointer (&values, g_free);
              g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "'%s' cannot be read", name);
            }
        }
    }
  H5Tclose (type);
  H5Sclose (space);
  return values;
}

static hid_t
open_set (hid_t where, const char *name, GError **error)
{
  hid_t set;

  H5E_BEGIN_TRY { set = H5Dopen2 (where, name, H5P_DEFAULT); }
  H5E_END_TRY
  if (set < 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "'%s' is missing", name);
  return set;
}

gpointer
saxid_fetch_array (hid_t where, const char *name, hid_t memory_type, guint rank, hsize_t *dims,
                   gsize max_bytes, GError **error)
{
  hid_t set = open_set (where, name, error);
  gpointer values = NULL;

  if (set < 0)
    return NULL;
  H5E_BEGIN_TRY
    {
      values = read_checked (set, name, memory_type, H5Tget_class (memory_type), rank, dims,
                             max_bytes, error);
      H5Dclose (set);
    }
  H5E_END_TRY
  return values;
}

char **
saxid_fetch_texts (hid_t where, const char *name, gsize max_texts, GError **error)
{
  hid_t set = open_set (where, name, error), type = -1, space = -1;
  hsize_t dims[2] = { 1, 1 };
  g_autofree char *packed = NULL;
  char **texts = NULL;
  gsize size, count;
  int rank;

  if (set < 0)
    return NULL;
  H5E_BEGIN_TRY
    {
      type = H5Dget_type (set);
      space = H5Dget_space (set);
      rank = H5Sget_simple_extent_ndims (space);
      size = H5Tget_size (type);
      if (H5Tget_class (type) != H5T_STRING || H5Tis_variable_str (type) > 0 || rank < 1 || rank > 2
          || size > MAX_TEXT_BYTES)
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                     "'%s' is no array of fixed-length strings of rank 1 or 2", name);
      else
        packed = read_checked (set, name, type, H5T_STRING, (guint) rank, dims,
                               MIN (max_texts * size, MAX_TEXT_BYTES), error);
      H5Sclose (space);
      H5Tclose (type);
      H5Dclose (set);
    }
  H5E_END_TRY
  if (packed == NULL)
    return NULL;
  count = dims[0] * dims[1];
  texts = g_new0 (char *, count + 1);
  for (gsize k = 0; k < count; k++)
    texts[k] = g_strndup (packed + k * size, size);
  return texts;
}

char *
saxid_fetch_attribute (hid_t where, const char *name, GError **error)
{
  hid_t attribute = -1, type = -1;
  char *text = NULL;

  H5E_BEGIN_TRY
    {
      attribute = H5Aopen (where, name, H5P_DEFAULT);
      type = H5Aget_type (attribute);
      if (attribute >= 0 && H5Tget_class (type) == H5T_STRING && H5Tis_variable_str (type) == 0
          && H5Tget_size (type) <= 64 * 1024 && H5Aget_storage_size (attribute) <= H5Tget_size (type))
        {
          text = g_malloc0 (H5Tget_size (type) + 1);
          if (H5Aread (attribute, type, text) < 0)
            g_clear_pointer (&text, g_free);
        }
      H5Tclose (type);
      H5Aclose (attribute);
    }
  H5E_END_TRY
  if (text == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "attribute '%s' is missing", name);
  return text;
}
