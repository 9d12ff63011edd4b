/* Do probabilities and prediction sets hold on curves that were not seen? */
#include <math.h>

#include "models/learn/calibrate.h"
#include "models/learn/evaluate.h"
#include "models/simulate/random.h"

#define CLASSES 5
#define ROWS 20000

/* Margins that are right after division by `temperature`: labels are drawn from
 * softmax (margin / temperature). */
static void
draw (guint64 seed, double temperature, float *margin, guint8 *label)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < ROWS; r++)
    {
      float *row = margin + r * CLASSES, p[CLASSES];
      double u;

      for (guint k = 0; k < CLASSES; k++)
        row[k] = (float) (temperature * saxid_random_uniform (&random, -3, 3));
      saxid_softmax (CLASSES, row, temperature, p);
      u = saxid_random_unit (&random);
      label[r] = 0;
      while (label[r] + 1 < CLASSES && u > (double) p[label[r]])
        u -= (double) p[label[r]++];
    }
}

static void
test_softmax (void)
{
  const float margin[] = { 1, 2, 3 }, huge[] = { 1e30f, -1e30f, 0 };
  float p[3];
  double sum = exp (0.5) + exp (1) + exp (1.5);

  saxid_softmax (3, margin, 2, p);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (p[k], exp ((double) margin[k] / 2) / sum, 1e-7);
  saxid_softmax (3, huge, 1, p);
  g_assert_cmpfloat (p[0], ==, 1);
  g_assert_cmpfloat (p[1], ==, 0);
}

static void
test_temperature (void)
{
  static const double temperatures[] = { 0.3, 1, 2.5, 7 };
  g_autofree float *margin = g_new (float, ROWS * CLASSES);
  g_autofree guint8 *label = g_new (guint8, ROWS);
  guint8 merged[CLASSES];

  for (guint t = 0; t < G_N_ELEMENTS (temperatures); t++)
    {
      double found;

      draw (30 + t, temperatures[t], margin, label);
      found = saxid_fit_temperature (ROWS, CLASSES, margin, label, NULL);
      g_test_message ("temperature %g: %.4f", temperatures[t], found);
      g_assert_cmpfloat_with_epsilon (found, temperatures[t], 0.04 * temperatures[t]);
      /* it is the same where two classes count as one */
      for (guint k = 0; k < CLASSES; k++)
        merged[k] = (guint8) (k / 2);
      for (gsize r = 0; r < ROWS; r++)
        label[r] = merged[label[r]];
      found = saxid_fit_temperature (ROWS, CLASSES, margin, label, merged);
      g_test_message ("merged: %.4f", found);
      g_assert_cmpfloat_with_epsilon (found, temperatures[t], 0.06 * temperatures[t]);
    }
}

/* Perfect margins want the least temperature, useless ones the largest. */
static void
test_temperature_stays_in_range (void)
{
  g_autofree float *margin = g_new0 (float, ROWS * CLASSES);
  g_autofree guint8 *label = g_new0 (guint8, ROWS);

  for (gsize r = 0; r < ROWS; r++)
    {
      label[r] = (guint8) (r % CLASSES);
      margin[r * CLASSES + label[r]] = 5;
    }
  /* below 5/36 the loss is zero to the last bit */
  g_assert_cmpfloat (saxid_fit_temperature (ROWS, CLASSES, margin, label, NULL), <, 5.0 / 36);
  for (gsize r = 0; r < ROWS; r++)
    label[r] = (guint8) ((r + r / CLASSES) % CLASSES); /* as often right as by chance */
  g_assert_cmpfloat_with_epsilon (saxid_fit_temperature (ROWS, CLASSES, margin, label, NULL), 10, 0.1);
}

static void
test_coverage_on_fresh_curves (void)
{
  static const double wanted[] = { 0.8, 0.95, 0.99 };
  g_autofree float *margin = g_new (float, ROWS * CLASSES);
  g_autofree float *probability = g_new (float, ROWS * CLASSES);
  g_autofree guint8 *label = g_new (guint8, ROWS);

  for (guint c = 0; c < G_N_ELEMENTS (wanted); c++)
    {
      double threshold;
      gsize held = 0;

      draw (40, 1, margin, label);
      for (gsize r = 0; r < ROWS; r++)
        saxid_softmax (CLASSES, margin + r * CLASSES, 1, probability + r * CLASSES);
      threshold = saxid_fit_set_threshold (ROWS, CLASSES, probability, label, wanted[c]);

      draw (41, 1, margin, label);
      for (gsize r = 0; r < ROWS; r++)
        {
          saxid_softmax (CLASSES, margin + r * CLASSES, 1, probability + r * CLASSES);
          held += (double) probability[r * CLASSES + label[r]] >= threshold;
        }
      /* both sets scatter */
      g_assert_cmpfloat_with_epsilon ((double) held / ROWS, wanted[c],
                                      4 * sqrt (2 * wanted[c] * (1 - wanted[c]) / ROWS));
    }
}

/* Ranks by hand: of 99 curves, 95 % allows the five least probable truths out. */
static void
test_threshold_by_hand (void)
{
  float probability[99 * 2];
  guint8 label[99];

  for (gsize r = 0; r < 99; r++)
    {
      gsize shuffled = (r * 37) % 99;

      label[r] = (guint8) (r % 2);
      probability[2 * r + label[r]] = (float) (shuffled + 1) / 100;
      probability[2 * r + 1 - label[r]] = 1 - (float) (shuffled + 1) / 100;
    }
  g_assert_cmpfloat_with_epsilon (saxid_fit_set_threshold (99, 2, probability, label, 0.949), 0.05, 1e-6);
  /* too few curves to promise that much: every class belongs to the set */
  g_assert_cmpfloat (saxid_fit_set_threshold (99, 2, probability, label, 0.999), ==, 0);
  g_assert_cmpfloat (saxid_fit_set_threshold (0, 2, probability, label, 0.95), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calibrate/softmax", test_softmax);
  g_test_add_func ("/calibrate/temperature", test_temperature);
  g_test_add_func ("/calibrate/temperature-stays-in-range", test_temperature_stays_in_range);
  g_test_add_func ("/calibrate/coverage-on-fresh-curves", test_coverage_on_fresh_curves);
  g_test_add_func ("/calibrate/threshold-by-hand", test_threshold_by_hand);
  return g_test_run ();
}
