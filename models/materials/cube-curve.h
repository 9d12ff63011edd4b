/* The curve of a cube of a material, without the cube: its mean, and what a finite cube adds.
 *
 * By the protocol of Röding et al. 2022 (doi:10.3389/fmats.2022.956839): I (q) is a weighted mean of
 * |F|² over modes, weights k^-2 exp (-2 (k - q)² / dq²), dq the step of the modes. A cube's |F|² is
 * exponential about its mean, equal at ±k; and its interface departs from the mean interface, which
 * moves all of high q together: var (S) / S² = kappa (a / edge)³ with kappa 9 (16 at small porosities).
 * Aliasing of a sampled interface is in the mean. The noise is log-normal, of variance alpha I.
 *
 * Units: lengths Å, q 1/Å; I of a transform that is not normalised. Thread: one that is made may be shared.
 */
#pragma once

#include "models/materials/material.h"
#include "models/simulate/random.h"

G_BEGIN_DECLS

typedef struct SaxidCubeModel SaxidCubeModel;

/* n voxels of an edge. Shape: q m, ascending, within the modes. */
SaxidCubeModel *saxid_cube_model_new (guint n, double voxel, gsize m, const double *q);
void saxid_cube_model_free (SaxidCubeModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCubeModel, saxid_cube_model_free)

/* The mean curve. The material must be one. Shape: out m. */
void saxid_cube_model_mean (const SaxidCubeModel *model, const SaxidMaterial *material, double *out);

/* The curve of one cube, with noise of alpha (0: none). Shape: out m. */
void saxid_cube_model_draw (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, guint64 seed,
                            guint64 sample, double *out);

/* The noise alone, onto a curve: log-normal with mean I and variance alpha I; none where alpha is 0. Shape: intensity m. */
void saxid_cube_noise (SaxidRandom *random, double alpha, gsize m, double *intensity);

/* What the logarithm of a cube's curve is in the mean, and how it scatters: a covariance that is a band (points far from
 * each other share no modes), and beside it a normal variate that is one for the whole curve, times `interface`.
 * Shape: m each, covariance m × band: row i has those with i, i - 1, … The caller's arrays. */
typedef struct
{
  gsize band; /* saxid_cube_model_band */
  double *mean, *covariance, *interface;
} SaxidCubeScatter;

gsize saxid_cube_model_points (const SaxidCubeModel *model);
const double *saxid_cube_model_q (const SaxidCubeModel *model);
gsize saxid_cube_model_band (const SaxidCubeModel *model);
void saxid_cube_model_scatter (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, SaxidCubeScatter *out);

G_END_DECLS
