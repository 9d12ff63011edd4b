/* Radius of gyration and forward intensity of a curve, where it shows them.
 *
 * Units: q 1/Å, R_g Å, I(0) that of the intensity.
 * Thread: pure.
 */
#pragma once

#include "reducers/curve.h"

G_BEGIN_DECLS

/* Up to here the law holds to a few per cent for compact particles. */
#define SAXID_GUINIER_LIMIT 1.3

/* What the data allow. Only SAXID_GUINIER_OK comes with numbers. */
typedef enum
{
  SAXID_GUINIER_OK,
  SAXID_GUINIER_TOO_FEW,  /* fewer than SAXID_GUINIER_MIN_POINTS positive points */
  SAXID_GUINIER_NO_DECAY, /* no range in which I falls as the law wants: flat, rising, or a power law */
  SAXID_GUINIER_TOO_LARGE, /* steep from the first q on: no plateau was measured, or an upturn hides it
                            */
  SAXID_GUINIER_TOO_NOISY  /* R_g known to less than SAXID_GUINIER_MAX_ERROR */
} SaxidGuinierStatus;

#define SAXID_GUINIER_MIN_POINTS 5
#define SAXID_GUINIER_MAX_ERROR  0.3 /* of R_g */

typedef struct
{
  SaxidGuinierStatus status;
  double rg, rg_error; /* Å; one standard deviation */
  double i0, i0_error;
  double q_min, q_max;  /* 1/Å: the range that was used */
  gsize first, n_point; /* the same as indices into the curve */
  double reduced_chi2;  /* NAN when the curve has no sigma */
  gboolean upturn;      /* points below q_min lie above the law: aggregates, slit, direct beam */
  gboolean downturn;    /* they lie below it: beamstop shadow, repulsion */
} SaxidGuinier;

/* Finds the range and fits it. The curve must be clean (saxid_curve_clean).
 * Returns TRUE when result->status is SAXID_GUINIER_OK; otherwise every number
 * of the result is 0.
 * The errors are those that sigma gives, enlarged by sqrt (reduced_chi2) where
 * that is above 1; without sigma they come from the scatter about the law. */
gboolean saxid_guinier_fit (const SaxidCurve *curve, SaxidGuinier *result);

/* One sentence for people. Never NULL. */
const char *saxid_guinier_status_text (SaxidGuinierStatus status);

/* I(q) of the law. */
double saxid_guinier_intensity (const SaxidGuinier *fit, double q);

G_END_DECLS
