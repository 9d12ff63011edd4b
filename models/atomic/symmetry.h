/* Point groups as matrices, and which atoms of a particle they carry into each other.
 *
 * In the orientation in which cluster.h builds: fourfold axes, or twofold ones of T_d and I_h, along x, y, z;
 * of D_4h and D_5h the main axis along z, of D_5h a corner along x.
 *
 * Units: lengths as given. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_GROUP_MOST 120

typedef enum
{
  SAXID_GROUP_C1, /* no symmetry */
  SAXID_GROUP_D4H,
  SAXID_GROUP_D5H,
  SAXID_GROUP_TD,
  SAXID_GROUP_OH,
  SAXID_GROUP_IH,
  SAXID_N_GROUPS
} SaxidPointGroup;

typedef struct
{
  guint order;
  double element[SAXID_GROUP_MOST][3][3];
} SaxidSymmetry;

void saxid_symmetry_init (SaxidSymmetry *symmetry, SaxidPointGroup group);

/* One atom of each orbit, and how many atoms the orbit has. An atom's key is max over g of v · (g r) with a
 * generic v: equal inside an orbit, different outside. of: NULL, or the orbit of each atom. Returns the number of orbits.
 * Shape: position n × 3, from the fixed point; atom, size and of n. */
gsize saxid_symmetry_orbits (SaxidPointGroup group, gsize n, const double *position, gsize *atom, gsize *size, gsize *of);

G_END_DECLS
