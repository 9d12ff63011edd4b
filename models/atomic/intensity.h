/* What a particle of atoms scatters.
 *
 *   I(q) = f(q)² [N + exp (-B q² / 8π²) P (q d)]
 *
 * Displacements of the atoms are not correlated, so that the term of an atom with itself is not damped.
 *
 * Units: q 1/Å, d Å, B Å², I electrons² for one particle. Thread: pure.
 */
#pragma once

#include "models/atomic/debye.h"
#include "models/atomic/element.h"

G_BEGIN_DECLS

typedef struct
{
  const SaxidElement *element; /* NULL: f = 1 */
  double d, b;
} SaxidAtoms;

/* NAN where q d lies beyond the table. Shape: q and out n. */
void saxid_atoms_intensity (const SaxidAtoms *atoms, const SaxidDebyeTable *table, gsize n, const double *q, double *out);

G_END_DECLS
