/* How is a file of others opened, so that nothing waits and nothing odd is read?
 *
 * O_NONBLOCK: a pipe without a writer would hold open() for ever. The kind is
 * looked at through the descriptor, so that nobody can change it in between.
 *
 * Thread: no state.
 */
#include "schemas/disk/door.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"

int
saxid_door_open (const char *path, guint64 *size, GError **error)
{
  struct stat about;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &about) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "file cannot be opened: %s", g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return -1;
    }
  if (!S_ISREG (about.st_mode))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "a %s is no data file",
                   S_ISDIR (about.st_mode) ? "directory" : "device or pipe");
      close (fd);
      return -1;
    }
  *size = (guint64) about.st_size;
  return fd;
}

gboolean
saxid_door_is_file (const char *path)
{
  struct stat about;

  return stat (path, &about) == 0 && S_ISREG (about.st_mode);
}

gboolean
saxid_door_read (const char *path, gsize most, char **bytes, gsize *n, GError **error)
{
  g_autofree char *all = NULL;
  guint64 size;
  gsize got = 0;
  gssize part = 1;
  int fd = saxid_door_open (path, &size, error);

  if (fd < 0)
    return FALSE;
  if (size > most)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "file has %" G_GUINT64_FORMAT " bytes, %" G_GSIZE_FORMAT " are read", size, most);
      close (fd);
      return FALSE;
    }
  all = g_try_malloc (size + 1);
  while (all != NULL && got < size && part != 0)
    {
      part = read (fd, all + got, size - got);
      if (part < 0 && errno != EINTR)
        break;
      got += part > 0 ? (gsize) part : 0;
    }
  if (all == NULL || part < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "file cannot be read: %s",
                   g_strerror (all == NULL ? ENOMEM : errno));
      close (fd);
      return FALSE;
    }
  close (fd);
  all[got] = '\0';
  *bytes = g_steal_pointer (&all);
  *n = got;
  return TRUE;
}
