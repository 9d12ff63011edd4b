/* Which numbers of a picture do classic methods look at?
 *
 * Thread: pure.
 */
#include "models/technique/features.h"

#include <math.h>
#include <string.h>

#define LEVELS 256

/* Moments about the mean: variance, skewness, kurtosis less 3; the last two 0 where there is no spread. */
static void
moments (const double *value, const double *weight, guint n, double moment[3])
{
  double mean = 0, sum = 0, about[5] = { 0 };

  for (guint k = 0; k < n; k++)
    {
      mean += weight[k] * value[k];
      sum += weight[k];
    }
  mean /= sum;
  for (guint k = 0; k < n; k++)
    for (guint power = 2; power <= 4; power++)
      about[power] += weight[k] * pow (value[k] - mean, power) / sum;
  moment[0] = about[2];
  moment[1] = about[2] > 0 ? about[3] / pow (about[2], 1.5) : 0;
  moment[2] = about[2] > 0 ? about[4] / (about[2] * about[2]) - 3 : 0;
}

/* p of 256 bins between the least and the greatest grey, and their middles. */
static void
histogram (const guint8 *grey, guint n, double p[LEVELS], double middle[LEVELS])
{
  guint8 least = 255, most = 0;
  double step;

  for (guint k = 0; k < n; k++)
    {
      least = MIN (least, grey[k]);
      most = MAX (most, grey[k]);
    }
  step = most > least ? (most - least) / (double) LEVELS : 1.0 / LEVELS;
  memset (p, 0, LEVELS * sizeof *p);
  for (guint k = 0; k < n; k++)
    p[MIN ((guint) ((grey[k] - least) / step), LEVELS - 1)] += 1.0 / n;
  for (guint k = 0; k < LEVELS; k++)
    middle[k] = least + (k + 0.5) * step;
}

/* Entropy, energy and mean grey, which both kinds share. */
static void
shared (const guint8 *grey, guint n, const double p[LEVELS], float *out)
{
  double entropy = 0, energy = 0, mean = 0;

  for (guint k = 0; k < LEVELS; k++)
    {
      entropy -= p[k] > 0 ? p[k] * log2 (p[k]) : 0;
      energy += pow (p[k] / n, 2);
    }
  for (guint k = 0; k < n; k++)
    mean += grey[k] / (double) n;
  out[0] = (float) entropy;
  out[1] = (float) (energy * 1e9); /* of a size that single precision keeps */
  out[2] = (float) mean;
}

static void
put_moments (const double moment[3], double roughness, float *out)
{
  for (guint k = 0; k < 3; k++)
    out[3 + k] = (float) moment[k];
  out[6] = (float) roughness;
}

void
saxid_features_hf (const guint8 *grey, guint side, float *out)
{
  const guint n = side * side;
  double p[LEVELS], middle[LEVELS], one[LEVELS], moment[3];

  histogram (grey, n, p, middle);
  for (guint k = 0; k < LEVELS; k++)
    one[k] = 1;
  shared (grey, n, p, out);
  moments (p, one, LEVELS, moment);
  put_moments (moment, 1 - 1 / (1 + moment[0]), out);
}

void
saxid_features_hf_moments (const guint8 *grey, guint side, float *out)
{
  const guint n = side * side;
  double p[LEVELS], middle[LEVELS], moment[3];

  histogram (grey, n, p, middle);
  shared (grey, n, p, out);
  moments (middle, p, LEVELS, moment);
  put_moments (moment, 1 - 1 / (1 + moment[0] / (255.0 * 255.0)), out);
}

/* ---- co-occurrence ---------------------------------------------------------------------------- */

static double
count_pairs (const guint8 *grey, guint side, int right, int down, guint32 *pairs)
{
  double all = 0;

  memset (pairs, 0, LEVELS * LEVELS * sizeof *pairs);
  for (int j = 0; j < (int) side; j++)
    for (int i = 0; i < (int) side; i++)
      {
        const int x = i + right, y = j + down;
        guint8 a, b;

        if (x < 0 || x >= (int) side || y < 0 || y >= (int) side)
          continue;
        a = grey[j * (int) side + i];
        b = grey[y * (int) side + x];
        pairs[a * LEVELS + b]++;
        pairs[b * LEVELS + a]++;
        all += 2;
      }
  return all;
}

/* Symmetric, so rows and columns have one mean and one variance. */
static void
describe_pairs (const guint32 *pairs, double all, float *out)
{
  double contrast = 0, homogeneity = 0, asm_ = 0, entropy = 0, mean = 0, square = 0, product = 0, variance;

  for (guint a = 0; a < LEVELS; a++)
    for (guint b = 0; b < LEVELS; b++)
      {
        const double p = pairs[a * LEVELS + b] / all, away = (double) a - b;

        if (!(p > 0))
          continue;
        contrast += p * away * away;
        homogeneity += p / (1 + away * away);
        asm_ += p * p;
        entropy -= p * log2 (p);
        mean += p * a;
        square += p * a * a;
        product += p * a * b;
      }
  variance = square - mean * mean;
  out[0] = (float) contrast;
  out[1] = (float) (variance > 1e-12 ? (product - mean * mean) / variance : 1);
  out[2] = (float) sqrt (asm_);
  out[3] = (float) homogeneity;
  out[4] = (float) asm_;
  out[5] = (float) entropy;
}

void
saxid_features_glcm (const guint8 *grey, guint side, float *out)
{
  static const int steps[][2] = { { 1, 0 }, { 1, -1 }, { 0, -1 }, { -1, -1 } };
  g_autofree guint32 *pairs = g_new (guint32, LEVELS * LEVELS);

  for (guint k = 0; k < G_N_ELEMENTS (steps); k++)
    describe_pairs (pairs, count_pairs (grey, side, steps[k][0], steps[k][1], pairs), out + 6 * k);
}
