/* How far may a measured curve be from the right form factor?
 *
 * No form factor is what was measured: surfaces are rough, sizes are distributed in their
 * own way, particles touch. The departure is smooth in q, so a curve has few independent
 * pieces of evidence against a model, however many points it has. As Kennedy & O'Hagan
 * (2001, doi:10.1111/1467-9868.00294) put it: data = model + discrepancy + noise, the
 * discrepancy being a Gaussian process; here of the logarithm of the intensity,
 *
 *   I(q) = s P(q; theta) exp (g (ln q)) + b + c q^-p + noise,   g ~ GP (0, tau² k (Δ ln q / l)).
 *
 * To first order in g, and with b and c Gaussian as well, what is left of the data is
 * Gaussian with the covariance
 *
 *   C = diag (sigma²) + tau² I_i I_j k (|ln q_i - ln q_j| / l) + (sigma_b)² + (sigma_c)² u_i u_j,
 *
 * I being the data, smoothed. It does not depend on the form factor, so it is factored
 * once for each pair (tau, l) of a small grid, C = L Lᵀ, and all form factors are judged
 * with L⁻¹ (I - s P).
 *
 * Units: those of the curve. Thread: immutable once made.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

typedef struct SaxidDiscrepancy SaxidDiscrepancy;

/* Of a coarse curve with sigma. */
SaxidDiscrepancy *saxid_discrepancy_new (const SaxidCurve *coarse);
void saxid_discrepancy_free (SaxidDiscrepancy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDiscrepancy, saxid_discrepancy_free)

gsize saxid_discrepancy_n_point (const SaxidDiscrepancy *self);

/* The grid: pairs of an rms tau (1: as large as the intensity) and a length l of ln q. */
#define SAXID_DISCREPANCY_PAIRS 15
double saxid_discrepancy_tau (guint pair);
double saxid_discrepancy_length (guint pair);
/* The pair to begin with. */
#define SAXID_DISCREPANCY_FIRST 7

/* L⁻¹ values of the pair. Shape: values and out n_point; they may not be the same. */
void saxid_discrepancy_whiten (const SaxidDiscrepancy *self, guint pair, const double *values, double *out);
/* L⁻¹ data. */
const double *saxid_discrepancy_data (const SaxidDiscrepancy *self, guint pair);
/* How probable the pair is beforehand; 1 over all. */
double saxid_discrepancy_prior (guint pair);
/* ln of the probability of a residual of 0. */
double saxid_discrepancy_constant (const SaxidDiscrepancy *self, guint pair);

G_END_DECLS
