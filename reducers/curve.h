/* A scattering curve: I(q) with its uncertainty.
 *
 * Units: q, dq and slit in 1/Å, intensity and sigma in 1/cm where the scale is known.
 * Shape: every array has n elements; sigma and dq may be NULL.
 * Thread: a curve belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A curve with fewer points than this says nothing about a form factor. */
#define SAXID_CURVE_MIN_POINTS 16

typedef struct
{
  gsize n;
  double *q;         /* scattering vector, 1/Å */
  double *intensity; /* 1/cm, or arbitrary */
  double *sigma;     /* one standard deviation of intensity, or NULL */
  double *dq;        /* one standard deviation of the q resolution, or NULL */
  double slit;       /* 1/Å: the mean of I over so much of q across, from 0 on, was measured; 0: I itself */
  gsize left_out;    /* points that are NaN because the file marks them, as its notes say */
} SaxidCurve;

/* What saxid_curve_clean had to do, and what it saw. All counts are numbers of points. */
typedef struct
{
  gsize non_finite;     /* dropped: NaN or infinite q or I, but for those left out before */
  gsize non_positive_q; /* dropped: q <= 0 */
  gsize duplicate_q;    /* merged into the point before: the same q twice */
  gboolean reordered;   /* q was not ascending */
  gsize sigma_unusable; /* of 1 curve: sigma was given, and no value of it was positive */
  gsize sigma_filled;   /* sigma was not positive, or next to nothing, at these points: neighbours' value */
  gsize empty;          /* dropped: a bin that nothing was measured in (worth.h) */
  gsize sigma_absurd;   /* dropped: sigma out of all proportion (worth.h) */
  gsize stray;          /* dropped: at an end, far from all others in q (worth.h) */
  gsize peaks;          /* of 1 curve: it shows peaks of a crystal (peaks.h) */
} SaxidCurveRepairs;

/* An uninitialised curve of n points. */
SaxidCurve *saxid_curve_new (gsize n, gboolean with_sigma, gboolean with_dq);
SaxidCurve *saxid_curve_copy (const SaxidCurve *curve);
void saxid_curve_free (SaxidCurve *curve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCurve, saxid_curve_free)

/* Makes a measured curve sound, in place: finite, q positive and strictly
 * ascending, sigma positive or absent, dq known at every point, and not 0 at all of them, or absent, without points
 * that say nothing (worth.h). Negative intensities are kept: a subtracted curve has them.
 * Errors: SAXID_ERROR_DATA when fewer than SAXID_CURVE_MIN_POINTS remain or
 * no intensity is positive; the curve is then still valid memory. */
gboolean saxid_curve_clean (SaxidCurve *curve, SaxidCurveRepairs *repairs, GError **error);

G_END_DECLS
