/* The geometry and optics of a beam that grazes a film.
 *
 * Units: angles in rad, q in 1/Å. Thread: plain data once made.
 */
#pragma once

#include <complex.h>

#include "models/technique/frames/stage.h"

G_BEGIN_DECLS

typedef struct
{
  double delta, beta; /* 1 - n = delta - i beta */
} SaxidOptical;

typedef struct
{
  const SaxidStage *stage;
  double alpha_i;
  double lean;          /* by which the surface is turned in the plane of the detector */
  double cos_lean, sin_lean, cos_i, sin_i; /* of that and of alpha_i */
  SaxidOptical film, substrate;
  double from_film;     /* share of the Yoneda line that is the film's */
  double below, edge, decay; /* what is seen under the horizon, its edge and its decay, drawn pixels */
} SaxidGrazing;

/* A place on the detector as the sample sees it. */
typedef struct
{
  double alpha_f;
  double q_x, q_y, q_z;
  double q_r; /* √(q_x² + q_y²) with the sign of X */
} SaxidGrazingPlace;

/* alpha_i in rad; the rest is drawn. */
void saxid_grazing_draw (SaxidGrazing *grazing, const SaxidStage *stage, double alpha_i, SaxidRandom *random);

/* Horizon at Y = L tan α_i, specular at L tan 2α_i. */
void saxid_grazing_place (const SaxidGrazing *grazing, double x, double y, SaxidGrazingPlace *place);

/* The other way round: Y of an exit angle above the middle. */
double saxid_grazing_y (const SaxidGrazing *grazing, double alpha_f);

/* δ of a material at a wavelength in Å: that at 1.54 Å times (λ / 1.54)². */
double saxid_optical_delta (double delta_at_cu, double wavelength);
/* √(2 δ) */
double saxid_optical_critical (const SaxidOptical *optical);
/* Component of the wave vector along the normal, inside; over k. */
double complex saxid_optical_sine (const SaxidOptical *optical, double alpha);
/* t = 2 sin α / (sin α + √(sin²α - 2δ + 2iβ)); |t|² is greatest at the critical angle: the
 * Yoneda line (doi:10.1103/PhysRev.131.2010). */
double saxid_optical_transmitted (const SaxidOptical *optical, double alpha);
/* r = (sin α - √…) / (sin α + √…) */
double complex saxid_optical_reflected (const SaxidOptical *optical, double alpha);

/* |F|² along the normal of an upright cylinder that stands on the substrate, in the distorted-wave
 * Born approximation (Renaud et al. 2009, doi:10.1016/j.surfrep.2009.07.002); height in Å. 1 where
 * nothing is reflected and the height is small; 0 below the horizon. */
double saxid_grazing_island (const SaxidGrazing *grazing, double alpha_f, double height);

/* |t (α_f)|² of film and substrate as they are seen. */
double saxid_grazing_yoneda (const SaxidGrazing *grazing, double alpha_f);

/* Weakens what lies under the horizon of image. */
void saxid_grazing_horizon (const SaxidGrazing *grazing, float *image);
/* Structure factor (1 - φ²) / (1 + φ² - 2 φ cos q D), φ = exp (-q² D² ω² / 2), of a
 * one-dimensional paracrystal: side maxima near 2π/D. */
double saxid_paracrystal (double q, double spacing, double omega);

/* Adds what air and windows scatter about the direct beam, above the horizon and below; the
 * brightest of image are taken for 1. */
void saxid_grazing_air (const SaxidGrazing *grazing, SaxidRandom *random, float *image);
/* Adds the specular beam with its rod, and what is seen of the direct beam. */
void saxid_grazing_beams (const SaxidGrazing *grazing, SaxidRandom *random, double height, float *image);

G_END_DECLS
