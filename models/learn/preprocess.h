/* The preprocessing of Monge et al. 2024, as operators that compose in any order.
 *
 *   TH    values below 1e-15 1/cm become 1e-15; TH=1e-6: another threshold
 *   IntN  I / Σ I q²
 *   LOG   natural logarithm
 *   STD   (x - mean) / sd per q, both learned from the training curves
 *   QLOG  linear interpolation onto as many points with logarithmic spacing
 *
 * Source: DOI 10.1107/S2053273324000950, section 2.2.
 * NaN marks what a curve does not reach and stays NaN through every operator.
 * Thread: immutable once fitted.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidPreprocess SaxidPreprocess;

/* operators: for example "TH,IntN,LOG,STD,QLOG", applied from left to right.
 * grid: n values, ascending and positive, 1/Å.
 * Errors: SAXID_ERROR_ARGUMENT for a name that is none. */
SaxidPreprocess *saxid_preprocess_new (const char *operators, gsize n, const double *grid,
                                       GError **error);
void saxid_preprocess_free (SaxidPreprocess *preprocess);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidPreprocess, saxid_preprocess_free)

/* [width] q of what apply leaves, 1/Å. */
const double *saxid_preprocess_grid (const SaxidPreprocess *preprocess);
const char *saxid_preprocess_operators (const SaxidPreprocess *preprocess);

/* Learns what is learned (STD) from rows × width curves; only for training. */
void saxid_preprocess_fit (SaxidPreprocess *preprocess, gsize rows, const float *curves);

/* The same for curves of several grids (one preprocessing each, of the same operators
 * and width) that are to be compared: all of them learn from all rows.
 * which: [rows] index into part; NULL: all 0. */
void saxid_preprocess_fit_together (SaxidPreprocess *const *part, guint n_part, gsize rows, const guint8 *which,
                                    const float *curves);

/* The learned numbers: two rows (mean, sd) for each STD, in order.
 * Shape: [2 × number of STD, width]. */
gsize saxid_preprocess_learned_rows (const SaxidPreprocess *preprocess);
const double *saxid_preprocess_learned (const SaxidPreprocess *preprocess);
/* Puts back what saxid_preprocess_learned gave. */
void saxid_preprocess_restore (SaxidPreprocess *preprocess, const double *learned);

/* One curve in place. Shape: values and scratch have `width` elements. */
void saxid_preprocess_apply (const SaxidPreprocess *preprocess, double *values, double *scratch);

G_END_DECLS
