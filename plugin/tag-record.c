/* What of a judgement is kept in a file?
 *
 * Thread: as the record.
 */
#include "config.h"

#include "plugin/tag-record.h"

#include <math.h>
#include <string.h>

#include "models/materials/equivalent.h"
#include "models/materials/values.h"

SaxidRecord *
saxid_tag_record_new (const struct saxid_context *context, gsize n)
{
  const SaxidModel *model = context->model;
  SaxidRecord *record = saxid_record_new (n, (const char *const *) context->class_name);

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

static guint
class_of_material (const SaxidRecord *record, const SaxidMaterialAnswer *answer)
{
  guint k = 0;

  while (strcmp (record->class_name[k], saxid_material_kind_class (answer->fit.kind)) != 0)
    k++;
  return k;
}

void
saxid_tag_record_store_material (SaxidRecord *record, gsize frame, const SaxidJudgement *judgement)
{
  const SaxidMaterialAnswer *answer = &judgement->material;
  const char *class = saxid_material_kind_class (answer->fit.kind), *name[SAXID_MATERIAL_VALUES], *unit[SAXID_MATERIAL_VALUES];
  SaxidMaterialValue value[SAXID_MATERIAL_VALUES];
  SaxidRecordSeed *stored;
  guint n;

  if (answer->status != SAXID_MATERIAL_FOUND)
    return;
  n = saxid_material_values (answer, value);
  for (guint k = 0; k < n; k++)
    {
      name[k] = value[k].name;
      unit[k] = value[k].unit;
    }
  stored = saxid_record_seed (record, class, SAXID_MATERIAL_MODEL, n, name, unit);
  stored->chi2[frame] = answer->fit.reduced_chi2;
  stored->weight[frame] = (double) judgement->probability[class_of_material (record, answer)];
  stored->q_min[frame] = answer->q_first;
  stored->q_max[frame] = answer->q_last;
  for (guint k = 0; k < n; k++)
    {
      stored->parameter[k].vary = isfinite (value[k].lower);
      stored->parameter[k].value[frame] = value[k].value;
      stored->parameter[k].lower[frame] = value[k].lower;
      stored->parameter[k].upper[frame] = value[k].upper;
    }
}

SaxidRecordSeed *
saxid_tag_record_fit (SaxidRecord *record, gsize frame, const char *class_name, const char *model, guint n,
                      const SaxidSeedValue *value)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *unit[SAXID_SEED_PARAMETERS];
  SaxidRecordSeed *stored;

  for (guint k = 0; k < n; k++)
    {
      g_ptr_array_add (names, g_strconcat (value[k].name, value[k].is_width ? "_pd" : "", NULL));
      unit[k] = saxid_shape_unit_word (value[k].unit);
    }
  stored = saxid_record_seed (record, class_name, model, n, (const char *const *) names->pdata, unit);
  for (guint k = 0; k < n; k++)
    {
      stored->parameter[k].vary = value[k].vary;
      stored->parameter[k].value[frame] = value[k].value;
      stored->parameter[k].error[frame] = value[k].error;
      stored->parameter[k].lower[frame] = value[k].lower;
      stored->parameter[k].upper[frame] = value[k].upper;
    }
  return stored;
}

void
saxid_tag_record_store_equivalent (SaxidRecord *record, gsize frame, const SaxidJudgement *judgement)
{
  const SaxidMaterialAnswer *answer = &judgement->material;
  g_autofree char *class_name = NULL;
  SaxidEquivalent equivalent;
  SaxidRecordSeed *stored;

  if (answer->status != SAXID_MATERIAL_FOUND || !saxid_material_equivalent (answer, &equivalent))
    return;
  class_name = g_strdup_printf ("%s_%s", saxid_material_kind_class (answer->fit.kind), equivalent.model);
  stored = saxid_tag_record_fit (record, frame, class_name, equivalent.model, equivalent.n_value, equivalent.value);
  stored->chi2[frame] = answer->fit.reduced_chi2;
  stored->weight[frame] = (double) judgement->probability[class_of_material (record, answer)];
  stored->q_min[frame] = equivalent.q_min;
  stored->q_max[frame] = equivalent.q_max;
}
