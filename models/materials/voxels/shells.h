/* What a cube scatters, in a form that fits every grid of q.
 *
 *   S[n²] = sum |F|² over the modes with n_x² + n_y² + n_z² = n²,     |k| = 2 pi n / edge,
 *
 * and how many modes that are. One structure so serves every instrument.
 *
 * Thread: sums are made in a fixed order: the same table for any number of threads.
 */
#pragma once

#include "models/materials/voxels/cube.h"

G_BEGIN_DECLS

typedef struct
{
  guint n;      /* voxels of the edge */
  gsize count;  /* 3 (n/2)² + 1 */
  double *sum;  /* S */
  double *mode; /* number of modes */
} SaxidShells;

/* The cube holds modes (saxid_cube_to_modes). */
SaxidShells *saxid_shells_new (const SaxidCubePlan *plan, const SaxidCube *cube);
void saxid_shells_free (SaxidShells *shells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidShells, saxid_shells_free)

/* The curve of Röding et al. (their equation 9): weights k^-2 exp (-2 (k - q)² / dq²), dq the step 2 pi / edge,
 * over all modes but k = 0, of |F|² as it comes from the transform. NAN where no mode is near.
 * edge: in the inverse unit of q. Shape: q and out m. */
void saxid_shells_curve (const SaxidShells *shells, double edge, gsize m, const double *q, double *out);

G_END_DECLS
