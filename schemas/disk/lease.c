/* Is there a writer?
 *
 * Who opens the file for writing meanwhile makes the kernel send a signal to the
 * holder of the lease. SIGIO would end the process; SIGURG is ignored by all who
 * do not ask for it, so that a host notices nothing.
 *
 * Thread: no state.
 */
#include "config.h"

#include "schemas/disk/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "schemas/disk/door.h"

SaxidWriterState
saxid_writer_hold (int fd)
{
  if (fcntl (fd, F_SETSIG, SIGURG) != 0)
    return SAXID_WRITER_UNKNOWN;
  if (fcntl (fd, F_SETLEASE, F_RDLCK) == 0)
    return SAXID_WRITER_ABSENT;
  return errno == EAGAIN ? SAXID_WRITER_PRESENT : SAXID_WRITER_UNKNOWN;
}

gboolean
saxid_writer_is_held (int fd)
{
  return fcntl (fd, F_GETLEASE) == F_RDLCK;
}

void
saxid_writer_release (int fd)
{
  fcntl (fd, F_SETLEASE, F_UNLCK);
}

SaxidWriterState
saxid_writer_look (const char *path)
{
  guint64 size;
  int fd = saxid_door_open (path, &size, NULL);
  SaxidWriterState state;

  if (fd < 0)
    return SAXID_WRITER_ABSENT;
  state = saxid_writer_hold (fd);
  close (fd);
  return state;
}
