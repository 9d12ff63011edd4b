/* Numbers read off rows of features by ridge regression.
 *
 *   |Y - X W - b|² + alpha |W|²
 *
 * Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634. X'X is summed once; each alpha is one factorisation
 * (LAPACK dposv).
 *
 * Shape: features rows × width, targets rows × outputs. Thread: BLAS uses its own threads.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SaxidRidge SaxidRidge;

/* Features of one size: they are centred here, not scaled. The arrays are not needed afterwards. */
SaxidRidge *saxid_ridge_new (gsize rows, gsize width, const double *features, guint outputs, const double *targets);
void saxid_ridge_free (SaxidRidge *ridge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidRidge, saxid_ridge_free)

/* Learns with this alpha, > 0. Errors: SAXID_ERROR_DATA where X'X + alpha has no factor. */
gboolean saxid_ridge_solve (SaxidRidge *ridge, double alpha, GError **error);
/* With the alpha of the last solution. Shape: out rows × outputs. */
void saxid_ridge_predict (const SaxidRidge *ridge, gsize rows, const double *features, double *out);

G_END_DECLS
