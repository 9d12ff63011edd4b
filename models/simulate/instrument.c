/* What does an instrument make of a true intensity?
 *
 * Resolution: convolution in q with a Gaussian of the beam's width on the
 * detector; I(-q) = I(q) near the beam.
 * Counting: a ring of width Δq at q subtends ΔΩ = 2π q Δq / k², k = 2π/λ
 * (exact, since q dq = k² sin 2θ d2θ), so N = flux · time · thickness · I · ΔΩ.
 * The ring is taken to lie whole on the detector.
 * The two instruments of the paper: Monge et al. 2024, 10.1107/S2053273324000950.
 *
 * Units: q 1/Å, I 1/cm. Thread: const table; a plan is immutable once made.
 */
#include "models/simulate/instrument.h"

#include <math.h>
#include <stdlib.h>

/* Beyond this many standard deviations the resolution kernel is cut: the
 * weight outside is 2.7e-3 at 3, 6e-5 at 4. */
#define KERNEL_SIGMAS 4.0

static const SaxidInstrument instruments[] = {
  {
    .name = "Xeuss1800HR",
    .title = "Xenocs Xeuss at 1.8 m, Eiger 1M, copper",
    .reference = "10.1107/S2053273324000950",
    .q_min = 0.0031, .q_max = 0.1493, .n_q = 890, .ring_width = 1.7e-4, .fwhm = 0.0016,
    .flux = 3.43e6, .time = 1200, .distance = 1.8, .wavelength = 1.54, .thickness = 0.1,
    .buffer = 0.0165,
  },
  {
    .name = "NanoInXiderHR",
    .title = "Xenocs Nano-inXider at 0.938 m, copper",
    .reference = "10.1107/S2053273324000950",
    .q_min = 0.0019, .q_max = 0.4452, .n_q = 592, .ring_width = 7.5e-4, .fwhm = 0.0024,
    .flux = 7.22e6, .time = 1200, .distance = 0.938, .wavelength = 1.54, .thickness = 0.1,
    .buffer = 0.0165,
  },
};

const SaxidInstrument *
saxid_instrument_at (guint index)
{
  return index < G_N_ELEMENTS (instruments) ? &instruments[index] : NULL;
}

const SaxidInstrument *
saxid_instrument_find (const char *name)
{
  for (guint k = 0; k < G_N_ELEMENTS (instruments); k++)
    if (g_ascii_strcasecmp (instruments[k].name, name) == 0)
      return &instruments[k];
  return NULL;
}

typedef struct
{
  double q;
  gsize step; /* on the extended grid */
} Node;

static int
compare_nodes (const void *a, const void *b)
{
  const Node *x = a, *y = b;

  return (x->q > y->q) - (x->q < y->q);
}

/* Steps of the extended grid that fall at negative q are the mirror images of
 * positive ones; the shapes want ascending q, so the nodes are sorted. */
static void
lay_nodes (SaxidMeasurementPlan *plan, double step)
{
  g_autofree Node *nodes = g_new (Node, plan->n_true);

  for (gsize k = 0; k < plan->n_true; k++)
    {
      double q = plan->instrument->q_min + ((double) k - (double) plan->reach) * step;

      nodes[k] = (Node) { fabs (q), k };
    }
  qsort (nodes, plan->n_true, sizeof *nodes, compare_nodes);
  for (gsize k = 0; k < plan->n_true; k++)
    {
      plan->q_true[k] = nodes[k].q;
      plan->node[nodes[k].step] = k;
    }
}

static void
lay_kernel (SaxidMeasurementPlan *plan, double step, double sigma)
{
  double sum = 0;

  for (gsize k = 0; k <= 2 * plan->reach; k++)
    {
      double x = ((double) k - (double) plan->reach) * step / sigma;

      plan->kernel[k] = exp (-0.5 * x * x);
      sum += plan->kernel[k];
    }
  for (gsize k = 0; k <= 2 * plan->reach; k++)
    plan->kernel[k] /= sum;
}

SaxidMeasurementPlan *
saxid_measurement_plan_new (const SaxidInstrument *instrument)
{
  SaxidMeasurementPlan *plan = g_new0 (SaxidMeasurementPlan, 1);
  double step = (instrument->q_max - instrument->q_min) / (instrument->n_q - 1);
  double sigma = instrument->fwhm / sqrt (8 * log (2));
  double wave_number = 2 * G_PI / instrument->wavelength;
  double photons = instrument->flux * instrument->time * instrument->thickness;

  plan->instrument = instrument;
  plan->n_q = instrument->n_q;
  plan->reach = (gsize) ceil (KERNEL_SIGMAS * sigma / step);
  plan->n_true = plan->n_q + 2 * plan->reach;
  plan->q = g_new (double, plan->n_q);
  plan->q_true = g_new (double, plan->n_true);
  plan->node = g_new (gsize, plan->n_true);
  plan->kernel = g_new (double, 2 * plan->reach + 1);
  plan->counts = g_new (double, plan->n_q);

  lay_nodes (plan, step);
  lay_kernel (plan, step, sigma);
  for (gsize k = 0; k < plan->n_q; k++)
    {
      plan->q[k] = instrument->q_min + (double) k * step;
      plan->counts[k]
        = photons * 2 * G_PI * plan->q[k] * instrument->ring_width / (wave_number * wave_number);
    }
  return plan;
}

void
saxid_measurement_plan_free (SaxidMeasurementPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->q);
  g_free (plan->q_true);
  g_free (plan->node);
  g_free (plan->kernel);
  g_free (plan->counts);
  g_free (plan);
}

void
saxid_measurement_smear (const SaxidMeasurementPlan *plan, const double *truth, double *out)
{
  for (gsize k = 0; k < plan->n_q; k++)
    {
      double sum = 0;

      for (gsize j = 0; j <= 2 * plan->reach; j++)
        sum += plan->kernel[j] * truth[plan->node[k + j]];
      out[k] = sum;
    }
}

void
saxid_measurement_take (const SaxidMeasurementPlan *plan, const double *truth,
                        SaxidRandom *random, double *intensity, double *sigma)
{
  saxid_measurement_smear (plan, truth, intensity);
  for (gsize k = 0; k < plan->n_q; k++)
    {
      double counts = plan->counts[k], buffer = plan->instrument->buffer;
      double with_sample = saxid_random_poisson (random, counts * (intensity[k] + buffer));
      double without = saxid_random_poisson (random, counts * buffer);

      intensity[k] = (with_sample - without) / counts;
      sigma[k] = sqrt (fmax (with_sample + without, 1)) / counts;
    }
}
