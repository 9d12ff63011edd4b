/* What the margins of a model for any instrument mean, from curves that it had not seen.
 *
 * Thread: as lot.h.
 */
#pragma once

#include "models/learn/train/lot.h"

G_BEGIN_DECLS

/* Measures the held-out lot a few times and sets of the predictor, which has its network
 * and gallery: the temperature, how the signs of strangers count, the threshold of the
 * sets, both for all classes and for nine, and the limit of the outliers, which refuses no
 * larger part of any population than the options say.
 * Errors: those of lots and networks. */
gboolean saxid_any_grid_calibrate (const SaxidAnyGridOptions *options, SaxidLot *held, SaxidPredictor *predictor,
                                   SaxidAnyGridReport **report, GError **error);

G_END_DECLS
