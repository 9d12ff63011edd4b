/* The reduction chain of a context: from a host's detector image to a curve.
 *
 * Thread: a reduction is immutable and shared; a scratch belongs to one thread.
 */
#pragma once

#include "plugin/saxid-plugin.h"
#include "reducers/chain.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidGeometryMap *map;
  guint8 *mask; /* the gaps of the detector, or NULL */
  SaxidPreparedChain *prepared;
} SaxidReduction;

/* poni: text of a geometry file that states the shape of the detector.
 * chain: text of a chain key file, or NULL for the usual one. bins: points of
 * the curve, 0 = as the chain says.
 * Errors: those of saxid_poni_parse and saxid_chain_parse; SAXID_ERROR_ARGUMENT
 * without a shape. */
SaxidReduction *saxid_reduction_new (const char *poni, const char *chain, guint bins,
                                     GError **error);
void saxid_reduction_free (SaxidReduction *reduction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReduction, saxid_reduction_free)

/* Number of points of the curves. */
gsize saxid_reduction_bins (const SaxidReduction *reduction);

typedef struct
{
  SaxidChainScratch *scratch;
} SaxidReductionScratch;

SaxidReductionScratch *saxid_reduction_scratch_new (const SaxidReduction *reduction);
void saxid_reduction_scratch_free (SaxidReductionScratch *scratch);

/* The curve of one frame; bins without a pixel are NaN.
 * Errors: SAXID_ERROR_ARGUMENT when the frame has another shape or a pixel type
 * that is not known; those of the chain. */
SaxidCurve *saxid_reduction_curve (const SaxidReduction *reduction, SaxidReductionScratch *scratch,
                                   const struct saxid_frame *frame, GError **error);

G_END_DECLS
