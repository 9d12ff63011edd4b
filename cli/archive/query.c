/* How does a question to the ledger become SQL?
 *
 * Thread: pure.
 */
#include "cli/archive/query.h"

#include <string.h>

#include "cli/nearest.h"
#include "models/learn/levels.h"
#include "models/materials/fit.h"
#include "reducers/error.h"
#include "schemas/dates.h"

#define MOST_DEPTH 50
#define MOST_LIMIT 1000000000

typedef enum
{
  TEXT,
  NUMBER,
  FLAG, /* 1 or 0, and a comparison of its own */
  DATE,
  LABEL
} Kind;

static const struct
{
  const char *name, *column;
  Kind kind;
} fields[] = {
  { "file", "file.path", TEXT },
  { "entry", "curve.entry", TEXT },
  { "frame", "curve.frame", NUMBER },
  { "status", "curve.status", TEXT },
  { "label", "curve.label", LABEL },
  { "confidence", "curve.confidence", NUMBER },
  { "outlier", "curve.outlier", FLAG },
  { "outlier_score", "curve.outlier_score", NUMBER },
  { "title", "curve.title", TEXT },
  { "sample", "curve.sample", TEXT },
  { "instrument", "curve.instrument", TEXT },
  { "measured", "curve.measured", DATE },
  { "state", "file.state", TEXT },
  { "tags", "file.tags", TEXT },
  { "file_time", "file.file_time", DATE },
  { "model", "file.model", TEXT },
  { "time", "file.time", DATE },
  { "error", "file.error", TEXT },
};

/* The longer ones first. */
static const struct
{
  const char *word, *sql;
} operators[] = {
  { "!=", "<>" }, { "<=", "<=" }, { ">=", ">=" }, { "==", "=" }, { "=", "=" }, { "<", "<" }, { ">", ">" }, { "~", NULL },
};

typedef struct
{
  const char *text, *at;
  const char *const *labels;
  GString *sql;
  GPtrArray *values;
  guint depth;
  GError **error;
} Parse;

static gboolean
refuse (Parse *parse, const char *wanted)
{
  g_set_error (parse->error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "question '%s': %s is needed at '%s'", parse->text, wanted,
               *parse->at != '\0' ? parse->at : "the end");
  return FALSE;
}

static gboolean
refuse_unknown (Parse *parse, const char *what, const char *word, const char *meant)
{
  if (meant != NULL)
    g_set_error (parse->error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "question '%s': '%s' is no %s; did you mean %s?",
                 parse->text, word, what, meant);
  else
    g_set_error (parse->error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "question '%s': '%s' is no %s", parse->text, word, what);
  return FALSE;
}

static void
skip_blanks (Parse *parse)
{
  while (g_ascii_isspace (*parse->at))
    parse->at++;
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("_-.+/:*", c) != NULL) || (guchar) c >= 0x80;
}

/* Whether this word comes next; it is not taken. */
static gboolean
sees_word (Parse *parse, const char *word)
{
  skip_blanks (parse);
  return g_ascii_strncasecmp (parse->at, word, strlen (word)) == 0 && !is_word (parse->at[strlen (word)]);
}

static gboolean
take_word (Parse *parse, const char *word)
{
  if (!sees_word (parse, word))
    return FALSE;
  parse->at += strlen (word);
  return TRUE;
}

static gboolean
take_sign (Parse *parse, char sign)
{
  skip_blanks (parse);
  if (*parse->at != sign)
    return FALSE;
  parse->at++;
  return TRUE;
}

static char *
take_value (Parse *parse)
{
  const char *start, *end;

  skip_blanks (parse);
  if (*parse->at == '\'' || *parse->at == '"')
    {
      start = parse->at + 1;
      end = strchr (start, *parse->at);
      if (end == NULL)
        return NULL;
      parse->at = end + 1;
      return g_strndup (start, (gsize) (end - start));
    }
  start = parse->at;
  while (is_word (*parse->at))
    parse->at++;
  return parse->at > start ? g_strndup (start, (gsize) (parse->at - start)) : NULL;
}

static int
take_field (Parse *parse)
{
  g_autofree char *name = NULL;
  const char *before;

  skip_blanks (parse);
  before = parse->at;
  while (g_ascii_isalpha (*parse->at) || *parse->at == '_')
    parse->at++;
  name = g_strndup (before, (gsize) (parse->at - before));
  for (guint k = 0; k < G_N_ELEMENTS (fields); k++)
    if (strcmp (fields[k].name, name) == 0)
      return (int) k;
  parse->at = before;
  return -1;
}

static gboolean
refuse_field (Parse *parse)
{
  g_autoptr (GString) known = g_string_new ("one of");
  const char *names[G_N_ELEMENTS (fields)], *end = parse->at;
  g_autofree char *word = NULL;

  while (is_word (*end))
    end++;
  word = g_strndup (parse->at, (gsize) (end - parse->at));
  for (guint k = 0; k < G_N_ELEMENTS (fields); k++)
    {
      names[k] = fields[k].name;
      g_string_append_printf (known, "%s %s", k > 0 ? "," : "", fields[k].name);
    }
  if (*word != '\0' && saxid_nearest (word, G_N_ELEMENTS (names), names) != NULL)
    return refuse_unknown (parse, "field", word, saxid_nearest (word, G_N_ELEMENTS (names), names));
  return refuse (parse, known->str);
}

/* --- Values ------------------------------------------------------------------------------------ */

/* The words behind the first that are of the same label: "core-shell sphere". */
static char *
take_label (Parse *parse, char *first)
{
  g_autoptr (GString) label = g_string_new (first);

  while (skip_blanks (parse), is_word (*parse->at) && !sees_word (parse, "and") && !sees_word (parse, "or")
                                && !sees_word (parse, "order") && !sees_word (parse, "limit"))
    {
      g_autofree char *more = take_value (parse);

      g_string_append_printf (label, "_%s", more);
    }
  g_free (first);
  for (char *c = label->str; *c != '\0'; c++)
    *c = *c == '-' || *c == ' ' ? '_' : g_ascii_tolower (*c);
  return g_string_free (g_steal_pointer (&label), FALSE);
}

static gboolean
check_label (Parse *parse, const char *label)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint k = 0; saxid_level_class (k) != NULL; k++)
    g_ptr_array_add (known, (gpointer) saxid_level_class (k));
  for (guint k = 0; k < SAXID_MATERIAL_KINDS; k++)
    g_ptr_array_add (known, (gpointer) saxid_material_kind_class (k));
  for (guint k = 0; parse->labels != NULL && parse->labels[k] != NULL; k++)
    g_ptr_array_add (known, (gpointer) parse->labels[k]);
  for (guint k = 0; k < known->len; k++)
    if (strcmp (known->pdata[k], label) == 0)
      return TRUE;
  return refuse_unknown (parse, "class", label, saxid_nearest (label, known->len, (const char *const *) known->pdata));
}

/* "2025", "2025-01": the beginning of it, as text compares. */
static gboolean
is_part_of_date (const char *text)
{
  static const char pattern[] = "dddd-dd-dd";
  const gsize n = strlen (text);

  if (n != 4 && n != 7)
    return FALSE;
  for (gsize k = 0; k < n; k++)
    if (pattern[k] == 'd' ? !g_ascii_isdigit (text[k]) : text[k] != pattern[k])
      return FALSE;
  return TRUE;
}

/* "true" and "false" of a number are 1 and 0. */
static gboolean
check_number (Parse *parse, char **value)
{
  char *end;

  if (strcmp (*value, "true") == 0 || strcmp (*value, "false") == 0)
    {
      const gboolean is_true = (*value)[0] == 't';

      g_free (*value);
      *value = g_strdup (is_true ? "1" : "0");
      return TRUE;
    }
  g_ascii_strtod (*value, &end);
  return (end != *value && *end == '\0') || refuse (parse, "a number before");
}

/* Makes a value what the field is compared with. contains: any part of a text will do. */
static gboolean
bind_value (Parse *parse, int field, gboolean contains, char *value)
{
  g_autofree char *owned = value;
  char *date;

  if (owned == NULL)
    return refuse (parse, "a value");
  if (fields[field].kind == LABEL)
    {
      owned = take_label (parse, owned);
      if (!contains && !check_label (parse, owned))
        return FALSE;
    }
  if (fields[field].kind == DATE && !contains && !is_part_of_date (owned))
    {
      date = saxid_date_iso (owned);
      if (date == NULL)
        return refuse_unknown (parse, "date such as 2025-01-31", owned, NULL);
      g_free (owned);
      owned = date;
    }
  if ((fields[field].kind == NUMBER || fields[field].kind == FLAG) && !contains && !check_number (parse, &owned))
    return FALSE;
  g_ptr_array_add (parse->values, g_steal_pointer (&owned));
  return TRUE;
}

/* --- Conditions -------------------------------------------------------------------------------- */

static gboolean
is_number (int field)
{
  return fields[field].kind == NUMBER || fields[field].kind == FLAG;
}

static gboolean
compare_list (Parse *parse, int field)
{
  const char *joint = "";

  if (!take_sign (parse, '('))
    return refuse (parse, "(");
  g_string_append_printf (parse->sql, "%s IN (", fields[field].column);
  do
    {
      if (!bind_value (parse, field, FALSE, take_value (parse)))
        return FALSE;
      g_string_append_printf (parse->sql, is_number (field) ? "%sCAST(?%u AS REAL)" : "%s?%u", joint, parse->values->len);
      joint = ", ";
    }
  while (take_sign (parse, ','));
  g_string_append_c (parse->sql, ')');
  return take_sign (parse, ')') || refuse (parse, ", or )");
}

static gboolean
compare (Parse *parse)
{
  const int field = take_field (parse);
  guint op = 0;

  if (field < 0)
    return refuse_field (parse);
  if (take_word (parse, "in"))
    return compare_list (parse, field);
  skip_blanks (parse);
  while (op < G_N_ELEMENTS (operators) && !g_str_has_prefix (parse->at, operators[op].word))
    op++;
  if (op == G_N_ELEMENTS (operators))
    {
      if (fields[field].kind != FLAG)
        return refuse (parse, "=, !=, <, <=, >, >=, ~ or in");
      g_string_append_printf (parse->sql, "%s = 1", fields[field].column);
      return TRUE;
    }
  parse->at += strlen (operators[op].word);
  if (!bind_value (parse, field, operators[op].sql == NULL, take_value (parse)))
    return FALSE;
  if (operators[op].sql == NULL)
    g_string_append_printf (parse->sql, "instr(%s, ?%u) > 0", fields[field].column, parse->values->len);
  else
    g_string_append_printf (parse->sql, is_number (field) ? "%s %s CAST(?%u AS REAL)" : "%s %s ?%u", fields[field].column,
                            operators[op].sql, parse->values->len);
  return TRUE;
}

static gboolean ask (Parse *parse);

static gboolean
one (Parse *parse)
{
  if (take_word (parse, "not"))
    g_string_append (parse->sql, "NOT ");
  if (!take_sign (parse, '('))
    return compare (parse);
  if (++parse->depth > MOST_DEPTH)
    return refuse (parse, "less nesting");
  g_string_append_c (parse->sql, '(');
  if (!ask (parse))
    return FALSE;
  if (!take_sign (parse, ')'))
    return refuse (parse, "and, or or )");
  parse->depth--;
  g_string_append_c (parse->sql, ')');
  return TRUE;
}

/* SQL's own precedence is the one that is meant. */
static gboolean
ask (Parse *parse)
{
  if (!one (parse))
    return FALSE;
  for (;;)
    {
      if (take_word (parse, "and"))
        g_string_append (parse->sql, " AND ");
      else if (take_word (parse, "or"))
        g_string_append (parse->sql, " OR ");
      else
        return TRUE;
      if (!one (parse))
        return FALSE;
    }
}

/* --- Order and number of the rows ---------------------------------------------------------------- */

static gboolean
take_order (Parse *parse, GString *order)
{
  if (!take_word (parse, "by"))
    return refuse (parse, "by");
  do
    {
      const int field = take_field (parse);

      if (field < 0)
        return refuse_field (parse);
      /* what is not known comes last, whatever the order */
      g_string_append_printf (order, "%s IS NULL, %s%s, ", fields[field].column, fields[field].column,
                              take_word (parse, "desc") ? " DESC" : "");
      take_word (parse, "asc");
    }
  while (take_sign (parse, ','));
  return TRUE;
}

static gboolean
take_limit (Parse *parse, gint64 *limit)
{
  g_autofree char *value = take_value (parse);

  if (value == NULL || !g_ascii_string_to_signed (value, 10, 0, MOST_LIMIT, limit, NULL))
    return refuse (parse, "a number of rows before");
  return TRUE;
}

static gboolean
take_all (Parse *parse, SaxidArchiveQuestion *question, GString *order)
{
  skip_blanks (parse);
  if (*parse->at == '\0' || take_word (parse, "all") || sees_word (parse, "order") || sees_word (parse, "limit"))
    g_string_append_c (parse->sql, '1');
  else if (!ask (parse))
    return FALSE;
  if (take_word (parse, "order") && !take_order (parse, order))
    return FALSE;
  if (take_word (parse, "limit") && !take_limit (parse, &question->limit))
    return FALSE;
  skip_blanks (parse);
  return *parse->at == '\0' || refuse (parse, "and, or, order by or limit");
}

SaxidArchiveQuestion *
saxid_archive_question_new (const char *text, const char *const *labels, GError **error)
{
  g_autoptr (SaxidArchiveQuestion) question = g_new0 (SaxidArchiveQuestion, 1);
  g_autoptr (GString) sql = g_string_new (NULL), order = g_string_new (NULL);
  Parse parse = { text, text, labels, sql, NULL, 0, error };

  question->limit = -1;
  question->values = parse.values = g_ptr_array_new_with_free_func (g_free);
  if (!take_all (&parse, question, order))
    return NULL;
  question->condition = g_string_free (g_steal_pointer (&sql), FALSE);
  question->order = g_string_free (g_steal_pointer (&order), FALSE);
  return g_steal_pointer (&question);
}

void
saxid_archive_question_free (SaxidArchiveQuestion *question)
{
  if (question == NULL)
    return;
  g_free (question->condition);
  g_free (question->order);
  g_clear_pointer (&question->values, g_ptr_array_unref);
  g_free (question);
}
