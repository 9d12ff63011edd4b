/* The same curve on fewer points.
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"
#include "reducers/grid.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_WEIGHT_VARIANCE = 0, /* 1 / σ²: least variance, right when σ is */
  SAXID_WEIGHT_COUNT = 1     /* each point the same: unbiased when σ is that of few counts */
} SaxidWeight;

/* A new curve: one point for each bin of grid that holds a point of curve, at
 * the mean q of those points. Points that are not finite add nothing; a bin of
 * nothing else is NaN, so that frames of a run keep one grid. Without sigma
 * every point weighs the same and the result has none; dq of the result holds
 * the points' own and their spread in q.
 * Shape: q of curve ascends.
 * Errors: SAXID_ERROR_ARGUMENT for a grid that cannot be; SAXID_ERROR_DATA when
 * no point falls into it. */
SaxidCurve *
saxid_curve_rebin (const SaxidCurve *curve, const SaxidGrid *grid, SaxidWeight weight, GError **error);

G_END_DECLS
