/* Out of the wrong valley.
 *
 * Units: as refine.h. Thread: pure.
 */
#pragma once

#include "models/fit/refine.h"

G_BEGIN_DECLS

/* A fit that is nearly good may lie in the wrong one of two valleys with a low ridge between
 * them: it is kicked, in each coordinate both ways, and goes on from where it is better, as
 * long as that helps and its reduced chi-square is above `good`. No kick is begun after
 * `until` (saxid_thread_seconds). What the coordinates do not move is kept. */
void saxid_kick (const SaxidSpace *space, const SaxidCurve *curve, double good, double until, SaxidRefined *fit);

G_END_DECLS
