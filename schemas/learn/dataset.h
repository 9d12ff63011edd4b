/* A simulated data set in an HDF5 file: curves, labels, parameters, provenance.
 *
 *   /curves/q          float64 [n_q]           @units "1/angstrom"
 *                      or, where curves have points of their own (format
 *                      saxid-dataset-2), [n_curve, n_q]: NaN in q, I and sigma where
 *                      a curve has no more; sigma NaN = not known
 *   /curves/dQ         float64 [n_q]           @units "1/angstrom", of one instrument only: standard
 *                      deviation of its resolution, without a slit; for other programs
 *   /curves/I, sigma   float32 [n_curve, n_q]  @units "1/cm" mostly, chunked, compressed
 *   /curves/parts      float32 [n_curve, 2 n_q], libraries only: what the core alone
 *                      scatters, and the shell alone, at a contrast of 1e-6/Å² and
 *                      scale 1; NaN where the curve does not come apart in this way
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

/* What a header calls the instrument of a library: noiseless curves of scale 1,
 * not smeared. */
#define SAXID_DATASET_LIBRARY "library"

typedef struct
{
  gsize n_q;
  double *q;                 /* [n_q] 1/Å; NULL: each curve has its own */
  double *dq;                /* [n_q] 1/Å, written and not read back; NULL: not known, or not one for all */
  char **class_name;         /* NULL-terminated */
  guint n_parameter;
  char **parameter_name;     /* [n_class × n_parameter], NULL-terminated */
  char *population, *instrument;
  char *intensity_unit;      /* NULL: 1/cm */
  guint64 seed;              /* of the particles, and of their measurement … */
  guint64 measurement_seed;  /* … unless this is not 0: a library measured again */
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

/* Curves to append. Shape: as in SaxidSampleBlock. */
typedef struct
{
  gsize count;
  const float *intensity, *sigma;
  const guint8 *label;
  const double *parameter;
  const double *q;    /* where header.q is NULL */
  const float *parts; /* of libraries */
} SaxidDatasetRows;

/* Space on the disk is claimed first. Errors: SAXID_ERROR_IO; the writer is of no more use. */
gboolean saxid_dataset_writer_append (SaxidDatasetWriter *writer, const SaxidDatasetRows *rows, GError **error);
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
  float *sigma;     /* [n_curve × n_q]; NULL for a library */
  double *own_q;    /* [n_curve × n_q], NULL: header.q for all */
  float *parts;     /* [n_curve × 2 n_q], NULL: no library, or one without */
  guint8 *label;    /* [n_curve] */
  double *parameter; /* [n_curve × n_parameter] */
} SaxidDataset;

/* Reads a whole set. What training could not use is refused: a grid that does not
 * ascend, intensities that are not finite, labels without a class.
 * Errors: SAXID_ERROR_FORMAT, _LIMIT, _IO, _UNSUPPORTED (values in other files). */
SaxidDataset *saxid_dataset_read (const char *path, GError **error);
void saxid_dataset_free (SaxidDataset *dataset);

/* Whether the set is a library; reads no curves.
 * Errors: as saxid_dataset_read. */
gboolean saxid_dataset_is_library (const char *path, gboolean *is_library, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDataset, saxid_dataset_free)

G_END_DECLS
