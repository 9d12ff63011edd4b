/* Do ridge and logistic regression find the minimum that they are defined by?
 *
 * No golden is needed: at the minimum the gradient is nothing, and nothing else is.
 */
#include <math.h>
#include <string.h>

#include "models/learn/study/logistic.h"
#include "models/learn/study/ridge.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define ROWS 60
#define WIDTH 7
#define OUTPUTS 2
#define CLASSES 3

static void
draw (double *features, double *targets, guint8 *label)
{
  SaxidRandom random;

  saxid_random_init (&random, 7, 0, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < ROWS; r++)
    {
      double sum = 0;

      for (gsize k = 0; k < WIDTH; k++)
        sum += features[r * WIDTH + k] = saxid_random_uniform (&random, -1, 2);
      targets[r * OUTPUTS] = 3 + 2 * features[r * WIDTH] - features[r * WIDTH + 3];
      targets[r * OUTPUTS + 1] = sum + saxid_random_uniform (&random, -1, 1);
      sum = 1 + features[r * WIDTH] - features[r * WIDTH + 1] + saxid_random_unit (&random);
      label[r] = (guint8)CLAMP (sum, 0, CLASSES - 1);
    }
}

/* What ridge says of the points of a unit, which are its weights and its intercept. */
static void
read_line (const SaxidRidge *ridge, double *weight, double *intercept)
{
  double points[(WIDTH + 1) * WIDTH] = { 0 }, found[(WIDTH + 1) * OUTPUTS];

  for (gsize k = 0; k < WIDTH; k++)
    points[(k + 1) * WIDTH + k] = 1;
  saxid_ridge_predict (ridge, WIDTH + 1, points, found);
  for (gsize o = 0; o < OUTPUTS; o++)
    {
      intercept[o] = found[o];
      for (gsize k = 0; k < WIDTH; k++)
        weight[k * OUTPUTS + o] = found[(k + 1) * OUTPUTS + o] - found[o];
    }
}

static void
test_ridge (void)
{
  static const double alphas[] = { 1e-9, 0.5, 40 };
  double features[ROWS * WIDTH], targets[ROWS * OUTPUTS], weight[WIDTH * OUTPUTS], intercept[OUTPUTS];
  guint8 label[ROWS];
  g_autoptr (SaxidRidge) ridge = NULL;

  draw (features, targets, label);
  ridge = saxid_ridge_new (ROWS, WIDTH, features, OUTPUTS, targets);
  for (guint a = 0; a < G_N_ELEMENTS (alphas); a++)
    {
      g_assert_true (saxid_ridge_solve (ridge, alphas[a], NULL));
      read_line (ridge, weight, intercept);
      for (gsize o = 0; o < OUTPUTS; o++)
        {
          double mean = 0, gradient[WIDTH] = { 0 };

          for (gsize r = 0; r < ROWS; r++)
            {
              double away = intercept[o] - targets[r * OUTPUTS + o];

              for (gsize k = 0; k < WIDTH; k++)
                away += features[r * WIDTH + k] * weight[k * OUTPUTS + o];
              mean += away;
              for (gsize k = 0; k < WIDTH; k++)
                gradient[k] += away * features[r * WIDTH + k];
            }
          g_assert_cmpfloat_with_epsilon (mean, 0, 1e-9);
          for (gsize k = 0; k < WIDTH; k++)
            g_assert_cmpfloat_with_epsilon (gradient[k] + alphas[a] * weight[k * OUTPUTS + o], 0, 1e-9);
        }
    }
  /* the first target is a line: with next to no alpha it is found */
  g_assert_true (saxid_ridge_solve (ridge, 1e-9, NULL));
  read_line (ridge, weight, intercept);
  g_assert_cmpfloat_with_epsilon (intercept[0], 3, 1e-7);
  g_assert_cmpfloat_with_epsilon (weight[0], 2, 1e-7);
}

static void
test_no_factor (void)
{
  double features[ROWS * WIDTH] = { 0 }, targets[ROWS * OUTPUTS] = { 0 };
  g_autoptr (SaxidRidge) ridge = saxid_ridge_new (ROWS, WIDTH, features, OUTPUTS, targets);
  g_autoptr (GError) error = NULL;

  g_assert_false (saxid_ridge_solve (ridge, -1, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
}

static void
test_logistic (void)
{
  static const double strengths[] = { 0.1, 1, 30 };
  double features[ROWS * WIDTH], targets[ROWS * OUTPUTS];
  guint8 label[ROWS], found[ROWS];

  draw (features, targets, label);
  for (guint c = 0; c < G_N_ELEMENTS (strengths); c++)
    {
      g_autoptr (SaxidLogistic) fit = saxid_logistic_fit (ROWS, WIDTH, features, label, CLASSES, strengths[c], 2000);
      double gradient[(WIDTH + 1) * CLASSES];
      guint right = 0;

      memcpy (gradient, fit->weight, sizeof gradient);
      memset (gradient + WIDTH * CLASSES, 0, CLASSES * sizeof (double));
      saxid_logistic_classify (fit, ROWS, features, found);
      for (gsize r = 0; r < ROWS; r++)
        {
          double margin[CLASSES], sum = 0;

          for (guint k = 0; k < CLASSES; k++)
            {
              margin[k] = fit->weight[WIDTH * CLASSES + k];
              for (gsize j = 0; j < WIDTH; j++)
                margin[k] += features[r * WIDTH + j] * fit->weight[j * CLASSES + k];
              sum += exp (margin[k]);
            }
          for (guint k = 0; k < CLASSES; k++)
            {
              const double away = strengths[c] * (exp (margin[k]) / sum - (k == label[r]));

              g_assert_cmpfloat (margin[found[r]], >=, margin[k]);
              gradient[WIDTH * CLASSES + k] += away;
              for (gsize j = 0; j < WIDTH; j++)
                gradient[j * CLASSES + k] += away * features[r * WIDTH + j];
            }
          right += found[r] == label[r];
        }
      for (gsize k = 0; k < G_N_ELEMENTS (gradient); k++)
        g_assert_cmpfloat_with_epsilon (gradient[k], 0, 1e-4 * strengths[c] * ROWS);
      g_assert_cmpuint (right, >, ROWS / 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/regression/ridge", test_ridge);
  g_test_add_func ("/regression/no-factor", test_no_factor);
  g_test_add_func ("/regression/logistic", test_logistic);
  return g_test_run ();
}
