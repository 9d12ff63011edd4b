/* What kind of place is this output, and how wide?
 *
 * Thread: pure, but for the environment.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A terminal that obeys cursor movements. */
gboolean saxid_terminal_is (int fd);
/* Columns; 0 when the output is no terminal, 80 when it will not say. */
guint saxid_terminal_width (int fd);
/* Colour is welcome: a terminal, and NO_COLOR unset or empty (no-color.org). */
gboolean saxid_terminal_colour (int fd);
/* Characters beyond ASCII arrive as what they are. */
gboolean saxid_terminal_utf8 (void);
/* Writes all of it, whatever interrupts; errors are of no interest to anybody. */
void saxid_terminal_write (int fd, const char *text);

G_END_DECLS
