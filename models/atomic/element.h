/* What one atom scatters: X-ray form factors of free atoms.
 *
 *   f(q) = c + Σ a_i exp (-b_i (q / 4π)²),   sin θ / λ <= 6 1/Å
 *
 * Waasmaier & Kirfel 1995, doi:10.1107/S0108767394013292; without anomalous scattering.
 *
 * Units: f electrons, q 1/Å, d Å. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *symbol;
  guint number; /* of protons */
  double d; /* of nearest neighbours in the data base behind Boissier & Gadji, doi:10.5281/zenodo.18644730 */
  double a[5], c, b[5];
} SaxidElement;

/* The k-th, NULL past the end; NULL where none has this symbol. */
const SaxidElement *saxid_element_at (guint k);
const SaxidElement *saxid_element_find (const char *symbol);
const SaxidElement *saxid_element_of_number (guint number);

/* All symbols, with commas. Free with g_free. */
char *saxid_element_list (void);

double saxid_element_form_factor (const SaxidElement *element, double q);

G_END_DECLS
