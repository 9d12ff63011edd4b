/* How does the content of a file come into another one?
 *
 * Thread: see copy.h.
 */
#include "config.h"

#include "schemas/disk/copy.h"

#include <errno.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "reducers/error.h"

#define BLOCK (1 << 20)

static gboolean
refuse (GError **error, const char *path, const char *doing)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s: %s (%s)", doing, g_strerror (errno), path);
  return FALSE;
}

static gboolean
write_block (int to, const char *block, gssize n, off_t offset, const char *path, GError **error)
{
  gssize done = 0;

  while (done < n)
    {
      const gssize put = pwrite (to, block + done, (gsize) (n - done), offset + done);

      if (put < 0 && errno != EINTR)
        return refuse (error, path, "copy the file");
      done += MAX (put, 0);
    }
  return TRUE;
}

static gboolean
copy_by_hand (int from, int to, off_t offset, off_t end, const char *path, GError **error)
{
  g_autofree char *block = g_malloc (BLOCK);

  while (offset < end)
    {
      const gssize got = pread (from, block, MIN ((off_t) BLOCK, end - offset), offset);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return refuse (error, path, "read the file");
      if (got == 0)
        return TRUE; /* it became shorter; who compares both finds that */
      if (!write_block (to, block, got, offset, path, error))
        return FALSE;
      offset += got;
    }
  return TRUE;
}

static gboolean
copy_extent (int from, int to, off_t offset, off_t end, SaxidCopyWay way, const char *path, GError **error)
{
  while (offset < end && way < SAXID_COPY_BY_HAND)
    {
      off_t in = offset, out = offset;
      const gssize got = copy_file_range (from, &in, to, &out, (gsize) (end - offset), 0);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG))
        return refuse (error, path, "copy the file");
      if (got <= 0)
        break;
      offset += got;
    }
  return copy_by_hand (from, to, offset, end, path, error);
}

/* A file system that knows no holes says that all is data. */
gboolean
saxid_copy_content (int from, int to, off_t size, SaxidCopyWay way, const char *path, GError **error)
{
  off_t data = 0;

  if (way == SAXID_COPY_SHARED && ioctl (to, FICLONE, from) == 0)
    return TRUE;
  while (data < size)
    {
      off_t start = lseek (from, data, SEEK_DATA);
      off_t hole;

      if (start < 0 && errno == ENXIO)
        break;
      start = start < 0 ? data : start;
      hole = lseek (from, start, SEEK_HOLE);
      hole = hole < 0 ? size : MIN (hole, size);
      if (!copy_extent (from, to, start, hole, way, path, error))
        return FALSE;
      data = hole;
    }
  return ftruncate (to, size) == 0 || refuse (error, path, "copy the file");
}
