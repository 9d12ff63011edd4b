/* What is asked of oneDNN, as its third version spells it: for onednn.c alone.
 *
 * A memory descriptor is an object; a primitive comes from its arguments.
 *
 * Thread: no state.
 */
#pragma once

#include <glib.h>
#include <oneapi/dnnl/dnnl.h>

#include "models/learn/network/onednn.h"

typedef struct dnnl_memory_desc Desc;

static dnnl_status_t
desc_create (Desc **desc, int n, const dnnl_dims_t dims, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  return dnnl_memory_desc_create_with_tag (desc, n, dims, type, tag);
}

static dnnl_status_t
desc_copy (Desc **desc, const Desc *from)
{
  return dnnl_memory_desc_clone (desc, from);
}

static void
desc_free (Desc *desc)
{
  dnnl_memory_desc_destroy (desc);
}

static dnnl_status_t
desc_rank (const Desc *desc, int *rank)
{
  return dnnl_memory_desc_query (desc, dnnl_query_ndims_s32, rank);
}

static dnnl_status_t
append_relu (dnnl_post_ops_t after)
{
  return dnnl_post_ops_append_eltwise (after, dnnl_eltwise_relu, 0, 0);
}

static dnnl_status_t
conv_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              const Desc *src, const Desc *weight, const Desc *bias, const Desc *dst, const dnnl_dims_t step,
              const dnnl_dims_t before, const dnnl_dims_t after)
{
  const dnnl_dims_t dilation = { 0, 0 };

  return dnnl_convolution_forward_primitive_desc_create (pd, engine, prop, dnnl_convolution_direct, src, weight, bias,
                                                         dst, step, dilation, before, after, attr);
}

static dnnl_status_t
conv_backward_data (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                    dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *dst,
                    const dnnl_dims_t step, const dnnl_dims_t before, const dnnl_dims_t after)
{
  const dnnl_dims_t dilation = { 0, 0 };

  return dnnl_convolution_backward_data_primitive_desc_create (pd, engine, dnnl_convolution_direct, src, weight, dst,
                                                               step, dilation, before, after, hint, attr);
}

static dnnl_status_t
conv_backward_weights (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                       dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *bias,
                       const Desc *dst, const dnnl_dims_t step, const dnnl_dims_t before, const dnnl_dims_t after)
{
  const dnnl_dims_t dilation = { 0, 0 };

  return dnnl_convolution_backward_weights_primitive_desc_create (pd, engine, dnnl_convolution_direct, src, weight,
                                                                  bias, dst, step, dilation, before, after, hint,
                                                                  attr);
}

static dnnl_status_t
dense_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
               const Desc *src, const Desc *weight, const Desc *bias, const Desc *dst)
{
  return dnnl_inner_product_forward_primitive_desc_create (pd, engine, prop, src, weight, bias, dst, attr);
}

static dnnl_status_t
dense_backward_data (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                     dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *dst)
{
  return dnnl_inner_product_backward_data_primitive_desc_create (pd, engine, src, weight, dst, hint, attr);
}

static dnnl_status_t
dense_backward_weights (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                        dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *bias,
                        const Desc *dst)
{
  return dnnl_inner_product_backward_weights_primitive_desc_create (pd, engine, src, weight, bias, dst, hint, attr);
}

static dnnl_status_t
pool_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              const Desc *src, const Desc *dst, const dnnl_dims_t window)
{
  const dnnl_dims_t none = { 0, 0 };

  return dnnl_pooling_forward_primitive_desc_create (pd, engine, prop, dnnl_pooling_max, src, dst, window, window,
                                                     none, none, none, attr);
}

static dnnl_status_t
pool_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
               dnnl_primitive_desc_t hint, const Desc *src, const Desc *dst, const dnnl_dims_t window)
{
  const dnnl_dims_t none = { 0, 0 };

  return dnnl_pooling_backward_primitive_desc_create (pd, engine, dnnl_pooling_max, src, dst, window, window, none,
                                                      none, none, hint, attr);
}

static dnnl_status_t
relu_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              dnnl_alg_kind_t kind, const Desc *data)
{
  return dnnl_eltwise_forward_primitive_desc_create (pd, engine, prop, kind, data, data, 0, 0, attr);
}

static dnnl_status_t
relu_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
               dnnl_primitive_desc_t hint, dnnl_alg_kind_t kind, const Desc *gradient, const Desc *data)
{
  return dnnl_eltwise_backward_primitive_desc_create (pd, engine, kind, gradient, gradient, data, 0, 0, hint, attr);
}

static dnnl_status_t
norm_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              const Desc *data, unsigned flags)
{
  return dnnl_batch_normalization_forward_primitive_desc_create (pd, engine, prop, data, data, SAXID_NORM_EPSILON, flags,
                                                                 attr);
}

static dnnl_status_t
norm_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
               dnnl_primitive_desc_t hint, const Desc *gradient, const Desc *data, unsigned flags)
{
  return dnnl_batch_normalization_backward_primitive_desc_create (pd, engine, dnnl_backward, gradient, gradient, data,
                                                                  SAXID_NORM_EPSILON, flags, hint, attr);
}

static dnnl_status_t
combine (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_alg_kind_t kind,
         const Desc *data)
{
  return dnnl_binary_primitive_desc_create (pd, engine, kind, data, data, data, attr);
}

static dnnl_status_t
resize_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
                const Desc *src, const Desc *dst)
{
  return dnnl_resampling_forward_primitive_desc_create (pd, engine, prop, dnnl_resampling_linear, NULL, src, dst,
                                                        attr);
}

static dnnl_status_t
resize_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                 dnnl_primitive_desc_t hint, const Desc *src, const Desc *dst)
{
  return dnnl_resampling_backward_primitive_desc_create (pd, engine, dnnl_resampling_linear, NULL, src, dst, hint,
                                                         attr);
}
