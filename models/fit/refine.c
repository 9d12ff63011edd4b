/* The least squares fit of one form factor to a curve, from where it begins.
 *
 * Thread: pure.
 */
#include "models/fit/refine.h"

#include <cminpack.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "models/fit/linear.h"
#include "models/fit/smear.h"
#include "models/simulate/contrast.h"
#include "reducers/error.h"

/* Where a coordinate counts as at its bound: 1 - |sin x|. */
#define BOUND 1e-3
/* Steps of the numerical derivatives: the root of this times a coordinate, which lmdif
 * sees moved by so much that it is never near 0. Form factors are exact to 1e-8. */
#define DERIVATIVE 1e-13
#define AWAY 4.0
/* Seconds after the end of a fit in which its errors may still be found. */
#define MORE_FOR_ERRORS 1.0
#define TOLERANCE 1e-5
#define X_TOLERANCE 1e-8

typedef struct
{
  const SaxidSpace *space;
  const SaxidShape *shape;
  const SaxidCurve *curve;
  SaxidSmear *smear;
  double *model; /* [n] */
  double until;
  const SaxidSpacePoint *start; /* has what coordinates do not move */
  guint evaluations;
} Fit;

static void
place (const Fit *fit, const double *x, SaxidSpacePoint *point)
{
  saxid_space_point (fit->space, x, point);
  saxid_space_keep (fit->start, point);
}

/* The model at coordinates x with the scale and background that suit. */
static gboolean
solve (Fit *fit, const double *moved, SaxidSpacePoint *point, SaxidLinear *linear)
{
  double x[SAXID_SPACE_MOST];

  for (guint k = 0; k < saxid_space_dimension (fit->space); k++)
    x[k] = moved[k] - AWAY;
  place (fit, x, point);
  if (!saxid_space_is_visible (fit->space, point, fit->curve->q[0],
                               fit->curve->q[fit->curve->n - 1]))
    return FALSE;
  fit->evaluations++;
  return saxid_smear_intensity (fit->smear, fit->shape, point, fit->model, NULL)
         && saxid_linear_fit (fit->curve->n, fit->curve->intensity, fit->curve->sigma, fit->model, SAXID_LINEAR_FREE,
                              linear, NULL)
         && linear->scale > 0;
}

double
saxid_thread_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static int
residuals (void *data, int m, int n G_GNUC_UNUSED, const double *x, double *out, int flag G_GNUC_UNUSED)
{
  Fit *fit = data;
  const SaxidCurve *curve = fit->curve;
  SaxidSpacePoint point;
  SaxidLinear linear;

  if (fit->evaluations > 0 && saxid_thread_seconds () > fit->until)
    return -1;
  if (!solve (fit, x, &point, &linear))
    {
      /* as bad as nothing at all, so that the step is taken back */
      for (int k = 0; k < m; k++)
        out[k] = curve->intensity[k] / curve->sigma[k];
      return 0;
    }
  for (int k = 0; k < m; k++)
    out[k] = (curve->intensity[k] - linear.scale * fit->model[k] - linear.background) / curve->sigma[k];
  return 0;
}

static gboolean
is_density (const SaxidSpace *space, guint k)
{
  const int at = saxid_space_parameter (space, k);

  return at >= 0 && !saxid_space_shape (space)->parameter[at].is_size;
}

/* The parameter that a coordinate moves. */
static double
parameter_of (const SaxidSpace *space, const SaxidSpacePoint *point, guint k)
{
  const int at = saxid_space_parameter (space, k);

  return at < 0 ? point->width : point->value[at];
}

/* What a page has of a point: its parameters, and ln scale. A page holds the density of the
 * core; where the fit turns core and shell together, the shell is relative to that core and
 * the scale takes the rest. Shape: value [dimension + 1], the scale last. */
static void
page_of (const SaxidSpace *space, const SaxidSpacePoint *point, const SaxidContrast *core, double *value)
{
  const SaxidShape *shape = saxid_space_shape (space);
  const guint n = saxid_space_dimension (space);
  SaxidContrast contrast;

  value[n] = 0;
  for (guint k = 0; k < n; k++)
    {
      value[k] = parameter_of (space, point, k);
      if (!is_density (space, k) || core->core == 0 || !saxid_contrast_of (shape, point->value, &contrast))
        continue;
      value[k] = core->core * contrast.shell / contrast.core; /* less the solvent */
      value[n] = 2 * log (fabs (contrast.core / core->core));
    }
}

/* slope[i][j]: dp_i/dx_j of what a page has, with ln scale as the last p. */
static void
find_slopes (const SaxidSpace *space, const double *x, double slope[SAXID_SPACE_MOST + 1][SAXID_SPACE_MOST])
{
  const double step = 1e-5;
  const guint n = saxid_space_dimension (space);
  double other[SAXID_SPACE_MOST], low[SAXID_SPACE_MOST + 1], high[SAXID_SPACE_MOST + 1];
  SaxidContrast core = { 0, 0 };
  SaxidSpacePoint point;

  saxid_space_point (space, x, &point);
  saxid_contrast_of (saxid_space_shape (space), point.value, &core);
  for (guint j = 0; j < n; j++)
    {
      memcpy (other, x, n * sizeof *x);
      other[j] = x[j] - step;
      saxid_space_point (space, other, &point);
      page_of (space, &point, &core, low);
      other[j] = x[j] + step;
      saxid_space_point (space, other, &point);
      page_of (space, &point, &core, high);
      for (guint i = 0; i <= n; i++)
        slope[i][j] = (high[i] - low[i]) / (2 * step);
    }
}

/* Solves the symmetric positive system by Cholesky, in place: a becomes its inverse.
 * FALSE where it is singular. */
static gboolean
invert (guint n, double a[SAXID_REFINED_MOST][SAXID_REFINED_MOST])
{
  double l[SAXID_REFINED_MOST][SAXID_REFINED_MOST] = { 0 }, inverse[SAXID_REFINED_MOST][SAXID_REFINED_MOST] = { 0 };

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j <= i; j++)
      {
        double sum = a[i][j];

        for (guint k = 0; k < j; k++)
          sum -= l[i][k] * l[j][k];
        if (i == j && !(sum > 1e-13 * a[i][i]))
          return FALSE;
        l[i][j] = i == j ? sqrt (sum) : sum / l[j][j];
      }
  for (guint c = 0; c < n; c++)
    {
      double y[SAXID_REFINED_MOST];

      for (guint i = 0; i < n; i++)
        {
          y[i] = i == c ? 1 : 0;
          for (guint k = 0; k < i; k++)
            y[i] -= l[i][k] * y[k];
          y[i] /= l[i][i];
        }
      for (guint i = n; i-- > 0;)
        {
          for (guint k = i + 1; k < n; k++)
            y[i] -= l[k][i] * y[k];
          y[i] /= l[i][i];
        }
      for (guint i = 0; i < n; i++)
        inverse[i][c] = y[i];
    }
  memcpy (a, inverse, sizeof inverse);
  return TRUE;
}

/* Standard deviations of scale, background and parameters, from the derivatives of the
 * whole model; a coordinate at its bound is left out. */
static void
find_errors (Fit *fit, const double *x, SaxidRefined *refined)
{
  const guint n = saxid_space_dimension (fit->space);
  const SaxidCurve *curve = fit->curve;
  const double widen = sqrt (fmax (refined->reduced_chi2, 1));
  double normal[SAXID_REFINED_MOST][SAXID_REFINED_MOST] = { 0 }, other[SAXID_SPACE_MOST];
  g_autofree double *columns = g_new (double, SAXID_REFINED_MOST * curve->n);
  double slope[SAXID_SPACE_MOST + 1][SAXID_SPACE_MOST];
  guint column_of[SAXID_REFINED_MOST], n_column = 2;
  SaxidSpacePoint point;

  place (fit, x, &point);
  if (!saxid_smear_intensity (fit->smear, fit->shape, &point, fit->model, NULL))
    return;
  for (gsize k = 0; k < curve->n; k++)
    {
      columns[k] = fit->model[k] / curve->sigma[k];
      columns[curve->n + k] = 1 / curve->sigma[k];
    }
  for (guint c = 0; c < n; c++)
    {
      const double step = 1e-4;
      double *column = columns + n_column * curve->n;

      if (refined->at_bound[c])
        continue;
      if (saxid_thread_seconds () > fit->until + MORE_FOR_ERRORS)
        return;
      memcpy (other, x, n * sizeof *x);
      other[c] += step;
      place (fit, other, &point);
      fit->evaluations++;
      if (!saxid_smear_intensity (fit->smear, fit->shape, &point, column, NULL))
        return;
      for (gsize k = 0; k < curve->n; k++)
        column[k] = refined->scale * (column[k] - fit->model[k]) / step / curve->sigma[k];
      column_of[n_column++] = c;
    }
  for (guint i = 0; i < n_column; i++)
    for (guint j = 0; j <= i; j++)
      {
        double sum = 0;

        for (gsize k = 0; k < curve->n; k++)
          sum += columns[i * curve->n + k] * columns[j * curve->n + k];
        normal[i][j] = normal[j][i] = sum;
      }
  if (!invert (n_column, normal))
    return;
  find_slopes (fit->space, x, slope);
  refined->background_error = widen * sqrt (normal[1][1]);
  for (guint p = 0; p <= n; p++)
    {
      /* the scale has its own column, and what the page makes of the densities */
      double row[SAXID_REFINED_MOST] = { p == n ? 1 : 0 }, variance = 0;

      for (guint i = 2; i < n_column; i++)
        row[i] = slope[p][column_of[i]] * (p == n ? refined->scale : 1);
      for (guint i = 0; i < n_column; i++)
        for (guint j = 0; j < n_column; j++)
          variance += row[i] * normal[i][j] * row[j];
      if (p == n)
        refined->scale_error = widen * sqrt (fmax (variance, 0));
      else if (!refined->at_bound[p])
        refined->error[p] = widen * sqrt (fmax (variance, 0));
    }
}

/* What the error of a parameter is compared with. */
static double
measure_of (const Fit *fit, const SaxidSpacePoint *point, guint k)
{
  SaxidContrast contrast;

  return is_density (fit->space, k) && saxid_contrast_of (fit->shape, point->value, &contrast)
           ? fabs (contrast.shell)
           : fabs (parameter_of (fit->space, point, k));
}

static void
judge (Fit *fit, const double *x, SaxidRefined *refined)
{
  const guint n = saxid_space_dimension (fit->space);

  for (guint k = 0; k < n; k++)
    {
      /* an angle goes round: there is no bound that means anything */
      refined->at_bound[k] = !is_density (fit->space, k) && 1 - fabs (sin (x[k])) < BOUND;
    }
  find_errors (fit, x, refined);
  for (guint k = 0; k < n; k++)
    refined->undetermined[k]
      = !refined->at_bound[k]
        && !(refined->error[k] < measure_of (fit, &refined->point, k));
}

/* What is known without errors. */
static void
take (const SaxidLinear *linear, SaxidRefined *refined)
{
  refined->scale = linear->scale;
  refined->background = linear->background;
  refined->scale_error = refined->background_error = NAN;
  refined->chi2 = linear->chi2;
  refined->reduced_chi2 = linear->reduced_chi2;
  for (guint k = 0; k < SAXID_SPACE_MOST; k++)
    {
      refined->error[k] = NAN;
      refined->at_bound[k] = refined->undetermined[k] = FALSE;
    }
}

gboolean
saxid_refine (const SaxidSpace *space, const SaxidCurve *curve, const SaxidSpacePoint *start, guint evaluations,
              double until, gboolean with_errors, SaxidRefined *refined, GError **error)
{
  const int m = (int) curve->n, n = (int) saxid_space_dimension (space);
  g_autofree double *scratch = g_new (double, (gsize) m * (gsize) (n + 3)), *model = g_new (double, curve->n);
  double x[SAXID_SPACE_MOST], scale[SAXID_SPACE_MOST], qtf[SAXID_SPACE_MOST], one[SAXID_SPACE_MOST];
  double two[SAXID_SPACE_MOST], three[SAXID_SPACE_MOST];
  int pivot[SAXID_SPACE_MOST], calls = 0;
  g_auto (SaxidSmear) smear = { 0 };
  Fit fit = { .space = space, .shape = saxid_space_shape (space), .curve = curve, .smear = &smear, .model = model, .until = until,
              .start = start };
  SaxidLinear linear;

  g_return_val_if_fail (curve->sigma != NULL, FALSE);

  saxid_smear_init (&smear, curve);
  saxid_space_coordinates (space, start, x);
  for (int k = 0; k < n; k++)
    x[k] += AWAY;
  if (m > n + 2)
    lmdif (residuals, &fit, m, n, x, scratch, TOLERANCE, X_TOLERANCE, 0, (int) evaluations, DERIVATIVE, scale, 1, 1, 0, &calls,
           scratch + m, m, pivot, qtf, one, two, three, scratch + (gsize) m * (gsize) (n + 2));
  if (m <= n + 2 || !solve (&fit, x, &refined->point, &linear))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%d points cannot be fitted by %s", m, fit.shape->title);
      return FALSE;
    }
  take (&linear, refined);
  refined->reduced_chi2 = linear.chi2 / (double) (m - n - 2);
  for (int k = 0; k < n; k++)
    x[k] -= AWAY;
  if (with_errors)
    judge (&fit, x, refined);
  refined->evaluations = fit.evaluations;
  return TRUE;
}

gboolean
saxid_refined_at (const SaxidSpace *space, const SaxidCurve *curve, const SaxidSpacePoint *point,
                  SaxidRefined *refined, GError **error)
{
  g_autofree double *model = g_new (double, curve->n);
  g_auto (SaxidSmear) smear = { 0 };
  SaxidLinear linear;

  g_return_val_if_fail (curve->sigma != NULL, FALSE);

  saxid_smear_init (&smear, curve);
  linear.scale = 0;
  if (saxid_space_is_visible (space, point, curve->q[0], curve->q[curve->n - 1])
      && (!saxid_smear_intensity (&smear, saxid_space_shape (space), point, model, error)
      || !saxid_linear_fit (curve->n, curve->intensity, curve->sigma, model, SAXID_LINEAR_FREE, &linear, error)))
    return FALSE;
  if (linear.scale <= 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s does not suit with a positive scale",
                   saxid_space_shape (space)->title);
      return FALSE;
    }
  refined->point = *point;
  take (&linear, refined);
  refined->reduced_chi2 = linear.chi2 / fmax ((double) curve->n - saxid_space_dimension (space) - 2, 1);
  refined->evaluations = 1;
  return TRUE;
}

gboolean
saxid_refined_intensity (const SaxidSpace *space, const SaxidRefined *refined, const SaxidCurve *at, double *out, GError **error)
{
  g_auto (SaxidSmear) smear = { 0 };

  saxid_smear_init (&smear, at);
  if (!saxid_smear_intensity (&smear, saxid_space_shape (space), &refined->point, out, error))
    return FALSE;
  for (gsize k = 0; k < at->n; k++)
    out[k] = refined->scale * out[k] + refined->background;
  return TRUE;
}
