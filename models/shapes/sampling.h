/* At which q must a curve be computed, so that all others follow?
 *
 * Thread: pure, when the function is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* out[k] = f (q[k]); q ascending, n a multiple of SAXID_VECTOR and at most
 * SAXID_BLOCK. */
typedef void (*SaxidCurveFunction) (gconstpointer data, gsize n, const double *q, double *out);

#define SAXID_BLOCK  48
#define SAXID_VECTOR 8

/* out[k] = f (q[k]) for ascending q, where f is the scattering of particles
 * that reach no further than `extent` Å: its frequencies are below 2 extent.
 * Where the grid is finer than such a function can change, f is computed at
 * few points and interpolated (error below 1e-9 of the largest value nearby). */
void saxid_sample (SaxidCurveFunction f, gconstpointer data, double extent, gsize n, const double *q,
                   double *out);

G_END_DECLS
