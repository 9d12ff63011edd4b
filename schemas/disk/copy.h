/* The content of one open file into another.
 *
 * Holes stay holes where the file system knows them, and blocks are shared where it can.
 * Thread: any.
 */
#pragma once

#include <sys/types.h>

#include <glib.h>

G_BEGIN_DECLS

/* The quickest way that is tried; what a file system cannot is done in the next one. */
typedef enum
{
  SAXID_COPY_SHARED,    /* blocks are shared (reflink) */
  SAXID_COPY_BY_KERNEL, /* copy_file_range */
  SAXID_COPY_BY_HAND    /* read and written, block by block */
} SaxidCopyWay;

/* size: of `from`, which may have become shorter meanwhile; `to` has that many bytes afterwards.
 * path: for messages. Errors: SAXID_ERROR_IO. */
gboolean saxid_copy_content (int from, int to, off_t size, SaxidCopyWay way, const char *path, GError **error);

G_END_DECLS
