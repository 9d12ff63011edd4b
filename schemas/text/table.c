/* Where in a text are blocks of numbers?
 *
 * Thread: pure.
 */
#include "schemas/text/table.h"

#include <math.h>
#include <string.h>

#include "reducers/curve.h"
#include "reducers/error.h"
#include "schemas/text/names.h"
#include "schemas/text/signs.h"

#define MOST_ROWS   (1 << 20)
#define MOST_VALUES (1 << 24)
#define MOST_BLOCKS 64

/* --- text and lines ----------------------------------------------------- */

/* UTF-8 text; what is neither UTF-8 nor UTF-16 is taken as Latin-1. */
static char *
as_text (const char *bytes, gsize n, const char *name, GError **error)
{
  const guchar *b = (const guchar *) bytes;
  char *text = NULL;

  if (n >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)))
    text = g_convert (bytes, (gssize) n, "UTF-8", "UTF-16", NULL, NULL, NULL);
  else if (memchr (bytes, '\0', n) == NULL)
    {
      if (n >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
        {
          bytes += 3;
          n -= 3;
        }
      text = g_utf8_validate (bytes, (gssize) n, NULL)
                 ? g_strndup (bytes, n)
                 : g_convert (bytes, (gssize) n, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
    }
  if (text == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "neither text nor HDF5 (%s)", name);
  return text;
}

/* Cuts the text into lines, in place. */
static GPtrArray *
cut_lines (char *text)
{
  GPtrArray *lines = g_ptr_array_new ();
  char *c = text;

  while (*c != '\0')
    {
      gsize length = strcspn (c, "\r\n");
      char end = c[length];

      g_ptr_array_add (lines, c);
      c[length] = '\0';
      for (char *mark = c; (mark = strpbrk (mark, SAXID_TEXT_MARKS)) != NULL;)
        *mark = ' '; /* nothing in a file is a mark of ours */
      c += length;
      if (end == '\r' && c[1] == '\n')
        c++;
      if (end != '\0')
        c++;
    }
  return lines;
}

static gboolean
is_comment (const char *line)
{
  return strchr ("#!%;*/\"'", line[strspn (line, " \t")]) != NULL; /* an empty line, too */
}

/* --- numbers ------------------------------------------------------------ */

/* How the lines of a text are cut, and what a comma in a number is. */
typedef struct
{
  const char *separators;
  gboolean decimal_comma;
} Manner;

/* "1.234,56", "0,01", "-1.234.567": points before groups of three digits, one comma. sure: no
 * number with commas between thousands looks like that. */
static gboolean
is_continental (const char *token, gsize length, gboolean *sure)
{
  const char *c = token, *end = token + length;
  guint groups = 0;
  gsize whole;

  c += c < end && (*c == '-' || *c == '+');
  whole = strspn (c, "0123456789");
  if (whole == 0 || c + whole > end)
    return FALSE;
  *sure |= c[0] == '0' && whole == 1 && c + 1 < end && c[1] == ',';
  for (c += whole; c < end && *c == '.'; c += 4, groups++)
    if (whole > 3 || c + 4 > end || strspn (c + 1, "0123456789") < 3)
      return FALSE;
  if (c < end && *c == ',')
    {
      const gsize digits = strspn (c + 1, "0123456789");

      *sure |= groups > 0 || digits != 3;
      c += 1 + digits;
    }
  if (c < end && (*c == 'e' || *c == 'E'))
    {
      c += 1 + (c[1] == '-' || c[1] == '+');
      c += strspn (c, "0123456789");
    }
  return c == end;
}

static const char *next_token (const char *c, const char *separators, const char **token, gsize *length);

/* Whether all numbers of a line are written so, and one of them cannot be otherwise. */
static gboolean
is_continental_line (const char *line, const char *separators)
{
  const gboolean blanks = separators[0] == ' ';
  const char *c = line + (blanks ? strspn (line, separators) : 0);
  gboolean sure = FALSE;
  guint n = 0;

  if (strchr (line, ',') == NULL)
    return FALSE;
  while (*c != '\0')
    {
      const char *token;
      gsize length;

      c = next_token (c, separators, &token, &length);
      if (length > 0 && !is_continental (token, length, &sure))
        return FALSE;
      n += length > 0;
      if (*c != '\0')
        c += blanks ? strspn (c, separators) : 1;
    }
  return sure && n > 1;
}

static Manner
manner_of_blanks (const char *line)
{
  gboolean point = strchr (line, '.') != NULL;
  const char *first = line + strspn (line, " \t");
  gboolean blank = strpbrk (first, " \t") != NULL;

  if (strchr (line, ',') == NULL)
    return (Manner) { " \t;", FALSE };
  if (point && is_continental_line (line, " \t;"))
    return (Manner) { " \t;", TRUE };
  if (strchr (line, ';') != NULL)
    return point ? (Manner) { " \t;,", FALSE } : (Manner) { " \t;", TRUE };
  if (point || !blank)
    return (Manner) { " \t,", FALSE };
  /* blanks and commas, no point: "0,01 1,5" unless a comma stands at a blank */
  for (const char *c = strchr (line, ','); c != NULL; c = strchr (c + 1, ','))
    if (c == line || !g_ascii_isdigit (c[-1]) || !g_ascii_isdigit (c[1]))
      return (Manner) { " \t,", FALSE };
  return (Manner) { " \t", TRUE };
}

static Manner
manner_of_cells (const char *line)
{
  const gboolean no_point = strchr (line, '.') == NULL;

  if (strchr (line, ';') != NULL)
    return (Manner) { ";", no_point || is_continental_line (line, ";") };
  if (strchr (line, '\t') != NULL)
    return (Manner) { "\t", no_point || is_continental_line (line, "\t") };
  return (Manner) { ",", strpbrk (line, "\"'") != NULL && is_continental_line (line, ",") };
}

/* Marks tell columns apart as blanks do, whatever else does. */
static Manner
manner_of (const char *line, gboolean cells)
{
  static const char *const with_marks[][2] = {
    { " \t;", " \t;" SAXID_TEXT_MARKS }, { " \t;,", " \t;," SAXID_TEXT_MARKS }, { " \t,", " \t," SAXID_TEXT_MARKS },
    { " \t", " \t" SAXID_TEXT_MARKS },   { ";", ";" SAXID_TEXT_MARKS },           { "\t", "\t" SAXID_TEXT_MARKS },
    { ",", "," SAXID_TEXT_MARKS },
  };
  g_autofree char *plain = NULL;
  Manner manner;

  if (strpbrk (line, SAXID_TEXT_MARKS) == NULL)
    return cells ? manner_of_cells (line) : manner_of_blanks (line);
  plain = g_strdelimit (g_strdup (line), SAXID_TEXT_MARKS, ' ');
  manner = cells ? manner_of_cells (plain) : manner_of_blanks (plain);
  for (gsize k = 0; k < G_N_ELEMENTS (with_marks); k++)
    if (strcmp (manner.separators, with_marks[k][0]) == 0)
      return (Manner) { with_marks[k][1], manner.decimal_comma };
  return manner;
}

/* "1,234,567.8": commas before groups of three digits are left out. */
static gboolean
drop_thousands (char *number)
{
  const char *end = number + strcspn (number, ".eE");
  char *to = number;

  for (const char *c = number; *c != '\0'; c++)
    {
      if (*c != ',')
        *to++ = *c;
      else if (c > end || c == number || strspn (c + 1, "0123456789") != 3)
        return FALSE;
    }
  *to = '\0';
  return TRUE;
}

/* "1.234,56" is "1234,56". */
static gboolean
drop_points (char *number)
{
  gboolean sure = FALSE;
  char *to = number;

  if (!is_continental (number, strlen (number), &sure))
    return FALSE;
  for (const char *c = number; *c != '\0'; c++)
    if (*c != '.')
      *to++ = *c;
  *to = '\0';
  return TRUE;
}

/* What programs print where there is no number. */
static gboolean
is_hole (const char *text)
{
  static const char *const holes[]
    = { "n/a", "#n/a", "na", "null", "none", "missing", "masked", "1.#qnan", "-1.#ind", "1.#inf", "-1.#inf", "1.#ind",
        "-nan(ind)" };

  if (text[1] != '\0' && (strspn (text, "*") == strlen (text) || strspn (text, "-") == strlen (text)))
    return TRUE;
  for (gsize k = 0; k < G_N_ELEMENTS (holes); k++)
    if (g_ascii_strcasecmp (text, holes[k]) == 0)
      return TRUE;
  return FALSE;
}

/* A whole token as a number; what programs print for none is NaN. */
static gboolean
parse_number (const char *token, gsize length, gboolean decimal_comma, double *value)
{
  char copy[64];
  char *end;

  if (length == 0 || length >= sizeof copy)
    return FALSE;
  memcpy (copy, token, length);
  copy[length] = '\0';
  *value = NAN;
  if (is_hole (copy))
    return TRUE;
  if (!decimal_comma && strchr (copy, ',') != NULL && !drop_thousands (copy))
    return FALSE;
  if (decimal_comma && strchr (copy, '.') != NULL && !drop_points (copy))
    return FALSE;
  for (char *c = copy; *c != '\0'; c++)
    {
      if (*c == ',' && decimal_comma)
        *c = '.';
      else if ((*c == 'D' || *c == 'd') && c > copy && (g_ascii_isdigit (c[-1]) || c[-1] == '.'))
        *c = 'e';
      else if (*c == 'x' || *c == 'X' || *c == 'p' || *c == 'P')
        return FALSE; /* hexadecimal is no measured value */
    }
  *value = g_ascii_strtod (copy, &end);
  return *end == '\0';
}

/* The token at c, without quotes and outer blanks; returns what is behind it. */
static const char *
next_token (const char *c, const char *separators, const char **token, gsize *length)
{
  const char *end, *quote;

  c += strspn (c, separators[0] == ' ' ? "" : " ");
  quote = *c == '"' || *c == '\'' ? strchr (c + 1, *c) : NULL;
  if (quote != NULL)
    {
      *token = c + 1 + strspn (c + 1, " ");
      end = quote + 1 + strcspn (quote + 1, separators);
      *length = quote > *token ? (gsize) (quote - *token) : 0;
    }
  else
    {
      *token = c;
      end = c + strcspn (c, separators);
      *length = (gsize) (end - c);
    }
  while (*length > 0 && g_ascii_isspace ((*token)[*length - 1]))
    (*length)--;
  return end;
}

/* How many numbers of fixed width stand in a token without a blank between them:
 * "1.234E-02-5.123E-03". 0: something else does. */
static guint
parse_glued (const char *token, gsize length, double *values, guint room)
{
  char copy[512];
  const char *c = copy;
  guint n = 0;

  if (length == 0 || length >= sizeof copy)
    return 0;
  memcpy (copy, token, length);
  copy[length] = '\0';
  while (*c != '\0')
    {
      const char *end = c + (*c == '-' || *c == '+');
      const gsize digits = strspn (end, "0123456789.");

      if (n == room || digits < 2 || memchr (end, '.', digits) == NULL)
        return 0;
      end += digits;
      if (strchr ("eEdD", *end) != NULL && *end != '\0')
        {
          end += 1 + (end[1] == '-' || end[1] == '+');
          end += strspn (end, "0123456789");
        }
      if ((*end != '\0' && *end != '-') || !parse_number (c, (gsize) (end - c), FALSE, &values[n]))
        return 0;
      n++;
      c = end;
    }
  return n;
}

/* What a line has beside its numbers. */
typedef struct
{
  guint good;  /* numbers before the first cell that is none */
  guint cells; /* all cells */
} Damage;

/* The mark among the characters that tell two columns apart; 0: none. */
static char
mark_in (const char *from, const char *to)
{
  for (; from < to; from++)
    if (strchr (SAXID_TEXT_MARKS, *from) != NULL)
      return *from;
  return '\0';
}

/* The numbers of a line; 0 where anything else is in it: damage, where it is not NULL, then
 * tells what, and a cell that is no number is NaN. marks, where it is not NULL, gets the mark
 * before each. */
static guint
parse_marked_line (const char *line, gboolean cells, double *values, char *marks, Damage *damage)
{
  const Manner manner = manner_of (line, cells);
  /* quoted, and with no point anywhere: "0,01","1,5" */
  const gboolean comma = manner.decimal_comma || (strpbrk (line, "\"'") != NULL && strchr (line, '.') == NULL);
  const char *c = line + (cells ? 0 : strspn (line, manner.separators));
  guint n = 0, numbers = 0;
  gboolean damaged = FALSE;

  if (damage != NULL)
    *damage = (Damage) { 0 };
  while (*c != '\0' || (cells && n > 0))
    {
      const char *token;
      gsize length;

      c = next_token (c, manner.separators, &token, &length);
      if (n == SAXID_TEXT_MOST_COLUMNS)
        return 0;
      if (length == 0 && cells)
        values[n] = NAN;
      else if (!parse_number (token, length, comma, &values[n]))
        {
          const guint glued
            = !cells && !comma ? parse_glued (token, length, values + n, SAXID_TEXT_MOST_COLUMNS - n) : 0;

          if (glued == 0)
            {
              if (damage == NULL)
                return 0;
              if (!damaged)
                damage->good = n;
              damaged = TRUE;
              values[n] = NAN;
            }
          else
            {
              numbers += glued - 1;
              n += glued - 1;
            }
        }
      numbers += !isnan (values[n]);
      n++;
      if (*c == '\0')
        break;
      token = c;
      c += cells ? 1 : strspn (c, manner.separators);
      if (marks != NULL && n < SAXID_TEXT_MOST_COLUMNS)
        marks[n] = mark_in (token, c);
    }
  if (damage != NULL)
    damage->cells = n;
  return numbers > 0 && !damaged ? n : 0;
}

static guint
parse_line (const char *line, gboolean cells, double *values, Damage *damage)
{
  return parse_marked_line (line, cells, values, NULL, damage);
}

/* Whether a line is a row of so many columns in which something is no number: "0.1 <0.5 3", or
 * has a remark behind it: "0.1 5 3 *". The first is q, or nothing can be said of it. */
static gboolean
is_damaged_row (const char *line, gboolean cells, guint n_column, double *values)
{
  Damage damage;

  if (n_column < 2 || is_comment (line) || parse_line (line, cells, values, &damage) != 0 || damage.good == 0)
    return FALSE;
  return !isnan (values[0]) && (damage.good >= n_column || damage.cells == n_column);
}

/* --- blocks ------------------------------------------------------------- */

/* "# q I sigma" in so many cells, with or without quotes. */
static gboolean
is_names (const char *line, guint n_column)
{
  static const char *const separators[] = { "\t", ";", ",", " " };
  const char *start = line + strspn (line, "#!%;*/ \t");

  for (gsize k = 0; k < G_N_ELEMENTS (separators); k++)
    {
      g_auto (GStrv) cells = strstr (start, separators[k]) != NULL ? saxid_text_cells (start, separators[k], k < 3) : NULL;
      gboolean q = FALSE, intensity = FALSE;

      if (cells == NULL || g_strv_length (cells) != n_column)
        continue;
      for (char **cell = cells; *cell != NULL; cell++)
        {
          SaxidColumnName name;

          saxid_column_name_read (*cell, &name);
          q |= name.kind == SAXID_COLUMN_Q || name.kind == SAXID_COLUMN_ANGLE;
          intensity |= name.kind == SAXID_COLUMN_I;
          saxid_column_name_clear (&name);
        }
      if (q && intensity)
        return TRUE;
    }
  return FALSE;
}

/* A block that is being read. */
typedef struct
{
  SaxidTextBlock block;
  double first, before; /* of the first column */
  gboolean named;       /* names stand behind its last row */
} Run;

/* Whether a value goes on as the first column does. */
static gboolean
goes_on (const Run *run, double value)
{
  if (run->block.n_row < 2)
    return TRUE;
  return run->before >= run->first ? value > run->before : value < run->before;
}

static void
end_block (GArray *blocks, const SaxidTextBlock *block, SaxidTextBlock *longest)
{
  if (block->n_column < 2)
    return;
  if (block->n_row > longest->n_row)
    *longest = *block;
  if (block->n_row >= SAXID_CURVE_MIN_POINTS && blocks->len < MOST_BLOCKS)
    g_array_append_val (blocks, *block);
}

/* Rows with remarks right above a block belong to it where q goes on. */
static void
take_rows_above (const GPtrArray *lines, gboolean cells, guint least, Run *run, double next, double *values)
{
  SaxidTextBlock *block = &run->block;
  const gboolean up = next >= run->first;
  double before = run->first;

  while (block->first > least && is_damaged_row (lines->pdata[block->first - 1], cells, block->n_column, values)
         && (up ? values[0] < before : values[0] > before))
    {
      block->first--;
      block->n_row++;
      block->n_damaged++;
      before = values[0];
    }
}

static void
add_row (Run *run, const double *values, gboolean damaged)
{
  if (run->block.n_row == 0)
    run->first = values[0];
  run->before = isnan (values[0]) ? run->before : values[0];
  run->block.n_row++;
  run->block.n_damaged += damaged;
}

/* All blocks of one way to read; returns the rows of the longest. */
static gsize
find_blocks (const GPtrArray *lines, gboolean cells, GArray *blocks)
{
  g_autofree double *values = g_new (double, SAXID_TEXT_MOST_COLUMNS), *above = g_new (double, SAXID_TEXT_MOST_COLUMNS);
  SaxidTextBlock longest = { 0 };
  Run run = { 0 };
  guint least = 0; /* the first line that no block has */

  for (guint k = 0; k < lines->len; k++)
    {
      const char *line = lines->pdata[k];
      guint n = parse_line (line, cells, values, NULL);

      if (n == 0 && is_comment (line))
        {
          run.named |= run.block.n_column > 1 && strlen (line) < 4096 && is_names (line, run.block.n_column);
          continue;
        }
      if (n == 0 && run.block.n_row > 0 && is_damaged_row (line, cells, run.block.n_column, values)
          && goes_on (&run, values[0]))
        {
          add_row (&run, values, TRUE);
          continue;
        }
      /* names between rows are those of what comes, unless they are the names of each page */
      if (n != run.block.n_column
          || (run.named && (run.block.n_row < SAXID_CURVE_MIN_POINTS || !goes_on (&run, values[0]))))
        {
          run.block.last = k;
          end_block (blocks, &run.block, &longest);
          least = run.block.n_column > 1 ? k : least;
          run = (Run) { .block = { .first = k, .n_column = n }, .before = NAN };
        }
      run.named = FALSE;
      if (run.block.n_row == 1 && n > 1)
        take_rows_above (lines, cells, least, &run, values[0], above);
      add_row (&run, values, FALSE);
    }
  run.block.last = lines->len;
  end_block (blocks, &run.block, &longest);
  if (blocks->len == 0 && longest.n_row > 0)
    g_array_append_val (blocks, longest);
  return longest.n_row;
}

/* Puts rows in which signs stand between numbers into plain ones, where they are rows then. */
static void
resolve_signs (SaxidTextTable *table)
{
  g_autofree double *values = g_new (double, SAXID_TEXT_MOST_COLUMNS);

  for (guint k = 0; k < table->lines->len; k++)
    {
      g_autofree char *plain = saxid_text_signs_resolve (table->lines->pdata[k]);

      if (plain == NULL || (plain[0] != '\0' && parse_line (plain, FALSE, values, NULL) < 2
                            && parse_line (plain, TRUE, values, NULL) < 2))
        continue;
      table->has_marks |= strpbrk (plain, SAXID_TEXT_MARKS) != NULL;
      table->lines->pdata[k] = g_string_chunk_insert (table->resolved, plain);
    }
}

/* Whether some lines might have been rows. */
static gboolean
has_unclear (const SaxidTextTable *table)
{
  guint unclear = 0;

  for (guint k = 0; k < table->lines->len && unclear < SAXID_CURVE_MIN_POINTS; k++)
    unclear += saxid_text_signs_unclear (table->lines->pdata[k]);
  return unclear == SAXID_CURVE_MIN_POINTS;
}

SaxidTextTable *
saxid_text_table_new (const char *bytes, gsize n, const char *name, GError **error)
{
  g_autoptr (SaxidTextTable) table = g_new0 (SaxidTextTable, 1);
  g_autoptr (GArray) by_cells = g_array_new (FALSE, FALSE, sizeof (SaxidTextBlock));

  table->text = as_text (bytes, n, name, error);
  if (table->text == NULL)
    return NULL;
  table->lines = cut_lines (table->text);
  table->resolved = g_string_chunk_new (4096);
  resolve_signs (table);
  table->blocks = g_array_new (FALSE, FALSE, sizeof (SaxidTextBlock));
  if (find_blocks (table->lines, TRUE, by_cells) > find_blocks (table->lines, FALSE, table->blocks))
    {
      g_array_unref (table->blocks);
      table->blocks = g_steal_pointer (&by_cells);
      table->cells = TRUE;
    }
  if (table->blocks->len > 0)
    return g_steal_pointer (&table);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "no two columns of numbers in %u lines of text%s (%s)",
               table->lines->len,
               has_unclear (table) ? ": the signs between the numbers may mean several things, blanks or tabs do not" : "",
               name);
  return NULL;
}

void
saxid_text_table_free (SaxidTextTable *table)
{
  if (table == NULL)
    return;
  g_clear_pointer (&table->lines, g_ptr_array_unref);
  g_clear_pointer (&table->blocks, g_array_unref);
  g_clear_pointer (&table->resolved, g_string_chunk_free);
  g_free (table->text);
  g_free (table);
}

double *
saxid_text_table_read (const SaxidTextTable *table, const SaxidTextBlock *block, const char *name, GError **error)
{
  g_autofree double *values = NULL, *row = NULL;
  gsize done = 0;

  if (block->n_row > MOST_ROWS || block->n_row * block->n_column > MOST_VALUES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "curve has %" G_GSIZE_FORMAT " points in %u columns, %d are read, and %d numbers (%s)", block->n_row,
                   block->n_column, MOST_ROWS, MOST_VALUES, name);
      return NULL;
    }
  values = g_new (double, block->n_row * block->n_column);
  row = g_new (double, SAXID_TEXT_MOST_COLUMNS);
  for (guint k = block->first; k < block->last && done < block->n_row; k++)
    if (parse_line (table->lines->pdata[k], table->cells, row, NULL) == block->n_column
        || is_damaged_row (table->lines->pdata[k], table->cells, block->n_column, row))
      {
        memcpy (values + done * block->n_column, row, block->n_column * sizeof *row);
        done++;
      }
  return g_steal_pointer (&values);
}

gboolean
saxid_text_table_marks (const SaxidTextTable *table, const SaxidTextBlock *block, char *marks)
{
  g_autofree double *row = g_new (double, SAXID_TEXT_MOST_COLUMNS);
  g_autofree char *own = g_malloc (SAXID_TEXT_MOST_COLUMNS); /* a line between the rows may have more columns */
  gboolean found = FALSE, first = TRUE;

  for (guint k = block->first; k < block->last && table->has_marks; k++)
    {
      memset (own, 0, SAXID_TEXT_MOST_COLUMNS);
      if (parse_marked_line (table->lines->pdata[k], table->cells, row, own, NULL) != block->n_column)
        continue;
      for (guint c = 0; c < block->n_column; c++)
        found |= own[c] != '\0';
      if (first)
        memcpy (marks, own, block->n_column);
      else if (memcmp (marks, own, block->n_column) != 0)
        return FALSE;
      first = FALSE;
    }
  return found;
}

/* --- header lines ------------------------------------------------------- */

/* A bracket of units belongs to the name before it: "q (1/nm) I (1/cm)" are two cells. */
static void
join_brackets (GPtrArray *cells)
{
  for (guint k = 1; k < cells->len; k++)
    {
      char *before = cells->pdata[k - 1], *cell = cells->pdata[k];
      const gboolean open = (strchr (before, '(') != NULL && strchr (before, ')') == NULL)
                            || (strchr (before, '[') != NULL && strchr (before, ']') == NULL);

      if (!open && cell[0] != '[' && cell[0] != '(' && strcmp (cell, "/") != 0 && !g_str_has_suffix (before, " /"))
        continue;
      cells->pdata[k - 1] = g_strdup_printf ("%s %s", before, cell);
      g_free (before);
      g_ptr_array_remove_index (cells, k);
      k--;
    }
}

GStrv
saxid_text_cells (const char *line, const char *separator, gboolean keep_empty)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  const gsize width = strlen (separator);

  for (const char *c = line; c != NULL && cells->len <= SAXID_TEXT_MOST_COLUMNS;)
    {
      const char *start = c + strspn (c, " "), *end = NULL;
      g_autofree char *cell = NULL;

      if ((*start == '"' || *start == '\'') && width == 1 && separator[0] != ' ')
        end = strchr (start + 1, *start);
      end = strstr (end != NULL ? end : c, separator);
      cell = end != NULL ? g_strndup (c, (gsize) (end - c)) : g_strdup (c);
      g_strstrip (cell);
      if ((cell[0] == '"' || cell[0] == '\'') && cell[1] != '\0' && cell[strlen (cell) - 1] == cell[0])
        {
          cell[strlen (cell) - 1] = '\0';
          memmove (cell, cell + 1, strlen (cell));
          g_strstrip (cell);
        }
      if (cell[0] != '\0' || keep_empty)
        g_ptr_array_add (cells, g_steal_pointer (&cell));
      c = end != NULL ? end + width : NULL;
    }
  if (separator[0] == ' ' && width == 1)
    join_brackets (cells);
  g_ptr_array_add (cells, NULL);
  return (GStrv) g_ptr_array_steal (cells, NULL);
}
