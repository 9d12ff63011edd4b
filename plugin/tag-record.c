/* What of a judgement is kept in a file?
 *
 * Thread: as the record.
 */
#include "config.h"

#include "plugin/tag-record.h"

#include <string.h>

SaxidRecord *
saxid_tag_record_new (const struct saxid_context *context, gsize n)
{
  const SaxidModel *model = context->model;
  SaxidRecord *record = saxid_record_new (n, (const char *const *) model->predictor->class_name);

  saxid_record_add_levels (record, saxid_level_names (SAXID_LEVEL_FAMILY), saxid_level_names (SAXID_LEVEL_STRUCTURE));
  record->program_version = g_strdup (PACKAGE_VERSION);
  record->model_file_name = g_strdup (model->file_name);
  record->model_sha256 = g_strdup (model->sha256);
  record->model_algorithm = g_strdup (model->predictor->algorithm);
  record->configuration_json = g_strdup (context->provenance);
  return record;
}

static void
store_level (const SaxidJudgement *judgement, SaxidLevel level, float *to, gsize frame)
{
  const guint n = saxid_level_count (level);

  memcpy (to + frame * n, judgement->level[level], n * sizeof *to);
}

void
saxid_tag_record_store (SaxidRecord *record, gsize frame, const SaxidJudgement *judgement)
{
  gsize at = frame * record->n_class;

  memcpy (record->probability + at, judgement->probability, record->n_class * sizeof (float));
  memcpy (record->prediction_set + at, judgement->in_set, record->n_class);
  store_level (judgement, SAXID_LEVEL_FAMILY, record->family, frame);
  store_level (judgement, SAXID_LEVEL_STRUCTURE, record->structure, frame);
  record->class_index[frame] = (gint8) judgement->label;
  record->confidence[frame] = judgement->confidence;
  record->outlier_score[frame] = judgement->outlier_score;
  record->outlier[frame] = (guint8) judgement->outlier;
  record->status[frame] = (guint8) judgement->status;
}
