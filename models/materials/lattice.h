/* What sampling on a lattice of voxels adds to a curve.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a sampled sharp interface adds to P, the sum over the other images of the lattice of
 * 2 pi S_V / |k + G|⁴ averaged over directions:
 *   2 pi S_V (step / 2 pi)⁴ sum_k (k + 1) u^(2k) E_(4+2k),   u = q step / 2 pi, E lattice sums.
 * Of a layer that is as thin as a voxel it is too much, whose two sides do not add up.
 * Units: surface 1/length, step length, q 1/length, q step <= pi. */
double saxid_lattice_alias (double surface, double step, double q);

G_END_DECLS
