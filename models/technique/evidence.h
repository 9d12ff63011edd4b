/* Where in a picture does the network see its answer?
 *
 * Gradient-weighted class activation mapping (Grad-CAM; Selvaraju et al. 2020, DOI
 * 10.1007/s11263-019-01228-7). Of the maps A^k that leave the last convolution, rectified:
 *
 *   w_k = mean over the places of ∂y / ∂A^k,   map = ReLU (Σ_k w_k A^k)
 *
 * with y an output before the soft-max. Behind the last convolution there are dense layers, and
 * pooling, which hands the gradient of each of its places on to one place of a map: the mean
 * does not depend on to which. So the gradient is followed through dense layers alone, without
 * a training network.
 *
 * Thread: pure.
 */
#pragma once

#include "models/learn/network/network.h"

G_BEGIN_DECLS

/* Of a map on a frame, whatever the frame's shape. */
#define SAXID_EVIDENCE_SIDE 16
#define SAXID_EVIDENCE_CELLS (SAXID_EVIDENCE_SIDE * SAXID_EVIDENCE_SIDE)

/* The layer whose maps are meant: the last convolution with what rectifies it.
 * Errors: SAXID_ERROR_MODEL for a network without a convolution, and one with layers behind it
 * through which no gradient is followed. */
gboolean saxid_evidence_layer (const SaxidNetwork *network, guint *layer, GError **error);

/* w_k for one output. pass: has just run, on one input. layer: as saxid_evidence_layer.
 * Shape: weight [channels of the layer]. Errors: those of reading a layer. */
gboolean saxid_evidence_weights (const SaxidNetwork *network, SaxidPass *pass, guint layer, guint output, float *weight,
                                 GError **error);

/* The map, bilinear on side × side cells, its greatest value 255; all 0 where nothing speaks for
 * the answer. Shape: maps [channels, height, width] of extent, weight [channels], evidence
 * [side × side], the first row that of the first rows of the frame. */
void saxid_evidence_map (SaxidExtent extent, const float *maps, const float *weight, guint side, guint8 *evidence);

G_END_DECLS
