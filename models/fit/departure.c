/* By how much does a fit miss a curve?
 *
 * Chi-square alone does not say: with a sigma of 0.1 % a fit that everybody would take has one of
 * a thousand. Measured curves depart from every form factor by 1 to 3 % of I, smoothly in q.
 *
 * Thread: pure.
 */
#include "models/fit/departure.h"

#include <math.h>

#define LEAST_POINTS 5
#define MOST_DEPARTURE 10.0
#define HALVINGS 40
#define GOOD_CHI2 2.0
#define FAIR_CHI2 10.0 /* sigma may be underestimated by three */
#define USUAL 0.03 /* of I */
#define MOST 0.1   /* of I; beyond it nobody would call it a fit */

/* The mean for this departure; NAN where too few points count. */
static double
mean_square (const SaxidCurve *curve, const double *model, double departure)
{
  double sum = 0;
  gsize n = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      const double sigma = curve->sigma != NULL ? curve->sigma[k] : 0;
      const double square = pow (curve->intensity[k] - model[k], 2);
      const double expected = sigma * sigma + pow (departure * model[k], 2);

      if (!(model[k] > 0) || !isfinite (square) || !isfinite (expected))
        continue;
      sum += expected > 0 ? square / expected : square > 0 ? INFINITY : 0;
      n++;
    }
  return n >= LEAST_POINTS ? sum / (double) n : NAN;
}

double
saxid_departure (const SaxidCurve *curve, const double *model)
{
  double low = 0, high = MOST_DEPARTURE;
  const double least = mean_square (curve, model, low), most = mean_square (curve, model, high);

  if (least <= 1)
    return 0;
  if (!(most <= 1))
    return NAN;
  for (guint k = 0; k < HALVINGS; k++)
    {
      const double middle = 0.5 * (low + high);

      if (mean_square (curve, model, middle) > 1)
        low = middle;
      else
        high = middle;
    }
  return high;
}

char *
saxid_departure_say (double reduced_chi2, double departure)
{
  g_autofree char *part = NULL;

  if (reduced_chi2 <= GOOD_CHI2)
    return g_strdup ("within the uncertainties");
  if (reduced_chi2 <= FAIR_CHI2)
    return g_strdup ("not far beyond the uncertainties");
  if (isnan (departure))
    return g_strdup ("beyond the uncertainties");
  part = g_strdup_printf ("%.*f %%", departure < MOST ? 1 : 0, 100 * departure);
  if (departure <= USUAL)
    return g_strdup_printf ("departs by %s of I beyond them, as measured curves do", part);
  if (departure <= MOST)
    return g_strdup_printf ("departs by %s of I beyond them", part);
  return g_strdup_printf ("does not fit: departs by %s of I", part);
}
