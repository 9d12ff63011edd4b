/* The study of disordered materials: what boosted trees tell of a cube's curve, beside what Röding et al. 2022
 * (doi:10.3389/fmats.2022.956839) published and beside the Cramér-Rao bound.
 *
 * Four sets by their protocol (materials-rows.h). Trees learn from the logarithm of the curve, as published; from its
 * components; and, with what it tells, from a fit of the mean curve (models/materials/cube-fit.h).
 *
 * Thread: the caller's, and as many as it says.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_MATERIALS_OUTPUTS 3

/* What trees are given of a curve. */
typedef enum
{
  SAXID_MATERIALS_CURVE,      /* ln I at 500 q, as published */
  SAXID_MATERIALS_COMPONENTS, /* those along which materials differ most beside how much cubes of one do */
  SAXID_MATERIALS_FITTED,     /* values and deviations of the fit of a cube's mean curve */
  SAXID_MATERIALS_INPUTS
} SaxidMaterialsInput;

const char *saxid_materials_input_name (SaxidMaterialsInput input);

typedef struct
{
  gsize curves;  /* for training, of each set */
  gsize tests;   /* to be judged, of each set */
  guint cubes;   /* made voxel by voxel, of each set, to be judged, too */
  guint replicates; /* of the case study */
  guint rounds, threads;
  guint64 seed;
  const char *directory; /* where cubes are remembered; NULL: nowhere */
} SaxidMaterialsSettings;

/* Mean square error, and mean absolute error in per cent of the value. */
typedef struct
{
  double mse, mape;
} SaxidMaterialsScore;

typedef struct
{
  const char *name;    /* "two, low" */
  guint n_output;      /* a, porosity, share */
  SaxidMaterialsScore trees[SAXID_MATERIALS_INPUTS][SAXID_MATERIALS_OUTPUTS], fit[SAXID_MATERIALS_OUTPUTS];
  /* of cubes of voxels (0: there are none), and of curves of the same materials without cubes */
  SaxidMaterialsScore cubes[SAXID_MATERIALS_INPUTS][SAXID_MATERIALS_OUTPUTS], cube_fit[SAXID_MATERIALS_OUTPUTS];
  SaxidMaterialsScore twins[SAXID_MATERIALS_INPUTS][SAXID_MATERIALS_OUTPUTS], twin_fit[SAXID_MATERIALS_OUTPUTS];
  SaxidMaterialsScore paper[SAXID_MATERIALS_OUTPUTS];
  double bound[SAXID_MATERIALS_OUTPUTS]; /* MAPE of an estimator at the bound */
  gsize n_test;
  float *truth, *found; /* [n_test × n_output], of the last input */
} SaxidMaterialsSet;

#define SAXID_MATERIALS_SETS 4

typedef struct
{
  SaxidMaterialsSet set[SAXID_MATERIALS_SETS];
  double mean[SAXID_MATERIALS_OUTPUTS], deviation[SAXID_MATERIALS_OUTPUTS]; /* of the case study, … */
  double case_bound[SAXID_MATERIALS_OUTPUTS]; /* … and the bound */
} SaxidMaterialsStudy;

/* done: called after each step with words for it, or NULL where there is nothing to say yet; FALSE stops with SAXID_ERROR_CANCELLED.
 * Errors: those of the trees; SAXID_ERROR_LIMIT without memory for a cube. */
typedef gboolean (*SaxidMaterialsProgress) (const char *step, gpointer data);
gboolean saxid_materials_study (const SaxidMaterialsSettings *settings, SaxidMaterialsProgress done, gpointer data,
                                SaxidMaterialsStudy *study, GError **error);
void saxid_materials_study_clear (SaxidMaterialsStudy *study);

/* The page and its figure, into a directory that is made where it is not there. Errors: SAXID_ERROR_IO. */
gboolean saxid_materials_page (const SaxidMaterialsSettings *settings, const SaxidMaterialsStudy *study, const char *directory,
                               GError **error);
/* The table alone, as Markdown. Free with g_free. */
char *saxid_materials_table (const SaxidMaterialsStudy *study);

G_END_DECLS
