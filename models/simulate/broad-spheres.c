/* What do spheres scatter whose sizes differ, where no more than that is asked?
 *
 * Thread: pure.
 */
#include "models/simulate/broad-spheres.h"

#include <math.h>

/* Below, Guinier's law. */
#define GUINIER 0.3

double
saxid_broad_spheres (double x, double blur)
{
  const double fade = exp (-2 * blur * blur * x * x);

  if (x < GUINIER)
    return exp (-x * x / 5);
  return fmax (4.5 * (1 + x * x + fade * ((x * x - 1) * cos (2 * x) - 2 * x * sin (2 * x))) / pow (x, 6), 0);
}
