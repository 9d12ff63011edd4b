/* When was it measured, by what a file says?
 *
 * Programs write dates in many ways; what comes out of here can be compared as text.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "2018-06-06T10:46:56", with the offset behind it where the text has one; of a date alone
 * "2018-06-06". Known are ISO 8601 with T or a blank, C's ctime ("Wed Jun 06 10:46:56 2018") and
 * "06-Jun-2018 10:46:56". NULL: another spelling, or no date that there is. Free with g_free. */
char *saxid_date_iso (const char *text);

G_END_DECLS
