/* Was the program asked to stop?
 *
 * Ctrl-C (or TERM, or HUP) ends the work between two of its steps, so that what
 * was begun is taken away; a second one ends the program at once.
 *
 * Thread: any thread may ask.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on a signal is noted. */
void saxid_interrupt_watch (void);
/* The same, and a second one changes nothing: for a process that is sure to end soon and
 * gets the signal from several sides. */
void saxid_interrupt_hold (void);
gboolean saxid_interrupted (void);

G_END_DECLS
