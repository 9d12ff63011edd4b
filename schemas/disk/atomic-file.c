/* How is a file replaced so that nobody ever sees half of one?
 *
 * rename(2) is atomic inside one directory; fsync before it, so that the name
 * never leads to data that a crash of the machine would lose. The directory and the new
 * file are held by descriptor from the beginning: who exchanges either on the way gets
 * nothing written and nothing renamed. replace.c does more, for files of others.
 *
 * Thread: no state; names are made unique by O_EXCL.
 */
#include "schemas/disk/atomic-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/same-file.h"
#include "schemas/disk/write-all.h"

struct SaxidAtomicFile
{
  char *name;      /* as it was given, for messages */
  char *target;    /* the real file, links resolved */
  char *temporary;
  int directory, fd; /* of the temporary; -1: not open */
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
  if (file->fd >= 0)
    close (file->fd);
  if (file->directory >= 0)
    close (file->directory);
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

/* Who made a file read-only meant it, whatever the directory allows; root is asked as others. */
static gboolean
may_replace (const char *path, const struct stat *old, GError **error)
{
  if (!S_ISREG (old->st_mode))
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "output is no regular file (%s)", path);
  else if ((old->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 || access (path, W_OK) != 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "output is read-only, mode %04o (%s)", (unsigned) old->st_mode & 07777,
                 path);
  else
    return TRUE;
  return FALSE;
}

gboolean
saxid_atomic_check (const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  struct stat old;

  if (stat (path, &old) == 0)
    return may_replace (path, &old, error);
  if (access (directory, W_OK | X_OK) == 0)
    return TRUE;
  fail (error, "file cannot be written", path);
  return FALSE;
}

SaxidAtomicFile *
saxid_atomic_begin (const char *path, GError **error)
{
  SaxidAtomicFile *file = g_new0 (SaxidAtomicFile, 1);
  g_autofree char *directory = NULL;
  g_autofree char *base = NULL;
  struct stat old;
  gboolean replaces;

  file->fd = file->directory = -1;
  file->name = g_strdup (path);
  file->target = resolve (path);
  directory = g_path_get_dirname (file->target);
  base = g_path_get_basename (file->target);
  replaces = stat (file->target, &old) == 0;
  if (replaces && !may_replace (path, &old, error))
    {
      free_file (file);
      return NULL;
    }
  file->directory = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (guint k = 0; file->directory >= 0 && k < 10000 && file->fd < 0; k++)
    {
      /* a short name: the base may be as long as the file system allows */
      g_autofree char *name = g_strdup_printf (".%.100s.%d-%u.part", base, (int) getpid (), k);

      g_free (file->temporary);
      file->temporary = g_build_filename (directory, name, NULL);
      file->fd = openat (file->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (file->fd < 0 && errno != EEXIST)
        break;
    }
  if (file->fd < 0)
    {
      fail (error, "file cannot be written", path);
      free_file (file);
      return NULL;
    }
  if (replaces)
    keep_owner_and_mode (file->fd, &old);
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
  if (ftruncate (file->fd, 0) == 0 && lseek (file->fd, 0, SEEK_SET) == 0 && saxid_write_all (file->fd, bytes, n))
    return TRUE;
  fail (error, "file cannot be written", file->name);
  return FALSE;
}

/* The last part of a path, in place. */
static const char *
base_of (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

/* Whether the temporary name still leads to the file that is held. */
static gboolean
is_held (const SaxidAtomicFile *file)
{
  struct stat held, named;

  if (fstat (file->fd, &held) == 0
      && fstatat (file->directory, base_of (file->temporary), &named, AT_SYMLINK_NOFOLLOW) == 0
      && saxid_same_file (&held, &named))
    return TRUE;
  errno = ESTALE;
  return FALSE;
}

gboolean
saxid_atomic_commit (SaxidAtomicFile *file, GError **error)
{
  if (fsync (file->fd) != 0 || !is_held (file)
      || renameat (file->directory, base_of (file->temporary), file->directory, base_of (file->target)) != 0)
    {
      fail (error, "file cannot be completed", file->name);
      saxid_atomic_abort (file);
      return FALSE;
    }
  /* The new file is in place; some file systems cannot sync a directory. */
  fsync (file->directory);
  free_file (file);
  return TRUE;
}

void
saxid_atomic_abort (SaxidAtomicFile *file)
{
  if (file == NULL)
    return;
  unlinkat (file->directory, base_of (file->temporary), 0);
  free_file (file);
}
