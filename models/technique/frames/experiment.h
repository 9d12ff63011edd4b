/* A simulated experiment: one sample on one instrument, and its frames.
 *
 * Frames of one experiment are nearly the same, so what learns from some of them has seen the
 * others; sets are split between experiments, never between frames. Frame f of experiment e of
 * a seed is the same whoever draws it.
 *
 * Thread: pure.
 */
#pragma once

#include "models/technique/frames/stage.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidTechnique technique;
  guint width, height;
  float *pixels; /* [height × width] counts, NaN where there is no pixel */
  const char *kind; /* of sample */
  SaxidStage stage;
} SaxidSimulatedFrame;

/* The technique of an experiment is its number modulo the four. */
void saxid_simulated_frame_draw (guint64 seed, guint32 experiment, guint32 frame, SaxidSimulatedFrame *out);
void saxid_simulated_frame_clear (SaxidSimulatedFrame *frame);

/* What is no scattering at all: empty, dark, flat, saturated, the direct beam alone, a tomogram. */
void saxid_simulated_stranger_draw (guint64 seed, guint32 experiment, guint32 frame, SaxidSimulatedFrame *out);

G_END_DECLS
