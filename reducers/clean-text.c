/* What of a text can be kept that somebody else wrote?
 *
 * Thread: pure.
 */
#include "reducers/clean-text.h"

char *
saxid_clean_text (const char *text, gssize length)
{
  g_autofree char *bytes = NULL;
  char *clean;

  bytes = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  clean = g_utf8_validate (bytes, -1, NULL)
              ? g_steal_pointer (&bytes)
              : g_convert (bytes, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  if (clean == NULL)
    clean = g_strdup ("");
  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_strstrip (clean);
}

gboolean
saxid_text_is_clean (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return g_utf8_validate (text, -1, NULL);
}
