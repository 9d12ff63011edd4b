/* How is a network computed?
 *
 * Each layer adds operations of oneDNN to a program that is laid out once: tensors in
 * the layouts that oneDNN prefers, reorders where two of them differ, weights packed
 * from the plain array. Activations that are no longer needed are overwritten: ReLU
 * and dropout work in place, and ReLU after a convolution is part of it.
 *
 * oneDNN's second version creates a primitive from a descriptor of the operation, its
 * third from the arguments; memory descriptors are values in the one and objects in
 * the other. onednn-v2.h and onednn-v3.h have the same functions over both.
 *
 * Shape: [batch, channels, height, width]. Thread: see onednn.h.
 */
#include "config.h"
#include "models/learn/network/onednn.h"

#include <oneapi/dnnl/dnnl.h>
#include <omp.h>
#include <string.h>

#if DNNL_VERSION_MAJOR >= 3
#include "models/learn/network/onednn-v3.h"
#else
#include "models/learn/network/onednn-v2.h"
#endif
#include "models/simulate/random.h"
#include "reducers/error.h"

/* How much of the running mean a batch replaces. */
#define NORM_MOMENTUM 0.02f
#define ALIGNMENT 64

/* --- Tensors and operations ------------------------------------------------------- */

typedef struct Tensor Tensor;

struct Tensor
{
  Desc *desc;
  float *data;
  gboolean owned; /* data */
  dnnl_memory_t memory;
  Tensor *gradient; /* of the loss with respect to it; training only */
};

#define MOST_ARGUMENTS 12

typedef struct
{
  dnnl_primitive_t primitive; /* NULL: `host` is called */
  void (*host) (SaxidProgram *program, guint layer);
  guint layer;
  dnnl_memory_t scratch;
  int n;
  dnnl_exec_arg_t argument[MOST_ARGUMENTS];
} Operation;

struct SaxidProgram
{
  SaxidProgramOptions options;
  SaxidLayer *layer;
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_attr_t attr; /* scratchpad of our own */
  GPtrArray *tensors;         /* all of them */
  GArray *pack, *forward, *gather; /* Operation: of weights, of a forward, and what reads its output */
  GArray **backward;          /* Operation, for each layer, and last of the output */
  Tensor *input, *output, *output_gradient, *input_gradient;
  Tensor **after;             /* what leaves each layer */
  Tensor **extra;             /* for each layer: mask of dropout */
  Tensor **mean, **variance;  /* of a batch */
  gsize scratch_size;
  void *scratch;
  guint64 seed, step;
  guint at;                   /* layer that is laid out */
  Tensor *kept;               /* until it is added, and by which layer */
  guint kept_at;
  dnnl_status_t status;       /* the first that was no success */
  guint failed_at;
};

static void
note (SaxidProgram *self, dnnl_status_t status)
{
  if (status == dnnl_success || self->status != dnnl_success)
    return;
  self->status = status;
  self->failed_at = self->at;
}

static gboolean
report (const SaxidProgram *self, const char *what, GError **error)
{
  static const char *const names[] = { "success", "out of memory", "invalid arguments", "unimplemented",
                                       "no more implementations", "runtime error", "not required" };

  if (self->status == dnnl_success)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "network cannot be %s: oneDNN says '%s' (layer %u of %u)", what,
               self->status < G_N_ELEMENTS (names) ? names[self->status] : "?", self->failed_at + 1,
               self->options.n_layer);
  return FALSE;
}

static void
tensor_free (gpointer data)
{
  Tensor *tensor = data;

  if (tensor->memory != NULL)
    dnnl_memory_destroy (tensor->memory);
  if (tensor->owned)
    g_aligned_free (tensor->data);
  if (tensor->desc != NULL)
    desc_free (tensor->desc);
  g_free (tensor);
}

/* data: borrowed, or NULL for memory of its own, zeroed. Takes the descriptor. */
static Tensor *
tensor_take (SaxidProgram *self, Desc *desc, float *data)
{
  Tensor *tensor = g_new0 (Tensor, 1);

  g_ptr_array_add (self->tensors, tensor);
  tensor->desc = desc;
  tensor->data = data;
  if (self->status != dnnl_success)
    return tensor;
  if (data == NULL)
    {
      gsize size = MAX (dnnl_memory_desc_get_size (desc), 1);

      tensor->data = g_aligned_alloc0 (1, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, ALIGNMENT);
      tensor->owned = TRUE;
    }
  note (self, dnnl_memory_create (&tensor->memory, desc, self->engine, tensor->data));
  return tensor;
}

static Tensor *
tensor_like (SaxidProgram *self, const Desc *desc, float *data)
{
  Desc *copy = NULL;

  if (self->status == dnnl_success)
    note (self, desc_copy (&copy, desc));
  return tensor_take (self, copy, data);
}

static Tensor *
tensor_plain (SaxidProgram *self, int n, const dnnl_dims_t dims, float *data)
{
  static const dnnl_format_tag_t plain[] = { 0, dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd };
  Desc *desc = NULL;

  if (self->status == dnnl_success)
    note (self, desc_create (&desc, n, dims, dnnl_f32, plain[n]));
  return tensor_take (self, desc, data);
}

/* A descriptor that leaves the layout to oneDNN; freed with the program. */
static const Desc *
any_layout_of (SaxidProgram *self, int n, const dnnl_dims_t dims, dnnl_data_type_t type)
{
  Tensor *holder = g_new0 (Tensor, 1);

  g_ptr_array_add (self->tensors, holder);
  if (self->status == dnnl_success)
    note (self, desc_create (&holder->desc, n, dims, type, dnnl_format_tag_any));
  return holder->desc;
}

static const Desc *
any_layout (SaxidProgram *self, int n, const dnnl_dims_t dims)
{
  return any_layout_of (self, n, dims, self->options.half ? dnnl_bf16 : dnnl_f32);
}

static const Desc *
ask (SaxidProgram *self, dnnl_primitive_desc_t pd, dnnl_query_t what, int index)
{
  const Desc *desc = self->status == dnnl_success ? dnnl_primitive_desc_query_md (pd, what, index) : NULL;

  if (desc == NULL)
    note (self, dnnl_runtime_error);
  return desc;
}

/* Adds what was described, with the arguments (number, tensor) until 0. */
static void
add (SaxidProgram *self, GArray *list, dnnl_primitive_desc_t pd, ...)
{
  Operation operation = { .layer = self->at };
  va_list arguments;
  int which;

  if (self->status != dnnl_success)
    return;
  note (self, dnnl_primitive_create (&operation.primitive, pd));
  va_start (arguments, pd);
  while ((which = va_arg (arguments, int)) != 0)
    {
      const Tensor *tensor = va_arg (arguments, const Tensor *);

      if (tensor != NULL)
        operation.argument[operation.n++] = (dnnl_exec_arg_t) { which, tensor->memory };
    }
  va_end (arguments);
  if (self->status == dnnl_success)
    {
      const Desc *scratch = dnnl_primitive_desc_query_md (pd, dnnl_query_scratchpad_md, 0);
      gsize size = scratch != NULL ? dnnl_memory_desc_get_size (scratch) : 0;

      if (size > 0)
        {
          note (self, dnnl_memory_create (&operation.scratch, scratch, self->engine, DNNL_MEMORY_NONE));
          operation.argument[operation.n++] = (dnnl_exec_arg_t) { DNNL_ARG_SCRATCHPAD, operation.scratch };
          self->scratch_size = MAX (self->scratch_size, size);
        }
    }
  if (operation.primitive != NULL)
    g_array_append_val (list, operation);
}

static void
add_host (SaxidProgram *self, GArray *list, void (*host) (SaxidProgram *program, guint layer))
{
  const Operation operation = { .host = host, .layer = self->at };

  g_array_append_val (list, operation);
}

static void
add_reorder (SaxidProgram *self, GArray *list, const Tensor *from, const Tensor *to)
{
  dnnl_primitive_desc_t pd = NULL;

  if (self->status != dnnl_success)
    return;
  note (self, dnnl_reorder_primitive_desc_create (&pd, from->desc, self->engine, to->desc, self->engine, self->attr));
  add (self, list, pd, DNNL_ARG_FROM, from, DNNL_ARG_TO, to, 0);
  if (pd != NULL)
    dnnl_primitive_desc_destroy (pd);
}

/* The tensor in the wanted layout: itself, or a copy that `list` makes. */
static Tensor *
read_as (SaxidProgram *self, GArray *list, Tensor *tensor, const Desc *wanted)
{
  Tensor *copy;

  if (self->status != dnnl_success || dnnl_memory_desc_equal (tensor->desc, wanted))
    return tensor;
  copy = tensor_like (self, wanted, NULL);
  add_reorder (self, list, tensor, copy);
  return copy;
}

/* Where an operation that wants this layout can write what becomes `tensor`; the
 * caller adds finish_write after it. */
static Tensor *
write_as (SaxidProgram *self, Tensor *tensor, const Desc *wanted)
{
  if (self->status != dnnl_success || dnnl_memory_desc_equal (tensor->desc, wanted))
    return tensor;
  return tensor_like (self, wanted, NULL);
}

static void
finish_write (SaxidProgram *self, GArray *list, const Tensor *written, const Tensor *tensor)
{
  if (written != tensor)
    add_reorder (self, list, written, tensor);
}

/* --- Layers -------------------------------------------------------------------------- */

static dnnl_prop_kind_t
direction (const SaxidProgram *self)
{
  return self->options.training ? dnnl_forward_training : dnnl_forward_inference;
}

static Tensor *
with_gradient (SaxidProgram *self, Tensor *tensor)
{
  if (self->options.training && self->status == dnnl_success)
    tensor->gradient = tensor_like (self, tensor->desc, NULL);
  return tensor;
}

static const SaxidLayer *
here (const SaxidProgram *self)
{
  return &self->layer[self->at];
}

static float *
weight_of (const SaxidProgram *self, gsize offset)
{
  return (float *) self->options.weight + here (self)->weight_at + offset;
}

static float *
gradient_of (const SaxidProgram *self, gsize offset)
{
  return self->options.gradient + here (self)->weight_at + offset;
}

/* What a convolution and a dense layer have in common: everything but the words with
 * which they are described. */
typedef struct
{
  Tensor *src, *weight, *bias;
  Tensor *weight_gradient, *bias_gradient;
} Weighted;

static Weighted
weighted (SaxidProgram *self, Tensor *src, int rank, const dnnl_dims_t weight_dims)
{
  const SaxidLayer *layer = here (self);
  const dnnl_dims_t bias_dims = { layer->size };
  const gsize n = layer->n_weight - layer->size;
  Weighted w = { .src = src };

  w.weight = tensor_plain (self, rank, weight_dims, weight_of (self, 0));
  w.bias = tensor_plain (self, 1, bias_dims, weight_of (self, n));
  if (self->options.training)
    {
      w.weight_gradient = tensor_plain (self, rank, weight_dims, gradient_of (self, 0));
      w.bias_gradient = tensor_plain (self, 1, bias_dims, gradient_of (self, n));
    }
  return w;
}

static Tensor *
add_weighted_forward (SaxidProgram *self, const Weighted *w, dnnl_primitive_desc_t pd)
{
  Tensor *src = read_as (self, self->forward, w->src, ask (self, pd, dnnl_query_src_md, 0));
  Tensor *weight = read_as (self, self->pack, w->weight, ask (self, pd, dnnl_query_weights_md, 0));
  Tensor *dst = with_gradient (self, tensor_like (self, ask (self, pd, dnnl_query_dst_md, 0), NULL));

  add (self, self->forward, pd, DNNL_ARG_SRC, src, DNNL_ARG_WEIGHTS, weight, DNNL_ARG_BIAS, w->bias, DNNL_ARG_DST,
       dst, 0);
  return dst;
}

static void
add_weighted_backward (SaxidProgram *self, const Weighted *w, Tensor *dst, dnnl_primitive_desc_t of_weights,
                       dnnl_primitive_desc_t of_data)
{
  GArray *list = self->backward[self->at];
  Tensor *src = read_as (self, list, w->src, ask (self, of_weights, dnnl_query_src_md, 0));
  Tensor *gradient = read_as (self, list, dst->gradient, ask (self, of_weights, dnnl_query_diff_dst_md, 0));
  Tensor *out = write_as (self, w->weight_gradient, ask (self, of_weights, dnnl_query_diff_weights_md, 0));

  add (self, list, of_weights, DNNL_ARG_SRC, src, DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_DIFF_WEIGHTS, out,
       DNNL_ARG_DIFF_BIAS, w->bias_gradient, 0);
  finish_write (self, list, out, w->weight_gradient);
  if (of_data == NULL)
    return;
  gradient = read_as (self, list, dst->gradient, ask (self, of_data, dnnl_query_diff_dst_md, 0));
  out = write_as (self, w->src->gradient, ask (self, of_data, dnnl_query_diff_src_md, 0));
  add (self, list, of_data, DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_WEIGHTS,
       read_as (self, list, w->weight, ask (self, of_data, dnnl_query_weights_md, 0)), DNNL_ARG_DIFF_SRC, out, 0);
  finish_write (self, list, out, w->src->gradient);
}

static void
release (dnnl_primitive_desc_t pd)
{
  if (pd != NULL)
    dnnl_primitive_desc_destroy (pd);
}

/* The attributes of a layer that ReLU follows. */
static dnnl_primitive_attr_t
with_relu (SaxidProgram *self)
{
  dnnl_primitive_attr_t attr = NULL;
  dnnl_post_ops_t after = NULL;

  note (self, dnnl_primitive_attr_create (&attr));
  note (self, dnnl_primitive_attr_set_scratchpad_mode (attr, dnnl_scratchpad_mode_user));
  note (self, dnnl_post_ops_create (&after));
  note (self, append_relu (after));
  note (self, dnnl_primitive_attr_set_post_ops (attr, after));
  dnnl_post_ops_destroy (after);
  return attr;
}

static gboolean
relu_follows (const SaxidProgram *self)
{
  return self->at + 1 < self->options.n_layer && self->layer[self->at + 1].kind == SAXID_LAYER_RELU;
}

static void
dims_of (const SaxidProgram *self, SaxidExtent extent, dnnl_dims_t dims)
{
  dims[0] = self->options.batch;
  dims[1] = extent.channels;
  dims[2] = extent.height;
  dims[3] = extent.width;
}

/* 2 after a dense layer: [batch, n]; else 4. */
static int
rank_of (SaxidProgram *self, const Tensor *tensor)
{
  int rank = 4;

  if (self->status == dnnl_success)
    note (self, desc_rank (tensor->desc, &rank));
  return rank;
}

static Tensor *
lay_conv (SaxidProgram *self, Tensor *src)
{
  const SaxidLayer *layer = here (self);
  const dnnl_dims_t weight_dims = { layer->size, layer->in.channels, layer->height, layer->width };
  const dnnl_dims_t step = { 1, 1 };
  const dnnl_dims_t before = { layer->same ? (layer->height - 1) / 2 : 0, layer->same ? (layer->width - 1) / 2 : 0 };
  const dnnl_dims_t after = { layer->same ? layer->height / 2 : 0, layer->same ? layer->width / 2 : 0 };
  dnnl_primitive_attr_t attr = relu_follows (self) ? with_relu (self) : self->attr;
  dnnl_primitive_desc_t forward = NULL, of_data = NULL, of_weights = NULL;
  const Weighted w = weighted (self, src, 4, weight_dims);
  const Desc *any_src, *any_weight, *any_dst;
  dnnl_dims_t src_dims, dst_dims;
  Tensor *dst;

  dims_of (self, layer->in, src_dims);
  dims_of (self, layer->out, dst_dims);
  any_src = any_layout (self, 4, src_dims);
  any_weight = any_layout (self, 4, weight_dims);
  any_dst = any_layout (self, 4, dst_dims);
  if (self->status == dnnl_success)
    note (self, conv_forward (&forward, self->engine, attr, direction (self), any_src, any_weight, w.bias->desc,
                              any_dst, step, before, after));
  dst = add_weighted_forward (self, &w, forward);
  if (self->options.training && self->status == dnnl_success)
    {
      note (self, conv_backward_weights (&of_weights, self->engine, self->attr, forward, any_src,
                                         any_layout_of (self, 4, weight_dims, dnnl_f32),
                                         w.bias->desc, any_dst, step, before, after));
      if (src->gradient != NULL)
        note (self, conv_backward_data (&of_data, self->engine, self->attr, forward, any_src, any_weight, any_dst,
                                        step, before, after));
      add_weighted_backward (self, &w, dst, of_weights, of_data);
    }
  release (forward);
  release (of_weights);
  release (of_data);
  if (attr != self->attr)
    dnnl_primitive_attr_destroy (attr);
  return dst;
}

static Tensor *
lay_dense (SaxidProgram *self, Tensor *src)
{
  const SaxidLayer *layer = here (self);
  const dnnl_dims_t weight_dims = { layer->size, layer->in.channels, layer->in.height, layer->in.width };
  const dnnl_dims_t dst_dims = { self->options.batch, layer->size };
  dnnl_primitive_attr_t attr = relu_follows (self) ? with_relu (self) : self->attr;
  dnnl_primitive_desc_t forward = NULL, of_data = NULL, of_weights = NULL;
  const int rank = rank_of (self, src);
  const Weighted w = weighted (self, src, rank, weight_dims);
  const Desc *any_src, *any_weight, *any_dst;
  dnnl_dims_t src_dims;
  Tensor *dst;

  dims_of (self, layer->in, src_dims);
  any_src = any_layout (self, rank, src_dims);
  any_weight = any_layout (self, rank, weight_dims);
  any_dst = any_layout (self, 2, dst_dims);
  if (self->status == dnnl_success)
    note (self, dense_forward (&forward, self->engine, attr, direction (self), any_src, any_weight, w.bias->desc,
                               any_dst));
  dst = add_weighted_forward (self, &w, forward);
  if (self->options.training && self->status == dnnl_success)
    {
      note (self, dense_backward_weights (&of_weights, self->engine, self->attr, forward, any_src,
                                          any_layout_of (self, rank, weight_dims, dnnl_f32),
                                          w.bias->desc, any_dst));
      if (src->gradient != NULL)
        note (self, dense_backward_data (&of_data, self->engine, self->attr, forward, any_src, any_weight, any_dst));
      add_weighted_backward (self, &w, dst, of_weights, of_data);
    }
  release (forward);
  release (of_weights);
  release (of_data);
  if (attr != self->attr)
    dnnl_primitive_attr_destroy (attr);
  return dst;
}

/* In place; after a convolution or a dense layer it is done already. */
static Tensor *
lay_relu (SaxidProgram *self, Tensor *src)
{
  const dnnl_alg_kind_t kind = self->options.training ? dnnl_eltwise_relu_use_dst_for_bwd : dnnl_eltwise_relu;
  const gboolean done = self->at > 0
                        && (self->layer[self->at - 1].kind == SAXID_LAYER_CONV
                            || self->layer[self->at - 1].kind == SAXID_LAYER_DENSE);
  dnnl_primitive_desc_t forward = NULL, backward = NULL;

  if (self->status != dnnl_success)
    return src;
  note (self, relu_forward (&forward, self->engine, self->attr, direction (self), kind, src->desc));
  if (!done)
    add (self, self->forward, forward, DNNL_ARG_SRC, src, DNNL_ARG_DST, src, 0);
  if (self->options.training && src->gradient != NULL)
    {
      note (self, relu_backward (&backward, self->engine, self->attr, forward, kind, src->gradient->desc, src->desc));
      add (self, self->backward[self->at], backward, DNNL_ARG_DST, src, DNNL_ARG_DIFF_DST, src->gradient,
           DNNL_ARG_DIFF_SRC, src->gradient, 0);
    }
  release (forward);
  release (backward);
  return src;
}

static Tensor *
lay_pool (SaxidProgram *self, Tensor *src)
{
  const SaxidLayer *layer = here (self);
  const dnnl_dims_t window = { layer->height, layer->width };
  dnnl_primitive_desc_t forward = NULL, backward = NULL;
  dnnl_dims_t dst_dims;
  Tensor *dst, *workspace = NULL;

  dims_of (self, layer->out, dst_dims);
  if (self->status == dnnl_success)
    {
      const Desc *any_dst = any_layout (self, 4, dst_dims);

      note (self, pool_forward (&forward, self->engine, self->attr, direction (self), src->desc, any_dst, window));
    }
  dst = with_gradient (self, tensor_like (self, ask (self, forward, dnnl_query_dst_md, 0), NULL));
  if (self->options.training)
    workspace = tensor_like (self, ask (self, forward, dnnl_query_workspace_md, 0), NULL);
  add (self, self->forward, forward, DNNL_ARG_SRC, src, DNNL_ARG_DST, dst, DNNL_ARG_WORKSPACE, workspace, 0);
  if (self->options.training && src->gradient != NULL && self->status == dnnl_success)
    {
      note (self, pool_backward (&backward, self->engine, self->attr, forward, src->gradient->desc,
                                 dst->gradient->desc, window));
      add (self, self->backward[self->at], backward, DNNL_ARG_DIFF_DST, dst->gradient, DNNL_ARG_DIFF_SRC,
           src->gradient, DNNL_ARG_WORKSPACE, workspace, 0);
    }
  release (forward);
  release (backward);
  return dst;
}

/* The running mean and variance follow those of the batch. */
static void
follow_batch (SaxidProgram *self, guint at)
{
  const SaxidLayer *layer = &self->layer[at];
  float *state = self->options.state + layer->state_at;

  for (guint c = 0; c < layer->in.channels; c++)
    {
      state[c] += NORM_MOMENTUM * (self->mean[at]->data[c] - state[c]);
      state[layer->in.channels + c]
        += NORM_MOMENTUM * (self->variance[at]->data[c] - state[layer->in.channels + c]);
    }
}

static Tensor *
lay_norm (SaxidProgram *self, Tensor *src)
{
  const SaxidLayer *layer = here (self);
  const gsize c = layer->in.channels;
  const gboolean training = self->options.training;
  const dnnl_dims_t dims = { (dnnl_dim_t) c };
  const unsigned flags = dnnl_use_scale | dnnl_use_shift | (training ? 0 : dnnl_use_global_stats);
  float *state = self->options.state + layer->state_at;
  Tensor *scale = tensor_plain (self, 1, dims, weight_of (self, 0));
  Tensor *shift = tensor_plain (self, 1, dims, weight_of (self, c));
  Tensor *mean = tensor_plain (self, 1, dims, training ? NULL : state);
  Tensor *variance = tensor_plain (self, 1, dims, training ? NULL : state + c);
  dnnl_primitive_desc_t forward = NULL, backward = NULL;
  Tensor *dst;

  if (self->status != dnnl_success)
    return src;
  dst = with_gradient (self, tensor_like (self, src->desc, NULL));
  self->mean[self->at] = mean;
  self->variance[self->at] = variance;
  note (self, norm_forward (&forward, self->engine, self->attr, direction (self), src->desc, flags));
  add (self, self->forward, forward, DNNL_ARG_SRC, src, DNNL_ARG_MEAN, mean, DNNL_ARG_VARIANCE, variance,
       DNNL_ARG_SCALE, scale, DNNL_ARG_SHIFT, shift, DNNL_ARG_DST, dst, 0);
  if (training)
    {
      Tensor *into = src->gradient != NULL ? src->gradient : tensor_like (self, src->desc, NULL);

      add_host (self, self->forward, follow_batch);
      note (self, norm_backward (&backward, self->engine, self->attr, forward, into->desc, src->desc, flags));
      add (self, self->backward[self->at], backward, DNNL_ARG_SRC, src, DNNL_ARG_MEAN, mean, DNNL_ARG_VARIANCE,
           variance, DNNL_ARG_DIFF_DST, dst->gradient, DNNL_ARG_SCALE, scale,
           /* the second version counts it among the inputs, though nothing depends on it */
           DNNL_ARG_SHIFT, DNNL_VERSION_MAJOR < 3 ? shift : NULL, DNNL_ARG_DIFF_SRC, into, DNNL_ARG_DIFF_SCALE,
           tensor_plain (self, 1, dims, gradient_of (self, 0)), DNNL_ARG_DIFF_SHIFT,
           tensor_plain (self, 1, dims, gradient_of (self, c)), 0);
    }
  release (forward);
  release (backward);
  return dst;
}

#define MASK_BLOCKS 256 /* of random words, 8 values each */

/* A mask is 0 where a value is left out and 1 / (1 - rate) elsewhere. 16 random bits
 * decide on a value; the words of each part are its own, whichever thread draws it. */
static void
draw_mask (SaxidProgram *self, guint at)
{
  const gsize size = self->options.half ? 2 : 4, part = 8 * MASK_BLOCKS;
  const gsize n = dnnl_memory_desc_get_size (self->extra[at]->desc) / size, parts = (n + part - 1) / part;
  const guint32 threshold = (guint32) (self->layer[at].rate * 65536);
  const union { float value; guint32 bits; } kept = { .value = (float) (1 / (1 - self->layer[at].rate)) };
  const guint16 kept_half = (guint16) ((kept.bits + 0x8000) >> 16);
  float *whole = self->extra[at]->data;
  guint16 *half = (guint16 *) (gpointer) whole;
  SaxidRandom random;

  saxid_random_init (&random, self->seed + at, self->step, SAXID_STREAM_DROPOUT);
#pragma omp parallel for
  for (gsize p = 0; p < parts; p++)
    {
      const gsize first = p * part, count = MIN (n - first, part);
      guint32 words[4 * MASK_BLOCKS];
      const guint16 *drawn = (const guint16 *) words;

      saxid_random_blocks (&random, (guint32) (p * MASK_BLOCKS), MASK_BLOCKS, words);
      if (self->options.half)
        for (gsize k = 0; k < count; k++)
          half[first + k] = drawn[k] < threshold ? 0 : kept_half;
      else
        for (gsize k = 0; k < count; k++)
          whole[first + k] = drawn[k] < threshold ? 0 : kept.value;
    }
}

/* In place, and nothing at all when not training. */
static Tensor *
lay_dropout (SaxidProgram *self, Tensor *src)
{
  dnnl_primitive_desc_t pd = NULL;
  Tensor *mask;

  if (!self->options.training || self->status != dnnl_success)
    return src;
  self->extra[self->at] = mask = tensor_like (self, src->desc, NULL);
  note (self, combine (&pd, self->engine, self->attr, dnnl_binary_mul, src->desc));
  add_host (self, self->forward, draw_mask);
  add (self, self->forward, pd, DNNL_ARG_SRC_0, src, DNNL_ARG_SRC_1, mask, DNNL_ARG_DST, src, 0);
  if (src->gradient != NULL)
    add (self, self->backward[self->at], pd, DNNL_ARG_SRC_0, src->gradient, DNNL_ARG_SRC_1, mask, DNNL_ARG_DST,
         src->gradient, 0);
  release (pd);
  return src;
}

/* The plain layout of what leaves a layer. */
static Tensor *
plain_like (SaxidProgram *self, const Tensor *tensor, SaxidExtent extent, float *data)
{
  dnnl_dims_t dims;

  dims_of (self, extent, dims);
  return tensor_plain (self, rank_of (self, tensor), dims, data);
}

/* The same numbers under another shape. */
static Tensor *
lay_reshape (SaxidProgram *self, Tensor *src)
{
  const SaxidLayer *layer = here (self);
  Tensor *plain = plain_like (self, src, layer->in, NULL), *from, *dst;
  dnnl_dims_t dims;

  dims_of (self, layer->out, dims);
  from = read_as (self, self->forward, src, plain->desc);
  dst = tensor_plain (self, 4, dims, from->data);
  if (src->gradient != NULL)
    {
      Tensor *view = from == src ? src->gradient : tensor_like (self, plain->desc, NULL);

      dst->gradient = tensor_plain (self, 4, dims, view->data);
      finish_write (self, self->backward[self->at], view, src->gradient);
    }
  return dst;
}

static Tensor *
lay_resize (SaxidProgram *self, Tensor *src)
{
  dnnl_primitive_desc_t forward = NULL, backward = NULL;
  dnnl_dims_t dims;
  Tensor *dst;

  dims_of (self, here (self)->out, dims);
  if (self->status == dnnl_success)
    {
      const Desc *any_dst = any_layout (self, 4, dims);

      note (self, resize_forward (&forward, self->engine, self->attr, direction (self), src->desc, any_dst));
    }
  dst = with_gradient (self, tensor_like (self, ask (self, forward, dnnl_query_dst_md, 0), NULL));
  add (self, self->forward, forward, DNNL_ARG_SRC, src, DNNL_ARG_DST, dst, 0);
  if (self->options.training && src->gradient != NULL && self->status == dnnl_success)
    {
      note (self, resize_backward (&backward, self->engine, self->attr, forward, src->gradient->desc,
                                   dst->gradient->desc));
      add (self, self->backward[self->at], backward, DNNL_ARG_DIFF_DST, dst->gradient, DNNL_ARG_DIFF_SRC,
           src->gradient, 0);
    }
  release (forward);
  release (backward);
  return dst;
}

static Tensor *
lay_keep (SaxidProgram *self, Tensor *src)
{
  self->kept = src;
  self->kept_at = self->at;
  return src;
}

/* The gradient goes both ways: at once to what comes in, and to what was kept when the
 * layers between have left theirs there. */
static Tensor *
lay_add (SaxidProgram *self, Tensor *src)
{
  dnnl_primitive_desc_t pd = NULL;
  Tensor *kept = self->kept, *dst;

  if (self->status != dnnl_success)
    return src;
  dst = with_gradient (self, tensor_like (self, src->desc, NULL));
  note (self, combine (&pd, self->engine, self->attr, dnnl_binary_add, src->desc));
  add (self, self->forward, pd, DNNL_ARG_SRC_0, src, DNNL_ARG_SRC_1, read_as (self, self->forward, kept, src->desc),
       DNNL_ARG_DST, dst, 0);
  release (pd);
  pd = NULL;
  if (src->gradient != NULL && self->status == dnnl_success)
    add_reorder (self, self->backward[self->at], dst->gradient, src->gradient);
  if (kept->gradient != NULL && self->status == dnnl_success)
    {
      GArray *later = self->backward[self->kept_at];

      note (self, combine (&pd, self->engine, self->attr, dnnl_binary_add, kept->desc));
      add (self, later, pd, DNNL_ARG_SRC_0, kept->gradient, DNNL_ARG_SRC_1,
           read_as (self, later, dst->gradient, kept->desc), DNNL_ARG_DST, kept->gradient, 0);
      release (pd);
    }
  return dst;
}

static Tensor *(*const lay[SAXID_N_LAYERS]) (SaxidProgram *program, Tensor *src) = {
  [SAXID_LAYER_CONV] = lay_conv,       [SAXID_LAYER_RELU] = lay_relu,       [SAXID_LAYER_MAXPOOL] = lay_pool,
  [SAXID_LAYER_GLOBALMAX] = lay_pool,  [SAXID_LAYER_DENSE] = lay_dense,     [SAXID_LAYER_BATCHNORM] = lay_norm,
  [SAXID_LAYER_DROPOUT] = lay_dropout, [SAXID_LAYER_RESHAPE] = lay_reshape, [SAXID_LAYER_RESIZE] = lay_resize,
  [SAXID_LAYER_KEEP] = lay_keep,       [SAXID_LAYER_ADD] = lay_add,
};

/* --- The whole ------------------------------------------------------------------------ */

static GArray *
operations (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Operation));
}

static void
free_operations (GArray *list)
{
  if (list == NULL)
    return;
  for (guint k = 0; k < list->len; k++)
    {
      Operation *operation = &g_array_index (list, Operation, k);

      if (operation->primitive != NULL)
        dnnl_primitive_destroy (operation->primitive);
      if (operation->scratch != NULL)
        dnnl_memory_destroy (operation->scratch);
    }
  g_array_unref (list);
}

static void
give_scratch (SaxidProgram *self, GArray *list)
{
  for (guint k = 0; k < list->len; k++)
    if (g_array_index (list, Operation, k).scratch != NULL)
      note (self, dnnl_memory_set_data_handle (g_array_index (list, Operation, k).scratch, self->scratch));
}

static void
run (SaxidProgram *self, const GArray *list)
{
  for (guint k = 0; k < list->len && self->status == dnnl_success; k++)
    {
      const Operation *operation = &g_array_index (list, Operation, k);

      self->at = operation->layer;
      if (operation->primitive == NULL)
        operation->host (self, operation->layer);
      else
        note (self, dnnl_primitive_execute (operation->primitive, self->stream, operation->n, operation->argument));
    }
}

static void
lay_out (SaxidProgram *self)
{
  const guint n = self->options.n_layer;
  dnnl_dims_t dims;
  Tensor *tensor, *plain;

  note (self, dnnl_engine_create (&self->engine, dnnl_cpu, 0));
  if (self->status == dnnl_success)
    note (self, dnnl_stream_create (&self->stream, self->engine, dnnl_stream_default_flags));
  note (self, dnnl_primitive_attr_create (&self->attr));
  note (self, dnnl_primitive_attr_set_scratchpad_mode (self->attr, dnnl_scratchpad_mode_user));
  dims_of (self, self->layer[0].in, dims);
  tensor = self->input = tensor_plain (self, 4, dims, NULL);
  if (self->options.training && self->options.input_gradient)
    self->input_gradient = tensor->gradient = tensor_like (self, tensor->desc, NULL);
  for (self->at = 0; self->at < n && self->status == dnnl_success; self->at++)
    tensor = self->after[self->at] = lay[here (self)->kind](self, tensor);
  if (self->status != dnnl_success)
    return;

  self->at = n - 1;
  plain = plain_like (self, tensor, self->layer[n - 1].out, NULL);
  self->output = read_as (self, self->gather, tensor, plain->desc);
  if (self->options.training)
    {
      self->output_gradient = self->output == tensor ? tensor->gradient : plain;
      if (self->output != tensor)
        add_reorder (self, self->backward[n], plain, tensor->gradient);
    }
  self->scratch = g_aligned_alloc0 (1, (self->scratch_size / ALIGNMENT + 1) * ALIGNMENT, ALIGNMENT);
  give_scratch (self, self->pack);
  give_scratch (self, self->forward);
  give_scratch (self, self->gather);
  for (guint k = 0; k <= n; k++)
    give_scratch (self, self->backward[k]);
  if (!self->options.training)
    run (self, self->pack);
}

/* OpenMP works with the program's threads until it is given back the number that is
 * returned: oneDNN decides when a primitive is made and again when it runs. */
static int
hold_threads (const SaxidProgram *self)
{
  const int threads = omp_get_max_threads ();

  omp_set_num_threads ((int) MAX (self->options.threads, 1));
  return threads;
}

SaxidProgram *
saxid_program_new (const SaxidProgramOptions *options, GError **error)
{
  g_autoptr (SaxidProgram) self = g_new0 (SaxidProgram, 1);
  const guint n = options->n_layer;
  int threads;

  g_return_val_if_fail (n > 0 && options->batch > 0, NULL);

  self->options = *options;
  self->options.half = options->half && options->training && saxid_program_has_half ();
  self->layer = g_memdup2 (options->layer, n * sizeof *options->layer);
  self->tensors = g_ptr_array_new_with_free_func (tensor_free);
  self->pack = operations ();
  self->forward = operations ();
  self->gather = operations ();
  self->backward = g_new0 (GArray *, n + 1);
  for (guint k = 0; k <= n; k++)
    self->backward[k] = operations ();
  self->after = g_new0 (Tensor *, n);
  self->extra = g_new0 (Tensor *, n);
  self->mean = g_new0 (Tensor *, n);
  self->variance = g_new0 (Tensor *, n);
  threads = hold_threads (self);
  lay_out (self);
  omp_set_num_threads (threads);
  if (!report (self, "laid out", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_program_free (SaxidProgram *self)
{
  if (self == NULL)
    return;
  free_operations (self->pack);
  free_operations (self->forward);
  free_operations (self->gather);
  for (guint k = 0; k <= self->options.n_layer; k++)
    free_operations (self->backward[k]);
  g_free (self->backward);
  g_ptr_array_unref (self->tensors);
  if (self->attr != NULL)
    dnnl_primitive_attr_destroy (self->attr);
  if (self->stream != NULL)
    dnnl_stream_destroy (self->stream);
  if (self->engine != NULL)
    dnnl_engine_destroy (self->engine);
  g_aligned_free (self->scratch);
  g_free (self->after);
  g_free (self->extra);
  g_free (self->mean);
  g_free (self->variance);
  g_free (self->layer);
  g_free (self);
}

float *
saxid_program_input (SaxidProgram *self)
{
  return self->input->data;
}

const float *
saxid_program_output (const SaxidProgram *self)
{
  return self->output->data;
}

float *
saxid_program_output_gradient (SaxidProgram *self)
{
  return self->output_gradient->data;
}

const float *
saxid_program_input_gradient (const SaxidProgram *self)
{
  return self->input_gradient != NULL ? self->input_gradient->data : NULL;
}

gboolean
saxid_program_forward (SaxidProgram *self, guint64 seed, guint64 step, GError **error)
{
  const int threads = hold_threads (self);

  self->seed = seed;
  self->step = step;
  if (self->options.training)
    run (self, self->pack);
  run (self, self->forward);
  run (self, self->gather);
  note (self, dnnl_stream_wait (self->stream));
  omp_set_num_threads (threads);
  return report (self, "computed", error);
}

gboolean
saxid_program_backward (SaxidProgram *self, GError **error)
{
  int threads;

  g_return_val_if_fail (self->options.training, FALSE);

  threads = hold_threads (self);
  for (guint k = self->options.n_layer + 1; k-- > 0;)
    run (self, self->backward[k]);
  note (self, dnnl_stream_wait (self->stream));
  omp_set_num_threads (threads);
  return report (self, "trained", error);
}

gboolean
saxid_program_read (SaxidProgram *self, guint index, float *out, GError **error)
{
  GArray *list;
  Tensor *plain;
  int threads;

  g_return_val_if_fail (index < self->options.n_layer, FALSE);

  threads = hold_threads (self);
  list = operations ();
  self->at = index;
  plain = plain_like (self, self->after[index], self->layer[index].out, out);
  add_reorder (self, list, self->after[index], plain);
  give_scratch (self, list);
  run (self, list);
  note (self, dnnl_stream_wait (self->stream));
  free_operations (list);
  g_ptr_array_remove (self->tensors, plain);
  omp_set_num_threads (threads);
  return report (self, "read", error);
}

gboolean
saxid_program_has_half (void)
{
  const int isa = (int) dnnl_get_effective_cpu_isa ();

  return (isa & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}
