/* How far is it, how fast, and how long will it take?
 *
 * The rate is a mean that forgets with a time constant of some seconds, so that
 * the ETA follows a change of pace without trembling. The width of the terminal
 * is asked for at every drawing: no signal handler, and a narrowed window, which
 * wraps the old bar, is cleaned by going up as many rows as it wrapped to.
 *
 * Thread: a mutex guards all state.
 */
#include "cli/progress.h"

#include <math.h>
#include <string.h>

#include "cli/terminal.h"
#include "cli/text.h"

#define SECOND      G_USEC_PER_SEC
#define REDRAW      (SECOND / 10)
#define FIRST_BAR   (SECOND / 2)  /* shorter work gets no bar */
#define FIRST_LINE  (10 * SECOND) /* and no plain line */
#define LINE_EVERY  (30 * SECOND)
#define FINAL_AFTER (2 * SECOND) /* shorter work needs no summary on a terminal */
#define FORGET      6.0          /* s, time constant of the rate */
#define MIN_BAR     8
#define MAX_BAR     40
#define BAR_WORDS   10 /* columns of the bar's ends and its per cent */

struct SaxidProgress
{
  GMutex mutex;
  char *verb, *noun;
  int fd;
  gboolean quiet, terminal, utf8;
  gint64 (*clock) (void);
  guint64 total, done;
  gint64 start, shown, sampled;
  guint64 sampled_done;
  double rate, rate_weight; /* weighted mean of the rate, and the weight so far */
  gsize drawn;              /* columns of the bar on the screen, 0 = none */
  gboolean spoken;          /* a plain line was printed */
};

SaxidProgress *
saxid_progress_new (const SaxidProgressOptions *options)
{
  SaxidProgress *progress = g_new0 (SaxidProgress, 1);

  g_mutex_init (&progress->mutex);
  progress->verb = saxid_text_printable (options->verb);
  progress->noun = saxid_text_printable (options->noun);
  progress->fd = options->fd;
  progress->quiet = options->quiet;
  progress->terminal = saxid_terminal_is (options->fd);
  progress->utf8 = saxid_terminal_utf8 ();
  progress->clock = options->clock != NULL ? options->clock : g_get_monotonic_time;
  progress->total = options->total;
  progress->start = progress->sampled = progress->clock ();
  progress->shown = progress->start;
  return progress;
}

static char *
duration (double seconds)
{
  guint64 s;

  if (!(seconds < 359999))
    return g_strdup ("> 99 h");
  s = (guint64) (seconds + 0.5);
  if (s >= 3600)
    return g_strdup_printf ("%u:%02u:%02u", (guint) (s / 3600), (guint) (s / 60 % 60),
                            (guint) (s % 60));
  return g_strdup_printf ("%u:%02u", (guint) (s / 60), (guint) (s % 60));
}

static char *
rate_text (double rate, const char *noun)
{
  if (rate >= 100)
    return g_strdup_printf ("%.0f %s/s", rate, noun);
  if (rate >= 1)
    return g_strdup_printf ("%.1f %s/s", rate, noun);
  return g_strdup_printf ("%.1f %s/min", 60 * rate, noun);
}

static void
sample_rate (SaxidProgress *progress, gint64 now)
{
  double elapsed = (double) (now - progress->sampled) / SECOND;
  double keep, momentary;

  if (elapsed <= 0)
    return;
  momentary = (double) (progress->done - progress->sampled_done) / elapsed;
  keep = exp (-elapsed / FORGET);
  progress->rate = (progress->rate * progress->rate_weight * keep + momentary * (1 - keep))
                   / (progress->rate_weight * keep + 1 - keep);
  progress->rate_weight = progress->rate_weight * keep + 1 - keep;
  progress->sampled = now;
  progress->sampled_done = progress->done;
}

/* "1200/5000 curves, 310 curves/s, 0:12 left" */
static char *
figures (const SaxidProgress *progress, gint64 now)
{
  g_autofree char *rate = rate_text (progress->rate, progress->noun);
  g_autofree char *time = NULL;

  if (progress->total == 0 || progress->done > progress->total)
    {
      time = duration ((double) (now - progress->start) / SECOND);
      return g_strdup_printf ("%" G_GUINT64_FORMAT " %s, %s, %s so far", progress->done, progress->noun,
                              rate, time);
    }
  if (progress->rate > 0)
    time = duration ((double) (progress->total - progress->done) / progress->rate);
  return g_strdup_printf ("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT ", %s, %s left", progress->done,
                          progress->total, rate, time != NULL ? time : "?");
}

static void
append_bar (const SaxidProgress *progress, GString *out, gsize width)
{
  double share = MIN (1, (double) progress->done / (double) progress->total);
  gsize full = (gsize) (share * (double) width + 1e-9);

  g_string_append (out, progress->utf8 ? "▕" : "[");
  for (gsize k = 0; k < width; k++)
    g_string_append (out, k < full ? (progress->utf8 ? "█" : "#") : (progress->utf8 ? "░" : "."));
  g_string_append_printf (out, progress->utf8 ? "▏%3.0f %%  " : "] %3.0f %%  ", floor (100 * share));
}

static void
append_erase (const SaxidProgress *progress, GString *out, gsize width)
{
  if (progress->drawn == 0)
    return;
  if (progress->drawn > width)
    g_string_append_printf (out, "\033[%uA", (guint) ((progress->drawn - 1) / width));
  g_string_append (out, "\r\033[J");
}

static void
erase (SaxidProgress *progress)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append_erase (progress, out, MAX (saxid_terminal_width (progress->fd), 1));
  saxid_terminal_write (progress->fd, out->str);
  progress->drawn = 0;
}

static void
draw_bar (SaxidProgress *progress, gint64 now)
{
  gsize width = MAX (saxid_terminal_width (progress->fd), 1);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *text = figures (progress, now);
  g_autofree char *fitted = NULL;
  gsize words;

  append_erase (progress, out, width);
  g_string_append_printf (line, "%s  ", progress->verb);
  words = saxid_text_width (line->str) + saxid_text_width (text) + BAR_WORDS;
  if (progress->total > 0 && progress->done <= progress->total && width > words + MIN_BAR)
    append_bar (progress, line, MIN (width - 1 - words, MAX_BAR));
  g_string_append (line, text);
  /* the last column stays free: some terminals wrap when it is written */
  fitted = saxid_text_shortened (line->str, width - 1, progress->utf8 ? "…" : "~");
  g_string_append (out, fitted);
  saxid_terminal_write (progress->fd, out->str);
  progress->drawn = saxid_text_width (fitted);
}

static void
print_line (SaxidProgress *progress, gint64 now)
{
  g_autofree char *text = figures (progress, now);
  g_autofree char *line = g_strdup_printf ("%s: %s\n", progress->verb, text);

  saxid_terminal_write (progress->fd, line);
  progress->spoken = TRUE;
}

static void
show_if_due (SaxidProgress *progress)
{
  gint64 now = progress->clock ();

  if (progress->quiet)
    return;
  if (progress->terminal)
    {
      if (now - progress->start < FIRST_BAR || now - progress->shown < REDRAW)
        return;
      sample_rate (progress, now);
      draw_bar (progress, now);
    }
  else
    {
      if (now - progress->start < FIRST_LINE
          || (progress->spoken && now - progress->shown < LINE_EVERY))
        return;
      sample_rate (progress, now);
      print_line (progress, now);
    }
  progress->shown = now;
}

void
saxid_progress_set_total (SaxidProgress *progress, guint64 total)
{
  g_mutex_lock (&progress->mutex);
  progress->total = total;
  g_mutex_unlock (&progress->mutex);
}

void
saxid_progress_advance (SaxidProgress *progress, guint64 steps)
{
  g_mutex_lock (&progress->mutex);
  progress->done += steps;
  show_if_due (progress);
  g_mutex_unlock (&progress->mutex);
}

void
saxid_progress_hide (SaxidProgress *progress)
{
  if (progress == NULL)
    return;
  g_mutex_lock (&progress->mutex);
  if (progress->drawn > 0)
    erase (progress);
  g_mutex_unlock (&progress->mutex);
}

void
saxid_progress_finish (SaxidProgress *progress)
{
  gint64 elapsed;

  if (progress == NULL)
    return;
  elapsed = progress->clock () - progress->start;
  if (progress->drawn > 0)
    erase (progress);
  if (!progress->quiet && (progress->terminal ? elapsed >= FINAL_AFTER : progress->spoken))
    {
      double seconds = (double) elapsed / SECOND;
      g_autofree char *rate = rate_text ((double) progress->done / seconds, progress->noun);
      g_autofree char *time = duration (seconds);
      g_autofree char *line
          = g_strdup_printf ("%s: %" G_GUINT64_FORMAT " %s in %s, %s\n", progress->verb, progress->done,
                             progress->noun, time, rate);

      saxid_terminal_write (progress->fd, line);
    }
  g_mutex_clear (&progress->mutex);
  g_free (progress->verb);
  g_free (progress->noun);
  g_free (progress);
}
