/* Is progress silent, plain or drawn where it should be, and does it clean up? */
#include <pty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/progress.h"

static gint64 now;

static gint64
test_clock (void)
{
  return now;
}

/* All that was written so far: a terminal hands it on when it likes, so a last
 * byte of our own is sent behind it and waited for. */
static char *
drain (int reader, int writer)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize got;

  g_assert_cmpint (write (writer, "\001", 1), ==, 1);
  do
    {
      got = read (reader, buffer, sizeof buffer);
      g_assert_cmpint (got, >, 0);
      g_string_append_len (text, buffer, got);
    }
  while (buffer[got - 1] != '\001');
  g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

/* `seconds` of work at 100 curves a second, in steps of 10 ms. */
static void
work (SaxidProgress *progress, double seconds)
{
  for (guint k = 0; k < (guint) (seconds * 100); k++)
    {
      now += 10000;
      saxid_progress_advance (progress, 1);
    }
}

static char *
through_pipe (double seconds, guint64 total, gboolean quiet)
{
  int fd[2];
  SaxidProgress *progress;
  char *text;

  g_assert_cmpint (pipe (fd), ==, 0);
  now = G_USEC_PER_SEC;
  progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "tagging",
                                                          .noun = "curves",
                                                          .total = total,
                                                          .quiet = quiet,
                                                          .fd = fd[1],
                                                          .clock = test_clock });
  work (progress, seconds);
  saxid_progress_finish (progress);
  text = drain (fd[0], fd[1]);
  close (fd[0]);
  close (fd[1]);
  return text;
}

static void
test_pipe (void)
{
  g_autofree char *brief = through_pipe (9, 900, FALSE);
  g_autofree char *quiet = through_pipe (100, 10000, TRUE);
  g_autofree char *longer = through_pipe (45, 9000, FALSE);
  g_autofree char *unknown = through_pipe (11, 0, FALSE);

  g_assert_cmpstr (brief, ==, "");
  g_assert_cmpstr (quiet, ==, "");
  g_assert_cmpstr (longer, ==,
                   "tagging: 1000/9000, 100 curves/s, 1:20 left\n"
                   "tagging: 4000/9000, 100 curves/s, 0:50 left\n"
                   "tagging: 4500 curves in 0:45, 100 curves/s\n");
  g_assert_cmpstr (unknown, ==,
                   "tagging: 1000 curves, 100 curves/s, 0:10 so far\n"
                   "tagging: 1100 curves in 0:11, 100 curves/s\n");
}

typedef struct
{
  int master, slave;
  SaxidProgress *progress;
} Terminal;

static void
set_width (Terminal *terminal, guint columns)
{
  struct winsize size = { .ws_row = 24, .ws_col = (unsigned short) columns };

  g_assert_cmpint (ioctl (terminal->slave, TIOCSWINSZ, &size), ==, 0);
}

static void
open_terminal (Terminal *terminal, guint columns, guint64 total)
{
  g_assert_cmpint (openpty (&terminal->master, &terminal->slave, NULL, NULL, NULL), ==, 0);
  set_width (terminal, columns);
  g_setenv ("TERM", "xterm", TRUE);
  now = G_USEC_PER_SEC;
  terminal->progress = saxid_progress_new (&(SaxidProgressOptions) { .verb = "tagging",
                                                                    .noun = "curves",
                                                                    .total = total,
                                                                    .fd = terminal->slave,
                                                                    .clock = test_clock });
}

static void
close_terminal (Terminal *terminal)
{
  close (terminal->slave);
  close (terminal->master);
}

static guint
count_of (const char *text, const char *part)
{
  guint count = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    count++;
  return count;
}

static void
test_terminal_bar (void)
{
  Terminal terminal;
  g_autofree char *drawn = NULL;
  g_autofree char *rest = NULL;

  open_terminal (&terminal, 80, 1000);
  work (terminal.progress, 5);
  drawn = drain (terminal.master, terminal.slave);
  /* nothing in the first half second, then ten times a second */
  g_assert_cmpuint (count_of (drawn, "tagging"), >=, 40);
  g_assert_cmpuint (count_of (drawn, "tagging"), <=, 46);
  g_assert_cmpuint (count_of (drawn, "\r\033[J"), ==, count_of (drawn, "tagging") - 1);
  g_assert_nonnull (strstr (drawn, " 50 %  500/1000, 100 curves/s, 0:05 left"));
  g_assert_null (strchr (drawn, '\n'));

  saxid_progress_finish (terminal.progress);
  rest = drain (terminal.master, terminal.slave);
  g_assert_cmpstr (rest, ==, "\r\033[Jtagging: 500 curves in 0:05, 100 curves/s\r\n");
  close_terminal (&terminal);
}

static void
test_terminal_brief (void)
{
  Terminal terminal;
  g_autofree char *text = NULL;

  open_terminal (&terminal, 80, 40);
  work (terminal.progress, 0.4);
  saxid_progress_finish (terminal.progress);
  text = drain (terminal.master, terminal.slave);
  g_assert_cmpstr (text, ==, "");
  close_terminal (&terminal);
}

static void
test_hide (void)
{
  Terminal terminal;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  open_terminal (&terminal, 80, 1000);
  work (terminal.progress, 1);
  saxid_progress_hide (terminal.progress);
  saxid_progress_hide (terminal.progress);
  text = drain (terminal.master, terminal.slave);
  g_assert_true (g_str_has_suffix (text, "left\r\033[J"));
  work (terminal.progress, 0.2);
  again = drain (terminal.master, terminal.slave);
  /* nothing is left to be erased: what was printed meanwhile stays */
  g_assert_true (g_str_has_prefix (again, "tagging"));
  saxid_progress_finish (terminal.progress);
  close_terminal (&terminal);
  saxid_progress_hide (NULL);
  saxid_progress_finish (NULL);
}

static void
test_narrowed (void)
{
  Terminal terminal;
  g_autofree char *wide = NULL;
  g_autofree char *narrow = NULL;
  g_autofree char *tiny = NULL;

  open_terminal (&terminal, 100, 1000);
  work (terminal.progress, 1);
  wide = drain (terminal.master, terminal.slave);
  set_width (&terminal, 30);
  work (terminal.progress, 0.1);
  narrow = drain (terminal.master, terminal.slave);
  /* the old bar now covers three or four rows of the narrowed window */
  g_assert_true (g_str_has_prefix (narrow, "\033[2A\r\033[J")
                 || g_str_has_prefix (narrow, "\033[3A\r\033[J"));
  g_assert_cmpuint (strlen (strstr (narrow, "tagging")), <=, 31);
  set_width (&terminal, 1);
  work (terminal.progress, 0.2);
  tiny = drain (terminal.master, terminal.slave);
  g_assert_null (strstr (tiny, "tagging"));
  saxid_progress_finish (terminal.progress);
  close_terminal (&terminal);
}

/* More than was announced, and a total that comes late. */
static void
test_wrong_total (void)
{
  Terminal terminal;
  g_autofree char *over = NULL;
  g_autofree char *late = NULL;

  open_terminal (&terminal, 80, 50);
  work (terminal.progress, 1);
  over = drain (terminal.master, terminal.slave);
  g_assert_nonnull (strstr (over, "100 curves, 100 curves/s, 0:01 so far"));
  g_assert_null (strstr (over, "100/50"));
  saxid_progress_set_total (terminal.progress, 400);
  work (terminal.progress, 1);
  late = drain (terminal.master, terminal.slave);
  g_assert_nonnull (strstr (late, "200/400, 100 curves/s, 0:02 left"));
  saxid_progress_finish (terminal.progress);
  close_terminal (&terminal);
}

static void
test_dumb_terminal (void)
{
  Terminal terminal;
  g_autofree char *text = NULL;

  open_terminal (&terminal, 80, 1000);
  saxid_progress_finish (terminal.progress);
  g_setenv ("TERM", "dumb", TRUE);
  terminal.progress = saxid_progress_new (&(SaxidProgressOptions) {
      .verb = "tagging", .noun = "curves", .fd = terminal.slave, .clock = test_clock });
  work (terminal.progress, 11);
  saxid_progress_finish (terminal.progress);
  text = drain (terminal.master, terminal.slave);
  g_assert_null (strchr (text, '\033'));
  g_assert_cmpuint (count_of (text, "\r\n"), ==, 2);
  close_terminal (&terminal);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/pipe", test_pipe);
  g_test_add_func ("/progress/terminal-bar", test_terminal_bar);
  g_test_add_func ("/progress/terminal-brief", test_terminal_brief);
  g_test_add_func ("/progress/hide", test_hide);
  g_test_add_func ("/progress/narrowed", test_narrowed);
  g_test_add_func ("/progress/wrong-total", test_wrong_total);
  g_test_add_func ("/progress/dumb-terminal", test_dumb_terminal);
  return g_test_run ();
}
