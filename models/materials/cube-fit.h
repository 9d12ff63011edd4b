/* Which material's cube scatters such a curve, and how well can that be told?
 *
 * Fisher's scoring on ln I with the covariance of modes, of the interface and of the noise (cube-curve.h). The
 * scale of the curve is free; alpha, of the noise, comes from how far neighbouring points differ. The same
 * information matrix gives the Cramér-Rao bound.
 *
 * Units: lengths Å, q 1/Å. Thread: a fitter that is made may be shared.
 */
#pragma once

#include "models/materials/cube-curve.h"

G_BEGIN_DECLS

#define SAXID_CUBE_MODEL_PARAMETERS 3

/* The Cramér-Rao bound of a, porosity and share (0 for two phases), one standard deviation each, of curves of which the
 * scale is not known. Shape: bound SAXID_CUBE_MODEL_PARAMETERS. FALSE where the parameters cannot be told apart. */
gboolean saxid_cube_model_bound (const SaxidCubeModel *model, const SaxidMaterial *material, double alpha, double *bound);

typedef struct SaxidCubeFitter SaxidCubeFitter;

/* Fits of two phases, or of three with a layer of SAXID_MATERIAL_LAYER; of a within 8 to 80 Å, of porosities below one half or
 * above. The model must outlive it. */
SaxidCubeFitter *saxid_cube_fitter_new (const SaxidCubeModel *model, guint phases, gboolean is_high);
void saxid_cube_fitter_free (SaxidCubeFitter *fitter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidCubeFitter, saxid_cube_fitter_free)

typedef struct
{
  /* ln a; two phases: T², the square of the level, below 0 where that fits better; three: porosity, and share */
  double value[SAXID_CUBE_MODEL_PARAMETERS];
  double deviation[SAXID_CUBE_MODEL_PARAMETERS];
  double alpha;     /* of the noise */
  double interface; /* how many standard deviations the cube's interface departs */
} SaxidCubeFit;

/* The scale of the intensity does not matter; it must be positive. Shape: intensity those of the model. */
void saxid_cube_fitter_run (const SaxidCubeFitter *fitter, const double *intensity, SaxidCubeFit *out);

G_END_DECLS
