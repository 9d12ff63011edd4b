/* Levels that have a given number of voxels below them.
 *
 * Thread: see cube.h.
 */
#pragma once

#include "models/materials/voxels/cube.h"

G_BEGIN_DECLS

/* The values of rank rank[i] (0: the least) among the voxels: exact, and
 * without a sort. Values must be finite. Shape: rank and level n. */
void saxid_levels_find (const SaxidCubePlan *plan, const SaxidCube *cube, gsize n, const gsize *rank, float *level);

/* Where several voxels have the value of a rank, some become a little less, such that as many as
 * the rank lie below it. */
void saxid_levels_settle (SaxidCube *cube, gsize rank, float level);

/* The rank of a share of the voxels: the number of them that lie below the level. */
gsize saxid_levels_rank (const SaxidCube *cube, double share);

G_END_DECLS
