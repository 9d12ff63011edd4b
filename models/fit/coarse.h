/* The points of a curve on which form factors are judged.
 *
 * Steps of ln q, as a discrepancy has them: some hundred points hold what a curve tells
 * about a form factor, and a covariance of them is factored in a millisecond.
 *
 * Units: those of the curve. Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* Points at most. */
#define SAXID_COARSE_MOST 64

/* blur: the standard deviation of a step, in ln q: a point is the mean over it.
 * A new curve with sigma, which is no less than the scatter of the points, and with dq
 * where the curve has it. The curve must be clean.
 * Errors: SAXID_ERROR_DATA when fewer than SAXID_CURVE_MIN_POINTS are left. */
SaxidCurve *saxid_coarse_curve (const SaxidCurve *curve, double *blur, GError **error);

G_END_DECLS
