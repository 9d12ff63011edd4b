/* How a Gaussian random field is correlated: its spectrum, and the covariance that belongs to it.
 *
 *   Gamma (x) = x^p / (1 + x^n)²,      x = c a q
 *
 * n = 8, p = 0 is the field of Röding et al. 2022 (doi:10.3389/fmats.2022.956839). A smaller n
 * cuts off more softly, as random solids do that were not coarsened; p > 0 takes the long
 * waves away, so that a peak stands at x near 1, as in spinodal blends and bicontinuous
 * microemulsions (Teubner 1991, doi:10.1209/0295-5075/14/5/003).
 *
 * Every spectrum is scaled so that <q²> = 0.6 / a², which is that of n = 8, p = 0 with c = 1:
 * the length a is known by the interface that the field makes, and means the same in all of them.
 *
 * Units: lengths in units of a. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n, p;       /* both even, p < 2 n - 5 */
  const char *name; /* for people */
} SaxidSpectrum;

/* The rows of the table are ordered from soft to peaked. An order counts them from the one of
 * Röding et al., which is 0; one between two rows is the mixture of their spectra. */
#define SAXID_SPECTRUM_SOFTEST (-2)
#define SAXID_SPECTRUM_SHARPEST 4
#define SAXID_SPECTRUM_ROEDING 0

/* The row of an order that is whole, between these two. */
const SaxidSpectrum *saxid_spectrum_at (int order);

/* <q²> a² of all of them. */
#define SAXID_SPECTRUM_MEAN_SQUARE 0.6

/* 1 - g (r), g the covariance of the normalised field at distance r >= 0: a finite sum over the
 * poles of Gamma in the upper half plane, to 1e-14, and near r = 0 without cancellation. */
double saxid_spectrum_gap (const SaxidSpectrum *spectrum, double r);

/* c of x = c a q. */
double saxid_spectrum_scale (const SaxidSpectrum *spectrum);

/* int x² Gamma dx, in closed form. */
double saxid_spectrum_integral (const SaxidSpectrum *spectrum);

G_END_DECLS
