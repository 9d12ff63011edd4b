/* What is written for a run of curves? */
#include "schemas/record.h"

#include <string.h>

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
  for (gsize k = 0; k < n_curve; k++)
    record->class_index[k] = -1;
  return record;
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
  g_free (record->outlier_score);
  g_free (record->outlier);
  g_free (record->status);
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
         && same (a->status, b->status, n, sizeof *a->status)
         && g_strcmp0 (a->parent, b->parent) == 0 && g_strcmp0 (a->name, b->name) == 0
         && g_strcmp0 (a->program_version, b->program_version) == 0
         && g_strcmp0 (a->date, b->date) == 0
         && g_strcmp0 (a->model_file_name, b->model_file_name) == 0
         && g_strcmp0 (a->model_sha256, b->model_sha256) == 0
         && g_strcmp0 (a->model_algorithm, b->model_algorithm) == 0
         && g_strcmp0 (a->i_path, b->i_path) == 0 && g_strcmp0 (a->q_path, b->q_path) == 0
         && g_strcmp0 (a->sigma_path, b->sigma_path) == 0
         && g_strcmp0 (a->q_unit, b->q_unit) == 0 && g_strcmp0 (a->i_unit, b->i_unit) == 0
         && a->slit_smeared == b->slit_smeared
         && g_strcmp0 (a->configuration_json, b->configuration_json) == 0;
}
