/* The study of disordered materials: what boosted trees tell of a cube's curve, beside what Röding et al. 2022
 * (doi:10.3389/fmats.2022.956839) published and beside the Cramér-Rao bound.
 *
 * Four sets by their protocol: a, porosity (low or high) and the share of the layer are uniform, the
 * curve is that of a cube of 512 voxels of 0.5 nm with log-normal noise, divided by its invariant. The curves
 * are made without cubes (models/materials/cube-curve.h), of levels of the field that is not smoothed.
 *
 * Thread: the caller's, and as many as it says.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_MATERIALS_OUTPUTS 3

typedef struct
{
  gsize curves;  /* for training, of each set */
  gsize tests;   /* to be judged, of each set */
  guint cubes;   /* made voxel by voxel, of each set, to be judged, too */
  guint replicates; /* of the case study */
  guint rounds, threads;
  guint64 seed;
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
  SaxidMaterialsScore trees[SAXID_MATERIALS_OUTPUTS], cubes[SAXID_MATERIALS_OUTPUTS], paper[SAXID_MATERIALS_OUTPUTS];
  double bound[SAXID_MATERIALS_OUTPUTS]; /* MAPE of an estimator at the bound */
  gsize n_test;
  float *truth, *found; /* [n_test × n_output] */
} SaxidMaterialsSet;

#define SAXID_MATERIALS_SETS 4

typedef struct
{
  SaxidMaterialsSet set[SAXID_MATERIALS_SETS];
  double mean[SAXID_MATERIALS_OUTPUTS], deviation[SAXID_MATERIALS_OUTPUTS]; /* of the case study, … */
  double case_bound[SAXID_MATERIALS_OUTPUTS]; /* … and the bound */
} SaxidMaterialsStudy;

/* done: called after each step with a word for it; FALSE stops with SAXID_ERROR_CANCELLED.
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
