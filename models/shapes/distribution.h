/* How are sizes distributed, and at which sizes must a curve be computed?
 *
 * The definitions are SasView's, so that a fit started there means the same:
 *   Schulz     mean = size, standard deviation = width * size (a gamma distribution)
 *   Gaussian   the same, cut at zero
 *   log-normal median = size, standard deviation of the logarithm = width
 *   uniform    from size (1 - width) to size (1 + width): the half width is `width`
 * Weights are number densities. SasView cuts the tails at a number of standard
 * deviations; here they are followed until they no longer matter.
 *
 * Units: sizes Å, width relative.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

#include "models/shapes/quadrature.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_DISTRIBUTION_SCHULZ,
  SAXID_DISTRIBUTION_GAUSSIAN,
  SAXID_DISTRIBUTION_LOGNORMAL,
  SAXID_DISTRIBUTION_UNIFORM
} SaxidDistribution;

#define SAXID_N_DISTRIBUTIONS (SAXID_DISTRIBUTION_UNIFORM + 1)

/* Below this a width is none: its effect goes as its square. */
#define SAXID_NO_WIDTH 1e-9

/* SasView's name: "schulz", "gaussian", "lognormal", "uniform"; NULL past them. */
const char *saxid_distribution_name (SaxidDistribution distribution);

/* Mean and standard deviation, in the unit of size, of what the definitions above
 * mean (the Gaussian uncut, which is what its name promises). */
void saxid_distribution_moments (SaxidDistribution distribution, double size, double width,
                                 double *mean, double *deviation);

/* Natural logarithm of the number density at x, normalised except for the cut of
 * the Gaussian at zero; -inf outside the support. size > 0, width > 0. */
double saxid_distribution_log_density (SaxidDistribution distribution, double size, double width,
                                       double x);

/* The frequency, 1/Å, at which the transform of the density times x^2 has fallen to
 * 1e-8 of its largest value; 0 for a distribution that is cut or no smooth bell. */
double saxid_distribution_band (SaxidDistribution distribution, double size, double width);

/* The range of sizes that matters to averages of x^p, 0 <= p <= power. */
void saxid_distribution_range (SaxidDistribution distribution, double size, double width, double power,
                               double *lower, double *upper);

/* The largest size but for those that carry 1e-5 of such an average. */
double saxid_distribution_largest (SaxidDistribution distribution, double size, double width,
                                   double power);

/* Sizes and their numbers (sum 1) for the average of a function that oscillates
 * through `rate` radians per Å and grows as x^power at most. A width of 0, or a
 * size of 0, is one size. */
SaxidRule *saxid_distribution_rule (SaxidDistribution distribution, double size, double width,
                                    double power, double rate);

G_END_DECLS
