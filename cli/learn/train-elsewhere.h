/* What a training on another machine needs, what comes back from it, and what a later
 * training begins with.
 *
 * Curves go out as saxid train --lots writes them, weights come back in a file for
 * saxid train --weights; contrib/train-gpu.py is such a training.
 *
 * Curves, in the byte order of the machine that writes, lot after lot, the first of held-out curves:
 *   8 bytes "saxidlot", then 32-bit numbers: epoch (that of the held-out curves: the number
 *   of epochs), classes, width of a target, channels, width, rows; class of every row (a
 *   byte; strangers: the number of classes); portraits, rows × channels × width floats
 *
 * Weights: lines of text, "saxid-weights-1", who trained it, the layers of the network, an
 * empty one; then the floats of saxid_network_to_bytes.
 */
#pragma once

#include "models/learn/train/any-grid.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidNetwork *network;
  char *trained_by;
} SaxidWeights;

void saxid_weights_clear (SaxidWeights *weights);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidWeights, saxid_weights_clear)

/* Errors: those of GFileError, SAXID_ERROR_LIMIT, SAXID_ERROR_MODEL (weights of another network),
 * SAXID_ERROR_ARGUMENT (a layer that there is not). */
gboolean saxid_weights_read (const char *path, SaxidWeights *weights, GError **error);

/* Errors: SAXID_ERROR_IO. */
gboolean saxid_weights_write (const char *path, const SaxidNetwork *network, const char *trained_by, GError **error);

/* Writes the lots of a training to a file, "-": to standard output.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_CANCELLED, those of saxid_any_grid_lots. */
gboolean saxid_lots_write (const char *path, const SaxidAnyGridOptions *options, gboolean quiet, GError **error);

G_END_DECLS
