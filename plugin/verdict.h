/* The verdict of a model on one curve: what its network says, what fits of its form factors
 * say, and the prior, in this order.
 *
 * Thread: a model may be shared; each thread brings its own scratch.
 */
#pragma once

#include "plugin/model.h"

G_BEGIN_DECLS

/* What is asked beside the network and the prior before the verdict is given. */
typedef enum
{
  SAXID_FITS_NONE,      /* nothing: 0.3 ms */
  SAXID_FITS_TEMPLATES, /* the nearest particle of each class in the model's atlas: some 3 ms */
  SAXID_FITS_WEIGHED    /* fits of each class: some 0.1 s */
} SaxidFits;

/* What the fits say of the curve as a whole (models/fit/contest.h: saxid_contest_outlier). */
typedef struct
{
  double misfit;    /* of the best form factor, 0 where none was fitted; above SAXID_CONTEST_MOST_MISFIT
                       none comes near */
  gboolean is_flat; /* a constant is about as good */
  gboolean is_strange; /* the network or the fits call the curve an outlier, each by itself */
  SaxidContest contest; /* what was compared or fitted */
  double log_weight; /* ln of the weight of the best form factor (contest.h); -INFINITY: none was fitted */
} SaxidFitSigns;

/* A model that has no atlas is asked alone. The curve must be clean. Shape: probability and in_set n_class.
 * Errors: SAXID_ERROR_MODEL. */
gboolean saxid_verdict_find (const SaxidModel *model, SaxidFits fits, const SaxidCurve *curve, SaxidScratch *scratch,
                             SaxidVerdict *verdict, SaxidFitSigns *signs, float *probability, guint8 *in_set, GError **error);

G_END_DECLS
