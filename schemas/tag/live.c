/* How do tags get into a file that is being written?
 *
 * In SWMR mode a dataset may grow and be written, and nothing else: so groups, texts and
 * empty arrays are made before. An array is chunked along the curves without a filter, since
 * a chunk that is compressed anew for each curve would be given a new place each time. The
 * chunk cache is switched off: a row then goes straight to its place, instead of a whole
 * chunk that holds it.
 *
 * The arrays are flushed one by one in the order of the layout, in which status is the last.
 *
 * Thread: one at a time per file, and as HDF5 itself.
 */
#include "config.h"

#include "schemas/tag/live.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/disk/reserve.h"
#include "schemas/disk/same-file.h"
#include "schemas/tag/fields.h"
#include "schemas/tag/layout.h"

#define CHUNK_ROWS 256
#define SPACE_FOR_INDICES (64u << 10) /* of the chunks of all arrays, generously */
#define DATE_FORMAT "%Y-%m-%dT%H:%M:%S%:z" /* of one length, since it is written over */
#define DATE_BYTES 25
#define NOTE "input/note"
#define NOTE_BYTES 1000 /* whatever is in it: it is written over, too */

struct SaxidTagLive
{
  hid_t file;
  char *path, *group; /* for messages; of the group, in the file */
  guint n_class;
  guint64 n_curve;         /* rows that the arrays have */
  gboolean is_open;        /* the arrays below are */
  hid_t *array;            /* as in saxid_tag_arrays */
  guint64 claimed;         /* chunk + 1 of each array for which there is space on the disk */
  char *reason;            /* of HDF5, for the failure that is being told; NULL: its last */
  gboolean complete;
};

static gboolean
refuse_hdf5 (GError **error, SaxidTagLive *live, const char *doing)
{
  g_autofree char *reason = live->reason != NULL ? g_steal_pointer (&live->reason) : saxid_tag_hdf5_reason ();

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s: %s (%s, %s)", doing, reason, live->path,
               live->group);
  return FALSE;
}

static char *
date_of_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return g_date_time_format (now, DATE_FORMAT);
}

static guint
n_arrays (void)
{
  guint n = 0;

  while (saxid_tag_arrays[n].name != NULL)
    n++;
  return n;
}

/* --- may the file be written live? -------------------------------------------- */

static gboolean
is_named (hid_t file, const char *path)
{
  char name[SAXID_TAG_MAX_PATH + 1];
  struct stat opened, given;

  if (H5Fget_name (file, name, sizeof name) < 0)
    return FALSE;
  return strcmp (name, path) == 0
         || (stat (name, &opened) == 0 && stat (path, &given) == 0 && saxid_same_file (&opened, &given));
}

/* An identifier is a number of one copy of libhdf5; a host that brings its own (the wheels
 * of h5py do) has numbers that mean nothing here, or another file. */
static gboolean
check_identifier (hid_t file, const char *path, GError **error)
{
  unsigned major = 0, minor = 0, release = 0;

  if (H5Iget_type (file) == H5I_FILE && is_named (file, path))
    return TRUE;
  H5get_libversion (&major, &minor, &release);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "identifier %" G_GINT64_FORMAT " is not that of this file: it must be open, and by the libhdf5 that"
               " the module has loaded, which is %u.%u.%u (%s)",
               (gint64) file, major, minor, release, path);
  return FALSE;
}

static gboolean
has_new_format (hid_t file)
{
  g_auto (SaxidHid) access = H5Fget_access_plist (file);
  H5F_libver_t low = H5F_LIBVER_EARLIEST, high = H5F_LIBVER_EARLIEST;
  H5F_info2_t info;

  return access >= 0 && H5Pget_libver_bounds (access, &low, &high) >= 0 && low >= H5F_LIBVER_V110
         && H5Fget_info2 (file, &info) >= 0 && info.super.version >= 3;
}

static gboolean
check_file (hid_t file, const char *path, GError **error)
{
  const char *what = NULL;
  unsigned intent = 0;

  if (!check_identifier (file, path, error))
    return FALSE;
  if (H5Fget_intent (file, &intent) < 0 || (intent & H5F_ACC_RDWR) == 0)
    what = "the file is open for reading only";
  else if ((intent & H5F_ACC_SWMR_WRITE) != 0)
    what = "SWMR has begun, and HDF5 loses what is made after that";
  else if (!has_new_format (file))
    what = "SWMR needs a file that was made and opened with the library version bounds 'latest'";
  if (what == NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED, "%s (%s)", what, path);
  return FALSE;
}

/* --- what is made before SWMR begins ------------------------------------------- */

static gboolean
put_text (hid_t object, const char *name, const char *text)
{
  return saxid_tag_put_attribute (object, name, text, strlen (text), 0);
}

static gboolean
put_index (hid_t object, const char *name, int value)
{
  g_auto (SaxidHid) space = H5Screate (H5S_SCALAR);
  g_auto (SaxidHid) attribute = H5I_INVALID_HID;

  if (space < 0)
    return FALSE;
  attribute = H5Acreate2 (object, name, H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
  return attribute >= 0 && H5Awrite (attribute, H5T_NATIVE_INT, &value) >= 0;
}

static hid_t
make_group (hid_t parent, const char *name, const char *nx_class)
{
  g_auto (SaxidHid) group = H5Gcreate2 (parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

  return group >= 0 && put_text (group, "NX_class", nx_class) ? saxid_hid_steal (&group) : -1;
}

static hid_t
stored_type (SaxidTagElement element)
{
  const hid_t types[] = { H5T_IEEE_F32LE, H5T_STD_I8LE, H5T_STD_U8LE };

  return types[element];
}

static hid_t
memory_type (SaxidTagElement element)
{
  const hid_t types[] = { H5T_NATIVE_FLOAT, H5T_NATIVE_INT8, H5T_NATIVE_UINT8 };

  return types[element];
}

/* A row that is not written looks like one of saxid_record_new. */
static gboolean
put_array (hid_t result, guint columns, const SaxidTagArray *array)
{
  const hsize_t shape[2] = { 0, columns }, most[2] = { H5S_UNLIMITED, columns }, chunk[2] = { CHUNK_ROWS, columns };
  const gint8 none = -1;
  g_auto (SaxidHid) space = H5Screate_simple ((int) array->rank, shape, most);
  g_auto (SaxidHid) creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t dataset;
  gboolean done;

  if (space < 0 || creation < 0 || H5Pset_chunk (creation, (int) array->rank, chunk) < 0
      || (array->element == SAXID_TAG_INT8 && H5Pset_fill_value (creation, H5T_NATIVE_INT8, &none) < 0))
    return FALSE;
  dataset = H5Dcreate2 (result, array->name, stored_type (array->element), space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (dataset < 0)
    return FALSE;
  done = put_text (dataset, "long_name", array->long_name);
  return H5Dclose (dataset) >= 0 && done;
}

static gboolean
put_class_axis (hid_t result, const SaxidRecord *record)
{
  g_autofree int *numbers = g_new (int, record->n_class);
  g_autofree char *label = saxid_tag_class_label (record);
  const hsize_t shape = record->n_class;
  g_auto (SaxidHid) space = H5Screate_simple (1, &shape, NULL);
  hid_t dataset;
  gboolean done;

  if (space < 0)
    return FALSE;
  dataset = H5Dcreate2 (result, "class_number", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (dataset < 0)
    return FALSE;
  for (guint c = 0; c < record->n_class; c++)
    numbers[c] = (int) c;
  done = H5Dwrite (dataset, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) >= 0
         && put_text (dataset, "long_name", label);
  return H5Dclose (dataset) >= 0 && done;
}

static gboolean
put_result (hid_t result, const SaxidRecord *record)
{
  const char axes[2][13] = { ".", "class_number" };

  if (!put_text (result, "signal", "probability") || !saxid_tag_put_attribute (result, "axes", axes[0], sizeof axes[0], 2)
      || !put_index (result, "class_number_indices", 1) || !put_index (result, "class_indices", 1)
      || !put_class_axis (result, record)
      || !saxid_tag_put_names (result, record))
    return FALSE;
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    if (!put_array (result, saxid_tag_columns_of (record, array), array))
      return FALSE;
  return TRUE;
}

/* What is known of the curves now, with room for what will be. */
static gboolean
put_note (hid_t group, const char *note)
{
  char text[NOTE_BYTES + 1] = "";
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  g_auto (SaxidHid) space = H5Screate (H5S_SCALAR);
  hid_t dataset;
  gboolean done;

  if (note != NULL)
    saxid_text_fit_words (text, note, sizeof text);
  if (type < 0 || space < 0 || H5Tset_size (type, NOTE_BYTES) < 0 || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0
      || H5Tset_cset (type, H5T_CSET_UTF8) < 0)
    return FALSE;
  dataset = H5Dcreate2 (group, NOTE, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (dataset < 0)
    return FALSE;
  done = H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) >= 0;
  return H5Dclose (dataset) >= 0 && done;
}

static gboolean
fill_group (hid_t group, SaxidRecord *record)
{
  g_autofree char *note = g_steal_pointer (&record->note); /* in a field of a size of its own */

  for (const SaxidTagGroup *part = saxid_tag_groups; part->name != NULL; part++)
    {
      g_auto (SaxidHid) below = make_group (group, part->name, part->nx_class);

      if (below < 0 || (strcmp (part->nx_class, "NXdata") == 0 && !put_result (below, record))
          || (strcmp (part->name, "input") == 0 && !saxid_tag_put_integer (below, "frames", 0, H5T_STD_I64LE)))
        return FALSE;
    }
  return put_note (group, note) && saxid_tag_put_texts (group, record, record->source_file);
}

/* A group that is made in part is taken out again. */
static gboolean
put_group (hid_t parent, SaxidRecord *record)
{
  const int sequence_index = saxid_tag_next_index (parent);
  hid_t group = make_group (parent, record->name, "NXprocess");
  gboolean done = group >= 0 && put_text (group, "default", "result")
                  && put_text (group, "canSAS_class", SAXID_TAG_CANSAS) && fill_group (group, record)
                  && saxid_tag_put_integer (group, "sequence_index", sequence_index, H5T_STD_I32LE);

  if (group >= 0)
    H5Gclose (group);
  if (!done)
    H5Ldelete (parent, record->name, H5P_DEFAULT);
  return done;
}

/* --- what is there already -------------------------------------------------------- */

static hid_t
open_dataset (const SaxidTagLive *live, const char *below, const char *name)
{
  g_autofree char *path = g_build_path ("/", live->group, below, name, NULL);
  g_auto (SaxidHid) access = saxid_tag_access_inside (H5P_DATASET_ACCESS);

  if (access < 0 || H5Pset_chunk_cache (access, 0, 0, 0) < 0)
    return -1;
  return H5Dopen2 (live->file, path, access);
}

/* Over what was made before, without a change of size. */
static gboolean
overwrite (const SaxidTagLive *live, const char *below, const char *name, hid_t type, const void *value)
{
  hid_t dataset = open_dataset (live, below, name);
  gboolean done;

  if (dataset < 0)
    return FALSE;
  done = H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0 && H5Dflush (dataset) >= 0;
  return H5Dclose (dataset) >= 0 && done;
}

/* Whether the array is one that put_array made; its rows. */
static gboolean
is_array_of (const SaxidTagLive *live, guint columns, const SaxidTagArray *array, guint64 *rows)
{
  g_auto (SaxidHid) dataset = open_dataset (live, "result", array->name);
  g_auto (SaxidHid) space = dataset >= 0 ? H5Dget_space (dataset) : H5I_INVALID_HID;
  g_auto (SaxidHid) type = dataset >= 0 ? H5Dget_type (dataset) : H5I_INVALID_HID;
  hsize_t shape[2] = { 0, columns }, most[2] = { 0, 0 };
  gboolean is_one = space >= 0 && type >= 0 && H5Sget_simple_extent_ndims (space) == (int) array->rank
                    && H5Sget_simple_extent_dims (space, shape, most) >= 0 && most[0] == H5S_UNLIMITED
                    && shape[1] == columns && H5Tequal (type, stored_type (array->element)) > 0;

  *rows = shape[0];
  return is_one;
}

/* What makes tags comparable: the same model with the same classes, of the same curves. */
static gboolean
is_same_text (hid_t group, const char *below, const char *name, const char *wanted)
{
  g_auto (SaxidHid) place = H5Gopen2 (group, below, H5P_DEFAULT);
  g_autofree char *found = place >= 0 ? saxid_tag_read_text (place, name, SAXID_TAG_MAX_TEXT) : NULL;

  return g_strcmp0 (found, wanted) == 0;
}

static gboolean
is_same_group (hid_t parent, const SaxidRecord *record)
{
  g_auto (SaxidHid) group = H5I_INVALID_HID;

  if (!saxid_tag_is_ours (parent, record->name))
    return FALSE;
  group = H5Gopen2 (parent, record->name, H5P_DEFAULT);
  return group >= 0 && is_same_text (group, "model", "checksum", record->model_sha256)
         && is_same_text (group, "configuration", "data", record->configuration_json)
         && is_same_text (group, "input", "intensity", record->i_path)
         && is_same_text (group, "input", "q", record->q_path)
         && is_same_text (group, "input", "sigma", record->sigma_path)
         && is_same_text (group, "input", "file", record->source_file);
}

/* The rows of status, the last that is written, are the rows of all. */
static gboolean
take_up_group (SaxidTagLive *live, hid_t parent, const SaxidRecord *record)
{
  const gint64 incomplete = 0;

  if (!is_same_group (parent, record))
    return FALSE;
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    if (!is_array_of (live, saxid_tag_columns_of (record, array), array, &live->n_curve))
      return FALSE;
  return overwrite (live, "input", "frames", H5T_NATIVE_INT64, &incomplete);
}

static gboolean
prepare (SaxidTagLive *live, SaxidRecord *record, gboolean go_on, GError **error)
{
  g_auto (SaxidHid) parent = H5I_INVALID_HID;

  if (!check_file (live->file, live->path, error))
    return FALSE;
  parent = saxid_tag_open_parent (live->file, record);
  if (parent < 0)
    return saxid_tag_refuse (error, live->path, record, SAXID_ERROR_FORMAT,
                             "the group that is to be tagged is not in this file itself");
  if (H5Lexists (parent, record->name, H5P_DEFAULT) <= 0)
    return put_group (parent, record) || refuse_hdf5 (error, live, "make the group");
  if (!go_on)
    return saxid_tag_refuse (error, live->path, record, SAXID_ERROR_FORMAT,
                             "there is something of this name already, and live tags replace nothing");
  return take_up_group (live, parent, record)
         || saxid_tag_refuse (error, live->path, record, SAXID_ERROR_FORMAT,
                              "what is there are not live tags of the same model and curves");
}

SaxidTagLive *
saxid_tag_live_prepare (gint64 file, const char *path, SaxidRecord *record, gboolean go_on, GError **error)
{
  g_autoptr (SaxidTagLive) live = NULL;
  gboolean done = FALSE;

  g_return_val_if_fail (path != NULL && record != NULL && record->n_curve == 1, NULL);
  g_return_val_if_fail (record->n_family > 0 && record->n_structure > 0, NULL); /* no array without columns */

  g_free (record->date);
  record->date = date_of_now ();
  if (!saxid_tag_check_record (path, record, error))
    return NULL;
  live = g_new0 (SaxidTagLive, 1);
  live->file = (hid_t) file;
  live->path = g_strdup (path);
  live->group = g_build_path ("/", record->parent, record->name, NULL);
  live->n_class = record->n_class;
  live->array = g_new (hid_t, n_arrays ());
  H5E_BEGIN_TRY
  {
    done = prepare (live, record, go_on, error);
  }
  H5E_END_TRY;
  return done ? g_steal_pointer (&live) : NULL;
}

/* --- what is written afterwards -------------------------------------------------- */

static void
close_arrays (SaxidTagLive *live)
{
  for (guint k = 0; live->is_open && saxid_tag_arrays[k].name != NULL; k++)
    if (live->array[k] >= 0)
      H5Dclose (live->array[k]);
  live->is_open = FALSE;
}

/* Only now: what is open when SWMR begins is opened anew by HDF5, with a cache. */
static gboolean
open_arrays (SaxidTagLive *live)
{
  gboolean all = TRUE;

  for (guint k = 0; saxid_tag_arrays[k].name != NULL; k++)
    {
      live->array[k] = all ? open_dataset (live, "result", saxid_tag_arrays[k].name) : -1;
      all = all && live->array[k] >= 0;
    }
  live->is_open = TRUE;
  if (!all)
    close_arrays (live);
  return all;
}

/* Of the file in the usual driver; < 0: another driver, of which nothing is known. */
static int
descriptor_of (const SaxidTagLive *live)
{
  g_auto (SaxidHid) access = H5Fget_access_plist (live->file);
  int *fd = NULL;

  if (access < 0 || H5Pget_driver (access) != H5FD_SEC2
      || H5Fget_vfd_handle (live->file, H5P_DEFAULT, (void **) &fd) < 0)
    return -1;
  return *fd;
}

/* A new chunk of every array, before HDF5 sees it. What the host writes is its own affair. */
static gboolean
claim_space (SaxidTagLive *live, guint64 frame, const SaxidRecord *record, GError **error)
{
  const guint64 chunk = frame / CHUNK_ROWS + 1;
  guint64 bytes = SPACE_FOR_INDICES;
  g_autofree char *what = NULL;
  struct stat about;
  int fd;

  if (chunk == live->claimed)
    return TRUE;
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    bytes += CHUNK_ROWS * saxid_tag_columns_of (record, array) * saxid_tag_element_size (array->element);
  what = g_strdup_printf ("the tags of frame %" G_GUINT64_FORMAT, frame);
  fd = descriptor_of (live);
  if (fd >= 0 && fstat (fd, &about) == 0 && !saxid_claim_space (fd, (guint64) about.st_size, bytes, what, error))
    {
      saxid_error_add_place (error, "%s, %s", live->path, live->group);
      return FALSE;
    }
  live->claimed = chunk;
  return TRUE;
}

static gboolean
put_row (SaxidTagLive *live, guint k, guint64 frame, const SaxidRecord *record)
{
  const SaxidTagArray *array = &saxid_tag_arrays[k];
  const guint columns = saxid_tag_columns_of (record, array);
  const hsize_t shape[2] = { MAX (live->n_curve, frame + 1), columns };
  const hsize_t at[2] = { frame, 0 }, count[2] = { 1, columns };
  g_auto (SaxidHid) in_file = H5I_INVALID_HID;
  g_auto (SaxidHid) in_memory = H5I_INVALID_HID;
  gboolean done = FALSE;

  if (frame >= live->n_curve && H5Dset_extent (live->array[k], shape) < 0)
    return FALSE;
  in_file = H5Dget_space (live->array[k]);
  in_memory = H5Screate_simple ((int) array->rank, count, NULL);
  done = in_file >= 0 && in_memory >= 0
         && H5Sselect_hyperslab (in_file, H5S_SELECT_SET, at, NULL, count, NULL) >= 0
         && H5Dwrite (live->array[k], memory_type (array->element), in_memory, in_file, H5P_DEFAULT,
                      saxid_tag_array_of (record, array))
              >= 0
         && H5Dflush (live->array[k]) >= 0;
  if (!done) /* before the next call forgets it */
    live->reason = saxid_tag_hdf5_reason ();
  return done;
}

static gboolean
put (SaxidTagLive *live, guint64 frame, const SaxidRecord *record, GError **error)
{
  if (!live->is_open && !open_arrays (live))
    return refuse_hdf5 (error, live, "open the prepared arrays; is the file still open?");
  if (!claim_space (live, frame, record, error))
    return FALSE;
  for (guint k = 0; saxid_tag_arrays[k].name != NULL; k++)
    if (!put_row (live, k, frame, record))
      return refuse_hdf5 (error, live, "write the tags of a frame; is the file still open?");
  live->n_curve = MAX (live->n_curve, frame + 1);
  return TRUE;
}

gboolean
saxid_tag_live_put (SaxidTagLive *live, guint64 frame, SaxidRecord *record, GError **error)
{
  gboolean done = FALSE;

  g_return_val_if_fail (live != NULL && record != NULL && record->n_curve == 1, FALSE);
  g_return_val_if_fail (record->n_class == live->n_class, FALSE);

  if (live->complete)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "the tags were finished before frame %" G_GUINT64_FORMAT
                   " (%s, %s)", frame, live->path, live->group);
      return FALSE;
    }
  if (frame >= SAXID_TAG_LIVE_MOST_CURVES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "frame is %" G_GUINT64_FORMAT ", less than %u is possible"
                   " (%s, %s)", frame, SAXID_TAG_LIVE_MOST_CURVES, live->path, live->group);
      return FALSE;
    }
  H5E_BEGIN_TRY
  {
    done = put (live, frame, record, error);
  }
  H5E_END_TRY;
  return done;
}

static gboolean
overwrite_date (const SaxidTagLive *live)
{
  g_autofree char *date = date_of_now ();
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);

  return type >= 0 && strlen (date) == DATE_BYTES && H5Tset_size (type, DATE_BYTES) >= 0
         && H5Tset_strpad (type, H5T_STR_NULLPAD) >= 0 && H5Tset_cset (type, H5T_CSET_UTF8) >= 0
         && overwrite (live, "", "date", type, date);
}

/* Puts it before what is in the note. A group of an older version has no field for it. */
static gboolean
add_to_note (const SaxidTagLive *live, const char *done)
{
  g_autofree char *before = NULL, *text = NULL;
  g_auto (SaxidHid) place = H5Gopen2 (live->file, live->group, H5P_DEFAULT);
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  char field[NOTE_BYTES + 1] = "";

  if (done == NULL || place < 0 || H5Lexists (place, NOTE, H5P_DEFAULT) <= 0)
    return place >= 0;
  before = saxid_tag_read_text (place, NOTE, NOTE_BYTES);
  text = g_strdup_printf ("%s%s%s", done, before != NULL && before[0] != '\0' ? "; " : "", before != NULL ? before : "");
  saxid_text_fit (field, text, sizeof field);
  return type >= 0 && H5Tset_size (type, NOTE_BYTES) >= 0 && H5Tset_strpad (type, H5T_STR_NULLPAD) >= 0
         && H5Tset_cset (type, H5T_CSET_UTF8) >= 0 && overwrite (live, "", NOTE, type, field);
}

gboolean
saxid_tag_live_finish (SaxidTagLive *live, const char *what, GError **error)
{
  gboolean done = FALSE;
  gint64 frames;

  g_return_val_if_fail (live != NULL, FALSE);

  if (live->complete)
    return TRUE;
  frames = (gint64) live->n_curve;
  H5E_BEGIN_TRY
  {
    close_arrays (live);
    done = (overwrite_date (live) && add_to_note (live, what) && overwrite (live, "input", "frames", H5T_NATIVE_INT64, &frames))
           || refuse_hdf5 (error, live, "complete the tags; is the file still open?");
  }
  H5E_END_TRY;
  live->complete = done;
  return done;
}

void
saxid_tag_live_free (SaxidTagLive *live)
{
  if (live == NULL)
    return;
  H5E_BEGIN_TRY { close_arrays (live); }
  H5E_END_TRY;
  g_free (live->array);
  g_free (live->reason);
  g_free (live->path);
  g_free (live->group);
  g_free (live);
}
