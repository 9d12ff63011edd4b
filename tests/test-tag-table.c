/* Does the table stay a table, whatever it is told and however narrow it is? */
#include <locale.h>
#include <math.h>
#include <pty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/tag-table.h"
#include "cli/text.h"
#include "tests/sample-curves.h"

/* What the rows print, to memory and so to no terminal. */
static char *
print_rows (const SaxidReportCurve *curve, gsize n, guint width, gint64 max_frame, gboolean entries)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GPtrArray) entry = g_ptr_array_new ();
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream (&text, &length);
  SaxidTagTable *table;

  for (gsize k = 0; k < n; k++)
    {
      g_ptr_array_add (files, (char *) curve[k].file);
      g_ptr_array_add (entry, (char *) curve[k].entry);
    }
  g_ptr_array_add (files, NULL);
  g_ptr_array_add (entry, NULL);
  table = saxid_tag_table_new (&(SaxidTagTableOptions) {
      .out = out,
      .file = (const char *const *) files->pdata,
      .entry = entries ? (const char *const *) entry->pdata : NULL,
      .class_name = sample_classes,
      .max_frame = max_frame,
      .width = width,
  });
  for (gsize k = 0; k < n; k++)
    saxid_tag_table_row (table, &curve[k]);
  saxid_tag_table_end (table);
  fclose (out);
  return text;
}

static void
test_rows (void)
{
  SaxidReportCurve curve[] = {
    sample_verdict ("a.nxs", -1, NULL, 0), sample_verdict ("longer-name.nxs", -1, NULL, 2),
    sample_verdict ("b.nxs", -1, NULL, 0), sample_verdict ("c.nxs", -1, NULL, 1),
    sample_verdict ("d.nxs", -1, NULL, 1),
  };
  g_autofree char *text = NULL;

  curve[1].outlier = TRUE;
  curve[3].status = SAXID_STATUS_ABSTAINED;
  curve[3].probability = NULL;
  curve[3].reason = "signal is below the noise";
  curve[4].status = SAXID_STATUS_REJECTED;
  curve[4].reason = "q grid has 3 points, 16 are needed (d.nxs, /entry/data)";
  text = print_rows (curve, 5, 0, -1, FALSE);
  g_assert_cmpstr (
      text, ==,
      "FILE             BEST CLASS            P  RUNNER-UP             P  FLAG\n"
      "a.nxs            sphere             0.70  cylinder           0.20\n"
      "longer-name.nxs  none                                              outlier, nearest: core_shell_sphere 0.70\n"
      "b.nxs            sphere             0.70  cylinder           0.20\n"
      "c.nxs            abstained: signal is below the noise\n"
      "d.nxs            rejected: q grid has 3 points, 16 are needed (d.nxs, /entry/data)\n"
      "\n5 curves: 2 sphere; 1 rejected, 1 abstained, 1 outlier\n");
}

static void
test_frames_and_entries (void)
{
  SaxidReportCurve curve[]
      = { sample_verdict ("a.nxs", 7, NULL, 0), sample_verdict ("a.nxs", 123456, NULL, 0) };
  g_autofree char *text = print_rows (curve, 2, 0, 123456, TRUE);

  g_assert_nonnull (strstr (text, "a.nxs  /entry       7  sphere "));
  g_assert_nonnull (strstr (text, "a.nxs  /entry  123456  sphere "));
}

static void
test_flags (void)
{
  const float even[] = { 0.45f, 0.40f, 0.1f, 0.05f }, close[] = { 0.52f, 0.47f, 0.01f, 0 };
  const float nan[] = { NAN, NAN, NAN, NAN };
  SaxidReportCurve curve = sample_verdict ("a", -1, NULL, 0);
  int best, next;

  g_assert_cmpstr (saxid_report_curve_flag (&curve), ==, "");
  curve.probability = even;
  g_assert_cmpstr (saxid_report_curve_flag (&curve), ==, "unsure");
  curve.probability = close;
  g_assert_cmpstr (saxid_report_curve_flag (&curve), ==, "unsure");
  curve.outlier = TRUE;
  g_assert_cmpstr (saxid_report_curve_flag (&curve), ==, "outlier");
  curve.status = SAXID_STATUS_ABSTAINED;
  g_assert_cmpstr (saxid_report_curve_flag (&curve), ==, "abstained");
  curve = sample_verdict ("a", -1, NULL, 0);
  curve.probability = nan;
  saxid_report_curve_best (&curve, &best, &next);
  g_assert_cmpint (best, ==, -1);
  g_assert_cmpint (next, ==, -1);
  g_assert_cmpstr (saxid_report_curve_flag (&curve), ==, "not done");
}

/* Where the class is open and the family is not, the family is named: with the classes in
 * question where there is room, and unless the curve is none of them. */
static void
test_open (void)
{
  SaxidReportCurve curve[] = { sample_verdict ("a.nxs", -1, NULL, 0), sample_verdict ("b.nxs", -1, NULL, 0) };
  g_autofree char *wide = NULL, *narrow = NULL, *told = NULL;

  curve[0].told = "a 0.573 nm, pores 28 %";
  told = print_rows (curve, 1, 0, -1, FALSE);
  g_assert_nonnull (strstr (told, "  a 0.573 nm, pores 28 %\n"));
  g_assert_null (strstr (told, "unsure"));
  curve[0].told = NULL;
  curve[0].open = curve[1].open = "elongated: cylinder or core_shell_prolate";
  curve[1].outlier = TRUE;
  wide = print_rows (curve, 2, 0, -1, FALSE);
  g_assert_nonnull (strstr (wide, "0.20  elongated: cylinder or core_shell_prolate\n"));
  g_assert_nonnull (strstr (wide, "  outlier, nearest: sphere 0.70\n"));
  g_assert_nonnull (strstr (wide, "; 1 outlier, 1 unsure\n"));
  narrow = print_rows (curve, 2, 76, -1, FALSE);
  g_assert_nonnull (strstr (narrow, "0.20  elongated\n"));
  curve[0].open = "";
  g_assert_cmpstr (saxid_report_curve_flag (&curve[0]), ==, "");
}

static void
test_narrow (void)
{
  SaxidReportCurve curve[] = {
    sample_verdict ("/data/visitor/mx1234/id02/20240101/RAW_DATA/sample_0001_eiger.h5", 3, NULL, 2),
    sample_verdict ("测量数据/样品很长很长的名字/结果文件.nxs", 12, NULL, 0),
    sample_verdict ("short", 5, NULL, 1),
  };

  curve[2].status = SAXID_STATUS_REJECTED;
  curve[2].reason
      = "intensity is zero at all 300 points, a curve is needed (short, /entry/result/data)";
  for (guint width = 50; width <= 160; width += 5)
    {
      g_autofree char *text = print_rows (curve, 3, width, 12, FALSE);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

      g_assert_true (g_utf8_validate (text, -1, NULL));
      for (guint k = 0; k < 6 && *lines[k] != '\0'; k++)
        g_assert_cmpuint (saxid_text_width (lines[k]), <=, width);
      /* the end of the name and that of the reason are still there */
      g_assert_nonnull (strstr (text, width > 90 ? "eiger.h5" : ".h5"));
      g_assert_nonnull (strstr (text, "/entry/result/data)"));
    }
}

static void
test_hostile (void)
{
  SaxidReportCurve curve
      = sample_verdict ("x\033[2J\033]0;owned\007\n\xff\xe2\x80\xae.nxs", -1, NULL, 0);
  g_autofree char *text = print_rows (&curve, 1, 0, -1, FALSE);

  for (const char *at = text; *at != '\0'; at++)
    g_assert_true ((guchar) *at >= 0x20 || *at == '\n');
  g_assert_nonnull (strstr (text, "x\\x1b[2J\\x1b]0;owned\\x07\\x0a\\xff\\u202e.nxs  sphere"));
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

/* A table on a terminal of 80 columns, as bytes. */
static char *
print_on_terminal (void)
{
  struct winsize size = { .ws_row = 24, .ws_col = 80 };
  SaxidReportCurve curve
      = sample_verdict ("a-file-name-that-is-much-too-long-for-a-narrow-terminal.nxs", -1, NULL, 2);
  const char *files[] = { curve.file, NULL };
  char buffer[4096];
  int master, slave;
  gsize length = 0;
  gssize got;
  FILE *out;
  SaxidTagTable *table;

  g_assert_cmpint (openpty (&master, &slave, NULL, NULL, &size), ==, 0);
  out = fdopen (slave, "w");
  curve.outlier = TRUE;
  table = saxid_tag_table_new (&(SaxidTagTableOptions) {
      .out = out, .file = files, .class_name = sample_classes, .max_frame = -1 });
  saxid_tag_table_row (table, &curve);
  saxid_tag_table_end (table);
  /* a terminal hands on what it likes when it likes: read up to a last byte of ours */
  fputc ('\001', out);
  fflush (out);
  do
    {
      got = read (master, buffer + length, sizeof buffer - length);
      g_assert_cmpint (got, >, 0);
      length += (gsize) got;
    }
  while (buffer[length - 1] != '\001');
  buffer[length - 1] = '\0';
  fclose (out);
  close (master);
  return g_strdup (buffer);
}

static void
test_terminal (void)
{
  g_autofree char *coloured = NULL;
  g_autofree char *plain = NULL;
  g_auto (GStrv) lines = NULL;

  g_setenv ("TERM", "xterm", TRUE);
  g_unsetenv ("NO_COLOR");
  coloured = print_on_terminal ();
  g_assert_nonnull (strstr (coloured, "\033[35m"));
  g_assert_nonnull (strstr (coloured, "\033[0m"));

  g_setenv ("NO_COLOR", "1", TRUE);
  plain = print_on_terminal ();
  g_assert_null (strchr (plain, '\033'));
  lines = g_strsplit (plain, "\r\n", -1);
  g_assert_cmpuint (saxid_text_width (lines[1]), <=, 80);
  g_assert_nonnull (strstr (lines[1], "minal.nxs"));
}

static void
test_shortened (void)
{
  g_autofree char *half = saxid_text_shortened ("abcdefghij", 7, "…");
  g_autofree char *wide = saxid_text_shortened ("样品样品样品", 6, "…");
  g_autofree char *whole = saxid_text_shortened ("abc", 3, "…");
  g_autofree char *none = saxid_text_shortened ("abc", 0, "…");

  g_assert_cmpstr (half, ==, "abc…hij");
  g_assert_cmpuint (saxid_text_width (wide), <=, 6);
  g_assert_cmpstr (whole, ==, "abc");
  g_assert_cmpstr (none, ==, "");
}

int
main (int argc, char **argv)
{
  /* the mark for what is cut is "…" only where the locale has it */
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/open", test_open);
  g_test_add_func ("/table/rows", test_rows);
  g_test_add_func ("/table/frames-and-entries", test_frames_and_entries);
  g_test_add_func ("/table/flags", test_flags);
  g_test_add_func ("/table/narrow", test_narrow);
  g_test_add_func ("/table/hostile", test_hostile);
  g_test_add_func ("/table/terminal", test_terminal);
  g_test_add_func ("/table/shortened", test_shortened);
  return g_test_run ();
}
