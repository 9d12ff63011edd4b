/* Prior weights of classes, as a key file has them.
 *
 *     [prior]
 *     sphere = 2.0
 *     disc = 0.5
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n;
  char **name;    /* [n], NULL-terminated */
  double *weight; /* [n] as read: whoever uses them says which are possible */
} SaxidPriorFile;

/* Errors: SAXID_ERROR_ARGUMENT for what is no such key file, SAXID_ERROR_IO, SAXID_ERROR_LIMIT. */
SaxidPriorFile *saxid_prior_file_read (const char *path, GError **error);
void saxid_prior_file_free (SaxidPriorFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPriorFile, saxid_prior_file_free)

G_END_DECLS
