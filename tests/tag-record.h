/* A record with numbers that are sound and all different, for tests of the
 * files that are made of records. */
#pragma once

#include <math.h>

#include "schemas/tag/record.h"

static inline SaxidRecord *
tag_record_new (const char *parent, gsize n_curve, guint seed)
{
  static const char *const classes[]
    = { "sphere", "cylinder", "oblate", "prolate", "core_shell_sphere", "hollow_sphere", NULL };
  SaxidRecord *record = saxid_record_new (n_curve, classes);
  static const char *const families[] = { "globular", "elongated", NULL }, *const structures[] = { "one", "two", "three", NULL };
  guint32 state = 2654435761u * (seed + 1);

  if (seed % 3 != 2) /* a record of an older version has none */
    saxid_record_add_levels (record, families, structures);
  for (gsize k = 0; k < n_curve * record->n_family; k++)
    record->family[k] = (float) (k % 7) / 7;
  for (gsize k = 0; k < n_curve * record->n_structure; k++)
    record->structure[k] = (float) (k % 5) / 5;
  for (gsize k = 0; k < n_curve; k++)
    {
      float sum = 0;
      guint best = 0;
      float *row = record->probability + k * record->n_class;

      for (guint c = 0; c < record->n_class; c++)
        {
          state = state * 1664525u + 1013904223u;
          row[c] = 1e-3f + (float) (state >> 8) / (1 << 24);
          sum += row[c];
        }
      for (guint c = 0; c < record->n_class; c++)
        {
          row[c] /= sum;
          best = row[c] > row[best] ? c : best;
          record->prediction_set[k * record->n_class + c] = row[c] > 0.15f;
        }
      record->class_index[k] = k % 7 == 6 ? -1 : (gint8) best;
      record->confidence[k] = k % 7 == 6 ? NAN : row[best];
      record->outlier_score[k] = 1 - row[best];
      record->outlier[k] = row[best] < 0.2f;
      record->status[k] = k % 7 == 6 ? SAXID_STATUS_REJECTED : SAXID_STATUS_OK;
    }
  /* a long run has none: their numbers would hide whether the others are compressed */
  for (guint s = 0; s < 2 && n_curve <= 1000; s++)
    {
      static const char *const names[] = { "scale", "radius", "radius_pd" }, *const units[] = { "", "angstrom", "" };
      SaxidRecordSeed *fit = saxid_record_seed (record, classes[s], s == 0 ? "sphere" : "cylinder", 3, names, units);

      for (gsize k = s; k < n_curve; k += 2)
        {
          fit->chi2[k] = 1 + 0.1 * (double) k;
          fit->weight[k] = 0.5;
          fit->q_min[k] = 0.01 + 1e-4 * (double) k;
          fit->q_max[k] = 0.5;
          for (guint p = 0; p < 3; p++)
            {
              fit->parameter[p].vary = p != 0;
              fit->parameter[p].value[k] = 10.0 / 3 * p + (double) k;
              fit->parameter[p].error[k] = p == 2 ? NAN : 0.1;
              fit->parameter[p].lower[k] = p == 0 ? -INFINITY : 0;
              fit->parameter[p].upper[k] = INFINITY;
            }
        }
    }
  record->parent = g_strdup (parent);
  record->name = g_strdup ("saxid");
  record->program_version = g_strdup ("0.1.0");
  record->date = g_strdup_printf ("2024-05-17T10:%02u:%02u+02:00", seed / 60 % 60, seed % 60);
  record->model_file_name = g_strdup ("tests.model");
  record->model_sha256 = g_strnfill (64, (char) ('0' + seed % 10));
  record->model_algorithm = g_strdup ("boosted trees");
  record->i_path = g_strdup ("/entry/data/I");
  record->q_path = g_strdup ("/entry/data/Q");
  record->q_unit = g_strdup ("1/nm");
  record->configuration_json = g_strdup_printf ("{\"seed\": %u, \"unit\": \"1/Å\"}", seed);
  return record;
}
