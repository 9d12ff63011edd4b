/* By which factor does an intensity become a cross section, by a standard that was measured
 * alike?
 *
 *   glassy-carbon  NIST SRM 3600: certified dΣ/dΩ at 59 points from 0.0083 to 0.247 1/Å.
 *                  Allen et al., J. Appl. Cryst. 50 (2017) 462, doi:10.1107/S1600576717001972
 *   water          0.01632 1/cm at 20 °C, the same at all q that are not large
 *                  Orthaber, Bergmann & Glatter, J. Appl. Cryst. 33 (2000) 218,
 *                  doi:10.1107/S0021889899015216
 *
 * The factor is the median of what the certificate says over what was measured, point by
 * point, so that a beam stop or a detector gap at the ends does no harm.
 *
 * Units: q in 1/Å; dΣ/dΩ in 1/cm.
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* scatter: half of the range of the middle two thirds of these ratios over the factor, or NULL.
 * Errors: SAXID_ERROR_ARGUMENT for a standard that is not known; SAXID_ERROR_DATA when the
 * curve has too few points where the standard is certified, or is not positive there. */
gboolean saxid_standard_factor (const char *standard, const SaxidCurve *curve, double *factor, double *scatter,
                                GError **error);

G_END_DECLS
