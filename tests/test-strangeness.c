/* Does the regression find how much each sign counts, and the score mean the odds? */
#include <math.h>

#include "models/learn/outlier/strangeness.h"
#include "models/simulate/random.h"

#define ROWS 20000

static double
normal (SaxidRandom *random)
{
  const double radius = sqrt (-2 * log (saxid_random_unit (random)));

  return radius * cos (2 * G_PI * saxid_random_unit (random));
}

/* Signs around (m, d), of the standard deviations (sm, sd). */
static void
draw (guint64 seed, double m, double sm, double d, double sd, SaxidSigns *signs)
{
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_PARTICLE);
  for (gsize k = 0; k < ROWS; k++)
    signs[k] = (SaxidSigns) { m + sm * normal (&random), d + sd * normal (&random) };
}

/* For normal numbers of one spread in both groups the odds are linear: the weights are the
 * difference of the means over the variance, and the odds are even half way. */
static void
test_weights (void)
{
  g_autofree SaxidSigns *known = g_new (SaxidSigns, ROWS), *stranger = g_new (SaxidSigns, ROWS);
  SaxidStrangeness found;

  draw (1, -4, 2, -3, 0.5, known);
  draw (2, 0, 2, -2.5, 0.5, stranger);
  found = saxid_strangeness_fit (ROWS, known, ROWS, stranger);
  g_assert_cmpfloat_with_epsilon (found.margin, 4 / (2.0 * 2.0), 0.06);
  g_assert_cmpfloat_with_epsilon (found.distance, 0.5 / (0.5 * 0.5), 0.12);
  g_assert_cmpfloat_with_epsilon (saxid_strangeness_score (&found, &(SaxidSigns) { -2, -2.75 }), 0.5, 0.03);
  /* fewer of the one kind say the same */
  found = saxid_strangeness_fit (ROWS, known, ROWS / 10, stranger);
  g_assert_cmpfloat_with_epsilon (saxid_strangeness_score (&found, &(SaxidSigns) { -2, -2.75 }), 0.5, 0.05);
}

/* A sign that points the other way is not used. */
static void
test_wrong_side (void)
{
  g_autofree SaxidSigns *known = g_new (SaxidSigns, ROWS), *stranger = g_new (SaxidSigns, ROWS);
  SaxidStrangeness found;

  draw (3, -4, 2, -2, 0.5, known);
  draw (4, 0, 2, -3, 0.5, stranger);
  found = saxid_strangeness_fit (ROWS, known, ROWS, stranger);
  g_assert_cmpfloat (found.distance, ==, 0);
  g_assert_cmpfloat_with_epsilon (found.margin, 1, 0.06);
}

/* Groups that a line parts without a fault have no greatest likelihood; the weights stay
 * finite, and the score is sure. */
static void
test_parted (void)
{
  g_autofree SaxidSigns *known = g_new (SaxidSigns, ROWS), *stranger = g_new (SaxidSigns, ROWS);
  SaxidStrangeness found;

  draw (5, -60, 3, -5, 0.2, known);
  draw (6, 60, 3, 0, 0.2, stranger);
  found = saxid_strangeness_fit (ROWS, known, ROWS, stranger);
  g_assert_true (isfinite (found.offset) && isfinite (found.margin) && isfinite (found.distance));
  g_assert_cmpfloat (saxid_strangeness_score (&found, &known[7]), <, 0.01);
  g_assert_cmpfloat (saxid_strangeness_score (&found, &stranger[7]), >, 0.99);
}

static void
test_signs (void)
{
  const float margin[] = { 1, 3, 2 };
  SaxidSigns signs = saxid_signs_of (2, margin, 0.01);

  g_assert_cmpfloat_with_epsilon (signs.margin, 2 - log (exp (1) + exp (3)), 1e-9);
  g_assert_cmpfloat_with_epsilon (signs.away, log (0.01), 1e-9);
  g_assert_true (isfinite (saxid_signs_of (2, margin, 0).away));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/strangeness/signs", test_signs);
  g_test_add_func ("/strangeness/weights", test_weights);
  g_test_add_func ("/strangeness/wrong-side", test_wrong_side);
  g_test_add_func ("/strangeness/parted", test_parted);
  return g_test_run ();
}
