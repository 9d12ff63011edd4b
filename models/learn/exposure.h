/* Would more counting change the answer?
 *
 * Thread: one scratch per thread.
 */
#pragma once

#include "models/learn/predictor.h"

G_BEGIN_DECLS

/* The part of `draws` curves that could have been measured instead of this one, each
 * point moved by its sigma (or its scatter, where there is none), which get the label of
 * this one; 0 where it gets none. What a longer measurement would show lies nearer to
 * this curve than they do, so when they agree, it will.
 * Errors: those of the predictor. */
gboolean saxid_exposure_agreement (const SaxidPredictor *predictor, const SaxidCurve *curve, SaxidScratch *scratch,
                                   guint draws, guint64 seed, double *agreement, GError **error);

/* Curves of one sample, summed up. */
typedef struct
{
  gsize n, n_frame;
  double *q, *sum, *variance; /* [n] */
  gboolean has_sigma;
} SaxidExposure;

/* Adds a frame: the first sets the points, and others must have the same.
 * Errors: SAXID_ERROR_DATA for other points. */
gboolean saxid_exposure_add (SaxidExposure *exposure, const SaxidCurve *frame, GError **error);
/* The mean of the frames so far. */
SaxidCurve *saxid_exposure_curve (const SaxidExposure *exposure);
void saxid_exposure_clear (SaxidExposure *exposure);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SaxidExposure, saxid_exposure_clear)

G_END_DECLS
