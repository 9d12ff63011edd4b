/* The one way in which a file that somebody else made is opened.
 *
 * A name may lead to a pipe that nobody writes into, to a device or to a
 * directory: opening never waits, and nothing but a regular file is read.
 *
 * Thread: no state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A descriptor for reading, to be closed by the caller, and the size in *size; -1 on failure.
 * Errors: SAXID_ERROR_IO, without the place. */
int saxid_door_open (const char *path, guint64 *size, GError **error);

/* Whether the name leads to a regular file, whatever may be done with it. */
gboolean saxid_door_is_file (const char *path);

/* All bytes of a file that has no more than `most`, with a NUL behind them.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_LIMIT, without the place. */
gboolean saxid_door_read (const char *path, gsize most, char **bytes, gsize *n, GError **error);

G_END_DECLS
