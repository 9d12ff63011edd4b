/* What does a curve look like when everything that goes wrong has gone wrong?
 *
 * What happens before the photons are counted (repulsion, upturn, background, shadow)
 * changes their mean; what happens after (subtraction, interpolation, σ, scale, points
 * that are missing) changes the numbers.
 *
 * Units: see measured.h. Thread: pure but for `out`.
 */
#include "models/simulate/measured.h"

#include <math.h>

/* What the beam stop still lets pass at the first point. */
#define DEEPEST_SHADOW 0.05
/* (q Rg)²/3 of the first node, where it is to tell I(0). */
#define MOST_GUINIER 4.0
/* A reader needs some points. */
#define LEAST_POINTS 16

SaxidMeasured *
saxid_measured_new (void)
{
  return g_new0 (SaxidMeasured, 1);
}

void
saxid_measured_free (SaxidMeasured *measured)
{
  if (measured == NULL)
    return;
  g_free (measured->q);
  g_free (measured->intensity);
  g_free (measured->sigma);
  g_free (measured);
}

static void
make_room (SaxidMeasured *out, gsize n)
{
  if (n <= out->n_most)
    return;
  out->n_most = n;
  out->q = g_renew (double, out->q, n);
  out->intensity = g_renew (double, out->intensity, n);
  out->sigma = g_renew (double, out->sigma, n);
}

/* Particles that are not quite dilute, in the approximation of single contacts, which
 * needs to know nothing of the shape: 1/I = (1/P + ν) / I(0), ν = 2 A2 M c (Zimm 1948,
 * doi:10.1063/1.1746738). I(0) is Guinier's, of the first two nodes, or the highest I where
 * the contrasts nearly cancel at q = 0: nothing is pressed down by more than 1 + ν. */
static double *
keep_apart (const SaxidMeasurementPlan *plan, const double *truth, double strength)
{
  double *apart = g_memdup2 (truth, plan->n_true * sizeof *truth);
  const double a = plan->q_true[0] * plan->q_true[0], b = plan->q_true[1] * plan->q_true[1];
  const double fall = truth[0] > 0 && truth[1] > 0 && b > a ? log (truth[0] / truth[1]) / (b - a) : 0;
  double forward = truth[0] * exp (CLAMP (fall * a, 0, MOST_GUINIER));

  for (gsize k = 0; k < plan->n_true; k++)
    forward = fmax (forward, truth[k]);
  for (gsize k = 0; forward > 0 && k < plan->n_true; k++)
    apart[k] /= 1 + strength * apart[k] / forward;
  return apart;
}

/* What the sample scatters besides the particles, 1/cm. */
static void
add_scattering (const SaxidMeasurementPlan *plan, const SaxidNuisances *nuisances, double *intensity)
{
  double highest = 0;

  for (gsize k = 0; k < plan->n_q; k++)
    highest = fmax (highest, intensity[k]);
  for (gsize k = 0; k < plan->n_q; k++)
    {
      if (SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_UPTURN))
        intensity[k] += highest * nuisances->strength[SAXID_NUISANCE_UPTURN]
                        * pow (plan->q[k] / plan->q[0], -nuisances->strength[SAXID_NUISANCE_UPTURN_POWER]);
      if (SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_BACKGROUND))
        intensity[k] += plan->instrument->buffer * nuisances->strength[SAXID_NUISANCE_BACKGROUND];
    }
}

/* The part of the photons at q that the beam stop lets pass: from little at the
 * first point, by a smooth step, to all. */
static double
shadow_at (const SaxidMeasurementPlan *plan, const SaxidNuisances *nuisances, double q)
{
  double end = plan->q[0] * nuisances->strength[SAXID_NUISANCE_SHADOW];
  double x = (q - plan->q[0]) / (end - plan->q[0]);

  if (!SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SHADOW) || x >= 1)
    return 1;
  return DEEPEST_SHADOW + (1 - DEEPEST_SHADOW) * x * x * (3 - 2 * x);
}

/* As saxid_measurement_take, with what the beam stop takes and with another part of
 * the buffer subtracted. */
static void
count (const SaxidMeasurementPlan *plan, const SaxidNuisances *nuisances, SaxidRandom *random, SaxidMeasured *out)
{
  double subtracted = SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SUBTRACTION)
                        ? 1 + nuisances->strength[SAXID_NUISANCE_SUBTRACTION]
                        : 1;

  for (gsize k = 0; k < plan->n_q; k++)
    {
      double counts = plan->counts[k], buffer = plan->instrument->buffer;
      double pass = counts * shadow_at (plan, nuisances, plan->q[k]);
      double with_sample = saxid_random_poisson (random, fmax (pass * (out->intensity[k] + buffer), 0));
      double without = saxid_random_poisson (random, pass * buffer);
      double variance = with_sample + subtracted * subtracted * without;

      out->intensity[k] = (with_sample - subtracted * without) / counts;
      out->sigma[k] = sqrt (fmax (variance, 1)) / counts;
    }
}

static void
spoil_sigma (const SaxidNuisances *nuisances, SaxidMeasured *out)
{
  for (gsize k = 0; k < out->n; k++)
    {
      if (SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SIGMA_FACTOR))
        out->sigma[k] *= nuisances->strength[SAXID_NUISANCE_SIGMA_FACTOR];
      if (SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SIGMA_PART) && out->intensity[k] != 0)
        out->sigma[k] = fabs (out->intensity[k]) * nuisances->strength[SAXID_NUISANCE_SIGMA_PART];
    }
  out->has_sigma = !SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SIGMA_ABSENT);
}

/* Between the modules of a detector, or where a filter took a spike: the line
 * between the neighbours, with the σ of both. */
static void
fill_points (const SaxidNuisances *nuisances, SaxidRandom *random, SaxidMeasured *out)
{
  if (!SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_FILLED))
    return;
  for (gsize k = 1; k + 1 < out->n; k++)
    if (saxid_random_unit (random) < nuisances->strength[SAXID_NUISANCE_FILLED])
      {
        double part = (out->q[k] - out->q[k - 1]) / (out->q[k + 1] - out->q[k - 1]);

        out->intensity[k] = (1 - part) * out->intensity[k - 1] + part * out->intensity[k + 1];
        out->sigma[k] = hypot ((1 - part) * out->sigma[k - 1], part * out->sigma[k + 1]);
      }
}

static void
drop_points (const SaxidNuisances *nuisances, SaxidRandom *random, SaxidMeasured *out)
{
  gsize kept = 0, n = out->n;

  if (!SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_DROPPED))
    return;
  for (gsize k = 0; k < n; k++)
    {
      if (saxid_random_unit (random) < nuisances->strength[SAXID_NUISANCE_DROPPED]
          && kept + (n - k - 1) >= LEAST_POINTS)
        continue;
      out->q[kept] = out->q[k];
      out->intensity[kept] = out->intensity[k];
      out->sigma[kept] = out->sigma[k];
      kept++;
    }
  out->n = kept;
}

void
saxid_measure (const SaxidMeasurementPlan *plan, const double *truth, SaxidMeasureFlags flags, guint64 seed,
               guint64 sample, SaxidMeasured *out, SaxidNuisances *nuisances)
{
  g_autofree double *apart = NULL;
  SaxidNuisances drawn = { 0 };
  SaxidRandom random, counts;

  make_room (out, plan->n_q);
  out->n = plan->n_q;
  out->has_sigma = (flags & SAXID_MEASURE_NOISELESS) == 0;
  for (gsize k = 0; k < out->n; k++)
    {
      out->q[k] = plan->q[k];
      out->sigma[k] = 0;
    }
  saxid_random_init (&random, seed, sample, SAXID_STREAM_NUISANCE);
  if ((flags & SAXID_MEASURE_NUISANCES) != 0)
    saxid_nuisances_draw (&random, &drawn);
  if (SAXID_HAS_NUISANCE (&drawn, SAXID_NUISANCE_REPULSION))
    apart = keep_apart (plan, truth, drawn.strength[SAXID_NUISANCE_REPULSION]);
  saxid_measurement_smear (plan, apart != NULL ? apart : truth, out->intensity);
  add_scattering (plan, &drawn, out->intensity);
  if ((flags & SAXID_MEASURE_NOISELESS) == 0)
    {
      saxid_random_init (&counts, seed, sample, SAXID_STREAM_COUNTS);
      count (plan, &drawn, &counts, out);
      spoil_sigma (&drawn, out);
    }
  fill_points (&drawn, &random, out);
  drop_points (&drawn, &random, out);
  if (SAXID_HAS_NUISANCE (&drawn, SAXID_NUISANCE_SCALE))
    for (gsize k = 0; k < out->n; k++)
      {
        out->intensity[k] *= drawn.strength[SAXID_NUISANCE_SCALE];
        out->sigma[k] *= drawn.strength[SAXID_NUISANCE_SCALE];
      }
  if (nuisances != NULL)
    *nuisances = drawn;
}
