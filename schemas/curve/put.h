/* Members of an HDF5 file that is being made, each named by its path in it.
 *
 * A call that fails turns those after it into nothing, and the writer reports it once. Texts are
 * cleaned. HDF5's error stack is silent already.
 *
 * Thread: one thread, and HDF5 itself one at a time.
 */
#pragma once

#include "schemas/hdf5/hid.h"

G_BEGIN_DECLS

typedef struct
{
  hid_t file;
  gboolean failed;
} SaxidPut;

/* UTF-8 of so many bytes. */
hid_t saxid_put_text_type (gsize size);

void saxid_put_attribute (SaxidPut *writer, const char *object, const char *name, hid_t type, hid_t space, const void *value);
void saxid_put_text_attribute (SaxidPut *writer, const char *object, const char *name, const char *text);
void saxid_put_texts_attribute (SaxidPut *writer, const char *object, const char *name, const char *first, const char *second);
void saxid_put_index_attribute (SaxidPut *writer, const char *object, const char *name, int value);

/* A group whose members come and go: they are kept in its header, and leave no holes. */
void saxid_put_changing_group (SaxidPut *writer, const char *path, const char *nx_class);

/* cansas_class: or NULL. */
void saxid_put_group (SaxidPut *writer, const char *path, const char *nx_class, const char *cansas_class);
void saxid_put_dataset (SaxidPut *writer, const char *path, hid_t file_type, hid_t memory_type, int rank, const hsize_t *shape,
                        const void *values);
/* n texts, all as long as the longest; lines stay lines. */
void saxid_put_texts (SaxidPut *writer, const char *path, const char *const *texts, hsize_t n);
/* text: NULL: nothing is put. */
void saxid_put_text (SaxidPut *writer, const char *group, const char *name, const char *text);
void saxid_put_number (SaxidPut *writer, const char *group, const char *name, double value, const char *unit);
void saxid_put_truth (SaxidPut *writer, const char *group, const char *name, gboolean value);
/* unit, long_name: or NULL. */
void saxid_put_array (SaxidPut *writer, const char *path, int rank, const hsize_t *shape, const double *values, const char *unit,
                      const char *long_name);
/* n numbers × factor. */
void saxid_put_axis (SaxidPut *writer, const char *path, const double *values, hsize_t n, double factor, const char *unit,
                     const char *long_name);

G_END_DECLS
