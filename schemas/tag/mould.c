/* How is the group of a file made from that of another file?
 *
 * A mould is the image of an HDF5 file in memory with one finished group. Its numbers and texts lie
 * there in one piece each, without checksums, so that a value of the same size is put in by writing
 * over these bytes. The key of a mould says all that its bytes cannot follow: how many curves, which
 * classes, which texts are there and how long they are. The description alone has another length in
 * each file; it is left out of the image, and put in by HDF5.
 *
 * Objects that are made of a mould have its time stamps, as a copy has; the time of the tags is their
 * field date.
 *
 * Between two files nothing of this is open in HDF5, so that a process may fork and a host may close
 * the library.
 *
 * Thread: see mould.h.
 */
#include "config.h"

#include "schemas/tag/mould-file.h"

#include <string.h>

#include "schemas/tag/fields.h"
#include "schemas/tag/labels.h"
#include "schemas/tag/layout.h"

#define MOST_MOULDS 8
#define MOST_BYTES (256u << 10) /* of an image, and of the values of a record */
#define INCREMENT (64u << 10)   /* by which a file in memory grows */
#define FILE_NAME "/dev/null/saxid-mould" /* no file can have this name: HDF5 looks whether one has */
#define DESCRIPTION "description"

typedef struct
{
  char *key;
  char *image;
  gsize size;
  GArray *place; /* of gsize: where the values of the record lie, in the order of Values */
} Mould;

struct _SaxidTagMoulds
{
  GPtrArray *mould; /* the newest first */
};

static void
mould_free (gpointer data)
{
  Mould *mould = data;

  g_free (mould->key);
  g_free (mould->image);
  if (mould->place != NULL)
    g_array_unref (mould->place);
  g_free (mould);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mould, mould_free)

SaxidTagMoulds *
saxid_tag_moulds_new (void)
{
  SaxidTagMoulds *moulds = g_new0 (SaxidTagMoulds, 1);

  moulds->mould = g_ptr_array_new_with_free_func (mould_free);
  return moulds;
}

void
saxid_tag_moulds_free (SaxidTagMoulds *moulds)
{
  if (moulds == NULL)
    return;
  g_ptr_array_unref (moulds->mould);
  g_free (moulds);
}

/* --- what of a record is in the image ------------------------------------------ */

typedef struct
{
  const char *group, *name;
  const void *bytes; /* as the file has them */
  gsize size;
  gboolean utf8;
} Value;

typedef struct
{
  GArray *list; /* of Value */
  char *labels;
  gint32 sequence_index;
} Values;

static void
values_clear (Values *values)
{
  g_clear_pointer (&values->list, g_array_unref);
  g_free (values->labels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Values, values_clear)

static void
add (Values *values, const char *group, const char *name, const void *bytes, gsize size)
{
  const Value value = { group, name, bytes, size, TRUE };

  g_array_append_val (values->list, value);
}

static void
add_text (Values *values, const SaxidTagText *text, const char *words)
{
  const Value value = { text->group, text->name, words, MAX (strlen (words), 1), g_utf8_validate (words, -1, NULL) };

  g_array_append_val (values->list, value);
}

/* values: empty; they point into the record. */
static void
find_values (SaxidRecord *record, const char *source_name, int sequence_index, Values *values)
{
  gsize width;

  values->list = g_array_new (FALSE, FALSE, sizeof (Value));
  values->labels = saxid_tag_labels_of (record, &width);
  values->sequence_index = GINT32_TO_LE (sequence_index);
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    if (saxid_tag_columns_of (record, array) > 0)
      add (values, "result", array->name, saxid_tag_array_of (record, array),
           record->n_curve * saxid_tag_columns_of (record, array) * saxid_tag_element_size (array->element));
  add (values, "result", "label", values->labels, record->n_curve * width);
  add (values, "", "sequence_index", &values->sequence_index, sizeof values->sequence_index);
  for (const SaxidTagText *text = saxid_tag_texts; text->name != NULL; text++)
    {
      const char *words = saxid_tag_text_value (record, text, source_name);

      if (words != NULL && text->constant == NULL)
        add_text (values, text, words);
    }
}

static char *
key_of (const SaxidRecord *record, const Values *values)
{
  GString *key = g_string_new (NULL);

  g_string_printf (key, "%" G_GSIZE_FORMAT " %d", record->n_curve, record->slit_smeared);
  for (const SaxidTagNames *names = saxid_tag_names; names->name != NULL; names++)
    for (guint k = 0; k < saxid_tag_count_of (record, names); k++)
      g_string_append_printf (key, "\n%s %s", names->name, saxid_tag_names_of (record, names)[k]);
  for (guint k = 0; k < values->list->len; k++)
    {
      const Value *value = &g_array_index (values->list, Value, k);

      g_string_append_printf (key, "\n%s/%s %" G_GSIZE_FORMAT " %d", value->group, value->name, value->size, value->utf8);
    }
  return g_string_free (key, FALSE);
}

/* A fit has a group of its own, which another file may lack. */
static gboolean
is_small (const SaxidRecord *record)
{
  return record->seed->len == 0 && record->n_curve < MOST_BYTES
         && saxid_record_bytes (record->n_curve, record->n_class, 0) + saxid_tag_labels_space (record) < MOST_BYTES;
}

static Mould *
find (const SaxidTagMoulds *moulds, const SaxidRecord *record, const Values *values)
{
  g_autofree char *key = key_of (record, values);

  for (guint k = 0; k < moulds->mould->len; k++)
    if (strcmp (((Mould *) moulds->mould->pdata[k])->key, key) == 0)
      return moulds->mould->pdata[k];
  return NULL;
}

gboolean
saxid_tag_moulds_fit (const SaxidTagMoulds *moulds, SaxidRecord *const *records, guint n, const char *source_name)
{
  for (guint k = 0; moulds != NULL && moulds->mould->len > 0 && k < n; k++)
    {
      g_auto (Values) values = { 0 };

      if (!is_small (records[k]))
        return FALSE;
      find_values (records[k], source_name, 0, &values);
      if (find (moulds, records[k], &values) == NULL)
        return FALSE;
    }
  return moulds != NULL && moulds->mould->len > 0;
}

/* --- files in memory ----------------------------------------------------------- */

/* image: NULL makes an empty one. That has the superblock of old HDF5, which has no checksum: 1.10
 * changes a byte of it in the image, and would find its own checksum wrong. What is put into an image is
 * of HDF5 1.8, as what is put into the scratch file. */
static hid_t
open_memory (char *image, gsize size)
{
  g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);

  if (access < 0 || H5Pset_fapl_core (access, INCREMENT, FALSE) < 0 || H5Pset_fclose_degree (access, H5F_CLOSE_STRONG) < 0)
    return -1;
  if (image == NULL)
    return H5Fcreate (FILE_NAME, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  return H5Pset_libver_bounds (access, H5F_LIBVER_V18, H5F_LIBVER_LATEST) >= 0 && H5Pset_file_image (access, image, size) >= 0
             ? H5Fopen (FILE_NAME, H5F_ACC_RDWR, access)
             : -1;
}

static gboolean
take_image (hid_t file, Mould *mould)
{
  gssize size;

  if (H5Fflush (file, H5F_SCOPE_LOCAL) < 0 || (size = H5Fget_file_image (file, NULL, 0)) <= 0 || size > MOST_BYTES)
    return FALSE;
  mould->size = (gsize) size;
  mould->image = g_malloc (mould->size);
  return H5Fget_file_image (file, mould->image, mould->size) == size;
}

/* Where a value lies in the image; what is found there has to be the value. */
static gboolean
note_place (hid_t group, Mould *mould, const Value *value)
{
  g_autofree char *path = g_strconcat (value->group, value->group[0] != '\0' ? "/" : "", value->name, NULL);
  g_auto (SaxidHid) dataset = H5Dopen2 (group, path, H5P_DEFAULT);
  const haddr_t at = dataset >= 0 ? H5Dget_offset (dataset) : HADDR_UNDEF;
  gsize place = (gsize) at;

  if (at == HADDR_UNDEF || H5Dget_storage_size (dataset) != value->size || at > mould->size
      || value->size > mould->size - place || memcmp (mould->image + place, value->bytes, value->size) != 0)
    return FALSE;
  g_array_append_val (mould->place, place);
  return TRUE;
}

static gboolean
note_places (hid_t file, Mould *mould, const Values *values)
{
  g_auto (SaxidHid) group = H5Gopen2 (file, SAXID_TAG_MOULD_GROUP, H5P_DEFAULT);

  mould->place = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (guint k = 0; group >= 0 && k < values->list->len; k++)
    if (!note_place (group, mould, &g_array_index (values->list, Value, k)))
      return FALSE;
  return group >= 0;
}

static gboolean
make_mould (hid_t scratch, const char *name, Mould *mould, const Values *values)
{
  const hid_t file = open_memory (NULL, 0);
  const gboolean made
    = file >= 0 && H5Ocopy (scratch, name, file, SAXID_TAG_MOULD_GROUP, H5P_DEFAULT, H5P_DEFAULT) >= 0
      && H5Ldelete (file, SAXID_TAG_MOULD_GROUP "/" DESCRIPTION, H5P_DEFAULT) >= 0 && take_image (file, mould)
      && note_places (file, mould, values);

  if (file >= 0)
    H5Fclose (file);
  return made;
}

void
saxid_tag_moulds_keep (SaxidTagMoulds *moulds, hid_t scratch, const char *name, SaxidRecord *record, const char *source_name)
{
  g_autoptr (Mould) mould = g_new0 (Mould, 1);
  g_auto (Values) values = { 0 };
  g_auto (SaxidHid) group = H5Gopen2 (scratch, name, H5P_DEFAULT);

  if (group < 0 || !is_small (record))
    return;
  find_values (record, source_name, saxid_tag_read_count (group, "sequence_index"), &values);
  mould->key = key_of (record, &values);
  if (find (moulds, record, &values) != NULL || !make_mould (scratch, name, mould, &values))
    return;
  if (moulds->mould->len == MOST_MOULDS)
    g_ptr_array_set_size (moulds->mould, MOST_MOULDS - 1);
  g_ptr_array_insert (moulds->mould, 0, g_steal_pointer (&mould));
}

hid_t
saxid_tag_moulds_fill (SaxidTagMoulds *moulds, SaxidRecord *record, const char *source_name, int sequence_index)
{
  g_autofree char *description = saxid_tag_description_of (record);
  g_auto (Values) values = { 0 };
  const char *words = description;
  Mould *mould;
  hid_t file, group;
  gboolean done;

  find_values (record, source_name, sequence_index, &values);
  mould = find (moulds, record, &values);
  if (mould == NULL)
    return -1;
  for (guint k = 0; k < values.list->len; k++)
    {
      const Value *value = &g_array_index (values.list, Value, k);

      memcpy (mould->image + g_array_index (mould->place, gsize, k), value->bytes, value->size);
    }
  file = open_memory (mould->image, mould->size);
  group = file >= 0 ? H5Gopen2 (file, SAXID_TAG_MOULD_GROUP, H5P_DEFAULT) : -1;
  done = group >= 0 && saxid_tag_put_strings (group, DESCRIPTION, &words, 1, FALSE);
  if (group >= 0)
    done = H5Gclose (group) >= 0 && done;
  if (!done && file >= 0)
    H5Fclose (file);
  return done ? file : -1;
}
