/* How does a sample get its random numbers, whatever the number of threads?
 *
 * Philox4x32-10 as a counter-based generator: key = seed, counter = (sample,
 * stream, block). DOI 10.1145/2063384.2063405.
 * Poisson: inversion below a mean of 10, above it transformed rejection with
 * squeeze (PTRS, Hörmann 1993, DOI 10.1016/0167-6687(93)90997-4).
 *
 * Thread: a generator belongs to one thread.
 */
#include "models/simulate/random.h"

#include <Random123/philox.h>
#include <math.h>

void
saxid_random_init (SaxidRandom *random, guint64 seed, guint64 sample, SaxidStream stream)
{
  *random = (SaxidRandom) { .seed = seed, .sample = sample, .stream = (guint32) stream };
}

void
saxid_random_blocks (const SaxidRandom *random, guint32 block, gsize n, guint32 *words)
{
  const philox4x32_key_t key = { { (guint32) random->seed, (guint32) (random->seed >> 32) } };

  for (gsize b = 0; b < n; b++)
    {
      philox4x32_ctr_t counter = { { (guint32) random->sample, (guint32) (random->sample >> 32), random->stream,
                                     block + (guint32) b } };
      philox4x32_ctr_t drawn = philox4x32 (counter, key);

      for (guint k = 0; k < 4; k++)
        words[4 * b + k] = drawn.v[k];
    }
}

static guint32
next_word (SaxidRandom *random)
{
  if (random->left == 0)
    {
      saxid_random_blocks (random, random->block++, 1, random->word);
      random->left = 4;
    }
  return random->word[--random->left];
}

double
saxid_random_unit (SaxidRandom *random)
{
  guint64 high = next_word (random);
  guint64 bits = (high << 20) | (next_word (random) >> 12); /* 52 bits */

  return ((double) bits + 0.5) * 0x1p-52;
}

double
saxid_random_uniform (SaxidRandom *random, double lower, double upper)
{
  return lower + (upper - lower) * saxid_random_unit (random);
}

double
saxid_random_log_uniform (SaxidRandom *random, double lower, double upper)
{
  return lower * exp (log (upper / lower) * saxid_random_unit (random));
}

void
saxid_random_shuffle (SaxidRandom *random, gsize n, gsize *numbers)
{
  for (gsize k = n; k > 1; k--)
    {
      gsize other = (gsize) (saxid_random_unit (random) * (double) k), keep = numbers[k - 1];

      numbers[k - 1] = numbers[other];
      numbers[other] = keep;
    }
}

/* ln (mean^k e^-mean / k!). From k = 10 on by Stirling's series, with an error
 * below 1e-10, and with the large terms cancelled beforehand: k ln mean and
 * ln k! alone would leave no digit at a mean of 1e15. lgamma() writes a global,
 * so it is not for threads. */
static double
log_probability (double k, double mean)
{
  static const double two_pi = 6.28318530717958647693;
  double excess, inverse;

  if (k < 10)
    {
      double product = 1;

      for (double j = 2; j <= k; j++)
        product *= j;
      return k * log (mean) - mean - log (product);
    }
  excess = (k - mean) / mean;
  inverse = 1 / (k * k);
  return -mean * ((1 + excess) * log1p (excess) - excess) - 0.5 * log (two_pi * k)
         - (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - inverse / 1680) * inverse) * inverse) / k;
}

static double
poisson_by_inversion (SaxidRandom *random, double mean)
{
  double u = saxid_random_unit (random);
  double probability = exp (-mean), sum = probability;
  double k = 0;

  /* the tail beyond 200 has no weight in double precision for mean < 10 */
  while (u > sum && k < 200)
    {
      k++;
      probability *= mean / k;
      sum += probability;
    }
  return k;
}

static double
poisson_by_rejection (SaxidRandom *random, double mean)
{
  double root = sqrt (mean);
  double b = 0.931 + 2.53 * root;
  double a = -0.059 + 0.02483 * b;
  double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  double v_r = 0.9277 - 3.6224 / (b - 2);

  for (;;)
    {
      double u = saxid_random_unit (random) - 0.5;
      double v = saxid_random_unit (random);
      double us = 0.5 - fabs (u);
      double k = floor ((2 * a / us + b) * u + mean + 0.43);

      if (us >= 0.07 && v <= v_r)
        return k;
      if (k < 0 || (us < 0.013 && v > us))
        continue;
      if (log (v * inverse_alpha / (a / (us * us) + b)) <= log_probability (k, mean))
        return k;
    }
}

double
saxid_random_poisson (SaxidRandom *random, double mean)
{
  if (!(mean > 0))
    return 0;
  return mean < 10 ? poisson_by_inversion (random, mean) : poisson_by_rejection (random, mean);
}
