/* What do signs between and around numbers mean?
 *
 *   a ± b, a +/- b, a +- b   a value and its uncertainty
 *   a(5)                     the uncertainty is 5 of the last digit of a: 1.234(5) is 1.234 ± 0.005
 *   a (0.005), a(0.005)      with a point, or where a has none, it is the number itself
 *   a | b                    two cells; | at the ends is a border where a line begins with it
 *   a : b                    two cells, where the first number has a point or blanks stand around
 *                            every colon: 12:30:45 is a time; "1: 0.01 100" counts the points
 *
 * "1.234 (5)" may be 0.005 or 5, "5 ± 2 ± 1" has two uncertainties, and "2 ± 3 %" is another
 * thing again: such rows stay as they are, and are none.
 *
 * Thread: pure.
 */
#include "schemas/text/signs.h"

#include <stdlib.h>
#include <string.h>

typedef enum
{
  NOTHING, /* or a separator */
  NUMBER,
  UNCERTAINTY
} Last;

/* A row that is being rewritten. */
typedef struct
{
  const char *c;
  GString *out;
  Last last;
  gboolean marked; /* ± stands before what comes */
  gboolean comma_separates, colon_separates;
  gboolean bordered; /* it begins with a bar */
} Row;

/* Bytes of a sign that stands for ±; 0: none. */
static gsize
plus_minus (const char *c)
{
  static const char *const signs[] = { "±", "+/-", "+-" };

  for (gsize k = 0; k < G_N_ELEMENTS (signs); k++)
    if (g_str_has_prefix (c, signs[k]))
      return strlen (signs[k]);
  return 0;
}

static gboolean
has_signs (const char *line)
{
  return strpbrk (line, "|:(") != NULL || strstr (line, "±") != NULL || strstr (line, "+/-") != NULL
         || strstr (line, "+-") != NULL;
}

/* "+----+----+", "|:---|---:|" */
static gboolean
is_border (const char *line)
{
  return line[strspn (line, " \t+-=|:")] == '\0' && (strstr (line, "--") != NULL || strstr (line, "==") != NULL)
         && strpbrk (line, "+|") != NULL;
}

static gboolean
is_blank_at (char c)
{
  return c == ' ' || c == '\t';
}

/* Whether colons are between columns, see above. */
static gboolean
colons_separate (const char *line)
{
  const char *first = line + strspn (line, " \t|+-"), *colon = strchr (line, ':');
  const gsize digits = strspn (first, "0123456789");

  if (digits > 0 && strchr (".,eE", first[digits]) != NULL && first[digits] != '\0')
    return TRUE;
  if (colon != NULL && strchr (colon + 1, ':') == NULL && colon == first + digits && is_blank_at (colon[1]))
    return TRUE;
  for (; colon != NULL; colon = strchr (colon + 1, ':'))
    if (colon == line || !is_blank_at (colon[-1]) || !is_blank_at (colon[1]))
      return FALSE;
  return TRUE;
}

/* Bytes of a number at c: digits, points, commas that are no separators, an exponent. */
static gsize
number_at (const Row *row)
{
  const char *c = row->c + (*row->c == '-' || *row->c == '+');
  const gsize digits = strspn (c, row->comma_separates ? "0123456789." : "0123456789.,");

  if (digits == 0 || !(g_ascii_isdigit (c[0]) || c[0] == '.'))
    return 0;
  c += digits;
  if (*c != '\0' && strchr ("eEdD", *c) != NULL)
    {
      const char *exponent = c + 1 + (c[1] == '-' || c[1] == '+');

      if (g_ascii_isdigit (*exponent))
        c = exponent + strspn (exponent, "0123456789");
    }
  return (gsize) (c - row->c);
}

static gboolean
take_number (Row *row, gsize length)
{
  if (row->last != NOTHING && !row->marked && row->out->len > 0 && !is_blank_at (row->out->str[row->out->len - 1]))
    return FALSE; /* "1.5 2" are two, "1.52.5" is none */
  g_string_append_len (row->out, row->c, (gssize) length);
  row->c += length;
  row->last = row->marked ? UNCERTAINTY : NUMBER;
  row->marked = FALSE;
  return TRUE;
}

/* Digits behind the point of the number that ends at `end`; -1: nobody can say. */
static int
decimals_before (const GString *out, gsize end)
{
  gsize digits = 0;

  while (digits < end && g_ascii_isdigit (out->str[end - 1 - digits]))
    digits++;
  if (digits < end && strchr ("eEdD,", out->str[end - 1 - digits]) != NULL)
    return -1;
  if (digits + 1 < end && strchr ("-+", out->str[end - 1 - digits]) != NULL
      && strchr ("eEdD", out->str[end - 2 - digits]) != NULL)
    return -1;
  return digits < end && out->str[end - 1 - digits] == '.' ? (int) digits : 0;
}

/* "(5)" behind a number, or "(0.005)", and the exponent of both behind that. */
static gboolean
take_bracket (Row *row)
{
  const gboolean apart = row->out->len > 0 && is_blank_at (row->out->str[row->out->len - 1]);
  const char *inner = row->c + 1;
  const gsize length = strspn (inner, "0123456789."), whole = strspn (inner, "0123456789");
  const char *behind = inner + length + 1;
  gsize end = row->out->len, exponent = 0;
  int decimals;

  if (row->last != NUMBER || length == 0 || length > 20 || inner[length] != ')')
    return FALSE;
  while (end > 0 && is_blank_at (row->out->str[end - 1]))
    end--;
  decimals = decimals_before (row->out, end);
  if (decimals < 0 || decimals > 300 || (apart && whole == length && decimals > 0))
    return FALSE;
  if (strchr ("eE", *behind) != NULL && *behind != '\0' && !apart)
    exponent = strspn (behind + 1, "+-0123456789");
  if (exponent > 4)
    return FALSE;
  g_string_truncate (row->out, end);
  if (exponent > 0)
    g_string_append_printf (row->out, "e%.*s", (int) exponent, behind + 1);
  g_string_append_printf (row->out, "%c%.*se%d", SAXID_TEXT_BRACKET, (int) length, inner,
                          (whole == length ? -decimals : 0) + (exponent > 0 ? atoi (behind + 1) : 0));
  row->c = behind + (exponent > 0 ? 1 + exponent : 0);
  row->last = UNCERTAINTY;
  return *row->c == '\0' || strchr (" \t,;|:", *row->c) != NULL;
}

static gboolean
take_separator (Row *row)
{
  const char *rest = row->c + 1;

  if (row->marked || (*row->c == ':' && !row->colon_separates))
    return FALSE;
  if (*row->c == ',' || *row->c == ';')
    g_string_append_c (row->out, *row->c);
  else if (!row->bordered || (row->out->len > 0 && rest[strspn (rest, " \t")] != '\0'))
    g_string_append_c (row->out, '\t');
  row->c++;
  row->last = NOTHING;
  return TRUE;
}

/* The next piece of the row; FALSE: it is none. */
static gboolean
take_piece (Row *row)
{
  const gsize sign = plus_minus (row->c), number = sign == 0 ? number_at (row) : 0;

  if (sign > 0)
    {
      if (row->last != NUMBER || row->marked)
        return FALSE;
      g_string_append_c (row->out, SAXID_TEXT_PLUS_MINUS);
      row->c += sign;
      return row->marked = TRUE;
    }
  if (number > 0)
    return take_number (row, number);
  if (*row->c == '(')
    return take_bracket (row);
  if (strchr (",;|:", *row->c) != NULL)
    return take_separator (row);
  if (is_blank_at (*row->c))
    {
      if (row->out->len > 0)
        g_string_append_c (row->out, *row->c);
      row->c++;
      return TRUE;
    }
  if (g_ascii_strncasecmp (row->c, "nan", 3) == 0 && !g_ascii_isalnum (row->c[3]))
    return take_number (row, 3);
  return FALSE;
}

gboolean
saxid_text_signs_unclear (const char *line)
{
  line += strspn (line, " \t|+-");
  return g_ascii_isdigit (*line) && has_signs (line) && line[strspn (line, "0123456789.+-/eEdD,;:|()± \t%")] == '\0';
}

char *
saxid_text_signs_resolve (const char *line)
{
  g_autoptr (GString) out = NULL;
  Row row;

  if (!has_signs (line))
    return NULL;
  if (is_border (line))
    return g_strdup ("");
  out = g_string_new (NULL);
  row = (Row) { .c = line, .out = out, .comma_separates = strchr (line, '.') != NULL, .colon_separates = colons_separate (line),
                .bordered = line[strspn (line, " \t")] == '|' };
  while (*row.c != '\0')
    if (!take_piece (&row))
      return NULL;
  return row.marked ? NULL : g_string_free (g_steal_pointer (&out), FALSE);
}
