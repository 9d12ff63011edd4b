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
/* And L^-T x: both, one after the other, solve the equations. */
void saxid_cholesky_solve_upper (gsize m, const double *l, double *x);

/* The same of a matrix that is a band: row i has the elements of the columns i, i - 1, … i - band + 1. Shape: a m × band, x m. */
gboolean saxid_cholesky_band (gsize m, gsize band, double *a);
void saxid_cholesky_band_solve (gsize m, gsize band, const double *a, double *x);

G_END_DECLS
