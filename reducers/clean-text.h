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

/* Copies as much of a text as fits with its NUL, and no part of a character. */
void saxid_text_fit (char *to, const char *text, gsize size);

/* The same of sentences: where they do not fit, whole words and "…". */
void saxid_text_fit_words (char *to, const char *text, gsize size);

/* The same of a name that tells one thing from another: where it does not fit, its end gives way
 * to a checksum of the whole, so that two of them are equal only where the names are. */
void saxid_text_fit_name (char *to, const char *name, gsize size);

/* Whether a text is UTF-8 without such characters. */
gboolean saxid_text_is_clean (const char *text);

G_END_DECLS
