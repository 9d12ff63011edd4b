/* How does a trained model lie in a file, and is it the one that was written?
 *
 * The checksum is SHA-256 over every text, array and blob in the order of their
 * names, each preceded by its kind, name and size, in little-endian bytes: it
 * does not depend on how HDF5 lays the file out.
 *
 * Thread: one thread at a time per object.
 */
#include "schemas/learn/model-file.h"

#include <libdeflate.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <string.h>

#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"
#include "schemas/hdf5/store.h"

#define FORMAT "saxid-model-1"
#define MAX_OBJECTS 1000
#define TRIED ((gsize) 64 << 10) /* bytes that say whether the rest is worth packing */
#define WORTH 0.8
#define MAX_NAME 127
#define MAX_BYTES ((gsize) 512 << 20) /* of a model */

static void
free_array (gpointer data)
{
  SaxidModelArray *array = data;

  g_free (array->values);
  g_free (array);
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer data G_GNUC_UNUSED)
{
  return strcmp (a, b);
}

SaxidModelFile *
saxid_model_file_new (void)
{
  SaxidModelFile *model = g_new0 (SaxidModelFile, 1);

  model->may_read = MAX_BYTES;
  model->text = g_tree_new_full (compare_names, NULL, g_free, g_free);
  model->array = g_tree_new_full (compare_names, NULL, g_free, free_array);
  model->blob = g_tree_new_full (compare_names, NULL, g_free, (GDestroyNotify) g_bytes_unref);
  return model;
}

void
saxid_model_file_free (SaxidModelFile *model)
{
  if (model == NULL)
    return;
  g_tree_unref (model->text);
  g_tree_unref (model->array);
  g_tree_unref (model->blob);
  g_free (model->sha256);
  g_free (model);
}

void
saxid_model_file_set_text (SaxidModelFile *model, const char *name, const char *text)
{
  g_tree_replace (model->text, g_strdup (name), g_strdup (text));
}

void
saxid_model_file_set_array (SaxidModelFile *model, const char *name, gsize rows, gsize columns,
                            const double *values)
{
  SaxidModelArray *array = g_new0 (SaxidModelArray, 1);
  gsize count = MAX (rows, 1) * columns;

  array->rank = rows > 0 ? 2 : 1;
  array->dims[0] = rows > 0 ? rows : columns;
  array->dims[1] = rows > 0 ? columns : 0;
  array->values = g_new (double, MAX (count, 1));
  memcpy (array->values, values, count * sizeof (double));
  g_tree_replace (model->array, g_strdup (name), array);
}

void
saxid_model_file_set_blob (SaxidModelFile *model, const char *name, GBytes *bytes)
{
  g_tree_replace (model->blob, g_strdup (name), g_bytes_ref (bytes));
}

static gpointer
look_up (GTree *tree, const char *kind, const char *name, GError **error)
{
  gpointer found = g_tree_lookup (tree, name);

  if (found == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model has no %s '%s'", kind, name);
  return found;
}

const char *
saxid_model_file_text (const SaxidModelFile *model, const char *name, GError **error)
{
  return look_up (model->text, "text", name, error);
}

const SaxidModelArray *
saxid_model_file_array (const SaxidModelFile *model, const char *name, gsize rows, gsize columns,
                        GError **error)
{
  const SaxidModelArray *array = look_up (model->array, "array", name, error);
  gsize found_rows, found_columns;

  if (array == NULL)
    return NULL;
  found_rows = array->rank == 2 ? array->dims[0] : 0;
  found_columns = array->rank == 2 ? array->dims[1] : array->dims[0];
  if ((rows != G_MAXSIZE && rows != found_rows) || (columns != G_MAXSIZE && columns != found_columns))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "model array '%s' is %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT
                   " × %" G_GSIZE_FORMAT " is needed",
                   name, found_rows, found_columns, rows, columns);
      return NULL;
    }
  return array;
}

GBytes *
saxid_model_file_blob (const SaxidModelFile *model, const char *name, GError **error)
{
  return look_up (model->blob, "blob", name, error);
}

static void
add_bytes (struct sha256_ctx *sum, gconstpointer data, gsize size)
{
  sha256_update (sum, size, data);
}

static void
digest_head (struct sha256_ctx *sum, const char *kind, const char *name, gsize size)
{
  g_autofree char *head = g_strdup_printf ("%s %s %" G_GSIZE_FORMAT "\n", kind, name, size);

  add_bytes (sum, head, strlen (head));
}

static gboolean
digest_text (gpointer name, gpointer text, gpointer sum)
{
  digest_head (sum, "text", name, strlen (text));
  add_bytes (sum, text, strlen (text));
  return FALSE;
}

static gboolean
digest_array (gpointer name, gpointer value, gpointer sum)
{
  const SaxidModelArray *array = value;
  gsize count = array->dims[0] * (array->rank == 2 ? array->dims[1] : 1);

  digest_head (sum, array->rank == 2 ? "matrix" : "vector", name, count);
  for (gsize k = 0; k < count; k++)
    {
      guint64 bits;

      memcpy (&bits, &array->values[k], sizeof bits);
      bits = GUINT64_TO_LE (bits);
      add_bytes (sum, &bits, sizeof bits);
    }
  return FALSE;
}

static gboolean
digest_blob (gpointer name, gpointer value, gpointer sum)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (value, &size);

  digest_head (sum, "blob", name, size);
  add_bytes (sum, data, size);
  return FALSE;
}

/* In hexadecimal digits. */
static char *
digest (const SaxidModelFile *model)
{
  struct sha256_ctx sum;
  guint8 bytes[SHA256_DIGEST_SIZE];
  char digits[BASE16_ENCODE_LENGTH (SHA256_DIGEST_SIZE) + 1] = "";

  sha256_init (&sum);
  g_tree_foreach (model->text, digest_text, &sum);
  g_tree_foreach (model->array, digest_array, &sum);
  g_tree_foreach (model->blob, digest_blob, &sum);
  sha256_digest (&sum, sizeof bytes, bytes);
  base16_encode_update (digits, sizeof bytes, bytes);
  return g_strdup (digits);
}

typedef struct
{
  hid_t group;
  GError **error;
  gboolean failed;
} Writing;

static gboolean
write_text (gpointer name, gpointer text, gpointer data)
{
  Writing *writing = data;
  const char *const texts[] = { text };
  hsize_t one = 1;

  writing->failed = !saxid_store_texts (writing->group, name, 1, &one, texts, writing->error);
  return writing->failed;
}

static gboolean
write_array (gpointer name, gpointer value, gpointer data)
{
  Writing *writing = data;
  const SaxidModelArray *array = value;
  hsize_t dims[2] = { array->dims[0], array->dims[1] };

  writing->failed = !saxid_store_array (writing->group, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                                        array->rank, dims, 9, array->values, writing->error);
  return writing->failed;
}

/* Weights of networks hardly become smaller, and to unpack them takes longer than all else. */
static gboolean
is_worth_packing (gconstpointer bytes, gsize size)
{
  const gsize some = MIN (size, TRIED);
  struct libdeflate_compressor *compressor = libdeflate_alloc_compressor (1);
  const gsize room = libdeflate_zlib_compress_bound (compressor, some);
  g_autofree guint8 *out = g_malloc (room + 1);
  const gsize packed = libdeflate_zlib_compress (compressor, bytes, some, out, room);

  libdeflate_free_compressor (compressor);
  return (double) packed < WORTH * (double) some;
}

static gboolean
write_blob (gpointer name, gpointer value, gpointer data)
{
  Writing *writing = data;
  gsize size;
  gconstpointer bytes = g_bytes_get_data (value, &size);
  hsize_t dims = size;

  writing->failed = !saxid_store_array (writing->group, name, H5T_STD_U8LE, H5T_NATIVE_UINT8, 1,
                                        &dims, is_worth_packing (bytes, size) ? 9 : 0, bytes, writing->error);
  return writing->failed;
}

static const struct
{
  const char *group;
  gsize tree; /* offset of the GTree in SaxidModelFile */
  GTraverseFunc write;
} sections[] = {
  { "text", G_STRUCT_OFFSET (SaxidModelFile, text), write_text },
  { "array", G_STRUCT_OFFSET (SaxidModelFile, array), write_array },
  { "blob", G_STRUCT_OFFSET (SaxidModelFile, blob), write_blob },
};

static gboolean
write_contents (const SaxidModelFile *model, hid_t file, GError **error)
{
  Writing writing = { .error = error };

  if (!saxid_store_attribute (file, "format", FORMAT, error)
      || !saxid_store_attribute (file, "sha256", model->sha256, error))
    return FALSE;
  for (guint k = 0; k < G_N_ELEMENTS (sections) && !writing.failed; k++)
    {
      g_auto (SaxidHid) group = H5Gcreate2 (file, sections[k].group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

      writing.group = group;
      g_tree_foreach (G_STRUCT_MEMBER (GTree *, model, sections[k].tree), sections[k].write, &writing);
    }
  return !writing.failed;
}

static gboolean
write_file (const SaxidModelFile *model, const char *path, GError **error)
{
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  gboolean done;

  if (file < 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "model cannot be created (%s)", path);
      return FALSE;
    }
  done = write_contents (model, file, error);
  if (H5Fclose (file) < 0 && done)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "model cannot be written (%s)", path);
      return FALSE;
    }
  return done;
}

gboolean
saxid_model_file_write (SaxidModelFile *model, const char *path, GError **error)
{
  g_autoptr (SaxidAtomicFile) target = saxid_atomic_begin (path, error);
  gboolean done;

  if (target == NULL)
    return FALSE;
  g_free (model->sha256);
  model->sha256 = digest (model);
  H5E_BEGIN_TRY { done = write_file (model, saxid_atomic_path (target), error); }
  H5E_END_TRY
  return done && saxid_atomic_commit (g_steal_pointer (&target), error);
}

static gboolean
read_text (SaxidModelFile *model, SaxidInput *input, hid_t group, const char *name, GError **error)
{
  g_auto (GStrv) texts = saxid_fetch_texts (input, group, name, 1, error);

  if (texts == NULL)
    return FALSE;
  saxid_model_file_set_text (model, name, texts[0] != NULL ? texts[0] : "");
  return TRUE;
}

static gboolean
read_array (SaxidModelFile *model, SaxidInput *input, hid_t group, const char *name, GError **error)
{
  hsize_t dims[2] = { 0, 0 };
  g_autofree double *values = NULL;
  g_autoptr (GError) not_a_vector = NULL;

  values = saxid_fetch_array (input, group, name, H5T_NATIVE_DOUBLE, 1, dims, model->may_read, &not_a_vector);
  if (values != NULL)
    {
      model->may_read -= dims[0] * sizeof *values;
      saxid_model_file_set_array (model, name, 0, dims[0], values);
      return TRUE;
    }
  if (not_a_vector->code != SAXID_ERROR_FORMAT)
    {
      g_propagate_error (error, g_steal_pointer (&not_a_vector));
      return FALSE;
    }
  values = saxid_fetch_array (input, group, name, H5T_NATIVE_DOUBLE, 2, dims, model->may_read, error);
  if (values == NULL)
    return FALSE;
  if (dims[0] == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "matrix '%s' has no rows", name);
      return FALSE;
    }
  model->may_read -= dims[0] * dims[1] * sizeof *values;
  saxid_model_file_set_array (model, name, dims[0], dims[1], values);
  return TRUE;
}

static gboolean
read_blob (SaxidModelFile *model, SaxidInput *input, hid_t group, const char *name, GError **error)
{
  hsize_t size;
  g_autoptr (GBytes) bytes = NULL;
  gpointer data = saxid_fetch_array (input, group, name, H5T_NATIVE_UINT8, 1, &size, model->may_read, error);

  if (data == NULL)
    return FALSE;
  model->may_read -= size;
  bytes = g_bytes_new_take (data, size);
  saxid_model_file_set_blob (model, name, bytes);
  return TRUE;
}

typedef gboolean (*ReadOne) (SaxidModelFile *model, SaxidInput *input, hid_t group, const char *name,
                             GError **error);

/* A model is one file: what is in it is there, not somewhere else under a link. */
static gboolean
is_here (SaxidInput *input, hid_t from, const char *name, GError **error)
{
  H5L_info_t link;

  if (H5Lget_info (from, name, &link, input->links) < 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "'%s' is missing", name);
  else if (link.type != H5L_TYPE_HARD)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "'%s' is a link, a model has none", name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
read_section (SaxidModelFile *model, SaxidInput *input, const char *section, ReadOne read_one, GError **error)
{
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  H5G_info_t info;

  if (!is_here (input, input->file, section, error))
    return FALSE;
  group = saxid_input_group (input, input->file, section);
  if (group < 0 || H5Gget_info (group, &info) < 0 || info.nlinks > MAX_OBJECTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "'%s' is no group of up to %d objects", section,
                   MAX_OBJECTS);
      return FALSE;
    }
  for (hsize_t k = 0; k < info.nlinks; k++)
    {
      char name[MAX_NAME + 1] = "";
      gssize length = H5Lget_name_by_idx (group, ".", H5_INDEX_NAME, H5_ITER_INC, k, name, sizeof name,
                                          H5P_DEFAULT);

      if (length < 1 || length > MAX_NAME)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                       "a name in '%s' has %" G_GSSIZE_FORMAT " bytes, 1 to %d are possible", section,
                       length, MAX_NAME);
          return FALSE;
        }
      if (!is_here (input, group, name, error) || !read_one (model, input, group, name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_contents (SaxidModelFile *model, SaxidInput *input, GError **error)
{
  g_autofree char *format = saxid_fetch_attribute (input, input->file, "format", error);
  g_autofree char *found = NULL;

  if (format == NULL)
    return FALSE;
  if (strcmp (format, FORMAT) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "format is '%s', '%s' is needed", format,
                   FORMAT);
      return FALSE;
    }
  model->sha256 = saxid_fetch_attribute (input, input->file, "sha256", error);
  if (model->sha256 == NULL || !read_section (model, input, "text", read_text, error)
      || !read_section (model, input, "array", read_array, error)
      || !read_section (model, input, "blob", read_blob, error))
    return FALSE;
  found = digest (model);
  if (strcmp (found, model->sha256) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "checksum of the contents is %.12s…, the file says %.12s…", found, model->sha256);
      return FALSE;
    }
  return TRUE;
}

SaxidModelFile *
saxid_model_file_read (const char *path, GError **error)
{
  g_autoptr (SaxidModelFile) model = saxid_model_file_new ();
  g_autoptr (SaxidInput) input = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean done;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model is missing (%s)", path);
      return NULL;
    }
  H5E_BEGIN_TRY
    {
      input = saxid_input_open (path, FALSE, NULL, &cause);
      done = input != NULL && read_contents (model, input, &cause);
    }
  H5E_END_TRY
  if (done)
    return g_steal_pointer (&model);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model%s: %s", input != NULL ? " is not sound" : "", cause->message);
  saxid_error_add_place (error, "%s", path);
  return NULL;
}
