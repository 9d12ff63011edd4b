/* Classes read off rows of features by multinomial logistic regression.
 *
 *   c Σ -ln p(label) + |W|² / 2,   p = softmax (X W + b)
 *
 * The minimum is unique; it is found by L-BFGS (Liu & Nocedal 1989, doi:10.1007/BF01589116).
 *
 * Shape: features rows × width, label rows. Thread: BLAS uses its own threads.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize width;
  guint classes;
  double *weight; /* [(width + 1) × classes], the last row is b */
} SaxidLogistic;

/* steps: at most so many; it stops earlier where the gradient is nothing. */
SaxidLogistic *saxid_logistic_fit (gsize rows, gsize width, const double *features, const guint8 *label, guint classes, double c,
                                   guint steps);
void saxid_logistic_free (SaxidLogistic *logistic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidLogistic, saxid_logistic_free)

/* The likeliest class of each row. Shape: out rows. */
void saxid_logistic_classify (const SaxidLogistic *logistic, gsize rows, const double *features, guint8 *out);

G_END_DECLS
