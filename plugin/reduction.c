/* How does a host's detector image become a curve?
 *
 * Units: counts in, 1/Å and the chain's intensity out.
 * Shape: images are [n_row × n_column], columns fastest.
 * Thread: a reduction is immutable and shared; a scratch belongs to one thread.
 */
#include "plugin/reduction.h"

#include <math.h>

#include "reducers/error.h"
#include "schemas/frame/poni.h"

/* Widening one pixel type; float holds counts up to 16.7 million exactly. The
 * greatest number of an unsigned type is what detectors write where there is no
 * pixel. */
#define DEFINE_WIDEN(name, type, no_data)                                                           \
  static void name (const void *pixels, gsize n, float *counts)                                     \
  {                                                                                                 \
    const type *from = pixels;                                                                      \
                                                                                                    \
    for (gsize k = 0; k < n; k++)                                                                   \
      counts[k] = (no_data) ? NAN : (float) from[k];                                                \
  }

DEFINE_WIDEN (widen_float, float, FALSE)
DEFINE_WIDEN (widen_double, double, FALSE)
DEFINE_WIDEN (widen_int32, int32_t, FALSE)
DEFINE_WIDEN (widen_uint32, uint32_t, from[k] == UINT32_MAX)
DEFINE_WIDEN (widen_uint16, uint16_t, from[k] == UINT16_MAX)

static void (*const widen[]) (const void *pixels, gsize n, float *counts) = {
  [SAXID_PIXEL_FLOAT] = widen_float,   [SAXID_PIXEL_DOUBLE] = widen_double,
  [SAXID_PIXEL_INT32] = widen_int32,   [SAXID_PIXEL_UINT32] = widen_uint32,
  [SAXID_PIXEL_UINT16] = widen_uint16,
};

static gboolean
prepare (SaxidReduction *self, const SaxidGeometry *geometry, const char *chain_text, guint bins,
         GError **error)
{
  g_autoptr (SaxidChain) chain
    = chain_text != NULL ? saxid_chain_parse (chain_text, "configuration", error) : saxid_chain_new ();
  SaxidReducerInput input = { 0 };

  if (chain == NULL || (bins > 0 && !saxid_chain_set (chain, "integrate", "bins", bins, error)))
    return FALSE;
  self->map = saxid_geometry_map_new (geometry, geometry->height, geometry->width, error);
  if (self->map == NULL)
    return FALSE;
  input.map = self->map;
  self->plan = saxid_chain_prepare (chain, &input, error);
  return self->plan != NULL;
}

SaxidReduction *
saxid_reduction_new (const char *poni, const char *chain, guint bins, GError **error)
{
  g_autoptr (SaxidReduction) self = g_new0 (SaxidReduction, 1);
  SaxidGeometry geometry;

  if (!saxid_poni_parse (poni, "configuration", &geometry, error))
    return NULL;
  if (geometry.height == 0 || geometry.width == 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "geometry does not state the shape of the detector (configuration)");
      return NULL;
    }
  if (!prepare (self, &geometry, chain, bins, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_reduction_free (SaxidReduction *self)
{
  if (self == NULL)
    return;
  saxid_chain_plan_free (self->plan);
  saxid_geometry_map_free (self->map);
  g_free (self);
}

gsize
saxid_reduction_bins (const SaxidReduction *self)
{
  return saxid_chain_plan_grid (self->plan)->n;
}

SaxidReductionScratch *
saxid_reduction_scratch_new (const SaxidReduction *self)
{
  SaxidReductionScratch *scratch = g_new0 (SaxidReductionScratch, 1);

  scratch->scratch = saxid_chain_scratch_new (self->plan);
  scratch->counts = g_new (float, self->map->n);
  return scratch;
}

void
saxid_reduction_scratch_free (SaxidReductionScratch *scratch)
{
  if (scratch == NULL)
    return;
  saxid_chain_scratch_free (scratch->scratch);
  g_free (scratch->counts);
  g_free (scratch);
}

SaxidCurve *
saxid_reduction_curve (const SaxidReduction *self, SaxidReductionScratch *scratch,
                       const struct saxid_frame *frame, GError **error)
{
  const SaxidSums *sums;

  if (frame->n_row != self->map->height || frame->n_column != self->map->width)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "frame is %u × %u pixels, the geometry's detector %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT,
                   frame->n_row, frame->n_column, self->map->height, self->map->width);
      return NULL;
    }
  if (frame->pixel_type >= G_N_ELEMENTS (widen) || widen[frame->pixel_type] == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "pixel type is %u, 1 to %u is possible",
                   frame->pixel_type, (guint) G_N_ELEMENTS (widen) - 1);
      return NULL;
    }
  widen[frame->pixel_type] (frame->pixels, self->map->n, scratch->counts);
  if (frame->mask != NULL)
    for (gsize k = 0; k < self->map->n; k++)
      if (frame->mask[k] != 0)
        scratch->counts[k] = NAN; /* a pixel that is not finite takes no part */
  sums = saxid_chain_integrate (self->plan, scratch->scratch, scratch->counts,
                                frame->monitor > 0 ? frame->monitor : NAN, error);
  return sums != NULL ? saxid_chain_curve (self->plan, sums, error) : NULL;
}
