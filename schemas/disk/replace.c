/* How is a file changed so that a kill at any instant leaves the old one or the
 * new one?
 *
 * lock the original ─► copy it beside itself (a reflink where the filesystem
 * can) ─► change the copy ─► check it ─► mode, owner, attributes ─► fsync ─►
 * is the original still what was copied? ─► rename ─► fsync the directory.
 *
 * Locks: a record lock of one byte far behind the end of the original keeps two
 * saxid apart. A shared flock tells whether an HDF5 library has the file open
 * for writing (it holds an exclusive one) and keeps it from opening it so while
 * we work; readers are not disturbed. But a writer need not lock: the absence of a
 * lock is no proof of the absence of a writer, and what it writes into a file that has lost
 * its name is lost. The kernel is asked by a lease (lease.h), before the work and again for
 * the time of the last look and the rename, when nobody can begin to write. Where the kernel
 * cannot tell, only a file that has rested for REST_SECONDS is replaced.
 *
 * Leftovers of killed runs have names that begin with .NAME.saxid-XXXXXX; whoever
 * holds the lock next removes them, for only the holder of the lock makes one. The
 * letters come from the inode of the locked file, which a killed run has left where it
 * is, so that they are found without reading a directory of a hundred thousand files.
 */
#include "config.h"

#include "schemas/disk/replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/copy.h"
#include "schemas/disk/lease.h"
#include "schemas/disk/reserve.h"
#include "schemas/disk/same-file.h"

#define SUFFIX ".saxid-"
#define SCRATCH ".new" /* behind the name of the copy */
#define LETTERS 6
/* What is looked through for leftovers under other letters: bytes that a directory has,
 * which mean something else to every filesystem, and entries. */
#define SMALL_DIRECTORY (16 << 10)
#define MOST_LOOKED_AT 512
#define LOCK_OFFSET ((off_t) 1 << 62) /* no data lie there, so nobody else locks it */
#define LOCK_SECONDS 10.0
#define LOCK_PAUSE_US 20000
#define XATTR_LIMIT (1 << 16)
#define REST_SECONDS 600
/* Another saxid that looks at the lock has the file open for an instant. */
#define WRITER_ATTEMPTS 25

typedef struct
{
  const char *path;      /* as the caller says it */
  char *base;            /* its last component, links resolved */
  char *directory;       /* where it lies */
  char *temporary;       /* name of the copy in directory; NULL until it exists */
  char *scratch;         /* the same of the scratch file */
  int directory_fd;
  int original_fd;       /* -1 when the file is made from nothing */
  int guard_fd;          /* the original for reading alone, for the lease */
  int lock_fd;           /* original_fd, or made_beside */
  int copy_fd, scratch_fd;
  gboolean locked;       /* no other saxid is at work here */
  gboolean held;         /* the lease, which keeps writers out */
  struct stat before;    /* of the original, or of made_beside */
  gboolean is_new;
} Replacement;

static const SaxidReplaceOptions no_options;

static gboolean
refuse (GError **error, const char *path, const char *doing, int number)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s: %s (%s)", doing, g_strerror (number),
               path);
  return FALSE;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
replacement_clear (Replacement *self)
{
  if (self->temporary != NULL)
    unlinkat (self->directory_fd, self->temporary, 0);
  if (self->scratch != NULL)
    unlinkat (self->directory_fd, self->scratch, 0);
  if (self->lock_fd != self->original_fd)
    close_fd (&self->lock_fd);
  close_fd (&self->original_fd);
  close_fd (&self->guard_fd);
  close_fd (&self->copy_fd);
  close_fd (&self->scratch_fd);
  close_fd (&self->directory_fd);
  g_free (self->temporary);
  g_free (self->scratch);
  g_free (self->directory);
  g_free (self->base);
}

static gboolean
refuse_beside (const Replacement *self, int number, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot write beside %s: %s (%s)", self->base,
               g_strerror (number), self->directory);
  return FALSE;
}

/* Where the file really lies: a symbolic link names its target. */
static gboolean
find_place (Replacement *self, gboolean may_be_missing, GError **error)
{
  char *real = realpath (self->path, NULL);
  g_autofree char *place = NULL;

  if (real == NULL && errno == ENOENT && may_be_missing)
    {
      g_autofree char *parent = g_path_get_dirname (self->path);
      g_autofree char *base = g_path_get_basename (self->path);
      struct stat link;

      if (lstat (self->path, &link) == 0)
        return refuse (error, self->path, "follow a link that leads nowhere", ENOENT);
      real = realpath (parent, NULL);
      if (real == NULL)
        return refuse (error, parent, "find the directory", errno);
      place = g_build_filename (real, base, NULL);
      self->is_new = TRUE;
    }
  else if (real == NULL)
    return refuse (error, self->path, "find the file", errno);
  else
    place = g_strdup (real);
  free (real);

  self->directory = g_path_get_dirname (place);
  self->base = g_path_get_basename (place);
  self->directory_fd = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->directory_fd < 0)
    return refuse (error, self->directory, "open the directory", errno);
  return TRUE;
}

static gboolean
is_nfs (int fd)
{
  struct statfs about;

  return fstatfs (fd, &about) == 0 && about.f_type == NFS_SUPER_MAGIC;
}

static gboolean
refuse_patience (const Replacement *self, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
               "another saxid is writing to it and does not come to an end (%s)", self->path);
  return FALSE;
}

/* Another saxid may have the lock: FALSE, without an error, until `deadline`. Filesystems without
 * record locks leave us unlocked: the comparison before the rename still guards the file. */
static gboolean
try_lock (Replacement *self, gint64 deadline, gboolean *taken, GError **error)
{
  struct flock range = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_OFFSET, .l_len = 1 };

  self->locked = fcntl (self->lock_fd, F_OFD_SETLK, &range) == 0;
  *taken = self->locked || (errno != EAGAIN && errno != EACCES);
  return *taken || g_get_monotonic_time () <= deadline || refuse_patience (self, error);
}

/* Waits for another saxid. */
static gboolean
take_lock (Replacement *self, gint64 deadline, GError **error)
{
  gboolean taken = FALSE;

  while (!taken)
    {
      if (!try_lock (self, deadline, &taken, error))
        return FALSE;
      if (!taken)
        g_usleep (LOCK_PAUSE_US);
    }
  return TRUE;
}

static gboolean
refuse_busy (const Replacement *self, GError **error)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_BUSY, "another program has the file open for writing (%s)", self->path);
  return FALSE;
}

static gboolean
has_rested (const Replacement *self, GError **error)
{
  const gint64 rest = g_get_real_time () / G_USEC_PER_SEC - (gint64) self->before.st_mtim.tv_sec;

  if (rest >= REST_SECONDS)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_BUSY,
               "the file system cannot tell whether another program is writing to it, and it changed %" G_GINT64_FORMAT
               " s ago: write a side file, or wait until it has rested for %d s (%s)", rest, REST_SECONDS, self->path);
  return FALSE;
}

/* The lock of another saxid on the original. */
static gboolean
is_locked_by_saxid (const Replacement *self)
{
  struct flock range = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_OFFSET, .l_len = 1 };

  return self->guard_fd >= 0 && fcntl (self->guard_fd, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

/* Takes the lease, or says who is in the way. `ours`: nobody else has the lock. */
static gboolean
hold_writers (const Replacement *self, gboolean ours, SaxidWriterState *state, GError **error)
{
  *state = saxid_writer_hold (self->guard_fd);
  for (int k = 0; *state == SAXID_WRITER_PRESENT && k < WRITER_ATTEMPTS; k++)
    {
      if (!ours && is_locked_by_saxid (self))
        return TRUE; /* its lock is waited for */
      g_usleep (LOCK_PAUSE_US);
      *state = saxid_writer_hold (self->guard_fd);
    }
  return *state != SAXID_WRITER_PRESENT || refuse_busy (self, error);
}

/* A writer of the HDF5 library holds an exclusive flock. NFS turns a flock into
 * a record lock, which would collide with our own. */
static gboolean
see_no_writer (Replacement *self, GError **error)
{
  if (is_nfs (self->original_fd) || flock (self->original_fd, LOCK_SH | LOCK_NB) == 0
      || errno != EWOULDBLOCK)
    return TRUE;
  return refuse_busy (self, error);
}

static gboolean
is_in_group (gid_t group)
{
  gid_t groups[NGROUPS_MAX];
  const int n = getgroups (NGROUPS_MAX, groups);

  for (int k = 0; k < n; k++)
    if (groups[k] == group)
      return TRUE;
  return group == getegid ();
}

/* A new file belongs to whoever makes it. Where owner and group cannot be kept, those who could
 * read the file would not, or others would. */
static gboolean
keeps_owner (const Replacement *self, GError **error)
{
  const gboolean owner = self->before.st_uid == geteuid (), group = is_in_group (self->before.st_gid);

  if (geteuid () == 0 || (owner && group))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
               "the file belongs to %s %u, which its replacement could not: write a side file (%s)",
               owner ? "group" : "user", owner ? self->before.st_gid : self->before.st_uid, self->path);
  return FALSE;
}

static gboolean
check_original (const Replacement *self, const SaxidReplaceOptions *options, GError **error)
{
  if (!S_ISREG (self->before.st_mode))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "not a regular file (%s)", self->path);
      return FALSE;
    }
  if ((self->before.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                   "the file is read-only, mode %04o (%s)", (unsigned) self->before.st_mode & 07777,
                   self->path);
      return FALSE;
    }
  if (self->before.st_nlink > 1 && !options->part_hard_links)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "the file has %lu names (hard links) and replacing this one would part it from the"
                   " others: write a side file, or tag a copy (%s)",
                   (unsigned long) self->before.st_nlink, self->path);
      return FALSE;
    }
  return keeps_owner (self, error);
}

static gboolean
same_state (const struct stat *a, const struct stat *b)
{
  return saxid_same_file (a, b) && a->st_size == b->st_size && a->st_mode == b->st_mode
         && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec
         && a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Asks for writers, before our own descriptor is one. */
static gboolean
look_for_writers (Replacement *self, SaxidWriterState *state, GError **error)
{
  *state = SAXID_WRITER_UNKNOWN;

  close_fd (&self->guard_fd);
  self->guard_fd
    = openat (self->directory_fd, self->base, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
  if (self->guard_fd < 0)
    return errno == EACCES || errno == ENOENT || refuse (error, self->path, "open the file", errno);
  if (fstat (self->guard_fd, &self->before) != 0)
    return refuse (error, self->path, "look at the file", errno);
  if (!S_ISREG (self->before.st_mode))
    return TRUE; /* refused in its own words */
  if (!hold_writers (self, FALSE, state, error))
    return FALSE;
  if (*state == SAXID_WRITER_ABSENT)
    saxid_writer_release (self->guard_fd);
  return TRUE;
}

static gboolean
open_and_lock (Replacement *self, const SaxidReplaceOptions *options, gint64 deadline, gboolean *done, GError **error)
{
  struct stat now;

  *done = FALSE;
  close_fd (&self->original_fd);
  if (options->made_beside == NULL)
    self->lock_fd = -1;
  self->original_fd
    = openat (self->directory_fd, self->base, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
  if (self->original_fd < 0 && errno == EWOULDBLOCK)
    return TRUE; /* another saxid puts its file in place at this moment */
  if (self->original_fd < 0 && (errno == EACCES || errno == EROFS))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "the file is read-only: %s (%s)", g_strerror (errno),
                   self->path);
      return FALSE;
    }
  if (self->original_fd < 0)
    return refuse (error, self->path, "open the file for writing", errno);
  if (fstat (self->original_fd, &self->before) != 0)
    return refuse (error, self->path, "look at the file", errno);
  if (!check_original (self, options, error))
    return FALSE;
  *done = TRUE;
  if (options->made_beside == NULL)
    {
      self->lock_fd = self->original_fd;
      if (!try_lock (self, deadline, done, error))
        return FALSE;
    }
  if (*done && fstatat (self->directory_fd, self->base, &now, AT_SYMLINK_NOFOLLOW) != 0)
    return refuse (error, self->path, "find the file again", errno);
  *done = *done && saxid_same_file (&self->before, &now);
  return TRUE;
}

/* Opens and locks the original. While we wait for the lock, which is done without the file open
 * for writing, another saxid may put a new file under the name: then we start anew. */
static gboolean
open_original (Replacement *self, const SaxidReplaceOptions *options, gint64 deadline, GError **error)
{
  SaxidWriterState state;
  gboolean done = FALSE;
  struct stat guarded;

  do
    {
      if (!look_for_writers (self, &state, error) || !open_and_lock (self, options, deadline, &done, error))
        return FALSE;
      if (done && self->guard_fd >= 0)
        done = fstat (self->guard_fd, &guarded) == 0 && saxid_same_file (&self->before, &guarded);
      if (done)
        break;
      close_fd (&self->original_fd);
      if (options->made_beside == NULL)
        self->lock_fd = -1;
      g_usleep (LOCK_PAUSE_US);
    }
  while (g_get_monotonic_time () <= deadline);
  if (!done && is_locked_by_saxid (self))
    return refuse_patience (self, error);
  if (!done)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_BUSY, "another file appears under the name again and again (%s)",
                   self->path);
      return FALSE;
    }

  if (fstat (self->original_fd, &self->before) != 0)
    return refuse (error, self->path, "look at the file", errno);
  return see_no_writer (self, error);
}

/* From here to the rename nobody can open the original for writing, where the kernel knows leases.
 * Our own descriptor for writing would be in the way of that; the lock goes over to the other one
 * without a gap, as one for reading, which keeps other saxids out as well. */
static gboolean
keep_writers_out (Replacement *self, GError **error)
{
  struct flock range = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = LOCK_OFFSET, .l_len = 1 };
  SaxidWriterState state;

  if (self->is_new || self->guard_fd < 0)
    return TRUE;
  if (self->lock_fd == self->original_fd)
    {
      if (self->locked
          && (fcntl (self->original_fd, F_OFD_SETLK, &range) != 0 || fcntl (self->guard_fd, F_OFD_SETLK, &range) != 0))
        return refuse (error, self->path, "keep the lock", errno);
      self->lock_fd = -1;
    }
  close_fd (&self->original_fd);
  if (!hold_writers (self, TRUE, &state, error) || (state == SAXID_WRITER_UNKNOWN && !has_rested (self, error)))
    return FALSE;
  self->held = state == SAXID_WRITER_ABSENT;
  return TRUE;
}

/* The neighbour only lends its lock, mode and owner; it may be read-only, and
 * then nothing is locked. */
static gboolean
open_neighbour (Replacement *self, const char *neighbour, gint64 deadline, GError **error)
{
  struct stat about;

  self->lock_fd = open (neighbour, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (self->lock_fd >= 0 && !take_lock (self, deadline, error))
    return FALSE;
  if (stat (neighbour, &about) != 0)
    return refuse (error, neighbour, "find the file", errno);
  if (self->is_new)
    {
      self->before = about;
      self->before.st_mode |= S_IWUSR;
    }
  return TRUE;
}

/* Only the holder of the lock makes such a file, so without a holder it is
 * waste. Under other letters than ours lies what a run without locks has left, or
 * one whose original is gone; a large directory is not read for that. */
static void
remove_leftovers (Replacement *self, const char *prefix)
{
  struct stat about;
  const gboolean small = fstat (self->directory_fd, &about) == 0 && about.st_size <= SMALL_DIRECTORY;
  int fd = small ? openat (self->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  DIR *directory = fd >= 0 ? fdopendir (fd) : NULL;
  gsize length = strlen (prefix);
  guint looked_at = 0;

  if (directory == NULL)
    {
      close_fd (&fd);
      return;
    }
  for (struct dirent *entry = readdir (directory); entry != NULL && looked_at < MOST_LOOKED_AT;
       entry = readdir (directory), looked_at++)
    if (strncmp (entry->d_name, prefix, length) == 0 && strlen (entry->d_name) >= length + LETTERS)
      unlinkat (self->directory_fd, entry->d_name, 0);
  closedir (directory);
}

static void
spell (guint64 number, char letters[LETTERS + 1])
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";

  for (guint k = 0; k < LETTERS; k++, number /= sizeof alphabet - 1)
    letters[k] = alphabet[number % (sizeof alphabet - 1)];
  letters[LETTERS] = '\0';
}

static guint64
chance (void)
{
  return (guint64) g_random_int () << 32 | g_random_int ();
}

/* A new file of our own, or -1. */
static int
make_file (const Replacement *self, const char *name)
{
  return openat (self->directory_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

/* The copy and the scratch file. They have the name of the file that we have locked: what is made
 * beside two files under one new name is at work twice, and neither clears the other's away.
 * Nobody else makes files with the letters of the inode that we have locked. */
static gboolean
make_temporary (Replacement *self, const SaxidReplaceOptions *options, GError **error)
{
  const char *made_beside = options->made_beside;
  gsize most = NAME_MAX - 1 - strlen (SUFFIX) - LETTERS - strlen (SCRATCH);
  g_autofree char *base = made_beside != NULL ? g_path_get_basename (made_beside) : g_strdup (self->base);
  g_autofree char *prefix = g_strdup_printf ("." "%.*s" SUFFIX, (int) most, base);
  char letters[LETTERS + 1];
  struct stat locked;

  if (self->locked && fstat (self->lock_fd, &locked) != 0)
    return refuse (error, self->path, "look at the file", errno);
  for (int attempt = 0; attempt < 100; attempt++)
    {
      g_autofree char *name = NULL, *scratch = NULL;

      spell (self->locked && attempt == 0 ? (guint64) locked.st_ino : chance (), letters);
      name = g_strconcat (prefix, letters, NULL);
      scratch = g_strconcat (name, SCRATCH, NULL);
      if (self->locked && attempt == 0)
        {
          unlinkat (self->directory_fd, name, 0);
          unlinkat (self->directory_fd, scratch, 0);
          remove_leftovers (self, prefix);
        }
      self->copy_fd = make_file (self, name);
      if (self->copy_fd >= 0)
        {
          self->temporary = g_steal_pointer (&name);
          if (options->without_scratch)
            return TRUE;
          self->scratch_fd = make_file (self, scratch);
          if (self->scratch_fd < 0)
            return refuse_beside (self, errno, error);
          self->scratch = g_steal_pointer (&scratch);
          return TRUE;
        }
      if (errno != EEXIST)
        break;
    }
  return refuse_beside (self, errno, error);
}

static gboolean
still_as_it_was (const Replacement *self, GError **error)
{
  struct stat now;

  if (fstatat (self->directory_fd, self->base, &now, AT_SYMLINK_NOFOLLOW) != 0)
    {
      if (errno == ENOENT && self->is_new)
        return TRUE;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                   "the file went away while its copy was written: %s (%s)", g_strerror (errno),
                   self->path);
      return FALSE;
    }
  if (!self->is_new && same_state (&self->before, &now))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
               "somebody else changed the file while its copy was written, theirs is kept (%s)",
               self->path);
  return FALSE;
}

static gboolean
reserve_space (const Replacement *self, guint64 bytes, GError **error)
{
  const guint64 size = self->is_new ? 0 : (guint64) self->before.st_size;

  if (saxid_claim_space (self->copy_fd, size, bytes, "the new file", error))
    return TRUE;
  saxid_error_add_place (error, "%s", self->path);
  return FALSE;
}

#define ACL "system.posix_acl_access"

/* Errors: SAXID_ERROR_IO where the list of who may do what cannot be kept. */
static gboolean
copy_attributes (const Replacement *self, int from, int to, GError **error)
{
  const gboolean has_some = flistxattr (from, NULL, 0) != 0;
  g_autofree char *names = has_some ? g_malloc (XATTR_LIMIT) : NULL;
  g_autofree char *value = has_some ? g_malloc (XATTR_LIMIT) : NULL;
  const gssize length = has_some ? flistxattr (from, names, XATTR_LIMIT) : 0;

  for (gssize at = 0; at < length; at += (gssize) strlen (names + at) + 1)
    {
      gssize size = fgetxattr (from, names + at, value, XATTR_LIMIT);

      if (size >= 0 && fsetxattr (to, names + at, value, (gsize) size, 0) != 0 && strcmp (names + at, ACL) == 0)
        return refuse (error, self->path, "keep the access control list", errno);
    }
  return TRUE;
}

/* A side file is for those who may read its neighbour, and for nobody else: what cannot be given
 * to the group or the list of the neighbour is closed to ours. */
static mode_t
mode_beside (Replacement *self, const char *neighbour, gboolean group_kept)
{
  g_autofree char *value = g_malloc (XATTR_LIMIT);
  const gssize size = getxattr (neighbour, ACL, value, XATTR_LIMIT);

  if (group_kept && (size < 0 || fsetxattr (self->copy_fd, ACL, value, (gsize) size, 0) == 0))
    return self->before.st_mode & 07777;
  return self->before.st_mode & 07777 & ~(mode_t) (S_IRWXG | S_ISUID | S_ISGID);
}

/* Owner first: giving a file away takes set-id bits from its mode. Of a new file
 * beside another the group alone may be ours to set. */
static gboolean
keep_metadata (Replacement *self, const SaxidReplaceOptions *options, GError **error)
{
  struct stat now;
  mode_t mode = self->before.st_mode & 07777;

  if (fstat (self->copy_fd, &now) != 0)
    return refuse (error, self->path, "look at the copy", errno);
  if ((now.st_uid != self->before.st_uid || now.st_gid != self->before.st_gid)
      && fchown (self->copy_fd, self->before.st_uid, self->before.st_gid) != 0
      && (!self->is_new
          || (fchown (self->copy_fd, (uid_t) -1, self->before.st_gid) != 0 && errno != EPERM)))
    return refuse (error, self->path, "keep owner and group", errno);
  if (!self->is_new && !copy_attributes (self, self->original_fd, self->copy_fd, error))
    return FALSE;
  if (fstat (self->copy_fd, &now) != 0)
    return refuse (error, self->path, "look at the copy", errno);
  if (self->is_new)
    mode = mode_beside (self, options->made_beside, now.st_gid == self->before.st_gid);
  if (fchmod (self->copy_fd, mode) != 0)
    return refuse (error, self->path, "keep the mode", errno);
  /* gives back what was reserved and not needed */
  if (ftruncate (self->copy_fd, now.st_size) != 0 || fsync (self->copy_fd) != 0)
    return refuse (error, self->path, "write the new file to disk", errno);
  return TRUE;
}

/* Somebody has tried to open the original for writing since the lease was taken. Another saxid does not
 * wait for that, and is gone; who waits has the file now, and we have not. */
static gboolean
hold_again (const Replacement *self, GError **error)
{
  SaxidWriterState state;

  for (int k = 0; self->held && !saxid_writer_is_held (self->guard_fd); k++)
    {
      saxid_writer_release (self->guard_fd);
      if (k == WRITER_ATTEMPTS)
        return refuse_busy (self, error);
      if (!hold_writers (self, TRUE, &state, error) || !still_as_it_was (self, error))
        return FALSE;
    }
  return TRUE;
}

/* A new name is never put over a file that came up meanwhile; where the
 * filesystem cannot promise that, the look just before has to do. */
static gboolean
put_in_place (Replacement *self, GError **error)
{
  int at = self->directory_fd;
  int failed = -1;
  struct stat ours, named;

  if (!still_as_it_was (self, error))
    return FALSE;
  if (fstat (self->copy_fd, &ours) != 0 || fstatat (at, self->temporary, &named, AT_SYMLINK_NOFOLLOW) != 0)
    return refuse (error, self->path, "find the new file again", errno);
  if (!saxid_same_file (&ours, &named))
    {
      g_clear_pointer (&self->temporary, g_free); /* not ours to remove */
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO,
                   "somebody put another file in the place of the copy, the old one is kept (%s)", self->path);
      return FALSE;
    }
  if (!hold_again (self, error))
    return FALSE;
  errno = EINVAL;
  if (self->is_new)
    failed = renameat2 (at, self->temporary, at, self->base, RENAME_NOREPLACE);
  if (failed != 0 && (errno == EINVAL || errno == ENOSYS))
    failed = renameat (at, self->temporary, at, self->base);
  if (failed != 0)
    return refuse (error, self->path, "put the new file in place", errno);
  g_clear_pointer (&self->temporary, g_free);
  if (fsync (self->directory_fd) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
    return refuse (error, self->directory, "write the directory to disk after the file was replaced",
                   errno);
  return TRUE;
}

/* What was found in one file is not written into another. Mode, owner and links may have
 * changed meanwhile. */
static gboolean
same_content (const struct stat *then, const struct stat *now, const char *path, GError **error)
{
  if (saxid_same_file (then, now) && then->st_size == now->st_size && then->st_mtim.tv_sec == now->st_mtim.tv_sec
      && then->st_mtim.tv_nsec == now->st_mtim.tv_nsec)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "somebody else changed the file since it was read, theirs is kept (%s)",
               path);
  return FALSE;
}

gboolean
saxid_replace_is_as_read (const char *path, const struct stat *then, GError **error)
{
  struct stat now;

  if (stat (path, &now) != 0)
    return refuse (error, path, "find the file", errno);
  return same_content (then, &now, path, error);
}

static gboolean
is_what_was_read (const Replacement *self, const SaxidReplaceOptions *options, GError **error)
{
  const struct stat *then = options->as_read;
  struct stat neighbour;
  const struct stat *now = &self->before;

  if (then == NULL)
    return TRUE;
  if (options->made_beside != NULL)
    {
      if (stat (options->made_beside, &neighbour) != 0)
        return refuse (error, options->made_beside, "find the file", errno);
      now = &neighbour;
    }
  return same_content (then, now, options->made_beside != NULL ? options->made_beside : self->path, error);
}

/* Goes before the file is replaced: who is killed afterwards leaves nothing, and whoever has no
 * need to write the new file again would not look for it. */
static void
drop_scratch (Replacement *self)
{
  if (self->scratch != NULL)
    unlinkat (self->directory_fd, self->scratch, 0);
  g_clear_pointer (&self->scratch, g_free);
}

static gboolean
replace (Replacement *self, const SaxidReplaceOptions *options, SaxidReplaceFunc change,
         SaxidReplaceFunc check, gpointer data, GError **error)
{
  double patience = options->lock_seconds > 0 ? options->lock_seconds : LOCK_SECONDS;
  gint64 deadline = g_get_monotonic_time () + (gint64) (patience * G_USEC_PER_SEC);
  g_autofree char *copy = NULL, *scratch = NULL;

  if (!find_place (self, options->made_beside != NULL, error))
    return FALSE;
  if (options->made_beside != NULL && !open_neighbour (self, options->made_beside, deadline, error))
    return FALSE;
  if (!self->is_new && !open_original (self, options, deadline, error))
    return FALSE;
  if (!is_what_was_read (self, options, error) || !make_temporary (self, options, error))
    return FALSE;
  if (!self->is_new
      && !saxid_copy_content (self->original_fd, self->copy_fd, self->before.st_size, SAXID_COPY_SHARED, self->path, error))
    return FALSE;
  if (!still_as_it_was (self, error) || !reserve_space (self, options->reserve, error))
    return FALSE;

  copy = g_strdup_printf ("/proc/self/fd/%d", self->copy_fd);
  scratch = self->scratch != NULL ? g_strdup_printf ("/proc/self/fd/%d", self->scratch_fd) : NULL;
  if (!change (copy, scratch, data, error))
    return FALSE;
  /* the disk begins while the copy is checked; what fails there is what fsync reports */
  sync_file_range (self->copy_fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  if (check != NULL && !check (copy, scratch, data, error))
    return FALSE;
  drop_scratch (self);
  return keep_metadata (self, options, error) && keep_writers_out (self, error) && put_in_place (self, error);
}

gboolean
saxid_replace_file (const char *path, const SaxidReplaceOptions *options, SaxidReplaceFunc change,
                    SaxidReplaceFunc check, gpointer data, GError **error)
{
  Replacement self
    = { .path = path, .directory_fd = -1, .original_fd = -1, .guard_fd = -1, .lock_fd = -1, .copy_fd = -1, .scratch_fd = -1 };
  gboolean done;

  g_return_val_if_fail (path != NULL && change != NULL, FALSE);

  done = replace (&self, options != NULL ? options : &no_options, change, check, data, error);
  replacement_clear (&self);
  return done;
}

static gboolean
could_replace (Replacement *self, const SaxidReplaceOptions *options, GError **error)
{
  SaxidWriterState state;

  if (!find_place (self, options->made_beside != NULL, error))
    return FALSE;
  if (faccessat (self->directory_fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
    return refuse_beside (self, errno, error);
  if (self->is_new)
    return TRUE;
  if (fstatat (self->directory_fd, self->base, &self->before, 0) != 0)
    return refuse (error, self->path, "find the file", errno);
  return check_original (self, options, error) && look_for_writers (self, &state, error)
         && (state != SAXID_WRITER_UNKNOWN || has_rested (self, error));
}

gboolean
saxid_replace_check (const char *path, const SaxidReplaceOptions *options, GError **error)
{
  Replacement self
    = { .path = path, .directory_fd = -1, .original_fd = -1, .guard_fd = -1, .lock_fd = -1, .copy_fd = -1, .scratch_fd = -1 };
  gboolean could = could_replace (&self, options != NULL ? options : &no_options, error);

  replacement_clear (&self);
  return could;
}
