/* Whether two looks at a name found one file.
 *
 * Thread: pure.
 */
#pragma once

#include <sys/stat.h>

#include <glib.h>

G_BEGIN_DECLS

/* Content, mode and names may have changed. */
static inline gboolean
saxid_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

G_END_DECLS
