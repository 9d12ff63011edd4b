/* What a curve of particles of atoms stands on, and how much of each there is.
 *
 *   I(q) = scale M(q) + a_0 + a_1 [1 - exp (-q² / 25)] + a_2 exp (-(q - 2)² / 2 · 0.35²),   all >= 0
 *
 * A flat background, one that rises as incoherent (Compton) scattering does, and the halo that is left of a solvent. The
 * weighted least squares under bounds have few enough terms to try every set of those that are not 0 (Lawson & Hanson, Solving
 * Least Squares Problems, doi:10.1137/1.9781611971217, chapter 23).
 *
 * Units: q 1/Å. Thread: immutable once made.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum
{
  SAXID_GROUND_FLAT,
  SAXID_GROUND_RISING,
  SAXID_GROUND_HALO,
  SAXID_GROUND_TERMS
};

typedef struct
{
  double scale, ground[SAXID_GROUND_TERMS];
  double chi2;
} SaxidGroundFit;

typedef struct SaxidGround SaxidGround;

/* The terms at q, of amplitude 1. */
void saxid_ground_at (double q, double term[SAXID_GROUND_TERMS]);

/* Prepares for many models of the same data. Shape: q, data and sigma n; sigma > 0. */
SaxidGround *saxid_ground_new (gsize n, const double *q, const double *data, const double *sigma);
void saxid_ground_free (SaxidGround *self);

/* Scale and background for which the model is nearest to the data. FALSE where the scale is not positive. Shape: model n. */
gboolean saxid_ground_solve (const SaxidGround *self, const double *model, SaxidGroundFit *fit);

G_END_DECLS
