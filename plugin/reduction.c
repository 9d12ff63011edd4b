/* How does a host's detector image become a curve?
 *
 * Units: counts in, 1/Å and the chain's intensity out.
 * Shape: images are [n_row × n_column], columns fastest.
 * Thread: a reduction is immutable and shared; a scratch belongs to one thread.
 */
#include "plugin/reduction.h"

#include <math.h>

#include "reducers/error.h"
#include "reducers/mask.h"
#include "schemas/frame/poni.h"

/* The pixel types of the ABI. */
static const struct
{
  gboolean known;
  SaxidPixelType type;
} pixel_types[] = {
  [SAXID_PIXEL_FLOAT] = { TRUE, SAXID_PIXEL_TYPE_FLOAT },   [SAXID_PIXEL_DOUBLE] = { TRUE, SAXID_PIXEL_TYPE_DOUBLE },
  [SAXID_PIXEL_INT32] = { TRUE, SAXID_PIXEL_TYPE_INT32 },   [SAXID_PIXEL_UINT32] = { TRUE, SAXID_PIXEL_TYPE_UINT32 },
  [SAXID_PIXEL_UINT16] = { TRUE, SAXID_PIXEL_TYPE_UINT16 }, [SAXID_PIXEL_UINT8] = { TRUE, SAXID_PIXEL_TYPE_UINT8 },
  [SAXID_PIXEL_INT16] = { TRUE, SAXID_PIXEL_TYPE_INT16 },   [SAXID_PIXEL_INT8] = { TRUE, SAXID_PIXEL_TYPE_INT8 },
};

/* What a model judges is one curve over q. */
static gboolean
check_curve (const SaxidRecipe *recipe, GError **error)
{
  if (recipe->binning.radial == SAXID_RADIAL_Q && recipe->binning.n_azimuth <= 1)
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "chain integrates to angles, radii or a cake, one curve over q is judged (configuration)");
  return FALSE;
}

static gboolean
prepare (SaxidReduction *self, const SaxidGeometry *geometry, const char *chain_text, guint bins,
         GError **error)
{
  g_autoptr (SaxidChain) chain
    = chain_text != NULL ? saxid_chain_parse (chain_text, "configuration", error) : saxid_chain_new ();
  SaxidReducerInput input = { .below_zero = TRUE }; /* what is no pixel the host masks */

  if (chain == NULL || (bins > 0 && !saxid_chain_set (chain, "integrate", "bins", bins, error)))
    return FALSE;
  self->map = saxid_geometry_map_new (geometry, geometry->height, geometry->width, error);
  if (self->map == NULL)
    return FALSE;
  input.map = self->map;
  if (geometry->module_height > 0)
    {
      self->mask = g_new0 (guint8, self->map->n);
      saxid_mask_gaps (self->mask, geometry, self->map->height, self->map->width);
      input.mask = self->mask;
    }
  self->prepared = saxid_chain_prepare (chain, &input, error);
  return self->prepared != NULL && check_curve (saxid_prepared_chain_recipe (self->prepared), error);
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
  saxid_prepared_chain_free (self->prepared);
  saxid_geometry_map_free (self->map);
  g_free (self->mask);
  g_free (self);
}

gsize
saxid_reduction_bins (const SaxidReduction *self)
{
  return saxid_prepared_chain_bins (self->prepared)->grid.n;
}

SaxidReductionScratch *
saxid_reduction_scratch_new (const SaxidReduction *self)
{
  SaxidReductionScratch *scratch = g_new0 (SaxidReductionScratch, 1);

  scratch->scratch = saxid_chain_scratch_new (self->prepared);
  return scratch;
}

void
saxid_reduction_scratch_free (SaxidReductionScratch *scratch)
{
  if (scratch == NULL)
    return;
  saxid_chain_scratch_free (scratch->scratch);
  g_free (scratch);
}

SaxidCurve *
saxid_reduction_curve (const SaxidReduction *self, SaxidReductionScratch *scratch,
                       const struct saxid_frame *frame, GError **error)
{
  const SaxidSums *sums;
  SaxidFrames frames = { .n = 1, .counts = { frame->pixels }, .bad = { frame->mask } };

  if (frame->n_row != self->map->height || frame->n_column != self->map->width)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "frame is %u × %u pixels, the geometry's detector %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT,
                   frame->n_row, frame->n_column, self->map->height, self->map->width);
      return NULL;
    }
  if (frame->pixel_type >= G_N_ELEMENTS (pixel_types) || !pixel_types[frame->pixel_type].known)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "pixel type is %u, 1 to %u is possible",
                   frame->pixel_type, (guint) G_N_ELEMENTS (pixel_types) - 1);
      return NULL;
    }
  frames.type = pixel_types[frame->pixel_type].type;
  saxid_chain_integrate (scratch->scratch, &frames);
  sums = saxid_chain_sums (scratch->scratch, 0, frame->monitor > 0 ? frame->monitor : NAN, error);
  return sums != NULL ? saxid_chain_curve (self->prepared, sums, 0, error) : NULL;
}
