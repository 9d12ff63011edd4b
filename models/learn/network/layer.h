/* What a network is made of: layers, each with a size, weights and a name.
 *
 * A layer turns [batch, channels, height, width] into the same of other sizes; curves
 * are images of height 1. What a layer computes is in onednn.c; here is only what it is.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_LAYER_CONV,      /* convolution, size = filters */
  SAXID_LAYER_RELU,
  SAXID_LAYER_MAXPOOL,   /* window = step */
  SAXID_LAYER_GLOBALMAX, /* over all places */
  SAXID_LAYER_DENSE,     /* size = units */
  SAXID_LAYER_BATCHNORM,
  SAXID_LAYER_DROPOUT,
  SAXID_LAYER_RESHAPE,   /* to size channels of height 1 */
  SAXID_LAYER_RESIZE,    /* linear interpolation to a window */
  SAXID_LAYER_KEEP,      /* what comes in is kept beside what follows, until it is added: */
  SAXID_LAYER_ADD,       /* a residual network (He et al. 2016, DOI 10.1109/CVPR.2016.90) */
  SAXID_N_LAYERS
} SaxidLayerKind;

typedef struct
{
  guint channels, height, width;
} SaxidExtent;

typedef struct
{
  SaxidLayerKind kind;
  guint size;                /* filters, units or channels */
  guint height, width;       /* of the window */
  gboolean same;             /* the convolution keeps the size: zeros around it */
  double rate;               /* of dropout */
  SaxidExtent in, out;
  gsize n_weight, weight_at; /* what is learned: weights, then biases; and where */
  gsize n_state, state_at;   /* what is gathered: running mean and variance */
} SaxidLayer;

/* "conv 64 7" (filters, window; "conv 64 3x7 same"), "relu", "maxpool 6", "globalmax",
 * "dense 9", "batchnorm", "dropout 0.25", "reshape 64", "resize 890", "keep", "add".
 * in: what comes from the layer before.
 * Errors: SAXID_ERROR_ARGUMENT for words that are no layer, sizes out of bounds, and a
 * window that is larger than what it is laid on. */
gboolean saxid_layer_parse (const char *text, SaxidExtent in, SaxidLayer *layer, GError **error);

/* Numbers in one [channels, height, width]. */
gsize saxid_extent_count (SaxidExtent extent);

/* Inputs that one output sees, and outputs that one input reaches: for the spread of
 * first weights. 0 where there are none. */
void saxid_layer_fans (const SaxidLayer *layer, double *fan_in, double *fan_out);

G_END_DECLS
