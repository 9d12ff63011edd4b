/* The four sets of materials of the study, their curves, and what trees see of a curve.
 *
 * By the protocol of Röding et al. 2022 (doi:10.3389/fmats.2022.956839): a, porosity (low or high) and the share of
 * the layer are uniform, a curve is that of a cube of 512 voxels of 0.5 nm with log-normal noise, divided by its
 * invariant. Curves are made without cubes (models/materials/cube-curve.h), of levels of a field that is not smoothed.
 *
 * Thread: the caller's, and as many as the set says.
 */
#pragma once

#include "cli/learn/materials-study.h"
#include "models/learn/components.h"
#include "models/materials/cube-fit.h"

G_BEGIN_DECLS

#define SAXID_MATERIALS_EDGE 512
#define SAXID_MATERIALS_VOXEL 5.0 /* Å */
#define SAXID_MATERIALS_POINTS 500
#define SAXID_MATERIALS_ALPHA_FIRST 1e2
#define SAXID_MATERIALS_ALPHA_LAST 316227.766

/* Of one set: which sample is a curve of what. */
typedef enum
{
  SAXID_MATERIALS_TRAINING = 0,
  SAXID_MATERIALS_TESTS = 1,
  SAXID_MATERIALS_CUBES = 2,
  SAXID_MATERIALS_REPLICATES = 3, /* of the material of the case study */
  SAXID_MATERIALS_TWINS = 4       /* two cubes of each material */
} SaxidMaterialsPart;

typedef struct
{
  guint index, n_output, threads;
  guint64 seed;
  double q[SAXID_MATERIALS_POINTS];
  SaxidCubeModel *model;
  SaxidCubeFitter *fitter;
  double *factor; /* Cholesky's of the covariance of cubes of one material, the lower half */
  SaxidComponents *components;
} SaxidMaterialsPopulation;

/* n curves: what they are of, what the fit says, and the inputs of trees. */
typedef struct
{
  gsize n;
  float *truth, *fitted; /* [n × n_output] a in nm, porosity, share */
  float *input[SAXID_MATERIALS_INPUTS]; /* [n × saxid_materials_width] */
} SaxidMaterialsRows;

const char *saxid_materials_set_name (guint index);
const SaxidMaterial *saxid_materials_case (void);
/* The set that has the material of the case study. */
#define SAXID_MATERIALS_CASE_SET 3

gsize saxid_materials_width (SaxidMaterialsInput input);

/* Errors: SAXID_ERROR_DATA. The components come with saxid_materials_learn. */
gboolean saxid_materials_population_init (SaxidMaterialsPopulation *self, guint index, const SaxidMaterialsSettings *settings,
                                          GError **error);
void saxid_materials_population_clear (SaxidMaterialsPopulation *self);

guint64 saxid_materials_sample (const SaxidMaterialsPopulation *self, SaxidMaterialsPart part, gsize k);
/* The material of a sample, and alpha of its noise. */
SaxidMaterial saxid_materials_draw (const SaxidMaterialsPopulation *self, SaxidMaterialsPart part, gsize k, double *alpha);

SaxidMaterialsRows *saxid_materials_rows_new (const SaxidMaterialsPopulation *self, gsize n);
void saxid_materials_rows_free (SaxidMaterialsRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidMaterialsRows, saxid_materials_rows_free)
/* One row of a curve with noise; the components are not filled. Shape: intensity POINTS. */
void saxid_materials_rows_set (const SaxidMaterialsPopulation *self, SaxidMaterialsRows *rows, gsize k, const SaxidMaterial *material,
                               const double *intensity);
/* All rows by the samples of a part. */
void saxid_materials_rows_draw (const SaxidMaterialsPopulation *self, SaxidMaterialsPart part, SaxidMaterialsRows *rows);
/* Which components there are, by these rows; and those of rows. Errors: those of components.h. */
gboolean saxid_materials_learn (SaxidMaterialsPopulation *self, const SaxidMaterialsRows *rows, GError **error);
void saxid_materials_project (const SaxidMaterialsPopulation *self, SaxidMaterialsRows *rows);

G_END_DECLS
