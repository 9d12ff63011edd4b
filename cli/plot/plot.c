/* Where does a finished drawing go?
 *
 * Thread: no state.
 */
#include "cli/plot/plot.h"

#include "cli/text.h"
#include "reducers/error.h"

typedef struct
{
  const char *ending;
  SaxidCanvasFormat format;
} Ending;

static const Ending endings[] = { { ".svg", SAXID_CANVAS_SVG }, { ".png", SAXID_CANVAS_PNG } };

gboolean
saxid_plot_format (const char *path, SaxidCanvasFormat *format, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autofree char *printable = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (endings); k++)
    if (g_str_has_suffix (lower, endings[k].ending))
      {
        *format = endings[k].format;
        return TRUE;
      }
  printable = saxid_text_printable (path);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "plot file '%s' has an unknown ending, .svg or .png is needed", printable);
  return FALSE;
}

gboolean
saxid_plot_save (GBytes *drawing, const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gsize length;
  const char *data = g_bytes_get_data (drawing, &length);

  if (g_file_set_contents (path, data, (gssize) length, &reason))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "plot cannot be written: %s", reason->message);
  return FALSE;
}
