/* Which scale and background bring a model curve nearest to the data?
 *
 *   I(q) = s P(q) + b,   minimum over (s, b) of  sum_k w_k (I_k - s P_k - b)²,  w = 1/sigma²
 *
 * The normal equations are solved about the weighted means: P runs over many
 * decades, and the plain sums would lose the difference that carries s. With
 * bounds, two parameters leave four cases (none, one or both held at zero), and
 * the best feasible one is the answer: Lawson & Hanson, Solving Least Squares
 * Problems, doi:10.1137/1.9781611971217, chapter 23.
 *
 * Units: background that of the data, scale data / model.
 * Thread: no state.
 */
#include "models/fit/linear.h"

#include <math.h>

#include "reducers/error.h"

#define MIN_POINTS 3

/* A model that varies less than this, relative to its size, is a constant: the
 * rounding of its values would decide about the scale. */
#define MIN_VARIATION 1e-12

typedef struct
{
  gsize n;
  double weight;         /* sum of w */
  double data, model;    /* weighted means */
  double dd, dm, mm;     /* weighted sums of squares about the means */
  double raw_dm, raw_mm; /* the same about zero */
} Moments;

static gboolean
usable (gsize k, const double *data, const double *sigma, const double *model)
{
  return isfinite (data[k]) && isfinite (model[k])
         && (sigma == NULL || (isfinite (sigma[k]) && sigma[k] > 0));
}

static double
weight_at (gsize k, const double *sigma)
{
  return sigma == NULL ? 1 : 1 / (sigma[k] * sigma[k]);
}

static Moments
take_moments (gsize n, const double *data, const double *sigma, const double *model)
{
  Moments m = { 0 };

  for (gsize k = 0; k < n; k++)
    if (usable (k, data, sigma, model))
      {
        double w = weight_at (k, sigma);

        m.n++;
        m.weight += w;
        m.data += w * data[k];
        m.model += w * model[k];
        m.raw_dm += w * data[k] * model[k];
        m.raw_mm += w * model[k] * model[k];
      }
  if (m.n == 0)
    return m;
  m.data /= m.weight;
  m.model /= m.weight;
  for (gsize k = 0; k < n; k++)
    if (usable (k, data, sigma, model))
      {
        double w = weight_at (k, sigma);
        double d = data[k] - m.data, p = model[k] - m.model;

        m.dd += w * d * d;
        m.dm += w * d * p;
        m.mm += w * p * p;
      }
  return m;
}

static double
chi2_of (gsize n, const double *data, const double *sigma, const double *model, const SaxidLinear *fit)
{
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    if (usable (k, data, sigma, model))
      {
        double r = data[k] - fit->scale * model[k] - fit->background;

        sum += weight_at (k, sigma) * r * r;
      }
  return sum;
}

/* The four cases, each a closed form; `held` counts the parameters at a bound. */
static guint
solve_both (const Moments *m, SaxidLinear *fit)
{
  fit->scale = m->dm / m->mm;
  fit->background = m->data - fit->scale * m->model;
  fit->scale_error = sqrt (1 / m->mm);
  fit->background_error = sqrt (1 / m->weight + m->model * m->model / m->mm);
  fit->covariance = -m->model / m->mm;
  return 0;
}

static guint
solve_scale (const Moments *m, SaxidLinear *fit)
{
  *fit = (SaxidLinear) { .scale = m->raw_dm / m->raw_mm, .scale_error = sqrt (1 / m->raw_mm) };
  return 1;
}

static guint
solve_background (const Moments *m, SaxidLinear *fit)
{
  *fit = (SaxidLinear) { .background = m->data, .background_error = sqrt (1 / m->weight) };
  return 1;
}

static guint
solve_nothing (const Moments *m, SaxidLinear *fit)
{
  (void) m;
  *fit = (SaxidLinear) { 0 };
  return 2;
}

static guint (*const cases[]) (const Moments *, SaxidLinear *)
    = { solve_both, solve_scale, solve_background, solve_nothing };

gboolean
saxid_linear_fit (gsize n, const double *data, const double *sigma, const double *model,
                  SaxidLinearBounds bounds, SaxidLinear *fit, GError **error)
{
  SaxidLinear best = { .chi2 = INFINITY };
  guint n_case = bounds == SAXID_LINEAR_FREE ? 1 : G_N_ELEMENTS (cases);
  Moments m;

  g_return_val_if_fail (data != NULL && model != NULL && fit != NULL, FALSE);

  m = take_moments (n, data, sigma, model);
  if (m.n < MIN_POINTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "linear fit has %" G_GSIZE_FORMAT " usable points of %" G_GSIZE_FORMAT
                   ", %d are needed",
                   m.n, n, MIN_POINTS);
      return FALSE;
    }
  if (!(m.mm > MIN_VARIATION * MIN_VARIATION * m.raw_mm) || !isfinite (m.mm))
    {
      g_set_error (
          error, SAXID_ERROR, SAXID_ERROR_DATA,
          "model curve varies by %.3g of its size, %.0e is needed to tell it from a background",
          m.raw_mm > 0 ? sqrt (m.mm / m.raw_mm) : 0.0, MIN_VARIATION);
      return FALSE;
    }

  for (guint k = 0; k < n_case; k++)
    {
      SaxidLinear trial = { 0 };
      guint held = cases[k](&m, &trial);

      if (bounds == SAXID_LINEAR_NON_NEGATIVE && (trial.scale < 0 || trial.background < 0))
        continue;
      trial.chi2 = chi2_of (n, data, sigma, model, &trial);
      trial.degrees_of_freedom = (guint) (m.n - (2 - held));
      if (trial.chi2 < best.chi2)
        best = trial;
    }
  if (!isfinite (best.chi2))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "linear fit of %" G_GSIZE_FORMAT " points overflows, values below 1e150 are needed",
                   m.n);
      return FALSE;
    }
  best.reduced_chi2 = best.chi2 / best.degrees_of_freedom;
  if (sigma == NULL)
    {
      double spread = sqrt (best.reduced_chi2);

      best.scale_error *= spread;
      best.background_error *= spread;
      best.covariance *= best.reduced_chi2;
    }
  *fit = best;
  return TRUE;
}
