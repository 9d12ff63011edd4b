/* Which material's cube scatters such a curve?
 *
 * Thread: see cube-fit.h.
 */
#include "models/materials/cube-fit.h"

#include <math.h>
#include <string.h>

#include "models/materials/cholesky.h"
#include "models/materials/normal.h"

/* a, what the porosity is told by, the share; the scale; the interface of the cube */
enum
{
  SCALE = SAXID_CUBE_MODEL_PARAMETERS,
  INTERFACE,
  COLUMNS
};

#define ITERATIONS 12
#define ENOUGH 0.05   /* of a standard deviation: the last step */
#define DIFFERENCE 1e-3

/* The longest step of a value: far from the curve the logarithm is not straight. */
static const double most_step[2][SAXID_CUBE_MODEL_PARAMETERS] = { { 0.1, 1, 0 }, { 0.1, 0.1, 0.08 } };

/* Where fits begin. */
#define LENGTHS 36
#define LENGTH_FIRST 7.0
#define LENGTH_LAST 90.0
#define LEVELS 6
#define SHARES 4
#define THIN 0.06 /* porosity, or 1 - it, of the first level */
/* The scatter that is reckoned with before anything is known: of modes 0.3 / n, and so much. */
#define FLOOR 0.02
/* Fits begin in more than one template where these are no more than so many times farther. */
#define FARTHER 6.0
#define ALPHA 3e3 /* until it is known */

/* Values stay between these; T² may say below 0 what it would have been. */
static const double least_value[2][SAXID_CUBE_MODEL_PARAMETERS] = { { 1.6, 0, 0 }, { 1.6, 0.05, 0.031 } };
static const double most_value[2][SAXID_CUBE_MODEL_PARAMETERS] = { { 4.8, 4.5, 0 }, { 4.8, 0.97, 0.72 } };

typedef struct
{
  double value[SAXID_CUBE_MODEL_PARAMETERS];
  double *logarithm; /* [m] */
} Template;

struct SaxidCubeFitter
{
  const SaxidCubeModel *model;
  guint phases;
  gboolean is_high;
  guint n_template;
  Template *templates;
  double *weight; /* [m] */
};

static SaxidMaterial
material_of (guint phases, gboolean is_high, const double *value)
{
  SaxidMaterial material = { .phases = phases, .length = exp (value[0]), .porosity = value[1] };

  if (phases == 3)
    {
      material.share = value[2];
      material.layer = SAXID_MATERIAL_LAYER;
    }
  else
    material.porosity = saxid_normal_share ((is_high ? 1 : -1) * sqrt (fmax (value[1], 0)));
  return material;
}

/* --- the information ---------------------------------------------------------------------- */

typedef struct
{
  gsize m;
  SaxidCubeScatter scatter;
  double *column[COLUMNS]; /* [m] derivatives of ln I, divided by the factor of the covariance */
  guint n;
  double matrix[COLUMNS * COLUMNS]; /* its Cholesky's factor */
} Information;

static void
information_init (Information *self, const SaxidCubeModel *model)
{
  const gsize m = saxid_cube_model_points (model), band = saxid_cube_model_band (model);

  self->m = m;
  self->scatter = (SaxidCubeScatter) { band, g_new (double, m), g_new (double, m * band), g_new (double, m) };
  for (guint k = 0; k < COLUMNS; k++)
    self->column[k] = g_new (double, m);
}

static void
information_clear (Information *self)
{
  g_free (self->scatter.mean);
  g_free (self->scatter.covariance);
  g_free (self->scatter.interface);
  for (guint k = 0; k < COLUMNS; k++)
    g_free (self->column[k]);
}

/* d ln I by one value: forward where a step back would leave the range. Shape: out and scratch m. */
static void
differentiate (const SaxidCubeFitter *fitter, const double *value, guint parameter, double *out, double *scratch)
{
  const gsize m = saxid_cube_model_points (fitter->model);
  double low[SAXID_CUBE_MODEL_PARAMETERS], high[SAXID_CUBE_MODEL_PARAMETERS];
  SaxidMaterial material;

  memcpy (low, value, sizeof low);
  memcpy (high, value, sizeof high);
  high[parameter] += DIFFERENCE;
  if (value[parameter] - DIFFERENCE >= least_value[fitter->phases - 2][parameter])
    low[parameter] -= DIFFERENCE;
  material = material_of (fitter->phases, fitter->is_high, high);
  saxid_cube_model_mean (fitter->model, &material, out);
  material = material_of (fitter->phases, fitter->is_high, low);
  saxid_cube_model_mean (fitter->model, &material, scratch);
  for (gsize k = 0; k < m; k++)
    out[k] = log (out[k] / scratch[k]) / (high[parameter] - low[parameter]);
}

/* About these values: of the free ones, of the scale, and of the interface, of which is known that its deviation is 1. */
static gboolean
information_fill (Information *self, const SaxidCubeFitter *fitter, const double *value, double alpha)
{
  const gsize m = saxid_cube_model_points (fitter->model), band = self->scatter.band;
  const SaxidMaterial material = material_of (fitter->phases, fitter->is_high, value);
  const guint n = fitter->phases;

  saxid_cube_model_scatter (fitter->model, &material, alpha, &self->scatter);
  for (guint k = 0; k < n; k++)
    differentiate (fitter, value, k, self->column[k], self->column[COLUMNS - 1]);
  for (gsize i = 0; i < m; i++)
    self->column[n][i] = 1;
  memcpy (self->column[n + 1], self->scatter.interface, m * sizeof (double));
  self->n = n + 2;
  if (!saxid_cholesky_band (m, band, self->scatter.covariance))
    return FALSE;
  for (guint k = 0; k < self->n; k++)
    saxid_cholesky_band_solve (m, band, self->scatter.covariance, self->column[k]);
  for (guint i = 0; i < self->n; i++)
    for (guint j = 0; j <= i; j++)
      {
        double sum = i == j && i == n + 1 ? 1 : 0;

        for (gsize k = 0; k < m; k++)
          sum += self->column[i][k] * self->column[j][k];
        self->matrix[i * self->n + j] = sum;
      }
  return saxid_cholesky (self->n, self->matrix);
}

/* One standard deviation of each value. Shape: out n of the free ones. */
static void
deviations (const Information *self, guint n, double *out)
{
  for (guint parameter = 0; parameter < n; parameter++)
    {
      double unit[COLUMNS] = { 0 }, sum = 0;

      unit[parameter] = 1;
      saxid_cholesky_solve (self->n, self->matrix, unit);
      for (guint k = 0; k < self->n; k++)
        sum += unit[k] * unit[k];
      out[parameter] = sqrt (sum);
    }
}

gboolean
saxid_cube_model_bound (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, double *bound)
{
  const SaxidCubeFitter fitter = { .model = model, .phases = material->phases, .is_high = material->porosity > 0.5 };
  const double level = saxid_normal_level (material->porosity), density = exp (-0.5 * level * level) / sqrt (2 * G_PI);
  const double value[] = { log (material->length), material->phases == 3 ? material->porosity : level * level, material->share };
  Information information;
  gboolean is_found;

  information_init (&information, model);
  memset (bound, 0, SAXID_CUBE_MODEL_PARAMETERS * sizeof *bound);
  is_found = information_fill (&information, &fitter, value, alpha);
  if (is_found)
    deviations (&information, material->phases, bound);
  information_clear (&information);
  bound[0] *= material->length;
  if (material->phases == 2) /* d T² = 2 T dT, d porosity = density dT; none where the two porosities meet */
    bound[1] *= density / fmax (2 * fabs (level), 1e-9);
  return is_found;
}

/* --- where to begin ----------------------------------------------------------------------- */

static void
add_template (SaxidCubeFitter *fitter, const double *value)
{
  const SaxidMaterial material = material_of (fitter->phases, fitter->is_high, value);
  const gsize m = saxid_cube_model_points (fitter->model);
  Template *new = &fitter->templates[fitter->n_template++];

  memcpy (new->value, value, sizeof new->value);
  new->logarithm = g_new (double, m);
  saxid_cube_model_mean (fitter->model, &material, new->logarithm);
  for (gsize k = 0; k < m; k++)
    new->logarithm[k] = log (new->logarithm[k]);
}

SaxidCubeFitter *
saxid_cube_fitter_new (const SaxidCubeModel *model, guint phases, gboolean is_high)
{
  const gsize m = saxid_cube_model_points (model);
  const double *q = saxid_cube_model_q (model), thin = saxid_normal_level (THIN);
  const guint shares = phases == 3 ? SHARES : 1;
  SaxidCubeFitter *fitter = g_new0 (SaxidCubeFitter, 1);

  *fitter = (SaxidCubeFitter) { .model = model, .phases = phases, .is_high = is_high };
  fitter->templates = g_new0 (Template, LENGTHS * LEVELS * shares);
  fitter->weight = g_new (double, m);
  for (guint i = 0; i < LENGTHS; i++)
    for (guint j = 0; j < LEVELS; j++)
      for (guint k = 0; k < shares; k++)
        {
          const double part = (j + 0.5) / LEVELS, level = thin * part;
          const double value[] = { log (LENGTH_FIRST) + log (LENGTH_LAST / LENGTH_FIRST) * i / (LENGTHS - 1),
                                   phases == 2 ? level * level : saxid_normal_share (is_high ? -level : level),
                                   phases == 2 ? 0 : 0.05 + 0.5 * (k + 0.5) / shares };

          add_template (fitter, value);
        }
  for (gsize k = 0; k < m; k++)
    fitter->weight[k] = 1 / (pow (0.3 * q[0] / q[k], 2) + FLOOR * FLOOR);
  return fitter;
}

void
saxid_cube_fitter_free (SaxidCubeFitter *fitter)
{
  if (fitter == NULL)
    return;
  for (guint k = 0; k < fitter->n_template; k++)
    g_free (fitter->templates[k].logarithm);
  g_free (fitter->templates);
  g_free (fitter->weight);
  g_free (fitter);
}

/* How far a curve is from a template, with any scale. */
static double
distance_of (const SaxidCubeFitter *fitter, const double *logarithm, const Template *template)
{
  const gsize m = saxid_cube_model_points (fitter->model);
  double sum = 0, square = 0, weights = 0;

  for (gsize k = 0; k < m; k++)
    {
      const double away = logarithm[k] - template->logarithm[k];

      weights += fitter->weight[k];
      sum += fitter->weight[k] * away;
      square += fitter->weight[k] * away * away;
    }
  return square - sum * sum / weights;
}

/* The nearest of each share, those that are not much farther than the nearest of all. Returns their number. */
static guint
nearest_templates (const SaxidCubeFitter *fitter, const double *logarithm, const Template *start[SHARES])
{
  const guint shares = fitter->phases == 3 ? SHARES : 1;
  double least[SHARES], best = INFINITY;
  guint n = 0;

  for (guint k = 0; k < shares; k++)
    least[k] = INFINITY;
  for (guint t = 0; t < fitter->n_template; t++)
    {
      const double away = distance_of (fitter, logarithm, &fitter->templates[t]);

      if (away < least[t % shares])
        {
          least[t % shares] = away;
          start[t % shares] = &fitter->templates[t];
        }
      best = fmin (best, away);
    }
  for (guint k = 0; k < shares; k++)
    if (least[k] <= FARTHER * best)
      start[n++] = start[k];
  return n;
}

/* --- the fit ------------------------------------------------------------------------------ */

/* Of the noise: second differences have six times its variance, where the scatter of modes has hardly any: in the upper
 * third of q. */
static double
find_alpha (const SaxidCubeModel *model, const double *logarithm, const double *mean)
{
  const gsize m = saxid_cube_model_points (model);
  double sum = 0, most = 0;

  for (gsize k = 2 * m / 3; k + 1 < m; k++)
    {
      const double bend = logarithm[k - 1] - 2 * logarithm[k] + logarithm[k + 1] - mean[k - 1] + 2 * mean[k] - mean[k + 1];

      sum += bend * bend / 6;
      most += exp (-mean[k]);
    }
  return CLAMP (sum / most, 30, 1e6);
}

/* One step of the values, of which none leaves its range; T² may be told from without. Returns the longest part, in deviations. */
static double
take_step (const SaxidCubeFitter *fitter, const Information *information, const double *residual, double *value, SaxidCubeFit *out)
{
  const gsize m = saxid_cube_model_points (fitter->model);
  const guint row = fitter->phases - 2;
  double step[COLUMNS] = { 0 }, longest = 0, part = 1;

  for (guint k = 0; k < information->n; k++)
    for (gsize i = 0; i < m; i++)
      step[k] += information->column[k][i] * residual[i];
  saxid_cholesky_solve (information->n, information->matrix, step);
  saxid_cholesky_solve_upper (information->n, information->matrix, step);
  deviations (information, fitter->phases, out->deviation);
  for (guint k = 0; k < fitter->phases; k++)
    part = fmin (part, most_step[row][k] / fmax (fabs (step[k]), 1e-300));
  for (guint k = 0; k < fitter->phases; k++)
    {
      const double old = value[k];

      value[k] = CLAMP (old + part * step[k], least_value[row][k], most_value[row][k]);
      out->value[k] = fitter->phases == 2 && part == 1 ? old + step[k] : value[k];
      longest = fmax (longest, fabs (value[k] - old) / out->deviation[k]);
    }
  out->interface = step[information->n - 1];
  return longest;
}

/* Minus twice the logarithm of the likelihood but for what is constant: the residual divided by the factor, less what scale and
 * interface take of it. */
static double
find_cost (const Information *information, const double *residual)
{
  const gsize m = information->m;
  const double *scale = information->column[information->n - 2], *interface = information->column[information->n - 1];
  double ss = 0, si = 0, ii = 1, sr = 0, ir = 0, rr = 0, logarithms = 0;

  for (gsize k = 0; k < m; k++)
    {
      ss += scale[k] * scale[k];
      si += scale[k] * interface[k];
      ii += interface[k] * interface[k];
      sr += scale[k] * residual[k];
      ir += interface[k] * residual[k];
      rr += residual[k] * residual[k];
      logarithms += 2 * log (information->scatter.covariance[k * information->scatter.band]);
    }
  return rr - (ii * sr * sr - 2 * si * sr * ir + ss * ir * ir) / (ss * ii - si * si) + logarithms;
}

/* From one start. Returns the cost at the last but one step. */
static double
run_from (const SaxidCubeFitter *fitter, const double *start, const double *logarithm, Information *information, SaxidCubeFit *out)
{
  const gsize m = information->m;
  g_autofree double *residual = g_new (double, m);
  double value[SAXID_CUBE_MODEL_PARAMETERS], cost = INFINITY;

  memcpy (value, start, sizeof value);
  *out = (SaxidCubeFit) { .alpha = ALPHA };
  memcpy (out->value, value, sizeof value);
  for (guint round = 0; round < ITERATIONS && information_fill (information, fitter, value, out->alpha); round++)
    {
      const double alpha = out->alpha;
      double longest;

      for (gsize k = 0; k < m; k++)
        residual[k] = logarithm[k] - information->scatter.mean[k];
      out->alpha = find_alpha (fitter->model, logarithm, information->scatter.mean);
      saxid_cholesky_band_solve (m, information->scatter.band, information->scatter.covariance, residual);
      cost = find_cost (information, residual);
      longest = take_step (fitter, information, residual, value, out);
      if (longest < ENOUGH && fabs (log (out->alpha / alpha)) < 0.2)
        break;
    }
  return cost;
}

void
saxid_cube_fitter_run (const SaxidCubeFitter *fitter, const double *intensity, SaxidCubeFit *out)
{
  const gsize m = saxid_cube_model_points (fitter->model);
  g_autofree double *logarithm = g_new (double, m);
  const Template *start[SHARES];
  double least = INFINITY;
  Information information;
  guint n;

  information_init (&information, fitter->model);
  for (gsize k = 0; k < m; k++)
    logarithm[k] = log (intensity[k]);
  n = nearest_templates (fitter, logarithm, start);
  for (guint k = 0; k < n; k++)
    {
      SaxidCubeFit trial;
      const double cost = run_from (fitter, start[k]->value, logarithm, &information, &trial);

      if (cost < least || k == 0)
        {
          *out = trial;
          least = cost;
        }
    }
  information_clear (&information);
}
