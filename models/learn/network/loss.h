/* How far is the output of a network from what it should be, and where does it have to go?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Mean over the rows; gradient [rows × width] of that mean with respect to the output. */
typedef double (*SaxidLoss) (gsize rows, gsize width, const float *output, const float *target, float *gradient);

/* Softmax and cross-entropy together. target: the probability of each class. */
double saxid_loss_cross_entropy (gsize rows, gsize width, const float *output, const float *target, float *gradient);
/* Mean of the squared differences over rows and width. */
double saxid_loss_squared (gsize rows, gsize width, const float *output, const float *target, float *gradient);

/* Numbers at the end of an output that are a place among other curves. */
#define SAXID_LOSS_EMBEDDING 64

/* Cross-entropy of the first outputs, the last of which is for what is of no class, and
 * supervised contrast of the SAXID_LOSS_EMBEDDING that follow: curves of a class draw each
 * other near and keep away from all others. target: of the embedding nothing. */
double saxid_loss_contrastive (gsize rows, gsize width, const float *output, const float *target, float *gradient);

G_END_DECLS
