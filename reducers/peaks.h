/* Does a curve show the first peaks of a crystal?
 *
 * Over q = 1.5 to 4 1/Å the best cubic in ln q is taken off ln I; the largest rise over it is that of peaks. Of 5508
 * curves of metal particles it has a 1 % quantile of 0.23; smooth curves with 3 % noise reach 0.13 at most. A halo
 * rises, too: the fit has the last word.
 *
 * Units: q 1/Å. Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* The first peak of close packing lies at q d = 7.695; beyond this multiple of it the curve has what is needed. */
#define SAXID_PEAKS_FIRST 7.695
#define SAXID_PEAKS_BEYOND 1.3

/* Where they are looked for, 1/Å. */
#define SAXID_PEAKS_FROM 1.5
#define SAXID_PEAKS_TO 4.0

typedef struct
{
  double rise, rise_error; /* of ln I */
  double at, width;        /* place and full width at half of the rise, 1/Å */
  gboolean is_seen;
} SaxidPeaks;

/* To which q a curve must reach for metal whose neighbours are d apart. */
double saxid_peaks_needed (double d);

/* FALSE where the curve does not cover the window: nothing is known then. The curve must be clean. */
gboolean saxid_peaks_find (const SaxidCurve *curve, SaxidPeaks *peaks);

/* Up to which q form factors are believed of a curve with peaks, 1/Å. */
#define SAXID_PEAKS_SMALL_ANGLES 0.75

/* The part of a curve with peaks that a form factor may describe. NULL where it shows none, or has too few points there. The curve
 * must be clean. */
SaxidCurve *saxid_peaks_small_angles (const SaxidCurve *curve);

G_END_DECLS
