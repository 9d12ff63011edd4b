/* What does a terminal allow?
 *
 * Thread: no state.
 */
#include "cli/terminal.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "schemas/disk/write-all.h"

#define USUAL_WIDTH 80

gboolean
saxid_terminal_is (int fd)
{
  const char *kind = g_getenv ("TERM");

  return isatty (fd) && kind != NULL && *kind != '\0' && strcmp (kind, "dumb") != 0;
}

guint
saxid_terminal_width (int fd)
{
  struct winsize size = { 0 };

  if (!isatty (fd))
    return 0;
  if (ioctl (fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return USUAL_WIDTH;
  return size.ws_col;
}

gboolean
saxid_terminal_colour (int fd)
{
  const char *refused = g_getenv ("NO_COLOR");

  return saxid_terminal_is (fd) && (refused == NULL || *refused == '\0');
}

gboolean
saxid_terminal_utf8 (void)
{
  return g_get_charset (NULL);
}

void
saxid_terminal_write (int fd, const char *text)
{
  saxid_write_all (fd, text, strlen (text)); /* who cannot be told cannot be told that either */
}
