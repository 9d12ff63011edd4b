/* The intensity of a particle where a curve was measured, as it was measured.
 *
 * Smearing by dq: the mean over a Gaussian, by Gauss and Hermite's rule of 7 points on
 * a finer curve that is interpolated in ln q. By a slit: the mean over its length (slit.h), before that.
 *
 * Units: q 1/Å, I 1/cm. Thread: a SaxidSmear belongs to one thread.
 */
#pragma once

#include "models/fit/slit.h"
#include "models/fit/space.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

/* The points at which a form factor is wanted, and how they are reached. */
typedef struct
{
  gsize n;
  const double *q, *dq; /* dq NULL: as it is */
  double length, reach; /* of the slit, and how far that is followed, 1/Å; 0: none */
  gsize n_fine;         /* 0: I is wanted at q itself */
  double *fine, *value; /* [n_fine] q and I of the finer curve */
  double *through;      /* [n_fine] that seen through the slit */
  double step;          /* of its ln q */
  SaxidSlit slit;
} SaxidSmear;

/* The points of a curve, its resolution and its slit; they are kept, not copied. */
void saxid_smear_init (SaxidSmear *smear, const SaxidCurve *curve);
void saxid_smear_clear (SaxidSmear *smear);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidSmear, saxid_smear_clear)

/* The intensity of spread.h, smeared.
 * Shape: out n. Errors: those of saxid_spread_intensity. */
gboolean saxid_smear_intensity (SaxidSmear *smear, const SaxidShape *shape, const SaxidSpacePoint *point, double *out,
                                GError **error);

/* For a curve that is no particle's: where its intensity is wanted (without resolution and slit: at q itself), and
 * what is measured of it there. Shape: value *n of the first, out n of the smear. */
gsize saxid_smear_wanted (const SaxidSmear *smear, const double **q);
void saxid_smear_average (SaxidSmear *smear, const double *value, double *out);

G_END_DECLS
