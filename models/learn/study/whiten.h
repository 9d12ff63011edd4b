/* First weights that see what is small in the data as well as what is large.
 *
 * Neighbouring points of a curve are nearly equal, so filters of random weights all see
 * the same: its level. Slope and curvature, which tell shapes apart, are hidden below, and
 * gradient descent takes its time to find them. Here the filters of the first convolution
 * are random mixtures of the principal directions of what its window sees, each divided
 * by its own spread (LeCun et al. 1998, DOI 10.1007/3-540-49430-8_2, section 4.3).
 *
 * Thread: as components.h.
 */
#pragma once

#include "models/learn/network/network.h"

G_BEGIN_DECLS

/* Draws the weights of the first layer anew, where it is a convolution.
 * Shape: input rows × count (in).
 * Errors: those of saxid_components_fit. */
gboolean saxid_network_whiten (SaxidNetwork *network, const float *input, gsize rows, guint64 seed, GError **error);

G_END_DECLS
