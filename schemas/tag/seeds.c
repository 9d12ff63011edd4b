/* How do fits lie in a tagged file?
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/tag/seeds.h"

#include <math.h>
#include <string.h>

#include "schemas/hdf5/input.h"
#include "schemas/tag/fields.h"
#include "schemas/tag/layout.h"

#define PREFIX "seed_"
#define SPACE_PER_FIELD 1024
/* Longer arrays are chunked and deflated. */
#define CHUNK 32768
#define DEFLATE_LEVEL 4
/* What a parameter has besides its value. */
static const char *const suffixes[] = { "", "_errors", "_min", "_max" };
#define N_SUFFIXES G_N_ELEMENTS (suffixes)
#define MOST_SEEDS SAXID_TAG_MAX_CLASSES

static double *
array_of (const SaxidRecordParameter *parameter, guint suffix)
{
  double *const arrays[N_SUFFIXES] = { parameter->value, parameter->error, parameter->lower, parameter->upper };

  return arrays[suffix];
}

guint64
saxid_tag_seeds_space (const SaxidRecord *record)
{
  guint64 fields = 0;

  for (guint k = 0; k < record->seed->len; k++)
    fields += 10 + N_SUFFIXES * ((const SaxidRecordSeed *) record->seed->pdata[k])->n_parameter;
  return fields * (SPACE_PER_FIELD + record->n_curve * sizeof (double));
}

/* --- Writing ------------------------------------------------------------------------------- */

static gboolean
put_attribute (hid_t object, const char *name, const char *value)
{
  return saxid_tag_put_attribute (object, name, value, MAX (strlen (value), 1), 0);
}

static gboolean
put_array (hid_t group, const char *name, const char *suffix, gsize n, const double *values, const char *unit,
           const char *vary)
{
  g_autofree char *field = g_strconcat (name, suffix, NULL);
  const hsize_t shape = n, chunk = CHUNK;
  g_auto (SaxidHid) space = H5Screate_simple (1, &shape, NULL);
  g_auto (SaxidHid) creation = H5Pcreate (H5P_DATASET_CREATE);
  hid_t dataset;
  gboolean done;

  if (space < 0 || creation < 0
      || (n > CHUNK
          && (H5Pset_chunk (creation, 1, &chunk) < 0 || H5Pset_shuffle (creation) < 0
              || H5Pset_deflate (creation, DEFLATE_LEVEL) < 0)))
    return FALSE;
  dataset = H5Dcreate2 (group, field, H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (dataset < 0)
    return FALSE;
  done = H5Dwrite (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0
         && (unit[0] == '\0' || put_attribute (dataset, "units", unit))
         && (vary == NULL || put_attribute (dataset, "vary", vary));
  return H5Dclose (dataset) >= 0 && done;
}

static gboolean
put_seed (hid_t group, const SaxidRecordSeed *seed, gsize n)
{
  g_autoptr (GString) order = g_string_new (NULL);

  if (!put_attribute (group, "NX_class", "NXparameters") || !put_attribute (group, "model", seed->model)
      || !put_array (group, "chi2", "", n, seed->chi2, "", NULL)
      || !put_array (group, "weight", "", n, seed->weight, "", NULL)
      || !put_array (group, "q_min", "", n, seed->q_min, "1/angstrom", NULL)
      || !put_array (group, "q_max", "", n, seed->q_max, "1/angstrom", NULL))
    return FALSE;
  for (guint k = 0; k < seed->n_parameter; k++)
    {
      const SaxidRecordParameter *parameter = &seed->parameter[k];

      for (guint s = 0; s < N_SUFFIXES; s++)
        if (!put_array (group, parameter->name, suffixes[s], n, array_of (parameter, s), parameter->unit,
                        s == 0 ? (parameter->vary ? "yes" : "no") : NULL))
          return FALSE;
      g_string_append_printf (order, "%s%s", k > 0 ? " " : "", parameter->name);
    }
  return put_attribute (group, "order", order->str);
}

gboolean
saxid_tag_seeds_write (hid_t group, const SaxidRecord *record)
{
  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];
      g_autofree char *name = g_strconcat (PREFIX, seed->class_name, NULL);
      hid_t below = H5Gcreate2 (group, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      gboolean done = below >= 0 && put_seed (below, seed, record->n_curve);

      if (below >= 0)
        done = H5Gclose (below) >= 0 && done;
      if (!done)
        return FALSE;
    }
  return TRUE;
}

/* --- Reading -------------------------------------------------------------------------------- */

/* Only what the writer makes: one dimension of n doubles. */
static gboolean
fetch_array (hid_t group, const char *name, const char *suffix, gsize n, double *values, char **unit, gboolean *vary)
{
  g_autofree char *field = g_strconcat (name, suffix, NULL), *word = NULL;
  g_auto (SaxidHid) dataset = saxid_tag_open_field (group, field);
  g_auto (SaxidHid) space = H5I_INVALID_HID;
  g_auto (SaxidHid) type = H5I_INVALID_HID;
  hsize_t shape = 0;

  if (dataset < 0 || (space = H5Dget_space (dataset)) < 0
      || (type = H5Dget_type (dataset)) < 0 || H5Tget_class (type) != H5T_FLOAT
      || !saxid_input_check_number_type (dataset, name, NULL) || H5Sget_simple_extent_ndims (space) != 1
      || H5Sget_simple_extent_dims (space, &shape, NULL) != 1 || shape != n || !saxid_tag_storage_is_sound (dataset)
      || H5Dread (dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    return FALSE;
  if (unit != NULL)
    {
      *unit = saxid_tag_read_attribute (dataset, "units", SAXID_TAG_MAX_NAME);
      if (*unit == NULL)
        *unit = g_strdup ("");
    }
  if (vary != NULL)
    {
      word = saxid_tag_read_attribute (dataset, "vary", SAXID_TAG_MAX_NAME);
      *vary = g_strcmp0 (word, "yes") == 0;
    }
  return TRUE;
}

static gboolean
fetch_seed (hid_t group, const char *class_name, SaxidRecord *record)
{
  g_autofree char *model = saxid_tag_read_attribute (group, "model", SAXID_TAG_MAX_NAME);
  g_autofree char *order = saxid_tag_read_attribute (group, "order", SAXID_TAG_MOST_PARAMETERS * SAXID_TAG_MAX_NAME);
  g_auto (GStrv) name = order != NULL ? g_strsplit (order, " ", SAXID_TAG_MOST_PARAMETERS + 1) : NULL;
  const guint n = name != NULL ? g_strv_length (name) : 0;
  SaxidRecordSeed *seed;

  if (model == NULL || n == 0 || n > SAXID_TAG_MOST_PARAMETERS)
    return FALSE;
  for (guint k = 0; k < n; k++)
    if (!saxid_tag_name_is_sound (name[k]))
      return FALSE;
  /* units come with the values */
  seed = saxid_record_seed (record, class_name, model, n, (const char *const *) name, (const char *const *) name);
  if (!fetch_array (group, "chi2", "", record->n_curve, seed->chi2, NULL, NULL)
      || !fetch_array (group, "weight", "", record->n_curve, seed->weight, NULL, NULL)
      || !fetch_array (group, "q_min", "", record->n_curve, seed->q_min, NULL, NULL)
      || !fetch_array (group, "q_max", "", record->n_curve, seed->q_max, NULL, NULL))
    return FALSE;
  for (guint k = 0; k < n; k++)
    for (guint s = 0; s < N_SUFFIXES; s++)
      {
        SaxidRecordParameter *parameter = &seed->parameter[k];

        if (s == 0)
          g_clear_pointer (&parameter->unit, g_free);
        if (!fetch_array (group, parameter->name, suffixes[s], record->n_curve, array_of (parameter, s),
                          s == 0 ? &parameter->unit : NULL, s == 0 ? &parameter->vary : NULL))
          return FALSE;
      }
  return TRUE;
}

typedef struct
{
  SaxidRecord *record;
  guint64 left; /* bytes */
  guint n;
  gboolean sound;
} Reading;

static herr_t
look_at_link (hid_t group, const char *name, const H5L_info_t *link, void *data)
{
  Reading *reading = data;
  const guint64 size = SAXID_TAG_MOST_PARAMETERS * N_SUFFIXES * sizeof (double) * reading->record->n_curve;
  g_auto (SaxidHid) below = H5I_INVALID_HID;

  if (!g_str_has_prefix (name, PREFIX))
    return 0;
  reading->sound = link->type == H5L_TYPE_HARD && ++reading->n <= MOST_SEEDS && size <= reading->left
                   && saxid_tag_name_is_sound (name);
  if (!reading->sound)
    return 1;
  reading->left -= size;
  below = H5Gopen2 (group, name, H5P_DEFAULT);
  reading->sound = below >= 0 && fetch_seed (below, name + strlen (PREFIX), reading->record);
  return reading->sound ? 0 : 1;
}

gboolean
saxid_tag_seeds_read (hid_t group, guint64 most_bytes, SaxidRecord *record)
{
  Reading reading = { .record = record, .left = MAX (most_bytes, (guint64) 64 << 20), .sound = TRUE };
  hsize_t at = 0;

  H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, &at, look_at_link, &reading);
  return reading.sound;
}
