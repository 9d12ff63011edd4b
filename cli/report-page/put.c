/* How do texts and drawings get into a page?
 *
 * Thread: pure.
 */
#include "cli/report-page/put.h"

#include "cli/text.h"

void
saxid_report_put_text (GString *out, const char *text)
{
  g_autofree char *escaped = saxid_text_markup (text);

  g_string_append (out, escaped);
}

void
saxid_report_put_pair (GString *out, const char *key, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append (out, "<tr><th>");
  saxid_report_put_text (out, key);
  g_string_append (out, "</th><td>");
  saxid_report_put_text (out, value);
  g_string_append (out, "</td></tr>\n");
}

void
saxid_report_put_drawing (GString *out, GBytes *drawing)
{
  gsize length;
  const char *text;

  if (drawing == NULL)
    return;
  text = g_bytes_get_data (drawing, &length);
  g_string_append_len (out, text, (gssize) length);
  g_bytes_unref (drawing);
}
