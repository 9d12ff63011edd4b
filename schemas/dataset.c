/* How does a simulated data set lie in a file?
 *
 * Units: q 1/Å, I and sigma 1/cm. Shape: see dataset.h.
 * Thread: one thread at a time per object.
 */
#include "schemas/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/store.h"

#define FORMAT "saxid-dataset-1"
#define CHUNK_ROWS 64
#define MAX_BYTES ((gsize) 16 << 30)

struct SaxidDatasetWriter
{
  char *path, *partial;
  hid_t file;
  gsize n_q, n_parameter, n_curve;
  hid_t intensity, sigma, label, parameter;
};

void
saxid_dataset_header_clear (SaxidDatasetHeader *header)
{
  g_free (header->q);
  g_strfreev (header->class_name);
  g_strfreev (header->parameter_name);
  g_free (header->population);
  g_free (header->instrument);
  g_free (header->program_version);
  *header = (SaxidDatasetHeader) { 0 };
}

static hid_t
create_growing (hid_t file, const char *name, hid_t type, gsize columns)
{
  hsize_t dims[2] = { 0, columns }, limits[2] = { H5S_UNLIMITED, columns };
  hsize_t chunk[2] = { columns > 1 ? CHUNK_ROWS : 4096, columns };
  int rank = columns > 0 ? 2 : 1;
  hid_t space, properties, set;

  if (columns == 0)
    chunk[0] = 4096;
  space = H5Screate_simple (rank, dims, limits);
  properties = H5Pcreate (H5P_DATASET_CREATE);
  H5Pset_chunk (properties, rank, chunk);
  H5Pset_obj_track_times (properties, FALSE);
  H5Pset_shuffle (properties);
  H5Pset_deflate (properties, 1);
  set = H5Dcreate2 (file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  H5Pclose (properties);
  H5Sclose (space);
  return set;
}

static gboolean
append_rows (hid_t set, hid_t type, gsize at, gsize count, gsize columns, const void *values)
{
  hsize_t start[2] = { at, 0 }, size[2] = { count, columns }, extent[2] = { at + count, columns };
  hid_t memory, file;
  int rank = columns > 0 ? 2 : 1;
  gboolean done;

  if (H5Dset_extent (set, extent) < 0)
    return FALSE;
  file = H5Dget_space (set);
  memory = H5Screate_simple (rank, size, NULL);
  done = H5Sselect_hyperslab (file, H5S_SELECT_SET, start, NULL, size, NULL) >= 0
         && H5Dwrite (set, type, memory, file, H5P_DEFAULT, values) >= 0;
  H5Sclose (memory);
  H5Sclose (file);
  return done;
}

static gboolean
write_header (SaxidDatasetWriter *writer, const SaxidDatasetHeader *header, GError **error)
{
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, header->seed);
  hsize_t n_class = g_strv_length (header->class_name);
  hsize_t names[2] = { n_class, header->n_parameter }, n_q = header->n_q;
  const char *const attributes[][2] = {
    { "format", FORMAT },
    { "program", "saxid" },
    { "version", header->program_version },
    { "population", header->population },
    { "instrument", header->instrument },
    { "seed", seed },
    { "noiseless", header->noiseless ? "yes" : "no" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (attributes); k++)
    if (!saxid_store_attribute (writer->file, attributes[k][0], attributes[k][1], error))
      return FALSE;
  return saxid_store_array (writer->file, "curves/q", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &n_q, 0,
                            header->q, error)
         && saxid_store_texts (writer->file, "class", 1, &n_class,
                               (const char *const *) header->class_name, error)
         && saxid_store_texts (writer->file, "parameter_name", 2, names,
                               (const char *const *) header->parameter_name, error);
}

static gboolean
write_units (SaxidDatasetWriter *writer, GError **error)
{
  hid_t q = H5Dopen2 (writer->file, "curves/q", H5P_DEFAULT);
  gboolean done = saxid_store_attribute (q, "units", "1/angstrom", error)
                  && saxid_store_attribute (writer->intensity, "units", "1/cm", error)
                  && saxid_store_attribute (writer->sigma, "units", "1/cm", error);

  H5Dclose (q);
  return done;
}

SaxidDatasetWriter *
saxid_dataset_writer_new (const char *path, const SaxidDatasetHeader *header, GError **error)
{
  g_autoptr (SaxidDatasetWriter) writer = g_new0 (SaxidDatasetWriter, 1);
  hid_t group;

  writer->path = g_strdup (path);
  writer->partial = g_strconcat (path, ".part", NULL);
  writer->n_q = header->n_q;
  writer->n_parameter = header->n_parameter;
  writer->file = writer->intensity = writer->sigma = writer->label = writer->parameter = -1;
  H5E_BEGIN_TRY
    {
      writer->file = H5Fcreate (writer->partial, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
      if (writer->file >= 0)
        {
          group = H5Gcreate2 (writer->file, "curves", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
          H5Gclose (group);
          writer->intensity
            = create_growing (writer->file, "curves/I", H5T_IEEE_F32LE, writer->n_q);
          writer->sigma
            = create_growing (writer->file, "curves/sigma", H5T_IEEE_F32LE, writer->n_q);
          writer->label = create_growing (writer->file, "label", H5T_STD_U8LE, 0);
          writer->parameter
            = create_growing (writer->file, "parameter", H5T_IEEE_F64LE, writer->n_parameter);
        }
    }
  H5E_END_TRY
  if (writer->parameter < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "data set cannot be created (%s)", path);
      return NULL;
    }
  if (!write_header (writer, header, error) || !write_units (writer, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&writer);
}

gboolean
saxid_dataset_writer_append (SaxidDatasetWriter *writer, gsize count, const float *intensity,
                             const float *sigma, const guint8 *label, const double *parameter,
                             GError **error)
{
  gboolean done;

  H5E_BEGIN_TRY
    {
      done = append_rows (writer->intensity, H5T_NATIVE_FLOAT, writer->n_curve, count,
                          writer->n_q, intensity)
             && append_rows (writer->sigma, H5T_NATIVE_FLOAT, writer->n_curve, count, writer->n_q,
                             sigma)
             && append_rows (writer->label, H5T_NATIVE_UINT8, writer->n_curve, count, 0, label)
             && append_rows (writer->parameter, H5T_NATIVE_DOUBLE, writer->n_curve, count,
                             writer->n_parameter, parameter);
    }
  H5E_END_TRY
  writer->n_curve += count;
  if (!done)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                 "curve %" G_GSIZE_FORMAT " could not be written (%s)", writer->n_curve, writer->partial);
  return done;
}

static gboolean
close_file (SaxidDatasetWriter *writer)
{
  gboolean done = TRUE;

  H5E_BEGIN_TRY
    {
      H5Dclose (writer->intensity);
      H5Dclose (writer->sigma);
      H5Dclose (writer->label);
      H5Dclose (writer->parameter);
      if (writer->file >= 0)
        done = H5Fclose (writer->file) >= 0;
    }
  H5E_END_TRY
  writer->file = writer->intensity = writer->sigma = writer->label = writer->parameter = -1;
  return done;
}

gboolean
saxid_dataset_writer_finish (SaxidDatasetWriter *writer, GError **error)
{
  gboolean done = close_file (writer);
  int file = done ? g_open (writer->partial, O_RDONLY | O_CLOEXEC, 0) : -1;

  done = file >= 0 && fsync (file) == 0;
  if (file >= 0)
    close (file);
  if (done && g_rename (writer->partial, writer->path) == 0)
    {
      g_clear_pointer (&writer->partial, g_free);
      return TRUE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "data set could not be completed: %s (%s)",
               g_strerror (errno), writer->path);
  return FALSE;
}

void
saxid_dataset_writer_free (SaxidDatasetWriter *writer)
{
  if (writer == NULL)
    return;
  close_file (writer);
  if (writer->partial != NULL)
    g_unlink (writer->partial);
  g_free (writer->partial);
  g_free (writer->path);
  g_free (writer);
}

static gboolean
same_rows (const char *name, hsize_t rows, hsize_t expected, GError **error)
{
  if (rows == expected)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               "'%s' has %" G_GUINT64_FORMAT " rows, the labels have %" G_GUINT64_FORMAT, name,
               (guint64) rows, (guint64) expected);
  return FALSE;
}

static gboolean
read_header (hid_t file, SaxidDatasetHeader *header, GError **error)
{
  g_autofree char *format = saxid_fetch_attribute (file, "format", error);
  g_autofree char *seed = NULL, *noiseless = NULL;
  hsize_t dims[2];
  gsize n_class;

  if (format == NULL)
    return FALSE;
  if (strcmp (format, FORMAT) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "format is '%s', '%s' is needed", format,
                   FORMAT);
      return FALSE;
    }
  if ((header->population = saxid_fetch_attribute (file, "population", error)) == NULL
      || (header->instrument = saxid_fetch_attribute (file, "instrument", error)) == NULL
      || (header->program_version = saxid_fetch_attribute (file, "version", error)) == NULL
      || (seed = saxid_fetch_attribute (file, "seed", error)) == NULL
      || (noiseless = saxid_fetch_attribute (file, "noiseless", error)) == NULL
      || (header->class_name = saxid_fetch_texts (file, "class", 128, error)) == NULL
      || (header->parameter_name = saxid_fetch_texts (file, "parameter_name", 4096, error)) == NULL
      || (header->q = saxid_fetch_array (file, "curves/q", H5T_NATIVE_DOUBLE, 1, dims, MAX_BYTES,
                                         error))
           == NULL)
    return FALSE;
  header->n_q = dims[0];
  header->seed = g_ascii_strtoull (seed, NULL, 10);
  header->noiseless = strcmp (noiseless, "yes") == 0;
  n_class = g_strv_length (header->class_name);
  header->n_parameter = n_class > 0 ? g_strv_length (header->parameter_name) / (guint) n_class : 0;
  return TRUE;
}

static gboolean
read_body (hid_t file, SaxidDataset *dataset, GError **error)
{
  hsize_t rows, dims[2];
  gsize n_class = g_strv_length (dataset->header.class_name);

  dataset->label = saxid_fetch_array (file, "label", H5T_NATIVE_UINT8, 1, &rows, MAX_BYTES, error);
  if (dataset->label == NULL)
    return FALSE;
  dataset->n_curve = rows;
  for (gsize k = 0; k < rows; k++)
    if (dataset->label[k] >= n_class)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                     "label of curve %" G_GSIZE_FORMAT " is %u, there are %" G_GSIZE_FORMAT " classes", k,
                     dataset->label[k], n_class);
        return FALSE;
      }
  dataset->intensity
    = saxid_fetch_array (file, "curves/I", H5T_NATIVE_FLOAT, 2, dims, MAX_BYTES, error);
  if (dataset->intensity == NULL || !same_rows ("curves/I", dims[0], rows, error)
      || !same_rows ("curves/q", dims[1], dataset->header.n_q, error))
    return FALSE;
  dataset->sigma
    = saxid_fetch_array (file, "curves/sigma", H5T_NATIVE_FLOAT, 2, dims, MAX_BYTES, error);
  if (dataset->sigma == NULL || !same_rows ("curves/sigma", dims[0], rows, error)
      || !same_rows ("curves/q", dims[1], dataset->header.n_q, error))
    return FALSE;
  dataset->parameter
    = saxid_fetch_array (file, "parameter", H5T_NATIVE_DOUBLE, 2, dims, MAX_BYTES, error);
  return dataset->parameter != NULL && same_rows ("parameter", dims[0], rows, error)
         && same_rows ("parameter_name", dims[1], dataset->header.n_parameter, error);
}

SaxidDataset *
saxid_dataset_read (const char *path, GError **error)
{
  g_autoptr (SaxidDataset) dataset = g_new0 (SaxidDataset, 1);
  hid_t file;
  gboolean done;

  H5E_BEGIN_TRY { file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT); }
  H5E_END_TRY
  if (file < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "no HDF5 file can be opened (%s)", path);
      return NULL;
    }
  done = read_header (file, &dataset->header, error) && read_body (file, dataset, error);
  H5Fclose (file);
  if (!done)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

void
saxid_dataset_free (SaxidDataset *dataset)
{
  if (dataset == NULL)
    return;
  saxid_dataset_header_clear (&dataset->header);
  g_free (dataset->intensity);
  g_free (dataset->sigma);
  g_free (dataset->label);
  g_free (dataset->parameter);
  g_free (dataset);
}
