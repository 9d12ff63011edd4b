/* Which points of a curve say nothing?
 *
 * Programs keep bins that hold no measurement, and mark them: by I = 0 with sigma = 0, by a
 * sigma of 1e6, by a bin far away from all others. Every rule here is free of scale: it
 * compares points of the curve with each other, never with a number in some unit.
 *
 * Units: as the curve; any. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Marks points of I = 0 without a positive sigma, and counts them. Where no sigma is given,
 * or none is positive, those at the ends of the curve alone. Whole numbers, with their roots as sigma,
 * are counts, of which none is a measurement too: of those only what is before the first.
 * Shape: all n; sigma may be NULL; bad is set at marked points and left elsewhere. */
gsize saxid_worth_empty (gsize n, const double *intensity, const double *sigma, gboolean *bad);

/* Marks points whose sigma is out of all proportion, and counts them: above their own |I|,
 * and either above a gap of a factor of 100 in the sorted sigmas that has less than half of
 * the points beyond it, or above 1000 times the median of the 16 sigmas on either side.
 * Sigmas of one measurement follow each other closely, however large they are beside I, so
 * points with large relative errors stay. q ascending. */
gsize saxid_worth_sigma (gsize n, const double *intensity, const double *sigma, gboolean *bad);

/* Marks points whose sigma is so small a part of I (1e-6, where half of the curve has more
 * than 1e-4) that it cannot be one, and counts them: such a point would have all the weight. */
gsize saxid_worth_exact (gsize n, const double *intensity, const double *sigma, gboolean *bad);

/* How many points at the low and at the high end (two at most) lie beyond a gap in ln q that
 * is five times as wide as any of the three steps before it, and wider than ln 1.25: a bin
 * at the beam centre, or one in a corner. q positive and strictly ascending. */
void saxid_worth_stray (gsize n, const double *q, gsize *low, gsize *high);

G_END_DECLS
