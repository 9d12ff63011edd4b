/* Is a curve that of a disordered material, and what does it tell of it?
 *
 * Lengths and surfaces come from the fit (fit.h). The porosity comes from the invariant where the
 * user says what solid and pore are, since that holds for any arrangement of two phases; from the
 * shape of the curve only as "if the material is of this model", with its mirror value, and never
 * where the fit has it at a bound: the shape of a real material has another covariance.
 *
 * Units: q 1/Å, lengths Å, surfaces 1/Å (by volume of the sample; 1/Å = 1e4 m²/cm³). Thread: pure.
 */
#pragma once

#include "models/materials/fit.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_MATERIAL_NOT_ASKED,
  SAXID_MATERIAL_FOUND,
  SAXID_MATERIAL_SHORT,   /* the window of q is too short to say */
  SAXID_MATERIAL_REFUSED  /* not of this kind */
} SaxidMaterialStatus;

/* Where a porosity comes from. */
typedef enum
{
  SAXID_MATERIAL_NOWHERE,
  SAXID_MATERIAL_SHAPE,
  SAXID_MATERIAL_INVARIANT,
  SAXID_MATERIAL_GIVEN
} SaxidMaterialBasis;

/* "", "shape", "invariant", "given"; "", "found", "window too short", "not of this kind"; "gaussian_field", "random",
 * "teubner_strey". */
const char *saxid_material_basis_name (SaxidMaterialBasis basis);
const char *saxid_material_status_name (SaxidMaterialStatus status);
/* By the same numbers as in files. */
typedef enum
{
  SAXID_MATERIAL_LAW_RANDOM_FIELD,
  SAXID_MATERIAL_LAW_RANDOM,
  SAXID_MATERIAL_LAW_TEUBNER_STREY,
  SAXID_MATERIAL_LAWS
} SaxidMaterialLaw;
SaxidMaterialLaw saxid_material_law (SaxidMaterialKind kind);

/* What the user knows; 0: nothing. With a contrast or densities, I is absolute, in 1/cm. */
typedef struct
{
  double porosity;    /* 0 to 1 */
  double contrast;    /* of solid and pore, 1e-6/Å² */
  double density;     /* of the sample with its pores, g/cm³, and … */
  double per_density; /* … scattering length density of the solid for each g/cm³, 1e-6/Å² (carbon: 8.48 for X-rays) */
} SaxidMaterialKnown;

/* Errors: SAXID_ERROR_ARGUMENT for values that nothing has, or a density without what it scatters. */
gboolean saxid_material_known_check (const SaxidMaterialKnown *known, GError **error);

/* A value with the bounds of its 90 % interval; NAN where it is not known. */
typedef struct
{
  double value, lower, upper;
} SaxidMaterialInterval;

#define SAXID_MATERIAL_TEXT 160

typedef struct
{
  SaxidMaterialStatus status;
  char reason[SAXID_MATERIAL_TEXT];  /* why it is not found, or "" */
  char warning[SAXID_MATERIAL_TEXT]; /* what is withheld, or "" */
  SaxidMaterialFit fit;
  double q_first, q_last;            /* of the curve */
  double rms;                        /* relative residual where the structure is seen, and … */
  double excess;                     /* … what of it is beyond noise */
  double noise;                      /* relative, of the points that decide */
  double misfit;                     /* as contest.h has it */
  SaxidMaterialInterval length, order, share;
  SaxidMaterialInterval repeat;      /* 2 pi a / w of bicontinuous phases, Å */
  SaxidMaterialInterval shape;       /* porosity by the shape, at most 1/2 for two phases; 1 - it fits as well */
  SaxidMaterialInterval porod_length;
  SaxidMaterialBasis basis;          /* of these: */
  SaxidMaterialInterval porosity, surface, pore_chord, solid_chord;
  double density;                    /* of the sample, g/cm³, where the user told it; 0 */
  double invariant;                  /* int I q² dq of the structure, unit of I by 1/Å³ */
  double below, above;               /* parts of it that lie outside the window */
} SaxidMaterialAnswer;

/* Asks with all that is needed: a coarse search, then a fit of all points. The curve must be clean. Takes some 30 ms, the
 * first one of a process half a second. known: NULL, nothing.
 * Errors: SAXID_ERROR_DATA where nothing can be fitted; the status is then SAXID_MATERIAL_REFUSED. */
gboolean saxid_material_answer (const SaxidCurve *curve, const SaxidMaterialKnown *known, SaxidMaterialAnswer *answer, GError **error);

G_END_DECLS
