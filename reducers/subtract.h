/* What is left of a curve when its background is taken away?
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* curve -= factor × background, variances added, in place. A background on
 * another grid is interpolated linearly between its two neighbours, whose
 * variances follow; a point that it does not reach becomes NaN. Negative
 * differences are kept. sigma of the result is absent unless both have one.
 * Shape: q of both ascends strictly.
 * Errors: SAXID_ERROR_ARGUMENT when factor is not finite; SAXID_ERROR_DATA when
 * the background has no point or reaches no point of the curve. */
gboolean
saxid_curve_subtract (SaxidCurve *curve, const SaxidCurve *background, double factor, GError **error);

G_END_DECLS
