/* What of a text can be kept that somebody else wrote?
 *
 * Thread: pure.
 */
#include "reducers/clean-text.h"

#include <string.h>

/* Of the kinds that act on a terminal or turn the direction of writing (CVE-2021-42574). */
static gboolean
is_clean (gunichar c)
{
  if (c == 0x200C || c == 0x200D) /* joiners: part of words in Persian and Hindi */
    return TRUE;
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

char *
saxid_clean_text (const char *text, gssize length)
{
  g_autofree char *bytes = NULL, *utf8 = NULL;
  GString *clean = g_string_new (NULL);

  bytes = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  utf8 = g_utf8_validate (bytes, -1, NULL)
             ? g_steal_pointer (&bytes)
             : g_convert (bytes, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  for (const char *c = utf8 != NULL ? utf8 : ""; *c != '\0'; c = g_utf8_next_char (c))
    g_string_append_unichar (clean, is_clean (g_utf8_get_char (c)) ? g_utf8_get_char (c) : ' ');
  return g_strstrip (g_string_free (clean, FALSE));
}

gboolean
saxid_text_is_clean (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!is_clean (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

void
saxid_text_fit (char *to, const char *text, gsize size)
{
  const char *end;

  if (size == 0)
    return;
  g_strlcpy (to, text, size);
  if (strlen (text) >= size && !g_utf8_validate (to, -1, &end))
    to[end - to] = '\0';
}

void
saxid_text_fit_words (char *to, const char *text, gsize size)
{
  const gsize mark = strlen ("…");
  char *space;

  if (strlen (text) < size || size <= mark + 1)
    {
      saxid_text_fit (to, text, size);
      return;
    }
  saxid_text_fit (to, text, size - mark - 1);
  space = strrchr (to, ' ');
  if (space != NULL)
    space[1] = '\0';
  g_strlcat (to, "…", size);
}

#define DIGITS 16

void
saxid_text_fit_name (char *to, const char *name, gsize size)
{
  g_autofree char *digest = NULL;

  if (strlen (name) < size || size < 2 * DIGITS)
    {
      saxid_text_fit (to, name, size);
      return;
    }
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  saxid_text_fit (to, name, size - DIGITS - strlen ("…"));
  g_strlcat (to, "…", size);
  digest[DIGITS] = '\0';
  g_strlcat (to, digest, size);
}
