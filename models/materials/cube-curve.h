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

#define SAXID_CUBE_MODEL_PARAMETERS 3

/* The Cramér-Rao bound of a, porosity and share (0 for two phases), one standard deviation each, of curves of which the
 * scale is not known. Shape: bound SAXID_CUBE_MODEL_PARAMETERS. FALSE where the parameters cannot be told apart. */
gboolean saxid_cube_model_bound (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, double *bound);

G_END_DECLS
