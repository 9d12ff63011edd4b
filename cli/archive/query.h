/* A question to the ledger in words:
 * "label in (sphere, core-shell sphere) and measured>2025-01-01 order by confidence desc limit 20".
 *
 *   question   = [ "all" | condition ] [ "order" "by" field ["asc" | "desc"] { "," … } ] [ "limit" number ]
 *   condition  = comparison { ("and" | "or") comparison }, "and" binding closer
 *   comparison = ["not"] ( "(" condition ")" | field operator value | field "in" "(" value { "," value } ")"
 *                | field that is true or false )
 *   operator   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"      ~: contains
 *   value      = number | word | 'text' | "text"; of a label several words
 *
 * Labels are classes that there are, whether written with a blank, a hyphen or an underscore, in
 * capitals or not. Dates are years, months, days or times as in schemas/dates.h.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *condition;   /* in SQL, with ?1, ?2 … for the values; nothing of the question itself is in it */
  char *order;       /* columns in SQL, with a comma behind them; "" where the question has no order */
  gint64 limit;      /* rows; -1: all */
  GPtrArray *values; /* of char * */
} SaxidArchiveQuestion;

/* labels: those that the ledger has, NULL-terminated; beside them all classes are known.
 * Errors: SAXID_ERROR_ARGUMENT with the place, and with the word that was meant. */
SaxidArchiveQuestion *saxid_archive_question_new (const char *text, const char *const *labels, GError **error);
void saxid_archive_question_free (SaxidArchiveQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidArchiveQuestion, saxid_archive_question_free)

G_END_DECLS
