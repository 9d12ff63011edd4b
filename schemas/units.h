/* Which unit does a text name, and what is it in the units of saxid?
 *
 * Files spell one unit in many ways: "1/A", "A^-1", "angstrom⁻¹", "1 / nm".
 * A spelling is taken apart (reciprocal of a length) and the length looked up
 * in a table, so that every spelling of the table works in every notation,
 * in UTF-8 and in Latin-1.
 *
 * Units: lengths are returned in Å or cm; a reciprocal is converted by dividing,
 * which rounds once: q [1/Å] = q / angstrom.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "1/nm" -> *angstrom = 10: q in 1/Å is q divided by 10. FALSE: no unit of q. */
gboolean saxid_units_q (const char *text, double *angstrom);

/* "deg", "2th_deg", "rad" -> radians of one unit. FALSE: no angle. */
gboolean saxid_units_angle (const char *text, double *radian);

/* "nm" -> 10 Å. FALSE: no length. */
gboolean saxid_units_length (const char *text, double *angstrom);

/* "ms" -> 0.001 s. FALSE: no time. */
gboolean saxid_units_time (const char *text, double *second);

/* "keV" -> 1000 eV. FALSE: no energy of a photon; "meV" is one of neutrons. */
gboolean saxid_units_energy (const char *text, double *electronvolt);

/* The wavelength in Å of photons of an energy. Without a unit (NULL or empty) it is in keV or eV
 * where it cannot be the other, and *assumed says which; otherwise that is NULL. FALSE: another
 * unit, one that cannot be told, or an energy with which nobody measures. */
gboolean saxid_units_photon (double energy, const char *unit, const char **assumed, double *angstrom);

/* "1/m" -> *per_cm = 0.01: intensity in 1/cm is intensity times that;
 * 0 where the scale is arbitrary ("counts", "a.u."). FALSE: unknown. */
gboolean saxid_units_intensity (const char *text, double *per_cm);

/* For error messages: the units of q that are understood. */
const char *saxid_units_q_known (void);

/* Bounds outside which the smallest or the largest q of a curve is no
 * small-angle scattering: almost always a wrong units attribute. 1/Å. */
#define SAXID_Q_SMALLEST_MAXIMUM 1e-5 /* light scattering ends at 1e-3, the finest USAXS near 1e-4 */
#define SAXID_Q_LARGEST_MINIMUM  1.0  /* nothing larger than 6 Å would be seen */
#define SAXID_Q_USUAL_MAXIMUM    10.0 /* beyond: wide angle at most */
#define SAXID_Q_POSSIBLE_MAXIMUM 50.0 /* beyond: no scattering, the longest total-scattering runs end below */
#define SAXID_Q_MOST_RATIO       3e5  /* last over first: light, neutrons and X-rays together do not span more */

G_END_DECLS
