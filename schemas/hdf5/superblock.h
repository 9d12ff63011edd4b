/* Where HDF5 begins in a file, and whether a writer is at work there.
 *
 * A user block may stand in front: the superblock begins at 0, 512, 1024, …
 * HDF5 file format specification 3.0, section II.
 *
 * Thread: no state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Flags of a superblock of version 3: a writer has the file open, or never closed it. */
#define SAXID_WRITER_ANY  1u
#define SAXID_WRITER_SWMR 4u

/* Whether the file is HDF5; *writer gets the flags, 0 where the version has none. */
gboolean saxid_superblock_find (int fd, guint *writer);

/* The same of a path; nothing that is no regular file is HDF5. */
gboolean saxid_superblock_of (const char *path, guint *writer);

G_END_DECLS
