/* Words of somebody else's file, before they are kept or put into a message.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text as UTF-8 without outer spaces and without characters that do instead of show, such as
 * controls and marks of direction: what is not UTF-8 is taken for Latin-1. length: bytes, -1 = up to the terminator. Free with g_free. */
char *saxid_clean_text (const char *text, gssize length);

/* Whether a text is UTF-8 without such characters. */
gboolean saxid_text_is_clean (const char *text);

G_END_DECLS
