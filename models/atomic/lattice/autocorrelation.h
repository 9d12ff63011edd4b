/* The distances of a particle on a lattice, by Fourier transforms of which places are taken.
 *
 * The autocorrelation of a grid of ones and zeros counts the pairs of each difference; rounded, it is exact.
 * N log N instead of N²: a million atoms in a second. FFTW is under the GPL: for simulation and benches, never
 * in the module.
 *
 * Units: d. Thread: one at a time plans; one thread works.
 */
#pragma once

#include "models/atomic/distances.h"

G_BEGIN_DECLS

/* NULL where the cluster is on no lattice. */
SaxidDistances *saxid_autocorrelation_distances (const SaxidCluster *cluster);

G_END_DECLS
