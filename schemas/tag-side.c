/* How does a side file show the curves without holding them?
 *
 * By external links under the same paths as in the file of the curves, which is
 * named without its directory: the two files move together. That file is not
 * opened.
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/tag-side.h"

#include <string.h>

#include "schemas/tag-fields.h"

static gboolean
put_class (hid_t group, const char *nx_class)
{
  return saxid_tag_put_attribute (group, "NX_class", nx_class, strlen (nx_class), 0);
}

/* Makes the groups of path that are missing: an entry below the root, and
 * collections below that. */
static gboolean
make_groups (hid_t file, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GString) at = g_string_new (NULL);

  for (char **part = parts; *part != NULL; part++)
    {
      g_auto (SaxidHid) group = H5I_INVALID_HID;

      if ((*part)[0] == '\0' || strcmp (*part, ".") == 0)
        continue;
      g_string_append_printf (at, "/%s", *part);
      if (H5Lexists (file, at->str, H5P_DEFAULT) > 0)
        continue;
      group = H5Gcreate2 (file, at->str, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      if (group < 0 || !put_class (group, strrchr (at->str, '/') == at->str ? "NXentry" : "NXcollection"))
        return FALSE;
    }
  return TRUE;
}

static gboolean
path_contains (const char *outer, const char *inner)
{
  gsize length = strlen (outer);

  return strcmp (outer, "/") == 0
         || (strncmp (outer, inner, length) == 0 && (inner[length] == '/' || inner[length] == '\0'));
}

/* Links the group that holds the curve, so that its attributes and neighbours
 * come along; where that group also holds ours, the dataset alone. */
static gboolean
link_curve (hid_t file, const char *source_name, const SaxidRecord *record, const char *path)
{
  g_autofree char *holder = NULL;
  g_autofree char *above = NULL;
  const char *linked;

  if (!saxid_tag_path_is_sound (path))
    return TRUE;
  holder = g_path_get_dirname (path);
  linked = path_contains (holder, record->parent) ? path : holder;
  above = g_path_get_dirname (linked);
  if (!make_groups (file, above))
    return FALSE;
  return H5Lexists (file, linked, H5P_DEFAULT) > 0
         || H5Lcreate_external (source_name, linked, file, linked, H5P_DEFAULT, H5P_DEFAULT) >= 0;
}

gboolean
saxid_tag_link_curves (hid_t file, const char *source_name, const SaxidRecord *record)
{
  const char *paths[] = { record->i_path, record->q_path, record->sigma_path };

  if (!make_groups (file, record->parent))
    return FALSE;
  for (gsize k = 0; k < G_N_ELEMENTS (paths); k++)
    if (paths[k] != NULL && !link_curve (file, source_name, record, paths[k]))
      return FALSE;
  return TRUE;
}
