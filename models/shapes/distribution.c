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
 * logarithm, below the largest one: exp (-20) = 2e-9. */
#define TAIL 20.0
/* The same for frequencies: exp (-11) = 2e-5. */
#define FEW 11.0
/* What the trapezoidal rule may leave, relative. */
#define ALIAS 1e-8
/* More than any distribution that ships needs; what comes from outside must
 * not keep a processor for ever. Beyond it fast oscillations are not resolved. */
#define MOST_SIZES 2048
/* Where the steepness of a log-normal distribution is taken, in its widths below
 * the median, and the width from which on it is too steep for equal steps in x. */
/* The width from which on a Schulz distribution is too abrupt at zero for equal steps:
 * for averages of x^4 and more, as amplitudes bring, and for those of x. */
#define WIDE_SCHULZ 0.45
#define WIDE_SCHULZ_OF_MOMENTS 0.35
#define LOGNORMAL_SIDE 3.0
#define WIDE_LOGNORMAL 0.45
/* Panels for a distribution that is cut or not smooth at its lower end. */
#define EDGE_PANELS 4

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
  double normal = z > 100.0
                      ? 0.5 * log (z / (2.0 * G_PI)) - 1.0 / (12.0 * z) + 1.0 / (360.0 * z * z * z)
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

  return x > 0 ? log_density[distribution](size, width, x) : -INFINITY;
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

/* Where has x^power times the density fallen by `fall` from its peak? The function
 * is concave in ln x for all of the four, so bisection from the peak finds it. */
static double
edge (SaxidDistribution distribution, double width, double power, double fall, double peak,
      double outside)
{
  double top = power * log (peak) + log_density[distribution](1.0, width, peak);
  double inside = peak;

  for (guint step = 0; step < 24; step++)
    {
      double middle = sqrt (inside * outside);
      double height = power * log (middle) + log_density[distribution](1.0, width, middle);

      if (height < top - fall)
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
  *lower = size * edge (distribution, width, 0.0, TAIL, low, low * 1e-6);
  *upper = size * edge (distribution, width, power, TAIL, high, high * far);
  if (*lower < 1e-5 * size)
    *lower = 0;
}

double
saxid_distribution_largest (SaxidDistribution distribution, double size, double width, double power)
{
  double high;

  g_return_val_if_fail ((guint) distribution < SAXID_N_DISTRIBUTIONS, size);

  if (width < SAXID_NO_WIDTH)
    return size;
  if (distribution == SAXID_DISTRIBUTION_UNIFORM)
    return size * (1.0 + width);
  high = peak_of (distribution, width, power);
  return size
         * edge (distribution, width, power, FEW, high,
                 high * (1.0 + 100.0 * width * (1.0 + width * power)));
}

static SaxidRule *
one_size (double size)
{
  SaxidRule *rule = saxid_rule_empty (1);

  rule->x[0] = size;
  rule->weight[0] = 1.0;
  return rule;
}

/* Equal steps are the best rule there is for a smooth bell: the error is its
 * Fourier transform at 2 pi / step, less what the integrand turns by. These
 * return where that transform has fallen to ALIAS, in 1/Å of the variable of
 * the steps, or 0 for a distribution that is no smooth bell. */
static double
bandwidth (SaxidDistribution distribution, double size, double width, double widest_schulz)
{
  const double bell = sqrt (-2.0 * log (ALIAS));

  /* |1 - i w size width^2| ^ -(1 / width^2 + 2): amplitudes bring r^2 at least. */
  if (distribution == SAXID_DISTRIBUTION_SCHULZ && width < widest_schulz)
    return sqrt (pow (ALIAS, -2.0 / (1.0 / (width * width) + 2.0)) - 1.0) / (size * width * width);
  /* Cut at zero, where it is 2e-9 high at most. */
  if (distribution == SAXID_DISTRIBUTION_GAUSSIAN && width < 1.0 / 6.4)
    return bell / (size * width);
  if (distribution == SAXID_DISTRIBUTION_LOGNORMAL) /* in ln x */
    return bell / width;
  return 0;
}

/* Equal steps in x, or in ln x for the log-normal distribution. */
static SaxidRule *
equal_steps (gboolean logarithmic, double lower, double upper, double frequency)
{
  const double from = logarithmic ? log (lower) : lower, to = logarithmic ? log (upper) : upper;
  const double range = to - from;
  const gsize n = 2 + (gsize) MIN (range * frequency / (2.0 * G_PI), MOST_SIZES);
  SaxidRule *rule = saxid_rule_empty (n);

  for (gsize k = 0; k < n; k++)
    {
      const double x = from + range * (double) k / (double) (n - 1);

      rule->x[k] = logarithmic ? exp (x) : x;
      rule->weight[k] = logarithmic ? rule->x[k] : 1.0;
    }
  return rule;
}

double
saxid_distribution_band (SaxidDistribution distribution, double size, double width)
{
  g_return_val_if_fail ((guint) distribution < SAXID_N_DISTRIBUTIONS, 0);

  if (width < SAXID_NO_WIDTH || size <= 0)
    return 0;
  if (distribution == SAXID_DISTRIBUTION_LOGNORMAL)
    /* In x it is steepest on the small side, where few are. */
    return width < WIDE_LOGNORMAL
               ? bandwidth (distribution, size, width, 0) / (size * exp (-LOGNORMAL_SIDE * width))
               : 0;
  return bandwidth (distribution, size, width, WIDE_SCHULZ);
}

SaxidRule *
saxid_distribution_rule (SaxidDistribution distribution, double size, double width, double power,
                         double rate)
{
  SaxidRule *rule;
  double lower, upper, band, sum = 0;

  g_return_val_if_fail ((guint) distribution < SAXID_N_DISTRIBUTIONS, NULL);

  if (width < SAXID_NO_WIDTH || size <= 0)
    return one_size (size);

  saxid_distribution_range (distribution, size, width, power, &lower, &upper);
  band = bandwidth (distribution, size, width, WIDE_SCHULZ_OF_MOMENTS);
  if (band > 0)
    {
      const gboolean logarithmic = distribution == SAXID_DISTRIBUTION_LOGNORMAL;

      rule = equal_steps (logarithmic, lower, upper, band + rate * (logarithmic ? upper : 1.0));
    }
  else
    {
      const double panels = rate * (upper - lower) / SAXID_PANEL_PHASE;

      rule = saxid_rule_panels (lower, upper,
                                MAX (EDGE_PANELS, 1 + (gsize) MIN (panels, MOST_SIZES / SAXID_PANEL)));
    }
  for (gsize k = 0; k < rule->n; k++)
    {
      rule->weight[k] *= exp (log_density[distribution](size, width, rule->x[k]));
      sum += rule->weight[k];
    }
  for (gsize k = 0; k < rule->n; k++)
    rule->weight[k] /= sum;
  return rule;
}
