/* A file system without locks of ranges and without leases, for whatever program this is loaded
 * into (LD_PRELOAD): fcntl refuses both, as some network file systems do.
 *
 * Thread: as fcntl.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>

/* The error that a command has here, or 0. */
static int
lacks (int command)
{
  switch (command)
    {
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
    case F_OFD_GETLK:
      return ENOLCK;
    case F_SETLEASE:
    case F_GETLEASE:
      return EINVAL;
    default:
      return 0;
    }
}

#define LACKING(name_)                                                                               \
  __attribute__ ((visibility ("default"))) int name_ (int fd, int command, ...)                      \
  {                                                                                                  \
    static int (*real) (int, int, ...);                                                              \
    va_list rest;                                                                                    \
    void *argument;                                                                                  \
                                                                                                     \
    va_start (rest, command);                                                                        \
    argument = va_arg (rest, void *);                                                                \
    va_end (rest);                                                                                   \
    if (lacks (command) != 0)                                                                        \
      {                                                                                              \
        errno = lacks (command);                                                                     \
        return -1;                                                                                   \
      }                                                                                              \
    if (real == NULL)                                                                                \
      real = (int (*) (int, int, ...)) dlsym (RTLD_NEXT, #name_);                                    \
    return real (fd, command, argument);                                                             \
  }

LACKING (fcntl)
LACKING (fcntl64)
