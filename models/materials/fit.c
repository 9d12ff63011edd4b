/* Which material of a kind suits a curve best?
 *
 * Thread: pure.
 */
#include "models/materials/fit.h"

#include <cminpack.h>
#include <math.h>
#include <string.h>

#include "models/fit/smear.h"
#include "models/materials/mean-curve.h"
#include "models/materials/normal.h"
#include "models/materials/spectrum.h"
#include "reducers/dot.h"
#include "reducers/error.h"

/* Where fits begin: so many lengths between LENGTH_FIRST / last q and LENGTH_LAST / first q, at each
 * level and third coordinate, and the best of them go on. */
#define LENGTHS 32
#define LENGTH_FIRST 1.0
#define LENGTH_LAST 6.0
#define FINALISTS 3
static const double two_levels[] = { 0.1, 0.6, 1.2 };
static const double three_levels[] = { -1.0, -0.3, 0.3, 1.0 };
static const double orders[] = { -1.5, 0.3, 1.5, 3 };
static const double shares[] = { 0.1, 0.3, 0.5 };
static const double waves[] = { 1.2, 2, 4, 8 };
static const double nothing[] = { 0 };

/* Bounds of the level T: that of the least porosity, less what the other phases need. */
#define MOST_LEVEL 2.32
#define AT_BOUND 2e-3

/* Of the fit: coordinates are moved by STEP for a derivative, which the mean curve, exact to 1e-8 in its changes, stands. */
#define STEP 1e-4
#define EVALUATIONS 80
#define TOLERANCE 1e-10
/* Points of a blurred one, in standard deviations, and their weights (Gauss and Hermite). */
static const double blur_at[] = { -1.7320508075688772, 0, 1.7320508075688772 };
static const double blur_weight[] = { 1.0 / 6, 2.0 / 3, 1.0 / 6 };
#define BLURS 3

typedef struct
{
  const char *class;
  guint phases;
  SaxidCovariance covariance;
  guint n_free, free[SAXID_MATERIAL_MOST_FREE]; /* coordinates */
  guint n_level, n_third;
  const double *level, *third;
  gsize third_offset; /* what of the material the third coordinate is; 0: nothing */
  double third_lower, third_upper;
} Kind;

#define LENGTH SAXID_MATERIAL_LN_LENGTH
#define LEVEL SAXID_MATERIAL_LEVEL
#define THIRD SAXID_MATERIAL_THIRD

static const Kind kinds[SAXID_MATERIAL_KINDS] = {
  [SAXID_MATERIAL_TWO] = { "two_phase", 2, SAXID_COVARIANCE_RANDOM_FIELD, 2, { LENGTH, LEVEL }, G_N_ELEMENTS (two_levels), 1, two_levels,
                           nothing, 0, 0, 0 },
  [SAXID_MATERIAL_RANDOM] = { "two_phase", 2, SAXID_COVARIANCE_EXPONENTIAL, 1, { LENGTH }, 1, 1, nothing, nothing, 0, 0, 0 },
  [SAXID_MATERIAL_WAVE] = { "two_phase", 2, SAXID_COVARIANCE_EXPONENTIAL, 2, { LENGTH, THIRD }, 1, G_N_ELEMENTS (waves), nothing,
                            waves, G_STRUCT_OFFSET (SaxidMaterial, wave), SAXID_MATERIAL_PEAK_WAVE, SAXID_MATERIAL_MOST_WAVE },
  [SAXID_MATERIAL_TWO_ORDER] = { "two_phase", 2, SAXID_COVARIANCE_RANDOM_FIELD, 3, { LENGTH, LEVEL, THIRD }, G_N_ELEMENTS (two_levels),
                                 G_N_ELEMENTS (orders), two_levels, orders, G_STRUCT_OFFSET (SaxidMaterial, order),
                                 SAXID_SPECTRUM_SOFTEST, SAXID_SPECTRUM_SHARPEST },
  [SAXID_MATERIAL_THREE] = { "three_phase", 3, SAXID_COVARIANCE_RANDOM_FIELD, 3, { LENGTH, LEVEL, THIRD }, G_N_ELEMENTS (three_levels),
                             G_N_ELEMENTS (shares), three_levels, shares, G_STRUCT_OFFSET (SaxidMaterial, share),
                             SAXID_MATERIAL_LEAST_SHARE, SAXID_MATERIAL_MOST_SHARE },
};

/* Factors of the linear part. */
enum
{
  SCALE,
  BACKGROUND,
  UPTURN,
  FACTORS
};

typedef struct
{
  const Kind *kind;
  const SaxidCurve *curve;
  double blur;
  SaxidSmear smear;
  gsize n_wanted;
  double *wanted;            /* q at which P is needed: BLURS for each where points are blurred */
  double *value;             /* [n_wanted] */
  double *basis[FACTORS];    /* [n], over sigma */
  double factor[FACTORS], error[FACTORS];
  gboolean used[FACTORS];
} Problem;

const char *
saxid_material_kind_class (SaxidMaterialKind kind)
{
  return kinds[kind].class;
}

guint
saxid_material_kind_n_free (SaxidMaterialKind kind)
{
  return kinds[kind].n_free;
}

/* --- coordinates -------------------------------------------------------------------------- */

static gboolean
is_free (const Kind *kind, guint coordinate)
{
  for (guint k = 0; k < kind->n_free; k++)
    if (kind->free[k] == coordinate)
      return TRUE;
  return FALSE;
}

/* A material of the kind in which nothing is set that is free. */
static SaxidMaterial
blank (const Kind *kind)
{
  return (SaxidMaterial) { .phases = kind->phases, .covariance = kind->covariance, .porosity = 0.5,
                           .layer = kind->phases == 3 ? SAXID_MATERIAL_LAYER : 0 };
}

static double
third_of (const Kind *kind, const SaxidMaterial *material)
{
  return kind->third_offset != 0 ? G_STRUCT_MEMBER (double, material, kind->third_offset) : 0;
}

static void
set_third (const Kind *kind, double value, SaxidMaterial *material)
{
  if (kind->third_offset != 0)
    G_STRUCT_MEMBER (double, material, kind->third_offset) = CLAMP (value, kind->third_lower, kind->third_upper);
}

/* Between bounds a coordinate is an angle: it cannot leave them. */
static double
to_bounded (double x, double lower, double upper)
{
  return lower + (upper - lower) * 0.5 * (1 + sin (x));
}

static double
from_bounded (double value, double lower, double upper)
{
  return asin (CLAMP (2 * (value - lower) / (upper - lower) - 1, -1, 1));
}

/* Where the fit moves freely: ln a, an angle of the level, an angle of the third. Shape: x n_free of the kind. */
static SaxidMaterial
material_at (const Kind *kind, const double *x)
{
  SaxidMaterial material = blank (kind);

  for (guint k = 0; k < kind->n_free; k++)
    if (kind->free[k] == LENGTH)
      material.length = exp (x[k]);
    else if (kind->free[k] == LEVEL)
      material.porosity = saxid_normal_share (to_bounded (x[k], -MOST_LEVEL, MOST_LEVEL));
    else
      set_third (kind, to_bounded (x[k], kind->third_lower, kind->third_upper), &material);
  if (kind->phases == 3) /* the pores that are left keep the least share */
    material.porosity = fmax (material.porosity, 1.001 * SAXID_MATERIAL_LEAST_POROSITY / (1 - material.share));
  return material;
}

static void
coordinates_of (const Kind *kind, const SaxidMaterial *material, double *x)
{
  for (guint k = 0; k < kind->n_free; k++)
    x[k] = kind->free[k] == LENGTH  ? log (material->length)
           : kind->free[k] == LEVEL ? from_bounded (saxid_normal_level (material->porosity), -MOST_LEVEL, MOST_LEVEL)
                                    : from_bounded (third_of (kind, material), kind->third_lower, kind->third_upper);
}

/* --- the linear part ---------------------------------------------------------------------- */

/* Solves for the factors that are used, by Cholesky of columns of unit length; error: the square roots
 * of the inverse's diagonal. FALSE where they cannot be told apart. Shape: data n, over sigma. */
static gboolean
solve_used (Problem *problem, const double *data)
{
  const gsize n = problem->curve->n;
  double l[FACTORS][FACTORS] = { 0 }, y[FACTORS], length[FACTORS], inverse[FACTORS][FACTORS] = { 0 };
  guint used[FACTORS], m = 0;

  for (guint f = 0; f < FACTORS; f++)
    {
      problem->factor[f] = problem->error[f] = 0;
      length[f] = sqrt (saxid_dot (n, problem->basis[f], problem->basis[f]));
      if (problem->used[f])
        used[m++] = f;
    }
  for (guint i = 0; i < m; i++)
    {
      y[i] = saxid_dot (n, problem->basis[used[i]], data) / length[used[i]];
      for (guint j = 0; j <= i; j++)
        {
          double sum = saxid_dot (n, problem->basis[used[i]], problem->basis[used[j]]) / (length[used[i]] * length[used[j]]);

          for (guint k = 0; k < j; k++)
            sum -= l[i][k] * l[j][k];
          if (i == j && !(sum > 1e-12))
            return FALSE;
          l[i][j] = i == j ? sqrt (sum) : sum / l[j][j];
        }
    }
  for (guint i = 0; i < m; i++)
    {
      inverse[i][i] = 1 / l[i][i];
      for (guint j = 0; j < i; j++)
        {
          for (guint k = j; k < i; k++)
            inverse[i][j] -= l[i][k] * inverse[k][j];
          inverse[i][j] /= l[i][i];
        }
    }
  for (guint i = 0; i < m; i++)
    {
      double square = 0;

      for (guint k = i; k < m; k++)
        {
          double part = 0;

          for (guint j = 0; j <= k; j++)
            part += inverse[k][j] * y[j];
          problem->factor[used[i]] += inverse[k][i] * part / length[used[i]];
          square += inverse[k][i] * inverse[k][i];
        }
      problem->error[used[i]] = sqrt (square) / length[used[i]];
    }
  return TRUE;
}

/* The model of a material at the points, over sigma, with the factors that suit; data over sigma less that in out.
 * FALSE where the material cannot be seen in the curve. */
static gboolean
evaluate (Problem *problem, const SaxidMaterial *material, double *out)
{
  const SaxidCurve *curve = problem->curve;
  double *structure = problem->basis[SCALE];
  SaxidMeanCurve mean;

  if (!saxid_mean_curve_init (&mean, material, NULL))
    return FALSE;
  saxid_mean_curve_values (&mean, problem->n_wanted, problem->wanted, problem->value);
  if (problem->blur > 0)
    for (gsize k = 0; k < problem->n_wanted / BLURS; k++)
      problem->value[k] = blur_weight[0] * problem->value[BLURS * k] + blur_weight[1] * problem->value[BLURS * k + 1]
                          + blur_weight[2] * problem->value[BLURS * k + 2];
  saxid_smear_average (&problem->smear, problem->value, structure);
  for (gsize k = 0; k < curve->n; k++)
    {
      structure[k] /= curve->sigma[k];
      out[k] = curve->intensity[k] / curve->sigma[k];
    }
  problem->used[SCALE] = problem->used[BACKGROUND] = problem->used[UPTURN] = TRUE;
  if (!solve_used (problem, out))
    return FALSE;
  if (problem->factor[UPTURN] < 0)
    {
      problem->used[UPTURN] = FALSE;
      if (!solve_used (problem, out))
        return FALSE;
    }
  for (guint f = 0; f < FACTORS; f++)
    for (gsize k = 0; k < curve->n && problem->used[f]; k++)
      out[k] -= problem->factor[f] * problem->basis[f][k];
  return problem->factor[SCALE] > 0;
}

/* q⁻⁴, and what a long slit makes of it. */
static double
upturn_at (const SaxidCurve *curve, double q)
{
  return curve->slit > 0 ? G_PI_4 / curve->slit * pow (q, -3) : pow (q, -4);
}

/* --- the search --------------------------------------------------------------------------- */

static void
problem_init (Problem *problem, SaxidMaterialKind kind, const SaxidCurve *curve, double blur)
{
  const double *q;
  gsize n;

  *problem = (Problem) { .kind = &kinds[kind], .curve = curve, .blur = blur };
  saxid_smear_init (&problem->smear, curve);
  n = saxid_smear_wanted (&problem->smear, &q);
  problem->n_wanted = blur > 0 ? BLURS * n : n;
  problem->wanted = g_new (double, problem->n_wanted);
  problem->value = g_new (double, problem->n_wanted);
  for (gsize k = 0; k < problem->n_wanted; k++)
    problem->wanted[k] = blur > 0 ? q[k / BLURS] * exp (blur * blur_at[k % BLURS]) : q[k];
  for (guint f = 0; f < FACTORS; f++)
    problem->basis[f] = g_new (double, curve->n);
  for (gsize k = 0; k < curve->n; k++)
    {
      problem->basis[BACKGROUND][k] = 1 / curve->sigma[k];
      problem->basis[UPTURN][k] = upturn_at (curve, curve->q[k]) / upturn_at (curve, curve->q[0]) / curve->sigma[k];
    }
}

static void
problem_clear (Problem *problem)
{
  saxid_smear_clear (&problem->smear);
  g_free (problem->wanted);
  g_free (problem->value);
  for (guint f = 0; f < FACTORS; f++)
    g_free (problem->basis[f]);
}

static int
residuals (void *data, int m, int n G_GNUC_UNUSED, const double *x, double *out, int flag G_GNUC_UNUSED)
{
  Problem *problem = data;
  const SaxidMaterial material = material_at (problem->kind, x);

  if (!evaluate (problem, &material, out))
    for (int k = 0; k < m; k++) /* as bad as nothing at all */
      out[k] = problem->curve->intensity[k] / problem->curve->sigma[k];
  return 0;
}

typedef struct
{
  double chi2;
  SaxidMaterial material;
} Start;

/* Keeps the FINALISTS best, the best first. */
static void
remember (Start *best, double chi2, const SaxidMaterial *material)
{
  Start start = { chi2, *material };

  for (guint k = 0; k < FINALISTS; k++)
    if (start.chi2 < best[k].chi2)
      {
        const Start worse = best[k];

        best[k] = start;
        start = worse;
      }
}

static void
search (Problem *problem, double *out, Start *best)
{
  const Kind *kind = problem->kind;
  const SaxidCurve *curve = problem->curve;
  const double first = log (LENGTH_FIRST / curve->q[curve->n - 1]), last = log (LENGTH_LAST / curve->q[0]);

  for (guint k = 0; k < FINALISTS; k++)
    best[k].chi2 = INFINITY;
  for (guint i = 0; i < LENGTHS; i++)
    for (guint j = 0; j < kind->n_level; j++)
      for (guint t = 0; t < kind->n_third; t++)
        {
          SaxidMaterial material = blank (kind);

          material.length = exp (first + (last - first) * i / (LENGTHS - 1));
          material.porosity = saxid_normal_share (-kind->level[j]);
          set_third (kind, kind->third[t], &material);
          if (evaluate (problem, &material, out))
            remember (best, saxid_dot (curve->n, out, out), &material);
        }
}

/* From one start to the bottom of its valley. */
static double
descend (Problem *problem, SaxidMaterial *material, double *out)
{
  const int m = (int)problem->curve->n, n = (int)problem->kind->n_free;
  double x[SAXID_MATERIAL_MOST_FREE], diagonal[SAXID_MATERIAL_MOST_FREE], qtf[SAXID_MATERIAL_MOST_FREE];
  double wa1[SAXID_MATERIAL_MOST_FREE], wa2[SAXID_MATERIAL_MOST_FREE], wa3[SAXID_MATERIAL_MOST_FREE];
  g_autofree double *jacobian = g_new (double, m * n), *wa4 = g_new (double, m);
  int permutation[SAXID_MATERIAL_MOST_FREE], evaluations;

  coordinates_of (problem->kind, material, x);
  lmdif (residuals, problem, m, n, x, out, TOLERANCE, TOLERANCE, 0, EVALUATIONS, 1e-10, diagonal, 1, 10, 0, &evaluations, jacobian, m,
         permutation, qtf, wa1, wa2, wa3, wa4);
  *material = material_at (problem->kind, x);
  return evaluate (problem, material, out) ? saxid_dot (problem->curve->n, out, out) : INFINITY;
}

/* Two phases cannot tell a porosity from 1 - it: the smaller stands for both. */
static void
take_smaller_porosity (SaxidMaterial *material)
{
  if (material->phases == 2)
    material->porosity = fmin (material->porosity, 1 - material->porosity);
}

static void
values_of (const Kind *kind, const SaxidMaterial *material, double *value)
{
  const double level = saxid_normal_level (material->porosity);

  value[SAXID_MATERIAL_LN_LENGTH] = log (material->length);
  value[SAXID_MATERIAL_LEVEL] = material->phases == 2 ? level * level : level;
  value[SAXID_MATERIAL_THIRD] = third_of (kind, material);
}

static void
fill (const Problem *problem, const SaxidMaterial *material, double chi2, SaxidMaterialFit *fit)
{
  const gsize n = problem->curve->n;

  fit->material = *material;
  fit->scale = problem->factor[SCALE];
  fit->scale_error = problem->error[SCALE];
  fit->background = problem->factor[BACKGROUND];
  fit->upturn = problem->factor[UPTURN] / upturn_at (problem->curve, problem->curve->q[0]);
  fit->n_free = problem->kind->n_free + (problem->used[UPTURN] ? 3 : 2);
  fit->chi2 = chi2;
  fit->reduced_chi2 = chi2 / (double)(n > fit->n_free ? n - fit->n_free : 1);
  values_of (problem->kind, material, fit->value);
  for (guint k = 0; k < SAXID_MATERIAL_MOST_FREE; k++)
    {
      const double lower[] = { -INFINITY, -MOST_LEVEL, problem->kind->third_lower };
      const double upper[] = { INFINITY, MOST_LEVEL, problem->kind->third_upper };
      const double at = k == SAXID_MATERIAL_LEVEL ? saxid_normal_level (material->porosity) : fit->value[k];

      fit->at_bound[k] = is_free (problem->kind, k)
                         && (at - lower[k] < AT_BOUND * (upper[k] - lower[k]) || upper[k] - at < AT_BOUND * (upper[k] - lower[k]));
    }
}

gboolean
saxid_material_fit (SaxidMaterialKind kind, const SaxidCurve *curve, double blur, const SaxidMaterial *from, SaxidMaterialFit *fit,
                    GError **error)
{
  g_autofree double *out = g_new (double, curve->n);
  Start start[FINALISTS] = { { INFINITY, { 0 } } };
  SaxidMaterial best = { 0 };
  double least = INFINITY;
  Problem problem;

  g_return_val_if_fail (curve->sigma != NULL, FALSE);
  *fit = (SaxidMaterialFit) { .kind = kind };
  problem_init (&problem, kind, curve, blur);
  if (from != NULL)
    start[0] = (Start) { 0, *from };
  else
    search (&problem, out, start);
  for (guint k = 0; k < (from != NULL ? 1 : FINALISTS) && isfinite (start[k].chi2); k++)
    {
      SaxidMaterial material = start[k].material;
      const double chi2 = descend (&problem, &material, out);

      if (chi2 < least)
        {
          least = chi2;
          best = material;
        }
    }
  if (isfinite (least))
    {
      take_smaller_porosity (&best);
      evaluate (&problem, &best, out);
      fill (&problem, &best, least, fit);
    }
  problem_clear (&problem);
  if (isfinite (least))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "no disordered material can be fitted to %" G_GSIZE_FORMAT " points", curve->n);
  return FALSE;
}

/* --- errors ------------------------------------------------------------------------------- */

/* The material at coordinates as the errors have them. */
static SaxidMaterial
material_of (const Kind *kind, const double *value)
{
  SaxidMaterial material = blank (kind);

  material.length = exp (value[LENGTH]);
  if (is_free (kind, LEVEL))
    material.porosity = saxid_normal_share (kind->phases == 2 ? -sqrt (fmax (value[LEVEL], 0)) : value[LEVEL]);
  set_third (kind, value[THIRD], &material);
  return material;
}

/* What a coordinate may be: a square is not negative, and the tables end. */
static double
clamp_value (const Kind *kind, guint k, double value)
{
  if (k == SAXID_MATERIAL_LEVEL)
    return kind->phases == 2 ? CLAMP (value, 0, MOST_LEVEL * MOST_LEVEL) : CLAMP (value, -MOST_LEVEL, MOST_LEVEL);
  return k == SAXID_MATERIAL_THIRD ? CLAMP (value, kind->third_lower, kind->third_upper) : value;
}

/* Derivative of the residuals by one coordinate, the factors following. FALSE at the end of what is possible. */
static gboolean
differentiate (Problem *problem, const SaxidMaterialFit *fit, guint k, double *column, double *spare)
{
  double low[SAXID_MATERIAL_MOST_FREE], high[SAXID_MATERIAL_MOST_FREE];
  SaxidMaterial material;

  memcpy (low, fit->value, sizeof low);
  memcpy (high, fit->value, sizeof high);
  low[k] = clamp_value (problem->kind, k, low[k] - STEP);
  high[k] = clamp_value (problem->kind, k, high[k] + STEP);
  material = material_of (problem->kind, high);
  if (!evaluate (problem, &material, column))
    return FALSE;
  material = material_of (problem->kind, low);
  if (!evaluate (problem, &material, spare))
    return FALSE;
  for (gsize j = 0; j < problem->curve->n; j++)
    column[j] = (column[j] - spare[j]) / (high[k] - low[k]);
  return TRUE;
}

/* The inverse of a small symmetric matrix by Gauss and Jordan, in place. FALSE where it is singular. */
static gboolean
invert (guint n, double a[SAXID_MATERIAL_MOST_FREE][SAXID_MATERIAL_MOST_FREE])
{
  for (guint p = 0; p < n; p++)
    {
      const double pivot = a[p][p];

      if (!(pivot > 0))
        return FALSE;
      a[p][p] = 1;
      for (guint j = 0; j < n; j++)
        a[p][j] /= pivot;
      for (guint i = 0; i < n; i++)
        {
          const double factor = a[i][p];

          if (i == p)
            continue;
          a[i][p] = 0;
          for (guint j = 0; j < n; j++)
            a[i][j] -= factor * a[p][j];
        }
    }
  return TRUE;
}

gboolean
saxid_material_fit_errors (const SaxidCurve *curve, SaxidMaterialFit *fit, GError **error)
{
  const Kind *kind = &kinds[fit->kind];
  const guint n = kind->n_free;
  g_autofree double *column = g_new (double, n * curve->n), *spare = g_new (double, curve->n);
  double square[SAXID_MATERIAL_MOST_FREE][SAXID_MATERIAL_MOST_FREE];
  gboolean known = TRUE;
  Problem problem;

  problem_init (&problem, fit->kind, curve, 0);
  for (guint k = 0; k < n && known; k++)
    known = differentiate (&problem, fit, kind->free[k], column + k * curve->n, spare);
  problem_clear (&problem);
  for (guint i = 0; i < n && known; i++)
    for (guint j = 0; j < n; j++)
      square[i][j] = saxid_dot (curve->n, column + i * curve->n, column + j * curve->n);
  known = known && invert (n, square);
  for (guint i = 0; i < n && known; i++)
    for (guint j = 0; j < n; j++)
      fit->covariance[kind->free[i]][kind->free[j]] = square[i][j] * fmax (fit->reduced_chi2, 1);
  if (!known)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "the curve does not tell the material's length and porosity apart");
  return known;
}

void
saxid_material_fit_intensity (const SaxidMaterialFit *fit, SaxidMaterialPart part, const SaxidCurve *at, double *out)
{
  g_auto (SaxidSmear) smear = { 0 };
  g_autofree double *value = NULL;
  const double *wanted;
  SaxidMeanCurve mean;
  gsize n_wanted;

  saxid_smear_init (&smear, at);
  n_wanted = saxid_smear_wanted (&smear, &wanted);
  value = g_new0 (double, n_wanted);
  if (saxid_mean_curve_init (&mean, &fit->material, NULL))
    saxid_mean_curve_values (&mean, n_wanted, wanted, value);
  saxid_smear_average (&smear, value, out);
  for (gsize k = 0; k < at->n; k++)
    out[k] = fit->scale * out[k] + (part == SAXID_MATERIAL_ALL ? fit->background + fit->upturn * upturn_at (at, at->q[k]) : 0);
}

double
saxid_material_fit_at (const SaxidMaterialFit *fit, SaxidMaterialPart part, double q)
{
  const SaxidCurve at = { .n = 1, .q = &q };
  double intensity;

  saxid_material_fit_intensity (fit, part, &at, &intensity);
  return intensity;
}
