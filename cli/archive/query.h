/* A question to the ledger in words: "label=core_shell_sphere and confidence>0.9".
 *
 *   question   = comparison { ("and" | "or") comparison }, "and" binding closer
 *   comparison = ["not"] ( "(" question ")" | field operator value )
 *   operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"      ~: contains
 *   value      = number | word | 'text' | "text"
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The condition in SQL with ?1, ?2 … for its values, which are appended to `values`
 * (of char *). Nothing of the question itself becomes SQL.
 * Errors: SAXID_ERROR_ARGUMENT with the place. */
char *saxid_archive_query (const char *question, GPtrArray *values, GError **error);

/* "file, entry, …": the fields that there are. */
char *saxid_archive_query_fields (void);

G_END_DECLS
