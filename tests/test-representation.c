/* Are the representations and classifiers of the study what they are called? */
#include <math.h>
#include <string.h>

#include "models/learn/components.h"
#include "models/learn/study/franke.h"
#include "models/learn/study/neighbours.h"
#include "models/learn/study/study.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

/* Points along two directions of unequal spread and a little noise: the first two
 * components are these, with their variances. */
static void
test_components (void)
{
  enum
  {
    ROWS = 400,
    WIDTH = 6
  };
  const double direction[2][WIDTH] = { { 0.6, 0.8, 0, 0, 0, 0 }, { 0, 0, 0, 1, 0, 0 } }, spread[2] = { 3, 1 };
  static float rows[ROWS * WIDTH], projected[ROWS * 2];
  g_autoptr (SaxidComponents) found = NULL;
  g_autoptr (GError) error = NULL;
  SaxidRandom random;

  saxid_random_init (&random, 1, 0, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < ROWS; r++)
    for (guint d = 0; d < 2; d++)
      {
        double along = spread[d] * sqrt (3.0) * saxid_random_uniform (&random, -1, 1);

        for (guint k = 0; k < WIDTH; k++)
          rows[r * WIDTH + k] += (float) (along * direction[d][k] + 0.5 * (d == 0) + 0.01 * saxid_random_unit (&random));
      }
  found = saxid_components_fit (rows, ROWS, WIDTH, 3, &error);
  g_assert_no_error (error);
  for (guint d = 0; d < 2; d++)
    {
      double cosine = 0;

      for (guint k = 0; k < WIDTH; k++)
        cosine += found->vector[d * WIDTH + k] * direction[d][k];
      g_assert_cmpfloat (fabs (cosine), >, 0.99);
      g_assert_cmpfloat_with_epsilon (found->variance[d] / (spread[d] * spread[d]), 1, 0.15);
    }
  g_assert_cmpuint (saxid_components_holding (found, 0.85), ==, 1);
  g_assert_cmpuint (saxid_components_holding (found, 0.95), ==, 2);
  saxid_components_project (found, 2, rows, ROWS, projected);
  for (guint d = 0; d < 2; d++)
    {
      double square = 0;

      for (gsize r = 0; r < ROWS; r++)
        square += (double) projected[r * 2 + d] * (double) projected[r * 2 + d] / ROWS;
      g_assert_cmpfloat_with_epsilon (square / found->variance[d], 1, 1e-4);
    }
  g_assert_null (saxid_components_fit (rows, ROWS, WIDTH, WIDTH + 1, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
}

/* Guinier's law as a whole curve: ∫ x² exp (-x² / 3) dx is known. */
static void
test_franke (void)
{
  const double rg = 40, root = sqrt (3.0);
  g_autoptr (SaxidCurve) curve = saxid_curve_new (3000, FALSE, FALSE);
  float out[6];

  for (gsize k = 0; k < curve->n; k++)
    {
      curve->q[k] = 1e-4 + 1e-4 * (double) k;
      curve->intensity[k] = 7 * exp (-curve->q[k] * curve->q[k] * rg * rg / 3);
    }
  g_assert_true (saxid_franke (curve, 5, out));
  g_assert_cmpfloat_with_epsilon (out[5], rg, 0.05);
  for (guint j = 0; j < 5; j++)
    {
      const double x = 3 + j;
      /* a = 1/√3: √π/4 erf (a x) / a³ - x exp (-a² x²) / (2 a²), and Δq = dx / R_g */
      const double integral = 0.25 * sqrt (G_PI) * erf (x / root) * 3 * root - 1.5 * x * exp (-x * x / 3);

      g_assert_cmpfloat_with_epsilon ((double) out[j] / (2 * G_PI * G_PI * rg / integral), 1, 0.02);
    }
  for (gsize k = 0; k < curve->n; k++)
    curve->intensity[k] = pow (curve->q[k], -4);
  g_assert_false (saxid_franke (curve, 5, out));
  g_assert_cmpfloat (out[0], ==, 0);
}

/* Against a search that sorts all distances. */
static void
test_neighbours (void)
{
  enum
  {
    N = 300,
    M = 40,
    WIDTH = 5,
    CLASSES = 4,
    K = 7
  };
  float training[N * WIDTH], rows[M * WIDTH], votes[M * CLASSES];
  guint8 label[N];
  SaxidRandom random;

  saxid_random_init (&random, 2, 0, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < N * WIDTH; k++)
    training[k] = (float) saxid_random_unit (&random);
  for (gsize k = 0; k < M * WIDTH; k++)
    rows[k] = (float) saxid_random_unit (&random);
  for (gsize k = 0; k < N; k++)
    label[k] = (guint8) (saxid_random_unit (&random) * CLASSES);
  saxid_neighbours_vote (N, WIDTH, training, label, CLASSES, K, M, rows, votes);
  for (gsize r = 0; r < M; r++)
    {
      gboolean taken[N] = { FALSE };
      double expected[CLASSES] = { 0 };

      for (guint j = 0; j < K; j++)
        {
          gsize nearest = N;
          double least = INFINITY;

          for (gsize k = 0; k < N; k++)
            {
              double sum = 0;

              for (gsize i = 0; i < WIDTH; i++)
                sum += pow ((double) (training[k * WIDTH + i] - rows[r * WIDTH + i]), 2);
              if (!taken[k] && sum < least)
                {
                  least = sum;
                  nearest = k;
                }
            }
          taken[nearest] = TRUE;
          expected[label[nearest]] += 1.0 / K;
        }
      for (guint c = 0; c < CLASSES; c++)
        g_assert_cmpfloat_with_epsilon (votes[r * CLASSES + c], expected[c], 1e-4);
    }
}

/* Two clouds of points: each classifier tells them apart, and a forest has as many trees
 * as it says. */
static void
test_classifiers (void)
{
  enum
  {
    N = 200,
    WIDTH = 3
  };
  float features[N * WIDTH], probability[N * 2];
  guint8 label[N];
  const SaxidVectors vectors = { N, WIDTH, features, label, 2 };
  static const char *const names[] = { "KNN", "RF", "XGBoost" };
  const SaxidClassifierInfo *info;
  SaxidRandom random;

  saxid_random_init (&random, 3, 0, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < N; r++)
    {
      label[r] = r % 2;
      for (gsize k = 0; k < WIDTH; k++)
        features[r * WIDTH + k] = (float) (label[r] + saxid_random_uniform (&random, -0.6, 0.6));
    }
  for (guint c = 0; c < G_N_ELEMENTS (names); c++)
    for (guint choice = 0; choice < saxid_classifier_choice_count (info = saxid_classifier_find (names[c])); choice++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (SaxidClassifier) classifier
          = saxid_classifier_train (info, choice, &vectors, 1, 1, NULL, NULL, &error);
        gsize right = 0;

        g_assert_no_error (error);
        g_assert_true (saxid_classifier_ask (classifier, features, N, probability, &error));
        for (gsize r = 0; r < N; r++)
          {
            g_assert_cmpfloat_with_epsilon (probability[2 * r] + probability[2 * r + 1], 1, 1e-3);
            right += (probability[2 * r + 1] > probability[2 * r]) == label[r];
          }
        g_test_message ("%s, %s: %" G_GSIZE_FORMAT, saxid_classifier_name (info),
                        saxid_classifier_choice (info, choice), right);
        g_assert_cmpuint (right, >, N * 9 / 10);
      }
}

/* A class that two of many columns tell only together: trees have to see both. */
static void
test_few_columns (void)
{
  enum
  {
    N = 800,
    WIDTH = 4
  };
  static float features[N * WIDTH], probability[N * 2];
  static guint8 label[N];
  const SaxidVectors training = { N / 2, WIDTH, features, label, 2 };
  static const char *const names[] = { "RF", "XGBoost" };
  SaxidRandom random;

  saxid_random_init (&random, 5, 0, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < N; r++)
    {
      for (gsize k = 0; k < WIDTH; k++)
        features[r * WIDTH + k] = (float) saxid_random_uniform (&random, -1, 1);
      label[r] = features[r * WIDTH] * features[r * WIDTH + 1] > 0;
    }
  for (guint c = 0; c < G_N_ELEMENTS (names); c++)
    {
      const SaxidClassifierInfo *info = saxid_classifier_find (names[c]);
      g_autoptr (SaxidClassifier) classifier = saxid_classifier_train (info, 0, &training, 1, 1, NULL, NULL, NULL);
      gsize right = 0;

      g_assert_true (saxid_classifier_ask (classifier, features + N / 2 * WIDTH, N / 2, probability, NULL));
      for (gsize r = 0; r < N / 2; r++)
        right += (probability[2 * r + 1] > probability[2 * r]) == label[N / 2 + r];
      g_test_message ("%s: %" G_GSIZE_FORMAT " of %d", names[c], right, N / 2);
      g_assert_cmpuint (right, >, N / 2 * 8 / 10);
    }
}

static void
test_score (void)
{
  g_assert_cmpint (saxid_study_score ("sphere", "sphere"), ==, 1);
  g_assert_cmpint (saxid_study_score ("sphere", "oblate"), ==, 0);
  g_assert_cmpint (saxid_study_score ("prolate", "sphere"), ==, 0);
  g_assert_cmpint (saxid_study_score ("core_shell_sphere", "hollow_sphere"), ==, 0);
  g_assert_cmpint (saxid_study_score ("sphere", "hollow_sphere"), ==, -1);
  g_assert_cmpint (saxid_study_score ("core_shell_sphere", "cylinder"), ==, -1);
}

/* Curves of two grids become features of one kind; the second channel says where. */
static void
test_rows (void)
{
  enum
  {
    N = 120,
    WIDTH = 40
  };
  static const char *const names[] = { "I", "PCA90" };
  double q[2 * WIDTH];
  SaxidRows like = { .width = WIDTH, .n_class = 2, .n_grid = 2, .q = q };
  g_autoptr (SaxidRows) rows = saxid_rows_new (N, &like), none = saxid_rows_new (0, &like);
  const SaxidRepresentationOptions options = { .preprocess = "TH,LOG,STD", .effort = 1, .threads = 1, .seed = 1 };

  for (guint g = 0; g < 2; g++)
    for (gsize k = 0; k < WIDTH; k++)
      q[g * WIDTH + k] = (0.003 + 0.003 * g) * (1 + (double) k / 4);
  for (gsize r = 0; r < N; r++)
    {
      const double radius = 30 + 20.0 * (double) (r % 7);

      rows->grid[r] = r % 2;
      rows->label[r] = r / 2 % 2;
      for (gsize k = 0; k < WIDTH; k++)
        {
          double x = q[rows->grid[r] * WIDTH + k] * radius;

          rows->curve[r * WIDTH + k] = (float) (rows->label[r] == 0 ? exp (-x * x / 5) + 1e-3 : 1 / (1 + x * x));
        }
    }
  for (guint k = 0; k < G_N_ELEMENTS (names); k++) /* networks want the width of the study: test-study.py */
    {
      const SaxidRepresentationInfo *info = saxid_representation_find (names[k]);
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidRepresentation) representation = NULL;
      g_autofree float *features = NULL, *margin = g_new0 (float, N * 2);

      g_assert_nonnull (info);
      representation = saxid_representation_fit (info, rows, none, &options, NULL, &error);
      g_assert_no_error (error);
      features = g_new0 (float, N * saxid_representation_width (representation));
      g_assert_true (saxid_representation_apply (representation, rows, features, margin, &error));
      for (gsize j = 0; j < N * saxid_representation_width (representation); j++)
        g_assert_true (isfinite (features[j]));
      if (strcmp (names[k], "I") == 0)
        for (gsize j = 0; j < WIDTH; j++)
          {
            double sum = 0, square = 0;

            for (gsize r = 0; r < N; r++)
              {
                sum += (double) features[r * WIDTH + j] / N;
                square += (double) features[r * WIDTH + j] * (double) features[r * WIDTH + j] / N;
              }
            /* STD over the rows of both grids together */
            g_assert_cmpfloat_with_epsilon (sum, 0, 1e-4);
            g_assert_cmpfloat_with_epsilon (square, 1, 1e-3);
          }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/representation/components", test_components);
  g_test_add_func ("/representation/franke", test_franke);
  g_test_add_func ("/representation/neighbours", test_neighbours);
  g_test_add_func ("/representation/classifiers", test_classifiers);
  g_test_add_func ("/representation/few-columns", test_few_columns);
  g_test_add_func ("/representation/score", test_score);
  g_test_add_func ("/representation/rows", test_rows);
  return g_test_run ();
}
