/* How does a question to the ledger become SQL?
 *
 * Thread: pure.
 */
#include "cli/archive/query.h"

#include <string.h>

#include "reducers/error.h"

#define MOST_DEPTH 50

static const struct
{
  const char *name, *column;
  gboolean is_number;
} fields[] = {
  { "file", "file.path", FALSE },          { "entry", "curve.entry", FALSE },
  { "frame", "curve.frame", TRUE },        { "status", "curve.status", FALSE },
  { "label", "curve.label", FALSE },       { "confidence", "curve.confidence", TRUE },
  { "outlier", "curve.outlier", TRUE },    { "outlier_score", "curve.outlier_score", TRUE },
  { "state", "file.state", FALSE },        { "model", "file.model", FALSE },
  { "time", "file.time", FALSE },          { "error", "file.error", FALSE },
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

/* Whether this word comes next, and takes it. */
static gboolean
take_word (Parse *parse, const char *word)
{
  const gsize n = strlen (word);

  skip_blanks (parse);
  if (g_ascii_strncasecmp (parse->at, word, n) != 0 || is_word (parse->at[n]))
    return FALSE;
  parse->at += n;
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

/* "true" and "false" of a number are 1 and 0. */
static gboolean
bind_value (Parse *parse, int field, char *value)
{
  g_autofree char *owned = value;
  char *end;

  if (!fields[field].is_number)
    {
      g_ptr_array_add (parse->values, g_steal_pointer (&owned));
      return TRUE;
    }
  if (strcmp (owned, "true") == 0 || strcmp (owned, "false") == 0)
    {
      g_ptr_array_add (parse->values, g_strdup (owned[0] == 't' ? "1" : "0"));
      return TRUE;
    }
  g_ascii_strtod (owned, &end);
  if (end == owned || *end != '\0')
    return refuse (parse, "a number before");
  g_ptr_array_add (parse->values, g_steal_pointer (&owned));
  return TRUE;
}

static gboolean
compare (Parse *parse)
{
  const int field = take_field (parse);
  guint op = 0;
  char *value;

  if (field < 0)
    {
      g_autofree char *known = saxid_archive_query_fields (), *wanted = g_strdup_printf ("one of %s", known);

      return refuse (parse, wanted);
    }
  skip_blanks (parse);
  while (op < G_N_ELEMENTS (operators) && !g_str_has_prefix (parse->at, operators[op].word))
    op++;
  if (op == G_N_ELEMENTS (operators))
    return refuse (parse, "=, !=, <, <=, >, >= or ~");
  parse->at += strlen (operators[op].word);
  value = take_value (parse);
  if (value == NULL)
    return refuse (parse, "a value");
  if (!bind_value (parse, field, value))
    return FALSE;
  if (operators[op].sql == NULL)
    g_string_append_printf (parse->sql, "instr(%s, ?%u) > 0", fields[field].column, parse->values->len);
  else if (fields[field].is_number)
    g_string_append_printf (parse->sql, "%s %s CAST(?%u AS REAL)", fields[field].column, operators[op].sql,
                            parse->values->len);
  else
    g_string_append_printf (parse->sql, "%s %s ?%u", fields[field].column, operators[op].sql, parse->values->len);
  return TRUE;
}

static gboolean ask (Parse *parse);

static gboolean
one (Parse *parse)
{
  if (take_word (parse, "not"))
    g_string_append (parse->sql, "NOT ");
  skip_blanks (parse);
  if (*parse->at != '(')
    return compare (parse);
  parse->at++;
  if (++parse->depth > MOST_DEPTH)
    return refuse (parse, "less nesting");
  g_string_append_c (parse->sql, '(');
  if (!ask (parse))
    return FALSE;
  skip_blanks (parse);
  if (*parse->at != ')')
    return refuse (parse, "and, or or )");
  parse->at++;
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

char *
saxid_archive_query (const char *question, GPtrArray *values, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  Parse parse = { question, question, sql, values, 0, error };

  if (!ask (&parse))
    return NULL;
  skip_blanks (&parse);
  if (*parse.at != '\0')
    {
      refuse (&parse, "and or or");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&sql), FALSE);
}

char *
saxid_archive_query_fields (void)
{
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < G_N_ELEMENTS (fields); k++)
    g_string_append_printf (text, "%s%s", k > 0 ? ", " : "", fields[k].name);
  return g_string_free (text, FALSE);
}
