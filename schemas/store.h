/* Arrays and texts in an HDF5 file of our own making: data sets and models.
 *
 * Other people's files are read by reader.c, which trusts nothing; these are
 * checked for rank, type and size all the same, since a file may be damaged.
 *
 * Thread: one thread at a time per file.
 */
#pragma once

#include <glib.h>
#include <hdf5.h>

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
 * missing or of another rank or class, SAXID_ERROR_LIMIT when it is too large. */
gpointer saxid_fetch_array (hid_t where, const char *name, hid_t memory_type, guint rank,
                            hsize_t *dims, gsize max_bytes, GError **error);
/* The texts of a string array of any rank, NULL-terminated. */
char **saxid_fetch_texts (hid_t where, const char *name, gsize max_texts, GError **error);
/* NULL with SAXID_ERROR_FORMAT when there is none. */
char *saxid_fetch_attribute (hid_t where, const char *name, GError **error);

G_END_DECLS
