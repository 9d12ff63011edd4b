/* Of which frames was the technique asked, and what was the answer? As a file of curves has it.
 *
 * Thread: plain data.
 */
#pragma once

#include "reducers/technique.h"

G_BEGIN_DECLS

/* One frame that was asked. */
typedef struct
{
  const char *file;
  gsize frame;     /* in that file, from 0 */
  gint64 row;      /* of the curves; -1: none was made */
  gboolean refused;
  double probability[SAXID_N_TECHNIQUE], grazing;
  SaxidTechnique best;
  SaxidWitness witness;
  char *source;    /* of the header, or NULL */
  double outlier;  /* NaN: the image was not asked */
  double incident_angle; /* degrees; NaN: not known */
} SaxidAskedFrame;

/* A claim of a header. */
typedef struct
{
  const char *file;
  SaxidTechniqueHalf half;
  gboolean yes;
  double wrong; /* share of such claims that are */
  char *place;  /* the value, and where it stood */
} SaxidAskedClaim;

/* Borrowed; NULL where there is none. */
typedef struct
{
  gsize n, n_claim, n_vector, side;
  const SaxidAskedFrame *frame; /* [n] */
  const SaxidAskedClaim *claim; /* [n_claim] */
  const float *vector;          /* [n × n_vector]; NaN where a frame has none */
  const guint8 *evidence;       /* [n × side × side] */
  const char *model_checksum, *frames_asked;
} SaxidAsked;

G_END_DECLS
