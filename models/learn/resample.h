/* A curve on the q grid that a model was trained on.
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* out[k] = I at grid[k], NaN where the curve does not reach. Where two or more
 * points of the curve fall between the midpoints around grid[k], their mean is
 * taken (noise goes down as it would in a wider bin); elsewhere the two
 * neighbours are interpolated linearly, as in Monge et al. 2024.
 * Shape: grid and out have n elements, grid ascending; curve must be clean.
 * Units: as the curve's. */
void saxid_resample (const SaxidCurve *curve, gsize n, const double *grid, double *out);

/* The part of ln(grid[n-1]/grid[0]) that the curve covers, 0..1. */
double saxid_resample_coverage (const SaxidCurve *curve, gsize n, const double *grid);

G_END_DECLS
