/* The instruments that a curve can be measured with, as data.
 *
 * Units: q 1/Å, distances m, wavelength Å, flux photons (or neutrons)/s, time s,
 * thickness cm, intensity 1/cm.
 * Thread: the table is const.
 */
#pragma once

#include <glib.h>

#include "models/simulate/random.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_SPACING_LINEAR,
  SAXID_SPACING_LOGARITHMIC
} SaxidSpacing;

typedef struct
{
  const char *name;
  const char *title;
  const char *reference;
  double q_min, q_max; /* first and last point, 1/Å */
  guint n_q;
  SaxidSpacing spacing; /* of the points */
  double ring_width;   /* Δq of the ring that one point sums, 1/Å. 0: up to the middle
                          between neighbours, and the ring widens the resolution */
  double fwhm;         /* of the beam on the detector, 1/Å */
  double spread;       /* full width at half maximum of Δq/q: wavelength */
  double slit;         /* half height of a slit, 1/Å; 0 = pinhole */
  double flux;         /* photons/s transmitted */
  double time;         /* s, for the sample and again for the buffer */
  double distance;     /* m */
  double wavelength;   /* Å */
  double thickness;    /* cm */
  double buffer;       /* flat scattering of the solvent, 1/cm */
} SaxidInstrument;

/* The k-th instrument, NULL past the end. */
const SaxidInstrument *saxid_instrument_at (guint index);
/* NULL when there is none of this name. */
const SaxidInstrument *saxid_instrument_find (const char *name);

/* No random instrument has more points. */
#define SAXID_INSTRUMENT_MOST_POINTS 4000

/* The name that stands for an instrument drawn anew. */
#define SAXID_INSTRUMENT_RANDOM "random"

/* Draws instrument `index` of those that `seed` stands for: X-rays or neutrons, any
 * distance, wavelength, pixel, window, grid and exposure (the domain is in
 * instrument-random.c). The same (seed, index) is the same instrument. */
void saxid_instrument_draw (guint64 seed, guint64 index, SaxidInstrument *instrument);

/* The domain of the random ones: a line for each radiation, one on their windows;
 * NULL-terminated, to be freed. */
char **saxid_instrument_domain (void);

G_END_DECLS
