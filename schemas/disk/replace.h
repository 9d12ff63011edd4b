/* Changes a file so that its name holds the old content or the new one, never
 * a part of either: the change is made to a private copy beside it, which is
 * synced, checked and renamed over the original.
 *
 * A symbolic link is followed: its target is replaced, the link stays.
 * A file without any write permission is refused, for root too: whoever took
 * the permission away meant it.
 * A file of several names (hard links) is refused unless the caller agrees to
 * part them: the other names would keep the old content.
 * Kept: mode, owner, group and access control list, or the file is refused; other
 * extended attributes as far as the filesystem lets us. A new file beside another is
 * closed to the group where it cannot be given to the group of that one.
 *
 * Thread: any; two calls on one file wait for each other, also in different
 * processes (a record lock on the original).
 */
#pragma once

#include <sys/stat.h>

#include <glib.h>

G_BEGIN_DECLS

/* Works on the private copy; scratch is an empty file beside it, for what is needed on the
 * way, or NULL where none is wanted. Both paths are short enough for any library, and mean our files even where somebody puts
 * others under their names meanwhile; they can be opened and written to, not renamed. */
typedef gboolean (*SaxidReplaceFunc) (const char *copy, const char *scratch, gpointer data, GError **error);

typedef struct
{
  gboolean part_hard_links; /* replace this name although the file has others */

  /* When set, path may be missing and is then made from an empty file with the
   * mode and owner of this one, which is locked in place of path. */
  const char *made_beside;

  /* The original (made_beside, where that is set) as the caller has read it: one that has
   * become another since is refused. NULL: any is taken. */
  const struct stat *as_read;

  guint64 reserve; /* bytes that the change may add: claimed on disk before it
                    * begins, so that a full disk is met here and not inside
                    * a library that cannot undo */
  gboolean without_scratch;
  double lock_seconds; /* how long to wait for another saxid; 0 = 10 s */
} SaxidReplaceOptions;

/* change: makes the change. check: looks at the result with fresh eyes (may be
 * NULL). Both get data. options may be NULL.
 * Errors: SAXID_ERROR_IO (missing, read-only, full, changed by somebody else
 * meanwhile), SAXID_ERROR_BUSY (open for writing elsewhere, or changed a moment ago
 * where the file system cannot tell), SAXID_ERROR_UNSUPPORTED (hard links,
 * no regular file), and whatever change and check say. After an error the
 * original is as it was and the copy is gone. */
gboolean saxid_replace_file (const char *path, const SaxidReplaceOptions *options,
                             SaxidReplaceFunc change, SaxidReplaceFunc check, gpointer data,
                             GError **error);

/* Whether the file is the one that was read then, unchanged.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_replace_is_as_read (const char *path, const struct stat *then, GError **error);

/* Whether the file could be replaced as things are, for who would rather know before the
 * work than after it: it may be written to, is no link among several, and its directory
 * takes new files. Errors: as above. */
gboolean saxid_replace_check (const char *path, const SaxidReplaceOptions *options, GError **error);

G_END_DECLS
