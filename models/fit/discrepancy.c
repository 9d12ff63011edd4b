/* How far may a measured curve be from the right form factor?
 *
 * All is relative to the smoothed intensity, so that the matrices have entries of the
 * order of one; what that adds to the logarithms is the same for all models.
 *
 * Thread: see discrepancy.h.
 */
#include "models/fit/discrepancy.h"

#include <math.h>

/* Of the window of ln q in which the intensity is smoothed. */
#define SMOOTH 0.1
/* No point is known better than this part of the intensity: bins have a width, and
 * neighbours are not at one in anything. */
#define FINEST 0.004
/* Deviation of the flat background, in units of the lowest of the smoothed intensity, and
 * of the power law that is seen at the lowest q alone (aggregates, or the shadow of a beam
 * stop), in units of the intensity there; and its exponent. */
#define FLAT 1.0
#define STEEP 0.1
#define POWER 3.0

/* rms of the discrepancy, and how often it is so large: most curves of good laboratories
 * come within some per cent of a form factor. */
static const struct
{
  double tau, weight;
} taus[] = { { 0.003, 0.5 }, { 0.01, 1 }, { 0.03, 1 }, { 0.1, 1 }, { 0.3, 0.5 } };
static const double lengths[] = { 0.15, 0.4, 1.0 };

G_STATIC_ASSERT (G_N_ELEMENTS (taus) * G_N_ELEMENTS (lengths) == SAXID_DISCREPANCY_PAIRS);

typedef struct
{
  double *factor; /* [n × n] L, rows */
  double *data;   /* [n] */
  double constant;
} Pair;

struct SaxidDiscrepancy
{
  gsize n;
  double *unit; /* [n] the smoothed intensity */
  Pair pair[SAXID_DISCREPANCY_PAIRS];
};

gsize
saxid_discrepancy_n_point (const SaxidDiscrepancy *self)
{
  return self->n;
}

double
saxid_discrepancy_tau (guint pair)
{
  return taus[pair / G_N_ELEMENTS (lengths)].tau;
}

double
saxid_discrepancy_length (guint pair)
{
  return lengths[pair % G_N_ELEMENTS (lengths)];
}

double
saxid_discrepancy_prior (guint pair)
{
  double sum = 0;

  for (guint k = 0; k < G_N_ELEMENTS (taus); k++)
    sum += taus[k].weight;
  return taus[pair / G_N_ELEMENTS (lengths)].weight / sum / G_N_ELEMENTS (lengths);
}

/* The intensity as it is around each point, no less than its noise. */
static void
smooth (const SaxidCurve *curve, double *out)
{
  for (gsize k = 0; k < curve->n; k++)
    {
      double sum = 0, whole = 0;

      for (gsize j = 0; j < curve->n; j++)
        {
          const double away = log (curve->q[j] / curve->q[k]) / SMOOTH, weight = exp (-0.5 * away * away);

          sum += weight * curve->intensity[j];
          whole += weight;
        }
      out[k] = fmax (fabs (sum / whole), curve->sigma[k]);
    }
}

/* Matérn's kernel of order 5/2. */
static double
kernel (double distance)
{
  const double d = sqrt (5.0) * distance;

  return (1 + d + d * d / 3) * exp (-d);
}

/* The part of the covariance that all pairs share. Shape: out n × n, the lower half. */
static void
lay_common (const SaxidCurve *curve, const double *unit, double *out)
{
  const gsize n = curve->n;
  double least = INFINITY;

  for (gsize k = 0; k < n; k++)
    least = fmin (least, unit[k]);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j <= i; j++)
      {
        const double flat = FLAT * FLAT * (least / unit[i]) * (least / unit[j]);
        const double steep = STEEP * STEEP * (unit[0] / unit[i]) * (unit[0] / unit[j])
                             * pow (curve->q[i] * curve->q[j] / (curve->q[0] * curve->q[0]), -POWER);
        const double own = curve->sigma[i] / unit[i];

        out[i * n + j] = flat + steep + (i == j ? own * own + FINEST * FINEST : 0);
      }
}

/* The lower half of a becomes its factor of Cholesky. */
static void
factor (gsize n, double *a)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j <= i; j++)
      {
        double sum = a[i * n + j];

        for (gsize k = 0; k < j; k++)
          sum -= a[i * n + k] * a[j * n + k];
        a[i * n + j] = i == j ? sqrt (fmax (sum, 1e-14)) : sum / a[j * n + j];
      }
}

void
saxid_discrepancy_whiten (const SaxidDiscrepancy *self, guint pair, const double *values, double *out)
{
  const double *row = self->pair[pair].factor;

  for (gsize i = 0; i < self->n; i++, row += self->n)
    {
      double sum = values[i] / self->unit[i];

      for (gsize k = 0; k < i; k++)
        sum -= row[k] * out[k];
      out[i] = sum / row[i];
    }
}

static void
make_pair (SaxidDiscrepancy *self, const SaxidCurve *curve, const double *common, guint at)
{
  const double tau = saxid_discrepancy_tau (at), length = saxid_discrepancy_length (at);
  const gsize n = self->n;
  Pair *pair = &self->pair[at];

  pair->factor = g_new (double, n * n);
  pair->data = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j <= i; j++)
      pair->factor[i * n + j] = common[i * n + j] + tau * tau * kernel (log (curve->q[i] / curve->q[j]) / length);
  factor (n, pair->factor);
  saxid_discrepancy_whiten (self, at, curve->intensity, pair->data);
  pair->constant = -0.5 * (double) n * log (2 * G_PI);
  for (gsize k = 0; k < n; k++)
    pair->constant -= log (pair->factor[k * n + k]);
}

SaxidDiscrepancy *
saxid_discrepancy_new (const SaxidCurve *coarse)
{
  SaxidDiscrepancy *self = g_new0 (SaxidDiscrepancy, 1);
  g_autofree double *common = g_new (double, coarse->n * coarse->n);

  self->n = coarse->n;
  self->unit = g_new (double, coarse->n);
  smooth (coarse, self->unit);
  lay_common (coarse, self->unit, common);
  for (guint k = 0; k < SAXID_DISCREPANCY_PAIRS; k++)
    make_pair (self, coarse, common, k);
  return self;
}

void
saxid_discrepancy_free (SaxidDiscrepancy *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < SAXID_DISCREPANCY_PAIRS; k++)
    {
      g_free (self->pair[k].factor);
      g_free (self->pair[k].data);
    }
  g_free (self->unit);
  g_free (self);
}

const double *
saxid_discrepancy_data (const SaxidDiscrepancy *self, guint pair)
{
  return self->pair[pair].data;
}

double
saxid_discrepancy_constant (const SaxidDiscrepancy *self, guint pair)
{
  return self->pair[pair].constant;
}
