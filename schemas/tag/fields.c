/* How does a field of the saxid group get into an open file, and what may be written at all?
 *
 * Whoever writes the group, at once (tag/writer.c) or while it is measured (tag/live.c),
 * makes its texts and single numbers here, so that both are of the same types.
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/tag/fields.h"

#include <string.h>

#include "reducers/error.h"

#define MAX_SIBLINGS 10000 /* looked at for sequence_index */

gboolean
saxid_tag_refuse (GError **error, const char *path, const SaxidRecord *record, int code, const char *what)
{
  g_set_error (error, SAXID_ERROR, code, "%s (%s, %s/%s)", what, path,
               g_strcmp0 (record->parent, "/") == 0 ? "" : record->parent, record->name);
  return FALSE;
}

static gboolean
check_texts (const char *path, SaxidRecord *record, GError **error)
{
  for (const SaxidTagText *text = saxid_tag_texts; text->name != NULL; text++)
    {
      const char *value = text->constant == NULL ? *saxid_tag_text_of (record, text) : text->constant;

      if ((value == NULL || value[0] == '\0') && text->required)
        {
          g_autofree char *what = g_strdup_printf ("record has no %s for the group", text->name);

          return saxid_tag_refuse (error, path, record, SAXID_ERROR_ARGUMENT, what);
        }
      if (value != NULL && strlen (value) >= text->max_bytes)
        {
          g_autofree char *what
            = g_strdup_printf ("%s has %" G_GSIZE_FORMAT " bytes, fewer than %" G_GSIZE_FORMAT
                               " are possible", text->name, strlen (value), text->max_bytes);

          return saxid_tag_refuse (error, path, record, SAXID_ERROR_LIMIT, what);
        }
    }
  return TRUE;
}

static gboolean
names_are_sound (const SaxidRecord *record)
{
  for (const SaxidTagNames *names = saxid_tag_names; names->name != NULL; names++)
    {
      const guint n = saxid_tag_count_of (record, names);
      char **name = saxid_tag_names_of (record, names);

      if (n > SAXID_TAG_MAX_CLASSES || (n == 0 && names->required))
        return FALSE;
      for (guint k = 0; k < n; k++)
        if (!saxid_tag_name_is_sound (name[k]))
          return FALSE;
    }
  return TRUE;
}

gboolean
saxid_tag_check_record (const char *path, SaxidRecord *record, GError **error)
{
  if (!saxid_tag_path_is_sound (record->parent) || !saxid_tag_name_is_sound (record->name))
    return saxid_tag_refuse (error, path, record, SAXID_ERROR_ARGUMENT, "no path and name of a group");
  if (record->n_curve == 0)
    return saxid_tag_refuse (error, path, record, SAXID_ERROR_ARGUMENT, "record holds no curve");
  if (!names_are_sound (record))
    return saxid_tag_refuse (error, path, record, SAXID_ERROR_ARGUMENT,
                             "record has no classes, more than 127 names, or one that is not sound");
  for (gsize k = 0; k < record->n_curve; k++)
    if (record->class_index[k] < -1 || record->class_index[k] >= (int) record->n_class
        || record->status[k] > SAXID_STATUS_REJECTED)
      return saxid_tag_refuse (error, path, record, SAXID_ERROR_ARGUMENT,
                     "record has a class or status out of range");
  return check_texts (path, record, error);
}

char *
saxid_tag_class_label (const SaxidRecord *record)
{
  GString *label = g_string_new (NULL);

  for (guint c = 0; c < record->n_class; c++)
    g_string_append_printf (label, "%s%u %s", c > 0 ? ", " : "", c, record->class_name[c]);
  return g_string_free (label, FALSE);
}

hid_t
saxid_tag_open_parent (hid_t file, const SaxidRecord *record)
{
  g_auto (SaxidHid) access = saxid_tag_access_inside (H5P_GROUP_ACCESS);

  return access >= 0 ? H5Gopen2 (file, record->parent, access) : -1;
}

gboolean
saxid_tag_put_attribute (hid_t object, const char *name, const char *text, gsize width, hsize_t rows)
{
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  g_auto (SaxidHid) space = rows > 0 ? H5Screate_simple (1, &rows, NULL) : H5Screate (H5S_SCALAR);
  g_auto (SaxidHid) attribute = H5I_INVALID_HID;

  if (type < 0 || space < 0 || H5Tset_size (type, width) < 0 || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0)
    return FALSE;
  attribute = H5Acreate2 (object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  return attribute >= 0 && H5Awrite (attribute, type, text) >= 0;
}

gboolean
saxid_tag_put_strings (hid_t group, const char *name, const char *const *values, gsize n, gboolean is_array)
{
  hsize_t shape = n;
  gsize width = 1;
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  g_auto (SaxidHid) space = is_array ? H5Screate_simple (1, &shape, NULL) : H5Screate (H5S_SCALAR);
  hid_t dataset;
  g_autofree char *block = NULL;
  gboolean done, utf8 = TRUE;

  for (gsize k = 0; k < n; k++)
    {
      width = MAX (width, strlen (values[k]));
      utf8 = utf8 && g_utf8_validate (values[k], -1, NULL);
    }
  block = g_malloc0 (n * width);
  for (gsize k = 0; k < n; k++)
    memcpy (block + k * width, values[k], strlen (values[k]));

  if (type < 0 || space < 0 || H5Tset_size (type, width) < 0 || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0
      || (utf8 && H5Tset_cset (type, H5T_CSET_UTF8) < 0))
    return FALSE;
  dataset = H5Dcreate2 (group, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (dataset < 0)
    return FALSE;
  done = H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0;
  return H5Dclose (dataset) >= 0 && done;
}

gboolean
saxid_tag_put_integer (hid_t group, const char *name, gint64 value, hid_t stored_as)
{
  g_auto (SaxidHid) space = H5Screate (H5S_SCALAR);
  hid_t dataset;
  gboolean done;

  if (space < 0)
    return FALSE;
  dataset = H5Dcreate2 (group, name, stored_as, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (dataset < 0)
    return FALSE;
  /* converted here: where H5Dwrite does, it clears a megabyte first */
  done = H5Tconvert (H5T_NATIVE_INT64, stored_as, 1, &value, NULL, H5P_DEFAULT) >= 0
         && H5Dwrite (dataset, stored_as, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) >= 0;
  return H5Dclose (dataset) >= 0 && done;
}

gboolean
saxid_tag_put_names (hid_t result, const SaxidRecord *record)
{
  for (const SaxidTagNames *names = saxid_tag_names; names->name != NULL; names++)
    {
      const guint n = saxid_tag_count_of (record, names);

      if (n > 0
          && !saxid_tag_put_strings (result, names->name, (const char *const *) saxid_tag_names_of (record, names), n,
                                     TRUE))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_one_text (hid_t group, const char *below, const char *name, const char *value)
{
  g_auto (SaxidHid) place = H5Gopen2 (group, below[0] != '\0' ? below : ".", H5P_DEFAULT);

  return place >= 0 && saxid_tag_put_strings (place, name, &value, 1, FALSE);
}

const char *
saxid_tag_text_value (SaxidRecord *record, const SaxidTagText *text, const char *source_name)
{
  if (text->constant != NULL)
    return text->constant;
  return text->offset == G_STRUCT_OFFSET (SaxidRecord, source_file) ? source_name : *saxid_tag_text_of (record, text);
}

gboolean
saxid_tag_put_texts (hid_t group, SaxidRecord *record, const char *source_name)
{
  for (const SaxidTagText *text = saxid_tag_texts; text->name != NULL; text++)
    {
      const char *value = saxid_tag_text_value (record, text, source_name);

      if (value != NULL && !put_one_text (group, text->group, text->name, value))
        return FALSE;
    }
  return put_one_text (group, "input", "smearing", record->slit_smeared ? "slit" : "none");
}

typedef struct
{
  guint seen;
  int highest;
} Siblings;

static herr_t
look_at_sibling (hid_t parent, const char *name, const H5L_info_t *link, void *data)
{
  Siblings *siblings = data;
  g_autofree char *nx_class = NULL;
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  H5O_info_t about;

  if (++siblings->seen > MAX_SIBLINGS)
    return 1;
  if (link->type != H5L_TYPE_HARD || H5Oget_info_by_name2 (parent, name, &about, H5O_INFO_BASIC, H5P_DEFAULT) < 0
      || about.type != H5O_TYPE_GROUP)
    return 0;
  group = H5Gopen2 (parent, name, H5P_DEFAULT);
  if (group < 0)
    return 0;
  nx_class = saxid_tag_class_of (group);
  if (strcmp (nx_class, "NXprocess") == 0)
    siblings->highest = MAX (siblings->highest, saxid_tag_read_count (group, "sequence_index"));
  return 0;
}

int
saxid_tag_next_index (hid_t parent)
{
  Siblings siblings = { 0, 0 };
  hsize_t at = 0;

  H5Literate (parent, H5_INDEX_NAME, H5_ITER_NATIVE, &at, look_at_sibling, &siblings);
  return siblings.highest < G_MAXINT ? siblings.highest + 1 : G_MAXINT;
}
