/* A smooth field from a sharp one, such that the order of its values survives far from an interface.
 *
 * A separable Gaussian in real space with positive weights out to 13 standard deviations: a
 * convolution by Fourier transform loses everything below 1e-7 of the largest value, which
 * is where a thick layer is cut (8 nm from a wall at 1 nm the field has fallen to 1e-16).
 *
 * Thread: see cube.h.
 */
#pragma once

#include "models/materials/voxels/cube.h"

G_BEGIN_DECLS

#define SAXID_SMOOTHING_MOST 4.0 /* voxels */
#define SAXID_SMOOTHING_REACH 13.0

/* The value of what is full before it is smoothed: so large that the smallest that counts,
 * SAXID_SMOOTHING_FLOOR, is far from where floats lose digits. A plane wall comes to the floor at
 * 12.6 sigma, within the reach of the kernel in every direction. */
#define SAXID_SMOOTHING_FULL 1e30f
#define SAXID_SMOOTHING_FLOOR 1e-6f

/* Smooths in place, periodically; values 0 to SAXID_SMOOTHING_FULL. sigma: voxels, above 0 and at most
 * SAXID_SMOOTHING_MOST. reach: of the kernel, in sigma, at most SAXID_SMOOTHING_REACH. */
void saxid_smoothing_apply (const SaxidCubePlan *plan, SaxidCube *cube, double sigma, double reach);

/* Where the smooth field is below the floor it becomes -d² - h, d the distance to the nearest voxel where it
 * is not (periodic, in voxels), and 0 <= h < 1 a number of the place alone: squares of distances are whole, and a
 * level that cuts one of them should not cut along the axes. At least one voxel must be above. */
void saxid_smoothing_order_rest (const SaxidCubePlan *plan, SaxidCube *cube);

G_END_DECLS
