/* The curves of the study of Boissier & Gadji: particles of atoms from 0.01 to 19.99 1/Å, made anew.
 *
 * Nine polyhedra, 81 particles, 17 elements, four B: 5508 curves without noise. The data base that they
 * used: doi:10.5281/zenodo.18644730; it has some atoms too many in rhombic dodecahedra from n = 7 and in
 * bipyramids from P = 7, this set has not.
 *
 * Units: q 1/Å. Thread: immutable once made.
 */
#pragma once

#include "models/atomic/intensity.h"

G_BEGIN_DECLS

/* What is read off a curve. */
enum
{
  SAXID_ATOMIC_LN_ATOMS,    /* ln N */
  SAXID_ATOMIC_SIZE,        /* n, of the bipyramid P */
  SAXID_ATOMIC_RADIUS,      /* sqrt (ln (1 + 2 R)), 0 for three shapes as in the data base */
  SAXID_ATOMIC_TRUE_RADIUS, /* the same of the circumscribed sphere, whatever the shape */
  SAXID_ATOMIC_TARGETS
};

typedef struct
{
  guint8 class, size; /* size: n, of the bipyramid P */
  guint particle, element, displacement; /* their numbers */
  double target[SAXID_ATOMIC_TARGETS];
} SaxidAtomicRow;

typedef struct
{
  gsize n;
  SaxidAtomicRow *row; /* [n] */
  guint classes, particles, elements, displacements;
  SaxidDebyeTable **table; /* [particles] */
} SaxidAtomicSet;

/* elements, displacements: so many of the 17 and the 4, the first ones. */
SaxidAtomicSet *saxid_atomic_set_new (guint elements, guint displacements, guint threads);
void saxid_atomic_set_free (SaxidAtomicSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidAtomicSet, saxid_atomic_set_free)

/* ln I of one curve. Shape: q and out n. */
void saxid_atomic_set_curve (const SaxidAtomicSet *set, gsize row, gsize n, const double *q, double *out);

G_END_DECLS
