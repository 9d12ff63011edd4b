/* What else may a curve be, if no particle of the classes?
 *
 *   power law        q^-m
 *   Guinier-Porod    Hammouda 2010, doi:10.1107/S0021889810015773; one level and two
 *   Lorentz          1 / (1 + (q xi)^m): m = 2 Ornstein & Zernike 1914; 4 almost Debye & Bueche
 *                    1949, doi:10.1063/1.1698419; with a power law below, the correlation
 *                    length model of Hammouda et al. 2004, doi:10.1021/ma049623d
 *   coil             Debye 1947, doi:10.1021/j150451a002, with the excluded volume in the exponent
 *   Teubner-Strey    doi:10.1063/1.453006, as a period and a correlation length
 *   peaks            one or two Lorentzian peaks on a power law
 *
 * The flat background is in the covariance of the discrepancy. Lengths are thought of
 * beforehand as anywhere in the window of the curve.
 *
 * Thread: pure.
 */
#include "models/fit/rival.h"

#include <math.h>

#define EVALUATIONS 12 /* for each parameter and one more */
#define STARTS 4
/* Pairs (tau, l) at which is fitted beside the first. */
static const guint pairs[] = { 4, 10 };

typedef enum
{
  LENGTH,   /* ln of 1 / q of the window */
  POSITION, /* ln of a q of the window */
  EXPONENT,
  CRYSTAL, /* exponent of what lies below a Guinier region: 0 sphere, 1 rod, 2 plate */
  WIDTH,   /* ln of a relative width */
  RATIO    /* ln of a ratio of intensities */
} Kind;

static const SaxidPrior priors[] = {
  [EXPONENT] = { 0.3, 4.8, 3, 0.9 },
  [CRYSTAL] = { 0, 2.5, 0.3, 0.6 },
  [WIDTH] = { -4.6, -0.2, -2.3, 0.9 },
  [RATIO] = { -12, 9, -1, 3 },
};

typedef struct
{
  const char *name;
  guint n;
  Kind kind[SAXID_FAMILY_MOST];
  double (*value) (const double *p, double q, double q_middle);
} Rival;

static double
power_law (const double *p, double q, double q_middle)
{
  return pow (q / q_middle, -p[0]);
}

/* One level of Guinier and Porod, 1 where q is least. */
static double
level (double rg, double s, double m, double q)
{
  const double d = fmax (m, s + 0.2), under = 3 - s;
  const double q1 = sqrt ((d - s) * under / 2) / rg;

  if (q <= q1)
    return pow (q * rg, -s) * exp (-q * q * rg * rg / under);
  return pow (q * rg, -d) * exp (-0.5 * (d - s)) * pow (q1 * rg, d - s);
}

static double
guinier_porod (const double *p, double q, double q_middle G_GNUC_UNUSED)
{
  return level (exp (p[0]), p[1], p[2], q);
}

static double
two_levels (const double *p, double q, double q_middle G_GNUC_UNUSED)
{
  const double large = fmax (p[0], p[3]), small = fmin (p[0], p[3]);

  return level (exp (large), 0, p[1], q) + exp (p[2]) * level (exp (small), 0, p[4], q);
}

static double
lorentz (const double *p, double q, double q_middle G_GNUC_UNUSED)
{
  return 1 / (1 + pow (q * exp (p[0]), p[1]));
}

static double
correlation_length (const double *p, double q, double q_middle)
{
  return 1 / (1 + pow (q * exp (p[0]), p[1])) + exp (p[2]) * pow (q / q_middle, -p[3]);
}

static double
coil (const double *p, double q, double q_middle G_GNUC_UNUSED)
{
  const double x = q * q * exp (2 * p[0]);

  return x > 1e-3 ? 2 * (exp (-x) - 1 + x) / (x * x) : 1 - x / 3;
}

static double
teubner_strey (const double *p, double q, double q_middle G_GNUC_UNUSED)
{
  const double k = exp (p[0]), xi = 1 / (k * exp (p[1])), a = k * k + 1 / (xi * xi), b = k * k - 1 / (xi * xi);

  return 1 / (a * a - 2 * b * q * q + q * q * q * q) * k * k * k * k;
}

static double
peak_at (double position, double width, double q)
{
  const double away = (q / exp (position) - 1) / exp (width);

  return 1 / (1 + away * away);
}

static double
peak (const double *p, double q, double q_middle)
{
  return pow (q / q_middle, -p[0]) + exp (p[1]) * peak_at (p[2], p[3], q);
}

static double
two_peaks (const double *p, double q, double q_middle)
{
  return pow (q / q_middle, -p[0]) + exp (p[1]) * peak_at (p[2], p[3], q) + exp (p[4]) * peak_at (p[5], p[3], q);
}

static const Rival rivals[] = {
  { "power law", 1, { EXPONENT }, power_law },
  { "Guinier-Porod", 3, { LENGTH, CRYSTAL, EXPONENT }, guinier_porod },
  { "two levels", 5, { LENGTH, EXPONENT, RATIO, LENGTH, EXPONENT }, two_levels },
  { "Lorentz", 2, { LENGTH, EXPONENT }, lorentz },
  { "correlation length", 4, { LENGTH, EXPONENT, RATIO, EXPONENT }, correlation_length },
  { "coil", 1, { LENGTH }, coil },
  { "Teubner-Strey", 2, { POSITION, WIDTH }, teubner_strey },
  { "peak", 4, { EXPONENT, RATIO, POSITION, WIDTH }, peak },
  { "two peaks", 6, { EXPONENT, RATIO, POSITION, WIDTH, RATIO, POSITION }, two_peaks },
};

guint
saxid_rival_count (void)
{
  return G_N_ELEMENTS (rivals);
}

const char *
saxid_rival_name (guint rival)
{
  return rivals[rival].name;
}

typedef struct
{
  const Rival *rival;
  const double *q;
  gsize n;
  double q_middle;
} Curve;

static gboolean
compute (gpointer data, const double *parameter, double *out)
{
  const Curve *curve = data;

  for (gsize k = 0; k < curve->n; k++)
    out[k] = curve->rival->value (parameter, curve->q[k], curve->q_middle);
  return TRUE;
}

static SaxidPrior
prior_of (Kind kind, double first, double last)
{
  if (kind == LENGTH)
    return (SaxidPrior) { -log (last) - 0.7, -log (first) + 1.5, 0, INFINITY };
  if (kind == POSITION)
    return (SaxidPrior) { log (first), log (last), 0, INFINITY };
  return priors[kind];
}

/* Beginnings differ in what lies in the window of q; the second of these lies apart from
 * the first. */
static void
begin (const Rival *rival, const SaxidFamily *family, guint start, double *parameter)
{
  guint seen = 0;

  for (guint k = 0; k < rival->n; k++)
    {
      const SaxidPrior *prior = &family->prior[k];
      const gboolean moves = rival->kind[k] == LENGTH || rival->kind[k] == POSITION;
      const double part = fmod ((start + 0.5) / STARTS + 0.4 * seen, 1);

      parameter[k] = moves ? prior->lower + part * (prior->upper - prior->lower) : prior->middle;
      seen += moves;
    }
}

static gboolean
fit_at (const SaxidDiscrepancy *discrepancy, guint pair, const Rival *rival, const SaxidFamily *family,
        SaxidEvidence *evidence)
{
  double start[SAXID_FAMILY_MOST];
  SaxidEvidence trial;

  *evidence = (SaxidEvidence) { .misfit = INFINITY, .log_evidence = -INFINITY };
  for (guint k = 0; k < STARTS; k++)
    {
      begin (rival, family, k, start);
      if (saxid_evidence_fit (discrepancy, pair, family, start, EVALUATIONS * (family->n + 1), &trial)
          && trial.misfit < evidence->misfit)
        *evidence = trial;
    }
  return isfinite (evidence->misfit) && saxid_evidence_judge (discrepancy, family, evidence);
}

gboolean
saxid_rival_judge (guint rival, const SaxidDiscrepancy *discrepancy, const double *q, SaxidEvidence *evidence)
{
  const gsize n = saxid_discrepancy_n_point (discrepancy);
  Curve curve = { &rivals[rival], q, n, sqrt (q[0] * q[n - 1]) };
  SaxidFamily family = { .n = rivals[rival].n, .curve = compute, .data = &curve };
  SaxidEvidence trial;

  for (guint k = 0; k < family.n; k++)
    family.prior[k] = prior_of (rivals[rival].kind[k], q[0], q[n - 1]);
  if (!fit_at (discrepancy, SAXID_DISCREPANCY_FIRST, &rivals[rival], &family, evidence))
    return FALSE;
  for (guint p = 0; p < G_N_ELEMENTS (pairs); p++)
    if (saxid_evidence_fit (discrepancy, pairs[p], &family, evidence->parameter, EVALUATIONS * (family.n + 1), &trial)
        && saxid_evidence_judge (discrepancy, &family, &trial))
      saxid_evidence_join (evidence, &trial);
  return TRUE;
}
