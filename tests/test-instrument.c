/* Does an instrument count, smear and report errors as the physics says? */
#include <math.h>

#include "models/simulate/response.h"

static const char *const names[] = { "Xeuss1800HR", "NanoInXiderHR" };

static void
test_table (void)
{
  guint n = 0;

  for (; saxid_instrument_at (n) != NULL; n++)
    {
      const SaxidInstrument *instrument = saxid_instrument_at (n);

      g_assert_true (saxid_instrument_find (instrument->name) == instrument);
      g_assert_true (instrument->q_min > 0 && instrument->q_max > instrument->q_min);
    }
  g_assert_cmpuint (n, >=, 2);
  g_assert_null (saxid_instrument_find ("no such"));
  g_assert_true (saxid_instrument_find ("xeuss1800hr") == saxid_instrument_find ("Xeuss1800HR"));
}

/* The paper's figures, and photons per 1/cm computed by hand at two q:
 * flux · time · thickness · 2π q Δq / (2π/λ)². */
static void
test_counts (void)
{
  static const struct
  {
    const char *name;
    gsize n_q;
    double q_first, q_last, counts_first, counts_last;
  } expected[] = {
    { "Xeuss1800HR", 890, 0.0031, 0.1493, 81.87429, 3943.17152 },
    { "NanoInXiderHR", 592, 0.0019, 0.4452, 466.00962, 109193.41181 },
  };

  for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
    {
      g_autoptr (SaxidResponse) response = saxid_response_new (saxid_instrument_find (expected[k].name));
      gsize last = response->n_q - 1;

      g_assert_cmpuint (response->n_q, ==, expected[k].n_q);
      g_assert_cmpfloat_with_epsilon (response->q[0], expected[k].q_first, 1e-12);
      g_assert_cmpfloat_with_epsilon (response->q[last], expected[k].q_last, 1e-12);
      g_assert_cmpfloat_with_epsilon (response->counts[0], expected[k].counts_first, 1e-4);
      g_assert_cmpfloat_with_epsilon (response->counts[last], expected[k].counts_last, 1e-4);
      for (gsize j = 1; j < response->n_q; j++)
        g_assert_cmpfloat (response->q[j], >, response->q[j - 1]);
    }
}

static void
test_kernel (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const SaxidInstrument *instrument = saxid_instrument_find (names[i]);
      g_autoptr (SaxidResponse) response = saxid_response_new (instrument);
      double sum = 0, square = 0, half;

      const gsize middle = response->n_q / 2, first = response->row[middle], n = response->row[middle + 1] - first;

      for (gsize k = 0; k < n; k++)
        {
          double x = response->q_true[response->node[first + k]] - response->q[middle];

          sum += response->weight[first + k];
          square += response->weight[first + k] * x * x;
          g_assert_cmpfloat (response->weight[first + k], ==, response->weight[first + n - 1 - k]);
        }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
      /* FWHM = 2.3548 σ; the cut at 4 σ and the grid take less than 1 % */
      half = sqrt (square) * 2.354820045;
      g_assert_cmpfloat_with_epsilon (half, instrument->fwhm, 0.01 * instrument->fwhm);
      for (gsize k = 1; k < response->n_true; k++)
        g_assert_cmpfloat (response->q_true[k], >=, response->q_true[k - 1]);
      g_assert_cmpfloat (response->q_true[0], >=, 0);
    }
}

/* A curve with structure on the scale of the resolution. */
static double
truth_at (double q)
{
  return 100 * exp (-q * q * 2500) * (1 + 0.5 * cos (900 * q)) + 0.02;
}

/* The convolution by a trapezoidal rule of its own, on steps of σ/40, over ±4 σ. */
static double
convolve (double q, double sigma)
{
  double sum = 0, weight = 0;

  for (int k = -160; k <= 160; k++)
    {
      double x = k * sigma / 40, w = exp (-0.5 * x * x / (sigma * sigma));

      sum += w * truth_at (fabs (q - x));
      weight += w;
    }
  return sum / weight;
}

static void
test_smearing (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const SaxidInstrument *instrument = saxid_instrument_find (names[i]);
      g_autoptr (SaxidResponse) response = saxid_response_new (instrument);
      g_autofree double *truth = g_new (double, response->n_true);
      g_autofree double *out = g_new (double, response->n_q);
      double sigma = instrument->fwhm / sqrt (8 * log (2));
      gboolean matters = FALSE;

      for (gsize k = 0; k < response->n_true; k++)
        truth[k] = truth_at (response->q_true[k]);
      saxid_response_smear (response, truth, out);
      for (gsize k = 0; k < response->n_q; k++)
        {
          double expected = convolve (response->q[k], sigma);

          g_assert_cmpfloat_with_epsilon (out[k], expected, 2e-3 * expected);
          matters |= fabs (expected - truth_at (response->q[k])) > 0.02 * expected;
        }
      g_assert_true (matters); /* the test would see a response that does nothing */
    }
}

/* Smearing keeps what is flat, and what lies beyond q = 0 is what lies before it:
 * a bell around 0, narrow against the resolution, is found with its whole weight. */
static void
test_mirror (void)
{
  SaxidInstrument wide = *saxid_instrument_find ("Xeuss1800HR");
  g_autoptr (SaxidResponse) response = NULL;
  g_autofree double *truth = NULL, *out = NULL;
  double sigma, bell = 1e-3;

  wide.q_min = 1e-4;
  wide.q_max = 0.05;
  wide.n_q = 500; /* steps of 1e-4 */
  wide.fwhm = 0.004;
  response = saxid_response_new (&wide);
  truth = g_new (double, response->n_true);
  out = g_new (double, response->n_q);
  sigma = wide.fwhm / sqrt (8 * log (2));

  for (gsize k = 0; k < response->n_true; k++)
    truth[k] = 3;
  saxid_response_smear (response, truth, out);
  for (gsize k = 0; k < response->n_q; k++)
    g_assert_cmpfloat_with_epsilon (out[k], 3, 1e-12);

  for (gsize k = 0; k < response->n_true; k++)
    truth[k] = exp (-0.5 * pow (response->q_true[k] / bell, 2));
  saxid_response_smear (response, truth, out);
  for (gsize k = 0; k < 40; k++)
    {
      double square = bell * bell + sigma * sigma;
      double expected = bell / sqrt (square) * exp (-0.5 * response->q[k] * response->q[k] / square);

      g_assert_cmpfloat_with_epsilon (out[k], expected, 1e-3);
    }
}

static void
test_statistics (gconstpointer data)
{
  const SaxidInstrument *instrument = saxid_instrument_find (data);
  g_autoptr (SaxidResponse) response = saxid_response_new (instrument);
  g_autofree double *truth = g_new (double, response->n_true);
  g_autofree double *smeared = g_new (double, response->n_q);
  g_autofree double *intensity = g_new (double, response->n_q);
  g_autofree double *sigma = g_new (double, response->n_q);
  g_autofree double *mean = g_new0 (double, response->n_q);
  g_autofree double *square = g_new0 (double, response->n_q);
  const guint repeats = 400;
  double chi_square = 0, pull_mean = 0, pull_variance = 0;
  gsize many = 0;

  for (gsize k = 0; k < response->n_true; k++)
    truth[k] = 50 / (1 + 1e4 * response->q_true[k] * response->q_true[k]);
  saxid_response_smear (response, truth, smeared);
  for (guint r = 0; r < repeats; r++)
    {
      SaxidRandom random;

      saxid_random_init (&random, 21, r, SAXID_STREAM_COUNTS);
      saxid_response_measure (response, truth, &random, intensity, sigma);
      for (gsize k = 0; k < response->n_q; k++)
        {
          double delta = intensity[k] - smeared[k];

          g_assert_true (sigma[k] > 0);
          mean[k] += delta / repeats;
          square[k] += delta * delta / repeats;
          if (response->counts[k] * smeared[k] < 100)
            continue;
          chi_square += delta * delta / (sigma[k] * sigma[k]);
          many++;
        }
    }
  /* the error of χ²/ν is sqrt (2/ν); estimating σ from counts above 100 biases
   * it by less than 1 % */
  g_assert_cmpuint (many, >, 50000);
  g_assert_cmpfloat_with_epsilon (chi_square / (double) many, 1, 0.01 + 4 * sqrt (2.0 / (double) many));

  /* the counts: variance (I + 2 buffer)/counts, mean I, at every point */
  for (gsize k = 0; k < response->n_q; k++)
    {
      double variance = (smeared[k] + 2 * instrument->buffer) / response->counts[k];

      pull_mean += mean[k] * mean[k] / (variance / repeats) / (double) response->n_q;
      pull_variance += square[k] / variance / (double) response->n_q;
      g_assert_cmpfloat (fabs (mean[k]), <, 5 * sqrt (variance / repeats));
    }
  g_assert_cmpfloat_with_epsilon (pull_mean, 1, 5 * sqrt (2.0 / (double) response->n_q));
  g_assert_cmpfloat_with_epsilon (pull_variance, 1, 5 * sqrt (2.0 / (double) response->n_q / (double) repeats) + 0.005);
}

/* Where neither sample nor buffer give a count, sigma is that of one count. */
static void
test_no_counts (void)
{
  SaxidInstrument dark = *saxid_instrument_find ("Xeuss1800HR");
  g_autoptr (SaxidResponse) response = NULL;
  g_autofree double *truth = NULL, *intensity = NULL, *sigma = NULL;
  SaxidRandom random;

  dark.time = 1e-9;
  response = saxid_response_new (&dark);
  truth = g_new0 (double, response->n_true);
  intensity = g_new (double, response->n_q);
  sigma = g_new (double, response->n_q);
  saxid_random_init (&random, 1, 1, SAXID_STREAM_COUNTS);
  saxid_response_measure (response, truth, &random, intensity, sigma);
  for (gsize k = 0; k < response->n_q; k++)
    {
      g_assert_cmpfloat (intensity[k], ==, 0);
      g_assert_cmpfloat (sigma[k], ==, 1 / response->counts[k]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/instrument/table", test_table);
  g_test_add_func ("/instrument/counts", test_counts);
  g_test_add_func ("/instrument/kernel", test_kernel);
  g_test_add_func ("/instrument/smearing", test_smearing);
  g_test_add_func ("/instrument/mirror", test_mirror);
  g_test_add_data_func ("/instrument/statistics/xeuss", names[0], test_statistics);
  g_test_add_data_func ("/instrument/statistics/nano", names[1], test_statistics);
  g_test_add_func ("/instrument/no-counts", test_no_counts);
  return g_test_run ();
}
