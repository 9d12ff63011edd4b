/* LeNet as the study of techniques has it, and what it makes of frames.
 *
 * Ushizima et al., camSortXS: [3×3 convolution, same padding, ReLU, batch normalisation, 2×2
 * maximum] three times with 64, 64 and 48 filters, dense 192 (the vector), dropout 0.5, dense 64,
 * dense 4. Pictures have half the cells along an edge that the rest of the study has, a quarter of
 * the published ones, and it learns by Adam instead of plain gradient descent.
 *
 * Thread: one training at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_LENET_VECTOR 192

/* UB: in the proportions of the published frames (62 % GISAXS); BL: as many of each; BLA: those,
 * turned by 0, 90, 180 and 270 degrees too. */
typedef enum
{
  SAXID_LENET_UB,
  SAXID_LENET_BL,
  SAXID_LENET_BLA,
  SAXID_N_LENET
} SaxidLenetSet;

const char *saxid_lenet_set_name (SaxidLenetSet set);

typedef struct
{
  gsize n;
  const guint8 *grey;   /* [n × SAXID_PICTURE_SIDE²] */
  const guint8 *label;  /* [n] SaxidTechnique */
  const gboolean *learn; /* [n] whether it may be learned from */
} SaxidLenetFrames;

typedef struct
{
  gsize n_learned;
  double seconds;      /* of the training */
  double milliseconds; /* of the vector of a frame */
} SaxidLenetCost;

/* Learns from a set, and tells vector and margins of all frames.
 * Shape: vector [n × SAXID_LENET_VECTOR], margin [n × SAXID_N_TECHNIQUE].
 * Errors: those of the network; SAXID_ERROR_CANCELLED. */
gboolean saxid_lenet (const SaxidLenetFrames *frames, SaxidLenetSet set, guint epochs, guint threads, guint64 seed, float *vector,
                      float *margin, SaxidLenetCost *cost, GError **error);

G_END_DECLS
