/* A piece of a disordered material, voxel by voxel.
 *
 * As Röding et al. 2022 (doi:10.3389/fmats.2022.956839) make it: a Gaussian random field cut at its
 * quantile, smoothed by a Gaussian of so many voxels, cut again; a layer is then a film of even
 * thickness. Or plain: levels of the field itself, whose mean curve is that of mean-curve.h.
 *
 * Units: lengths Å. Thread: as the plan of cube.h.
 */
#pragma once

#include "models/materials/voxels/cube.h"
#include "models/materials/material.h"
#include "models/materials/voxels/shells.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidMaterial material; /* order: whole */
  double voxel;           /* Å */
  double smoothing;       /* of the field that was cut, in voxels; 0: plain */
  guint64 seed, sample;
} SaxidStructure;

/* The smoothing of Röding et al.: 1 nm in voxels of 0.5 nm. */
#define SAXID_STRUCTURE_SMOOTHING 2.0

/* Shares of the phases come out exact to a voxel.
 * Errors: those of saxid_material_check; SAXID_ERROR_ARGUMENT for an order between two, a voxel or a smoothing that
 * is out of range, and a structure of which the cube would hold less than four lengths. */
gboolean saxid_structure_fill (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube, GError **error);

/* Cuts what is in the cube already (a field) and goes on as above: for fields of one's own. */
void saxid_structure_cut (const SaxidStructure *structure, const SaxidCubePlan *plan, SaxidCube *cube);

G_END_DECLS
