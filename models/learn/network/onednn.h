/* The arithmetic of networks, by oneDNN. The one file that knows it, in its second or
 * third version.
 *
 * A program is the layers of a network laid out for one batch size: the buffers, and
 * the operations in their order, forward and (for training) backward.
 *
 * Units: none. Shape: plain arrays [batch, channels, height, width].
 * Thread: a program belongs to one thread at a time; each thread has its own. While
 * it works it holds OpenMP to the number of threads that it was made for.
 */
#pragma once

#include "models/learn/network/layer.h"

G_BEGIN_DECLS

/* What batch normalisation adds to a variance. */
#define SAXID_NORM_EPSILON 1e-3f

typedef struct SaxidProgram SaxidProgram;

typedef struct
{
  guint n_layer;
  const SaxidLayer *layer;
  guint batch;
  gboolean training;
  gboolean input_gradient; /* backward goes on to the input; training only */
  gboolean half;           /* activations in bfloat16, where the processor has it; training only */
  guint threads;
  const float *weight; /* of all layers; read at every forward when training, else once */
  float *gradient;     /* of weight; training only */
  float *state;        /* of all layers; written when training */
} SaxidProgramOptions;

/* Errors: SAXID_ERROR_MODEL with oneDNN's status and the layer. */
SaxidProgram *saxid_program_new (const SaxidProgramOptions *options, GError **error);
void saxid_program_free (SaxidProgram *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidProgram, saxid_program_free)

/* The buffer [batch × count of the first layer's in] that forward reads. */
float *saxid_program_input (SaxidProgram *program);
/* seed, step: of the random numbers that dropout needs, training only.
 * Returns the output of the last layer [batch × count], overwritten by the next call. */
gboolean saxid_program_forward (SaxidProgram *program, guint64 seed, guint64 step, GError **error);
const float *saxid_program_output (const SaxidProgram *program);
/* What left layer `index` at the last forward, copied to out [batch × count]. */
gboolean saxid_program_read (SaxidProgram *program, guint index, float *out, GError **error);

/* The buffer [batch × count of the last layer's out] that backward reads. */
float *saxid_program_output_gradient (SaxidProgram *program);
/* Fills options.gradient. */
gboolean saxid_program_backward (SaxidProgram *program, GError **error);
/* What backward found for the input, [batch × count]; NULL where it was not asked for. */
const float *saxid_program_input_gradient (const SaxidProgram *program);

/* Whether the processor multiplies bfloat16 as such. */
gboolean saxid_program_has_half (void);

G_END_DECLS
