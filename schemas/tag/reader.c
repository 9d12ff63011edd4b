/* What did saxid write into this file?
 *
 * The file is hostile until checked: an array is read only when its rank, class
 * of type, extent and storage are what the writer makes, and when its declared
 * size can come out of a file of this size.
 *
 * Thread: as HDF5 itself.
 */
#include "config.h"

#include "schemas/tag/reader.h"

#include <string.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/hdf5/input.h"
#include "schemas/hdf5/superblock.h"
#include "schemas/tag/layout.h"
#include "schemas/tag/seeds.h"

#define DEFLATE_RATIO 1100            /* deflate compresses no better than 1032:1 */
#define MAX_DEPTH 3
#define SWMR_ATTEMPTS 20 /* pauses from 1 ns, doubled: a millisecond in all */
#define MAX_LINKS 10000
#define MAX_RECORDS 1000
#define SMALL ((guint64) 1 << 20) /* bytes of a private file that is read in one piece */
#define INCREMENT (64u << 10)

typedef struct
{
  const char *path;
  const char *parent;
  const char *name;
  guint64 most_bytes; /* that arrays of this file may have in memory */
  gboolean is_private;
} Source;

G_GNUC_PRINTF (4, 5)
static gboolean
refuse (GError **error, const Source *from, int code, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SAXID_ERROR, code, "%s (%s, %s/%s)", what, from->path,
               strcmp (from->parent, "/") == 0 ? "" : from->parent, from->name);
  saxid_error_clean (error);
  return FALSE;
}

/* Opens a dataset and tells its shape. The rank is exactly that. */
static hid_t
open_array (hid_t group, const Source *from, const char *name, H5T_class_t cls, int rank,
            hsize_t *shape, GError **error)
{
  g_auto (SaxidHid) dataset = saxid_tag_open_field (group, name);
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_auto (SaxidHid) type = H5I_INVALID_HID;

  if (dataset < 0)
    {
      refuse (error, from, SAXID_ERROR_FORMAT, "field %s is missing", name);
      return -1;
    }
  space = H5Dget_space (dataset);
  type = H5Dget_type (dataset);
  if (space < 0 || type < 0 || H5Tget_class (type) != cls || H5Tget_size (type) > SAXID_TAG_MAX_NAME + 1
      || (cls != H5T_STRING && !saxid_input_check_number_type (dataset, name, NULL)))
    refuse (error, from, SAXID_ERROR_FORMAT, "field %s has a type that saxid does not write", name);
  else if (H5Sget_simple_extent_ndims (space) != rank)
    refuse (error, from, SAXID_ERROR_FORMAT, "field %s has rank %d, %d is needed", name,
            H5Sget_simple_extent_ndims (space), rank);
  else if (!saxid_tag_storage_is_sound (dataset))
    refuse (error, from, SAXID_ERROR_FORMAT, "field %s is stored in a way that saxid does not use",
            name);
  else if (H5Sget_simple_extent_dims (space, shape, NULL) == rank)
    return saxid_hid_steal (&dataset);
  return -1;
}

static char **
read_names (hid_t group, const Source *from, const char *field, GError **error)
{
  hsize_t n = 0;
  g_auto (SaxidHid) dataset = open_array (group, from, field, H5T_STRING, 1, &n, error);
  g_auto (SaxidHid) file_type = H5I_INVALID_HID;
  g_autofree char *block = NULL;
  g_auto (GStrv) classes = NULL;
  gsize width = 0;
  gboolean read = FALSE;

  if (dataset < 0)
    return NULL;
  file_type = H5Dget_type (dataset);
  if (n < 1 || n > SAXID_TAG_MAX_CLASSES)
    refuse (error, from, SAXID_ERROR_LIMIT, "field %s has %" G_GUINT64_FORMAT " names, 1 to %d are possible", field,
            (guint64) n, SAXID_TAG_MAX_CLASSES);
  else if (H5Tis_variable_str (file_type) != 0)
    refuse (error, from, SAXID_ERROR_FORMAT, "field %s has a type that saxid does not write", field);
  else
    {
      width = H5Tget_size (file_type); /* of MAX_NAME and one at most */
      block = g_malloc0 (n * width);
      read = H5Dread (dataset, file_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0;
      if (!read)
        refuse (error, from, SAXID_ERROR_FORMAT, "field %s cannot be read", field);
    }
  if (!read)
    return NULL;

  classes = g_new0 (char *, n + 1);
  for (gsize k = 0; k < n; k++)
    {
      classes[k] = g_strndup (block + k * width, width);
      saxid_tag_unpad (file_type, classes[k]);
      if (classes[k][0] == '\0' || !g_utf8_validate (classes[k], -1, NULL))
        {
          refuse (error, from, SAXID_ERROR_FORMAT, "field %s has no readable name at %" G_GSIZE_FORMAT, field, k);
          return NULL;
        }
    }
  return g_steal_pointer (&classes);
}

static hid_t
memory_type (SaxidTagElement element)
{
  const hid_t types[] = { H5T_NATIVE_FLOAT, H5T_NATIVE_INT8, H5T_NATIVE_UINT8 };

  return types[element];
}

static gboolean
read_array (hid_t group, const Source *from, const SaxidTagArray *array, SaxidRecord *record,
            GError **error)
{
  hsize_t shape[2] = { 0, 0 };
  H5T_class_t cls = array->element == SAXID_TAG_FLOAT32 ? H5T_FLOAT : H5T_INTEGER;
  g_auto (SaxidHid) dataset = open_array (group, from, array->name, cls, (int) array->rank, shape, error);

  if (dataset < 0)
    return FALSE;
  if (shape[0] != record->n_curve || (array->rank == 2 && shape[1] != saxid_tag_columns_of (record, array)))
    return refuse (error, from, SAXID_ERROR_FORMAT, "field %s has another shape than probability and its names",
                   array->name);
  if (H5Dread (dataset, memory_type (array->element), H5S_ALL, H5S_ALL, H5P_DEFAULT,
               saxid_tag_array_of (record, array))
      < 0)
    return refuse (error, from, SAXID_ERROR_FORMAT, "field %s cannot be read", array->name);
  return TRUE;
}

static gboolean
indices_are_sound (const SaxidRecord *record, const Source *from, GError **error)
{
  for (gsize k = 0; k < record->n_curve; k++)
    if (record->class_index[k] < -1 || record->class_index[k] >= (int) record->n_class
        || record->status[k] > SAXID_STATUS_REJECTED)
      return refuse (error, from, SAXID_ERROR_FORMAT,
                     "curve %" G_GSIZE_FORMAT " has class %d of %u and status %u", k,
                     record->class_index[k], record->n_class, record->status[k]);
  return TRUE;
}

/* Names that older versions did not write; NULL where there are none. */
static gboolean
read_optional_names (hid_t group, const Source *from, const char *field, char ***names, GError **error)
{
  if (H5Lexists (group, field, H5P_DEFAULT) <= 0)
    return TRUE;
  *names = read_names (group, from, field, error);
  return *names != NULL;
}

/* A record of as many curves as probability has rows, its arrays empty. */
static SaxidRecord *
make_record (hid_t group, const Source *from, GError **error)
{
  g_auto (GStrv) classes = read_names (group, from, "class", error);
  g_auto (GStrv) families = NULL, structures = NULL;
  hsize_t shape[2] = { 0, 0 };
  guint64 cell_bytes;
  SaxidRecord *record;
  hid_t dataset;

  if (classes == NULL || !read_optional_names (group, from, "family_name", &families, error)
      || !read_optional_names (group, from, "structure_name", &structures, error))
    return NULL;
  dataset = open_array (group, from, "probability", H5T_FLOAT, 2, shape, error);
  if (dataset < 0)
    return NULL;
  H5Dclose (dataset);
  if (shape[1] != g_strv_length (classes))
    {
      refuse (error, from, SAXID_ERROR_FORMAT, "field probability has %" G_GUINT64_FORMAT
              " columns for %u classes", (guint64) shape[1], g_strv_length (classes));
      return NULL;
    }
  cell_bytes = (shape[1] + (families != NULL ? g_strv_length (families) : 0)
                + (structures != NULL ? g_strv_length (structures) : 0) + 4) * (sizeof (float) + 1);
  if (shape[0] < 1 || shape[0] > from->most_bytes / cell_bytes)
    {
      refuse (error, from, SAXID_ERROR_LIMIT,
              "%" G_GUINT64_FORMAT " curves, 1 to %" G_GUINT64_FORMAT " are possible in this file",
              (guint64) shape[0], from->most_bytes / cell_bytes);
      return NULL;
    }
  record = saxid_record_new (shape[0], (const char *const *) classes);
  saxid_record_add_levels (record, (const char *const *) families, (const char *const *) structures);
  return record;
}

static SaxidRecord *
read_result (hid_t group, const Source *from, GError **error)
{
  g_autoptr (SaxidRecord) record = make_record (group, from, error);

  if (record == NULL)
    return NULL;
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    if (saxid_tag_columns_of (record, array) > 0 && !read_array (group, from, array, record, error))
      return NULL;
  if (!indices_are_sound (record, from, error))
    return NULL;
  return g_steal_pointer (&record);
}

static hid_t
open_group (hid_t parent, const char *name)
{
  g_auto (SaxidHid) access = saxid_tag_access_inside (H5P_GROUP_ACCESS);

  return access >= 0 ? H5Gopen2 (parent, name, access) : -1;
}

static char *
read_smearing (hid_t group)
{
  g_auto (SaxidHid) input = open_group (group, "input");

  return input >= 0 ? saxid_tag_read_text (input, "smearing", SAXID_TAG_MAX_NAME) : NULL;
}

static gboolean
read_texts (hid_t group, const Source *from, SaxidRecord *record, GError **error)
{
  g_autofree char *smearing = read_smearing (group);
  g_auto (SaxidHid) place = H5I_INVALID_HID;
  const char *below = ""; /* the place, in the saxid group */

  for (const SaxidTagText *text = saxid_tag_texts; text->name != NULL; text++)
    {
      g_autofree char *value = NULL;

      /* who has found the group has read the program, and the name is the same */
      if (text->constant != NULL && text->group[0] == '\0')
        continue;
      if (strcmp (text->group, below) != 0)
        {
          below = text->group;
          saxid_hid_close (place);
          place = open_group (group, below);
        }
      if (below[0] == '\0' || place >= 0)
        value = saxid_tag_read_text (below[0] != '\0' ? place : group, text->name, text->max_bytes);
      if (value == NULL && text->required)
        return refuse (error, from, SAXID_ERROR_FORMAT, "field %s%s%s is missing or no text",
                       text->group, text->group[0] != '\0' ? "/" : "", text->name);
      if (value != NULL && value[0] == '\0' && !text->required) /* live tags have room for a note, and nothing to say */
        g_clear_pointer (&value, g_free);
      if (text->constant == NULL)
        *saxid_tag_text_of (record, text) = g_steal_pointer (&value);
    }
  record->slit_smeared = g_strcmp0 (smearing, "slit") == 0;
  return TRUE;
}

static SaxidRecord *
read_record (hid_t parent, const Source *from, GError **error)
{
  g_autoptr (SaxidRecord) record = NULL;
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  g_auto (SaxidHid) result = H5I_INVALID_HID;

  if (!saxid_tag_is_ours (parent, from->name))
    {
      refuse (error, from, H5Lexists (parent, from->name, H5P_DEFAULT) > 0 ? SAXID_ERROR_FORMAT
                                                                           : SAXID_ERROR_NO_CURVE,
              "no group written by saxid");
      return NULL;
    }
  group = open_group (parent, from->name);
  result = group >= 0 ? open_group (group, "result") : H5I_INVALID_HID;
  if (result < 0)
    {
      refuse (error, from, SAXID_ERROR_FORMAT, "group result is missing");
      return NULL;
    }
  record = read_result (result, from, error);
  if (record == NULL)
    return NULL;
  record->parent = g_strdup (from->parent);
  record->name = g_strdup (from->name);
  record->sequence_index = saxid_tag_read_count (group, "sequence_index");
  if (!read_texts (group, from, record, error)
      || (!saxid_tag_seeds_read (group, from->most_bytes, record)
          && !refuse (error, from, SAXID_ERROR_FORMAT, "a group of fits is not as saxid writes it")))
    return NULL;
  return g_steal_pointer (&record);
}

/* The host may have the file open with a close degree of its own, and HDF5
 * wants the same one of everybody. */
static hid_t
open_file (const char *path, gboolean is_private, guint64 *most_bytes, GError **error)
{
  const H5F_close_degree_t degrees[] = { H5F_CLOSE_DEFAULT, H5F_CLOSE_STRONG, H5F_CLOSE_SEMI,
                                         H5F_CLOSE_WEAK };
  const unsigned manners[] = { H5F_ACC_RDONLY, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ };
  g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t file = -1;
  guint64 size;
  const int fd = saxid_door_open (path, &size, error); /* HDF5 would wait at a pipe for ever */

  if (fd < 0)
    {
      saxid_error_add_place (error, "%s", path);
      return -1;
    }
  close (fd);
  H5Pset_metadata_read_attempts (access, SWMR_ATTEMPTS);
  if (is_private && size <= SMALL)
    H5Pset_fapl_core (access, INCREMENT, FALSE);
  *most_bytes = MIN (SAXID_RECORD_MOST_BYTES, size * DEFLATE_RATIO);
  for (gsize m = 0; m < (saxid_input_is_growing (path) ? G_N_ELEMENTS (manners) : 1); m++)
    for (gsize k = 0; k < G_N_ELEMENTS (degrees) && access >= 0 && file < 0; k++)
      if (H5Pset_fclose_degree (access, degrees[k]) >= 0)
        file = H5Fopen (path, manners[m], access);
  if (file < 0)
    {
      guint writer;
      const gboolean is_hdf5 = saxid_superblock_of (path, &writer);

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
                   !is_hdf5      ? "not an HDF5 file, which alone has tags (%s)"
                   : writer != 0 ? "HDF5 file is open for writing, or its writer died (%s)"
                                 : "HDF5 file is truncated or damaged (%s)",
                   path);
    }
  return file;
}

static SaxidRecord *
read_one (Source *from, GError **error)
{
  g_autoptr (SaxidRecord) record = NULL;
  hid_t file = open_file (from->path, from->is_private, &from->most_bytes, error);
  hid_t parent;

  if (file < 0)
    return NULL;
  parent = open_group (file, from->parent);
  if (parent < 0)
    refuse (error, from, SAXID_ERROR_NO_CURVE, "no such group in this file");
  else
    {
      record = read_record (parent, from, error);
      H5Gclose (parent);
    }
  H5Fclose (file);
  return g_steal_pointer (&record);
}

static SaxidRecord *
read_quietly (Source *from, GError **error)
{
  SaxidRecord *record = NULL;

  if (!saxid_tag_path_is_sound (from->parent) || !saxid_tag_name_is_sound (from->name))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "no path of a group: '%s', '%s' (%s)", from->parent,
                   from->name, from->path);
      return NULL;
    }
  H5E_BEGIN_TRY
  {
    record = read_one (from, error);
  }
  H5E_END_TRY;
  return record;
}

SaxidRecord *
saxid_tag_read (const char *path, const char *parent, const char *name, GError **error)
{
  Source from = { .path = path, .parent = parent, .name = name };

  g_return_val_if_fail (path != NULL && parent != NULL && name != NULL, NULL);

  return read_quietly (&from, error);
}

SaxidRecord *
saxid_tag_read_private (const char *path, const char *parent, const char *name, GError **error)
{
  Source from = { .path = path, .parent = parent, .name = name, .is_private = TRUE };

  g_return_val_if_fail (path != NULL && parent != NULL && name != NULL, NULL);

  return read_quietly (&from, error);
}

typedef struct
{
  const char *path;
  guint64 most_bytes;
  GPtrArray *records; /* NULL: paths alone are wanted */
  GPtrArray *paths;
  GString *at; /* path of the group that is being looked at */
  int depth;
  guint links;
  GError *error;
} Search;

static herr_t look_at_link (hid_t group, const char *name, const H5L_info_t *link, void *data);

static herr_t
look_into (hid_t group, const char *name, Search *search)
{
  gsize length = search->at->len;
  hsize_t index = 0;
  g_auto (SaxidHid) below = open_group (group, name);
  herr_t went = 0;

  if (below < 0)
    return 0;
  if (!g_str_has_suffix (search->at->str, "/"))
    g_string_append_c (search->at, '/');
  g_string_append (search->at, name);
  search->depth++;
  went = H5Literate (below, H5_INDEX_NAME, H5_ITER_INC, &index, look_at_link, search);
  search->depth--;
  g_string_truncate (search->at, length);
  return went > 0 ? went : 0;
}

static gboolean
take_group (hid_t group, const char *name, Search *search)
{
  const Source from = { search->path, search->at->str, name, search->most_bytes, FALSE };
  SaxidRecord *record;

  g_ptr_array_add (search->paths, g_build_path ("/", search->at->str, name, NULL));
  if (search->records == NULL)
    return TRUE;
  record = read_record (group, &from, &search->error);
  if (record == NULL)
    return FALSE;
  g_ptr_array_add (search->records, record);
  return TRUE;
}

static herr_t
look_at_link (hid_t group, const char *name, const H5L_info_t *link, void *data)
{
  Search *search = data;
  H5O_info_t about;

  if (++search->links > MAX_LINKS || (search->records != NULL && search->records->len >= MAX_RECORDS))
    return 1;
  if (link->type != H5L_TYPE_HARD || H5Oget_info_by_name2 (group, name, &about, H5O_INFO_BASIC, H5P_DEFAULT) < 0
      || about.type != H5O_TYPE_GROUP)
    return 0;
  if (saxid_tag_name_is_sound (name) && saxid_tag_is_ours (group, name))
    return take_group (group, name, search) ? 0 : 1;
  return search->depth < MAX_DEPTH ? look_into (group, name, search) : 0;
}

static gboolean
read_all (Search *search, GError **error)
{
  hid_t file = open_file (search->path, FALSE, &search->most_bytes, error);
  hsize_t index = 0;

  if (file < 0)
    return FALSE;
  H5Literate (file, H5_INDEX_NAME, H5_ITER_INC, &index, look_at_link, search);
  H5Fclose (file);
  if (search->error == NULL)
    return TRUE;
  g_propagate_error (error, search->error);
  return FALSE;
}

/* records: NULL, or an array that they go into. NULL on error. */
static GPtrArray *
search_file (const char *path, GPtrArray *records, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) at = g_string_new ("/");
  Search search = { .path = path, .records = records, .paths = paths, .at = at };
  gboolean done = FALSE;

  H5E_BEGIN_TRY
  {
    done = read_all (&search, error);
  }
  H5E_END_TRY;
  return done ? g_steal_pointer (&paths) : NULL;
}

GPtrArray *
saxid_tag_read_all (const char *path, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_record_free);
  g_autoptr (GPtrArray) paths = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  paths = search_file (path, records, error);
  return paths != NULL ? g_steal_pointer (&records) : NULL;
}

GPtrArray *
saxid_tag_find (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return search_file (path, NULL, error);
}
