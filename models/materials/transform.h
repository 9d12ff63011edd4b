/* The power spectrum of a covariance, as a matrix.
 *
 *   P (q) = 4 pi int_0^100 C (r) r² sin (q r) / (q r) dr
 *
 * at knots that are equidistant in ln q. Panels of Gauss and Legendre's rule, narrow near r = 0,
 * where covariances of two levels turn.
 *
 * Units: lengths in units of a. Thread: the one matrix is made once and shared.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Knots of q a. Above the last one P has its Porod form; below the first P is a parabola. */
#define SAXID_TRANSFORM_KNOTS 390
#define SAXID_TRANSFORM_FIRST 0.01
#define SAXID_TRANSFORM_LAST 60.0

/* Step of ln q between two knots. */
double saxid_transform_step (void);

/* The distances at which covariances are wanted, and their number. */
gsize saxid_transform_distances (const double **r);

/* Of n covariances at once, since the matrix does not fit the caches of a processor. Shape: covariance n ×
 * saxid_transform_distances, out n × SAXID_TRANSFORM_KNOTS. */
void saxid_transform (gsize n, const double *covariance, double *out);

G_END_DECLS
