/* How are members of a new HDF5 file put into it, one after the other?
 *
 * Thread: see put.h.
 */
#include "schemas/curve/put.h"

#include <string.h>

#include "reducers/clean-text.h"

hid_t
saxid_put_text_type (gsize size)
{
  hid_t type = H5Tcopy (H5T_C_S1);

  H5Tset_size (type, size);
  H5Tset_cset (type, H5T_CSET_UTF8);
  return type;
}

void
saxid_put_attribute (SaxidPut *writer, const char *object, const char *name, hid_t type, hid_t space, const void *value)
{
  g_auto (SaxidHid) id = H5I_INVALID_HID;
  g_auto (SaxidHid) attribute = H5I_INVALID_HID;

  if (writer->failed)
    return;
  id = H5Oopen (writer->file, object, H5P_DEFAULT);
  attribute = H5Acreate2 (id, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  writer->failed = H5Awrite (attribute, type, value) < 0;
}

void
saxid_put_text_attribute (SaxidPut *writer, const char *object, const char *name, const char *text)
{
  g_auto (SaxidHid) type = saxid_put_text_type (H5T_VARIABLE);
  g_auto (SaxidHid) space = H5Screate (H5S_SCALAR);
  g_autofree char *clean = saxid_clean_text (text, -1);

  saxid_put_attribute (writer, object, name, type, space, &clean);
}

void
saxid_put_texts_attribute (SaxidPut *writer, const char *object, const char *name, const char *first,
                           const char *second)
{
  const char *texts[] = { first, second };
  const hsize_t n = 2;
  g_auto (SaxidHid) type = saxid_put_text_type (H5T_VARIABLE);
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);

  saxid_put_attribute (writer, object, name, type, space, texts);
}

void
saxid_put_index_attribute (SaxidPut *writer, const char *object, const char *name, int value)
{
  const hsize_t n = 1;
  g_auto (SaxidHid) space = H5Screate_simple (1, &n, NULL);

  saxid_put_attribute (writer, object, name, H5T_NATIVE_INT, space, &value);
}

static void
make_group (SaxidPut *writer, const char *path, hid_t creation, const char *nx_class)
{
  g_auto (SaxidHid) id = H5I_INVALID_HID;

  if (writer->failed)
    return;
  id = H5Gcreate2 (writer->file, path, H5P_DEFAULT, creation, H5P_DEFAULT);
  writer->failed = id < 0;
  saxid_put_text_attribute (writer, path, "NX_class", nx_class);
}

void
saxid_put_group (SaxidPut *writer, const char *path, const char *nx_class, const char *cansas_class)
{
  make_group (writer, path, H5P_DEFAULT, nx_class);
  if (cansas_class != NULL)
    saxid_put_text_attribute (writer, path, "canSAS_class", cansas_class);
}

#define MOST_IN_HEADER 64

void
saxid_put_changing_group (SaxidPut *writer, const char *path, const char *nx_class)
{
  g_auto (SaxidHid) creation = H5Pcreate (H5P_GROUP_CREATE);

  /* the order is what makes HDF5 take the newer kind of group in a file of the oldest layout */
  H5Pset_link_creation_order (creation, H5P_CRT_ORDER_TRACKED);
  H5Pset_link_phase_change (creation, MOST_IN_HEADER, 0);
  make_group (writer, path, creation, nx_class);
}

void
saxid_put_dataset (SaxidPut *writer, const char *path, hid_t file_type, hid_t memory_type, int rank,
             const hsize_t *shape, const void *values)
{
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_auto (SaxidHid) id = H5I_INVALID_HID;

  if (writer->failed)
    return;
  space = rank > 0 ? H5Screate_simple (rank, shape, NULL) : H5Screate (H5S_SCALAR);
  id = H5Dcreate2 (writer->file, path, file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  writer->failed = H5Dwrite (id, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
}

/* Names of files are any bytes, and what is written is UTF-8; lines stay lines. */
static char *
clean_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *clean = saxid_clean_text (*line, -1);

      g_free (*line);
      *line = clean;
    }
  return g_strjoinv ("\n", lines);
}

/* n texts, all as long as the longest. */
void
saxid_put_texts (SaxidPut *writer, const char *path, const char *const *texts, hsize_t n)
{
  gsize size = 1;
  g_autofree char *bytes = NULL;
  g_auto (SaxidHid) type = H5I_INVALID_HID;

  g_autoptr (GPtrArray) clean = g_ptr_array_new_with_free_func (g_free);

  for (hsize_t k = 0; k < n; k++)
    {
      g_ptr_array_add (clean, clean_lines (texts[k]));
      size = MAX (size, strlen (clean->pdata[k]));
    }
  bytes = g_malloc0 (size * n);
  for (hsize_t k = 0; k < n; k++)
    memcpy (bytes + k * size, clean->pdata[k], strlen (clean->pdata[k]));
  type = saxid_put_text_type (size);
  H5Tset_strpad (type, H5T_STR_NULLPAD);
  saxid_put_dataset (writer, path, type, type, 1, &n, bytes);
}

void
saxid_put_text (SaxidPut *writer, const char *group, const char *name, const char *text)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);

  if (text != NULL)
    saxid_put_texts (writer, path, &text, 1);
}

void
saxid_put_number (SaxidPut *writer, const char *group, const char *name, double value, const char *unit)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);

  saxid_put_dataset (writer, path, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, NULL, &value);
  saxid_put_text_attribute (writer, path, "units", unit);
}

void
saxid_put_truth (SaxidPut *writer, const char *group, const char *name, gboolean value)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);
  guint8 byte = value ? 1 : 0;

  saxid_put_dataset (writer, path, H5T_STD_U8LE, H5T_NATIVE_UINT8, 0, NULL, &byte);
}

void
saxid_put_array (SaxidPut *writer, const char *path, int rank, const hsize_t *shape, const double *values,
           const char *unit, const char *long_name)
{
  saxid_put_dataset (writer, path, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, rank, shape, values);
  if (unit != NULL)
    saxid_put_text_attribute (writer, path, "units", unit);
  if (long_name != NULL)
    saxid_put_text_attribute (writer, path, "long_name", long_name);
}

/* n numbers × factor, with the unit of the radial axis. */
void
saxid_put_axis (SaxidPut *writer, const char *path, const double *values, hsize_t n, double factor, const char *unit,
          const char *long_name)
{
  g_autofree double *scaled = g_new (double, MAX (n, 1));

  for (hsize_t k = 0; k < n; k++)
    scaled[k] = values[k] * factor;
  saxid_put_array (writer, path, 1, &n, scaled, unit, long_name);
}
