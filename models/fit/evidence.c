/* How probable are the data, if a family of curves is right?
 *
 * With r = L⁻¹ (I - s P), J its derivatives with the sign turned (the last column is that
 * of ln s), Λ the precision of the prior and γ = Jᵀ r - Λ (theta - mean):
 *
 *   ln Z(tau, l) = const - r²/2 - (theta - mean)ᵀ Λ (theta - mean)/2 + ln |Λ|/2
 *                  - ln |JᵀJ + Λ|/2 + γᵀ (JᵀJ + Λ)⁻¹ γ/2.
 *
 * Thread: pure.
 */
#include "models/fit/evidence.h"

#include <cminpack.h>
#include <math.h>
#include <string.h>

/* As in refine.c. */
#define DERIVATIVE 1e-12
#define AWAY 4.0
#define TOLERANCE 1e-3
#define X_TOLERANCE 1e-4
/* Steps of the derivatives of Laplace's integral. */
#define STEP 1e-3
/* Of what the linear model promises beyond the fit no more than this is believed. */
#define MOST_GAIN 4.0
/* ln of the range in which the scale is thought of beforehand: the same for all. */
#define SCALE_RANGE 10.0
#define COLUMNS (SAXID_FAMILY_MOST + 1)

double
saxid_log_sum (guint n, const double *logarithm)
{
  double largest = -INFINITY, sum = 0;

  for (guint k = 0; k < n; k++)
    largest = fmax (largest, logarithm[k]);
  if (isinf (largest))
    return largest;
  for (guint k = 0; k < n; k++)
    sum += exp (logarithm[k] - largest);
  return largest + log (sum);
}

typedef struct
{
  const SaxidDiscrepancy *discrepancy;
  const SaxidFamily *family;
  guint pair;
  gsize n;
  double *curve, *white; /* [n] P and L⁻¹ P */
  guint evaluations;
} Fit;

static void
fit_init (Fit *fit, const SaxidDiscrepancy *discrepancy, const SaxidFamily *family, guint pair)
{
  *fit = (Fit) { .discrepancy = discrepancy, .family = family, .pair = pair };
  fit->n = saxid_discrepancy_n_point (discrepancy);
  fit->curve = g_new (double, fit->n);
  fit->white = g_new (double, fit->n);
}

static void
fit_clear (Fit *fit)
{
  g_free (fit->curve);
  g_free (fit->white);
}
typedef Fit FitHolder;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FitHolder, fit_clear)

/* Curves that are nothing or everything anywhere cannot be whitened. */
static gboolean
compute (Fit *fit, const double *parameter)
{
  fit->evaluations++;
  if (!fit->family->curve (fit->family->data, parameter, fit->curve))
    return FALSE;
  for (gsize k = 0; k < fit->n; k++)
    if (!isfinite (fit->curve[k]))
      return FALSE;
  return TRUE;
}

static double
product (gsize n, const double *a, const double *b)
{
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    sum += a[k] * b[k];
  return sum;
}

/* The scale that suits at the pair; not positive: none. */
static double
find_scale (const Fit *fit)
{
  const double *data = saxid_discrepancy_data (fit->discrepancy, fit->pair);

  saxid_discrepancy_whiten (fit->discrepancy, fit->pair, fit->curve, fit->white);
  return product (fit->n, fit->white, data) / fmax (product (fit->n, fit->white, fit->white), G_MINDOUBLE);
}

static double
to_parameter (const SaxidPrior *prior, double x)
{
  return prior->lower + (prior->upper - prior->lower) * 0.5 * (1 + sin (x));
}

static double
from_parameter (const SaxidPrior *prior, double parameter)
{
  const double part = (parameter - prior->lower) / (prior->upper - prior->lower);

  return asin (2 * CLAMP (part, 0.002, 0.998) - 1);
}

static void
place (const SaxidFamily *family, const double *x, double *parameter)
{
  for (guint k = 0; k < family->n; k++)
    parameter[k] = to_parameter (&family->prior[k], x[k] - AWAY);
}

/* Deviations from what the prior expects. */
static double
surprise (const SaxidPrior *prior, double parameter)
{
  return isfinite (prior->spread) ? (parameter - prior->middle) / prior->spread : 0;
}

static int
residuals (void *data, int m, int n, const double *x, double *out, int flag G_GNUC_UNUSED)
{
  Fit *fit = data;
  const double *wanted = saxid_discrepancy_data (fit->discrepancy, fit->pair);
  double parameter[SAXID_FAMILY_MOST], scale = 0;

  place (fit->family, x, parameter);
  if (compute (fit, parameter))
    scale = fmax (find_scale (fit), 0);
  for (gsize k = 0; k < fit->n; k++)
    out[k] = wanted[k] - (scale > 0 ? scale * fit->white[k] : 0);
  for (int k = 0; k < n; k++)
    out[m - n + k] = surprise (&fit->family->prior[k], parameter[k]);
  return 0;
}

gboolean
saxid_evidence_fit (const SaxidDiscrepancy *discrepancy, guint pair, const SaxidFamily *family, const double *start,
                    guint evaluations, SaxidEvidence *evidence)
{
  g_auto (FitHolder) fit = { 0 };
  const int n = (int) family->n;
  double x[SAXID_FAMILY_MOST], diagonal[SAXID_FAMILY_MOST], qtf[SAXID_FAMILY_MOST], one[SAXID_FAMILY_MOST];
  double two[SAXID_FAMILY_MOST], three[SAXID_FAMILY_MOST];
  g_autofree double *room = NULL;
  int pivot[SAXID_FAMILY_MOST], calls = 0, m;

  fit_init (&fit, discrepancy, family, pair);
  m = (int) fit.n + n;
  room = g_new (double, (gsize) m * (gsize) (n + 2));
  for (int k = 0; k < n; k++)
    x[k] = from_parameter (&family->prior[k], start[k]) + AWAY;
  if (evaluations > 0)
    lmdif (residuals, &fit, m, n, x, room, TOLERANCE, X_TOLERANCE, 0, (int) evaluations, DERIVATIVE, diagonal, 1, 1, 0,
           &calls, room + m, m, pivot, qtf, one, two, three, room + (gsize) m * (gsize) (n + 1));
  residuals (&fit, m, n, x, room, 0);
  *evidence = (SaxidEvidence) { .misfit = product ((gsize) m, room, room), .log_evidence = NAN, .pair = pair,
                                .evaluations = fit.evaluations };
  place (family, x, evidence->parameter);
  evidence->scale = find_scale (&fit);
  return isfinite (evidence->misfit) && evidence->scale > 0 && isfinite (evidence->scale);
}

/* The lower half of a becomes its factor; FALSE: not positive. */
static gboolean
factor (guint n, double a[COLUMNS][COLUMNS])
{
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j <= i; j++)
      {
        double sum = a[i][j];

        for (guint k = 0; k < j; k++)
          sum -= a[i][k] * a[j][k];
        if (i == j && !(sum > 0))
          return FALSE;
        a[i][j] = i == j ? sqrt (sum) : sum / a[j][j];
      }
  return TRUE;
}

/* Precision of the prior, and half of the logarithm of it. */
static double
precision (const SaxidPrior *prior)
{
  const double range = prior->upper - prior->lower;

  return isfinite (prior->spread) ? 1 / (prior->spread * prior->spread) : 12 / (range * range);
}

static double
log_density (const SaxidPrior *prior, double parameter)
{
  const double away = surprise (prior, parameter);

  return isfinite (prior->spread) ? -log (prior->spread) - 0.5 * away * away
                                  : 0.5 * log (2 * G_PI) - log (prior->upper - prior->lower);
}

/* ln Z at one pair, from P and its derivatives. Shape: columns (n + 1) × points, of s P the
 * last. */
static double
judge_pair (const SaxidDiscrepancy *discrepancy, guint pair, const SaxidFamily *family, const double *parameter,
            const double *columns, double *white, double *rest)
{
  const gsize n_point = saxid_discrepancy_n_point (discrepancy);
  const double *data = saxid_discrepancy_data (discrepancy, pair);
  const guint n = family->n;
  double normal[COLUMNS][COLUMNS], slope[COLUMNS], out = saxid_discrepancy_constant (discrepancy, pair), gain = 0;
  double ratio;

  for (guint c = 0; c <= n; c++)
    saxid_discrepancy_whiten (discrepancy, pair, columns + c * n_point, white + c * n_point);
  /* the scale is linear, and may be set anew */
  ratio = product (n_point, data, white + n * n_point) / product (n_point, white + n * n_point, white + n * n_point);
  if (!(ratio > 0.1))
    return -INFINITY;
  for (gsize k = 0; k < (n + 1) * n_point; k++)
    white[k] *= ratio;
  for (gsize k = 0; k < n_point; k++)
    rest[k] = data[k] - white[n * n_point + k];
  out -= 0.5 * product (n_point, rest, rest) + log (SCALE_RANGE);
  for (guint i = 0; i <= n; i++)
    {
      slope[i] = product (n_point, rest, white + i * n_point);
      for (guint j = 0; j <= i; j++)
        normal[i][j] = product (n_point, white + i * n_point, white + j * n_point);
      if (i == n)
        continue;
      normal[i][i] += precision (&family->prior[i]);
      if (isfinite (family->prior[i].spread))
        slope[i] -= surprise (&family->prior[i], parameter[i]) / family->prior[i].spread;
      out += log_density (&family->prior[i], parameter[i]);
    }
  normal[n][n] += 12 / (SCALE_RANGE * SCALE_RANGE);
  if (!factor (n + 1, normal))
    return -INFINITY;
  for (guint i = 0; i <= n; i++)
    {
      for (guint k = 0; k < i; k++)
        slope[i] -= normal[i][k] * slope[k];
      slope[i] /= normal[i][i];
      gain += 0.5 * slope[i] * slope[i];
      out -= log (normal[i][i]);
    }
  return out + fmin (gain, MOST_GAIN);
}

/* s P and its derivatives. */
static gboolean
differentiate (Fit *fit, const SaxidEvidence *evidence, double *columns)
{
  const guint n = fit->family->n;
  double other[SAXID_FAMILY_MOST];
  double *base = columns + n * fit->n;

  if (!compute (fit, evidence->parameter))
    return FALSE;
  for (gsize k = 0; k < fit->n; k++)
    base[k] = evidence->scale * fit->curve[k];
  for (guint c = 0; c < n; c++)
    {
      const SaxidPrior *prior = &fit->family->prior[c];
      const double step = evidence->parameter[c] + STEP < prior->upper ? STEP : -STEP;

      memcpy (other, evidence->parameter, sizeof other);
      other[c] += step;
      if (!compute (fit, other))
        return FALSE;
      for (gsize k = 0; k < fit->n; k++)
        columns[c * fit->n + k] = (evidence->scale * fit->curve[k] - base[k]) / step;
    }
  return TRUE;
}

static void
sum_up (SaxidEvidence *evidence)
{
  double joint[SAXID_DISCREPANCY_PAIRS];

  for (guint pair = 0; pair < SAXID_DISCREPANCY_PAIRS; pair++)
    joint[pair] = evidence->at[pair] + log (saxid_discrepancy_prior (pair));
  evidence->log_evidence = saxid_log_sum (SAXID_DISCREPANCY_PAIRS, joint);
  for (guint pair = 0; pair < SAXID_DISCREPANCY_PAIRS; pair++)
    if (joint[pair] > joint[evidence->pair])
      evidence->pair = pair;
}

void
saxid_evidence_join (SaxidEvidence *evidence, const SaxidEvidence *other)
{
  SaxidEvidence joined = evidence->log_evidence >= other->log_evidence ? *evidence : *other;

  for (guint pair = 0; pair < SAXID_DISCREPANCY_PAIRS; pair++)
    joined.at[pair] = fmax (evidence->at[pair], other->at[pair]);
  joined.evaluations = evidence->evaluations + other->evaluations;
  sum_up (&joined);
  *evidence = joined;
}

gboolean
saxid_evidence_judge (const SaxidDiscrepancy *discrepancy, const SaxidFamily *family, SaxidEvidence *evidence)
{
  g_auto (FitHolder) fit = { 0 };
  g_autofree double *room = NULL;
  gsize size;

  fit_init (&fit, discrepancy, family, evidence->pair);
  size = (family->n + 1) * fit.n;
  room = g_new (double, 2 * size + fit.n);
  evidence->log_evidence = -INFINITY;
  if (!differentiate (&fit, evidence, room))
    return FALSE;
  for (guint pair = 0; pair < SAXID_DISCREPANCY_PAIRS; pair++)
    evidence->at[pair]
      = judge_pair (discrepancy, pair, family, evidence->parameter, room, room + size, room + 2 * size);
  sum_up (evidence);
  evidence->evaluations += fit.evaluations;
  return isfinite (evidence->log_evidence);
}
