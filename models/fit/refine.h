/* The least squares fit of one form factor to a curve, from where it begins.
 *
 * Levenberg-Marquardt (cminpack's lmdif) over the coordinates of a space; scale and
 * background are solved for at every step (variable projection, Golub & Pereyra 1973,
 * doi:10.1137/0710036), so that it cannot go astray in them.
 *
 * Units: q 1/Å, lengths Å. Thread: pure.
 */
#pragma once

#include "models/fit/space.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

/* Scale, background, then the coordinates of the space. */
#define SAXID_REFINED_MOST (SAXID_SPACE_MOST + 2)

typedef struct
{
  SaxidSpacePoint point;
  double scale, background;
  double scale_error, background_error;  /* one standard deviation; NAN: not known */
  double error[SAXID_SPACE_MOST];        /* of the parameter that each coordinate moves */
  gboolean at_bound[SAXID_SPACE_MOST];   /* the best value lies at its bound */
  gboolean undetermined[SAXID_SPACE_MOST]; /* its error is as large as it is: the data do not tell */
  double chi2;                           /* weighted sum of squares */
  double reduced_chi2;                   /* over the points less what is free */
  guint evaluations;                     /* of the form factor */
} SaxidRefined;

/* Processor seconds of this thread so far: what `until` of saxid_refine is compared with. */
double saxid_thread_seconds (void);

/* curve: with sigma; where it has dq or a slit, the form factor is smeared by them. evaluations: at
 * most so many, and no step is begun after `until` (INFINITY: any). with_errors: as many
 * more as there are coordinates; without, no error and no bound is known. Errors of the
 * parameters are scaled by sqrt (reduced_chi2) where that is above 1.
 * Errors: SAXID_ERROR_DATA when the form factor cannot be fitted at all. */
gboolean saxid_refine (const SaxidSpace *space, const SaxidCurve *curve, const SaxidSpacePoint *start,
                       guint evaluations, double until, gboolean with_errors, SaxidRefined *refined, GError **error);

/* The scale and the background that suit one particle, nothing else being free: errors
 * are not known, nothing is at a bound.
 * Errors: as saxid_refine. */
gboolean saxid_refined_at (const SaxidSpace *space, const SaxidCurve *curve, const SaxidSpacePoint *point,
                           SaxidRefined *refined, GError **error);

/* What the fit is at the points of a curve, in the unit of the data. at: q, dq and slit of it count. Shape: out at->n. */
gboolean saxid_refined_intensity (const SaxidSpace *space, const SaxidRefined *refined, const SaxidCurve *at, double *out,
                                  GError **error);

G_END_DECLS
