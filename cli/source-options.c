/* Where does the person say that the curves are?
 *
 * Thread: one thread.
 */
#include "cli/source-options.h"

#include <string.h>

#include "reducers/error.h"

#define MOST_SLIT 10.0 /* 1/Å; more is a length in mm */

static const struct
{
  const char *key;
  gsize offset;
} places[] = {
  { "I=", G_STRUCT_OFFSET (struct saxid_tag_options, i_path) },
  { "q=", G_STRUCT_OFFSET (struct saxid_tag_options, q_path) },
  { "sigma=", G_STRUCT_OFFSET (struct saxid_tag_options, sigma_path) },
};

void
saxid_source_options_clear (SaxidSourceOptions *options)
{
  g_clear_pointer (&options->path, g_strfreev);
  g_clear_pointer (&options->q_unit, g_free);
}

gboolean
saxid_source_options_apply (const SaxidSourceOptions *options, struct saxid_tag_options *tag,
                            GError **error)
{
  if (!(options->slit >= 0 && options->slit <= MOST_SLIT))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--slit is %g 1/Å, a length up to %g is needed", options->slit, MOST_SLIT);
      return FALSE;
    }
  tag->slit_length = options->slit;
  tag->q_unit = options->q_unit;
  if (options->follow_links)
    tag->flags |= SAXID_TAG_FOLLOW_LINKS;
  for (char **path = options->path; path != NULL && *path != NULL; path++)
    {
      guint k = 0;

      while (k < G_N_ELEMENTS (places) && !g_str_has_prefix (*path, places[k].key))
        k++;
      if (k == G_N_ELEMENTS (places))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "--path is '%s', I=PATH, q=PATH or sigma=PATH is needed", *path);
          return FALSE;
        }
      G_STRUCT_MEMBER (const char *, tag, places[k].offset) = *path + strlen (places[k].key);
    }
  if (options->path != NULL && tag->i_path == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--path I=PATH is missing");
      return FALSE;
    }
  return TRUE;
}
