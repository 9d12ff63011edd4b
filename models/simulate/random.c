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

static guint32
next_word (SaxidRandom *random)
{
  if (random->left == 0)
    {
      philox4x32_key_t key = { { (guint32) random->seed, (guint32) (random->seed >> 32) } };
      philox4x32_ctr_t counter = { { (guint32) random->sample, (guint32) (random->sample >> 32),
                                     random->stream, random->block++ } };
      philox4x32_ctr_t words = philox4x32 (counter, key);

      for (guint k = 0; k < 4; k++)
        random->word[k] = words.v[k];
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

/* log (k!) by Stirling's series; the error is below 1e-10 from k = 10 on, and
 * smaller k are summed. lgamma() writes a global, so it is not for threads. */
static double
log_factorial (double k)
{
  static const double half_log_two_pi = 0.918938533204672741780;
  double x = k + 1, inverse;

  if (k < 10)
    {
      double product = 1;

      for (double j = 2; j <= k; j++)
        product *= j;
      return log (product);
    }
  inverse = 1 / (x * x);
  return (x - 0.5) * log (x) - x + half_log_two_pi
         + (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - inverse / 1680) * inverse) * inverse) / x;
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
  double root = sqrt (mean), log_mean = log (mean);
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
      if (log (v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - log_factorial (k))
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
