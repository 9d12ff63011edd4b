/* At which level does a Gaussian random field have this share of the volume below?
 *
 * Newton's method on erfc in the lower half, where ln of the share is concave, so that it
 * cannot overshoot; the upper half is its mirror image.
 *
 * Thread: pure.
 */
#include "models/materials/normal.h"

#include <math.h>

/* It comes to the last bit in six; the limit is for the last bit that goes to and fro. */
#define STEPS 60

double
saxid_normal_share (double t)
{
  return 0.5 * erfc (-t * M_SQRT1_2);
}

/* d ln share / dt */
static double
slope (double t, double share)
{
  return exp (-0.5 * t * t) / sqrt (2 * G_PI) / share;
}

double
saxid_normal_level (double share)
{
  double t = 0;

  if (!(share > 0 && share < 1))
    return NAN;
  if (share > 0.5)
    return -saxid_normal_level (1 - share);
  for (int step = 0; step < STEPS; step++)
    {
      const double at = saxid_normal_share (t);
      const double change = log (share / at) / slope (t, at);

      t += change;
      if (fabs (change) <= 1e-15 * fabs (t))
        break;
    }
  return t;
}
