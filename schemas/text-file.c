/* Where in a text are the columns of a curve, and which is which?
 *
 * The longest run of lines with one and the same number of numbers is the
 * curve; everything before it is header, in which names of columns and units
 * are looked for. Numbers are read without regard to the locale.
 *
 * Thread: pure but for the file.
 */
#include "schemas/text-file.h"

#include <math.h>
#include <string.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/units.h"

#define MOST_COLUMNS 64
#define MOST_POINTS  (1 << 20)
#define MOST_HEADER  200 /* lines before the curve that are looked at */

typedef enum
{
  COLUMN_NONE = -1,
  COLUMN_Q,
  COLUMN_I,
  COLUMN_SIGMA,
  COLUMN_DQ,
  N_COLUMN
} Column;

typedef struct
{
  GPtrArray *lines; /* char *, into the text */
  guint first, last; /* lines of the curve, last exclusive */
  guint n_column;
  guint blocks;      /* of that kind, other runs of numbers */
  GArray *values;    /* double, row after row */
} Table;

static void
table_clear (Table *table)
{
  g_clear_pointer (&table->lines, g_ptr_array_unref);
  g_clear_pointer (&table->values, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

/* --- lines and numbers -------------------------------------------------- */

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
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT, "not a text file (%s)", name);
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

/* What separates columns in a line, and whether "," is a decimal point there. */
static const char *
separators_of (const char *line, gboolean *decimal_comma)
{
  gboolean point = strchr (line, '.') != NULL;
  const char *first = line + strspn (line, " \t");
  gboolean blank = strpbrk (first, " \t") != NULL;

  *decimal_comma = FALSE;
  if (strchr (line, ',') == NULL)
    return " \t;";
  if (strchr (line, ';') != NULL)
    {
      *decimal_comma = !point;
      return point ? " \t;," : " \t;";
    }
  if (point || !blank)
    return " \t,";
  /* blanks and commas, no point: "0,01 1,5" unless a comma stands at a blank */
  for (const char *c = strchr (line, ','); c != NULL; c = strchr (c + 1, ','))
    if (c == line || !g_ascii_isdigit (c[-1]) || !g_ascii_isdigit (c[1]))
      return " \t,";
  *decimal_comma = TRUE;
  return " \t";
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
  if (strspn (copy, "*") == length || strspn (copy, "-") == length)
    {
      *value = NAN;
      return length > 1;
    }
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
  return end == copy + length;
}

/* The numbers of a line; 0 where anything else is in it. */
static guint
parse_line (const char *line, double *values)
{
  gboolean decimal_comma;
  const char *separators = separators_of (line, &decimal_comma);
  guint n = 0;

  for (const char *c = line + strspn (line, separators); *c != '\0'; c += strspn (c, separators))
    {
      gsize length = strcspn (c, separators);

      if (n == MOST_COLUMNS || !parse_number (c, length, decimal_comma, &values[n]))
        return 0;
      n++;
      c += length;
    }
  return n;
}

/* --- the block of numbers ----------------------------------------------- */

/* The longest run; comments and empty lines do not end one. */
static void
find_block (Table *table)
{
  double values[MOST_COLUMNS];
  guint start = 0, columns = 0, rows = 0, best = 0;

  for (guint k = 0; k <= table->lines->len; k++)
    {
      const char *line = k < table->lines->len ? table->lines->pdata[k] : NULL;
      guint n = line != NULL ? parse_line (line, values) : 0;

      if (line != NULL && n == 0 && is_comment (line))
        continue;
      if (n != columns || line == NULL)
        {
          table->blocks += columns >= 2 && rows >= SAXID_CURVE_MIN_POINTS;
          if (rows > best && columns >= 2)
            {
              best = rows;
              table->first = start;
              table->last = k;
              table->n_column = columns;
            }
          start = k;
          columns = n;
          rows = 0;
        }
      rows++;
    }
}

static gboolean
read_block (Table *table, const char *name, GError **error)
{
  double values[MOST_COLUMNS];

  table->values = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint k = table->first; k < table->last; k++)
    if (parse_line (table->lines->pdata[k], values) == table->n_column)
      g_array_append_vals (table->values, values, table->n_column);
  if (table->values->len / table->n_column <= MOST_POINTS)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "curve has %u points, %d are read (%s)",
               table->values->len / table->n_column, MOST_POINTS, name);
  return FALSE;
}

/* --- names of columns --------------------------------------------------- */

typedef struct
{
  const char *name; /* lower case, without unit */
  Column column;
} ColumnName;

static const ColumnName column_names[] = {
  { "q", COLUMN_Q },          { "qmod", COLUMN_Q },       { "|q|", COLUMN_Q },        { "q-values", COLUMN_Q },
  { "q_values", COLUMN_Q },   { "qvalues", COLUMN_Q },    { "i", COLUMN_I },          { "i(q)", COLUMN_I },
  { "intensity", COLUMN_I },  { "int", COLUMN_I },        { "iq", COLUMN_I },         { "counts", COLUMN_I },
  { "i_abs", COLUMN_I },      { "sigma", COLUMN_SIGMA },  { "sig", COLUMN_SIGMA },    { "err", COLUMN_SIGMA },
  { "error", COLUMN_SIGMA },  { "errors", COLUMN_SIGMA }, { "di", COLUMN_SIGMA },     { "idev", COLUMN_SIGMA },
  { "std", COLUMN_SIGMA },    { "stdev", COLUMN_SIGMA },  { "std.dev.", COLUMN_SIGMA }, { "e", COLUMN_SIGMA },
  { "i_err", COLUMN_SIGMA },  { "i_error", COLUMN_SIGMA }, { "ierr", COLUMN_SIGMA },  { "err_i", COLUMN_SIGMA },
  { "dev", COLUMN_SIGMA },    { "sigmai", COLUMN_SIGMA }, { "sigma_i", COLUMN_SIGMA }, { "err(i)", COLUMN_SIGMA },
  { "uncertainty", COLUMN_SIGMA }, { "std.dev.i(q)", COLUMN_SIGMA }, { "dq", COLUMN_DQ }, { "qdev", COLUMN_DQ },
  { "sigmaq", COLUMN_DQ },    { "sigma_q", COLUMN_DQ },   { "sigma(q)", COLUMN_DQ },  { "q_err", COLUMN_DQ },
  { "qerr", COLUMN_DQ },      { "q_res", COLUMN_DQ },     { "dqx", COLUMN_DQ },
};

static Column
column_of_name (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  GString *name = g_string_new (NULL);
  Column column = COLUMN_NONE;

  /* without blanks, and without a unit in brackets unless it is "(q)" */
  for (const char *c = lower; *c != '\0'; c++)
    {
      if (*c == '[' || (*c == '(' && strncmp (c, "(q)", 3) != 0 && strncmp (c, "(i)", 3) != 0))
        break;
      if (!g_ascii_isspace (*c))
        g_string_append_c (name, *c);
    }
  if (g_str_has_prefix (name->str, "q_") && strcmp (name->str, "q_err") != 0 && strcmp (name->str, "q_res") != 0)
    {
      double angstrom;

      if (saxid_units_q (name->str, &angstrom)) /* pyFAI: "q_nm^-1" */
        g_string_truncate (name, 1);
    }
  for (gsize k = 0; k < G_N_ELEMENTS (column_names) && column == COLUMN_NONE; k++)
    if (strcmp (name->str, column_names[k].name) == 0)
      column = column_names[k].column;
  g_string_free (name, TRUE);
  return column;
}

/* Cells of a header line: by bars, tabs, commas or semicolons where there are
 * any, else by blanks; where there are more than `most`, one more. */
static GStrv
header_cells (const char *line, guint most)
{
  const char *start = line + strspn (line, "#!%;*/\"' \t");
  const char *kinds[] = { "|", "\t", ";", "," };
  const char *bar = strchr (start, '|');
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  const char *separators = " ";

  if (bar != NULL)
    start = bar; /* "The 6 columns are | Q (1/A) | I(Q) … |" */
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    if (strpbrk (start, kinds[k]) != NULL)
      {
        separators = kinds[k];
        break;
      }
  for (const char *c = start; *c != '\0' && cells->len <= most;)
    {
      gsize length = strcspn (c, separators);
      g_autofree char *cell = g_strstrip (g_strndup (c, length));

      if (cell[0] != '\0')
        g_ptr_array_add (cells, g_steal_pointer (&cell));
      c += length;
      c += *c != '\0';
    }
  g_ptr_array_add (cells, NULL);
  return (GStrv) g_ptr_array_steal (cells, NULL);
}

/* TRUE where the line names q and intensity among as many cells as columns. */
static gboolean
columns_of_header (const char *line, guint n_column, int at[N_COLUMN])
{
  g_auto (GStrv) cells = header_cells (line, n_column);
  int found[N_COLUMN] = { -1, -1, -1, -1 };

  if (g_strv_length (cells) != n_column)
    return FALSE;
  for (guint k = 0; k < n_column; k++)
    {
      Column column = column_of_name (cells[k]);

      if (column != COLUMN_NONE && found[column] < 0)
        found[column] = (int) k;
    }
  if (found[COLUMN_Q] < 0 || found[COLUMN_I] < 0)
    return FALSE;
  memcpy (at, found, sizeof found);
  return TRUE;
}

static gboolean
columns_given (const char *text, guint n_column, const char *name, int at[N_COLUMN], GError **error)
{
  g_auto (GStrv) cells = g_strsplit (text, ",", MOST_COLUMNS);
  guint n = g_strv_length (cells);

  for (int k = 0; k < N_COLUMN; k++)
    at[k] = -1;
  for (guint k = 0; k < n; k++)
    {
      Column column = column_of_name (g_strstrip (cells[k]));

      if (column == COLUMN_NONE && strcmp (cells[k], "-") != 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "column '%s' is none of q, I, sigma, dq and - (columns '%s')", cells[k], text);
          return FALSE;
        }
      if (column != COLUMN_NONE)
        at[column] = (int) k;
    }
  if (n > n_column || at[COLUMN_Q] < 0 || at[COLUMN_I] < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   n > n_column ? "columns '%s' are more than the %u of the file (%s)"
                                : "columns '%s' lack q or I, the file has %u (%s)",
                   text, n_column, name);
      return FALSE;
    }
  return TRUE;
}

static void
columns_by_order (guint n_column, int at[N_COLUMN])
{
  for (int k = 0; k < N_COLUMN; k++)
    at[k] = k < (int) n_column ? k : -1;
  if (n_column > N_COLUMN)
    at[COLUMN_DQ] = -1; /* what a fifth column is says nothing of the fourth */
}

static gboolean
choose_columns (const Table *table, const SaxidTextOptions *options, const char *name, int at[N_COLUMN],
                gboolean *named, GError **error)
{
  guint from = table->first > MOST_HEADER ? table->first - MOST_HEADER : 0;

  *named = TRUE;
  if (options->columns != NULL)
    return columns_given (options->columns, table->n_column, name, at, error);
  for (guint k = table->first; k-- > from;)
    if (columns_of_header (table->lines->pdata[k], table->n_column, at))
      return TRUE;
  columns_by_order (table->n_column, at);
  *named = FALSE;
  return TRUE;
}

/* --- what the header says ----------------------------------------------- */

/* The first word of the header that is a unit of that kind. Reciprocals of cm,
 * mm and m are intensities, those of Å and nm are q. */
static void
find_units (const Table *table, SaxidMeasurement *measurement)
{
  for (guint k = 0; k < table->first && k < MOST_HEADER; k++)
    {
      g_auto (GStrv) words = g_strsplit_set (table->lines->pdata[k], " \t,;|=:[]<>\"", 200);

      for (gsize w = 0; words[w] != NULL; w++)
        {
          gsize length = strlen (words[w]);
          double angstrom;

          if (length > 2 && words[w][0] == '(' && words[w][length - 1] == ')')
            {
              words[w][length - 1] = '\0';
              memmove (words[w], words[w] + 1, length - 1);
            }
          if (length > 40 || (strchr (words[w], '1') == NULL && strstr (words[w], "¹") == NULL)
              || !saxid_units_q (words[w], &angstrom))
            continue;
          if (angstrom < 1e6 && measurement->q_unit == NULL)
            measurement->q_unit = saxid_clean_text (words[w], -1);
          else if (angstrom >= 1e6 && measurement->i_unit == NULL)
            measurement->i_unit = saxid_clean_text (words[w], -1);
        }
    }
}

/* ISIS programs write "SANS2D <date> Workspace:" and the title below. */
static void
find_title (const Table *table, SaxidMeasurement *measurement)
{
  const char *first = table->first > 0 ? table->lines->pdata[0] : "";
  const char *dot;

  if (table->first > 1 && strstr (first, "Workspace:") != NULL)
    measurement->title = saxid_clean_text (table->lines->pdata[1], -1);
  for (guint k = 0; k < table->first && k < MOST_HEADER && measurement->title == NULL; k++)
    {
      const char *line = table->lines->pdata[k];

      line += strspn (line, "#!%;*/\"' \t");
      if (g_ascii_strncasecmp (line, "title", 5) == 0 && strchr (":=", line[5 + strspn (line + 5, " \t")]) != NULL)
        measurement->title = saxid_clean_text (line + 5 + strspn (line + 5, " \t:="), -1);
    }
  if (measurement->title != NULL && measurement->title[0] != '\0')
    return;
  g_free (measurement->title);
  dot = strrchr (measurement->file, '.');
  measurement->title = dot != NULL && dot != measurement->file
                           ? g_strndup (measurement->file, (gsize) (dot - measurement->file))
                           : g_strdup (measurement->file);
}

/* --- the curve ---------------------------------------------------------- */

static void
copy_column (const Table *table, int column, double *out)
{
  gsize n = table->values->len / table->n_column;

  for (gsize k = 0; k < n; k++)
    out[k] = g_array_index (table->values, double, k *table->n_column + (gsize) column);
}

/* A fourth column without a name is the resolution only where it can be one. */
static gboolean
looks_like_resolution (const Table *table, int q, int dq)
{
  gsize n = table->values->len / table->n_column;
  gsize good = 0;

  for (gsize k = 0; k < n; k++)
    {
      double x = g_array_index (table->values, double, k *table->n_column + (gsize) q);
      double width = g_array_index (table->values, double, k *table->n_column + (gsize) dq);

      good += width >= 0 && width < 2 * fabs (x);
    }
  return good * 10 > n * 9;
}

static void
fill_curve (const Table *table, const int at[N_COLUMN], SaxidMeasurement *measurement)
{
  gsize n = table->values->len / table->n_column;
  SaxidCurve *curve = saxid_curve_new (n, at[COLUMN_SIGMA] >= 0, at[COLUMN_DQ] >= 0);

  copy_column (table, at[COLUMN_Q], curve->q);
  copy_column (table, at[COLUMN_I], curve->intensity);
  if (curve->sigma != NULL)
    copy_column (table, at[COLUMN_SIGMA], curve->sigma);
  if (curve->dq != NULL)
    copy_column (table, at[COLUMN_DQ], curve->dq);
  measurement->curve = curve;
}

static void
add_notes (const Table *table, const int at[N_COLUMN], gboolean named, SaxidMeasurement *measurement)
{
  if (table->blocks > 1)
    saxid_measurement_note (measurement, "file holds %u blocks of numbers: the longest is read", table->blocks);
  if (table->n_column > N_COLUMN && !named)
    saxid_measurement_note (measurement, "file has %u columns without names: the first three are taken as q, I, sigma",
                            table->n_column);
  if (at[COLUMN_SIGMA] < 0)
    saxid_measurement_note (measurement, "no column of sigma");
}

SaxidMeasurement *
saxid_text_parse (const char *bytes, gsize n, const char *name, const SaxidTextOptions *options, GError **error)
{
  const SaxidTextOptions none = { 0 };
  g_autoptr (SaxidMeasurement) measurement = saxid_measurement_new (name);
  g_autofree char *text = as_text (bytes, n, measurement->file, error);
  g_auto (Table) table = { 0 };
  int at[N_COLUMN];
  gboolean named;

  options = options != NULL ? options : &none;
  if (text == NULL)
    return NULL;
  table.lines = cut_lines (text);
  find_block (&table);
  if (table.n_column == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                   "no two columns of numbers in %u lines of text (%s)", table.lines->len, measurement->file);
      return NULL;
    }
  if (!read_block (&table, measurement->file, error)
      || !choose_columns (&table, options, measurement->file, at, &named, error))
    return NULL;
  if (!named && at[COLUMN_DQ] >= 0 && !looks_like_resolution (&table, at[COLUMN_Q], at[COLUMN_DQ]))
    {
      at[COLUMN_DQ] = -1;
      saxid_measurement_note (measurement, "the fourth column is no resolution of q: left out");
    }
  find_units (&table, measurement);
  find_title (&table, measurement);
  if (options->q_unit != NULL)
    {
      g_free (measurement->q_unit);
      measurement->q_unit = g_strdup (options->q_unit);
    }
  if (options->i_unit != NULL)
    {
      g_free (measurement->i_unit);
      measurement->i_unit = g_strdup (options->i_unit);
    }
  fill_curve (&table, at, measurement);
  add_notes (&table, at, named, measurement);
  if (!saxid_measurement_apply_units (measurement, error))
    return NULL;
  return g_steal_pointer (&measurement);
}

SaxidMeasurement *
saxid_text_read (const char *path, const SaxidTextOptions *options, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize n;

  if (!saxid_measurement_load (path, &bytes, &n, error))
    return NULL;
  return saxid_text_parse (bytes, n, path, options, error);
}
