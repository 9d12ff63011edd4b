/* Arrays and texts in an HDF5 file of our own making: data sets and models.
 *
 * They are read with the care that any file needs (input.h): it may be damaged,
 * or no file of ours at all.
 *
 * Thread: one thread at a time per file.
 */
#pragma once

#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

/* Each writes one object below `where` and returns FALSE with SAXID_ERROR_IO.
 * rank is 1 or 2; deflate 0..9. */
gboolean saxid_store_array (hid_t where, const char *name, hid_t file_type, hid_t memory_type,
                            guint rank, const hsize_t *dims, int deflate, const void *values,
                            GError **error);
gboolean saxid_store_texts (hid_t where, const char *name, guint rank, const hsize_t *dims,
                            const char *const *texts, GError **error);
gboolean saxid_store_attribute (hid_t where, const char *name, const char *text, GError **error);

/* A whole array, converted to memory_type, at most max_bytes in memory.
 * dims is filled with `rank` sizes. Errors: SAXID_ERROR_FORMAT when it is
 * missing or of another rank or class, SAXID_ERROR_LIMIT when it is too large,
 * SAXID_ERROR_UNSUPPORTED when its values lie in another file. */
gpointer saxid_fetch_array (SaxidInput *input, hid_t where, const char *name, hid_t memory_type, guint rank,
                            hsize_t *dims, gsize max_bytes, GError **error);
/* The texts of a string array of rank 1 or 2, NULL-terminated. */
char **saxid_fetch_texts (SaxidInput *input, hid_t where, const char *name, gsize max_texts, GError **error);
/* NULL with SAXID_ERROR_FORMAT when there is none. */
char *saxid_fetch_attribute (SaxidInput *input, hid_t where, const char *name, GError **error);

G_END_DECLS
