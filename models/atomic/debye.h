/* Debye's sum over the pairs of atoms of a particle.
 *
 *   P(x) = 2 Σ_{i<j} sin (x r_ij) / (x r_ij),   x = q d, r in units of d
 *
 * P belongs to the geometry alone: one table serves every element, d, strain, B and grid of q, and a
 * distribution of sizes is a weighted sum of tables. It is band-limited (the longest distance), so a
 * regular grid of x with local interpolation is enough. On that grid sin (k θ) comes by the recurrence
 * sin ((k+1) θ) = 2 cos θ sin k θ - sin ((k-1) θ), vectors of distances at a time.
 * Debye 1915, doi:10.1002/andp.19153510606.
 *
 * Units: x none. Thread: pure; a table is immutable.
 */
#pragma once

#include "models/atomic/distances.h"

G_BEGIN_DECLS

/* Up to which x tables reach: q = 20 1/Å of lead. */
#define SAXID_DEBYE_LAST 70.0

/* P at x = k step, k = 0 … n - 1; P(0) = N (N - 1). Shape: out n. */
void saxid_debye_grid (const SaxidDistances *distances, double step, gsize n, double *out);

/* P at any places, by a sine for each: the slow way. Shape: x and out n. */
void saxid_debye_sum (const SaxidDistances *distances, gsize n, const double *x, double *out);

typedef struct
{
  gsize atoms;
  double step, last; /* of x; P is known up to last */
  gsize n;
  double *value;     /* [n] P at k step, a margin beyond last included */
} SaxidDebyeTable;

SaxidDebyeTable *saxid_debye_table_new (const SaxidDistances *distances, double last);
/* The mean over a normal distribution of x about each place, of this standard deviation: what an instrument of that resolution
 * sees. Each distance is damped by exp (-r² deviation² / 2), the longest to 1 % of what is left of it. */
SaxidDebyeTable *saxid_debye_table_smeared (const SaxidDebyeTable *table, double deviation);
void saxid_debye_table_free (SaxidDebyeTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidDebyeTable, saxid_debye_table_free)

/* P (x scale); scale is d where x is q. NAN beyond the table. Within 1e-5 of N + P. Of several tables on one grid, or of one.
 * Shape: x n, out n_table × n. */
void saxid_debye_tables_at (guint n_table, SaxidDebyeTable *const *table, double scale, gsize n, const double *x, double *out);
void saxid_debye_table_at (const SaxidDebyeTable *table, double scale, gsize n, const double *x, double *out);

G_END_DECLS
