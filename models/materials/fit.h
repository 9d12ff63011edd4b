/* The least squares fit of the mean curve of a disordered material to a curve.
 *
 *   I (q) = scale P (q; a, …) + background + upturn q^-4
 *
 * P of mean-curve.h, smeared by dq where the curve has it. The three factors are solved for at every step
 * (variable projection, Golub & Pereyra 1973, doi:10.1137/0710036); the upturn, which larger structures have,
 * cannot be negative. Levenberg-Marquardt (cminpack) over ln a, the level of the field, and what else is free.
 *
 * Units: q 1/Å, lengths Å. Thread: pure.
 */
#pragma once

#include "models/materials/material.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

/* What is free besides a. */
typedef enum
{
  SAXID_MATERIAL_TWO,       /* the porosity: the spectrum of Röding et al. */
  SAXID_MATERIAL_RANDOM,    /* nothing: random phases, an exponential covariance */
  SAXID_MATERIAL_WAVE,      /* the wave of an exponential covariance: bicontinuous phases */
  SAXID_MATERIAL_TWO_ORDER, /* the porosity, and the order of the spectrum */
  SAXID_MATERIAL_THREE,     /* the porosity, and the share of the layer */
  SAXID_MATERIAL_KINDS
} SaxidMaterialKind;

/* "two_phase" or "three_phase". */
const char *saxid_material_kind_class (SaxidMaterialKind kind);
/* How many coordinates are free. */
guint saxid_material_kind_n_free (SaxidMaterialKind kind);

/* Coordinates of the fit; their errors are in this order, and 0 of those that are not free. */
enum
{
  SAXID_MATERIAL_LN_LENGTH,
  SAXID_MATERIAL_LEVEL, /* two phases: T², which is the same for a porosity and 1 - it; three: T */
  SAXID_MATERIAL_THIRD, /* order, share or wave */
  SAXID_MATERIAL_MOST_FREE
};

typedef struct
{
  SaxidMaterialKind kind;
  SaxidMaterial material; /* two phases: the porosity is at most 1/2, 1 - it fits as well; 1/2 of an exponential covariance,
                             * whose scale has it: four times the porosity times 1 - it */
  double scale;           /* unit of I by Å³: (contrast of solid and pore)² where I is absolute */
  double background, upturn;
  double scale_error;     /* one standard deviation */
  double value[SAXID_MATERIAL_MOST_FREE];
  double covariance[SAXID_MATERIAL_MOST_FREE][SAXID_MATERIAL_MOST_FREE]; /* enlarged by reduced chi² above 1 */
  gboolean at_bound[SAXID_MATERIAL_MOST_FREE];
  guint n_free;           /* these, and the factors */
  double chi2, reduced_chi2;
} SaxidMaterialFit;

/* blur: the curve's points are means over so much of ln q (coarse.h); 0: they are not. The curve must be clean and have sigma.
 * start: where to begin, or NULL: searched for.
 * Errors: SAXID_ERROR_DATA where nothing can be fitted. */
gboolean saxid_material_fit (SaxidMaterialKind kind, const SaxidCurve *curve, double blur, const SaxidMaterial *start,
                             SaxidMaterialFit *fit, GError **error);

/* Variances and covariances of the coordinates. Of the best fit to this curve. Errors: as above. */
gboolean saxid_material_fit_errors (const SaxidCurve *curve, SaxidMaterialFit *fit, GError **error);

/* What the fit is at the points of a curve. at: q, dq and slit of it count. part: of it, or all. Shape: out at->n. */
typedef enum
{
  SAXID_MATERIAL_ALL,
  SAXID_MATERIAL_STRUCTURE /* without background and upturn */
} SaxidMaterialPart;
void saxid_material_fit_intensity (const SaxidMaterialFit *fit, SaxidMaterialPart part, const SaxidCurve *at, double *out);

/* The same at one q, as no instrument smears it. */
double saxid_material_fit_at (const SaxidMaterialFit *fit, SaxidMaterialPart part, double q);

G_END_DECLS
