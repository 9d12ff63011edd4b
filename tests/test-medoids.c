/* Do the few that are chosen stand for the many? */
#include <glib.h>
#include <math.h>

#include "models/learn/medoids.h"

#define WIDTH 3

/* Three heaps of different size, at known places. */
static void
test_heaps (void)
{
  static const float place[3][WIDTH] = { { 0, 0, 0 }, { 10, 0, 0 }, { 0, 7, 3 } };
  static const guint size[3] = { 20, 50, 30 };
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  g_autofree float *row = g_new (float, 100 * WIDTH);
  guint heap[100], of[100], n = 0;
  gsize medoid[3];

  for (guint h = 0; h < 3; h++)
    for (guint k = 0; k < size[h]; k++, n++)
      {
        heap[n] = h;
        for (guint c = 0; c < WIDTH; c++)
          row[n * WIDTH + c] = place[h][c] + (float) g_rand_double_range (random, -1, 1);
      }
  g_assert_cmpuint (saxid_medoids (100, WIDTH, row, 3, medoid, of), ==, 3);
  g_assert_cmpuint (heap[medoid[0]], ==, 1);
  g_assert_cmpuint (heap[medoid[1]], ==, 2);
  g_assert_cmpuint (heap[medoid[2]], ==, 0);
  for (guint k = 0; k < 100; k++)
    g_assert_cmpuint (heap[medoid[of[k]]], ==, heap[k]);
  /* each is in the midst of its heap */
  for (guint m = 0; m < 3; m++)
    for (guint c = 0; c < WIDTH; c++)
      g_assert_cmpfloat (fabsf (row[medoid[m] * WIDTH + c] - place[heap[medoid[m]]][c]), <, 0.6f);
}

/* What is the same needs one only, and fewer rows than are asked for are no error. */
static void
test_same (void)
{
  const float row[6 * WIDTH] = { 1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3 };
  gsize medoid[6];
  guint of[6];

  g_assert_cmpuint (saxid_medoids (3, WIDTH, row, 3, medoid, of), ==, 1);
  g_assert_cmpuint (saxid_medoids (6, WIDTH, row, 6, medoid, of), ==, 2);
  g_assert_cmpuint (of[3], ==, 1);
  g_assert_cmpuint (of[4], ==, 1);
  g_assert_cmpuint (of[5], ==, 0);
  g_assert_cmpuint (saxid_medoids (1, WIDTH, row, 4, medoid, of), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/medoids/heaps", test_heaps);
  g_test_add_func ("/medoids/same", test_same);
  return g_test_run ();
}
