/* How well do boosted trees read a material off its curve?
 *
 * Thread: see materials-study.h.
 */
#include "cli/learn/materials-study.h"

#include <math.h>
#include <string.h>

#include "models/learn/components.h"
#include "models/learn/trees.h"
#include "models/materials/cholesky.h"
#include "models/materials/cube-curve.h"
#include "models/materials/voxels/structure.h"
#include "models/parallel.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

/* The published protocol, in Å. */
#define EDGE 512
#define VOXEL 5.0
#define POINTS 500
#define Q_FIRST 0.004
#define Q_LAST 0.3
#define LENGTH_FIRST 8.0
#define LENGTH_LAST 80.0
#define SHARE_FIRST 0.05
#define SHARE_LAST 0.5
#define ALPHA_FIRST 1e2
#define ALPHA_LAST 316227.766
/* What the trees see: 500 inputs that hang together are averaged badly by trees on few curves. Components are those
 * along which materials differ most beside how much two cubes of one material do: so many pairs of cubes tell that. */
#define COMPONENTS 24
#define PAIRS 3000
#define RIDGE 1e-3
/* Materials of a set at which the bound is computed. */
#define BOUNDS 16

typedef struct
{
  const char *name;
  guint phases;
  double porosity_first, porosity_last;
  SaxidMaterialsScore paper[SAXID_MATERIALS_OUTPUTS]; /* its table 2, test columns */
} Set;

static const Set sets[SAXID_MATERIALS_SETS] = {
  { "two phases, low porosity", 2, 0.1, 0.5, { { 4.215e-3, 0.707 }, { 3.766e-4, 4.190 }, { NAN, NAN } } },
  { "two phases, high porosity", 2, 0.5, 0.9, { { 4.195e-3, 0.702 }, { 3.736e-4, 2.026 }, { NAN, NAN } } },
  { "three phases, low porosity", 3, 0.1, 0.5, { { 4.324e-3, 0.727 }, { 1.171e-4, 2.793 }, { 1.317e-5, 1.280 } } },
  { "three phases, high porosity", 3, 0.5, 0.9, { { 3.199e-3, 0.617 }, { 2.606e-4, 1.583 }, { 8.144e-5, 2.879 } } },
};

/* That of the case study. */
#define CASE_SET 3
static const SaxidMaterial case_material
    = { .phases = 3, .length = 40, .porosity = 0.7, .share = 0.2, .layer = SAXID_MATERIAL_LAYER };

/* Of one set: which sample is a curve of what. */
typedef enum
{
  TRAINING = 0,
  TESTS = 1,
  CUBES = 2,
  REPLICATES = 3,
  TWINS = 4 /* two cubes of each material */
} Part;

typedef struct
{
  const SaxidMaterialsSettings *settings;
  const Set *set;
  guint index;
  guint n_output;
  SaxidCubeModel *model;
  double q[POINTS];
  double *factor; /* [POINTS × POINTS] Cholesky's of the covariance of cubes of one material, the lower half */
  SaxidComponents *components;
  SaxidTrees *trees[SAXID_MATERIALS_OUTPUTS];
  double centre[SAXID_MATERIALS_OUTPUTS], spread[SAXID_MATERIALS_OUTPUTS]; /* of the values that trees learn */
} Work;

static guint64
sample_of (const Work *work, Part part, gsize k)
{
  return ((guint64)work->index << 48) | ((guint64)part << 40) | k;
}

static SaxidMaterial
draw_material (const Work *work, Part part, gsize k, double *alpha)
{
  const Set *set = work->set;
  SaxidMaterial material = { .phases = set->phases };
  SaxidRandom random;

  saxid_random_init (&random, work->settings->seed, sample_of (work, part, part == TWINS ? k / 2 : k), SAXID_STREAM_PARTICLE);
  material.length = saxid_random_uniform (&random, LENGTH_FIRST, LENGTH_LAST);
  material.porosity = saxid_random_uniform (&random, set->porosity_first, set->porosity_last);
  *alpha = saxid_random_log_uniform (&random, ALPHA_FIRST, ALPHA_LAST);
  if (set->phases == 3)
    {
      material.share = saxid_random_uniform (&random, SHARE_FIRST, SHARE_LAST);
      material.layer = SAXID_MATERIAL_LAYER;
    }
  return part == REPLICATES ? case_material : material;
}

/* a in nm, as the paper has it. Shape: out n_output. */
static void
values_of (const SaxidMaterial *material, guint n, float *out)
{
  const double values[] = { material->length / 10, material->porosity, material->share };

  for (guint k = 0; k < n; k++)
    out[k] = (float)values[k];
}

/* Divided by its invariant (of the noisy curve), and the logarithm. */
static void
to_features (const Work *work, const double *intensity, float *out)
{
  double sum = 0;

  for (gsize k = 0; k < POINTS; k++)
    sum += intensity[k] * work->q[k] * work->q[k];
  for (gsize k = 0; k < POINTS; k++)
    out[k] = (float)log (fmax (intensity[k] / sum, 1e-30));
}

typedef struct
{
  const Work *work;
  Part part;
  float *features, *values; /* [n × POINTS], [n × n_output] */
} Drawing;

static gboolean
draw_one (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Drawing *drawing = data;
  const Work *work = drawing->work;
  double intensity[POINTS], alpha;
  const SaxidMaterial material = draw_material (work, drawing->part, k, &alpha);

  saxid_cube_model_draw (work->model, &material, alpha, work->settings->seed, sample_of (work, drawing->part, k), intensity);
  to_features (work, intensity, drawing->features + k * POINTS);
  values_of (&material, work->n_output, drawing->values + k * work->n_output);
  return TRUE;
}

static void
draw_all (const Work *work, Part part, gsize n, float *features, float *values)
{
  Drawing drawing = { work, part, features, values };

  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = work->settings->threads, .piece = draw_one, .data = &drawing }, n);
}

/* --- components --------------------------------------------------------------------------- */

/* How cubes of one material differ: the covariance of pairs, and its factor. FALSE where it has none. */
static gboolean
find_factor (Work *work, GError **error)
{
  g_autofree float *features = g_new (float, 2 * PAIRS * POINTS), *values = g_new (float, 2 * PAIRS * work->n_output);
  double *a = work->factor = g_new0 (double, POINTS * POINTS), trace = 0;

  draw_all (work, TWINS, 2 * PAIRS, features, values);
  for (gsize k = 0; k < PAIRS; k++)
    {
      double away[POINTS];

      for (gsize i = 0; i < POINTS; i++)
        away[i] = (double)(features[2 * k * POINTS + i] - features[(2 * k + 1) * POINTS + i]);
      for (gsize i = 0; i < POINTS; i++)
        for (gsize j = 0; j <= i; j++)
          a[i * POINTS + j] += away[i] * away[j] / (2 * PAIRS);
    }
  for (gsize i = 0; i < POINTS; i++)
    trace += a[i * POINTS + i];
  for (gsize i = 0; i < POINTS; i++)
    a[i * POINTS + i] += RIDGE * trace / POINTS;
  if (saxid_cholesky (POINTS, a))
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "the covariance of cubes of one material has no factor");
  return FALSE;
}

static gboolean
whiten_one (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Drawing *drawing = data;
  float *row = drawing->features + k * POINTS;
  double x[POINTS];

  for (gsize i = 0; i < POINTS; i++)
    x[i] = (double)row[i];
  saxid_cholesky_solve (POINTS, drawing->work->factor, x);
  for (gsize i = 0; i < POINTS; i++)
    row[i] = (float)x[i];
  return TRUE;
}

/* In place: cubes of one material then scatter alike in all directions. */
static void
whiten (const Work *work, gsize n, float *features)
{
  Drawing drawing = { .work = work, .features = features };

  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = work->settings->threads, .piece = whiten_one, .data = &drawing }, n);
}

/* --- training ----------------------------------------------------------------------------- */

/* One output, to mean 0 and deviation 1, as a column. */
static float *
take_output (Work *work, const float *values, gsize n, guint output)
{
  float *column = g_new (float, n);
  double sum = 0, square = 0;

  for (gsize k = 0; k < n; k++)
    {
      const double value = (double)values[k * work->n_output + output];

      sum += value;
      square += value * value;
    }
  work->centre[output] = sum / (double)n;
  work->spread[output] = sqrt (fmax (square / (double)n - pow (sum / (double)n, 2), 1e-30));
  for (gsize k = 0; k < n; k++)
    column[k] = (float)(((double)values[k * work->n_output + output] - work->centre[output]) / work->spread[output]);
  return column;
}

static gboolean
train (Work *work, GError **error)
{
  const SaxidMaterialsSettings *settings = work->settings;
  const gsize n = settings->curves;
  const SaxidTreesOptions options = { .rounds = settings->rounds, .depth = 6, .learning_rate = 0.04, .row_part = 0.4,
                                      .column_part = 0.5, .min_weight = 3, .bins = 128, .threads = settings->threads,
                                      .seed = (guint32)settings->seed };
  g_autofree float *features = g_new (float, n * POINTS), *values = g_new (float, n * work->n_output);
  g_autofree float *projected = g_new (float, n * COMPONENTS);

  if (!find_factor (work, error))
    return FALSE;
  draw_all (work, TRAINING, n, features, values);
  whiten (work, n, features);
  work->components = saxid_components_fit (features, n, POINTS, COMPONENTS, error);
  if (work->components == NULL)
    return FALSE;
  saxid_components_project (work->components, COMPONENTS, features, n, projected);
  for (guint output = 0; output < work->n_output; output++)
    {
      g_autofree float *column = take_output (work, values, n, output);

      work->trees[output] = saxid_trees_train_values (projected, n, COMPONENTS, column, &options, NULL, NULL, error);
      if (work->trees[output] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The features are whitened in place. Shape: features n × POINTS, found n × n_output. */
static gboolean
predict (const Work *work, float *features, gsize n, float *found, GError **error)
{
  g_autofree float *projected = g_new (float, n * COMPONENTS), *column = g_new (float, n);

  whiten (work, n, features);
  saxid_components_project (work->components, COMPONENTS, features, n, projected);
  for (guint output = 0; output < work->n_output; output++)
    {
      if (!saxid_trees_margin (work->trees[output], projected, n, column, error))
        return FALSE;
      for (gsize k = 0; k < n; k++)
        found[k * work->n_output + output] = (float)(work->centre[output] + work->spread[output] * (double)column[k]);
    }
  return TRUE;
}

static void
score (const Work *work, const float *truth, const float *found, gsize n, SaxidMaterialsScore *out)
{
  for (guint output = 0; output < work->n_output; output++)
    {
      out[output] = (SaxidMaterialsScore) { 0 };
      for (gsize k = output; k < n * work->n_output; k += work->n_output)
        {
          const double away = (double)found[k] - (double)truth[k];

          out[output].mse += away * away / (double)n;
          out[output].mape += 100 * fabs (away / (double)truth[k]) / (double)n;
        }
    }
}

/* --- judging ------------------------------------------------------------------------------ */

static gboolean
judge_tests (const Work *work, SaxidMaterialsSet *out, GError **error)
{
  const gsize n = work->settings->tests;
  g_autofree float *features = g_new (float, n * POINTS);

  out->n_test = n;
  out->truth = g_new (float, n * work->n_output);
  out->found = g_new (float, n * work->n_output);
  draw_all (work, TESTS, n, features, out->truth);
  if (!predict (work, features, n, out->found, error))
    return FALSE;
  score (work, out->truth, out->found, n, out->trees);
  return TRUE;
}

/* Curves of real cubes of voxels, with the same noise. */
static gboolean
judge_cubes (const Work *work, SaxidMaterialsSet *out, GError **error)
{
  const guint n = work->settings->cubes;
  g_autoptr (SaxidCube) cube = n > 0 ? saxid_cube_new (EDGE, error) : NULL;
  g_autoptr (SaxidCubePlan) plan = cube != NULL ? saxid_cube_plan_new (EDGE, work->settings->threads) : NULL;
  g_autofree float *features = g_new (float, n * POINTS + 1), *truth = g_new (float, n * work->n_output + 1);
  g_autofree float *found = g_new (float, n * work->n_output + 1);

  if (n > 0 && cube == NULL)
    return FALSE;
  for (guint k = 0; k < n; k++)
    {
      double alpha, intensity[POINTS];
      SaxidStructure structure = { .voxel = VOXEL, .seed = work->settings->seed, .sample = sample_of (work, CUBES, k) };
      g_autoptr (SaxidShells) shells = NULL;
      SaxidRandom random;

      structure.material = draw_material (work, CUBES, k, &alpha);
      if (!saxid_structure_fill (&structure, plan, cube, error))
        return FALSE;
      saxid_cube_to_modes (plan, cube);
      shells = saxid_shells_new (plan, cube);
      saxid_shells_curve (shells, EDGE * VOXEL, POINTS, work->q, intensity);
      saxid_random_init (&random, work->settings->seed, structure.sample, SAXID_STREAM_COUNTS);
      saxid_cube_noise (&random, alpha, POINTS, intensity);
      to_features (work, intensity, features + k * POINTS);
      values_of (&structure.material, work->n_output, truth + k * work->n_output);
    }
  if (n > 0 && !predict (work, features, n, found, error))
    return FALSE;
  if (n > 0)
    score (work, truth, found, n, out->cubes);
  return TRUE;
}

/* The mean over some of the tests of what an unbiased estimator at the bound would err. */
static void
find_bound (const Work *work, SaxidMaterialsSet *out)
{
  guint n = 0;

  for (gsize k = 0; n < BOUNDS && k < work->settings->tests; k++)
    {
      double alpha, bound[SAXID_CUBE_MODEL_PARAMETERS];
      const SaxidMaterial material = draw_material (work, TESTS, k, &alpha);
      const double value[] = { material.length, material.porosity, material.share };

      if (!saxid_cube_model_bound (work->model, &material, alpha, bound))
        continue;
      n++;
      for (guint output = 0; output < work->n_output; output++)
        out->bound[output] += 100 * sqrt (2 / G_PI) * bound[output] / value[output];
    }
  for (guint output = 0; output < work->n_output; output++)
    out->bound[output] /= MAX (n, 1);
}

/* A noise in the middle of its range (of logarithms), so that the spread is that of one set of curves. */
static gboolean
judge_case (const Work *work, SaxidMaterialsStudy *study, GError **error)
{
  const gsize n = work->settings->replicates;
  g_autofree float *features = g_new (float, n * POINTS), *truth = g_new (float, n * work->n_output);
  g_autofree float *found = g_new (float, n * work->n_output);

  draw_all (work, REPLICATES, n, features, truth);
  if (!predict (work, features, n, found, error))
    return FALSE;
  for (guint output = 0; output < work->n_output; output++)
    {
      double sum = 0, square = 0;

      for (gsize k = output; k < n * work->n_output; k += work->n_output)
        {
          sum += (double)found[k];
          square += (double)found[k] * (double)found[k];
        }
      study->mean[output] = sum / (double)n;
      study->deviation[output] = sqrt (fmax (square / (double)n - pow (sum / (double)n, 2), 0));
    }
  saxid_cube_model_bound (work->model, &case_material, sqrt (ALPHA_FIRST * ALPHA_LAST), study->case_bound);
  study->case_bound[0] /= 10;
  return TRUE;
}

static void
work_clear (Work *work)
{
  g_clear_pointer (&work->model, saxid_cube_model_free);
  g_clear_pointer (&work->factor, g_free);
  g_clear_pointer (&work->components, saxid_components_free);
  for (guint output = 0; output < SAXID_MATERIALS_OUTPUTS; output++)
    g_clear_pointer (&work->trees[output], saxid_trees_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
run_set (const SaxidMaterialsSettings *settings, guint index, SaxidMaterialsProgress done, gpointer data,
         SaxidMaterialsStudy *study, GError **error)
{
  g_auto (Work) work = { .settings = settings, .set = &sets[index], .index = index, .n_output = sets[index].phases };
  SaxidMaterialsSet *out = &study->set[index];

  for (gsize k = 0; k < POINTS; k++)
    work.q[k] = Q_FIRST + (Q_LAST - Q_FIRST) * (double)k / (POINTS - 1);
  work.model = saxid_cube_model_new (EDGE, VOXEL, POINTS, work.q);
  *out = (SaxidMaterialsSet) { .name = work.set->name, .n_output = work.n_output };
  memcpy (out->paper, work.set->paper, sizeof out->paper);
  if (!train (&work, error) || !judge_tests (&work, out, error) || !judge_cubes (&work, out, error))
    return FALSE;
  find_bound (&work, out);
  if (index == CASE_SET && !judge_case (&work, study, error))
    return FALSE;
  if (done (work.set->name, data))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "the study was stopped after %s", work.set->name);
  return FALSE;
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
