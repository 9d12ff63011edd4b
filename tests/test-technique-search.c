/* Are halves those of IEEE 754, and is the nearest vector the nearest? */
#include <math.h>
#include <string.h>

#include "models/simulate/random.h"
#include "models/technique/search.h"

/* Every half becomes a float and itself again; between two of them the nearer one is taken. */
static void
test_halves (void)
{
  static const struct
  {
    float value;
    guint16 half;
  } known[] = { { 0, 0 }, { 1, 0x3c00 }, { -2, 0xc000 }, { 65504, 0x7bff }, { 65519.996f, 0x7bff }, { 65520, 0x7c00 },
                { 0.333251953125f, 0x3555 }, { 6.103515625e-5f, 0x0400 }, { 5.9604644775390625e-8f, 1 }, { 2.9802322e-8f, 0 } };

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    g_assert_cmphex (saxid_half_from_float (known[k].value), ==, known[k].half);
  for (guint half = 0; half < 0x7c00; half++)
    {
      const float value = saxid_half_to_float ((guint16) half), next = saxid_half_to_float ((guint16) (half + 1));

      g_assert_cmphex (saxid_half_from_float (value), ==, half);
      g_assert_cmphex (saxid_half_from_float (-value), ==, 0x8000 | half);
      if (half + 1 < 0x7c00)
        {
          g_assert_cmpfloat (next, >, value);
          g_assert_cmphex (saxid_half_from_float (value + 0.49f * (next - value)), ==, half);
          g_assert_cmphex (saxid_half_from_float (value + 0.51f * (next - value)), ==, half + 1);
          g_assert_cmphex (saxid_half_from_float (value + 0.5f * (next - value)), ==, (half + 1) & ~1u); /* the even one */
        }
    }
  g_assert_true (isnan (saxid_half_to_float (saxid_half_from_float (NAN))));
  g_assert_true (isinf (saxid_half_to_float (saxid_half_from_float (1e9f))));
}

/* Against all products in double, for widths with and without a rest, and any number of threads. */
static void
test_nearest (gconstpointer data)
{
  const gsize width = GPOINTER_TO_SIZE (data), n = 20001;
  const guint most = 10;
  g_autofree guint16 *rows = g_new (guint16, n * width);
  g_autofree float *query = g_new (float, width), *vector = g_new (float, width);
  SaxidSearchHit hit[10], again[10];
  SaxidRandom random;

  saxid_random_init (&random, 3, (guint32) width, SAXID_STREAM_PARTICLE);
  for (gsize r = 0; r < n; r++)
    {
      for (gsize k = 0; k < width; k++)
        vector[k] = (float) saxid_random_uniform (&random, -1, 1);
      g_assert_true (saxid_search_vector (vector, width, rows + r * width));
    }
  for (gsize k = 0; k < width; k++)
    query[k] = saxid_half_to_float (rows[7777 * width + k]);
  g_assert_cmpuint (saxid_search_nearest (rows, n, width, query, most, 1, hit), ==, most);
  g_assert_cmpuint (hit[0].row, ==, 7777);
  g_assert_cmpfloat_with_epsilon (hit[0].cosine, 1, 2e-3);
  for (guint k = 0; k < most; k++)
    {
      double cosine = 0;
      gsize nearer = 0;

      for (gsize i = 0; i < width; i++)
        cosine += (double) saxid_half_to_float (rows[hit[k].row * width + i]) * (double) query[i];
      g_assert_cmpfloat_with_epsilon ((double) hit[k].cosine, cosine, 1e-5);
      for (gsize r = 0; r < n; r++)
        {
          double other = 0;

          for (gsize i = 0; i < width; i++)
            other += (double) saxid_half_to_float (rows[r * width + i]) * (double) query[i];
          nearer += other > cosine + 1e-5;
        }
      g_assert_cmpuint (nearer, <=, k);
    }
  saxid_search_nearest (rows, n, width, query, most, 3, again);
  for (guint k = 0; k < most; k++)
    g_assert_cmpuint (hit[k].row, ==, again[k].row);
}

static void
test_few (void)
{
  const float zeros[4] = { 0 }, some[4] = { 0, 3, 0, 4 };
  guint16 row[4];
  SaxidSearchHit hit[3];

  g_assert_false (saxid_search_vector (zeros, 4, row));
  g_assert_false (saxid_search_vector ((const float[]) { NAN }, 1, row));
  g_assert_true (saxid_search_vector (some, 4, row));
  g_assert_cmpfloat_with_epsilon (saxid_half_to_float (row[3]), 0.8, 5e-4);
  g_assert_cmpuint (saxid_search_nearest (row, 1, 4, some, 3, 2, hit), ==, 1);
  g_assert_cmpuint (saxid_search_nearest (row, 0, 4, some, 3, 2, hit), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/technique/search/halves", test_halves);
  g_test_add_data_func ("/technique/search/nearest/96", GSIZE_TO_POINTER (96), test_nearest);
  g_test_add_data_func ("/technique/search/nearest/21", GSIZE_TO_POINTER (21), test_nearest);
  g_test_add_func ("/technique/search/few", test_few);
  return g_test_run ();
}
