/* A trained model in a file: named texts, arrays and byte strings, and a
 * checksum over all of them.
 *
 * An HDF5 file with the groups /text (fixed-length strings), /array (float64,
 * rank 1 or 2) and /blob (uint8), and the root attributes format and sha256.
 * A model is data: nothing in it is ever executed, and a file whose contents do
 * not have the recorded checksum is refused.
 *
 * Thread: one thread at a time per object.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint rank; /* 1 or 2 */
  gsize dims[2];
  double *values;
} SaxidModelArray;

typedef struct
{
  gsize may_read; /* bytes that reading may still take */
  GTree *text;  /* name → char * */
  GTree *array; /* name → SaxidModelArray * */
  GTree *blob;  /* name → GBytes * */
  char *sha256; /* of the contents, 64 hexadecimal digits; set by read and write */
} SaxidModelFile;

SaxidModelFile *saxid_model_file_new (void);
void saxid_model_file_free (SaxidModelFile *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidModelFile, saxid_model_file_free)

void saxid_model_file_set_text (SaxidModelFile *model, const char *name, const char *text);
/* Copies rows × columns values; rows = 0 makes a rank-1 array of `columns`. */
void saxid_model_file_set_array (SaxidModelFile *model, const char *name, gsize rows, gsize columns,
                                 const double *values);
void saxid_model_file_set_blob (SaxidModelFile *model, const char *name, GBytes *bytes);

/* Each sets SAXID_ERROR_MODEL and returns NULL when there is none (or, for
 * arrays, none of this size; rows = 0 for rank 1, G_MAXSIZE for any size). */
const char *saxid_model_file_text (const SaxidModelFile *model, const char *name, GError **error);
const SaxidModelArray *saxid_model_file_array (const SaxidModelFile *model, const char *name,
                                               gsize rows, gsize columns, GError **error);
GBytes *saxid_model_file_blob (const SaxidModelFile *model, const char *name, GError **error);

/* Writes beside `path` and renames. Errors: SAXID_ERROR_IO. */
gboolean saxid_model_file_write (SaxidModelFile *model, const char *path, GError **error);
/* Errors: SAXID_ERROR_MODEL when the file is missing, no model, damaged, or has
 * another checksum than it says. */
SaxidModelFile *saxid_model_file_read (const char *path, GError **error);

G_END_DECLS
