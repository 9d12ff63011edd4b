/* Does HDF5 begin somewhere in this file?
 *
 * Thread: no state.
 */
#include "schemas/hdf5/superblock.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schemas/disk/door.h"

#define FIRST_USER_BLOCK 512
#define AT_VERSION       8
#define AT_FLAGS         11
#define HEAD             12

gboolean
saxid_superblock_find (int fd, guint *writer)
{
  static const guint8 signature[8] = { 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n' };
  guint8 head[HEAD];
  struct stat about;

  *writer = 0;
  if (fstat (fd, &about) != 0)
    return FALSE;
  for (off_t at = 0; at < about.st_size; at = at == 0 ? FIRST_USER_BLOCK : at * 2)
    if (pread (fd, head, sizeof head, at) == (gssize) sizeof head
        && memcmp (head, signature, sizeof signature) == 0)
      {
        if (head[AT_VERSION] >= 3)
          *writer = head[AT_FLAGS] & (SAXID_WRITER_ANY | SAXID_WRITER_SWMR);
        return TRUE;
      }
  return FALSE;
}

gboolean
saxid_superblock_of (const char *path, guint *writer)
{
  guint64 size;
  int fd = saxid_door_open (path, &size, NULL);
  gboolean found;

  *writer = 0;
  if (fd < 0)
    return FALSE;
  found = saxid_superblock_find (fd, writer);
  close (fd);
  return found;
}
