/* What any part of a page is written with.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text of a file: nothing in it is taken for HTML. */
void saxid_report_put_text (GString *out, const char *text);

/* A row of two cells; NULL or nothing as value appends none. */
void saxid_report_put_pair (GString *out, const char *key, const char *value);

/* Appends a drawing and frees it; NULL appends nothing. */
void saxid_report_put_drawing (GString *out, GBytes *drawing);

G_END_DECLS
