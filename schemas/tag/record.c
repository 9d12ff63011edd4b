/* What is written for a run of curves? */
#include "schemas/tag/record.h"

#include <math.h>
#include <string.h>

#define USUAL_PARAMETERS 12 /* of a form factor, with their widths */
#define USUAL_LEVELS 6      /* families and structures together */

static void
seed_free (gpointer data)
{
  SaxidRecordSeed *seed = data;

  for (guint k = 0; k < seed->n_parameter; k++)
    {
      g_free (seed->parameter[k].name);
      g_free (seed->parameter[k].unit);
      g_free (seed->parameter[k].value);
      g_free (seed->parameter[k].error);
      g_free (seed->parameter[k].lower);
      g_free (seed->parameter[k].upper);
    }
  g_free (seed->parameter);
  g_free (seed->class_name);
  g_free (seed->model);
  g_free (seed->chi2);
  g_free (seed->weight);
  g_free (seed->q_min);
  g_free (seed->q_max);
  g_free (seed);
}

static double *
filled (gsize n, double value)
{
  double *values = g_new (double, n);

  for (gsize k = 0; k < n; k++)
    values[k] = value;
  return values;
}

SaxidRecordSeed *
saxid_record_seed (SaxidRecord *record, const char *class_name, const char *model, guint n_parameter,
                   const char *const *name, const char *const *unit)
{
  const gsize n = record->n_curve;
  SaxidRecordSeed *seed;

  for (guint k = 0; k < record->seed->len; k++)
    if (strcmp (((SaxidRecordSeed *) record->seed->pdata[k])->class_name, class_name) == 0)
      return record->seed->pdata[k];
  seed = g_new0 (SaxidRecordSeed, 1);
  seed->class_name = g_strdup (class_name);
  seed->model = g_strdup (model);
  seed->chi2 = filled (n, NAN);
  seed->weight = filled (n, 0);
  seed->q_min = filled (n, NAN);
  seed->q_max = filled (n, NAN);
  seed->n_parameter = n_parameter;
  seed->parameter = g_new0 (SaxidRecordParameter, n_parameter);
  for (guint k = 0; k < n_parameter; k++)
    seed->parameter[k] = (SaxidRecordParameter) { .name = g_strdup (name[k]), .unit = g_strdup (unit[k]),
                                                  .value = filled (n, NAN), .error = filled (n, NAN),
                                                  .lower = filled (n, NAN), .upper = filled (n, NAN) };
  g_ptr_array_add (record->seed, seed);
  return seed;
}

guint64
saxid_record_bytes (guint64 n_curve, guint n_class, guint n_seed)
{
  const guint64 of_class = sizeof (float) + 1, of_curve = (2 + USUAL_LEVELS) * sizeof (float) + 3;
  const guint64 of_seed = (4 + 4 * USUAL_PARAMETERS) * sizeof (double);
  const guint64 each = n_class * of_class + of_curve + n_seed * of_seed;

  return n_curve > G_MAXINT64 / each ? G_MAXINT64 : n_curve * each;
}

SaxidRecord *
saxid_record_new (gsize n_curve, const char *const *class_name)
{
  SaxidRecord *record = g_new0 (SaxidRecord, 1);

  record->n_curve = n_curve;
  record->class_name = g_strdupv ((char **) class_name);
  record->n_class = g_strv_length (record->class_name);
  record->probability = g_new0 (float, n_curve * record->n_class);
  record->class_index = g_new0 (gint8, n_curve);
  record->confidence = g_new0 (float, n_curve);
  record->prediction_set = g_new0 (guint8, n_curve * record->n_class);
  record->outlier_score = g_new0 (float, n_curve);
  record->outlier = g_new0 (guint8, n_curve);
  record->status = g_new0 (guint8, n_curve);
  record->seed = g_ptr_array_new_with_free_func (seed_free);
  for (gsize k = 0; k < n_curve; k++)
    record->class_index[k] = -1;
  return record;
}

static guint
add_level (gsize n_curve, const char *const *name, char ***own_name, float **probability)
{
  const guint n = name != NULL ? g_strv_length ((char **) name) : 0;

  if (n == 0)
    return 0;
  *own_name = g_strdupv ((char **) name);
  *probability = g_new0 (float, n_curve * n);
  return n;
}

void
saxid_record_add_levels (SaxidRecord *record, const char *const *family_name, const char *const *structure_name)
{
  g_return_if_fail (record->family == NULL && record->structure == NULL);

  record->n_family = add_level (record->n_curve, family_name, &record->family_name, &record->family);
  record->n_structure = add_level (record->n_curve, structure_name, &record->structure_name, &record->structure);
}

void
saxid_record_free (SaxidRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->parent);
  g_free (record->name);
  g_strfreev (record->class_name);
  g_free (record->probability);
  g_free (record->class_index);
  g_free (record->confidence);
  g_free (record->prediction_set);
  g_strfreev (record->family_name);
  g_strfreev (record->structure_name);
  g_free (record->family);
  g_free (record->structure);
  g_free (record->outlier_score);
  g_free (record->outlier);
  g_free (record->status);
  g_ptr_array_unref (record->seed);
  g_free (record->program_version);
  g_free (record->date);
  g_free (record->model_file_name);
  g_free (record->model_sha256);
  g_free (record->model_algorithm);
  g_free (record->i_path);
  g_free (record->q_path);
  g_free (record->sigma_path);
  g_free (record->q_unit);
  g_free (record->i_unit);
  g_free (record->note);
  g_free (record->source_file);
  g_free (record->configuration_json);
  g_free (record);
}

/* By bytes: a NaN equals itself. */
static gboolean
same (const void *a, const void *b, gsize n, gsize size)
{
  return n == 0 || memcmp (a, b, n * size) == 0;
}

static gboolean
seeds_equal (const SaxidRecordSeed *a, const SaxidRecordSeed *b, gsize n)
{
  if (strcmp (a->class_name, b->class_name) != 0 || strcmp (a->model, b->model) != 0
      || a->n_parameter != b->n_parameter || !same (a->chi2, b->chi2, n, sizeof (double))
      || !same (a->weight, b->weight, n, sizeof (double)) || !same (a->q_min, b->q_min, n, sizeof (double))
      || !same (a->q_max, b->q_max, n, sizeof (double)))
    return FALSE;
  for (guint k = 0; k < a->n_parameter; k++)
    {
      const SaxidRecordParameter *p = &a->parameter[k], *q = &b->parameter[k];

      if (strcmp (p->name, q->name) != 0 || strcmp (p->unit, q->unit) != 0 || p->vary != q->vary
          || !same (p->value, q->value, n, sizeof (double)) || !same (p->error, q->error, n, sizeof (double))
          || !same (p->lower, q->lower, n, sizeof (double)) || !same (p->upper, q->upper, n, sizeof (double)))
        return FALSE;
    }
  return TRUE;
}

/* In any order: a file sorts them by name. */
static gboolean
all_seeds_equal (const SaxidRecord *a, const SaxidRecord *b)
{
  guint found = 0;

  for (guint k = 0; k < a->seed->len; k++)
    for (guint j = 0; j < b->seed->len; j++)
      found += seeds_equal (a->seed->pdata[k], b->seed->pdata[j], a->n_curve);
  return a->seed->len == b->seed->len && found == a->seed->len;
}

static gboolean
same_level (gsize n_curve, char *const *a_name, const float *a, char *const *b_name, const float *b)
{
  if (a_name == NULL || b_name == NULL)
    return a_name == b_name;
  return g_strv_equal ((const char *const *) a_name, (const char *const *) b_name)
         && same (a, b, n_curve * g_strv_length ((char **) a_name), sizeof *a);
}

static gboolean
same_levels (const SaxidRecord *a, const SaxidRecord *b)
{
  return same_level (a->n_curve, a->family_name, a->family, b->family_name, b->family)
         && same_level (a->n_curve, a->structure_name, a->structure, b->structure_name, b->structure);
}

gboolean
saxid_record_equal (const SaxidRecord *a, const SaxidRecord *b)
{
  gsize n, cells;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  n = a->n_curve;
  cells = n * a->n_class;
  return n == b->n_curve && g_strv_equal ((const char *const *) a->class_name,
                                          (const char *const *) b->class_name)
         && same (a->probability, b->probability, cells, sizeof *a->probability)
         && same (a->class_index, b->class_index, n, sizeof *a->class_index)
         && same (a->confidence, b->confidence, n, sizeof *a->confidence)
         && same (a->prediction_set, b->prediction_set, cells, sizeof *a->prediction_set)
         && same (a->outlier_score, b->outlier_score, n, sizeof *a->outlier_score)
         && same (a->outlier, b->outlier, n, sizeof *a->outlier)
         && same (a->status, b->status, n, sizeof *a->status) && all_seeds_equal (a, b)
         && same_levels (a, b)
         && g_strcmp0 (a->parent, b->parent) == 0 && g_strcmp0 (a->name, b->name) == 0
         && g_strcmp0 (a->program_version, b->program_version) == 0
         && g_strcmp0 (a->date, b->date) == 0
         && g_strcmp0 (a->model_file_name, b->model_file_name) == 0
         && g_strcmp0 (a->model_sha256, b->model_sha256) == 0
         && g_strcmp0 (a->model_algorithm, b->model_algorithm) == 0
         && g_strcmp0 (a->i_path, b->i_path) == 0 && g_strcmp0 (a->q_path, b->q_path) == 0
         && g_strcmp0 (a->sigma_path, b->sigma_path) == 0
         && g_strcmp0 (a->q_unit, b->q_unit) == 0 && g_strcmp0 (a->i_unit, b->i_unit) == 0
         && g_strcmp0 (a->note, b->note) == 0 && a->slit_smeared == b->slit_smeared
         && g_strcmp0 (a->configuration_json, b->configuration_json) == 0;
}

const char *
saxid_status_name (int status)
{
  static const char *const names[] = {
    [SAXID_STATUS_NOT_DONE] = "not done",
    [SAXID_STATUS_OK] = "ok",
    [SAXID_STATUS_ABSTAINED] = "abstained",
    [SAXID_STATUS_REJECTED] = "rejected",
  };

  return status >= 0 && (gsize) status < G_N_ELEMENTS (names) ? names[status] : "";
}

char *
saxid_record_group_name (const char *data, guint sets_in_entry,
                         gboolean (*is_taken) (const char *name, gpointer user), gpointer user)
{
  g_autofree char *base = g_path_get_basename (data), *name = g_strdup (SAXID_TAG_GROUP);

  for (guint n = sets_in_entry > 1 ? 1 : 0;; n++)
    {
      if (n > 0)
        {
          g_free (name);
          name = n == 1 ? g_strdup_printf (SAXID_TAG_GROUP "_%s", base)
                        : g_strdup_printf (SAXID_TAG_GROUP "_%s_%u", base, n);
        }
      if (!is_taken (name, user))
        return g_steal_pointer (&name);
    }
}
