/* How is the verdict of each curve said in words?
 *
 * Numbers alone mean nothing in a viewer: class_index 5 is not "hollow_sphere", and a class
 * that is flagged reads as if it were found. Not in a file that grows (tag/live.c): a text of
 * this length for each row would be most of what is written.
 *
 * Thread: see labels.h.
 */
#include "schemas/tag/labels.h"

#include <stdlib.h>
#include <string.h>

#include "schemas/tag/fields.h"

#define NONE "none of the classes"
#define NEAREST NONE " (nearest %s)"
#define SURE 0.99f /* no figure is given above */
#define CHUNK_ROWS 4096
#define DEFLATE 4

/* Free with g_free. */
static char *
label_of (const SaxidRecord *record, gsize curve)
{
  const int best = record->class_index[curve];
  const char *name = best >= 0 ? record->class_name[best] : "";

  if (record->status[curve] != SAXID_STATUS_OK)
    return g_strdup (saxid_status_name (record->status[curve]));
  return record->outlier[curve] != 0 ? g_strdup_printf (NEAREST, name) : g_strdup (name);
}

/* How many curves have one verdict. */
typedef struct
{
  const char *name;
  gsize n;
} Share;

static int
compare_shares (gconstpointer a, gconstpointer b)
{
  const Share *one = a, *other = b;

  return one->n != other->n ? (one->n < other->n ? 1 : -1) : 0;
}

/* Where it is counted: the classes, then none of them, then the statuses. */
static guint
place_of (const SaxidRecord *record, gsize curve)
{
  if (record->status[curve] != SAXID_STATUS_OK)
    return record->n_class + 1 + record->status[curve];
  return record->outlier[curve] != 0 || record->class_index[curve] < 0 ? record->n_class : (guint) record->class_index[curve];
}

/* The commonest first. Shape: n_class + 1 + statuses. */
static Share *
count_shares (const SaxidRecord *record, guint *n)
{
  const guint first = record->n_class + 1;
  Share *share;

  *n = first + SAXID_STATUS_REJECTED + 1;
  share = g_new0 (Share, *n);
  for (guint k = 0; k < *n; k++)
    share[k].name = k < record->n_class ? record->class_name[k] : k < first ? NONE : saxid_status_name ((int) (k - first));
  for (gsize k = 0; k < record->n_curve; k++)
    share[place_of (record, k)].n++;
  qsort (share, *n, sizeof *share, compare_shares);
  return share;
}

char *
saxid_tag_description_of (const SaxidRecord *record)
{
  g_autofree char *label = label_of (record, 0);
  g_autofree Share *share = NULL;
  GString *text;
  guint n;

  if (record->n_curve == 1 && record->status[0] == SAXID_STATUS_OK && record->outlier[0] == 0)
    return record->confidence[0] > SURE ? g_strdup_printf ("form factor: %s, p > %.2f", label, (double) SURE)
                                        : g_strdup_printf ("form factor: %s, p = %.2f", label, (double) record->confidence[0]);
  if (record->n_curve == 1)
    return g_strdup_printf ("form factor: %s", label);
  share = count_shares (record, &n);
  text = g_string_new (NULL);
  g_string_printf (text, "%" G_GSIZE_FORMAT " curves:", record->n_curve);
  for (guint k = 0; k < n && share[k].n > 0; k++)
    g_string_append_printf (text, "%s %" G_GSIZE_FORMAT " %s", k > 0 ? "," : "", share[k].n, share[k].name);
  return g_string_free (text, FALSE);
}

/* Bytes of the longest that these classes can give, not of the longest that is there: a rerun
 * with another verdict is to need as much room. */
static gsize
width_of (const SaxidRecord *record)
{
  gsize longest = 0;

  for (guint c = 0; c < record->n_class; c++)
    longest = MAX (longest, strlen (record->class_name[c]));
  return strlen (NEAREST) - strlen ("%s") + longest + 1; /* with its NUL: h5dump shows those that fill a text up */
}

guint64
saxid_tag_labels_space (const SaxidRecord *record)
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

char *
saxid_tag_labels_of (const SaxidRecord *record, gsize *width)
{
  char *block;

  *width = width_of (record);
  block = g_malloc0 (record->n_curve * *width + 1);
  for (gsize k = 0; k < record->n_curve; k++)
    {
      g_autofree char *label = label_of (record, k);

      memcpy (block + k * *width, label, strlen (label));
    }
  return block;
}

gboolean
saxid_tag_put_labels (hid_t result, const SaxidRecord *record)
{
  static const char long_name[] = "the verdict in words";
  gsize width;
  g_autofree char *block = saxid_tag_labels_of (record, &width);
  g_auto (SaxidHid) type = H5Tcopy (H5T_C_S1);
  hid_t dataset;
  gboolean done;

  if (type < 0 || H5Tset_size (type, width) < 0 || H5Tset_strpad (type, H5T_STR_NULLTERM) < 0
      || H5Tset_cset (type, H5T_CSET_UTF8) < 0)
    return FALSE;
  dataset = make_dataset (result, type, record->n_curve);
  if (dataset < 0)
    return FALSE;
  done = H5Dwrite (dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, block) >= 0
         && saxid_tag_put_attribute (dataset, "long_name", long_name, strlen (long_name), 0);
  return H5Dclose (dataset) >= 0 && done;
}
