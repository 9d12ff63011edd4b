/* Which groups of a NeXus file are of a class, and which detector has the images?
 *
 * Thread: see nexus.h.
 */
#include "schemas/frame/nexus.h"

#include <string.h>

/* Of one group. A thousand links to a group of a thousand links are soon more than anybody waits
 * for: input->looked bounds all of them together. */
#define MOST_CHILDREN 1024

/* What is done with a child; FALSE ends the walk. */
typedef gboolean (*Visit) (SaxidInput *input, hid_t parent, const char *name, gpointer data);

static void
visit_children (SaxidInput *input, const char *parent, Visit visit, gpointer data)
{
  g_auto (SaxidHid) group = saxid_input_group (input, input->file, parent);
  H5G_info_t info;

  if (group < 0 || H5Gget_info (group, &info) < 0)
    return;
  for (hsize_t k = 0; k < MIN (info.nlinks, MOST_CHILDREN); k++)
    {
      char name[256];
      const ssize_t length
        = H5Lget_name_by_idx (group, ".", H5_INDEX_NAME, H5_ITER_INC, k, name, sizeof name, H5P_DEFAULT);

      if (input->looked++ >= input->limits.objects
          || (length > 0 && (gsize) length < sizeof name && !visit (input, group, name, data)))
        return;
    }
}

/* ---- classes ------------------------------------------------------------------------- */

typedef struct
{
  const char *parent, *class_name, *usual;
  GPtrArray *paths;
} Wanted;

static gboolean
keep_of_class (SaxidInput *input, hid_t parent, const char *name, gpointer data)
{
  const Wanted *wanted = data;
  g_auto (SaxidHid) child = saxid_input_group (input, parent, name);
  g_autofree char *found = child >= 0 ? saxid_input_text (input, child, "NX_class") : NULL;

  if (child >= 0 && (found != NULL ? strcmp (found, wanted->class_name) == 0 : strcmp (name, wanted->usual) == 0))
    g_ptr_array_add (wanted->paths, g_build_path ("/", wanted->parent, name, NULL));
  return TRUE;
}

GPtrArray *
saxid_nexus_groups (SaxidInput *input, const char *parent, const char *class_name, const char *usual)
{
  Wanted wanted = { parent, class_name, usual, g_ptr_array_new_with_free_func (g_free) };

  visit_children (input, parent, keep_of_class, &wanted);
  return wanted.paths;
}

GPtrArray *
saxid_nexus_detectors (SaxidInput *input, const char *entry)
{
  g_autoptr (GPtrArray) instruments = saxid_nexus_groups (input, entry, "NXinstrument", "instrument");
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  for (guint k = 0; k < instruments->len && all->len < MOST_CHILDREN; k++)
    g_ptr_array_extend_and_steal (all, saxid_nexus_groups (input, instruments->pdata[k], "NXdetector", "detector"));
  return all;
}

/* ---- whose a data set is --------------------------------------------------------------- */

gboolean
saxid_nexus_lies_in (const char *path, const char *group)
{
  g_autofree char *whole = g_canonicalize_filename (path, "/");
  const gsize n = strlen (group);

  return strncmp (whole, group, n) == 0 && whole[n] == '/';
}

typedef struct
{
  guint64 identity[2];
  gboolean found;
} Same;

static gboolean
compare_child (SaxidInput *input, hid_t parent, const char *name, gpointer data)
{
  Same *same = data;
  g_auto (SaxidHid) child = saxid_input_dataset (input, parent, name);
  guint64 identity[2];

  same->found = child >= 0 && saxid_input_identity (child, identity)
                && memcmp (identity, same->identity, sizeof identity) == 0;
  return !same->found;
}

const char *
saxid_nexus_holder (SaxidInput *input, const GPtrArray *groups, const char *dataset)
{
  g_auto (SaxidHid) id = saxid_input_dataset (input, input->file, dataset);
  g_autofree char *target = id >= 0 ? saxid_input_text (input, id, "target") : NULL;
  Same same = { .found = FALSE };

  for (guint k = 0; k < groups->len; k++)
    if (saxid_nexus_lies_in (dataset, groups->pdata[k]))
      return groups->pdata[k];
  for (guint k = 0; k < groups->len && id >= 0 && saxid_input_identity (id, same.identity); k++)
    {
      visit_children (input, groups->pdata[k], compare_child, &same);
      if (same.found)
        return groups->pdata[k];
    }
  for (guint k = 0; k < groups->len && target != NULL; k++)
    if (saxid_nexus_lies_in (target, groups->pdata[k]))
      return groups->pdata[k];
  return NULL;
}

static gboolean
has_field (SaxidInput *input, const char *group, const char *name)
{
  g_autofree char *path = g_strconcat (group, "/", name, NULL);

  return saxid_input_has (input, input->file, path);
}

/* One with data of its own has other images, or is a diode. */
static gboolean
is_without_data (SaxidInput *input, const char *detector)
{
  return !has_field (input, detector, "data");
}

static gboolean
says_where_it_is (SaxidInput *input, const char *detector)
{
  static const char *const names[] = { "distance", "beam_center_x", "x_pixel_size", "depends_on" };

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    if (has_field (input, detector, names[k]))
      return TRUE;
  return FALSE;
}

typedef gboolean (*Trait) (SaxidInput *input, const char *detector);

/* Of the detectors that are left those that have a trait; all of them where none has. */
static void
keep_those (SaxidInput *input, Trait trait, GPtrArray *left)
{
  guint n = 0;

  for (guint k = 0; k < left->len; k++)
    n += trait (input, left->pdata[k]);
  for (guint i = left->len; n > 0 && i > 0; i--)
    if (!trait (input, left->pdata[i - 1]))
      g_ptr_array_remove_index (left, i - 1);
}

const char *
saxid_nexus_detector_of (SaxidInput *input, const GPtrArray *detectors, const char *images)
{
  static const Trait traits[] = { is_without_data, says_where_it_is };
  const char *holder = saxid_nexus_holder (input, detectors, images);
  g_autoptr (GPtrArray) left = g_ptr_array_new ();

  if (holder != NULL)
    return holder;
  for (guint k = 0; k < detectors->len; k++)
    g_ptr_array_add (left, detectors->pdata[k]);
  for (gsize k = 0; k < G_N_ELEMENTS (traits); k++)
    keep_those (input, traits[k], left);
  return left->len == 1 ? left->pdata[0] : NULL;
}
