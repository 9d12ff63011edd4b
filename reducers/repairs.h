/* What had to be done to a curve, in one sentence for a person.
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* "left out: 3 points without a number, 1 point whose sigma is out of all proportion; …";
 * NULL where nothing was done that a person should know. g_free. */
char *saxid_curve_repairs_say (const SaxidCurveRepairs *repairs);

/* Adds what was done to one curve of many. */
void saxid_curve_repairs_add (SaxidCurveRepairs *total, const SaxidCurveRepairs *one);

G_END_DECLS
