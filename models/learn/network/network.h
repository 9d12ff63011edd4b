/* A network: its layers as text, and its weights.
 *
 * Thread: immutable once made or trained; each thread asks it through a SaxidPass of
 * its own.
 */
#pragma once

#include "models/learn/network/onednn.h"

G_BEGIN_DECLS

typedef struct
{
  char *text;       /* one layer a line, see layer.h */
  SaxidExtent in, out;
  guint n_layer;
  SaxidLayer *layer;
  gsize n_weight, n_state;
  float *weight;    /* [n_weight] layer by layer: weights, biases */
  float *state;     /* [n_state] running means and variances */
} SaxidNetwork;

/* Weights as He et al. 2015, DOI 10.1109/ICCV.2015.123 where ReLU follows, as Glorot &
 * Bengio 2010 elsewhere; biases zero.
 * Errors: SAXID_ERROR_ARGUMENT with the line. */
SaxidNetwork *saxid_network_new (const char *text, SaxidExtent in, guint64 seed, GError **error);
/* The same with weights of 0, for whoever puts others in: to draw a million takes 10 ms. */
SaxidNetwork *saxid_network_empty (const char *text, SaxidExtent in, GError **error);
void saxid_network_free (SaxidNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidNetwork, saxid_network_free)

/* The same function with fewer layers: batch normalisation that follows a convolution or
 * a dense layer becomes part of its weights. */
SaxidNetwork *saxid_network_fuse (const SaxidNetwork *network);

/* The same network with the first `outputs` of its last layer only, a dense one. */
SaxidNetwork *saxid_network_narrow (const SaxidNetwork *network, guint outputs);

/* Weights, then state: 32-bit floats, little endian. */
GBytes *saxid_network_to_bytes (const SaxidNetwork *network);
/* Puts back what saxid_network_to_bytes gave.
 * Errors: SAXID_ERROR_MODEL when the bytes are of another network, not finite, or have a
 * variance below 0. */
gboolean saxid_network_set_bytes (SaxidNetwork *network, GBytes *bytes, GError **error);

/* Of weights that were put in otherwise. Errors: SAXID_ERROR_MODEL for a variance below 0. */
gboolean saxid_network_check (const SaxidNetwork *network, GError **error);

/* A network at work, in one thread. It reads the weights when it is made. */
typedef struct SaxidPass SaxidPass;

/* Classifies or represents `batch` inputs at a time. */
SaxidPass *saxid_pass_new (const SaxidNetwork *network, guint batch, guint threads, GError **error);
void saxid_pass_free (SaxidPass *pass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPass, saxid_pass_free)

/* Any number of rows. within: NULL, or what leaves that layer; last: NULL, or what
 * leaves the last one.
 * Shape: input rows × count (in), within and last rows × count (out of the layer). */
gboolean saxid_pass_run (SaxidPass *pass, const float *input, gsize rows, guint layer, float *within, float *last,
                         GError **error);

/* What left that layer for the inputs of the last run, of which there were `batch` at most.
 * Shape: out batch × count (out of the layer). */
gboolean saxid_pass_read (SaxidPass *pass, guint layer, float *out, GError **error);

G_END_DECLS
