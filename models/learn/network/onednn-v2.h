/* What is asked of oneDNN, as its second version spells it: for onednn.c alone.
 *
 * A memory descriptor is a value; a primitive comes from the description of an operation.
 *
 * Thread: no state.
 */
#pragma once

#include <glib.h>
#include <oneapi/dnnl/dnnl.h>

#include "models/learn/network/onednn.h"

typedef dnnl_memory_desc_t Desc;

static dnnl_status_t
desc_create (Desc **desc, int n, const dnnl_dims_t dims, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  *desc = g_new0 (Desc, 1);
  return dnnl_memory_desc_init_by_tag (*desc, n, dims, type, tag);
}

static dnnl_status_t
desc_copy (Desc **desc, const Desc *from)
{
  *desc = g_memdup2 (from, sizeof *from);
  return dnnl_success;
}

static void
desc_free (Desc *desc)
{
  g_free (desc);
}

static dnnl_status_t
desc_rank (const Desc *desc, int *rank)
{
  *rank = desc->ndims;
  return dnnl_success;
}

static dnnl_status_t
append_relu (dnnl_post_ops_t after)
{
  return dnnl_post_ops_append_eltwise (after, 1, dnnl_eltwise_relu, 0, 0);
}

/* What is made of the description of an operation, if the description went well. */
static dnnl_status_t
create (dnnl_status_t described, dnnl_primitive_desc_t *pd, const_dnnl_op_desc_t what, dnnl_engine_t engine,
        dnnl_primitive_attr_t attr, dnnl_primitive_desc_t hint)
{
  return described != dnnl_success ? described : dnnl_primitive_desc_create (pd, what, attr, engine, hint);
}

static dnnl_status_t
conv_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              const Desc *src, const Desc *weight, const Desc *bias, const Desc *dst, const dnnl_dims_t step,
              const dnnl_dims_t before, const dnnl_dims_t after)
{
  dnnl_convolution_desc_t what;
  dnnl_status_t status = dnnl_convolution_forward_desc_init (&what, prop, dnnl_convolution_direct, src, weight, bias,
                                                             dst, step, before, after);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
conv_backward_data (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                    dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *dst,
                    const dnnl_dims_t step, const dnnl_dims_t before, const dnnl_dims_t after)
{
  dnnl_convolution_desc_t what;
  dnnl_status_t status = dnnl_convolution_backward_data_desc_init (&what, dnnl_convolution_direct, src, weight, dst,
                                                                   step, before, after);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
conv_backward_weights (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                       dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *bias,
                       const Desc *dst, const dnnl_dims_t step, const dnnl_dims_t before, const dnnl_dims_t after)
{
  dnnl_convolution_desc_t what;
  dnnl_status_t status = dnnl_convolution_backward_weights_desc_init (&what, dnnl_convolution_direct, src, weight,
                                                                      bias, dst, step, before, after);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
dense_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
               const Desc *src, const Desc *weight, const Desc *bias, const Desc *dst)
{
  dnnl_inner_product_desc_t what;
  dnnl_status_t status = dnnl_inner_product_forward_desc_init (&what, prop, src, weight, bias, dst);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
dense_backward_data (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                     dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *dst)
{
  dnnl_inner_product_desc_t what;
  dnnl_status_t status = dnnl_inner_product_backward_data_desc_init (&what, src, weight, dst);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
dense_backward_weights (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                        dnnl_primitive_desc_t hint, const Desc *src, const Desc *weight, const Desc *bias,
                        const Desc *dst)
{
  dnnl_inner_product_desc_t what;
  dnnl_status_t status = dnnl_inner_product_backward_weights_desc_init (&what, src, weight, bias, dst);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
pool_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              const Desc *src, const Desc *dst, const dnnl_dims_t window)
{
  const dnnl_dims_t none = { 0, 0 };
  dnnl_pooling_desc_t what;
  dnnl_status_t status
    = dnnl_pooling_forward_desc_init (&what, prop, dnnl_pooling_max, src, dst, window, window, none, none);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
pool_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
               dnnl_primitive_desc_t hint, const Desc *src, const Desc *dst, const dnnl_dims_t window)
{
  const dnnl_dims_t none = { 0, 0 };
  dnnl_pooling_desc_t what;
  dnnl_status_t status
    = dnnl_pooling_backward_desc_init (&what, dnnl_pooling_max, src, dst, window, window, none, none);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
relu_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              dnnl_alg_kind_t kind, const Desc *data)
{
  dnnl_eltwise_desc_t what;
  dnnl_status_t status = dnnl_eltwise_forward_desc_init (&what, prop, kind, data, 0, 0);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
relu_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
               dnnl_primitive_desc_t hint, dnnl_alg_kind_t kind, const Desc *gradient, const Desc *data)
{
  dnnl_eltwise_desc_t what;
  dnnl_status_t status = dnnl_eltwise_backward_desc_init (&what, kind, gradient, data, 0, 0);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
norm_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
              const Desc *data, unsigned flags)
{
  dnnl_batch_normalization_desc_t what;
  dnnl_status_t status = dnnl_batch_normalization_forward_desc_init (&what, prop, data, SAXID_NORM_EPSILON, flags);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
norm_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
               dnnl_primitive_desc_t hint, const Desc *gradient, const Desc *data, unsigned flags)
{
  dnnl_batch_normalization_desc_t what;
  dnnl_status_t status
    = dnnl_batch_normalization_backward_desc_init (&what, dnnl_backward, gradient, data, SAXID_NORM_EPSILON, flags);

  return create (status, pd, &what, engine, attr, hint);
}

static dnnl_status_t
combine (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_alg_kind_t kind,
         const Desc *data)
{
  dnnl_binary_desc_t what;
  dnnl_status_t status = dnnl_binary_desc_init (&what, kind, data, data, data);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
resize_forward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr, dnnl_prop_kind_t prop,
                const Desc *src, const Desc *dst)
{
  dnnl_resampling_desc_t what;
  dnnl_status_t status = dnnl_resampling_forward_desc_init (&what, prop, dnnl_resampling_linear, NULL, src, dst);

  return create (status, pd, &what, engine, attr, NULL);
}

static dnnl_status_t
resize_backward (dnnl_primitive_desc_t *pd, dnnl_engine_t engine, dnnl_primitive_attr_t attr,
                 dnnl_primitive_desc_t hint, const Desc *src, const Desc *dst)
{
  dnnl_resampling_desc_t what;
  dnnl_status_t status = dnnl_resampling_backward_desc_init (&what, dnnl_resampling_linear, NULL, src, dst);

  return create (status, pd, &what, engine, attr, hint);
}
