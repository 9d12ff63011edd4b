/* How are all bytes written?
 *
 * Thread: no state.
 */
#include "config.h"

#include "schemas/disk/write-all.h"

#include <errno.h>
#include <unistd.h>

gboolean
saxid_write_all (int fd, const void *bytes, gsize n)
{
  const guint8 *at = bytes;

  while (n > 0)
    {
      const gssize written = write (fd, at, n);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      at += written;
      n -= (gsize) written;
    }
  return TRUE;
}
