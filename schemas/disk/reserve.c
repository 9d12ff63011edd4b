/* Is there space on the disk for what will be written?
 *
 * Thread: pure.
 */
#include "config.h"

#include "schemas/disk/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

#include "reducers/error.h"

/* fallocate that keeps the size does not look at the limit of the process. */
static gboolean
is_beyond_limit (guint64 end)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && end > limit.rlim_cur;
}

gboolean
saxid_claim_space (int fd, guint64 offset, guint64 bytes, const char *what, GError **error)
{
  bytes = MIN (bytes, (guint64) G_MAXINT64 - offset);
  if (bytes == 0)
    return TRUE;
  if (is_beyond_limit (offset + bytes))
    errno = EFBIG;
  else if (fallocate (fd, FALLOC_FL_KEEP_SIZE, (off_t) offset, (off_t) bytes) == 0
           || (errno != ENOSPC && errno != EDQUOT && errno != EFBIG))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot find room for %s: %s", what, g_strerror (errno));
  return FALSE;
}
