/* The mean curve of a disordered material: what a sample scatters that is large against a.
 *
 *   P (q; a, …) = a³ P~ (q a; …),     I = (contrast of solid and pore)² P
 *
 * per volume. Tables are made by the first who asks (20 ms for two phases and an order that is
 * whole, half a second for three phases) and serve every later curve in microseconds.
 *
 * Units: q 1/Å, P Å³. Thread: pure; tables are shared.
 */
#pragma once

#include "models/materials/material.h"
#include "models/materials/transform.h"

G_BEGIN_DECLS

/* ln P~ over ln (q a): a cubic spline through the knots of transform.h. Of an exponential covariance
 * the closed form instead: variance 8 pi / ((1 + w²)² + 2 (1 - w²) (q a)² + (q a)⁴). */
typedef struct
{
  double length;
  gboolean is_closed;
  double variance, wave;    /* of the closed form */
  double knot[SAXID_TRANSFORM_KNOTS], curvature[SAXID_TRANSFORM_KNOTS];
  double bend;              /* below the knots: P~ = exp (knot[0]) (1 + bend (first² - (q a)²)) */
  double porod, correction; /* above: P~ = porod / (q a)⁴ (1 + correction / (q a)²) */
} SaxidMeanCurve;

/* Errors: those of saxid_material_check. */
gboolean saxid_mean_curve_init (SaxidMeanCurve *curve, const SaxidMaterial *material, GError **error);

/* P, relative error below 1e-5. Beyond q a = 60 three phases have Porod's form, which a layer
 * thinner than 0.1 a has not reached there. Any order of q > 0. Shape: q and out n. */
void saxid_mean_curve_values (const SaxidMeanCurve *curve, gsize n, const double *q, double *out);

G_END_DECLS
