/* By how much does a real particle depart from its form factor?
 *
 * Real particles are rough, not quite round, of two sizes, in a solvent with a structure
 * of its own: I(q) departs from every form factor smoothly in q, often by more than sigma.
 * Here by a factor exp (g), g a Gaussian process of ln q with a squared exponential
 * covariance (Kennedy & O'Hagan 2001, doi:10.1111/1467-9868.00294).
 *
 * Thread: pure; the generator is the caller's.
 */
#pragma once

#include "models/simulate/random.h"

G_BEGIN_DECLS

/* Multiplies intensity [n] at q [n] by exp (g): rms of g, its length in ln q.
 * Units: q any (only ratios count), rms and length without. */
void saxid_discrepancy_apply (SaxidRandom *random, double rms, double length, gsize n, const double *q,
                              double *intensity);

G_END_DECLS
