/* A disordered material of two or three phases: what it is, and what is known of it in closed form.
 *
 * A Gaussian random field psi is cut at levels. Two phases: solid above the level that has the
 * porosity below it, pore below. Three phases: of the pore space the part `share` lies next to
 * the solid (psi between the two levels) and is filled to the density `layer`, that of the
 * pore being 0 and of the solid 1 (Röding et al. 2022, doi:10.3389/fmats.2022.956839).
 *
 * Or no field is behind it, and the covariance of two phases itself is known: porosity (1 - porosity) gamma (r),
 *
 *   gamma = exp (-r/a) sin (w r/a) / (w r/a),
 *
 * of random phases (w = 0: Debye, Anderson and Brumberger 1957, doi:10.1063/1.1722830) and of bicontinuous
 * ones, which follow each other at the distance 2 pi a / w (Teubner and Strey 1987, doi:10.1063/1.453006).
 * Their curve has a closed form, and its shape tells nothing of the porosity.
 *
 * Units: q 1/Å, lengths Å, surfaces 1/Å (area by volume of the sample; 1/Å = 1e4 m²/cm³).
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_COVARIANCE_RANDOM_FIELD, /* of the levels of a Gaussian random field */
  SAXID_COVARIANCE_EXPONENTIAL   /* gamma above */
} SaxidCovariance;

typedef struct
{
  guint phases;    /* 2 or 3 */
  double length;   /* a, Å: of a field see spectrum.h; else the correlation length */
  double porosity; /* volume share of what is not solid, with the layer */
  double share;    /* three phases: part of that which the layer fills */
  double layer;    /* three phases: density of the layer, 0 (pore) to 1 (solid) */
  double order;    /* two phases: of the spectrum, as in spectrum.h; three phases: 0 */
  SaxidCovariance covariance; /* three phases: of a field */
  double wave;     /* w of an exponential covariance, else 0 */
} SaxidMaterial;

/* Between these the mean curve is tabulated. */
#define SAXID_MATERIAL_LEAST_POROSITY 0.01
#define SAXID_MATERIAL_LEAST_SHARE 0.03
#define SAXID_MATERIAL_MOST_SHARE 0.8
/* w: below the first the curve has no peak, above the second the phases are layers rather than disordered. */
#define SAXID_MATERIAL_PEAK_WAVE 1.0
#define SAXID_MATERIAL_MOST_WAVE 12.0

/* Density of water against cellulose or hard carbon, which Röding et al. take. */
#define SAXID_MATERIAL_LAYER 0.65

/* What an interface and a volume tell. */
typedef struct
{
  double surface;       /* S_V of the solid, or of the solid with the layer on it: 1/Å */
  double layer_surface; /* three phases: of the layer against the pore, 1/Å; else 0 */
  double porod;         /* lim q⁴ P (q) = 2 pi sum (contrast² S_V), 1/Å */
  double variance;      /* of the density: the invariant int P q² dq is 2 pi² times that */
  double pore_chord, solid_chord; /* mean chords, Å: 4 porosity / S_V, 4 (1 - porosity) / S_V */
  double porod_length;  /* 4 porosity (1 - porosity) / S_V, Å: hardly depends on the porosity */
} SaxidMaterialSums;

/* Errors: SAXID_ERROR_ARGUMENT where a value is out of the ranges above. */
gboolean saxid_material_check (const SaxidMaterial *material, GError **error);

/* The material must be one. */
void saxid_material_sums (const SaxidMaterial *material, SaxidMaterialSums *sums);

/* The two levels of the field, lower first; equal where there are two phases. */
void saxid_material_levels (const SaxidMaterial *material, double level[2]);

G_END_DECLS
