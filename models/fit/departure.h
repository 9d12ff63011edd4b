/* By how much does a fit miss a curve, and what does that mean?
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* The part d of I by which the model departs beyond noise: that for which the mean of
 * (I - m)² / (sigma² + d² m²) is 1, as between laboratories (Mandel and Paule,
 * DOI 10.1021/ac60293a019); 0 where it is less than that without d. Without sigma noise counts as
 * none. NAN: there are fewer than five points with m > 0, or it would be above 10. Shape: model [n]. */
double saxid_departure (const SaxidCurve *curve, const double *model);

/* In words: "within the uncertainties", "not far beyond the uncertainties", and from there "departs
 * by 2.0 % of I beyond them, as measured curves do", "departs by 7.0 % of I beyond them", "does not fit: departs by 40 % of I". Free with g_free. */
char *saxid_departure_say (double reduced_chi2, double departure);

G_END_DECLS
