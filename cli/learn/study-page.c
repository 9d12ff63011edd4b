/* Where the page of a study goes, with its picture.
 *
 * Thread: see study-page.h.
 */
#include "cli/learn/study-page.h"

#include <errno.h>

#include "cli/plot/plot.h"
#include "reducers/error.h"

gboolean
saxid_study_page_save (const char *directory, const char *name, const GString *text, const char *picture,
                       GBytes *drawing, GError **error)
{
  g_autofree char *page = g_build_filename (directory, name, NULL);
  g_autofree char *figure = picture != NULL ? g_build_filename (directory, picture, NULL) : NULL;
  g_autoptr (GError) reason = NULL;

  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "directory cannot be made: %s (%s)", g_strerror (errno), directory);
      return FALSE;
    }
  if (figure != NULL && !saxid_plot_save (drawing, figure, error))
    return FALSE;
  if (g_file_set_contents (page, text->str, (gssize) text->len, &reason))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "page cannot be written: %s", reason->message);
  return FALSE;
}
