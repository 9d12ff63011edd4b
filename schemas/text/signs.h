/* Rows in which signs stand between or around numbers: "0.01 | 100 ± 2", "0.01 : 1.234(5)".
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands before a number that is the uncertainty of the one before it, in a row as it is
 * rewritten: it was behind ±, or in brackets. No text has these characters. */
#define SAXID_TEXT_PLUS_MINUS '\v'
#define SAXID_TEXT_BRACKET    '\f'
#define SAXID_TEXT_MARKS      "\v\f"

/* The row with blanks and tabs between its numbers, g_free; "" for a line that is the border of
 * a table; NULL where there are no such signs, or where they may mean several things. Whether
 * numbers are what is left is not looked at. */
char *saxid_text_signs_resolve (const char *line);

/* Whether a line that is no row has nothing but numbers and such signs in it. */
gboolean saxid_text_signs_unclear (const char *line);

G_END_DECLS
