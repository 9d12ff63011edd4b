/* Probabilities that mean what they say, and sets that hold the truth.
 *
 * Both are learned from curves that the trees did not learn from.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* probability[k] = softmax (margin[k] / temperature). Shape: n_class. */
void saxid_softmax (guint n_class, const float *margin, double temperature, float *probability);

/* The temperature that minimises the log loss (Guo et al. 2017,
 * arXiv:1706.04599), between 0.1 and 10. merged: NULL, or [n_class] the class that each counts
 * as; labels are of those, then. Shape: margin n × n_class, label n. */
double saxid_fit_temperature (gsize n, guint n_class, const float *margin, const guint8 *label, const guint8 *merged);

/* The threshold t for which the set {class: p >= t} holds the truth in `coverage`
 * of new curves (split conformal prediction, Sadinle et al. 2019,
 * DOI 10.1080/01621459.2017.1395341). */
double saxid_fit_set_threshold (gsize n, guint n_class, const float *probability,
                                const guint8 *label, double coverage);

G_END_DECLS
