/* How far is it, how fast, and how long will it take?
 *
 * On a terminal a bar that redraws itself at most ten times a second and leaves
 * no trace; elsewhere a plain line every now and then; nothing at all for work
 * that is over before anybody asks.
 *
 * Thread: advance may be called from any thread; the rest from one.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidProgress SaxidProgress;

typedef struct
{
  const char *verb;       /* "tagging" */
  const char *noun;       /* "curves" */
  guint64 total;          /* 0: not known */
  gboolean quiet;         /* show nothing at all */
  int fd;                 /* where to; STDERR_FILENO */
  gint64 (*clock) (void); /* µs, monotonic; NULL: g_get_monotonic_time */
} SaxidProgressOptions;

SaxidProgress *saxid_progress_new (const SaxidProgressOptions *options);
/* More work was found, or the total became known. */
void saxid_progress_set_total (SaxidProgress *progress, guint64 total);
void saxid_progress_advance (SaxidProgress *progress, guint64 steps);
/* Takes the bar off the screen, so that something else can be printed; it comes
 * back with the next advance. Harmless on NULL. */
void saxid_progress_hide (SaxidProgress *progress);
/* Erases the bar, says in one line how much was done and how fast where the work
 * was long enough to ask, and frees. Harmless on NULL. */
void saxid_progress_finish (SaxidProgress *progress);

G_END_DECLS
