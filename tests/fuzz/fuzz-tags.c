/* Can any file make the reader of tags, or the writer that replaces them, do what they must not?
 *
 * Input that begins as HDF5 does is a tagged file. Changed bytes of one seldom pass HDF5's own
 * checks, so other input is what somebody does to a sound tagged file with HDF5 in hand: edits
 * of one byte with the kind, one with the object (groups and fields in the order of their
 * paths), and
 *   0  nothing more: the object goes
 *   1  type, storage, rank and as many extents of one byte, of the tables below: a field that
 *      takes its place
 *   2  attribute and type, a byte with the length of the text, the text
 *   3  another object: a hard link to it takes its place
 *   4  a byte with the length of the path, the path: a soft link takes its place
 *   5  the same with a link into another file
 *   6  two bytes with an offset, one with a length, the bytes: they go into the field's values
 * make-corpus.py makes some.
 */
#include <gmodule.h>
#include <hdf5.h>

#include "schemas/tag/reader.h"
#include "schemas/tag/writer.h"
#include "tests/fuzz/target.h"
#include "tests/tag-record.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

#define CURVES 7
#define MOST_EDITS 8
#define MOST_PATCHED 65536 /* bytes of a field that is patched */

/* HDF5 1.10 leaks memory of its own over damaged files. */
G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libhdf5\nleak:libNeXus\n";
}

/* ---- a sound file, and what is in it -------------------------------------------------------- */

static char *sound;        /* its bytes */
static gsize n_sound;
static GPtrArray *objects; /* paths below the group of tags */

static herr_t
note_object (hid_t group, const char *name, const H5O_info_t *about, void *data)
{
  (void) group, (void) about;
  g_ptr_array_add (data, strcmp (name, ".") == 0 ? g_strdup ("/entry/saxid") : g_strconcat ("/entry/saxid/", name, NULL));
  return 0;
}

static void
make_sound_file (void)
{
  g_autofree char *path = memory_file (NULL, 0);
  g_autoptr (SaxidRecord) record = tag_record_new ("/entry", CURVES, 1);
  g_autoptr (GError) error = NULL;
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t entry = H5Gcreate2 (file, "entry", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t group;

  H5Gclose (entry);
  H5Fclose (file);
  saxid_tag_write (path, &record, 1, NULL, &error);
  g_assert_no_error (error);

  objects = g_ptr_array_new ();
  file = H5Fopen (path, H5F_ACC_RDONLY, H5P_DEFAULT);
  group = H5Gopen2 (file, "entry/saxid", H5P_DEFAULT);
  H5Ovisit (group, H5_INDEX_NAME, H5_ITER_INC, note_object, objects);
  H5Gclose (group);
  H5Fclose (file);
  g_assert_true (g_file_get_contents (path, &sound, &n_sound, NULL));
  g_unlink (path);
}

/* ---- edits ---------------------------------------------------------------------------------- */

typedef struct
{
  const uint8_t *at, *end;
} Input;

static guint8
take (Input *input)
{
  return input->at < input->end ? *input->at++ : 0;
}

/* A byte with the length, as far as there is so much. */
static gsize
take_length (Input *input)
{
  const gsize n = take (input);

  return MIN (n, (gsize) (input->end - input->at));
}

static char *
take_text (Input *input)
{
  const gsize n = take_length (input);
  char *text = g_strndup ((const char *) input->at, n);

  input->at += n;
  return text;
}

static hid_t
take_type (Input *input)
{
  const guint8 which = take (input);
  const gsize width = take (input);
  hid_t type;

  switch (which % 9)
    {
    case 0:
      return H5Tcopy (H5T_IEEE_F32LE);
    case 1:
      return H5Tcopy (H5T_IEEE_F64BE);
    case 2:
      return H5Tcopy (H5T_STD_I8LE);
    case 3:
      return H5Tcopy (H5T_STD_U8LE);
    case 4:
      return H5Tcopy (H5T_STD_U64BE);
    case 5:
      type = H5Tcreate (H5T_COMPOUND, 16);
      H5Tinsert (type, "a", 8, H5T_IEEE_F64LE);
      return type;
    case 6:
      return H5Tvlen_create (H5T_IEEE_F32LE);
    default:
      type = H5Tcopy (H5T_C_S1);
      H5Tset_size (type, which % 9 == 7 ? MAX (width, 1) : H5T_VARIABLE);
      return type;
    }
}

static hid_t
take_storage (Input *input, int rank, const hsize_t *shape)
{
  const guint8 which = take (input);
  hid_t creation = H5Pcreate (H5P_DATASET_CREATE);
  hsize_t chunk[H5S_MAX_RANK];

  H5Pset_fill_time (creation, which & 1 ? H5D_FILL_TIME_NEVER : H5D_FILL_TIME_IFSET);
  for (int k = 0; k < rank; k++)
    chunk[k] = CLAMP (shape[k], 1, (hsize_t) 1 << (2 * (which >> 4)));
  switch (which >> 1 & 7)
    {
    case 0:
      H5Pset_layout (creation, H5D_COMPACT);
      break;
    case 1:
      H5Pset_external (creation, "/etc/hostname", 0, H5F_UNLIMITED);
      break;
    case 2:
      H5Pset_layout (creation, H5D_VIRTUAL);
      break;
    case 3:
      if (rank > 0 && H5Pset_chunk (creation, rank, chunk) >= 0)
        H5Pset_deflate (creation, 1);
      break;
    case 4:
      if (rank > 0 && H5Pset_chunk (creation, rank, chunk) >= 0)
        H5Pset_scaleoffset (creation, H5Z_SO_INT, 0);
      break;
    case 5:
      if (rank > 0)
        H5Pset_chunk (creation, rank, chunk);
      break;
    default:
      break;
    }
  return creation;
}

static void
put_field (hid_t file, const char *path, Input *input)
{
  static const hsize_t extents[] = { 0, 1, 2, 3, CURVES, 6, 128, 4096, (hsize_t) 1 << 20, (hsize_t) 1 << 32, (hsize_t) 1 << 62 };
  hid_t type = take_type (input), space, creation, dataset;
  const int rank = take (input) % 4;
  hsize_t shape[4];

  for (int k = 0; k < rank; k++)
    shape[k] = extents[take (input) % G_N_ELEMENTS (extents)];
  creation = take_storage (input, rank, shape);
  space = rank > 0 ? H5Screate_simple (rank, shape, NULL) : H5Screate (H5S_SCALAR);
  H5Ldelete (file, path, H5P_DEFAULT);
  dataset = H5Dcreate2 (file, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (dataset >= 0)
    H5Dclose (dataset);
  H5Pclose (creation);
  H5Sclose (space);
  H5Tclose (type);
}

static void
put_attribute (hid_t file, const char *path, Input *input)
{
  static const char *const names[] = { "NX_class", "model", "order", "units", "vary", "signal" };
  const char *name = names[take (input) % G_N_ELEMENTS (names)];
  hid_t type = take_type (input), space = H5Screate (H5S_SCALAR), attribute;
  g_autofree char *text = take_text (input);

  H5Adelete_by_name (file, path, name, H5P_DEFAULT);
  attribute = H5Acreate_by_name (file, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute >= 0)
    {
      g_autofree char *padded = g_malloc0 (MAX (H5Tget_size (type), strlen (text) + 1));

      strcpy (padded, text);
      if (H5Tget_class (type) != H5T_VLEN)
        H5Awrite (attribute, type, H5Tis_variable_str (type) > 0 ? (const void *) &text : padded);
      H5Aclose (attribute);
    }
  H5Sclose (space);
  H5Tclose (type);
}

static void
patch_values (hid_t file, const char *path, Input *input)
{
  const gsize low = take (input), offset = low | (gsize) take (input) << 8;
  const gsize n = take_length (input);
  hid_t dataset = H5Dopen2 (file, path, H5P_DEFAULT), type, space;
  hssize_t points;

  if (dataset < 0)
    return;
  type = H5Dget_type (dataset);
  space = H5Dget_space (dataset);
  points = H5Sget_simple_extent_npoints (space);
  if (H5Tget_class (type) != H5T_VLEN && H5Tis_variable_str (type) <= 0 && points > 0
      && (gsize) points <= MOST_PATCHED / H5Tget_size (type))
    {
      const gsize size = (gsize) points * H5Tget_size (type);
      g_autofree guint8 *values = g_malloc0 (size + n);

      if (H5Dread (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0)
        {
          memcpy (values + offset % size, input->at, n);
          H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
        }
    }
  input->at += n;
  H5Sclose (space);
  H5Tclose (type);
  H5Dclose (dataset);
}

static const char *
take_object (Input *input)
{
  return objects->pdata[take (input) % objects->len];
}

static void
edit (hid_t file, Input *input)
{
  const guint8 kind = take (input) % 7;
  const char *path = take_object (input);
  g_autofree char *text = kind == 4 || kind == 5 ? take_text (input) : NULL;
  const char *other = kind == 3 ? take_object (input) : NULL;
  hid_t kept;

  switch (kind)
    {
    case 0:
      H5Ldelete (file, path, H5P_DEFAULT);
      break;
    case 1:
      put_field (file, path, input);
      break;
    case 2:
      put_attribute (file, path, input);
      break;
    case 3:
      kept = H5Oopen (file, other, H5P_DEFAULT);
      H5Ldelete (file, path, H5P_DEFAULT);
      if (kept >= 0)
        {
          H5Olink (kept, file, path, H5P_DEFAULT, H5P_DEFAULT);
          H5Oclose (kept);
        }
      break;
    case 4:
      H5Ldelete (file, path, H5P_DEFAULT);
      H5Lcreate_soft (text, file, path, H5P_DEFAULT, H5P_DEFAULT);
      break;
    case 5:
      H5Ldelete (file, path, H5P_DEFAULT);
      H5Lcreate_external ("/etc/hostname", text, file, path, H5P_DEFAULT, H5P_DEFAULT);
      break;
    default:
      patch_values (file, path, input);
      break;
    }
}

static char *
edited_file (Input input)
{
  char *path = memory_file ((const uint8_t *) sound, n_sound);

  H5E_BEGIN_TRY
  {
    hid_t file = H5Fopen (path, H5F_ACC_RDWR, H5P_DEFAULT);

    for (guint k = 0; k < MOST_EDITS && input.at < input.end; k++)
      edit (file, &input);
    H5Fclose (file);
  }
  H5E_END_TRY;
  return path;
}

/* ---- what must hold ------------------------------------------------------------------------- */

static void
check_record (const SaxidRecord *record)
{
  const gsize n = record->n_curve, cells = n * record->n_class;

  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (record->n_class, >, 0);
  g_assert_cmpuint (g_strv_length (record->class_name), ==, record->n_class);
  for (gsize k = 0; k < n; k++)
    {
      g_assert_cmpint (record->class_index[k], >=, -1);
      g_assert_cmpint (record->class_index[k], <, (int) record->n_class);
      g_assert_cmpint (record->status[k], <=, SAXID_STATUS_REJECTED);
    }
  touch (record->probability, cells * sizeof *record->probability);
  touch (record->prediction_set, cells);
  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];

      g_assert_nonnull (seed->class_name);
      g_assert_nonnull (seed->model);
      touch (seed->weight, n * sizeof *seed->weight);
      for (guint p = 0; p < seed->n_parameter; p++)
        {
          g_assert_true (seed->parameter[p].name != NULL && seed->parameter[p].unit != NULL);
          touch (seed->parameter[p].upper, n * sizeof *seed->parameter[p].upper);
        }
    }
}

static void
read_tags (const char *path)
{
  g_autoptr (GError) error = NULL, single = NULL;
  g_autoptr (GPtrArray) records = saxid_tag_read_all (path, &error);
  g_autoptr (SaxidRecord) record = saxid_tag_read (path, "/entry", "saxid", &single);

  if (records == NULL)
    check_error (error);
  for (guint k = 0; records != NULL && k < records->len; k++)
    check_record (records->pdata[k]);
  if (record == NULL)
    check_error (single);
  else
    check_record (record);
}

/* Either new tags are in the file, or every byte is as it was. */
static void
replace_tags (const char *path)
{
  g_autoptr (SaxidRecord) fresh = tag_record_new ("/entry", 3, 2), found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;

  g_assert_true (g_file_get_contents (path, &before, &n_before, NULL));
  if (saxid_tag_write (path, &fresh, 1, NULL, &error))
    {
      found = saxid_tag_read (path, "/entry", "saxid", &error);
      g_assert_no_error (error);
      g_assert_true (saxid_record_equal (fresh, found));
      return;
    }
  check_error (error);
  g_assert_true (g_file_get_contents (path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const char signature[8] = "\211HDF\r\n\032\n";
  const gboolean is_file = n >= sizeof signature && memcmp (bytes, signature, sizeof signature) == 0;
  g_autofree char *path = NULL;

  be_strict ();
  if (sound == NULL)
    make_sound_file ();
  path = is_file ? memory_file (bytes, n) : edited_file ((Input) { bytes, bytes + n });
  read_tags (path);
  replace_tags (path);
  g_assert_cmpint (H5Fget_obj_count ((hid_t) H5F_OBJ_ALL, H5F_OBJ_ALL), ==, 0);
  g_unlink (path);
  return 0;
}
