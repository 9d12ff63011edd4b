/* A simulated data set in an HDF5 file: curves, labels, parameters, provenance.
 *
 *   /curves/q          float64 [n_q]           @units "1/angstrom"
 *   /curves/I, sigma   float32 [n_curve, n_q]  @units "1/cm", chunked, compressed
 *   /label             uint8   [n_curve]       index into /class
 *   /class             string  [n_class]
 *   /parameter         float64 [n_curve, n_parameter]
 *   /parameter_name    string  [n_class, n_parameter] "" = not used by the class
 *   /                  attributes: format, population, instrument, seed, …
 *
 * Thread: one thread at a time per object.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize n_q;
  double *q;                 /* [n_q] 1/Å */
  char **class_name;         /* NULL-terminated */
  guint n_parameter;
  char **parameter_name;     /* [n_class × n_parameter], NULL-terminated */
  char *population, *instrument;
  guint64 seed;
  gboolean noiseless;
  char *program_version;
} SaxidDatasetHeader;

void saxid_dataset_header_clear (SaxidDatasetHeader *header);

typedef struct SaxidDatasetWriter SaxidDatasetWriter;

/* Starts a set beside `path`; it takes that name when it is finished, so a file
 * of this name is never half a set. n_q is 2 at least, n_parameter 1.
 * Errors: SAXID_ERROR_IO. */
SaxidDatasetWriter *saxid_dataset_writer_new (const char *path, const SaxidDatasetHeader *header,
                                              GError **error);
/* Appends `count` curves. Shape: as in SaxidSampleBlock. */
gboolean saxid_dataset_writer_append (SaxidDatasetWriter *writer, gsize count,
                                      const float *intensity, const float *sigma,
                                      const guint8 *label, const double *parameter, GError **error);
/* Closes, syncs and renames. */
gboolean saxid_dataset_writer_finish (SaxidDatasetWriter *writer, GError **error);
/* Frees; what was not finished is removed. */
void saxid_dataset_writer_free (SaxidDatasetWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDatasetWriter, saxid_dataset_writer_free)

typedef struct
{
  SaxidDatasetHeader header;
  gsize n_curve;
  float *intensity; /* [n_curve × n_q] */
  float *sigma;     /* [n_curve × n_q] */
  guint8 *label;    /* [n_curve] */
  double *parameter; /* [n_curve × n_parameter] */
} SaxidDataset;

/* Reads a whole set. What training could not use is refused: a grid that does not
 * ascend, intensities that are not finite, labels without a class.
 * Errors: SAXID_ERROR_FORMAT, _LIMIT, _IO, _UNSUPPORTED (values in other files). */
SaxidDataset *saxid_dataset_read (const char *path, GError **error);
void saxid_dataset_free (SaxidDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDataset, saxid_dataset_free)

G_END_DECLS
