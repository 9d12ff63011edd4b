/* How much does a particle of atoms scatter at q?
 *
 * Thread: pure.
 */
#include "models/atomic/intensity.h"

#include <math.h>

void
saxid_atoms_intensity (const SaxidAtoms *atoms, const SaxidDebyeTable *table, gsize n, const double *q, double *out)
{
  saxid_debye_table_at (table, atoms->d, n, q, out);
  for (gsize k = 0; k < n; k++)
    {
      const double f = atoms->element != NULL ? saxid_element_form_factor (atoms->element, q[k]) : 1;

      out[k] = f * f * ((double)table->atoms + exp (-atoms->b * q[k] * q[k] / (8 * G_PI * G_PI)) * out[k]);
    }
}
