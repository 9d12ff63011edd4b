/* How is a text that came from a file shown without letting it do anything?
 *
 * A terminal obeys escape sequences, a page obeys tags, and a reader is led
 * astray by characters that turn the direction of writing (CVE-2021-42574).
 *
 * Thread: no state.
 */
#include "cli/text.h"

#include <string.h>

static gboolean
is_safe (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_SURROGATE
         && type != G_UNICODE_PRIVATE_USE && type != G_UNICODE_UNASSIGNED
         && type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *
saxid_text_printable (const char *text)
{
  GString *out;

  if (text == NULL)
    return g_strdup ("");
  out = g_string_new (NULL);
  while (*text != '\0')
    {
      gunichar c = g_utf8_get_char_validated (text, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (out, "\\x%02x", (guchar) *text++);
          continue;
        }
      if (is_safe (c))
        g_string_append_unichar (out, c);
      else
        g_string_append_printf (out, c < 0x100 ? "\\x%02x" : "\\u%04x", (guint) c);
      text = g_utf8_next_char (text);
    }
  return g_string_free (out, FALSE);
}

char *
saxid_text_markup (const char *text)
{
  g_autofree char *printable = saxid_text_printable (text);

  return g_markup_escape_text (printable, -1);
}

static gsize
width_of (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

gsize
saxid_text_width (const char *text)
{
  gsize width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += width_of (g_utf8_get_char (text));
  return width;
}

char *
saxid_text_shortened (const char *text, gsize width, const char *mark)
{
  gsize width_left, head = 0, tail = 0;
  const char *left = text, *right = text + strlen (text);

  if (saxid_text_width (text) <= width)
    return g_strdup (text);
  if (width <= saxid_text_width (mark))
    return g_strdup (width == saxid_text_width (mark) ? mark : "");

  width_left = width - saxid_text_width (mark);
  /* the end of a name says more than its start: the run number, the extension */
  while (right > text)
    {
      const char *previous = g_utf8_prev_char (right);
      gsize step = width_of (g_utf8_get_char (previous));

      if (tail + step > (width_left + 1) / 2)
        break;
      tail += step;
      right = previous;
    }
  while (head + width_of (g_utf8_get_char (left)) <= width_left - tail)
    {
      head += width_of (g_utf8_get_char (left));
      left = g_utf8_next_char (left);
    }
  return g_strdup_printf ("%.*s%s%s", (int) (left - text), text, mark, right);
}

char *
saxid_text_class_title (const char *name)
{
  g_autofree char *printable = saxid_text_printable (name);

  if (g_str_has_prefix (printable, "core_shell"))
    printable[4] = '-';
  return g_strdelimit (g_steal_pointer (&printable), "_", ' ');
}
