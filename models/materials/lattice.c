/* What does sampling on a lattice of voxels add?
 *
 * Thread: pure.
 */
#include "models/materials/lattice.h"

#include <math.h>

double
saxid_lattice_alias (double surface, double step, double q)
{
  /* sum over the lattice without its origin of |G|^-4, |G|^-6 …, G whole numbers */
  static const double lattice[] = { 16.5323, 8.4019, 6.9458, 6.4261, 6.2021, 6.0982, 6.0481 };
  const double u = q * step / (2 * G_PI);
  double sum = 0, power = 1;

  for (guint k = 0; k < G_N_ELEMENTS (lattice); k++, power *= u * u)
    sum += (k + 1) * power * lattice[k];
  return 2 * G_PI * surface * pow (step / (2 * G_PI), 4) * sum;
}
