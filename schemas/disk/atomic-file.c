/* How is a file replaced so that nobody ever sees half of one?
 *
 * rename(2) is atomic inside one directory; fsync before it, so that the name
 * never leads to data that a crash of the machine would lose.
 *
 * Thread: no state; names are made unique by O_EXCL.
 */
#include "schemas/disk/atomic-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/write-all.h"

struct SaxidAtomicFile
{
  char *name;      /* as it was given, for messages */
  char *target;    /* the real file, links resolved */
  char *temporary;
};

static void
fail (GError **error, const char *what, const char *path)
{
  int saved = errno;

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "%s: %s (%s)", what, g_strerror (saved), path);
}

static void
free_file (SaxidAtomicFile *file)
{
  g_free (file->name);
  g_free (file->target);
  g_free (file->temporary);
  g_free (file);
}

/* The name behind a symbolic link; the name itself where nothing is there yet. */
static char *
resolve (const char *path)
{
  char *real = realpath (path, NULL);
  char *copy = g_strdup (real != NULL ? real : path);

  free (real);
  return copy;
}

/* Only root gives files away; what belongs to another group then is closed to it. */
static void
keep_owner_and_mode (int fd, const struct stat *old)
{
  mode_t mode = old->st_mode & 0777;

  if (fchown (fd, old->st_uid, old->st_gid) != 0 && fchown (fd, (uid_t) -1, old->st_gid) != 0
      && old->st_gid != getegid ())
    mode &= ~(mode_t) 070;
  fchmod (fd, mode);
}

SaxidAtomicFile *
saxid_atomic_begin (const char *path, GError **error)
{
  SaxidAtomicFile *file = g_new0 (SaxidAtomicFile, 1);
  g_autofree char *directory = NULL;
  g_autofree char *base = NULL;
  struct stat old;
  gboolean replaces;
  int fd = -1;

  file->name = g_strdup (path);
  file->target = resolve (path);
  directory = g_path_get_dirname (file->target);
  base = g_path_get_basename (file->target);
  replaces = stat (file->target, &old) == 0;
  if (replaces && !S_ISREG (old.st_mode))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "output is no regular file (%s)", path);
      free_file (file);
      return NULL;
    }
  for (guint k = 0; k < 10000 && fd < 0; k++)
    {
      g_free (file->temporary);
      /* a short name: the base may be as long as the file system allows */
      file->temporary = g_strdup_printf ("%s/.%.100s.%d-%u.part", directory, base, (int) getpid (), k);
      fd = open (file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (fd < 0 && errno != EEXIST)
        break;
    }
  if (fd < 0)
    {
      fail (error, "file cannot be written", path);
      free_file (file);
      return NULL;
    }
  if (replaces)
    keep_owner_and_mode (fd, &old);
  close (fd);
  return file;
}

const char *
saxid_atomic_path (const SaxidAtomicFile *file)
{
  return file->temporary;
}

gboolean
saxid_atomic_write (SaxidAtomicFile *file, const void *bytes, gsize n, GError **error)
{
  int fd = open (file->temporary, O_WRONLY | O_TRUNC | O_CLOEXEC);
  gboolean done = fd >= 0 && saxid_write_all (fd, bytes, n);

  if (!done)
    fail (error, "file cannot be written", file->name);
  if (fd >= 0 && close (fd) != 0 && done)
    {
      fail (error, "file cannot be written", file->name);
      return FALSE;
    }
  return done;
}

static gboolean
sync_path (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC);
  int result, saved;

  if (fd < 0)
    return FALSE;
  result = fsync (fd);
  saved = errno;
  close (fd);
  errno = saved;
  return result == 0;
}

gboolean
saxid_atomic_commit (SaxidAtomicFile *file, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (file->target);

  if (!sync_path (file->temporary, O_RDONLY) || rename (file->temporary, file->target) != 0)
    {
      fail (error, "file cannot be completed", file->name);
      saxid_atomic_abort (file);
      return FALSE;
    }
  /* The new file is in place; some file systems cannot sync a directory. */
  sync_path (directory, O_RDONLY | O_DIRECTORY);
  free_file (file);
  return TRUE;
}

void
saxid_atomic_abort (SaxidAtomicFile *file)
{
  if (file == NULL)
    return;
  unlink (file->temporary);
  free_file (file);
}
