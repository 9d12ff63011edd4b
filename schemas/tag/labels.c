/* How is the verdict of each curve said in words?
 *
 * Numbers alone mean nothing in a viewer: class_index 5 is not "hollow_sphere", and a class
 * that is flagged reads as if it were found. Not in a file that grows (tag/live.c): a text of
 * this length for each row would be most of what is written.
 *
 * Thread: see labels.h.
 */
#include "schemas/tag/labels.h"

#include <string.h>

#include "schemas/tag/fields.h"

#define NEAREST "none of the classes (nearest %s)"
#define CHUNK_ROWS 4096
#define DEFLATE 4

char *
saxid_tag_label_of (const SaxidRecord *record, gsize curve)
{
  const int best = record->class_index[curve];
  const char *name = best >= 0 ? record->class_name[best] : "";

  if (record->status[curve] != SAXID_STATUS_OK)
    return g_strdup (saxid_status_name (record->status[curve]));
  return record->outlier[curve] != 0 ? g_strdup_printf (NEAREST, name) : g_strdup (name);
}

/* Bytes of the longest that these classes can give, not of the longest that is there: a rerun
 * with another verdict is to need as much room. */
static gsize
width_of (const SaxidRecord *record)
{
  gsize longest = 0;

  for (guint c = 0; c < record->n_class; c++)
    longest = MAX (longest, strlen (record->class_name[c]));
  return strlen (NEAREST) - strlen ("%s") + longest;
}

guint64
saxid_tag_labels_room (const SaxidRecord *record)
{
  return record->n_curve * width_of (record);
}

static hid_t
make_dataset (hid_t result, hid_t type, gsize n_curve)
{
  const hsize_t shape = n_curve, chunk = CHUNK_ROWS;
  g_auto (SaxidHid) space = H5Screate_simple (1, &shape, NULL);
  g_auto (SaxidHid) creation = H5Pcreate (H5P_DATASET_CREATE);

  if (space < 0 || creation < 0
      || (n_curve > CHUNK_ROWS && (H5Pset_chunk (creation, 1, &chunk) < 0 || H5Pset_deflate (creation, DEFLATE) < 0)))
    return -1;
  return H5Dcreate2 (result, "label", type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
}

gboolean
saxid_tag_put_labels (hid_t result, const SaxidRecord *record)
{
  static const char long_name[] = "the verdict in words";
  const gsize width = width_of (record);
  g_autofree char *block = g_malloc0 (record->n_curve * width + 1);
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  hid_t dataset;
  gboolean done;

  for (gsize k = 0; k < record->n_curve; k++)
    {
      g_autofree char *label = saxid_tag_label_of (record, k);

      memcpy (block + k * width, label, strlen (label));
    }
  if (type < 0 || H5Tset_size (type, width) < 0 || H5Tset_strpad (type, H5T_STR_NULLPAD) < 0
      || H5Tset_cset (type, H5T_CSET_UTF8) < 0)
    return FALSE;
  dataset = make_dataset (result, type, record->n_curve);
  if (dataset < 0)
    return FALSE;
  done = H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0
         && saxid_tag_put_attribute (dataset, "long_name", long_name, strlen (long_name), 0);
  return H5Dclose (dataset) >= 0 && done;
}
