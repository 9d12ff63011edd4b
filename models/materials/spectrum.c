/* How is a Gaussian random field correlated over a distance?
 *
 * g (r) = int x² Gamma sinc (x r) dx / int x² Gamma dx. With even n and p the integrand is even
 * and Gamma has double poles x_k = exp (i pi (2k + 1) / n), so that
 *
 *   int x^(1+p) sin (x r) / (1 + x^n)² dx = pi Re sum_k x_k^(2+p) / n² exp (i x_k r) (2 + p - n + i x_k r)
 *
 * over the n/2 poles of the upper half plane. Below SERIES the exponential is written out in
 * powers of r: the first one is int x² Gamma exactly, and 1 - g has the others alone.
 *
 * Thread: pure.
 */
#include "models/materials/spectrum.h"

#include <complex.h>
#include <math.h>

#define SERIES 2.0
#define MOST_TERMS 60

static const SaxidSpectrum spectra[] = {
  { 4, 0, "soft cut-off (order 4)" },
  { 6, 0, "soft cut-off (order 6)" },
  { 8, 0, "cut-off of order 8" },
  { 8, 2, "weak peak" },
  { 8, 4, "peak" },
  { 8, 6, "peak, narrower" },
  { 8, 8, "narrow peak" },
};

const SaxidSpectrum *
saxid_spectrum_at (int order)
{
  g_return_val_if_fail (order >= SAXID_SPECTRUM_SOFTEST && order <= SAXID_SPECTRUM_SHARPEST, NULL);
  return &spectra[order - SAXID_SPECTRUM_SOFTEST];
}

/* int x^(s-1) / (1 + x^n)² dx = (1/n) B (s/n, 2 - s/n) */
static double
moment (guint n, double s)
{
  const double part = s / n;

  if (part == 1)
    return 1.0 / n;
  return (1 - part) * G_PI / sin (G_PI * part) / n;
}

double
saxid_spectrum_integral (const SaxidSpectrum *spectrum)
{
  return moment (spectrum->n, 3.0 + spectrum->p);
}

double
saxid_spectrum_scale (const SaxidSpectrum *spectrum)
{
  const double mean_square = moment (spectrum->n, 5.0 + spectrum->p) / saxid_spectrum_integral (spectrum);

  return sqrt (mean_square / SAXID_SPECTRUM_MEAN_SQUARE);
}

static double complex
pole (guint n, guint k)
{
  return cexp (I * G_PI * (2 * k + 1) / n);
}

static double complex
whole_power (double complex z, guint m)
{
  double complex product = 1;

  while (m-- > 0)
    product *= z;
  return product;
}

/* What one pole adds to 1 - g: -pi / M sum_(m >= 3) of the power series, divided by r. */
static double
series_of_pole (const SaxidSpectrum *spectrum, double complex x, double r)
{
  const double complex z = I * x * r;
  double complex term = z * z / 2, sum = 0; /* z^m / m! */

  for (guint m = 3; m < MOST_TERMS; m++)
    {
      term *= z / m;
      sum += term * (2.0 + spectrum->p + m - spectrum->n);
    }
  return creal (whole_power (x, 2 + spectrum->p) * sum);
}

static double
sum_of_pole (const SaxidSpectrum *spectrum, double complex x, double r)
{
  const double complex z = I * x * r;

  return creal (whole_power (x, 2 + spectrum->p) * cexp (z) * (2.0 + spectrum->p - spectrum->n + z));
}

double
saxid_spectrum_gap (const SaxidSpectrum *spectrum, double r)
{
  const double x = r / saxid_spectrum_scale (spectrum), n = spectrum->n;
  const gboolean is_near = x < SERIES;
  double sum = 0;

  if (x <= 0)
    return 0;
  for (guint k = 0; k < spectrum->n / 2; k++)
    sum += is_near ? series_of_pole (spectrum, pole (spectrum->n, k), x) : sum_of_pole (spectrum, pole (spectrum->n, k), x);
  sum *= G_PI / (n * n * saxid_spectrum_integral (spectrum) * x);
  return is_near ? -sum : 1 - sum;
}
