/* How are sizes distributed, and at which sizes must a curve be computed?
 *
 * Schulz: Aragon & Pecora, J. Chem. Phys. 64 (1976) 2395, doi:10.1063/1.432528.
 *
 * Units: sizes Å, width relative.
 * Thread: pure.
 */
#include "models/shapes/distribution.h"

#include <math.h>

/* A tail is left out where its contribution has fallen by this factor, as a
 * logarithm, below the largest one: exp (-26) = 5e-12. */
#define TAIL 26.0
/* Below this the distribution is one size: its effect goes as width^2. */
#define NO_WIDTH 1e-9
/* A bell of some 15 standard deviations is exact to 1e-10 in three panels. */
#define BELL_PANELS 3

static const char *const names[SAXID_N_DISTRIBUTIONS] = {
  [SAXID_DISTRIBUTION_SCHULZ] = "schulz",
  [SAXID_DISTRIBUTION_GAUSSIAN] = "gaussian",
  [SAXID_DISTRIBUTION_LOGNORMAL] = "lognormal",
  [SAXID_DISTRIBUTION_UNIFORM] = "uniform",
};

const char *
saxid_distribution_name (SaxidDistribution distribution)
{
  return (guint) distribution < SAXID_N_DISTRIBUTIONS ? names[distribution] : NULL;
}

static double
log_schulz (double size, double width, double x)
{
  double z = 1.0 / (width * width), delta = (x - size) / size;
  int sign;

  /* Stirling's series where lgamma (z) and z ln z, both huge, would leave only
   * the noise of their difference. */
  double normal = z > 100.0 ? 0.5 * log (z / (2.0 * G_PI)) - 1.0 / (12.0 * z) + 1.0 / (360.0 * z * z * z)
                            : z * log (z) - z - lgamma_r (z, &sign);

  return normal + z * (log1p (delta) - delta) - log (x);
}

static double
log_gaussian (double size, double width, double x)
{
  double t = (x - size) / (size * width);

  return -0.5 * t * t - log (size * width * sqrt (2.0 * G_PI));
}

static double
log_lognormal (double size, double width, double x)
{
  double t = log (x / size) / width;

  return -0.5 * t * t - log (x * width * sqrt (2.0 * G_PI));
}

static double
log_uniform (double size, double width, double x)
{
  return fabs (x / size - 1.0) <= width ? -log (2.0 * size * width) : -INFINITY;
}

typedef double (*LogDensity) (double size, double width, double x);

static const LogDensity log_density[SAXID_N_DISTRIBUTIONS] = {
  [SAXID_DISTRIBUTION_SCHULZ] = log_schulz,
  [SAXID_DISTRIBUTION_GAUSSIAN] = log_gaussian,
  [SAXID_DISTRIBUTION_LOGNORMAL] = log_lognormal,
  [SAXID_DISTRIBUTION_UNIFORM] = log_uniform,
};

double
saxid_distribution_log_density (SaxidDistribution distribution, double size, double width, double x)
{
  g_return_val_if_fail ((guint) distribution < SAXID_N_DISTRIBUTIONS, -INFINITY);

  return x > 0 ? log_density[distribution] (size, width, x) : -INFINITY;
}

void
saxid_distribution_moments (SaxidDistribution distribution, double size, double width, double *mean,
                            double *deviation)
{
  double square = width * width;

  *mean = size;
  *deviation = size * width;
  if (distribution == SAXID_DISTRIBUTION_LOGNORMAL)
    {
      *mean = size * exp (0.5 * square);
      *deviation = *mean * sqrt (expm1 (square));
    }
  else if (distribution == SAXID_DISTRIBUTION_UNIFORM)
    *deviation = size * width / sqrt (3.0);
}

/* Where has x^power times the density fallen by TAIL from its peak? The function
 * is concave in ln x for all of the four, so bisection from the peak finds it. */
static double
edge (SaxidDistribution distribution, double width, double power, double peak, double outside)
{
  double top = power * log (peak) + log_density[distribution] (1.0, width, peak);
  double inside = peak;

  for (guint step = 0; step < 24; step++)
    {
      double middle = sqrt (inside * outside);
      double height = power * log (middle) + log_density[distribution] (1.0, width, middle);

      if (height < top - TAIL)
        outside = middle;
      else
        inside = middle;
    }
  return outside;
}

/* The place of the largest x^power times density, for size 1. */
static double
peak_of (SaxidDistribution distribution, double width, double power)
{
  double square = width * width;

  if (distribution == SAXID_DISTRIBUTION_SCHULZ)
    return MAX (1.0 + (power - 1.0) * square, 1e-3);
  if (distribution == SAXID_DISTRIBUTION_GAUSSIAN)
    return 0.5 * (1.0 + sqrt (1.0 + 4.0 * power * square));
  return exp ((power - 1.0) * square);
}

void
saxid_distribution_range (SaxidDistribution distribution, double size, double width, double power,
                          double *lower, double *upper)
{
  double low, high, far;

  g_return_if_fail ((guint) distribution < SAXID_N_DISTRIBUTIONS);

  if (distribution == SAXID_DISTRIBUTION_UNIFORM)
    {
      *lower = size * MAX (1.0 - width, 0.0);
      *upper = size * (1.0 + width);
      return;
    }
  low = peak_of (distribution, width, 0.0);
  high = peak_of (distribution, width, power);
  far = 1.0 + 100.0 * width * (1.0 + width * power);
  *lower = size * edge (distribution, width, 0.0, low, low * 1e-6);
  *upper = size * edge (distribution, width, power, high, high * far);
  if (*lower < 1e-5 * size)
    *lower = 0;
}

static SaxidRule *
one_size (double size)
{
  SaxidRule *rule = saxid_rule_new (size, size, 0, 1);

  rule->n = 1;
  rule->x[0] = size;
  rule->weight[0] = 1.0;
  return rule;
}

SaxidRule *
saxid_distribution_rule (SaxidDistribution distribution, double size, double width, double power,
                         double rate)
{
  SaxidRule *rule;
  double lower, upper, sum = 0;

  g_return_val_if_fail ((guint) distribution < SAXID_N_DISTRIBUTIONS, NULL);

  if (width < NO_WIDTH || size <= 0)
    return one_size (size);

  saxid_distribution_range (distribution, size, width, power, &lower, &upper);
  rule = saxid_rule_new (lower, upper, rate * (upper - lower), BELL_PANELS);
  for (gsize k = 0; k < rule->n; k++)
    {
      rule->weight[k] *= exp (log_density[distribution] (size, width, rule->x[k]));
      sum += rule->weight[k];
    }
  for (gsize k = 0; k < rule->n; k++)
    rule->weight[k] /= sum;
  return rule;
}
