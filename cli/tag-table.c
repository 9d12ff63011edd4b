/* How does a person see at a glance what a run was found to be?
 *
 *   FILE  ENTRY     FRAME  BEST CLASS   P    RUNNER-UP  P     FLAG
 *
 * Widths are fixed before the first row from the names that will come, so that
 * rows can be printed as they are made. Where the terminal is too narrow, columns
 * give way in turn (see `floors`); where there is none, nothing is cut, so that a
 * file of rows can be searched.
 *
 * Units: columns. Thread: no state outside the table.
 */
#include "cli/tag-table.h"

#include <math.h>
#include <string.h>

#include "cli/terminal.h"
#include "cli/text.h"

#define GAP 2
#define OUTLIER "outlier"
#define NONE "none" /* of the classes */

enum
{
  FILE_COLUMN,
  ENTRY_COLUMN,
  FRAME_COLUMN,
  BEST_COLUMN,
  BEST_P_COLUMN,
  NEXT_COLUMN,
  NEXT_P_COLUMN,
  FLAG_COLUMN,
  N_COLUMN
};

typedef struct
{
  const char *title;
  gboolean right;
  gsize width; /* of the content at least */
} Column;

static const Column columns[N_COLUMN] = {
  [FILE_COLUMN] = { "FILE", FALSE, 4 },  [ENTRY_COLUMN] = { "ENTRY", FALSE, 5 },
  [FRAME_COLUMN] = { "FRAME", TRUE, 5 }, [BEST_COLUMN] = { "BEST CLASS", FALSE, 10 },
  [BEST_P_COLUMN] = { "P", TRUE, 4 },    [NEXT_COLUMN] = { "RUNNER-UP", FALSE, 9 },
  [NEXT_P_COLUMN] = { "P", TRUE, 4 },    [FLAG_COLUMN] = { "FLAG", FALSE, 9 },
};

/* Who gives way, in this order, down to which width; at 0 the column goes. */
static const struct
{
  guint column;
  gsize floor;
} floors[] = { { FILE_COLUMN, 24 }, { ENTRY_COLUMN, 12 }, { NEXT_COLUMN, 13 }, { FILE_COLUMN, 14 },
               { BEST_COLUMN, 13 }, { NEXT_P_COLUMN, 0 }, { NEXT_COLUMN, 0 },  { ENTRY_COLUMN, 0 },
               { FILE_COLUMN, 8 },  { BEST_COLUMN, 8 },   { FILE_COLUMN, 1 } };

typedef struct
{
  const char *flag, *colour;
} FlagColour;

static const FlagColour flag_colours[] = {
  { "rejected", "\033[31m" }, { "abstained", "\033[33m" }, { "not done", "\033[2m" },
  { "outlier", "\033[35m" },  { "unsure", "\033[33m" },
};

struct SaxidTagTable
{
  FILE *out;
  SaxidProgress *progress;
  gboolean colour, begun;
  const char *mark; /* for what is cut */
  gsize limit;      /* columns of the terminal, 0 = none */
  gsize width[N_COLUMN];
  guint64 n_row;
  GHashTable *per_class; /* char* -> guint64* */
  GPtrArray *class_order;
  guint64 per_flag[G_N_ELEMENTS (flag_colours)];
};

static gsize
widest (const char *const *text, gsize least)
{
  for (; text != NULL && *text != NULL; text++)
    {
      g_autofree char *printable = saxid_text_printable (*text);

      least = MAX (least, saxid_text_width (printable));
    }
  return least;
}

static gsize
total_width (const SaxidTagTable *table)
{
  gsize sum = 0;

  for (guint k = 0; k < N_COLUMN; k++)
    if (table->width[k] > 0)
      sum += table->width[k] + GAP;
  return sum - GAP;
}

static void
fit (SaxidTagTable *table)
{
  if (table->limit == 0)
    return;
  for (guint k = 0; k < G_N_ELEMENTS (floors); k++)
    {
      gsize total = total_width (table), *width = &table->width[floors[k].column];

      if (total <= table->limit)
        return;
      if (floors[k].floor == 0)
        *width = 0;
      else if (*width > floors[k].floor)
        *width = MAX (floors[k].floor, *width - MIN (*width, total - table->limit));
    }
}

static gsize
digits (gint64 value)
{
  gsize n = 1;

  for (; value >= 10; value /= 10)
    n++;
  return n;
}

SaxidTagTable *
saxid_tag_table_new (const SaxidTagTableOptions *options)
{
  SaxidTagTable *table = g_new0 (SaxidTagTable, 1);
  int fd = fileno (options->out);

  table->out = options->out;
  table->progress = options->progress;
  table->colour = fd >= 0 && saxid_terminal_colour (fd);
  table->mark = saxid_terminal_utf8 () ? "…" : "~";
  table->limit = options->width > 0 ? options->width : fd >= 0 ? saxid_terminal_width (fd) : 0;
  for (guint k = 0; k < N_COLUMN; k++)
    table->width[k] = columns[k].width;
  table->width[FILE_COLUMN] = widest (options->file, columns[FILE_COLUMN].width);
  table->width[ENTRY_COLUMN]
      = options->entry != NULL ? widest (options->entry, columns[ENTRY_COLUMN].width) : 0;
  table->width[BEST_COLUMN] = widest (options->class_name, columns[BEST_COLUMN].width);
  table->width[NEXT_COLUMN] = widest (options->class_name, columns[NEXT_COLUMN].width);
  table->width[FRAME_COLUMN]
      = options->max_frame < 0 ? 0 : MAX (columns[FRAME_COLUMN].width, digits (options->max_frame));
  fit (table);
  if (table->limit > total_width (table)) /* the last column has what is left */
    table->width[FLAG_COLUMN] += table->limit - total_width (table);
  table->per_class = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  table->class_order = g_ptr_array_new ();
  return table;
}

/* A cell, padded; the last of a row is not. */
static void
append_cell (const SaxidTagTable *table, GString *line, guint column, const char *text)
{
  gsize width = table->width[column], taken;
  g_autofree char *printable = saxid_text_printable (text);
  g_autofree char *shown = NULL;

  if (width == 0)
    return;
  shown = table->limit > 0 ? saxid_text_shortened (printable, width, table->mark)
                           : g_steal_pointer (&printable);
  taken = MIN (saxid_text_width (shown), width);
  if (columns[column].right)
    g_string_append_printf (line, "%*s%s", (int) (width - taken), "", shown);
  else
    g_string_append_printf (line, "%s%*s", shown, column == FLAG_COLUMN ? 0 : (int) (width - taken),
                            "");
  if (column != FLAG_COLUMN)
    g_string_append_printf (line, "%*s", GAP, "");
}

/* What is known of a material, or of a particle of atoms, takes the place of the flag. */
static gboolean
is_told (const SaxidReportCurve *curve, const char *flag)
{
  return (curve->told_first || *flag == '\0' || strcmp (flag, "unsure") == 0) && curve->told != NULL && *curve->told != '\0';
}

/* Of an outlier the nearest class stands in the flag, and "none" in the place of the best one. */
static gboolean
is_none (const SaxidReportCurve *curve, const char *flag)
{
  return strcmp (flag, OUTLIER) == 0 && !is_told (curve, flag);
}

/* The longer text where there is room for it. */
static void
append_either (const SaxidTagTable *table, GString *line, const char *text, const char *shorter)
{
  const gboolean fits = table->limit == 0 || saxid_text_width (text) <= table->width[FLAG_COLUMN];

  append_cell (table, line, FLAG_COLUMN, fits ? text : shorter);
}

/* What is known of the family or of a material says more than "unsure"; where there is no room for the
 * classes in question, its name alone. */
static void
append_flag (const SaxidTagTable *table, GString *line, const SaxidReportCurve *curve, const char *flag)
{
  const gboolean is_open = strcmp (flag, "unsure") == 0 && curve->open != NULL && *curve->open != '\0';
  g_autofree char *family = is_open ? g_strndup (curve->open, strcspn (curve->open, ":")) : NULL;

  if (is_told (curve, flag))
    append_cell (table, line, FLAG_COLUMN, curve->told);
  else if (is_open)
    append_either (table, line, curve->open, family);
  else
    append_cell (table, line, FLAG_COLUMN, flag);
}

static void
put_line (SaxidTagTable *table, GString *line, const char *colour)
{
  while (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);
  if (table->colour && colour != NULL)
    fprintf (table->out, "%s%s\033[0m\n", colour, line->str);
  else
    fprintf (table->out, "%s\n", line->str);
}

static void
print_header (SaxidTagTable *table)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint k = 0; k < N_COLUMN; k++)
    append_cell (table, line, k, columns[k].title);
  put_line (table, line, "\033[1m");
}

/* 1.00 only where it is: a reader takes it for certainty. */
static char *
probability_text (double p)
{
  if (p < 1 && p >= 0.995)
    return g_strdup (">.99");
  if (p > 0 && p < 0.005)
    return g_strdup ("<.01");
  return g_strdup_printf ("%.2f", p);
}

static void
count (SaxidTagTable *table, const SaxidReportCurve *curve, const char *flag, int best)
{
  table->n_row++;
  for (guint k = 0; k < G_N_ELEMENTS (flag_colours); k++)
    table->per_flag[k] += strcmp (flag, flag_colours[k].flag) == 0;
  if (curve->status == SAXID_STATUS_OK && best >= 0 && !curve->outlier)
    {
      const char *name = curve->class_name[best];
      guint64 *n = g_hash_table_lookup (table->per_class, name);

      if (n == NULL)
        {
          char *key = g_strdup (name);

          n = g_new0 (guint64, 1);
          g_hash_table_insert (table->per_class, key, n);
          g_ptr_array_add (table->class_order, key);
        }
      (*n)++;
    }
}

/* The reason of a row without a class takes the place of the classes. It is never
 * cut, since its end names the place: it goes on below, under its own start. */
static void
append_reason (const SaxidTagTable *table, GString *line, const char *flag, const char *reason)
{
  g_autofree char *text = reason != NULL ? g_strdup_printf ("%s: %s", flag, reason) : g_strdup (flag);
  g_autofree char *printable = saxid_text_printable (text);
  g_auto (GStrv) words = g_strsplit (printable, " ", -1);
  gsize start = saxid_text_width (line->str), at = start;

  for (char **word = words; *word != NULL; word++)
    {
      gsize width = saxid_text_width (*word);

      if (table->limit > start + 20 && at > start && at + width > table->limit)
        {
          g_string_truncate (line, line->len - 1);
          g_string_append_printf (line, "\n%*s", (int) start, "");
          at = start;
        }
      g_string_append_printf (line, "%s ", *word);
      at += width + 1;
    }
}

static const char *
colour_of (const char *flag)
{
  for (guint k = 0; k < G_N_ELEMENTS (flag_colours); k++)
    if (strcmp (flag, flag_colours[k].flag) == 0)
      return flag_colours[k].colour;
  return NULL;
}

static void
append_none (const SaxidTagTable *table, GString *line, const char *nearest, const char *p)
{
  g_autofree char *told = g_strdup_printf (OUTLIER ", nearest: %s %s", nearest, p);

  append_cell (table, line, BEST_COLUMN, NONE);
  append_cell (table, line, BEST_P_COLUMN, "");
  append_cell (table, line, NEXT_COLUMN, "");
  append_cell (table, line, NEXT_P_COLUMN, "");
  append_either (table, line, told, OUTLIER);
}

static void
append_verdict (const SaxidTagTable *table, GString *line, const SaxidReportCurve *curve, const char *flag, int best, int next)
{
  g_autofree char *p_best = probability_text (curve->probability[best]);
  g_autofree char *p_next = next >= 0 ? probability_text (curve->probability[next]) : g_strdup ("");

  if (is_none (curve, flag))
    {
      append_none (table, line, curve->class_name[best], p_best);
      return;
    }
  append_cell (table, line, BEST_COLUMN, curve->class_name[best]);
  append_cell (table, line, BEST_P_COLUMN, p_best);
  append_cell (table, line, NEXT_COLUMN, next >= 0 ? curve->class_name[next] : "");
  append_cell (table, line, NEXT_P_COLUMN, p_next);
  append_flag (table, line, curve, flag);
}

void
saxid_tag_table_row (SaxidTagTable *table, const SaxidReportCurve *curve)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const char *flag = saxid_report_curve_flag (curve);
  int best, next;
  g_autofree char *frame
      = curve->frame >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, curve->frame) : g_strdup ("");
  gboolean verdict;

  saxid_progress_hide (table->progress);
  if (!table->begun)
    print_header (table);
  table->begun = TRUE;

  saxid_report_curve_best (curve, &best, &next);
  count (table, curve, flag, best);
  verdict = best >= 0 && curve->status == SAXID_STATUS_OK;
  append_cell (table, line, FILE_COLUMN, curve->file);
  append_cell (table, line, ENTRY_COLUMN, curve->entry);
  append_cell (table, line, FRAME_COLUMN, frame);
  if (verdict)
    append_verdict (table, line, curve, flag, best, next);
  else
    append_reason (table, line, flag, curve->reason);
  put_line (table, line, colour_of (flag));
  if (table->progress != NULL || table->colour)
    fflush (table->out);
}

static gint
compare_counts (gconstpointer a, gconstpointer b, gpointer data)
{
  const guint64 *x = g_hash_table_lookup (data, *(const char *const *) a);
  const guint64 *y = g_hash_table_lookup (data, *(const char *const *) b);

  return *x > *y ? -1 : *x < *y;
}

void
saxid_tag_table_end (SaxidTagTable *table)
{
  if (table->n_row > 0)
    {
      const char *joint = ": ";

      saxid_progress_hide (table->progress);
      fprintf (table->out, "\n%" G_GUINT64_FORMAT " %s", table->n_row,
               table->n_row == 1 ? "curve" : "curves");
      g_ptr_array_sort_with_data (table->class_order, compare_counts, table->per_class);
      for (guint k = 0; k < table->class_order->len; k++)
        {
          const char *name = g_ptr_array_index (table->class_order, k);
          const guint64 *n = g_hash_table_lookup (table->per_class, name);
          g_autofree char *printable = saxid_text_printable (name);

          fprintf (table->out, "%s%" G_GUINT64_FORMAT " %s", joint, *n, printable);
          joint = ", ";
        }
      joint = table->class_order->len > 0 ? "; " : ": ";
      for (guint k = 0; k < G_N_ELEMENTS (flag_colours); k++)
        if (table->per_flag[k] > 0)
          {
            fprintf (table->out, "%s%" G_GUINT64_FORMAT " %s", joint, table->per_flag[k],
                     flag_colours[k].flag);
            joint = ", ";
          }
      fputc ('\n', table->out);
    }
  fflush (table->out);
  g_ptr_array_free (table->class_order, TRUE);
  g_hash_table_destroy (table->per_class);
  g_free (table);
}
