/* How well do boosted trees read a material off its curve?
 *
 * Thread: see materials-study.h.
 */
#include "cli/learn/materials-study.h"

#include <math.h>
#include <string.h>

#include "cli/learn/materials-cubes.h"
#include "cli/learn/materials-rows.h"
#include "models/learn/trees.h"
#include "reducers/error.h"

/* Materials of a set at which the bound is computed. */
#define BOUNDS 64

/* Table 2 of the paper, its test columns: MSE, MAPE in per cent. */
static const SaxidMaterialsScore paper[SAXID_MATERIALS_SETS][SAXID_MATERIALS_OUTPUTS] = {
  { { 4.215e-3, 0.707 }, { 3.766e-4, 4.190 }, { NAN, NAN } },
  { { 4.195e-3, 0.702 }, { 3.736e-4, 2.026 }, { NAN, NAN } },
  { { 4.324e-3, 0.727 }, { 1.171e-4, 2.793 }, { 1.317e-5, 1.280 } },
  { { 3.199e-3, 0.617 }, { 2.606e-4, 1.583 }, { 8.144e-5, 2.879 } },
};

/* How trees learn from each kind of input. Those of the whole curve are the published ones but for depth, bins and rate, which
 * are for tens of thousands of trees; what few columns tell needs no deep ones. */
static const struct
{
  guint depth, bins;
  double learning_rate, row_part, column_part, min_weight;
  gboolean is_rest; /* trees learn what the fit leaves */
} learners[SAXID_MATERIALS_INPUTS] = {
  [SAXID_MATERIALS_CURVE] = { 6, 64, 0.05, 0.4, 0.15, 3, FALSE },
  [SAXID_MATERIALS_COMPONENTS] = { 6, 128, 0.04, 0.4, 0.5, 3, FALSE },
  [SAXID_MATERIALS_FITTED] = { 4, 256, 0.03, 0.4, 0.5, 10, TRUE },
};

typedef struct
{
  const SaxidMaterialsSettings *settings;
  SaxidMaterialsProgress done;
  gpointer data;
  SaxidMaterialsPopulation population;
  guint n_output;
  SaxidTrees *trees[SAXID_MATERIALS_INPUTS][SAXID_MATERIALS_OUTPUTS];
  double centre[SAXID_MATERIALS_INPUTS][SAXID_MATERIALS_OUTPUTS], spread[SAXID_MATERIALS_INPUTS][SAXID_MATERIALS_OUTPUTS];
} Work;

/* --- training ----------------------------------------------------------------------------- */

/* One output, or what the fit leaves of it, to mean 0 and deviation 1, as a column. */
static float *
take_output (Work *work, const SaxidMaterialsRows *rows, SaxidMaterialsInput input, guint output)
{
  float *column = g_new (float, rows->n);
  double sum = 0, square = 0, *centre = &work->centre[input][output], *spread = &work->spread[input][output];

  for (gsize k = 0; k < rows->n; k++)
    {
      const gsize at = k * work->n_output + output;

      column[k] = rows->truth[at] - (learners[input].is_rest ? rows->fitted[at] : 0);
      sum += (double)column[k];
      square += (double)column[k] * (double)column[k];
    }
  *centre = sum / (double)rows->n;
  *spread = sqrt (fmax (square / (double)rows->n - *centre * *centre, 1e-30));
  for (gsize k = 0; k < rows->n; k++)
    column[k] = (float)(((double)column[k] - *centre) / *spread);
  return column;
}

static gboolean
may_boost (guint round G_GNUC_UNUSED, guint rounds G_GNUC_UNUSED, gpointer data)
{
  const Work *work = data;

  return work->done (NULL, work->data);
}

static gboolean
train_input (Work *work, const SaxidMaterialsRows *rows, SaxidMaterialsInput input, GError **error)
{
  const SaxidTreesOptions options = { .rounds = work->settings->rounds, .depth = learners[input].depth,
                                      .learning_rate = learners[input].learning_rate, .row_part = learners[input].row_part,
                                      .column_part = learners[input].column_part, .min_weight = learners[input].min_weight,
                                      .bins = learners[input].bins, .threads = work->settings->threads,
                                      .seed = (guint32)work->settings->seed };

  for (guint output = 0; output < work->n_output; output++)
    {
      g_autofree float *column = take_output (work, rows, input, output);

      work->trees[input][output] = saxid_trees_train_values (rows->input[input], rows->n, saxid_materials_width (input), column,
                                                             &options, may_boost, work, error);
      if (work->trees[input][output] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
may_go_on (const Work *work, const char *step, GError **error)
{
  g_autofree char *line = g_strdup_printf ("%s: %s", saxid_materials_set_name (work->population.index), step);

  if (work->done (line, work->data))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "the study was stopped after %s", line);
  return FALSE;
}

static gboolean
train (Work *work, GError **error)
{
  g_autoptr (SaxidMaterialsRows) rows = saxid_materials_rows_new (&work->population, work->settings->curves);

  saxid_materials_rows_draw (&work->population, SAXID_MATERIALS_TRAINING, rows);
  if (!may_go_on (work, "curves", error) || !saxid_materials_learn (&work->population, rows, error))
    return FALSE;
  saxid_materials_project (&work->population, rows);
  for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
    if (!train_input (work, rows, input, error) || !may_go_on (work, saxid_materials_input_name (input), error))
      return FALSE;
  return TRUE;
}

/* Shape: found n × n_output. */
static gboolean
predict (const Work *work, const SaxidMaterialsRows *rows, SaxidMaterialsInput input, float *found, GError **error)
{
  g_autofree float *column = g_new (float, rows->n);

  for (guint output = 0; output < work->n_output; output++)
    {
      if (!saxid_trees_margin (work->trees[input][output], rows->input[input], rows->n, column, error))
        return FALSE;
      for (gsize k = 0; k < rows->n; k++)
        {
          const gsize at = k * work->n_output + output;

          found[at] = (float)(work->centre[input][output] + work->spread[input][output] * (double)column[k]);
          found[at] += learners[input].is_rest ? rows->fitted[at] : 0;
        }
    }
  return TRUE;
}

static void
score (const SaxidMaterialsRows *rows, const float *found, guint n_output, SaxidMaterialsScore *out)
{
  for (guint output = 0; output < n_output; output++)
    {
      out[output] = (SaxidMaterialsScore) { 0 };
      for (gsize k = output; k < rows->n * n_output; k += n_output)
        {
          const double away = (double)found[k] - (double)rows->truth[k];

          out[output].mse += away * away / (double)rows->n;
          out[output].mape += 100 * fabs (away / (double)rows->truth[k]) / (double)rows->n;
        }
    }
}

/* --- judging ------------------------------------------------------------------------------ */

/* Of each input; the fit alone; and what the trees of the last input found, which is the caller's. */
static gboolean
judge (const Work *work, SaxidMaterialsRows *rows, SaxidMaterialsScore (*out)[SAXID_MATERIALS_OUTPUTS], SaxidMaterialsScore *fit,
       float **found, GError **error)
{
  *found = g_new (float, rows->n * work->n_output);
  saxid_materials_project (&work->population, rows);
  for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
    {
      if (!predict (work, rows, input, *found, error))
        return FALSE;
      score (rows, *found, work->n_output, out[input]);
    }
  score (rows, rows->fitted, work->n_output, fit);
  return TRUE;
}

static gboolean
judge_tests (const Work *work, SaxidMaterialsSet *out, GError **error)
{
  g_autoptr (SaxidMaterialsRows) rows = saxid_materials_rows_new (&work->population, work->settings->tests);

  saxid_materials_rows_draw (&work->population, SAXID_MATERIALS_TESTS, rows);
  if (!judge (work, rows, out->trees, out->fit, &out->found, error))
    return FALSE;
  out->n_test = rows->n;
  out->truth = g_steal_pointer (&rows->truth);
  return TRUE;
}

static gboolean
say_nothing (const char *step G_GNUC_UNUSED, gpointer data)
{
  const Work *work = data;

  return work->done (NULL, work->data);
}

/* Curves of real cubes of voxels, with the same noise; and as many of the same materials without cubes. */
static gboolean
judge_cubes (Work *work, SaxidMaterialsSet *out, GError **error)
{
  g_autoptr (SaxidMaterialsRows) rows = saxid_materials_rows_new (&work->population, work->settings->cubes);
  g_autofree float *found = NULL, *twin = NULL;

  if (rows->n == 0)
    return TRUE;
  if (!saxid_materials_cubes_fill (&work->population, work->settings->directory, say_nothing, work, rows, error)
      || !judge (work, rows, out->cubes, out->cube_fit, &found, error))
    return FALSE;
  saxid_materials_rows_draw (&work->population, SAXID_MATERIALS_CUBES, rows);
  return judge (work, rows, out->twins, out->twin_fit, &twin, error) && may_go_on (work, "cubes", error);
}

/* The mean over some of the tests of what an unbiased estimator at the bound would err. */
static void
find_bound (const Work *work, SaxidMaterialsSet *out)
{
  guint n = 0;

  for (gsize k = 0; n < BOUNDS && k < work->settings->tests; k++)
    {
      double alpha, bound[SAXID_CUBE_MODEL_PARAMETERS];
      const SaxidMaterial material = saxid_materials_draw (&work->population, SAXID_MATERIALS_TESTS, k, &alpha);
      const double value[] = { material.length, material.porosity, material.share };

      if (!saxid_cube_model_bound (work->population.model, &material, alpha, bound))
        continue;
      n++;
      for (guint output = 0; output < work->n_output; output++)
        out->bound[output] += 100 * sqrt (2 / G_PI) * bound[output] / value[output];
    }
  for (guint output = 0; output < work->n_output; output++)
    out->bound[output] /= MAX (n, 1);
}

/* A noise in the middle of its range (of logarithms), so that the bound is that of one set of curves. */
static gboolean
judge_case (const Work *work, SaxidMaterialsStudy *study, GError **error)
{
  g_autoptr (SaxidMaterialsRows) rows = saxid_materials_rows_new (&work->population, work->settings->replicates);
  g_autofree float *found = g_new (float, rows->n * work->n_output);
  const double alpha = sqrt (SAXID_MATERIALS_ALPHA_FIRST * SAXID_MATERIALS_ALPHA_LAST);

  saxid_materials_rows_draw (&work->population, SAXID_MATERIALS_REPLICATES, rows);
  if (!predict (work, rows, SAXID_MATERIALS_FITTED, found, error))
    return FALSE;
  for (guint output = 0; output < work->n_output; output++)
    {
      double sum = 0, square = 0;

      for (gsize k = output; k < rows->n * work->n_output; k += work->n_output)
        {
          sum += (double)found[k];
          square += (double)found[k] * (double)found[k];
        }
      study->mean[output] = sum / (double)rows->n;
      study->deviation[output] = sqrt (fmax (square / (double)rows->n - pow (sum / (double)rows->n, 2), 0));
    }
  saxid_cube_model_bound (work->population.model, saxid_materials_case (), alpha, study->case_bound);
  study->case_bound[0] /= 10;
  return TRUE;
}

static void
work_clear (Work *work)
{
  saxid_materials_population_clear (&work->population);
  for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
    for (guint output = 0; output < SAXID_MATERIALS_OUTPUTS; output++)
      g_clear_pointer (&work->trees[input][output], saxid_trees_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

const char *
saxid_materials_input_name (SaxidMaterialsInput input)
{
  static const char *const names[SAXID_MATERIALS_INPUTS] = { "trees of the curve", "trees of components", "trees of the fit" };

  return names[input];
}

static gboolean
run_set (const SaxidMaterialsSettings *settings, guint index, SaxidMaterialsProgress done, gpointer data,
         SaxidMaterialsStudy *study, GError **error)
{
  g_auto (Work) work = { .settings = settings, .done = done, .data = data };
  SaxidMaterialsSet *out = &study->set[index];

  if (!saxid_materials_population_init (&work.population, index, settings, error))
    return FALSE;
  work.n_output = work.population.n_output;
  *out = (SaxidMaterialsSet) { .name = saxid_materials_set_name (index), .n_output = work.n_output };
  memcpy (out->paper, paper[index], sizeof out->paper);
  if (!train (&work, error) || !judge_tests (&work, out, error) || !judge_cubes (&work, out, error))
    return FALSE;
  find_bound (&work, out);
  return index != SAXID_MATERIALS_CASE_SET || judge_case (&work, study, error);
}

gboolean
saxid_materials_study (const SaxidMaterialsSettings *settings, SaxidMaterialsProgress done, gpointer data,
                       SaxidMaterialsStudy *study, GError **error)
{
  *study = (SaxidMaterialsStudy) { 0 };
  for (guint index = 0; index < SAXID_MATERIALS_SETS; index++)
    if (!run_set (settings, index, done, data, study, error))
      return FALSE;
  return TRUE;
}

void
saxid_materials_study_clear (SaxidMaterialsStudy *study)
{
  for (guint index = 0; index < SAXID_MATERIALS_SETS; index++)
    {
      g_clear_pointer (&study->set[index].truth, g_free);
      g_clear_pointer (&study->set[index].found, g_free);
    }
}
