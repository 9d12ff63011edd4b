/* What is known of particles of atoms, as a list: for files, tables and hosts alike.
 *
 * Thread: pure.
 */
#pragma once

#include "models/atomic/answer.h"

G_BEGIN_DECLS

#define SAXID_ATOMS_VALUES 20

typedef struct
{
  const char *name, *unit;    /* "d", "angstrom" */
  double value, lower, upper; /* bounds of the 90 % interval; NAN: not known */
} SaxidAtomsValue;

/* All values of the k-th habit in a fixed order; intervals are of all habits together and stand with the first. Their number.
 * Shape: value SAXID_ATOMS_VALUES. */
guint saxid_atoms_values (const SaxidAtomsAnswer *answer, guint k, SaxidAtomsValue *value);

/* "icosahedron n = 5"; a decahedron has three numbers. Free with g_free. */
char *saxid_atoms_name_size (const char *polyhedron, guint n, guint e, guint m);

/* One line for people, from values as a file has them: "icosahedron 0.97 (icosahedral 1.00), Au, 309 atoms (300 to 318),
 * d 2.884 Å". Shape: text size. */
void saxid_atoms_say_values (const char *polyhedron, double probability, const SaxidAtomsValue *value, guint n, char *text, gsize size);

G_END_DECLS
