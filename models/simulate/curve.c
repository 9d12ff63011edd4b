/* What does a curve look like when everything that goes wrong has gone wrong?
 *
 * What happens before the photons are counted (structure factor, discrepancy, surroundings,
 * shadow) changes their mean; what happens after (subtraction, a step between two detector
 * positions, interpolation, σ, scale, points that are missing) changes the numbers.
 *
 * Units: see curve.h. Thread: pure but for `out`.
 */
#include "models/simulate/curve.h"

#include <math.h>

#include "models/simulate/discrepancy.h"
#include "models/simulate/surroundings.h"

/* What the beam stop still lets pass at the first point. */
#define DEEPEST_SHADOW 0.05
/* A reader needs some points. */
#define LEAST_POINTS 16

SaxidSimulatedCurve *
saxid_simulated_curve_new (void)
{
  return g_new0 (SaxidSimulatedCurve, 1);
}

void
saxid_simulated_curve_free (SaxidSimulatedCurve *curve)
{
  if (curve == NULL)
    return;
  g_free (curve->q);
  g_free (curve->intensity);
  g_free (curve->sigma);
  g_free (curve);
}

gpointer
saxid_simulated_curve_scratch (void)
{
  return saxid_simulated_curve_new ();
}

void
saxid_simulated_curve_forget (gpointer curve)
{
  saxid_simulated_curve_free (curve);
}

static void
allocate (SaxidSimulatedCurve *out, gsize n)
{
  if (n <= out->n_most)
    return;
  out->n_most = n;
  out->q = g_renew (double, out->q, n);
  out->intensity = g_renew (double, out->intensity, n);
  out->sigma = g_renew (double, out->sigma, n);
}

/* The part of the photons at q that the beam stop lets pass: from little at the
 * first point, by a smooth step, to all. */
static double
shadow_at (const SaxidResponse *response, const SaxidNuisances *nuisances, double q)
{
  double end = response->q[0] * nuisances->strength[SAXID_NUISANCE_SHADOW];
  double x = (q - response->q[0]) / (end - response->q[0]);

  if (!SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SHADOW) || x >= 1)
    return 1;
  return DEEPEST_SHADOW + (1 - DEEPEST_SHADOW) * x * x * (3 - 2 * x);
}

/* As saxid_response_measure, with what the beam stop takes and with another part of
 * the buffer subtracted. */
static void
count (const SaxidResponse *response, const SaxidNuisances *nuisances, SaxidRandom *random, SaxidSimulatedCurve *out)
{
  double subtracted = SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_SUBTRACTION)
                        ? 1 + nuisances->strength[SAXID_NUISANCE_SUBTRACTION]
                        : 1;

  for (gsize k = 0; k < response->n_q; k++)
    {
      double counts = response->counts[k], buffer = response->instrument->buffer;
      double pass = counts * shadow_at (response, nuisances, response->q[k]);
      double with_sample = saxid_random_poisson (random, fmax (pass * (out->intensity[k] + buffer), 0));
      double without = saxid_random_poisson (random, pass * buffer);
      double variance = with_sample + subtracted * subtracted * without;

      out->intensity[k] = (with_sample - subtracted * without) / counts;
      out->sigma[k] = sqrt (fmax (variance, 1)) / counts;
    }
}

static void
spoil_sigma (const SaxidNuisances *nuisances, SaxidSimulatedCurve *out)
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

/* Two detector positions, merged with another factor each. */
static void
make_step (const SaxidNuisances *nuisances, SaxidSimulatedCurve *out)
{
  const double part = nuisances->strength[SAXID_NUISANCE_STEP_PLACE];
  const double at = out->q[0] * pow (out->q[out->n - 1] / out->q[0], part);

  if (!SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_STEP))
    return;
  for (gsize k = 0; k < out->n; k++)
    if (out->q[k] > at)
      {
        out->intensity[k] *= 1 + nuisances->strength[SAXID_NUISANCE_STEP];
        out->sigma[k] *= 1 + nuisances->strength[SAXID_NUISANCE_STEP];
      }
}

/* Between the modules of a detector, or where a filter took a spike: the line
 * between the neighbours, with the σ of both. */
static void
fill_points (const SaxidNuisances *nuisances, SaxidRandom *random, SaxidSimulatedCurve *out)
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
drop_points (const SaxidNuisances *nuisances, SaxidRandom *random, SaxidSimulatedCurve *out)
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

/* The intensity as it reaches the detector: smeared, with all that the sample scatters. */
static void
illuminate (const SaxidResponse *response, const SaxidNuisances *nuisances, const double *truth, SaxidRandom *random,
            double *intensity)
{
  g_autofree double *apart = saxid_surroundings_interact (response, nuisances, truth);

  saxid_response_smear (response, apart != NULL ? apart : truth, intensity);
  if (SAXID_HAS_NUISANCE (nuisances, SAXID_NUISANCE_DISCREPANCY))
    saxid_discrepancy_apply (random, nuisances->strength[SAXID_NUISANCE_DISCREPANCY],
                             nuisances->strength[SAXID_NUISANCE_DISCREPANCY_LENGTH], response->n_q, response->q, intensity);
  saxid_surroundings_add (response, nuisances, intensity);
}

void
saxid_simulated_curve_draw (const SaxidResponse *response, const double *truth, SaxidMeasureFlags flags,
                            const SaxidNuisances *given, guint64 seed, guint64 sample, SaxidSimulatedCurve *out,
                            SaxidNuisances *nuisances)
{
  SaxidNuisances drawn = { 0 };
  SaxidRandom random, smooth, counts;

  allocate (out, response->n_q);
  out->n = response->n_q;
  out->has_sigma = (flags & SAXID_MEASURE_NOISELESS) == 0;
  for (gsize k = 0; k < out->n; k++)
    {
      out->q[k] = response->q[k];
      out->sigma[k] = 0;
    }
  saxid_random_init (&random, seed, sample, SAXID_STREAM_NUISANCE);
  saxid_random_init (&smooth, seed, sample, SAXID_STREAM_DISCREPANCY);
  if ((flags & SAXID_MEASURE_NUISANCES) != 0)
    saxid_nuisances_draw (&random, &drawn);
  if (given != NULL)
    saxid_nuisances_add (&drawn, given);
  illuminate (response, &drawn, truth, &smooth, out->intensity);
  if ((flags & SAXID_MEASURE_NOISELESS) == 0)
    {
      saxid_random_init (&counts, seed, sample, SAXID_STREAM_COUNTS);
      count (response, &drawn, &counts, out);
      spoil_sigma (&drawn, out);
    }
  make_step (&drawn, out);
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
