/* Are the random numbers those of Philox, independent, and of the right laws? */
#include <math.h>
#include <string.h>

#include "models/simulate/random.h"

/* The first number of a generator in a given state, from the words of its block. */
static double
number_of (guint32 high, guint32 low)
{
  guint64 bits = ((guint64) high << 20) | (low >> 12);

  return ((double) bits + 0.5) * 0x1p-52;
}

/* Known answers of philox4x32-10 published with Random123: counter, key, words. */
static void
test_known_answers (void)
{
  static const struct
  {
    guint64 seed, sample;
    guint32 stream, block;
    guint32 word[4];
  } known[] = {
    { 0, 0, 0, 0, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { G_MAXUINT64, G_MAXUINT64, G_MAXUINT32, G_MAXUINT32,
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { G_GUINT64_CONSTANT (0x299f31d0a4093822), G_GUINT64_CONSTANT (0x85a308d3243f6a88), 0x13198a2e,
      0x03707344, { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };

  for (guint k = 0; k < G_N_ELEMENTS (known); k++)
    {
      SaxidRandom random;

      saxid_random_init (&random, known[k].seed, known[k].sample, (SaxidStream) known[k].stream);
      random.block = known[k].block;
      /* words are used from the last to the first, two for a number */
      g_assert_cmpfloat (saxid_random_unit (&random), ==,
                         number_of (known[k].word[3], known[k].word[2]));
      g_assert_cmpfloat (saxid_random_unit (&random), ==,
                         number_of (known[k].word[1], known[k].word[0]));
    }
}

static void
test_same_again (void)
{
  SaxidRandom a, b;

  saxid_random_init (&a, 7, 17, SAXID_STREAM_PARTICLE);
  saxid_random_init (&b, 7, 17, SAXID_STREAM_PARTICLE);
  for (guint k = 0; k < 1000; k++)
    g_assert_cmpfloat (saxid_random_unit (&a), ==, saxid_random_unit (&b));
}

static double
correlation (SaxidRandom *a, SaxidRandom *b, guint n)
{
  double sum = 0;

  for (guint k = 0; k < n; k++)
    sum += (saxid_random_unit (a) - 0.5) * (saxid_random_unit (b) - 0.5);
  return sum * 12 / n; /* standard deviation 1 / sqrt (n) */
}

static void
test_streams_are_independent (void)
{
  static const struct
  {
    guint64 seed, sample;
    SaxidStream stream;
  } other[] = {
    { 8, 17, SAXID_STREAM_PARTICLE },  { 7, 18, SAXID_STREAM_PARTICLE },
    { 7, 17, SAXID_STREAM_COUNTS },    { 7, 17, SAXID_STREAM_SPLIT },
    { 17, 7, SAXID_STREAM_PARTICLE },  { 7 + ((guint64) 1 << 32), 17, SAXID_STREAM_PARTICLE },
    { 7, 17 + ((guint64) 1 << 32), SAXID_STREAM_PARTICLE },
  };
  const guint n = 20000;

  for (guint k = 0; k < G_N_ELEMENTS (other); k++)
    {
      SaxidRandom a, b;

      saxid_random_init (&a, 7, 17, SAXID_STREAM_PARTICLE);
      saxid_random_init (&b, other[k].seed, other[k].sample, other[k].stream);
      g_assert_cmpfloat (fabs (correlation (&a, &b, n)), <, 4 / sqrt (n));
    }
}

/* χ² over its degrees of freedom, as a deviate of unit variance. */
static double
chi_square_deviate (guint bins, const double *seen, const double *expected)
{
  double chi_square = 0, freedom = (double) bins - 1;

  for (guint k = 0; k < bins; k++)
    chi_square += (seen[k] - expected[k]) * (seen[k] - expected[k]) / expected[k];
  return (chi_square - freedom) / sqrt (2 * freedom);
}

static void
test_uniform (void)
{
  enum { BINS = 64, N = 200000 };
  double seen[BINS] = { 0 }, expected[BINS];
  SaxidRandom random;

  saxid_random_init (&random, 3, 0, SAXID_STREAM_PARTICLE);
  for (guint k = 0; k < N; k++)
    {
      double u = saxid_random_unit (&random);

      g_assert_true (u > 0 && u < 1);
      seen[(guint) (u * BINS)]++;
    }
  for (guint k = 0; k < BINS; k++)
    expected[k] = (double) N / BINS;
  g_assert_cmpfloat (fabs (chi_square_deviate (BINS, seen, expected)), <, 4);
}

static void
test_ranges (void)
{
  SaxidRandom random;
  double mean = 0, mean_log = 0;
  const guint n = 100000;

  saxid_random_init (&random, 4, 0, SAXID_STREAM_PARTICLE);
  for (guint k = 0; k < n; k++)
    {
      double x = saxid_random_uniform (&random, -3, 5), y = saxid_random_log_uniform (&random, 0.01, 100);

      g_assert_true (x > -3 && x < 5);
      g_assert_true (y >= 0.01 && y <= 100);
      mean += x / n;
      mean_log += log (y) / n;
    }
  g_assert_cmpfloat (fabs (mean - 1), <, 4 * 8 / sqrt (12.0 * n));
  g_assert_cmpfloat (fabs (mean_log), <, 4 * log (1e4) / sqrt (12.0 * n));
}

static void
test_poisson_moments (void)
{
  static const double means[]
    = { 0.01, 0.1, 0.7, 3, 9.99, 10, 10.01, 30, 100, 1e3, 1e4, 1e6, 1e8, 1e10, 1e12, 1e14 };
  const guint n = 40000;

  for (guint m = 0; m < G_N_ELEMENTS (means); m++)
    {
      SaxidRandom random;
      double shift = 0, square = 0, mu = means[m];

      saxid_random_init (&random, 5, m, SAXID_STREAM_COUNTS);
      for (guint k = 0; k < n; k++)
        {
          double count = saxid_random_poisson (&random, mu), x = count - mu;

          g_assert_true (count >= 0 && floor (count) == count);
          shift += x / n;
          square += x * x / n;
        }
      /* the mean has the variance mu/n, the mean square (mu + 2 mu²)/n */
      g_assert_cmpfloat (fabs (shift), <, 4.5 * sqrt (mu / n));
      g_assert_cmpfloat (fabs (square - mu), <, 4.5 * sqrt ((mu + 2 * mu * mu) / n));
    }
}

/* Against the exact probabilities, by lgamma; rare counts share the end bins. */
static void
test_poisson_law (void)
{
  static const double means[] = { 0.1, 1, 5, 9.9, 10, 12, 25, 100, 1e4, 1e6 };
  const guint n = 200000;

  for (guint m = 0; m < G_N_ELEMENTS (means); m++)
    {
      enum { MOST = 60 };
      double mu = means[m], root = sqrt (mu);
      double step = fmax (1, floor (root / 6)), first = fmax (0, floor (mu - 5 * root));
      double seen[MOST] = { 0 }, expected[MOST] = { 0 }, kept_seen[MOST] = { 0 }, kept[MOST] = { 0 };
      guint bins = 0;
      SaxidRandom random;

      for (double k = fmax (0, floor (mu - 12 * root) - 12); k < mu + 12 * root + 12; k++)
        {
          gint bin = (gint) floor ((k - first) / step);

          expected[CLAMP (bin, 0, MOST - 1)] += n * exp (k * log (mu) - mu - lgamma (k + 1));
        }
      saxid_random_init (&random, 6, m, SAXID_STREAM_COUNTS);
      for (guint k = 0; k < n; k++)
        {
          gint bin = (gint) floor ((saxid_random_poisson (&random, mu) - first) / step);

          seen[CLAMP (bin, 0, MOST - 1)]++;
        }
      for (guint k = 0; k < MOST; k++) /* bins of too few join the next one */
        {
          kept_seen[bins] += seen[k];
          kept[bins] += expected[k];
          if (kept[bins] >= 10 && bins + 1 < MOST)
            bins++;
        }
      if (bins > 1 && kept[bins] < 10)
        {
          kept_seen[bins - 1] += kept_seen[bins];
          kept[bins - 1] += kept[bins];
        }
      else
        bins++;
      g_test_message ("mean %g: %u bins, deviate %.2f", mu, bins,
                      chi_square_deviate (bins, kept_seen, kept));
      g_assert_cmpfloat (fabs (chi_square_deviate (bins, kept_seen, kept)), <, 4.5);
    }
}

/* Large means, against the normal law with the first term of Edgeworth's series. */
static void
test_poisson_of_many (void)
{
  static const double means[] = { 1e8, 1e11, 1e13, 1e15 };
  enum { BINS = 40, N = 200000 };

  for (guint m = 0; m < G_N_ELEMENTS (means); m++)
    {
      double seen[BINS] = { 0 }, expected[BINS], before = 0, mu = means[m];
      SaxidRandom random;

      for (guint k = 0; k < BINS; k++)
        {
          double z = 0.2 * (k + 1.0 - BINS / 2.0);
          double below = k + 1 == BINS ? 1
                                       : 0.5 * erfc (-z / sqrt (2))
                                           - (z * z - 1) / (6 * sqrt (mu)) * exp (-z * z / 2)
                                               / sqrt (2 * G_PI);

          expected[k] = N * (below - before);
          before = below;
        }
      saxid_random_init (&random, 8, m, SAXID_STREAM_COUNTS);
      for (guint k = 0; k < N; k++)
        {
          double count = saxid_random_poisson (&random, mu);
          gint bin = (gint) floor ((count - mu) / sqrt (mu) / 0.2 + BINS / 2.0);

          seen[CLAMP (bin, 0, BINS - 1)]++;
        }
      g_test_message ("mean %g: deviate %.2f", mu, chi_square_deviate (BINS, seen, expected));
      g_assert_cmpfloat (fabs (chi_square_deviate (BINS, seen, expected)), <, 4.5);
    }
}

static void
test_poisson_of_nothing (void)
{
  SaxidRandom random;

  saxid_random_init (&random, 1, 1, SAXID_STREAM_COUNTS);
  g_assert_cmpfloat (saxid_random_poisson (&random, 0), ==, 0);
  g_assert_cmpfloat (saxid_random_poisson (&random, -1), ==, 0);
  g_assert_cmpfloat (saxid_random_poisson (&random, NAN), ==, 0);
}

/* Every order of three comes as often as any other; blocks are those of a generator. */
static void
test_shuffle_and_blocks (void)
{
  gsize seen[27] = { 0 }, order[3];
  guint32 blocks[8], again[4];
  SaxidRandom random;

  for (guint64 k = 0; k < 60000; k++)
    {
      saxid_random_init (&random, 4, k, SAXID_STREAM_SPLIT);
      for (gsize j = 0; j < 3; j++)
        order[j] = j;
      saxid_random_shuffle (&random, 3, order);
      g_assert_cmpuint (1u << order[0] | 1u << order[1] | 1u << order[2], ==, 7);
      seen[9 * order[0] + 3 * order[1] + order[2]]++;
    }
  for (gsize k = 0; k < G_N_ELEMENTS (seen); k++)
    if (seen[k] > 0) /* 10000 ± 91 */
      g_assert_cmpfloat_with_epsilon (seen[k], 10000, 5 * 91);
  saxid_random_blocks (&random, 3, 2, blocks);
  saxid_random_blocks (&random, 4, 1, again);
  g_assert_cmpmem (blocks + 4, sizeof again, again, sizeof again);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/known-answers", test_known_answers);
  g_test_add_func ("/random/same-again", test_same_again);
  g_test_add_func ("/random/streams-are-independent", test_streams_are_independent);
  g_test_add_func ("/random/uniform", test_uniform);
  g_test_add_func ("/random/ranges", test_ranges);
  g_test_add_func ("/random/poisson-moments", test_poisson_moments);
  g_test_add_func ("/random/poisson-law", test_poisson_law);
  g_test_add_func ("/random/poisson-of-many", test_poisson_of_many);
  g_test_add_func ("/random/poisson-of-nothing", test_poisson_of_nothing);
  g_test_add_func ("/random/shuffle-and-blocks", test_shuffle_and_blocks);
  return g_test_run ();
}
