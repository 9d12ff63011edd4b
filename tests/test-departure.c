/* Is the departure of a model from a curve found again, and told in the right words? */
#include <math.h>

#include <glib.h>

#include "models/fit/departure.h"
#include "models/simulate/random.h"

#define N 400

/* As good as normal: the sum of twelve. */
static double
normal (SaxidRandom *random)
{
  double sum = -6;

  for (guint k = 0; k < 12; k++)
    sum += saxid_random_unit (random);
  return sum;
}

/* A curve that departs from its model by so much of I, one way and the other, with noise of so much of I. */
static SaxidCurve *
departed (double departure, double noise, double *model)
{
  SaxidCurve *curve = saxid_curve_new (N, TRUE, FALSE);
  SaxidRandom random;

  saxid_random_init (&random, 1, 2, SAXID_STREAM_COUNTS);
  for (gsize k = 0; k < N; k++)
    {
      curve->q[k] = 0.01 * (double) (k + 1);
      model[k] = 100 / (1 + pow ((double) k / 20, 2));
      curve->sigma[k] = noise * model[k];
      curve->intensity[k] = model[k] * (1 + departure * M_SQRT2 * sin ((double) k / 15) + noise * normal (&random));
    }
  return curve;
}

static void
test_found (void)
{
  static const double departures[] = { 0.01, 0.05, 0.3 };

  for (gsize k = 0; k < G_N_ELEMENTS (departures); k++)
    {
      double model[N];
      g_autoptr (SaxidCurve) curve = departed (departures[k], 0.01, model);

      g_assert_cmpfloat_with_epsilon (saxid_departure (curve, model), departures[k], 0.15 * departures[k]);
      g_clear_pointer (&curve->sigma, g_free);
      g_assert_cmpfloat (saxid_departure (curve, model), >, departures[k] * 0.9);
    }
}

static void
test_noise_alone (void)
{
  double model[N];
  g_autoptr (SaxidCurve) curve = departed (0, 0.02, model);

  g_assert_cmpfloat (saxid_departure (curve, model), <, 0.008);
  for (gsize k = 0; k < N; k++)
    curve->sigma[k] *= 3;
  g_assert_cmpfloat (saxid_departure (curve, model), ==, 0);
}

static void
test_nothing_to_say (void)
{
  double model[N];
  g_autoptr (SaxidCurve) curve = departed (0.1, 0.02, model);

  for (gsize k = 4; k < N; k++)
    model[k] = -1;
  g_assert_true (isnan (saxid_departure (curve, model)));
}

static void
test_words (void)
{
  static const struct
  {
    double chi2, departure;
    const char *words;
  } rows[] = {
    { 0.9, 0.2, "within the uncertainties" },
    { 8, 0.2, "not far beyond the uncertainties" },
    { 90, 0.021, "departs by 2.1 % of I beyond them, as measured curves do" },
    { 90, 0.07, "departs by 7.0 % of I beyond them" },
    { 90, 0.4, "does not fit: departs by 40 % of I" },
    { 90, NAN, "beyond the uncertainties" },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    {
      g_autofree char *words = saxid_departure_say (rows[k].chi2, rows[k].departure);

      g_assert_cmpstr (words, ==, rows[k].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/departure/found", test_found);
  g_test_add_func ("/departure/noise alone", test_noise_alone);
  g_test_add_func ("/departure/nothing to say", test_nothing_to_say);
  g_test_add_func ("/departure/words", test_words);
  return g_test_run ();
}
