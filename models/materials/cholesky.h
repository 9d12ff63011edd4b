/* A symmetric positive matrix of some hundred rows, without LAPACK: the module links none.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cholesky's factor of a symmetric matrix, of which the lower half is read, in place; FALSE where it has none. And L^-1 x,
 * in place. Shape: a m × m, x m. */
gboolean saxid_cholesky (gsize m, double *a);
void saxid_cholesky_solve (gsize m, const double *l, double *x);

G_END_DECLS
