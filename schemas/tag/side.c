/* How does a side file show the curves without holding them?
 *
 * By external links under the same paths as in the file of the curves, which is
 * named without its directory: the two files move together. That file is not
 * opened.
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/tag/side.h"

#include <string.h>

#include "schemas/hdf5/selection.h"
#include "schemas/tag/fields.h"
#include "schemas/tag/foreign.h"

#define MAX_DEPTH 32

static gboolean
put_class (hid_t group, const char *nx_class)
{
  return saxid_tag_put_attribute (group, "NX_class", nx_class, strlen (nx_class), 0);
}

/* Makes the groups of path that are missing: an entry below the root, and collections below
 * that. *inside is FALSE where a link leads elsewhere before the path ends: what is behind it
 * belongs to another file, or to another place of this one, and is not touched. */
static gboolean
make_groups (hid_t file, const char *path, gboolean *inside)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GString) at = g_string_new (NULL);
  H5L_info_t link;

  *inside = TRUE;
  for (char **part = parts; *part != NULL; part++)
    {
      g_auto (SaxidHid) group = H5I_INVALID_HID;

      if ((*part)[0] == '\0' || strcmp (*part, ".") == 0)
        continue;
      g_string_append_printf (at, "/%s", *part);
      if (H5Lget_info (file, at->str, &link, H5P_DEFAULT) >= 0)
        {
          *inside = link.type == H5L_TYPE_HARD;
          if (!*inside)
            return TRUE;
          continue;
        }
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
link_curve (hid_t file, const char *source_name, const SaxidRecord *record, const char *named)
{
  g_autofree char *path = NULL;
  g_autofree char *holder = NULL;
  g_autofree char *above = NULL;
  const char *linked;
  H5L_info_t link;
  gboolean inside;

  if (!saxid_tag_path_is_sound (named))
    return TRUE;
  path = saxid_selection_path (named); /* of a column, the whole */
  holder = g_path_get_dirname (path);
  linked = path_contains (holder, record->parent) ? path : holder;
  above = g_path_get_dirname (linked);
  if (!make_groups (file, above, &inside))
    return FALSE;
  return !inside || H5Lget_info (file, linked, &link, H5P_DEFAULT) >= 0
         || H5Lcreate_external (source_name, linked, file, linked, H5P_DEFAULT, H5P_DEFAULT) >= 0;
}

gboolean
saxid_tag_link_curves (hid_t file, const char *source_name, const SaxidRecord *record)
{
  const char *paths[] = { record->i_path, record->q_path, record->sigma_path };
  gboolean inside;

  if (!make_groups (file, record->parent, &inside))
    return FALSE;
  if (!inside)
    return TRUE; /* whoever puts the tags in refuses it */
  for (gsize k = 0; k < G_N_ELEMENTS (paths); k++)
    if (paths[k] != NULL && !link_curve (file, source_name, record, paths[k]))
      return FALSE;
  return TRUE;
}

typedef struct
{
  const char *source_name;
  GString *at; /* path of the group that is being looked at */
  guint depth;
} Search;

static gboolean
is_our_link (hid_t group, const char *name, const H5L_info_t *link, const Search *search)
{
  g_autofree char *value = g_malloc0 (link->u.val_size + 1), *path = g_strconcat (search->at->str, "/", name, NULL);
  const char *file = NULL, *object = NULL;
  unsigned flags;

  return H5Lget_val (group, name, value, link->u.val_size, H5P_DEFAULT) >= 0
         && H5Lunpack_elink_val (value, link->u.val_size, &flags, &file, &object) >= 0
         && strcmp (file, search->source_name) == 0 && strcmp (object, path) == 0;
}

static gboolean
is_ours_alone (hid_t parent, const char *name)
{
  g_auto (SaxidHid) group = H5Gopen2 (parent, name, H5P_DEFAULT);
  g_autofree char *foreign = group >= 0 ? saxid_tag_foreign (group) : NULL;

  return group >= 0 && foreign == NULL;
}

/* 1: something that is not ours. */
static herr_t
look_at_link (hid_t group, const char *name, const H5L_info_t *link, void *data)
{
  Search *search = data;
  const gsize length = search->at->len;
  g_auto (SaxidHid) below = H5I_INVALID_HID;
  g_autofree char *nx_class = NULL;
  hsize_t index = 0;
  herr_t found;

  if (link->type == H5L_TYPE_EXTERNAL)
    return is_our_link (group, name, link, search) ? 0 : 1;
  if (link->type != H5L_TYPE_HARD || search->depth >= MAX_DEPTH)
    return 1;
  if (saxid_tag_is_ours (group, name))
    return is_ours_alone (group, name) ? 0 : 1;
  below = H5Gopen2 (group, name, H5P_DEFAULT);
  if (below < 0)
    return 1;
  nx_class = saxid_tag_class_of (below);
  if (strcmp (nx_class, "NXentry") != 0 && strcmp (nx_class, "NXcollection") != 0)
    return 1;
  g_string_append_printf (search->at, "/%s", name);
  search->depth++;
  found = H5Literate (below, H5_INDEX_NAME, H5_ITER_INC, &index, look_at_link, search);
  search->depth--;
  g_string_truncate (search->at, length);
  return found != 0 ? 1 : 0;
}

gboolean
saxid_tag_side_is_ours (hid_t file, const char *source_name)
{
  g_autoptr (GString) at = g_string_new (NULL);
  Search search = { source_name, at, 0 };
  hsize_t index = 0;

  return H5Literate (file, H5_INDEX_NAME, H5_ITER_INC, &index, look_at_link, &search) == 0;
}
