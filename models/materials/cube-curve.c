/* What does a finite cube of a material scatter?
 *
 * Thread: see cube-curve.h.
 */
#include "models/materials/cube-curve.h"

#include <math.h>
#include <string.h>

#include "models/materials/lattice.h"
#include "models/materials/mean-curve.h"

/* Where a weight of the curve is nothing: exp (-2 · 2.5²) = 4e-6 */
#define WINDOW 2.5
/* Shells beyond n = POOLED are taken together in steps of 1 / PER_STEP: no point of a curve tells them apart. */
#define POOLED 20
#define PER_STEP 8
/* In this band of q a the modes scatter less than exponentially, by the factor. */
#define BAND_FIRST 0.4
#define BAND_LAST 1.0
#define BAND_FACTOR 0.7
/* Of the interface of a cube: see the head of cube-curve.h. */
#define KAPPA 9.0
#define KAPPA_THIN 16.0
#define THIN 0.1
#define THICK 0.3
/* d ln I / d ln S at q a, measured on cubes. */
static const double slope_at[] = { 0.4, 0.64, 0.9, 1.2, 2.0 }, slope_of[] = { -6, -3, 0, 1.4, 1 };
/* Gamma variates of fewer degrees are sums of exponentials, those of more Wilson's and Hilferty's cubes. */
#define EXACT 12

struct SaxidCubeModel
{
  guint n;
  double voxel;
  gsize m;
  double *q;
  gsize n_shell; /* shells that any q sees; those without modes are left out */
  double *shell_q, *modes;
  double *alias;       /* [n_shell] of an interface of 1/Å */
  gsize *first, *last; /* [m] of the shells that a point sees */
  gsize *row;          /* [m + 1] where its weights begin */
  double *weight;      /* normalised, for the mean of a shell: times its modes */
};

/* How many lattice points have each n² up to most. Shape: count most + 1. */
static void
count_modes (gsize most, double *count)
{
  const gssize last = (gssize)sqrt ((double)most);

  memset (count, 0, (most + 1) * sizeof *count);
  for (gssize x = 0; x <= last; x++)
    for (gssize y = 0; y <= last; y++)
      for (gssize z = 0; z <= last; z++)
        {
          const gsize square = (gsize)(x * x + y * y + z * z);

          if (square <= most)
            count[square] += (x > 0 ? 2 : 1) * (y > 0 ? 2 : 1) * (z > 0 ? 2 : 1);
        }
}

static void
find_shells (SaxidCubeModel *model, double step)
{
  const double farthest = model->q[model->m - 1] / step + WINDOW;
  const gsize most = (gsize)(farthest * farthest);
  g_autofree double *count = g_new (double, most + 1);

  count_modes (most, count);
  model->shell_q = g_new0 (double, most);
  model->modes = g_new0 (double, most);
  model->alias = g_new (double, most);
  for (gsize s = 1, bin = 0; s <= most; s++)
    {
      const double n = sqrt ((double)s);
      const gsize own = n > POOLED ? (gsize)(n * PER_STEP) : 0;

      if (count[s] == 0)
        continue;
      if (own == 0 || own != bin)
        model->n_shell++;
      bin = own;
      model->shell_q[model->n_shell - 1] += step * n * count[s];
      model->modes[model->n_shell - 1] += count[s];
    }
  for (gsize k = 0; k < model->n_shell; k++)
    {
      model->shell_q[k] /= model->modes[k];
      model->alias[k] = saxid_lattice_alias (1, model->voxel, model->shell_q[k]);
    }
}

static void
find_weights (SaxidCubeModel *model, double step)
{
  GArray *weights = g_array_new (FALSE, FALSE, sizeof (double));
  gsize first = 0, last = 0;

  for (gsize k = 0; k < model->m; k++)
    {
      double sum = 0;

      while (first < model->n_shell && model->shell_q[first] < model->q[k] - WINDOW * step)
        first++;
      while (last < model->n_shell && model->shell_q[last] <= model->q[k] + WINDOW * step)
        last++;
      model->first[k] = first;
      model->last[k] = last;
      model->row[k] = weights->len;
      for (gsize s = first; s < last; s++)
        {
          const double away = (model->shell_q[s] - model->q[k]) / step;
          const double weight = exp (-2 * away * away) / (model->shell_q[s] * model->shell_q[s]) * model->modes[s];

          sum += weight;
          g_array_append_val (weights, weight);
        }
      for (gsize j = model->row[k]; j < weights->len; j++)
        g_array_index (weights, double, j) /= sum;
    }
  model->row[model->m] = weights->len;
  model->weight = (double *)(gpointer)g_array_free (weights, FALSE);
}

SaxidCubeModel *
saxid_cube_model_new (guint n, double voxel, gsize m, const double *q)
{
  SaxidCubeModel *model = g_new0 (SaxidCubeModel, 1);
  const double step = 2 * G_PI / (n * voxel);

  model->n = n;
  model->voxel = voxel;
  model->m = m;
  model->q = g_memdup2 (q, m * sizeof *q);
  model->first = g_new (gsize, m);
  model->last = g_new (gsize, m);
  model->row = g_new (gsize, m + 1);
  find_shells (model, step);
  find_weights (model, step);
  return model;
}

void
saxid_cube_model_free (SaxidCubeModel *model)
{
  if (model == NULL)
    return;
  g_free (model->q);
  g_free (model->shell_q);
  g_free (model->modes);
  g_free (model->alias);
  g_free (model->first);
  g_free (model->last);
  g_free (model->row);
  g_free (model->weight);
  g_free (model);
}

/* The mean |F|² of each shell. Shape: out n_shell. */
static void
fill_shells (const SaxidCubeModel *model, const SaxidMaterial *material, double *out)
{
  const double volume = pow (model->n, 3) / pow (model->voxel, 3);
  SaxidMeanCurve curve;
  SaxidMaterialSums sums;

  memset (out, 0, model->n_shell * sizeof *out);
  if (!saxid_mean_curve_init (&curve, material, NULL))
    return;
  saxid_material_sums (material, &sums);
  saxid_mean_curve_values (&curve, model->n_shell, model->shell_q, out);
  for (gsize s = 0; s < model->n_shell; s++)
    out[s] = volume * (out[s] + sums.porod / (2 * G_PI) * model->alias[s]);
}

static void
average (const SaxidCubeModel *model, const double *shell, double *out)
{
  for (gsize k = 0; k < model->m; k++)
    {
      out[k] = 0;
      for (gsize s = model->first[k]; s < model->last[k]; s++)
        out[k] += model->weight[model->row[k] + s - model->first[k]] * shell[s];
    }
}

void
saxid_cube_model_mean (const SaxidCubeModel *model, const SaxidMaterial *material, double *out)
{
  g_autofree double *shell = g_new (double, model->n_shell);

  fill_shells (model, material, shell);
  average (model, shell, out);
}

/* --- fluctuations ------------------------------------------------------------------------- */

static double
draw_normal (SaxidRandom *random)
{
  return sqrt (-2 * log (saxid_random_unit (random))) * cos (2 * G_PI * saxid_random_unit (random));
}

/* The mean of n exponential variates of mean 1. */
static double
draw_gamma (SaxidRandom *random, double n)
{
  double sum = 0;

  if (n > EXACT)
    {
      const double cube = 1 - 1 / (9 * n) + draw_normal (random) / (3 * sqrt (n));

      return cube * cube * cube;
    }
  for (guint k = 0; k < n; k++)
    sum -= log (saxid_random_unit (random));
  return sum / n;
}

static double
band_factor (double x)
{
  return x > BAND_FIRST && x < BAND_LAST ? BAND_FACTOR : 1;
}

static double
slope_of_interface (double x)
{
  gsize k = 0;

  if (x <= slope_at[0])
    return slope_of[0];
  while (k + 2 < G_N_ELEMENTS (slope_at) && x > slope_at[k + 1])
    k++;
  return slope_of[k] + (slope_of[k + 1] - slope_of[k]) * fmin ((x - slope_at[k]) / (slope_at[k + 1] - slope_at[k]), 1);
}

/* Standard deviation of ln S of a cube. */
static double
interface_deviation (const SaxidCubeModel *model, const SaxidMaterial *material)
{
  const double thin = fmin (material->porosity, 1 - material->porosity);
  const double part = CLAMP ((THICK - thin) / (THICK - THIN), 0, 1), kappa = KAPPA + part * (KAPPA_THIN - KAPPA);

  return sqrt (kappa * pow (material->length / (model->n * model->voxel), 3));
}

void
saxid_cube_noise (SaxidRandom *random, double alpha, gsize m, double *intensity)
{
  for (gsize k = 0; alpha > 0 && k < m; k++)
    {
      const double s = sqrt (log1p (alpha / intensity[k]));

      intensity[k] *= exp (s * draw_normal (random) - s * s / 2);
    }
}

void
saxid_cube_model_draw (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, guint64 seed, guint64 sample,
                       double *out)
{
  g_autofree double *shell = g_new (double, model->n_shell);
  double interface;
  SaxidRandom random;

  fill_shells (model, material, shell);
  saxid_random_init (&random, seed, sample, SAXID_STREAM_RANDOM_FIELD);
  interface = interface_deviation (model, material) * draw_normal (&random);
  for (gsize s = 0; s < model->n_shell; s++)
    {
      const double factor = band_factor (model->shell_q[s] * material->length);

      shell[s] *= 1 + factor * (draw_gamma (&random, model->modes[s] / 2) - 1);
    }
  average (model, shell, out);
  for (gsize k = 0; k < model->m; k++)
    out[k] *= exp (slope_of_interface (model->q[k] * material->length) * interface);
  saxid_random_init (&random, seed, sample, SAXID_STREAM_COUNTS);
  saxid_cube_noise (&random, alpha, model->m, out);
}

/* --- mean and covariance of the logarithm --------------------------------------------------- */

gsize
saxid_cube_model_points (const SaxidCubeModel *model)
{
  return model->m;
}

const double *
saxid_cube_model_q (const SaxidCubeModel *model)
{
  return model->q;
}

gsize
saxid_cube_model_band (const SaxidCubeModel *model)
{
  gsize band = 1;

  for (gsize i = 0, j = 0; i < model->m; i++)
    {
      while (model->last[j] <= model->first[i])
        j++;
      band = MAX (band, i - j + 1);
    }
  return band;
}

/* What two points share of the scatter of modes. deviation: of each shell. */
static double
covariance_of (const SaxidCubeModel *model, gsize i, gsize j, const double *deviation)
{
  const double *of_i = model->weight + model->row[i], *of_j = model->weight + model->row[j] + model->first[i] - model->first[j];
  double sum = 0;

  for (gsize s = model->first[i]; s < model->last[j]; s++)
    sum += of_i[s - model->first[i]] * of_j[s - model->first[i]] * deviation[s] * deviation[s];
  return sum;
}

void
saxid_cube_model_scatter (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, SaxidCubeScatter *out)
{
  const gsize m = model->m, band = out->band;
  const double of_cube = interface_deviation (model, material);
  g_autofree double *shell = g_new (double, model->n_shell), *mean = g_new (double, m);

  fill_shells (model, material, shell);
  average (model, shell, mean);
  for (gsize s = 0; s < model->n_shell; s++)
    shell[s] *= band_factor (model->shell_q[s] * material->length) * sqrt (2 / model->modes[s]);
  for (gsize i = 0; i < m; i++)
    {
      const double noise = log1p (alpha / mean[i]);
      double *row = out->covariance + i * band;

      for (gsize k = 0; k < band; k++)
        row[k] = k > i || model->last[i - k] <= model->first[i] ? 0 : covariance_of (model, i, i - k, shell) / (mean[i] * mean[i - k]);
      out->interface[i] = slope_of_interface (model->q[i] * material->length) * of_cube;
      out->mean[i] = log (mean[i]) - 0.5 * (row[0] + noise);
      row[0] += noise;
    }
}
