/* Takes the saxid groups out of a file, in one replacement of the file; or takes a side file
 * away.
 *
 * A group that holds what saxid did not write is left alone, and then nothing is taken out.
 *
 * Thread: any; two calls on one file wait for each other, as in replace.h.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* *n: how many groups there were; where that is 0 the file is not written.
 * Errors: SAXID_ERROR_FORMAT, SAXID_ERROR_UNSUPPORTED (something of others in a group of ours),
 * and those of saxid_tag_find and saxid_replace_file. The file is then as it was. */
gboolean saxid_tag_remove (const char *path, guint *n, GError **error);

/* Takes STEM_saxid.nxs of the file away, if it holds tags of that file, our links and nothing
 * else. Errors: SAXID_ERROR_NO_CURVE where there is none, SAXID_ERROR_UNSUPPORTED,
 * SAXID_ERROR_IO. */
gboolean saxid_tag_remove_side (const char *path, GError **error);

G_END_DECLS
