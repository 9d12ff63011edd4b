/* Are the figures of merit those of their definitions, and of scikit-learn? */
#include <math.h>

#include "models/learn/evaluate.h"

static void
test_by_hand (void)
{
  /* four curves, two classes: right and sure, right, wrong, wrong and sure */
  const float probability[] = { 0.95f, 0.05f, 0.4f, 0.6f, 0.7f, 0.3f, 0.02f, 0.98f };
  const guint8 label[] = { 0, 1, 1, 0 };
  g_autoptr (SaxidScores) scores = saxid_evaluate (4, 2, probability, label, 0.3);

  g_assert_cmpuint (scores->confusion[0], ==, 1); /* 0 called 0 */
  g_assert_cmpuint (scores->confusion[1], ==, 1); /* 0 called 1 */
  g_assert_cmpuint (scores->confusion[2], ==, 1);
  g_assert_cmpuint (scores->confusion[3], ==, 1);
  g_assert_cmpfloat (scores->accuracy, ==, 0.5);
  g_assert_cmpfloat (scores->matthews, ==, 0);
  g_assert_cmpfloat (scores->f1, ==, 0.5);
  g_assert_cmpfloat_with_epsilon (scores->log_loss,
                                  -(log (0.95) + log (0.6) + log (0.3) + log (0.02)) / 4, 1e-6);
  /* bins [14/15, 1]: 0.95 right and 0.98 wrong; [9/15, 10/15): 0.6 right; 0.7 wrong */
  g_assert_cmpfloat_with_epsilon (scores->calibration_error, (fabs (1 - 1.93) + 0.4 + 0.7) / 4, 1e-6);
  g_assert_cmpfloat (scores->set_coverage, ==, 0.75);
  g_assert_cmpfloat (scores->set_size, ==, 1.5);
}

static void
test_all_right (void)
{
  float probability[30 * 3] = { 0 };
  guint8 label[30];
  g_autoptr (SaxidScores) scores = NULL;

  for (guint r = 0; r < 30; r++)
    {
      label[r] = (guint8) (r % 3);
      probability[3 * r + label[r]] = 1;
    }
  scores = saxid_evaluate (30, 3, probability, label, 0.5);
  g_assert_cmpfloat (scores->accuracy, ==, 1);
  g_assert_cmpfloat_with_epsilon (scores->f1, 1, 1e-15);
  g_assert_cmpfloat_with_epsilon (scores->matthews, 1, 1e-15);
  g_assert_cmpfloat (scores->log_loss, ==, 0);
  g_assert_cmpfloat (scores->calibration_error, ==, 0);
  g_assert_cmpfloat (scores->set_coverage, ==, 1);
  g_assert_cmpfloat (scores->set_size, ==, 1);
  for (guint k = 0; k < 3; k++)
    {
      g_assert_cmpfloat (scores->recall[k], ==, 1);
      g_assert_cmpfloat (scores->precision[k], ==, 1);
    }
}

/* Numbers that any language makes alike. */
static double
next_number (guint32 *state)
{
  *state = (*state * 1103515245u + 12345u) & 0x7fffffffu;
  return (double) *state / 2147483648.0;
}

/* 400 curves, 6 classes, of which the last is never true and the last but one
 * never predicted. Constants by scikit-learn 1.2.1 (accuracy_score, f1_score
 * with average="macro" and zero_division=0, matthews_corrcoef, recall_score,
 * precision_score) and numpy 1.24 on the same numbers. */
static void
test_against_scikit_learn (void)
{
  enum { N = 400, M = 6 };
  static const double recall[] = { 0.69135802, 0.67045455, 0.68493151, 0.7, 0, NAN };
  static const double precision[] = { 0.57142857, 0.7195122, 0.58139535, 0.60869565, NAN, 0 };
  g_autofree float *probability = g_new (float, N * M);
  g_autofree guint8 *label = g_new (guint8, N);
  g_autoptr (SaxidScores) scores = NULL;
  guint32 state = 12345;
  gsize sum = 0;

  for (guint r = 0; r < N; r++)
    {
      double row[M], total = 0;

      for (guint k = 0; k < M; k++)
        row[k] = next_number (&state);
      label[r] = (guint8) (next_number (&state) * (M - 1));
      row[4] = 0;
      if (label[r] != 4)
        row[label[r]] += 0.5;
      for (guint k = 0; k < M; k++)
        total += row[k] * row[k];
      for (guint k = 0; k < M; k++)
        probability[r * M + k] = (float) (row[k] * row[k] / total);
    }
  scores = saxid_evaluate (N, M, probability, label, 0.3);
  g_assert_cmpfloat_with_epsilon (scores->accuracy, 0.5525, 1e-12);
  g_assert_cmpfloat_with_epsilon (scores->f1, 0.433318263231, 1e-11);
  g_assert_cmpfloat_with_epsilon (scores->matthews, 0.469495961531, 1e-11);
  g_assert_cmpfloat_with_epsilon (scores->log_loss, 6.135282752710, 1e-6);
  g_assert_cmpfloat_with_epsilon (scores->calibration_error, 0.094796469398, 1e-7);
  g_assert_cmpfloat_with_epsilon (scores->set_coverage, 0.61, 1e-12);
  g_assert_cmpfloat_with_epsilon (scores->set_size, 1.2975, 1e-12);
  for (guint k = 0; k < M; k++)
    {
      g_assert_true (isnan (recall[k]) ? isnan (scores->recall[k])
                                       : fabs (scores->recall[k] - recall[k]) < 1e-8);
      g_assert_true (isnan (precision[k]) ? isnan (scores->precision[k])
                                          : fabs (scores->precision[k] - precision[k]) < 1e-8);
    }
  for (guint k = 0; k < M * M; k++)
    sum += scores->confusion[k];
  g_assert_cmpuint (sum, ==, N);
}

static void
test_best_class (void)
{
  const float values[] = { -3, 2, 2, -1 };

  g_assert_cmpuint (saxid_best_class (4, values), ==, 1);
  g_assert_cmpuint (saxid_best_class (1, values), ==, 0);
}

/* Pair by pair. */
static void
test_area (void)
{
  const double known[] = { 0.3, 0.1, 0.5, 0.3 }, stranger[] = { 0.3, 0.9, 0.05 };
  double pairs = 0;

  for (guint k = 0; k < 4; k++)
    for (guint j = 0; j < 3; j++)
      pairs += known[k] < stranger[j] ? 1 : known[k] == stranger[j] ? 0.5 : 0;
  g_assert_cmpfloat_with_epsilon (saxid_rate_area (4, known, 3, stranger), pairs / 12, 1e-12);
  g_assert_cmpfloat (saxid_rate_area (4, known, 1, stranger + 1), ==, 1);
  g_assert_true (isnan (saxid_rate_area (0, known, 3, stranger)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluate/by-hand", test_by_hand);
  g_test_add_func ("/evaluate/all-right", test_all_right);
  g_test_add_func ("/evaluate/against-scikit-learn", test_against_scikit_learn);
  g_test_add_func ("/evaluate/best-class", test_best_class);
  g_test_add_func ("/evaluate/area", test_area);
  return g_test_run ();
}
