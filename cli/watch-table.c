/* What has come, and when?
 *
 * Units: columns of a terminal. Thread: see watch-table.h.
 */
#include "config.h"

#include "cli/watch-table.h"

#include <unistd.h>

#include "cli/terminal.h"
#include "cli/text.h"

#define TITLES_EVERY 40
#define LEAST_FILE 14
/* TIME, FRAME, CLASS and P with two blanks between, and room for a flag */
#define OTHERS 60

SaxidWatchTable
saxid_watch_table (void)
{
  return (SaxidWatchTable) { .width = saxid_terminal_width (STDOUT_FILENO) };
}

static void
print_line (const char *path, const SaxidArchiveCurve *curve)
{
  g_autofree char *shown = saxid_text_printable (path), *entry = saxid_text_printable (curve->entry);

  g_print ("%s\t%s\t%" G_GINT64_FORMAT "\t%s\t%.3f%s\n", shown, entry, curve->frame,
           curve->label != NULL ? curve->label : curve->status, curve->confidence, curve->outlier ? "\toutlier" : "");
}

/* The end of a path tells more than its beginning. */
static char *
name_of (const char *path, const char *entry, guint width)
{
  g_autofree char *base = g_path_get_basename (path), *both = g_strconcat (base, entry, NULL);
  g_autofree char *shown = saxid_text_printable (both);

  return saxid_text_shortened (shown, width, saxid_terminal_utf8 () ? "…" : "...");
}

/* printf counts bytes, a terminal columns. */
static void
print_padded (const char *text, guint width)
{
  g_print ("%s%*s", text, (int) (width - MIN (width, saxid_text_width (text))), "");
}

void
saxid_watch_table_row (SaxidWatchTable *table, const char *path, const SaxidArchiveCurve *curve)
{
  const guint width = MAX (table->width, OTHERS + LEAST_FILE) - OTHERS;
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *time = NULL, *name = NULL;

  if (table->width == 0)
    {
      print_line (path, curve);
      return;
    }
  now = g_date_time_new_now_local ();
  time = g_date_time_format (now, "%H:%M:%S");
  name = name_of (path, curve->entry, width);
  if (table->n_row++ % TITLES_EVERY == 0)
    {
      g_print ("TIME      ");
      print_padded ("FILE", width);
      g_print ("  %7s  %-19s  %4s  FLAG\n", "FRAME", "CLASS", "P");
    }
  g_print ("%s  ", time);
  print_padded (name, width);
  g_print ("  %7" G_GINT64_FORMAT "  %-19s  ", curve->frame, curve->label != NULL ? curve->label : curve->status);
  if (curve->label != NULL)
    g_print ("%4.2f  %s\n", curve->confidence, curve->outlier ? "outlier" : "");
  else
    g_print ("%4s\n", "-");
}
