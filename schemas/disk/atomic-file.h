/* A file that is either the old one or the whole new one, at any instant.
 *
 * What is written goes to a temporary file in the same directory; commit syncs
 * it, renames it over the name that was meant and syncs the directory.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidAtomicFile SaxidAtomicFile;

/* Whether a file at path may be made or replaced, for who asks before hours of work: what is no
 * regular file, or is read-only, may not. Errors: SAXID_ERROR_IO. */
gboolean saxid_atomic_check (const char *path, GError **error);

/* Creates the empty temporary file, with the mode and (where allowed) the owner
 * of the file that it will replace. A symbolic link at path is kept: the file
 * that it leads to is replaced.
 * Errors: SAXID_ERROR_IO, those of saxid_atomic_check. */
SaxidAtomicFile *saxid_atomic_begin (const char *path, GError **error);

/* The name to write to. */
const char *saxid_atomic_path (const SaxidAtomicFile *file);

/* Writes all of a file that is in memory already.
 * Errors: SAXID_ERROR_IO, with the system's reason ("No space left on device"). */
gboolean saxid_atomic_write (SaxidAtomicFile *file, const void *bytes, gsize n, GError **error);

/* Errors: SAXID_ERROR_IO; the file that was there is then untouched. Frees. */
gboolean saxid_atomic_commit (SaxidAtomicFile *file, GError **error);

/* Removes the temporary file. Frees. */
void saxid_atomic_abort (SaxidAtomicFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidAtomicFile, saxid_atomic_abort)

G_END_DECLS
