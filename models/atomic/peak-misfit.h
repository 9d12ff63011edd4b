/* How well does a fit meet the peaks?
 *
 * The misfit of a fit looks at the whole curve, in which small angles and an incomplete surface count as much as the peaks
 * do, and 3 % of I are not believed. What is of another lattice, or of two at once, departs at the peaks: over
 * q d = 6 to 22 scale and background are solved for again, and 2 % of I are not believed.
 *
 * Units: q 1/Å. Thread: pure; tables of the atlas are made as they are needed.
 */
#pragma once

#include "models/atomic/fit.h"

G_BEGIN_DECLS

/* chi² for each point; 0 where there are too few points. The curve must be clean. */
double saxid_cluster_peak_misfit (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve,
                                  const SaxidClusterFit *fit);

G_END_DECLS
