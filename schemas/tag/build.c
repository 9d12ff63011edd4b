/* What of a saxid group does the NeXus API build?
 *
 * Groups, their classes and attributes, and all numbers of the result; the texts
 * follow by plain HDF5 (fields.h).
 *
 * Thread: see build.h.
 */
#include "config.h"

#include "schemas/tag/build.h"

#include <string.h>

/* its declarations of functions without arguments are those of old C */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <napi.h>
#pragma GCC diagnostic pop

#include "schemas/tag/copy.h"
#include "schemas/tag/fields.h"
#include "schemas/tag/layout.h"

#define CHUNK_BYTES (256u << 10) /* arrays larger than this are chunked and deflated */

static void
keep_silent (void *data, char *text)
{
  (void) data, (void) text;
}

/* Rows of a chunk, so that a chunk has about CHUNK_BYTES; 0 = one block. */
static gint64
rows_of_chunk (gsize n_curve, gsize row_bytes)
{
  if (n_curve * row_bytes <= CHUNK_BYTES)
    return 0;
  return (gint64) MAX (CHUNK_BYTES / row_bytes, 1);
}

static gboolean
put_text_attribute (NXhandle handle, const char *name, const char *value)
{
  return NXputattr (handle, name, value, (int) strlen (value), NX_CHAR) == NX_OK;
}

static gboolean
put_array (NXhandle handle, const SaxidRecord *record, const SaxidTagArray *array)
{
  const int types[] = { NX_FLOAT32, NX_INT8, NX_UINT8 };
  int type = types[array->element];
  int rank = (int) array->rank;
  gint64 width = saxid_tag_columns_of (record, array);
  int64_t shape[2] = { (int64_t) record->n_curve, width };
  gsize row_bytes = (gsize) width * saxid_tag_element_size (array->element);
  int64_t chunk[2] = { rows_of_chunk (record->n_curve, row_bytes), width };
  NXstatus made = chunk[0] > 0 ? NXcompmakedata64 (handle, array->name, type, rank, shape,
                                                   NX_COMP_LZW_LVL4, chunk)
                               : NXmakedata64 (handle, array->name, type, rank, shape);

  return made == NX_OK && NXopendata (handle, array->name) == NX_OK
         && NXputdata (handle, saxid_tag_array_of (record, array)) == NX_OK
         && put_text_attribute (handle, "long_name", array->long_name)
         && NXclosedata (handle) == NX_OK;
}

static gboolean
put_class_axis (NXhandle handle, const SaxidRecord *record)
{
  g_autofree int *numbers = g_new (int, record->n_class);
  g_autofree char *label = saxid_tag_class_label (record);
  int64_t shape = record->n_class;

  for (guint c = 0; c < record->n_class; c++)
    numbers[c] = (int) c;
  return NXmakedata64 (handle, "class_number", NX_INT32, 1, &shape) == NX_OK
         && NXopendata (handle, "class_number") == NX_OK && NXputdata (handle, numbers) == NX_OK
         && put_text_attribute (handle, "long_name", label) && NXclosedata (handle) == NX_OK;
}

/* One curve is a line over the classes; an image of one row would do, but viewers
 * stop at that too. */
static gboolean
put_interpretation (NXhandle handle, const SaxidRecord *record)
{
  if (record->n_curve > 1)
    return TRUE;
  return NXopendata (handle, "probability") == NX_OK
         && put_text_attribute (handle, "interpretation", "spectrum") && NXclosedata (handle) == NX_OK;
}

static gboolean
put_result (NXhandle handle, const SaxidRecord *record)
{
  const char axes[2][13] = { ".", "class_number" }; /* the curves have no axis of their own */
  const int shape[2] = { 2, sizeof axes[0] };
  const int column = 1;

  if (!put_text_attribute (handle, "signal", "probability")
      || NXputattra (handle, "axes", axes, 2, shape, NX_CHAR) != NX_OK
      || NXputattr (handle, "class_number_indices", &column, 1, NX_INT32) != NX_OK
      || NXputattr (handle, "class_indices", &column, 1, NX_INT32) != NX_OK
      || !put_class_axis (handle, record))
    return FALSE;
  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    if (saxid_tag_columns_of (record, array) > 0 && !put_array (handle, record, array))
      return FALSE;
  return put_interpretation (handle, record);
}

static gboolean
put_group (NXhandle handle, const SaxidRecord *record, const char *name)
{
  if (NXmakegroup (handle, name, "NXprocess") != NX_OK
      || NXopengroup (handle, name, "NXprocess") != NX_OK
      || !put_text_attribute (handle, "default", "result")
      || !put_text_attribute (handle, "canSAS_class", SAXID_TAG_CANSAS))
    return FALSE;
  for (const SaxidTagGroup *group = saxid_tag_groups; group->name != NULL; group++)
    if (NXmakegroup (handle, group->name, group->nx_class) != NX_OK
        || NXopengroup (handle, group->name, group->nx_class) != NX_OK
        || (strcmp (group->nx_class, "NXdata") == 0 && !put_result (handle, record))
        || NXclosegroup (handle) != NX_OK)
      return FALSE;
  return NXclosegroup (handle) == NX_OK;
}

gboolean
saxid_tag_build (const char *scratch, const char *path, SaxidRecord *const *records, guint n, GError **error)
{
  NXhandle handle = NULL;
  gboolean done;

  NXMSetTError (NULL, keep_silent);
  done = NXopen (scratch, NXACC_RDWR, &handle) == NX_OK;
  for (guint k = 0; done && k < n; k++)
    {
      char name[SAXID_TAG_SCRATCH_NAME];

      g_snprintf (name, sizeof name, SAXID_TAG_SCRATCH_FORMAT, k);
      done = put_group (handle, records[k], name);
    }
  if (handle != NULL && NXclose (&handle) != NX_OK)
    done = FALSE;
  NXMSetTError (NULL, NULL);
  return done || saxid_tag_refuse_hdf5 (error, path, "build the group with the NeXus API");
}
