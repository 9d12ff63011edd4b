/* What does a network see of a curve, whatever its grid, its unit and its scale?
 *
 * Points in a step of ln q are averaged; where a step has fewer than three, the line
 * between the points around its middle is taken. Averages are not weighted: inside a
 * step sigma hardly changes, and a sigma that is wrong should not move the curve.
 *
 * Shape: see portrait.h. Thread: pure.
 */
#include "models/learn/portrait.h"

#include <math.h>

#include "reducers/curve.h"
#include "reducers/noise.h"

/* Part of the largest I that is nothing, where a division needs something. */
#define NOTHING 1e-9
/* No sigma is below this part of I: no measurement is exact. */
#define LEAST_SIGMA 1e-6
/* Averages of fewer points are interpolations. */
#define WORTH_AVERAGING 3

/* What channels are divided by, so that each is of the order of one. */
#define PER_LEVEL 3.0
#define PER_SIGNAL 5.0
#define PER_Q 2.0
#define PER_DENSITY 3.0
#define MOST_SCATTER_RATIO 3.0

/* A curve in steps of ln q. */
typedef struct
{
  double intensity[SAXID_PORTRAIT_WIDTH], sigma[SAXID_PORTRAIT_WIDTH], scatter[SAXID_PORTRAIT_WIDTH];
  double points[SAXID_PORTRAIT_WIDTH];
  double first, step; /* of ln q */
} Steps;

typedef struct
{
  gsize n;
  const double *q, *intensity, *sigma, *scatter;
} Points;

static void
interpolate (const Points *points, gsize left, double q, Steps *steps, guint at)
{
  const double *x = points->q + left;
  const double part = CLAMP ((q - x[0]) / (x[1] - x[0]), 0, 1), rest = 1 - part;
  const double *i = points->intensity + left, *s = points->sigma + left, *e = points->scatter + left;

  steps->intensity[at] = rest * i[0] + part * i[1];
  steps->sigma[at] = rest * s[0] + part * s[1];
  steps->scatter[at] = rest * e[0] + part * e[1];
  steps->points[at] = exp (steps->first + steps->step * (at + 0.5)) * steps->step / (x[1] - x[0]);
}

static void
average (const Points *points, gsize from, gsize to, Steps *steps, guint at)
{
  const double n = (double) (to - from);
  double sum = 0, variance = 0, scatter = 0;

  for (gsize k = from; k < to; k++)
    {
      sum += points->intensity[k];
      variance += points->sigma[k] * points->sigma[k];
      scatter += points->scatter[k] * points->scatter[k];
    }
  steps->intensity[at] = sum / n;
  steps->sigma[at] = sqrt (variance) / n;
  steps->scatter[at] = sqrt (scatter) / n;
  steps->points[at] = n;
}

static void
step_through (const Points *points, Steps *steps)
{
  gsize from = 0;

  steps->first = log (points->q[0]);
  steps->step = (log (points->q[points->n - 1]) - steps->first) / SAXID_PORTRAIT_WIDTH;
  for (guint at = 0; at < SAXID_PORTRAIT_WIDTH; at++)
    {
      const double end = exp (steps->first + steps->step * (at + 1));
      gsize to = from;

      while (to < points->n && (points->q[to] < end || at + 1 == SAXID_PORTRAIT_WIDTH))
        to++;
      if (to - from >= WORTH_AVERAGING)
        average (points, from, to, steps, at);
      else
        {
          const double middle = exp (steps->first + steps->step * (at + 0.5));
          gsize left = from > 0 ? from - 1 : 0;

          while (left + 2 < points->n && points->q[left + 1] < middle)
            left++;
          interpolate (points, left, middle, steps, at);
        }
      from = to;
    }
}

static double
level_of (const Steps *steps, guint at)
{
  return log (fmax (steps->intensity[at], 0.5 * steps->sigma[at]));
}

/* The mean level where there is signal; of all, where there is none. */
static double
centre_of (const Steps *steps)
{
  double sum = 0, all = 0;
  guint n = 0;

  for (guint k = 0; k < SAXID_PORTRAIT_WIDTH; k++)
    {
      const double level = level_of (steps, k);

      all += level / SAXID_PORTRAIT_WIDTH;
      if (steps->intensity[k] <= steps->sigma[k])
        continue;
      sum += level;
      n++;
    }
  return n > 0 ? sum / n : all;
}

static void
draw (const Steps *steps, gboolean has_sigma, float *out)
{
  const double centre = centre_of (steps);
  float *channel[SAXID_PORTRAIT_CHANNELS];

  for (guint c = 0; c < SAXID_PORTRAIT_CHANNELS; c++)
    channel[c] = out + c * SAXID_PORTRAIT_WIDTH;
  for (guint k = 0; k < SAXID_PORTRAIT_WIDTH; k++)
    {
      const double ratio = log (steps->scatter[k] / steps->sigma[k]);

      channel[0][k] = (float) ((level_of (steps, k) - centre) / PER_LEVEL);
      channel[1][k] = (float) (asinh (0.5 * steps->intensity[k] / steps->sigma[k]) / PER_SIGNAL);
      channel[2][k] = (float) ((log (steps->sigma[k]) - centre) / PER_LEVEL);
      channel[3][k] = (float) (steps->step * (k + 0.5 - 0.5 * SAXID_PORTRAIT_WIDTH) / PER_Q);
      channel[4][k] = has_sigma ? (float) CLAMP (ratio, -MOST_SCATTER_RATIO, MOST_SCATTER_RATIO) : 0;
      channel[5][k] = has_sigma ? 0 : 1;
      channel[6][k] = (float) (log (steps->points[k]) / PER_DENSITY);
    }
}

gboolean
saxid_portrait_take (gsize n, const double *q, const double *intensity, const double *sigma, float *out)
{
  g_autofree double *scatter = NULL, *noise = NULL;
  Points points = { .n = n, .q = q, .intensity = intensity };
  double largest = 0;
  Steps steps;

  if (n < SAXID_CURVE_MIN_POINTS || !(q[n - 1] >= SAXID_PORTRAIT_LEAST_RATIO * q[0]))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    largest = fmax (largest, fabs (intensity[k]));
  if (!(largest > 0))
    return FALSE;
  scatter = g_new (double, n);
  saxid_noise (n, intensity, scatter);
  points.scatter = scatter;
  points.sigma = scatter;
  if (sigma != NULL)
    {
      noise = g_new (double, n);
      for (gsize k = 0; k < n; k++)
        noise[k] = fmax (sigma[k], LEAST_SIGMA * fmax (fabs (intensity[k]), NOTHING * largest));
      points.sigma = noise;
    }
  step_through (&points, &steps);
  draw (&steps, sigma != NULL, out);
  for (gsize k = 0; k < SAXID_PORTRAIT_CHANNELS * SAXID_PORTRAIT_WIDTH; k++)
    if (!isfinite (out[k]))
      return FALSE;
  return TRUE;
}

double
saxid_portrait_range (const float *portrait)
{
  const float *channel = portrait + 3 * SAXID_PORTRAIT_WIDTH;
  const double between = (double) channel[SAXID_PORTRAIT_WIDTH - 1] - (double) channel[0];

  return between * PER_Q * SAXID_PORTRAIT_WIDTH / (SAXID_PORTRAIT_WIDTH - 1);
}

double
saxid_portrait_level (float value)
{
  return (double) value * PER_LEVEL;
}
