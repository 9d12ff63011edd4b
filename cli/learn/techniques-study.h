/* The study of techniques: what classic features, LeNet and trees tell of frames, judged twice: on
 * frames that were dealt out at random, as published, and on experiments that were not met.
 *
 * Ushizima et al., camSortXS. Frames of one experiment are nearly the same, so that the first
 * split tells how well an experiment is known again, and the second how well a technique is.
 *
 * Thread: the caller's, and as many as it says.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint experiments;    /* of each technique */
  guint per_experiment; /* frames of each */
  guint folds, threads;
  guint epochs;         /* of LeNet; 0: classic features alone */
  guint64 seed;
  gboolean quiet;
  const char *directory; /* where what is done is kept, so that a study goes on */
  const char *report;   /* a directory for the page, or NULL: standard output */
} SaxidTechniquesStudy;

/* Returns the exit code. */
int saxid_techniques_study (const SaxidTechniquesStudy *settings);

G_END_DECLS
