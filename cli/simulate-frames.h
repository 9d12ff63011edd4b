/* Frames of the four techniques, simulated: pictures for learning, and a sheet to look at.
 *
 * Thread: the main one.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 seed;
  guint n, per_experiment, threads;
  const char *output, *sheet; /* sheet: a PNG, or NULL */
  char *const *measured;      /* frames to be shown beside them; NULL-terminated, may be empty */
} SaxidSimulateFrames;

/* Returns the exit code. */
int saxid_simulate_frames (const SaxidSimulateFrames *request);

G_END_DECLS
