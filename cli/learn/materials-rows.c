/* What do trees see of the curve of a material?
 *
 * Thread: see materials-rows.h.
 */
#include "cli/learn/materials-rows.h"

#include <math.h>
#include <string.h>

#include "models/materials/cholesky.h"
#include "models/materials/normal.h"
#include "models/parallel.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

/* The published protocol, in Å. */
#define POINTS SAXID_MATERIALS_POINTS
#define Q_FIRST 0.004
#define Q_LAST 0.3
#define LENGTH_FIRST 8.0
#define LENGTH_LAST 80.0
#define SHARE_FIRST 0.05
#define SHARE_LAST 0.5
/* Components are those along which materials differ most beside how much two cubes of one material do: so many pairs of cubes
 * tell that. */
#define COMPONENTS 24
#define PAIRS 3000
#define RIDGE 1e-3
/* What a fit tells: its values, their deviations, the noise, the interface of the cube. */
#define FITTED (2 * SAXID_CUBE_MODEL_PARAMETERS + 2)

static const struct
{
  const char *name;
  guint phases;
  double porosity_first, porosity_last;
} sets[SAXID_MATERIALS_SETS] = {
  { "two phases, low porosity", 2, 0.1, 0.5 },
  { "two phases, high porosity", 2, 0.5, 0.9 },
  { "three phases, low porosity", 3, 0.1, 0.5 },
  { "three phases, high porosity", 3, 0.5, 0.9 },
};

static const SaxidMaterial case_material
    = { .phases = 3, .length = 40, .porosity = 0.7, .share = 0.2, .layer = SAXID_MATERIAL_LAYER };

const char *
saxid_materials_set_name (guint index)
{
  return sets[index].name;
}

const SaxidMaterial *
saxid_materials_case (void)
{
  return &case_material;
}

gsize
saxid_materials_width (SaxidMaterialsInput input)
{
  static const gsize width[SAXID_MATERIALS_INPUTS] = { POINTS, COMPONENTS, FITTED };

  return width[input];
}

guint64
saxid_materials_sample (const SaxidMaterialsPopulation *self, SaxidMaterialsPart part, gsize k)
{
  return ((guint64)self->index << 48) | ((guint64)part << 40) | k;
}

SaxidMaterial
saxid_materials_draw (const SaxidMaterialsPopulation *self, SaxidMaterialsPart part, gsize k, double *alpha)
{
  SaxidMaterial material = { .phases = sets[self->index].phases };
  const gsize own = part == SAXID_MATERIALS_TWINS ? k / 2 : k;
  SaxidRandom random;

  saxid_random_init (&random, self->seed, saxid_materials_sample (self, part, own), SAXID_STREAM_PARTICLE);
  material.length = saxid_random_uniform (&random, LENGTH_FIRST, LENGTH_LAST);
  material.porosity = saxid_random_uniform (&random, sets[self->index].porosity_first, sets[self->index].porosity_last);
  *alpha = saxid_random_log_uniform (&random, SAXID_MATERIALS_ALPHA_FIRST, SAXID_MATERIALS_ALPHA_LAST);
  if (material.phases == 3)
    {
      material.share = saxid_random_uniform (&random, SHARE_FIRST, SHARE_LAST);
      material.layer = SAXID_MATERIAL_LAYER;
    }
  return part == SAXID_MATERIALS_REPLICATES ? case_material : material;
}

/* --- rows --------------------------------------------------------------------------------- */

SaxidMaterialsRows *
saxid_materials_rows_new (const SaxidMaterialsPopulation *self, gsize n)
{
  SaxidMaterialsRows *rows = g_new0 (SaxidMaterialsRows, 1);

  rows->n = n;
  rows->truth = g_new0 (float, n * self->n_output + 1);
  rows->fitted = g_new0 (float, n * self->n_output + 1);
  for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
    rows->input[input] = g_new0 (float, n * saxid_materials_width (input) + 1);
  return rows;
}

void
saxid_materials_rows_free (SaxidMaterialsRows *rows)
{
  if (rows == NULL)
    return;
  g_free (rows->truth);
  g_free (rows->fitted);
  for (guint input = 0; input < SAXID_MATERIALS_INPUTS; input++)
    g_free (rows->input[input]);
  g_free (rows);
}

/* Divided by its invariant (of the noisy curve), and the logarithm. */
static void
fill_curve (const SaxidMaterialsPopulation *self, const double *intensity, float *out)
{
  double sum = 0;

  for (gsize k = 0; k < POINTS; k++)
    sum += intensity[k] * self->q[k] * self->q[k];
  for (gsize k = 0; k < POINTS; k++)
    out[k] = (float)log (fmax (intensity[k] / sum, 1e-30));
}

/* Shape: estimate n_output. */
static void
fill_fitted (const SaxidMaterialsPopulation *self, const double *intensity, float *out, float *estimate)
{
  SaxidCubeFit fit;

  saxid_cube_fitter_run (self->fitter, intensity, &fit);
  for (guint k = 0; k < SAXID_CUBE_MODEL_PARAMETERS; k++)
    {
      out[k] = (float)fit.value[k];
      out[SAXID_CUBE_MODEL_PARAMETERS + k] = (float)fit.deviation[k];
    }
  out[FITTED - 2] = (float)log (fit.alpha);
  out[FITTED - 1] = (float)fit.interface;
  estimate[0] = (float)(0.1 * exp (fit.value[0]));
  for (guint k = 1; k < self->n_output; k++)
    estimate[k] = (float)fit.value[k];
  if (sets[self->index].phases == 2)
    {
      const double level = sqrt (fmax (fit.value[1], 0));

      estimate[1] = (float)saxid_normal_share (sets[self->index].porosity_first < 0.5 ? -level : level);
    }
}

void
saxid_materials_rows_set (const SaxidMaterialsPopulation *self, SaxidMaterialsRows *rows, gsize k, const SaxidMaterial *material,
                          const double *intensity)
{
  const double truth[] = { 0.1 * material->length, material->porosity, material->share };

  for (guint output = 0; output < self->n_output; output++)
    rows->truth[k * self->n_output + output] = (float)truth[output];
  fill_curve (self, intensity, rows->input[SAXID_MATERIALS_CURVE] + k * POINTS);
  fill_fitted (self, intensity, rows->input[SAXID_MATERIALS_FITTED] + k * FITTED, rows->fitted + k * self->n_output);
}

typedef struct
{
  const SaxidMaterialsPopulation *self;
  SaxidMaterialsPart part;
  SaxidMaterialsRows *rows;
} Drawing;

static gboolean
draw_one (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Drawing *drawing = data;
  const SaxidMaterialsPopulation *self = drawing->self;
  double intensity[POINTS], alpha;
  const SaxidMaterial material = saxid_materials_draw (self, drawing->part, k, &alpha);

  saxid_cube_model_draw (self->model, &material, alpha, self->seed, saxid_materials_sample (self, drawing->part, k), intensity);
  saxid_materials_rows_set (self, drawing->rows, k, &material, intensity);
  return TRUE;
}

void
saxid_materials_rows_draw (const SaxidMaterialsPopulation *self, SaxidMaterialsPart part, SaxidMaterialsRows *rows)
{
  Drawing drawing = { self, part, rows };

  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = self->threads, .piece = draw_one, .data = &drawing }, rows->n);
}

/* --- components --------------------------------------------------------------------------- */

static gboolean
draw_twin (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Drawing *drawing = data;
  const SaxidMaterialsPopulation *self = drawing->self;
  double intensity[POINTS], alpha;
  const SaxidMaterial material = saxid_materials_draw (self, SAXID_MATERIALS_TWINS, k, &alpha);

  saxid_cube_model_draw (self->model, &material, alpha, self->seed, saxid_materials_sample (self, SAXID_MATERIALS_TWINS, k), intensity);
  fill_curve (self, intensity, drawing->rows->input[SAXID_MATERIALS_CURVE] + k * POINTS);
  return TRUE;
}

/* How cubes of one material differ: the covariance of pairs, and its factor. */
static gboolean
find_factor (SaxidMaterialsPopulation *self, GError **error)
{
  g_autoptr (SaxidMaterialsRows) twins = saxid_materials_rows_new (self, 2 * PAIRS);
  const float *curve = twins->input[SAXID_MATERIALS_CURVE];
  Drawing drawing = { self, SAXID_MATERIALS_TWINS, twins };
  double *a = self->factor = g_new0 (double, POINTS * POINTS), trace = 0;

  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = self->threads, .piece = draw_twin, .data = &drawing }, 2 * PAIRS);
  for (gsize k = 0; k < PAIRS; k++)
    {
      double away[POINTS];

      for (gsize i = 0; i < POINTS; i++)
        away[i] = (double)(curve[2 * k * POINTS + i] - curve[(2 * k + 1) * POINTS + i]);
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

typedef struct
{
  const SaxidMaterialsPopulation *self;
  const float *curve;
  float *white;
} Whitening;

static gboolean
whiten_one (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Whitening *whitening = data;
  double x[POINTS];

  for (gsize i = 0; i < POINTS; i++)
    x[i] = (double)whitening->curve[k * POINTS + i];
  saxid_cholesky_solve (POINTS, whitening->self->factor, x);
  for (gsize i = 0; i < POINTS; i++)
    whitening->white[k * POINTS + i] = (float)x[i];
  return TRUE;
}

/* Curves of cubes of one material then scatter alike in all directions. Free with g_free. */
static float *
whiten (const SaxidMaterialsPopulation *self, const SaxidMaterialsRows *rows)
{
  Whitening whitening = { self, rows->input[SAXID_MATERIALS_CURVE], g_new (float, rows->n * POINTS + 1) };

  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = self->threads, .piece = whiten_one, .data = &whitening }, rows->n);
  return whitening.white;
}

gboolean
saxid_materials_learn (SaxidMaterialsPopulation *self, const SaxidMaterialsRows *rows, GError **error)
{
  g_autofree float *white = whiten (self, rows);

  self->components = saxid_components_fit (white, rows->n, POINTS, COMPONENTS, error);
  return self->components != NULL;
}

void
saxid_materials_project (const SaxidMaterialsPopulation *self, SaxidMaterialsRows *rows)
{
  g_autofree float *white = whiten (self, rows);

  saxid_components_project (self->components, COMPONENTS, white, rows->n, rows->input[SAXID_MATERIALS_COMPONENTS]);
}

/* --- the population ----------------------------------------------------------------------- */

gboolean
saxid_materials_population_init (SaxidMaterialsPopulation *self, guint index, const SaxidMaterialsSettings *settings, GError **error)
{
  *self = (SaxidMaterialsPopulation) { .index = index, .n_output = sets[index].phases, .threads = settings->threads,
                                       .seed = settings->seed };
  for (gsize k = 0; k < POINTS; k++)
    self->q[k] = Q_FIRST + (Q_LAST - Q_FIRST) * (double)k / (POINTS - 1);
  self->model = saxid_cube_model_new (SAXID_MATERIALS_EDGE, SAXID_MATERIALS_VOXEL, POINTS, self->q);
  self->fitter = saxid_cube_fitter_new (self->model, sets[index].phases, sets[index].porosity_last > 0.5);
  return find_factor (self, error);
}

void
saxid_materials_population_clear (SaxidMaterialsPopulation *self)
{
  g_clear_pointer (&self->fitter, saxid_cube_fitter_free);
  g_clear_pointer (&self->model, saxid_cube_model_free);
  g_clear_pointer (&self->factor, g_free);
  g_clear_pointer (&self->components, saxid_components_free);
}
