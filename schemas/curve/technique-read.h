/* What a file of curves says of the technique of its frames, read back (technique-group.h).
 *
 * The file is hostile until checked. Vectors and claims are not read.
 *
 * Thread: one thread at a time, as HDF5.
 */
#pragma once

#include "schemas/curve/asked.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidAsked asked; /* of the members below */
  SaxidAskedFrame *frame;
  char **file;      /* a strv */
  guint8 *evidence;
} SaxidAskedFile;

/* NULL where the file has none, or not as saxid writes it. */
SaxidAskedFile *saxid_asked_file_read (const char *path);
void saxid_asked_file_free (SaxidAskedFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidAskedFile, saxid_asked_file_free)

G_END_DECLS
