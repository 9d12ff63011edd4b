/* How does a simulated data set lie in a file?
 *
 * Units: q 1/Å, I and sigma 1/cm. Shape: see dataset.h.
 * Thread: one thread at a time per object.
 */
#include "schemas/learn/dataset.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/disk/reserve.h"
#include "schemas/hdf5/store.h"

#define FORMAT "saxid-dataset-1"
#define FORMAT_OWN_GRIDS "saxid-dataset-2"
#define CHUNK_ROWS 64
#define MAX_BYTES ((gsize) 16 << 30)
#define SPACE_FOR_THE_REST (512u << 10) /* names, indices, chunks that are not full */

struct SaxidDatasetWriter
{
  char *path;
  SaxidAtomicFile *target;
  hid_t file;
  gsize n_q, n_parameter, n_curve;
  guint64 n_byte; /* of all rows, before they are deflated */
  hid_t intensity, sigma, label, parameter;
  hid_t q, parts; /* of curves with their own, of libraries; otherwise invalid */
};

void
saxid_dataset_header_clear (SaxidDatasetHeader *header)
{
  g_free (header->q);
  g_free (header->dq);
  g_strfreev (header->class_name);
  g_strfreev (header->parameter_name);
  g_free (header->population);
  g_free (header->instrument);
  g_free (header->intensity_unit);
  g_free (header->program_version);
  *header = (SaxidDatasetHeader) { 0 };
}

static hid_t
create_growing (hid_t file, const char *name, hid_t type, gsize columns)
{
  hsize_t dims[2] = { 0, columns }, limits[2] = { H5S_UNLIMITED, columns };
  hsize_t chunk[2] = { columns > 1 ? CHUNK_ROWS : 4096, columns };
  int rank = columns > 0 ? 2 : 1;
  g_auto (SaxidHid) space = H5Screate_simple (rank, dims, limits);
  g_auto (SaxidHid) properties = H5Pcreate (H5P_DATASET_CREATE);

  if (columns == 0)
    chunk[0] = 4096;
  H5Pset_chunk (properties, rank, chunk);
  H5Pset_obj_track_times (properties, FALSE);
  H5Pset_shuffle (properties);
  H5Pset_deflate (properties, 1);
  return H5Dcreate2 (file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
}

static gboolean
append_rows (hid_t set, hid_t type, gsize at, gsize count, gsize columns, const void *values)
{
  hsize_t start[2] = { at, 0 }, size[2] = { count, columns }, extent[2] = { at + count, columns };
  g_auto (SaxidHid) file = H5I_INVALID_HID;
  g_auto (SaxidHid) memory = H5I_INVALID_HID;
  int rank = columns > 0 ? 2 : 1;

  if (H5Dset_extent (set, extent) < 0)
    return FALSE;
  file = H5Dget_space (set);
  memory = H5Screate_simple (rank, size, NULL);
  return H5Sselect_hyperslab (file, H5S_SELECT_SET, start, NULL, size, NULL) >= 0
         && H5Dwrite (set, type, memory, file, H5P_DEFAULT, values) >= 0;
}

static gboolean
write_header (SaxidDatasetWriter *writer, const SaxidDatasetHeader *header, GError **error)
{
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, header->seed);
  hsize_t n_class = g_strv_length (header->class_name);
  hsize_t names[2] = { n_class, header->n_parameter }, n_q = header->n_q;
  const char *const attributes[][2] = {
    { "format", header->q != NULL ? FORMAT : FORMAT_OWN_GRIDS },
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
  if (header->measurement_seed != 0)
    {
      g_autofree char *measurement_seed = g_strdup_printf ("%" G_GUINT64_FORMAT, header->measurement_seed);

      if (!saxid_store_attribute (writer->file, "measurement_seed", measurement_seed, error))
        return FALSE;
    }
  return (header->q == NULL
          || saxid_store_array (writer->file, "curves/q", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &n_q, 0,
                                header->q, error))
         && (header->dq == NULL
             || saxid_store_array (writer->file, "curves/dQ", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &n_q, 0,
                                   header->dq, error))
         && saxid_store_texts (writer->file, "class", 1, &n_class,
                               (const char *const *) header->class_name, error)
         && saxid_store_texts (writer->file, "parameter_name", 2, names,
                               (const char *const *) header->parameter_name, error);
}

static gboolean
write_units (SaxidDatasetWriter *writer, const SaxidDatasetHeader *header, GError **error)
{
  const char *unit = header->intensity_unit != NULL ? header->intensity_unit : "1/cm";
  g_auto (SaxidHid) q = H5Dopen2 (writer->file, "curves/q", H5P_DEFAULT);
  g_auto (SaxidHid) dq = header->dq != NULL ? H5Dopen2 (writer->file, "curves/dQ", H5P_DEFAULT) : H5I_INVALID_HID;

  return saxid_store_attribute (q, "units", "1/angstrom", error)
         && (header->dq == NULL || saxid_store_attribute (dq, "units", "1/angstrom", error))
         && saxid_store_attribute (writer->intensity, "units", unit, error)
         && saxid_store_attribute (writer->sigma, "units", unit, error)
         && (writer->parts < 0 || saxid_store_attribute (writer->parts, "units", "1/cm/(1e-6/angstrom^2)^2", error));
}

static gboolean
create_file (SaxidDatasetWriter *writer, const SaxidDatasetHeader *header, GError **error)
{
  writer->file = H5Fcreate (saxid_atomic_path (writer->target), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (writer->file >= 0)
    saxid_hid_close (H5Gcreate2 (writer->file, "curves", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  writer->intensity = create_growing (writer->file, "curves/I", H5T_IEEE_F32LE, writer->n_q);
  writer->sigma = create_growing (writer->file, "curves/sigma", H5T_IEEE_F32LE, writer->n_q);
  writer->label = create_growing (writer->file, "label", H5T_STD_U8LE, 0);
  writer->parameter = create_growing (writer->file, "parameter", H5T_IEEE_F64LE, writer->n_parameter);
  if (header->q == NULL)
    writer->q = create_growing (writer->file, "curves/q", H5T_IEEE_F64LE, writer->n_q);
  if (strcmp (header->instrument, SAXID_DATASET_LIBRARY) == 0)
    writer->parts = create_growing (writer->file, "curves/parts", H5T_IEEE_F32LE, 2 * writer->n_q);
  if (writer->intensity < 0 || writer->sigma < 0 || writer->label < 0 || writer->parameter < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "data set cannot be created (%s)", writer->path);
      return FALSE;
    }
  return write_header (writer, header, error) && write_units (writer, header, error);
}

SaxidDatasetWriter *
saxid_dataset_writer_new (const char *path, const SaxidDatasetHeader *header, GError **error)
{
  g_autoptr (SaxidDatasetWriter) writer = g_new0 (SaxidDatasetWriter, 1);
  gboolean done;

  g_return_val_if_fail (header->n_q >= 2 && header->n_parameter >= 1, NULL);

  writer->path = g_strdup (path);
  writer->n_q = header->n_q;
  writer->n_parameter = header->n_parameter;
  writer->file = writer->intensity = writer->sigma = writer->label = writer->parameter = writer->q
    = writer->parts = H5I_INVALID_HID;
  writer->target = saxid_atomic_begin (path, error);
  if (writer->target == NULL)
    return NULL;
  H5E_BEGIN_TRY { done = create_file (writer, header, error); }
  H5E_END_TRY
  return done ? g_steal_pointer (&writer) : NULL;
}

/* What the rows can take at most, before HDF5 sees them. */
static gboolean
claim_space (SaxidDatasetWriter *writer, gsize count, guint64 n_byte, GError **error)
{
  const guint64 bytes = writer->n_byte + n_byte;
  const int fd = open (saxid_atomic_path (writer->target), O_WRONLY | O_CLOEXEC);
  g_autofree char *what
    = g_strdup_printf ("curves %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT, writer->n_curve, writer->n_curve + count - 1);
  const gboolean done = fd < 0 || saxid_claim_space (fd, 0, SPACE_FOR_THE_REST + bytes + bytes / 64, what, error);

  if (fd >= 0)
    close (fd);
  writer->n_byte = bytes;
  if (!done)
    saxid_error_add_place (error, "%s", writer->path);
  return done;
}

gboolean
saxid_dataset_writer_append (SaxidDatasetWriter *writer, const SaxidDatasetRows *rows, GError **error)
{
  const struct
  {
    hid_t set, type;
    gsize columns;
    gconstpointer values;
  } array[] = {
    { writer->intensity, H5T_NATIVE_FLOAT, writer->n_q, rows->intensity },
    { writer->sigma, H5T_NATIVE_FLOAT, writer->n_q, rows->sigma },
    { writer->label, H5T_NATIVE_UINT8, 0, rows->label },
    { writer->parameter, H5T_NATIVE_DOUBLE, writer->n_parameter, rows->parameter },
    { writer->q, H5T_NATIVE_DOUBLE, writer->n_q, rows->q },
    { writer->parts, H5T_NATIVE_FLOAT, 2 * writer->n_q, rows->parts },
  };
  gboolean done = TRUE;
  guint64 n_byte = 0;

  g_return_val_if_fail ((rows->q != NULL) == (writer->q >= 0), FALSE);
  g_return_val_if_fail ((rows->parts != NULL) == (writer->parts >= 0), FALSE);

  for (guint k = 0; k < G_N_ELEMENTS (array); k++)
    n_byte += array[k].values != NULL ? rows->count * MAX (array[k].columns, 1) * H5Tget_size (array[k].type) : 0;
  if (!claim_space (writer, rows->count, n_byte, error))
    return FALSE;

  H5E_BEGIN_TRY
    {
      for (guint k = 0; k < G_N_ELEMENTS (array); k++)
        done = done
               && (array[k].values == NULL
                   || append_rows (array[k].set, array[k].type, writer->n_curve, rows->count, array[k].columns,
                                   array[k].values));
    }
  H5E_END_TRY
  if (!done)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                 "curves %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT " could not be written (%s)",
                 writer->n_curve, writer->n_curve + rows->count - 1, writer->path);
  writer->n_curve += rows->count;
  return done;
}

/* Rows wait in memory for their chunk to be full, so that closing writes. */
static gboolean
close_file (SaxidDatasetWriter *writer)
{
  hid_t *const sets[] = { &writer->intensity, &writer->sigma, &writer->label, &writer->parameter, &writer->q,
                          &writer->parts };
  const char *path = saxid_atomic_path (writer->target);
  gboolean done = TRUE;
  struct stat about;

  H5E_BEGIN_TRY
    {
      for (guint k = 0; k < G_N_ELEMENTS (sets); k++)
        {
          done = (*sets[k] < 0 || H5Dclose (*sets[k]) >= 0) && done;
          *sets[k] = H5I_INVALID_HID;
        }
      if (writer->file >= 0)
        done = H5Fclose (writer->file) >= 0 && done;
      writer->file = H5I_INVALID_HID;
    }
  H5E_END_TRY
  /* gives back what was claimed and not needed */
  return done && stat (path, &about) == 0 && truncate (path, about.st_size) == 0;
}

gboolean
saxid_dataset_writer_finish (SaxidDatasetWriter *writer, GError **error)
{
  if (!close_file (writer))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "data set cannot be completed (%s)", writer->path);
      return FALSE;
    }
  return saxid_atomic_commit (g_steal_pointer (&writer->target), error);
}

void
saxid_dataset_writer_free (SaxidDatasetWriter *writer)
{
  if (writer == NULL)
    return;
  if (writer->target != NULL)
    close_file (writer);
  saxid_atomic_abort (writer->target);
  g_free (writer->path);
  g_free (writer);
}

/* Ascending up to where it ends, with an intensity at every point. */
static gboolean
check_own_grids (const SaxidDataset *dataset, GError **error)
{
  gsize n_q = dataset->header.n_q;

  for (gsize k = 0; k < dataset->n_curve; k++)
    {
      const double *q = dataset->own_q + k * n_q;
      const float *intensity = dataset->intensity + k * n_q;
      gsize n = 0;

      while (n < n_q && isfinite (q[n]) && q[n] > (n > 0 ? q[n - 1] : 0) && isfinite (intensity[n]))
        n++;
      for (gsize j = n; j < n_q; j++)
        if (!isnan (q[j]))
          {
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                         "curve %" G_GSIZE_FORMAT " is not sound at point %" G_GSIZE_FORMAT, k, j);
            return FALSE;
          }
      if (n < 2)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                       "curve %" G_GSIZE_FORMAT " has %" G_GSIZE_FORMAT " points, 2 are needed", k, n);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_grid (const SaxidDatasetHeader *header, GError **error)
{
  if (header->n_q < 2)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "'curves/q' has %" G_GSIZE_FORMAT " points, 2 are needed", header->n_q);
      return FALSE;
    }
  for (gsize k = 0; k < header->n_q; k++)
    if (!isfinite (header->q[k]) || !(header->q[k] > (k > 0 ? header->q[k - 1] : 0)))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                     "'curves/q' is not positive and ascending at point %" G_GSIZE_FORMAT, k);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_header (SaxidInput *input, SaxidDatasetHeader *header, GError **error)
{
  g_autofree char *format = saxid_fetch_attribute (input, input->file, "format", error);
  g_autofree char *seed = NULL, *noiseless = NULL;
  hsize_t dims[2];
  gsize n_class, n_name;
  gboolean own_grids;

  if (format == NULL)
    return FALSE;
  own_grids = strcmp (format, FORMAT_OWN_GRIDS) == 0;
  if (!own_grids && strcmp (format, FORMAT) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "format is '%s', '%s' is needed", format,
                   FORMAT);
      return FALSE;
    }
  header->population = saxid_fetch_attribute (input, input->file, "population", error);
  if (header->population == NULL
      || (header->instrument = saxid_fetch_attribute (input, input->file, "instrument", error)) == NULL
      || (header->program_version = saxid_fetch_attribute (input, input->file, "version", error)) == NULL
      || (seed = saxid_fetch_attribute (input, input->file, "seed", error)) == NULL
      || (noiseless = saxid_fetch_attribute (input, input->file, "noiseless", error)) == NULL
      || (header->class_name = saxid_fetch_texts (input, input->file, "class", 128, error)) == NULL
      || (header->parameter_name = saxid_fetch_texts (input, input->file, "parameter_name", 4096, error)) == NULL
      || (!own_grids
          && (header->q = saxid_fetch_array (input, input->file, "curves/q", H5T_NATIVE_DOUBLE, 1, dims,
                                             MAX_BYTES, error))
               == NULL))
    return FALSE;
  header->n_q = own_grids ? 0 : dims[0];
  header->seed = g_ascii_strtoull (seed, NULL, 10);
  header->noiseless = strcmp (noiseless, "yes") == 0;
  n_class = g_strv_length (header->class_name);
  n_name = g_strv_length (header->parameter_name);
  if (n_class == 0 || n_name % n_class != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "there are %" G_GSIZE_FORMAT " names of parameters for %" G_GSIZE_FORMAT " classes", n_name,
                   n_class);
      return FALSE;
    }
  header->n_parameter = (guint) (n_name / n_class);
  return own_grids || check_grid (header, error);
}

static gboolean
read_labels (SaxidInput *input, SaxidDataset *dataset, GError **error)
{
  gsize n_class = g_strv_length (dataset->header.class_name);
  hsize_t rows;

  dataset->label = saxid_fetch_array (input, input->file, "label", H5T_NATIVE_UINT8, 1, &rows, MAX_BYTES, error);
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
  return TRUE;
}

/* A matrix of one row for each curve. */
static gpointer
read_rows (SaxidInput *input, const SaxidDataset *dataset, const char *name, hid_t type, gsize columns,
           GError **error)
{
  hsize_t dims[2];
  g_autofree gpointer values
    = saxid_fetch_array (input, input->file, name, type, 2, dims, MAX_BYTES, error);

  if (values == NULL)
    return NULL;
  if (dims[0] != dataset->n_curve || dims[1] != columns)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   "'%s' is %" G_GUINT64_FORMAT " × %" G_GUINT64_FORMAT ", %" G_GSIZE_FORMAT
                   " × %" G_GSIZE_FORMAT " is needed",
                   name, (guint64) dims[0], (guint64) dims[1], dataset->n_curve, columns);
      return NULL;
    }
  return g_steal_pointer (&values);
}

static gboolean
check_intensity (const SaxidDataset *dataset, GError **error)
{
  gsize n_q = dataset->header.n_q;

  for (gsize k = 0; k < dataset->n_curve * n_q; k++)
    if (!isfinite (dataset->intensity[k]))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                     "I of curve %" G_GSIZE_FORMAT " is not finite at point %" G_GSIZE_FORMAT, k / n_q, k % n_q);
        return FALSE;
      }
  return TRUE;
}

/* A part that is there is finite. */
static gboolean
check_parts (const SaxidDataset *dataset, GError **error)
{
  gsize width = 2 * dataset->header.n_q;

  for (gsize k = 0; k < dataset->n_curve; k++)
    for (gsize j = 0; !isnan (dataset->parts[k * width]) && j < width; j++)
      if (!isfinite (dataset->parts[k * width + j]))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                       "parts of curve %" G_GSIZE_FORMAT " are not finite at point %" G_GSIZE_FORMAT, k, j);
          return FALSE;
        }
  return TRUE;
}

static gboolean
read_body (SaxidInput *input, SaxidDataset *dataset, GError **error)
{
  gsize n_q = dataset->header.n_q;
  hsize_t dims[2];

  if (!read_labels (input, dataset, error))
    return FALSE;
  if (dataset->header.q == NULL)
    {
      dataset->own_q
        = saxid_fetch_array (input, input->file, "curves/q", H5T_NATIVE_DOUBLE, 2, dims, MAX_BYTES, error);
      if (dataset->own_q == NULL)
        return FALSE;
      if (dims[0] != dataset->n_curve)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                       "'curves/q' has %" G_GUINT64_FORMAT " rows, %" G_GSIZE_FORMAT " are needed",
                       (guint64) dims[0], dataset->n_curve);
          return FALSE;
        }
      dataset->header.n_q = n_q = dims[1];
    }
  dataset->intensity = read_rows (input, dataset, "curves/I", H5T_NATIVE_FLOAT, n_q, error);
  if (dataset->intensity == NULL
      || !(dataset->own_q != NULL ? check_own_grids (dataset, error) : check_intensity (dataset, error)))
    return FALSE;
  if (strcmp (dataset->header.instrument, SAXID_DATASET_LIBRARY) != 0)
    {
      dataset->sigma = read_rows (input, dataset, "curves/sigma", H5T_NATIVE_FLOAT, n_q, error);
      if (dataset->sigma == NULL)
        return FALSE;
    }
  else if (H5Lexists (input->file, "curves/parts", H5P_DEFAULT) > 0)
    {
      dataset->parts = read_rows (input, dataset, "curves/parts", H5T_NATIVE_FLOAT, 2 * n_q, error);
      if (dataset->parts == NULL || !check_parts (dataset, error))
        return FALSE;
    }
  dataset->parameter
    = read_rows (input, dataset, "parameter", H5T_NATIVE_DOUBLE, dataset->header.n_parameter, error);
  return dataset->parameter != NULL;
}

SaxidDataset *
saxid_dataset_read (const char *path, GError **error)
{
  g_autoptr (SaxidDataset) dataset = g_new0 (SaxidDataset, 1);
  g_autoptr (SaxidInput) input = NULL;
  g_autoptr (GError) cause = NULL;

  H5E_BEGIN_TRY { input = saxid_input_open (path, FALSE, NULL, error); }
  H5E_END_TRY
  if (input == NULL)
    {
      saxid_error_add_place (error, "%s", path);
      return NULL;
    }
  if (!read_header (input, &dataset->header, &cause) || !read_body (input, dataset, &cause))
    {
      g_set_error (error, SAXID_ERROR, cause->code, "data set is not sound: %s (%s)", cause->message, path);
      return NULL;
    }
  return g_steal_pointer (&dataset);
}

gboolean
saxid_dataset_is_library (const char *path, gboolean *is_library, GError **error)
{
  SaxidDatasetHeader header = { 0 };
  g_autoptr (SaxidInput) input = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean done;

  H5E_BEGIN_TRY { input = saxid_input_open (path, FALSE, NULL, error); }
  H5E_END_TRY
  if (input == NULL)
    {
      saxid_error_add_place (error, "%s", path);
      return FALSE;
    }
  done = read_header (input, &header, &cause);
  if (done)
    *is_library = strcmp (header.instrument, SAXID_DATASET_LIBRARY) == 0;
  else
    g_set_error (error, SAXID_ERROR, cause->code, "data set is not sound: %s (%s)", cause->message, path);
  saxid_dataset_header_clear (&header);
  return done;
}

void
saxid_dataset_free (SaxidDataset *dataset)
{
  if (dataset == NULL)
    return;
  saxid_dataset_header_clear (&dataset->header);
  g_free (dataset->intensity);
  g_free (dataset->sigma);
  g_free (dataset->own_q);
  g_free (dataset->parts);
  g_free (dataset->label);
  g_free (dataset->parameter);
  g_free (dataset);
}
