/* What is written for a run of curves? */
#include "schemas/record.h"

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
  g_free (record->configuration_json);
  g_free (record);
}
