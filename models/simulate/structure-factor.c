/* How do particles stand beside each other?
 *
 * Thread: pure.
 */
#include "models/simulate/structure-factor.h"

#include <math.h>

/* Below, the closed form loses its digits, and S is that of q = 0. */
#define LEAST_X 0.05

double
saxid_structure_hard_spheres (double x, double phi)
{
  const double f = pow (1 - phi, 4), alpha = pow (1 + 2 * phi, 2) / f, beta = -6 * phi * pow (1 + phi / 2, 2) / f;
  const double gamma = phi * alpha / 2;
  double g;

  if (x < LEAST_X)
    return f / (pow (1 + 2 * phi, 2));
  g = alpha * (sin (x) - x * cos (x)) / (x * x)
      + beta * (2 * x * sin (x) + (2 - x * x) * cos (x) - 2) / (x * x * x)
      + gamma * (-pow (x, 4) * cos (x) + 4 * ((3 * x * x - 6) * cos (x) + (x * x * x - 6 * x) * sin (x) + 6))
          / pow (x, 5);
  return 1 / (1 + 24 * phi * g / x);
}
