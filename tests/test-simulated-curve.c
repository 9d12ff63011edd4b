/* Does each instrument smear as its resolution says, does each fault happen as
 * often and as badly as the table says, and is a library measured again what the
 * particle itself would have given? */
#include <math.h>
#include <string.h>

#include "models/simulate/library.h"
#include "models/simulate/sample.h"
#include "models/simulate/structure-factor.h"
#include "reducers/error.h"
#include "tests/shipped-population.h"

/* Structure on the scale of the resolution, and four decades. */
static double
truth_at (double q, double scale)
{
  double x = q / scale;

  return 100 / (1 + x * x * x * x / 50) * (1 + 0.3 * cos (2 * x)) + 0.01;
}

/* The convolution by a trapezoidal rule of its own, on steps of σ/40 over ±4 σ. */
static double
gauss (double q, double sigma, double scale)
{
  double sum = 0, weight = 0;

  for (int k = -160; k <= 160; k++)
    {
      double x = k * sigma / 40, w = exp (-0.5 * x * x / (sigma * sigma));

      sum += w * truth_at (fabs (q - x), scale);
      weight += w;
    }
  return sum / weight;
}

/* The mean over the slit in 400 midpoints, of the Gaussian there. */
static double
expected_at (const SaxidInstrument *instrument, double q, double scale)
{
  const int n = 400;
  double sum = 0;

  if (!(instrument->slit > 0))
    return gauss (q, saxid_instrument_resolution (instrument, q), scale);
  for (int k = 0; k < n; k++)
    {
      double there = hypot (q, instrument->slit * (k + 0.5) / n);

      sum += gauss (there, saxid_instrument_resolution (instrument, there), scale) / n;
    }
  return sum;
}

static void
check_smearing (const SaxidInstrument *instrument)
{
  g_autoptr (SaxidResponse) response = saxid_response_new (instrument);
  g_autofree double *truth = g_new (double, response->n_true), *out = g_new (double, response->n_q);
  double scale = 3 * saxid_instrument_resolution (instrument, instrument->q_min) + instrument->q_min;

  for (gsize k = 1; k < response->n_true; k++)
    g_assert_cmpfloat (response->q_true[k], >=, response->q_true[k - 1]);
  for (gsize k = 0; k < response->n_true; k++)
    truth[k] = truth_at (response->q_true[k], scale);
  saxid_response_smear (response, truth, out);
  for (gsize k = 0; k < response->n_q; k += 1 + response->n_q / 40)
    {
      double expected = expected_at (instrument, response->q[k], scale);

      if (!(fabs (out[k] - expected) <= 3e-3 * expected))
        g_test_message ("%s (%s) at %g: %g, %g expected", instrument->name, instrument->title, response->q[k], out[k],
                        expected);
      g_assert_cmpfloat_with_epsilon (out[k], expected, 3e-3 * expected);
    }
}

static void
test_smearing (void)
{
  const SaxidInstrument *instrument;

  for (guint k = 0; (instrument = saxid_instrument_at (k)) != NULL; k++)
    check_smearing (instrument);
}

static void
test_random_smearing (void)
{
  for (guint k = 0; k < 30; k++)
    {
      SaxidInstrument instrument;

      saxid_instrument_draw (7, k, &instrument);
      check_smearing (&instrument);
    }
}

/* The domain, and that its ends are reached. */
static void
test_random_domain (void)
{
  double least_decades = 9, most_decades = 0, least_photons = 1e99, most_photons = 0, far = 0;
  guint n = 4000, n_slit = 0, n_neutron = 0, n_logarithmic = 0;

  for (guint k = 0; k < n; k++)
    {
      SaxidInstrument one, again;
      double decades, photons;

      saxid_instrument_draw (1, k, &one);
      saxid_instrument_draw (1, k, &again);
      g_assert_cmpmem (&one, sizeof one, &again, sizeof again);
      decades = log10 (one.q_max / one.q_min);
      photons = one.flux * one.time;
      g_assert_true (one.q_min >= 2.9e-4 && one.q_max <= 0.551);
      g_assert_true (one.n_q >= 60 && one.n_q <= SAXID_INSTRUMENT_MOST_POINTS);
      g_assert_true (one.distance >= 0.3 && one.distance <= 10 && one.fwhm > 0 && one.fwhm <= one.q_min * 1.0001);
      g_assert_true (one.wavelength >= 0.5 && one.wavelength <= 12);
      g_assert_true (one.wavelength < 3 || (one.spread >= 0.0499 && one.spread <= 0.1501));
      g_assert_true (one.slit == 0
                     || (one.wavelength < 3 && one.slit >= 0.0999 * fmin (one.q_max, 1) && one.slit <= 0.3001
                         && one.n_q <= 300 && one.spread >= 5e-3));
      n_slit += one.slit > 0;
      n_neutron += one.wavelength > 3;
      n_logarithmic += one.spacing == SAXID_SPACING_LOGARITHMIC;
      least_decades = fmin (least_decades, decades);
      most_decades = fmax (most_decades, decades);
      least_photons = fmin (least_photons, photons);
      most_photons = fmax (most_photons, photons);
      if (k % 8 == 0)
        {
          g_autoptr (SaxidResponse) response = saxid_response_new (&one);

          far = fmax (far, response->q_true[response->n_true - 1]);
        }
    }
  g_assert_cmpfloat (least_decades, >, 0.499);
  g_assert_cmpfloat (most_decades, <=, 2.501);
  g_assert_cmpfloat (most_decades, >, 2.3);
  g_assert_cmpfloat (most_photons / least_photons, >, 5e7);
  g_assert_cmpfloat_with_epsilon (n_neutron / (double) n, 0.3, 4 * sqrt (0.21 / n));
  g_assert_cmpfloat_with_epsilon (n_slit / (double) n, 0.7 * 0.06, 4 * sqrt (0.04 / n));
  g_assert_cmpfloat_with_epsilon (n_logarithmic / (double) n, 0.5, 4 * sqrt (0.25 / n));
  g_assert_cmpfloat (far, <=, SAXID_LIBRARY_LAST); /* the library holds them all */
}

static void
test_nuisance_table (void)
{
  guint n = 40000, count[SAXID_N_NUISANCES] = { 0 };
  double sum[SAXID_N_NUISANCES] = { 0 };
  guint32 of_sigma = 1u << SAXID_NUISANCE_SIGMA_FACTOR | 1u << SAXID_NUISANCE_SIGMA_PART
                     | 1u << SAXID_NUISANCE_SIGMA_ABSENT;
  double left = 1; /* what the kinds of σ before have left */

  for (guint k = 0; k < n; k++)
    {
      SaxidNuisances drawn;
      SaxidRandom random;

      saxid_random_init (&random, 5, k, SAXID_STREAM_NUISANCE);
      saxid_nuisances_draw (&random, &drawn);
      g_assert_cmpint (__builtin_popcount (drawn.present & of_sigma), <=, 1);
      for (guint j = 0; j < SAXID_N_NUISANCES; j++)
        {
          const SaxidNuisanceInfo *info = saxid_nuisance_info ((SaxidNuisance) j);
          double strength = info->either_sign ? fabs (drawn.strength[j]) : drawn.strength[j];

          g_assert_true (strength >= info->lower && strength <= info->upper);
          count[j] += SAXID_HAS_NUISANCE (&drawn, j);
          sum[j] += info->logarithmic ? log (strength) : strength;
        }
    }
  for (guint j = 0; j < SAXID_N_NUISANCES; j++)
    {
      const SaxidNuisanceInfo *info = saxid_nuisance_info ((SaxidNuisance) j);
      double p = info->probability;
      double a = info->logarithmic ? log (info->lower) : info->lower;
      double b = info->logarithmic ? log (info->upper) : info->upper;

      if ((of_sigma >> j & 1) != 0)
        {
          p *= left;
          left -= p;
        }
      g_assert_cmpfloat_with_epsilon (count[j] / (double) n, p, 4 * sqrt (p * (1 - p) / n) + 1e-12);
      g_assert_cmpfloat_with_epsilon (sum[j] / n, 0.5 * (a + b), 5 * (b - a) / sqrt (12.0 * n));
    }
  g_assert_null (saxid_nuisance_info ((SaxidNuisance) SAXID_N_NUISANCES));
}

/* Measured curves show what was drawn: points that are missing, σ, the scale, and
 * in the mean over repeats the background that was added. */
static void
test_nuisances_show (void)
{
  const SaxidInstrument *instrument = saxid_instrument_find ("LabPinhole");
  g_autoptr (SaxidResponse) response = saxid_response_new (instrument);
  g_autofree double *truth = g_new (double, response->n_true), *smeared = g_new (double, response->n_q);
  g_autoptr (SaxidSimulatedCurve) curve = saxid_simulated_curve_new ();
  g_autoptr (SaxidSimulatedCurve) clean = saxid_simulated_curve_new ();
  const SaxidNuisances given = { 1u << SAXID_NUISANCE_BACKGROUND | 1u << SAXID_NUISANCE_SCALE,
                                 { [SAXID_NUISANCE_BACKGROUND] = -0.3, [SAXID_NUISANCE_SCALE] = 7 } };
  double chi_square = 0, points = 0, pull = 0, pull_square = 0;
  guint n_background = 0, n_short = 0;

  for (gsize k = 0; k < response->n_true; k++)
    truth[k] = truth_at (response->q_true[k], 0.05);
  saxid_response_smear (response, truth, smeared);
  for (guint r = 0; r < 600; r++)
    {
      SaxidNuisances drawn;

      saxid_simulated_curve_draw (response, truth, SAXID_MEASURE_NUISANCES, NULL, 9, r, curve, &drawn);
      g_assert_cmpuint (curve->n, >=, 16);
      g_assert_cmpint (curve->n < response->n_q, <=, SAXID_HAS_NUISANCE (&drawn, SAXID_NUISANCE_DROPPED));
      g_assert_cmpint (curve->has_sigma, !=, SAXID_HAS_NUISANCE (&drawn, SAXID_NUISANCE_SIGMA_ABSENT));
      n_short += curve->n < response->n_q;
      if (SAXID_HAS_NUISANCE (&drawn, SAXID_NUISANCE_SIGMA_PART)
          && !SAXID_HAS_NUISANCE (&drawn, SAXID_NUISANCE_FILLED))
        g_assert_cmpfloat_with_epsilon (curve->sigma[3] / fabs (curve->intensity[3]),
                                        drawn.strength[SAXID_NUISANCE_SIGMA_PART], 1e-9);
    }
  g_assert_cmpuint (n_short, >, 60);
  for (guint r = 0; r < 40; r++)
    {
      const double scale = given.strength[SAXID_NUISANCE_SCALE];
      const double level = given.strength[SAXID_NUISANCE_BACKGROUND] * instrument->buffer;
      double sum = 0, variance = 0;

      saxid_simulated_curve_draw (response, truth, 0, &given, 9, r, curve, NULL);
      for (gsize k = 0; k < curve->n; k++)
        {
          const double delta = curve->intensity[k] / scale - smeared[k] - level, sigma = curve->sigma[k] / scale;

          sum += delta;
          variance += sigma * sigma;
          chi_square += delta * delta / (sigma * sigma);
          points++;
        }
      pull += sum / sqrt (variance);
      pull_square += sum * sum / variance;
      n_background++;
    }
  g_assert_cmpfloat_with_epsilon (chi_square / points, 1, 0.02 + 4 * sqrt (2 / points));
  g_assert_cmpfloat_with_epsilon (pull / n_background, 0, 4 / sqrt (n_background));
  g_assert_cmpfloat_with_epsilon (pull_square / n_background, 1, 5 * sqrt (2.0 / n_background));

  /* and without nuisances there are none: the numbers of saxid_response_measure */
  {
    g_autofree double *intensity = g_new (double, response->n_q), *sigma = g_new (double, response->n_q);
    SaxidRandom random;

    saxid_simulated_curve_draw (response, truth, 0, NULL, 9, 4, clean, NULL);
    saxid_random_init (&random, 9, 4, SAXID_STREAM_COUNTS);
    saxid_response_measure (response, truth, &random, intensity, sigma);
    g_assert_cmpmem (clean->intensity, clean->n * sizeof (double), intensity, response->n_q * sizeof (double));
    g_assert_cmpmem (clean->sigma, clean->n * sizeof (double), sigma, response->n_q * sizeof (double));
  }
}

/* A sphere of 60 Å, 5 1/cm at q = 0. */
static double
sphere_at (double q)
{
  const double x = q * 60, f = x < 1e-3 ? 1 : 3 * (sin (x) - x * cos (x)) / (x * x * x);

  return 5 * f * f;
}

/* What one nuisance of this strength makes of that sphere; followers: of those after it. */
static SaxidSimulatedCurve *
spoil_sphere (SaxidNuisance which, double strength, const double *follower, guint n_follower, guint64 sample, double *before)
{
  g_autoptr (SaxidResponse) response = saxid_response_new (saxid_instrument_find ("LabPinhole"));
  g_autofree double *truth = g_new (double, response->n_true);
  SaxidSimulatedCurve *curve = saxid_simulated_curve_new ();
  SaxidNuisances given = { 1u << which, { 0 } };

  given.strength[which] = strength;
  for (guint k = 0; k < n_follower; k++)
    {
      given.present |= 1u << (which + 1 + k);
      given.strength[which + 1 + k] = follower[k];
    }
  for (gsize k = 0; k < response->n_true; k++)
    truth[k] = sphere_at (response->q_true[k]);
  saxid_response_smear (response, truth, before);
  saxid_simulated_curve_draw (response, truth, SAXID_MEASURE_NOISELESS, &given, 12, sample, curve, NULL);
  g_assert_cmpuint (curve->n, ==, response->n_q);
  return curve;
}

/* The mean square of ln (departure) is that of the table, and it is smooth over its length:
 * the mean square of the differences over a step of ln q follows the covariance. */
static void
test_discrepancy (void)
{
  const gsize n_q = saxid_instrument_find ("LabPinhole")->n_q;
  const double rms = 0.1, length = 0.3;
  g_autofree double *before = g_new (double, n_q);
  double square = 0, difference = 0, expected = 0, points = 0, pairs = 0;

  for (guint r = 0; r < 400; r++)
    {
      g_autoptr (SaxidSimulatedCurve) curve = spoil_sphere (SAXID_NUISANCE_DISCREPANCY, rms, &length, 1, r, before);
      gsize far = 0;

      for (gsize k = 0; k < n_q; k++)
        {
          const double g = log (curve->intensity[k] / before[k]);

          while (far < n_q && curve->q[far] < curve->q[k] * exp (0.5 * length))
            far++;
          square += g * g;
          points++;
          if (far == n_q)
            continue;
          difference += pow (g - log (curve->intensity[far] / before[far]), 2);
          expected += 2 * rms * rms * (1 - exp (-0.5 * pow (log (curve->q[far] / curve->q[k]) / length, 2)));
          pairs++;
        }
    }
  g_assert_cmpfloat_with_epsilon (sqrt (square / points), rms, 0.06 * rms);
  g_assert_cmpfloat_with_epsilon (difference / expected, 1, 0.1);
  g_assert_cmpfloat (pairs, >, 1000);
}

/* Hard spheres press I(0) down by their S(0), and leave the far end alone; clusters raise it. */
static void
test_interactions (void)
{
  const gsize n_q = saxid_instrument_find ("LabPinhole")->n_q;
  const double radius = 1, phi = 0.1, zero = pow (1 - phi, 4) / pow (1 + 2 * phi, 2);
  g_autofree double *before = g_new (double, n_q);
  g_autoptr (SaxidSimulatedCurve) ordered = spoil_sphere (SAXID_NUISANCE_STRUCTURE, phi, &radius, 1, 1, before);
  g_autoptr (SaxidSimulatedCurve) clusters = spoil_sphere (SAXID_NUISANCE_ATTRACTION, 0.5, NULL, 0, 1, before);

  g_assert_cmpfloat_with_epsilon (ordered->intensity[0] / before[0], zero, 0.03);
  g_assert_cmpfloat_with_epsilon (ordered->intensity[n_q - 1] / before[n_q - 1], 1, 0.1);
  g_assert_cmpfloat_with_epsilon (clusters->intensity[0] / before[0],
                                  1 + 0.5 / (1 + pow (clusters->q[0] * 60, 2) * 4 * 3.0 / 5), 0.02);
  g_assert_cmpfloat_with_epsilon (clusters->intensity[n_q - 1] / before[n_q - 1], 1, 0.05);
  g_assert_cmpfloat_with_epsilon (saxid_structure_hard_spheres (1e-9, phi), saxid_structure_hard_spheres (0.06, phi), 1e-3);
}

/* Where something else bends it has the given part of the particles; steps are where they are said. */
static void
test_additions (void)
{
  const gsize n_q = saxid_instrument_find ("LabPinhole")->n_q;
  const double half = 0.5, polymer[] = { 0.5, 2 };
  g_autofree double *before = g_new (double, n_q);
  g_autoptr (SaxidSimulatedCurve) spheres = spoil_sphere (SAXID_NUISANCE_BY_PRODUCT, 0.2, &half, 1, 1, before);
  g_autoptr (SaxidSimulatedCurve) chains = spoil_sphere (SAXID_NUISANCE_POLYMER, 0.2, polymer, 2, 1, before);
  g_autoptr (SaxidSimulatedCurve) step = spoil_sphere (SAXID_NUISANCE_STEP, -0.05, &half, 1, 1, before);
  const double at = sqrt (step->q[0] * step->q[n_q - 1]);
  gsize k = 0;

  while (step->q[k] < at)
    k++;
  g_assert_cmpfloat_with_epsilon (spheres->intensity[k] / before[k], 1.2, 0.02);
  g_assert_cmpfloat_with_epsilon (chains->intensity[k] / before[k], 1.2, 0.02);
  g_assert_cmpfloat_with_epsilon (step->intensity[k - 2] / before[k - 2], 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (step->intensity[k + 2] / before[k + 2], 0.95, 1e-9);
}

/* Particles that keep apart scatter less where they scatter most, by 1 + ν at q = 0, and
 * nowhere are they pressed down by more, also where core and shell cancel each other. */
static void
test_repulsion (void)
{
  g_autoptr (SaxidResponse) response = saxid_response_new (saxid_instrument_find ("LabPinhole"));
  g_autofree double *truth = g_new (double, response->n_true), *before = g_new (double, response->n_q);
  g_autoptr (SaxidSimulatedCurve) curve = saxid_simulated_curve_new ();
  const double strength = 0.7;
  const SaxidNuisances given = { 1u << SAXID_NUISANCE_REPULSION, { [SAXID_NUISANCE_REPULSION] = strength } };

  for (guint which = 0; which < 2; which++)
    {
      for (gsize k = 0; k < response->n_true; k++)
        {
          const double x = response->q_true[k] * 60;

          truth[k] = sphere_at (response->q_true[k]) * (which == 0 ? 1 : 1e-3 + x * x);
        }
      saxid_response_smear (response, truth, before);
      saxid_simulated_curve_draw (response, truth, SAXID_MEASURE_NOISELESS, &given, 12, 1, curve, NULL);
      g_assert_cmpuint (curve->n, ==, response->n_q);
      for (gsize k = 0; k < curve->n; k++)
        {
          const double ratio = curve->intensity[k] / before[k], x = curve->q[k] * 60;

          g_assert_true (ratio >= 1 / (1 + strength) - 1e-9 && ratio <= 1 + 1e-9);
          if (which == 0 && x < 0.6)
            g_assert_cmpfloat_with_epsilon (ratio, 1 / (1 + strength * before[k] / 5), 0.01);
        }
    }
}

#define ROWS 45

typedef struct
{
  SaxidSampleBlock *block;
  double *q;
  SaxidLibrary library;
} Tabulated;

static void
tabulate (Tabulated *tabulated)
{
  const SaxidPopulation *paper = paper_population ();

  tabulated->q = g_new (double, SAXID_LIBRARY_POINTS);
  saxid_library_grid (SAXID_LIBRARY_POINTS, SAXID_LIBRARY_FIRST, SAXID_LIBRARY_LAST, tabulated->q);
  tabulated->block = saxid_sample_block_sized (0, ROWS, SAXID_LIBRARY_POINTS, SAXID_SAMPLE_PARAMETERS, FALSE);
  g_assert_true (saxid_sample_block_tabulate (tabulated->block, paper, tabulated->q, 2, 2, NULL));
  tabulated->library = (SaxidLibrary) { .n_q = SAXID_LIBRARY_POINTS, .q = tabulated->q, .n_curve = ROWS,
                                        .intensity = tabulated->block->intensity,
                                        .scale = tabulated->block->parameter + 1,
                                        .scale_stride = SAXID_SAMPLE_PARAMETERS };
}

static void
clear_tabulated (Tabulated *tabulated)
{
  saxid_sample_block_free (tabulated->block);
  g_free (tabulated->q);
}

/* Form factors on the true grids of instruments, against the library's. */
static void
test_library_accuracy (void)
{
  static const char *const names[] = { "Xeuss1800HR", "NanoInXiderHR", "SANS8m", "SAXS10m" };
  Tabulated tabulated;
  double worst = 0;

  tabulate (&tabulated);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (SaxidResponse) response = saxid_response_new (saxid_instrument_find (names[i]));
      g_autofree double *exact = g_new (double, response->n_true), *near = g_new (double, response->n_true);
      g_autofree double *a = g_new (double, response->n_q), *b = g_new (double, response->n_q);

      for (gsize row = 0; row < ROWS; row++)
        {
          SaxidRandom random;
          SaxidParticle particle;

          saxid_random_init (&random, 2, row, SAXID_STREAM_PARTICLE);
          saxid_population_draw (paper_population (), (guint) (row % 9), &random, &particle);
          particle.scale = 1;
          g_assert_true (saxid_particle_intensity (&particle, response->n_true, response->q_true, exact, NULL));
          saxid_library_interpolate (&tabulated.library, tabulated.library.intensity + row * SAXID_LIBRARY_POINTS,
                                     response->n_true, response->q_true, near);
          saxid_response_smear (response, exact, a);
          saxid_response_smear (response, near, b);
          /* below 1e-6 I(0) the form factors themselves are not that precise */
          for (gsize k = 0; k < response->n_q; k++)
            if (a[k] > 1e-6 * (double) tabulated.library.intensity[row * SAXID_LIBRARY_POINTS])
              worst = fmax (worst, fabs (b[k] / a[k] - 1));
        }
    }
  g_test_message ("largest relative error of a smeared curve: %.2g", worst);
  g_assert_cmpfloat (worst, <, 1e-3);
  clear_tabulated (&tabulated);
}

/* The curve that another contrast, scale and size would have given, from the parts. */
typedef struct
{
  const SaxidPopulation *population;
  guint checked, with_parts;
} Redrawn;

static void
compare_redrawn (gsize row, const SaxidInstrument *instrument, const SaxidSimulatedCurve *curve,
                 const SaxidNuisances *nuisances G_GNUC_UNUSED, gpointer data)
{
  Redrawn *redrawn = data;
  const guint class = (guint) (row % saxid_population_class_count (redrawn->population));
  g_autoptr (SaxidResponse) response = saxid_response_new (instrument);
  g_autofree double *truth = g_new (double, response->n_true), *at = g_new (double, response->n_true);
  g_autofree double *smeared = g_new (double, response->n_q);
  SaxidParticle particle, other;
  SaxidContrast contrast;
  SaxidRandom random;
  const double first = 1e-4;
  double size, forward;

  saxid_random_init (&random, 2, row, SAXID_STREAM_PARTICLE);
  saxid_population_draw (redrawn->population, class, &random, &particle);
  saxid_random_init (&random, 5, row, SAXID_STREAM_REDRAW);
  saxid_population_draw (redrawn->population, class, &random, &other);
  saxid_random_init (&random, 5, row / 4, SAXID_STREAM_SIZE);
  size = saxid_random_log_uniform (&random, SAXID_LIBRARY_LEAST_SIZE, 1);
  if (saxid_contrast_of (other.shape, other.value, &contrast))
    {
      saxid_contrast_set (particle.shape, particle.value, &contrast);
      redrawn->with_parts++;
    }
  particle.scale = other.scale;
  for (gsize k = 0; k < response->n_true; k++)
    at[k] = size * response->q_true[k];
  g_assert_true (saxid_particle_intensity (&particle, response->n_true, at, truth, NULL));
  for (gsize k = 0; k < response->n_true; k++)
    truth[k] *= size * size * size;
  saxid_response_smear (response, truth, smeared);
  g_assert_true (saxid_particle_intensity (&particle, 1, &first, &forward, NULL));
  for (gsize k = 0; k < response->n_q; k++)
    if (smeared[k] > 1e-6 * forward * size * size * size)
      g_assert_cmpfloat_with_epsilon (curve->intensity[k], smeared[k], 2e-3 * smeared[k]);
  redrawn->checked++;
}

static void
test_redrawn (void)
{
  const SaxidPopulation *paper = paper_population ();
  const guint n = saxid_sample_parameter_count (paper);
  SaxidContrast contrast[ROWS] = { 0 };
  Redrawn redrawn = { .population = paper };
  const SaxidRemeasureOptions options = { .flags = SAXID_MEASURE_NOISELESS, .seed = 5, .threads = 1,
                                          .per_instrument = 4, .redraw = paper };
  Tabulated tabulated;
  g_autoptr (GError) error = NULL;

  tabulate (&tabulated);
  for (gsize k = 0; k < ROWS; k++)
    saxid_contrast_of (saxid_population_class (paper, tabulated.block->label[k]),
                       tabulated.block->parameter + k * n + SAXID_SAMPLE_COMMON_PARAMETERS, &contrast[k]);
  tabulated.library.parts = tabulated.block->parts;
  tabulated.library.label = tabulated.block->label;
  tabulated.library.contrast = contrast;
  g_assert_true (saxid_library_measure (&tabulated.library, 0, ROWS, &options, compare_redrawn, &redrawn, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (redrawn.checked, ==, ROWS);
  g_assert_cmpuint (redrawn.with_parts, ==, ROWS / 9 * 4);
  clear_tabulated (&tabulated);
}

typedef struct
{
  GChecksum *sum[ROWS];
  double first_q[ROWS];
} Taken;

static void
take (gsize row, const SaxidInstrument *instrument G_GNUC_UNUSED, const SaxidSimulatedCurve *curve,
      const SaxidNuisances *nuisances, gpointer data)
{
  Taken *taken = data;

  taken->first_q[row] = curve->q[0];
  g_checksum_reset (taken->sum[row]);
  g_checksum_update (taken->sum[row], (const guchar *) curve->intensity, (gssize) (curve->n * sizeof (double)));
  g_checksum_update (taken->sum[row], (const guchar *) curve->sigma, (gssize) (curve->n * sizeof (double)));
  g_checksum_update (taken->sum[row], (const guchar *) &nuisances->present, sizeof nuisances->present);
}

static char *
measure_all (const SaxidLibrary *library, gsize parts, gsize per_instrument, guint threads, guint64 seed)
{
  SaxidRemeasureOptions options = { .flags = SAXID_MEASURE_NUISANCES, .seed = seed, .threads = threads,
                                    .per_instrument = per_instrument };
  GString *text = g_string_new (NULL);
  Taken taken;

  for (guint k = 0; k < ROWS; k++)
    taken.sum[k] = g_checksum_new (G_CHECKSUM_MD5);
  for (gsize first = 0; first < ROWS; first += parts)
    g_assert_true (saxid_library_measure (library, first, MIN (parts, ROWS - first), &options, take, &taken, NULL));
  for (guint k = 0; k < ROWS; k++)
    {
      g_string_append (text, g_checksum_get_string (taken.sum[k]));
      g_checksum_free (taken.sum[k]);
    }
  return g_string_free (text, FALSE);
}

static void
test_library_measured_again (void)
{
  SaxidInstrument far = *saxid_instrument_find ("Xeuss1800HR");
  SaxidRemeasureOptions options = { .instrument = &far, .threads = 1 };
  Taken unused;
  Tabulated tabulated;

  tabulate (&tabulated);
  for (gsize shared = 0; shared <= 16; shared += 16)
    {
      g_autofree char *one = measure_all (&tabulated.library, ROWS, shared, 1, 3);
      g_autofree char *two = measure_all (&tabulated.library, ROWS, shared, 2, 3);
      g_autofree char *eight = measure_all (&tabulated.library, 7, shared, 8, 3);
      g_autofree char *other = measure_all (&tabulated.library, ROWS, shared, 1, 4);

      g_assert_cmpstr (one, ==, two);
      g_assert_cmpstr (one, ==, eight);
      g_assert_cmpstr (one, !=, other);
    }
  {
    g_autoptr (GError) error = NULL;

    far.q_max = 2;
    g_assert_false (saxid_library_measure (&tabulated.library, 0, 1, &options, take, &unused, &error));
    g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
    g_clear_error (&error);
    tabulated.q[700] *= 1.001;
    g_assert_false (saxid_library_check (&tabulated.library, &error));
    g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  }
  clear_tabulated (&tabulated);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measured/smearing", test_smearing);
  g_test_add_func ("/measured/random-smearing", test_random_smearing);
  g_test_add_func ("/measured/random-domain", test_random_domain);
  g_test_add_func ("/measured/nuisance-table", test_nuisance_table);
  g_test_add_func ("/measured/nuisances-show", test_nuisances_show);
  g_test_add_func ("/measured/repulsion", test_repulsion);
  g_test_add_func ("/measured/discrepancy", test_discrepancy);
  g_test_add_func ("/measured/interactions", test_interactions);
  g_test_add_func ("/measured/additions", test_additions);
  g_test_add_func ("/measured/library-accuracy", test_library_accuracy);
  g_test_add_func ("/measured/redrawn", test_redrawn);
  g_test_add_func ("/measured/library-again", test_library_measured_again);
  return g_test_run ();
}
