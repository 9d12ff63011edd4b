/* Lets the k-th call that writes to a regular file fail, for whatever program it is loaded into
 * (LD_PRELOAD). SAXID_FAIL_AT: k, from 1; SAXID_FAIL_ERRNO: ENOSPC's number or another's;
 * SAXID_FAIL_COUNT: a file that gets the number of calls when the program ends.
 *
 * Thread: counts atomically.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int
is_due (int fd)
{
  const char *at = getenv ("SAXID_FAIL_AT"), *number = getenv ("SAXID_FAIL_ERRNO");
  struct stat status;

  if (fd >= 0 && (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode)))
    return 0;
  if (atomic_fetch_add (&calls, 1) + 1 != (at != NULL ? atol (at) : 0))
    return 0;
  errno = number != NULL ? atoi (number) : ENOSPC;
  return 1;
}

__attribute__ ((destructor)) static void
tell (void)
{
  const char *name = getenv ("SAXID_FAIL_COUNT");
  FILE *file = name != NULL ? fopen (name, "we") : NULL;

  if (file == NULL)
    return;
  fprintf (file, "%ld\n", (long) calls);
  fclose (file);
}

/* A function of the C library that fails when it is its turn. */
#define FAILING(type_, name_, fd_, parameters_, arguments_)                                          \
  __attribute__ ((visibility ("default"))) type_ name_ parameters_                                   \
  {                                                                                                  \
    static type_ (*real) parameters_;                                                                \
                                                                                                     \
    if (real == NULL)                                                                                \
      real = (type_ (*) parameters_) dlsym (RTLD_NEXT, #name_);                                      \
    return is_due (fd_) ? -1 : real arguments_;                                                      \
  }

FAILING (ssize_t, write, fd, (int fd, const void *bytes, size_t n), (fd, bytes, n))
FAILING (ssize_t, pwrite, fd, (int fd, const void *bytes, size_t n, off_t at), (fd, bytes, n, at))
FAILING (ssize_t, pwrite64, fd, (int fd, const void *bytes, size_t n, off64_t at), (fd, bytes, n, at))
FAILING (int, fsync, fd, (int fd), (fd))
FAILING (int, fdatasync, fd, (int fd), (fd))
FAILING (int, ftruncate, fd, (int fd, off_t size), (fd, size))
FAILING (int, ftruncate64, fd, (int fd, off64_t size), (fd, size))
FAILING (int, fallocate, fd, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
FAILING (int, fallocate64, fd, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))
FAILING (ssize_t, copy_file_range, to, (int from, off64_t *at, int to, off64_t *there, size_t n, unsigned flags),
         (from, at, to, there, n, flags))
FAILING (int, rename, -1, (const char *from, const char *to), (from, to))
FAILING (int, renameat, -1, (int a, const char *from, int b, const char *to), (a, from, b, to))
FAILING (int, renameat2, -1, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags))
