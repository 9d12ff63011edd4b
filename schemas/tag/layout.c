/* Of what does a saxid group consist, and how is an object of a hostile file
 * looked at without leaving that file?
 *
 * Thread: const data; the functions as HDF5 itself.
 */
#include "schemas/tag/layout.h"

#include <string.h>

#include "schemas/hdf5/input.h"

#define AT(member) G_STRUCT_OFFSET (SaxidRecord, member)

const SaxidTagGroup saxid_tag_groups[] = {
  { "result", "NXdata" },        { "model", "NXnote" }, { "input", "NXparameters" },
  { "configuration", "NXnote" }, { NULL, NULL },
};

const SaxidTagArray saxid_tag_arrays[] = {
  { "probability", SAXID_TAG_FLOAT32, 2, AT (probability), "probability of the form factor", AT (n_class) },
  { "class_index", SAXID_TAG_INT8, 1, AT (class_index), "best class, counted from 0; -1 = none", 0 },
  { "confidence", SAXID_TAG_FLOAT32, 1, AT (confidence), "probability that the best class is right", 0 },
  { "prediction_set", SAXID_TAG_UINT8, 2, AT (prediction_set), "1 = in the 95 % prediction set", AT (n_class) },
  { "family", SAXID_TAG_FLOAT32, 2, AT (family), "probability of the shape family", AT (n_family) },
  { "structure", SAXID_TAG_FLOAT32, 2, AT (structure), "probability of one density, or of core and shell",
    AT (n_structure) },
  { "outlier_score", SAXID_TAG_FLOAT32, 1, AT (outlier_score), "0 to 1, high = unlike the training", 0 },
  { "outlier", SAXID_TAG_UINT8, 1, AT (outlier), "1 = none of the classes", 0 },
  { "status", SAXID_TAG_UINT8, 1, AT (status), "0 not done, 1 ok, 2 abstained, 3 rejected", 0 }, /* stays last: live.c */
  { NULL, SAXID_TAG_UINT8, 0, 0, NULL, 0 },
};

const SaxidTagNames saxid_tag_names[] = {
  { "class", AT (class_name), AT (n_class), TRUE },
  { "family_name", AT (family_name), AT (n_family), FALSE },
  { "structure_name", AT (structure_name), AT (n_structure), FALSE },
  { NULL, 0, 0, FALSE },
};

#define SHORT 255

const SaxidTagText saxid_tag_texts[] = {
  { "", "program", SAXID_TAG_PROGRAM, 0, TRUE, SHORT },
  { "", "name", SAXID_TAG_PROGRAM, 0, FALSE, SHORT }, /* of a SASprocess */
  { "", "version", NULL, AT (program_version), TRUE, SHORT },
  { "", "date", NULL, AT (date), TRUE, SHORT },
  { "model", "file_name", NULL, AT (model_file_name), TRUE, SAXID_TAG_MAX_PATH },
  { "model", "checksum", NULL, AT (model_sha256), TRUE, SHORT },
  { "model", "algorithm", NULL, AT (model_algorithm), TRUE, SHORT },
  { "input", "intensity", NULL, AT (i_path), TRUE, SAXID_TAG_MAX_PATH },
  { "input", "q", NULL, AT (q_path), TRUE, SAXID_TAG_MAX_PATH },
  { "input", "sigma", NULL, AT (sigma_path), FALSE, SAXID_TAG_MAX_PATH },
  { "input", "q_units", NULL, AT (q_unit), FALSE, SHORT },
  { "input", "intensity_units", NULL, AT (i_unit), FALSE, SHORT },
  { "input", "note", NULL, AT (note), FALSE, SAXID_TAG_MAX_TEXT },
  { "input", "file", NULL, AT (source_file), FALSE, SAXID_TAG_MAX_PATH },
  { "configuration", "type", "application/json", 0, TRUE, SHORT },
  { "configuration", "data", NULL, AT (configuration_json), TRUE, SAXID_TAG_MAX_TEXT },
  { NULL, NULL, NULL, 0, FALSE, 0 },
};

gsize
saxid_tag_element_size (SaxidTagElement element)
{
  return element == SAXID_TAG_FLOAT32 ? sizeof (float) : 1;
}

guint
saxid_tag_columns_of (const SaxidRecord *record, const SaxidTagArray *array)
{
  return array->rank == 2 ? G_STRUCT_MEMBER (guint, record, array->columns) : 1;
}

char **
saxid_tag_names_of (const SaxidRecord *record, const SaxidTagNames *names)
{
  return G_STRUCT_MEMBER (char **, record, names->offset);
}

guint
saxid_tag_count_of (const SaxidRecord *record, const SaxidTagNames *names)
{
  return G_STRUCT_MEMBER (guint, record, names->count);
}

void *
saxid_tag_array_of (const SaxidRecord *record, const SaxidTagArray *array)
{
  return G_STRUCT_MEMBER (void *, record, array->offset);
}

char **
saxid_tag_text_of (SaxidRecord *record, const SaxidTagText *text)
{
  return &G_STRUCT_MEMBER (char *, record, text->offset);
}

gboolean
saxid_tag_name_is_sound (const char *name)
{
  return name != NULL && name[0] != '\0' && strlen (name) <= SAXID_TAG_MAX_NAME
         && strchr (name, '/') == NULL && strcmp (name, ".") != 0 && strcmp (name, "..") != 0
         && g_utf8_validate (name, -1, NULL);
}

gboolean
saxid_tag_path_is_sound (const char *path)
{
  return path != NULL && path[0] == '/' && strlen (path) <= SAXID_TAG_MAX_PATH;
}

static herr_t
refuse_to_leave (const char *parent_file, const char *parent_group, const char *child_file,
                 const char *child_object, unsigned *flags, hid_t fapl, void *data)
{
  (void) parent_file, (void) parent_group, (void) child_file, (void) child_object;
  (void) flags, (void) fapl, (void) data;
  return -1;
}

hid_t
saxid_tag_access_inside (hid_t cls)
{
  hid_t access = H5Pcreate (cls);

  if (access >= 0)
    H5Pset_elink_cb (access, refuse_to_leave, NULL);
  return access;
}

void
saxid_tag_unpad (hid_t type, char *text)
{
  if (H5Tget_strpad (type) == H5T_STR_SPACEPAD)
    g_strchomp (text);
}

/* A string of fixed length out of an attribute or a dataset, read in the type of the file: where
 * HDF5 converts, it clears a megabyte first. */
static char *
read_fixed (hid_t object, gboolean is_attribute, gsize max_bytes)
{
  g_auto (SaxidHid) type = is_attribute ? H5Aget_type (object) : H5Dget_type (object);
  g_auto (SaxidHid) space = is_attribute ? H5Aget_space (object) : H5Dget_space (object);
  gsize size = type >= 0 ? H5Tget_size (type) : 0;
  g_autofree char *text = NULL;

  if (type < 0 || space < 0 || H5Tget_class (type) != H5T_STRING || H5Tis_variable_str (type) != 0
      || size == 0 || size > max_bytes || H5Sget_simple_extent_npoints (space) != 1)
    return NULL;
  text = g_malloc0 (size + 1);
  if ((is_attribute ? H5Aread (object, type, text) : H5Dread (object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text)) < 0)
    return NULL;
  saxid_tag_unpad (type, text);
  return g_steal_pointer (&text);
}

char *
saxid_tag_read_attribute (hid_t object, const char *name, gsize max_bytes)
{
  g_auto (SaxidHid) attribute
    = H5Aexists (object, name) > 0 ? H5Aopen (object, name, H5P_DEFAULT) : H5I_INVALID_HID;

  return attribute >= 0 ? read_fixed (attribute, TRUE, max_bytes) : NULL;
}

char *
saxid_tag_class_of (hid_t object)
{
  char *name = saxid_tag_read_attribute (object, "NX_class", SAXID_TAG_MAX_NAME);

  return name != NULL ? name : g_strdup ("");
}

gboolean
saxid_tag_storage_is_sound (hid_t dataset)
{
  static const H5Z_filter_t known[] = { H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32 };
  g_auto (SaxidHid) creation = H5Dget_create_plist (dataset);
  const int n = creation >= 0 ? H5Pget_nfilters (creation) : -1;
  gboolean sound = n >= 0 && H5Pget_layout (creation) != H5D_VIRTUAL && H5Pget_external_count (creation) == 0
                   && (H5Pget_layout (creation) != H5D_CHUNKED
                       || saxid_input_check_chunk (dataset, creation, SAXID_TAG_MAX_CHUNK, "", NULL))
                   && saxid_input_check_extent (dataset, creation, "", NULL);

  for (int k = 0; sound && k < n; k++)
    {
      unsigned flags = 0;
      gsize values = 0;
      const H5Z_filter_t filter = H5Pget_filter2 (creation, (unsigned) k, &flags, &values, NULL, 0, NULL, NULL);

      sound = FALSE;
      for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
        sound = sound || filter == known[i];
    }
  return sound;
}

hid_t
saxid_tag_open_field (hid_t group, const char *name)
{
  H5L_info_t link;

  if (H5Lget_info (group, name, &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
    return -1;
  return H5Dopen2 (group, name, H5P_DEFAULT);
}

char *
saxid_tag_read_text (hid_t group, const char *name, gsize max_bytes)
{
  g_auto (SaxidHid) dataset = saxid_tag_open_field (group, name);

  return dataset >= 0 && saxid_tag_storage_is_sound (dataset) ? read_fixed (dataset, FALSE, max_bytes) : NULL;
}

int
saxid_tag_read_count (hid_t group, const char *name)
{
  g_auto (SaxidHid) dataset = saxid_tag_open_field (group, name);
  g_auto (SaxidHid) space = dataset >= 0 ? H5Dget_space (dataset) : H5I_INVALID_HID;
  g_auto (SaxidHid) type = dataset >= 0 ? H5Dget_type (dataset) : H5I_INVALID_HID;
  int count = 0;

  if (space < 0 || type < 0 || H5Sget_simple_extent_npoints (space) != 1 || H5Tget_class (type) != H5T_INTEGER
      || !saxid_input_check_number_type (dataset, name, NULL)
      || !saxid_tag_storage_is_sound (dataset) || H5Dread (dataset, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, &count) < 0)
    return 0;
  return count;
}

gboolean
saxid_tag_is_ours (hid_t parent, const char *name)
{
  g_autofree char *nx_class = NULL;
  g_autofree char *program = NULL;
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  H5L_info_t link;

  if (H5Lget_info (parent, name, &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
    return FALSE;
  group = H5Gopen2 (parent, name, H5P_DEFAULT);
  if (group < 0)
    return FALSE;
  nx_class = saxid_tag_class_of (group);
  program = saxid_tag_read_text (group, "program", SHORT);
  return strcmp (nx_class, "NXprocess") == 0 && g_strcmp0 (program, SAXID_TAG_PROGRAM) == 0;
}

gboolean
saxid_tag_is_technique (hid_t parent, const char *name)
{
  g_autofree char *program = NULL;
  g_auto (SaxidHid) group = H5I_INVALID_HID, technique = H5I_INVALID_HID;
  H5G_info_t about;
  H5L_info_t link;

  if (H5Lexists (parent, name, H5P_DEFAULT) <= 0 || H5Lget_info (parent, name, &link, H5P_DEFAULT) < 0
      || link.type != H5L_TYPE_HARD || (group = H5Gopen2 (parent, name, H5P_DEFAULT)) < 0 || H5Gget_info (group, &about) < 0 || about.nlinks != 1
      || H5Lget_info (group, SAXID_TAG_TECHNIQUE, &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
    return FALSE;
  technique = H5Gopen2 (group, SAXID_TAG_TECHNIQUE, H5P_DEFAULT);
  program = technique >= 0 ? saxid_tag_read_text (technique, "program", SHORT) : NULL;
  return g_strcmp0 (program, SAXID_TAG_PROGRAM) == 0;
}

static herr_t
take_innermost (unsigned n, const H5E_error2_t *entry, void *data)
{
  char **reason = data;

  (void) n;
  if (*reason == NULL && entry->desc != NULL)
    *reason = g_strdup (entry->desc);
  return 0;
}

char *
saxid_tag_hdf5_reason (void)
{
  char *reason = NULL;

  H5Ewalk2 (H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, &reason);
  return reason != NULL ? reason : g_strdup ("HDF5 gives no reason");
}
