/* How long do the fits of a curve take, and what do they give?
 *
 *   seed-times MODEL SET CANDIDATES CURVE…
 *
 * For each curve of a simulated set (by its row) one line of JSON: processor seconds of
 * the verdict, of the beginnings from the atlas alone (`begin`) and of the whole fits
 * (`seed`), the label, the true parameters, and the fits, the heaviest first. One thread.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/set-curve.h"
#include "models/fit/candidates.h"
#include "models/fit/seed.h"
#include "plugin/model.h"
#include "schemas/learn/dataset.h"

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static void
add (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_seed (JsonBuilder *builder, const SaxidModel *model, const SaxidSeed *seed)
{
  SaxidSeedValue value[SAXID_SEED_PARAMETERS];
  const guint n = saxid_seed_values (seed, value);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "class");
  json_builder_add_string_value (builder, model->predictor->class_name[seed->class]);
  json_builder_set_member_name (builder, "wide");
  json_builder_add_string_value (builder, value[n - 1].name);
  add (builder, "width", value[n - 1].value);
  add (builder, "width_error", value[n - 1].error);
  add (builder, "probability", seed->probability);
  add (builder, "weight", seed->weight);
  add (builder, "reduced_chi2", seed->fit.reduced_chi2);
  json_builder_set_member_name (builder, "value");
  json_builder_begin_object (builder);
  for (guint k = 0; k + 1 < n; k++)
    add (builder, value[k].name, value[k].value);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  for (guint k = 0; k + 1 < n; k++)
    if (value[k].vary)
      add (builder, value[k].name, value[k].error);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
add_seeds (JsonBuilder *builder, const char *name, const SaxidModel *model, guint n, const SaxidSeed *seed)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint k = 0; k < n; k++)
    add_seed (builder, model, &seed[k]);
  json_builder_end_array (builder);
}

static void
add_truth (JsonBuilder *builder, const SaxidDataset *set, gsize row)
{
  const guint n = set->header.n_parameter;

  json_builder_set_member_name (builder, "class");
  json_builder_add_string_value (builder, set->header.class_name[set->label[row]]);
  json_builder_set_member_name (builder, "truth");
  json_builder_begin_object (builder);
  for (guint k = 0; k < n; k++)
    {
      const char *name = set->header.parameter_name[set->label[row] * n + k];

      if (name[0] != '\0')
        add (builder, name, set->parameter[row * n + k]);
    }
  json_builder_end_object (builder);
}

/* Reduced chi-square of the fit that begins at the truth: what there is to be found. */
static double
best_known (const SaxidDataset *set, gsize row, const SaxidCurve *curve)
{
  const guint n = set->header.n_parameter;
  const SaxidShape *shape = saxid_shape_find (set->header.class_name[set->label[row]]);
  const SaxidSpace *space = shape != NULL ? saxid_space_find (shape) : NULL;
  SaxidSpacePoint point = { .width = 0.01 };
  SaxidRefined refined;

  if (space == NULL || curve->sigma == NULL)
    return NAN;
  for (guint k = 0; k < n; k++)
    {
      const char *name = set->header.parameter_name[set->label[row] * n + k];
      const int at = saxid_shape_parameter_index (shape, name);

      if (strcmp (name, "width") == 0)
        point.width = fmax (set->parameter[row * n + k], 0.006);
      else if (at >= 0)
        point.value[at] = set->parameter[row * n + k];
    }
  return saxid_refine (space, curve, &point, 200, INFINITY, FALSE, &refined, NULL) ? refined.reduced_chi2 : NAN;
}

static void
print_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  printf ("%s\n", text);
  fflush (stdout);
}

static gboolean
run_row (const SaxidModel *model, const SaxidDataset *set, gsize row, guint candidates, GError **error)
{
  g_autoptr (SaxidCurve) curve = saxid_set_curve (set, row);
  g_autoptr (SaxidScratch) scratch = saxid_scratch_new (model->predictor, error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  float probability[SAXID_PREDICTOR_MOST_CLASSES];
  guint8 in_set[SAXID_PREDICTOR_MOST_CLASSES];
  SaxidVerdict verdict;
  const SaxidForms forms = saxid_model_forms (model);
  SaxidSeed seed[SAXID_SEEDS_MOST];
  double start = processor_seconds ();
  guint n;

  if (scratch == NULL
      || !saxid_predictor_judge (model->predictor, curve, scratch, &verdict, probability, in_set, error))
    return FALSE;
  json_builder_begin_object (builder);
  add (builder, "row", (double) row);
  add (builder, "points", (double) curve->n);
  add (builder, "verdict", processor_seconds () - start);
  add_truth (builder, set, row);
  add (builder, "best_known", best_known (set, row, curve));
  start = processor_seconds ();
  n = saxid_seeds_begin (&forms, curve, probability, candidates, seed);
  add (builder, "begin", processor_seconds () - start);
  add_seeds (builder, "beginnings", model, n, seed);
  start = processor_seconds ();
  n = saxid_seeds_find (&forms, curve, probability, NULL, candidates, seed);
  add (builder, "seed", processor_seconds () - start);
  add_seeds (builder, "seeds", model, n, seed);
  json_builder_end_object (builder);
  print_line (builder);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidModel) model = NULL;
  g_autoptr (SaxidDataset) set = NULL;

  if (argc < 5)
    {
      fprintf (stderr, "seed-times: MODEL SET CANDIDATES CURVE… are needed\n");
      return 2;
    }
  model = saxid_model_load (argv[1], &error);
  set = model != NULL ? saxid_dataset_read (argv[2], &error) : NULL;
  for (int k = 4; k < argc && error == NULL; k++)
    if (strtoul (argv[k], NULL, 10) < set->n_curve)
      run_row (model, set, strtoul (argv[k], NULL, 10), (guint) atoi (argv[3]), &error);
  if (error == NULL)
    return 0;
  fprintf (stderr, "seed-times: %s\n", error->message);
  return 1;
}
