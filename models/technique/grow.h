/* How does a network that has learned become a larger one?
 *
 * Before each pooling but the first a residual block of the same channels is put in: keep,
 * convolution, batch normalisation, ReLU, convolution, add, ReLU (He et al. 2016,
 * doi:10.1109/CVPR.2016.90). The last convolution of a block begins with zeros, so that the larger network
 * begins with the answers of the smaller one (Goyal et al. 2017, arXiv:1706.02677). Before the
 * first pooling, where there are the most places, a block would cost as much as the whole network.
 *
 * Thread: pure.
 */
#pragma once

#include "models/learn/network/network.h"

G_BEGIN_DECLS

/* seed: of the weights that are new. Errors: SAXID_ERROR_ARGUMENT where start has blocks already,
 * or where there is no place for one. */
SaxidNetwork *saxid_technique_grow (const SaxidNetwork *start, guint64 seed, GError **error);

G_END_DECLS
