/* Does some program have a file open for writing, whatever library it uses?
 *
 * A read lease (fcntl F_SETLEASE) is granted only where nobody has, and while it
 * is held nobody can begin to. Network file systems and files of others know no
 * leases; then nothing is known.
 *
 * Thread: no state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_WRITER_ABSENT,
  SAXID_WRITER_PRESENT,
  SAXID_WRITER_UNKNOWN
} SaxidWriterState;

/* Asks, and holds the lease where there is no writer. fd is open for reading alone. */
SaxidWriterState saxid_writer_hold (int fd);

/* Whether the lease is held still and nobody waits for its end. */
gboolean saxid_writer_is_held (int fd);

void saxid_writer_release (int fd);

/* Asks alone, of the file of that name. A file that cannot be opened has no writer. */
SaxidWriterState saxid_writer_look (const char *path);

G_END_DECLS
