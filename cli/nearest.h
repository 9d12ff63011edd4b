/* Which word was meant?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of n words the one that a slip of the finger turns into `word`: one letter in three wrong, left
 * out, too many or changed with its neighbour, or the only one that begins so. NULL: none. */
const char *saxid_nearest (const char *word, gsize n, const char *const *words);

G_END_DECLS
