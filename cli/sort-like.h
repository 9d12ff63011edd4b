/* Which frames of many look most like one?
 *
 * By the angle between the vectors that the network of the technique makes of them before it
 * answers (Ushizima et al., camSortXS, look for frames in the same way). All are compared.
 *
 * Thread: one thread.
 */
#pragma once

#include "models/technique/judge.h"

G_BEGIN_DECLS

#define SAXID_LIKE_MOST 10u

typedef struct
{
  char *path;
  gsize frame;
  SaxidTechnique technique;
  double distance; /* 1 - cosine, 0 to 2 */
} SaxidLikeFrame;

typedef struct
{
  gsize n_vector;
  float *vector; /* [n_vector] of the frame that is asked for, of length 1 */
  guint n;
  SaxidLikeFrame frame[SAXID_LIKE_MOST]; /* the nearest first */
} SaxidLike;

/* FALSE where the image has no vector: no picture can be made of it. */
gboolean saxid_like_begin (SaxidLike *like, const SaxidTechniqueAnswer *answer);
/* One frame more; those without a vector are none. */
void saxid_like_add (SaxidLike *like, const char *path, gsize frame, SaxidTechnique technique, const SaxidTechniqueAnswer *answer);
void saxid_like_clear (SaxidLike *like);

G_END_DECLS
