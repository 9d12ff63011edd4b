/* What stands in the way of a scene, and how it is counted.
 *
 * Thread: pure.
 */
#pragma once

#include "models/technique/frames/stage.h"

G_BEGIN_DECLS

/* Beamstop, arm, flight tube, shadows. Shape: image [height × width] of the scene. */
void saxid_spoil_shadows (const SaxidStage *stage, SaxidRandom *random, float *image);

/* Counts of the detector as it hangs: pixels [n_row × n_column], NaN where there is none. of:
 * the experiment's draws; frame: those of one exposure. */
void saxid_spoil_count (const SaxidStage *stage, const float *image, SaxidRandom *of, SaxidRandom *frame, float *pixels);

G_END_DECLS
