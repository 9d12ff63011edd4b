/* Space on the disk, claimed before it is needed.
 *
 * HDF5 1.10 that meets a full disk ends the process with a crash when the file is closed, so
 * whoever writes with it claims first what the file can take at most.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Space for so many bytes from an offset of an open file on; its size stays as it is. what:
 * "the new file". A file system that cannot promise space promises nothing, and that is no
 * error.
 * Errors: SAXID_ERROR_IO, without the place. */
gboolean saxid_claim_space (int fd, guint64 offset, guint64 bytes, const char *what, GError **error);

G_END_DECLS
