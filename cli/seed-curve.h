/* A curve of a file with the fits that an analyst would begin with.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "models/fit/candidates.h"
#include "plugin/verdict.h"
#include "schemas/curve/reader.h"
#include "schemas/seed/page.h"

G_BEGIN_DECLS

typedef struct
{
  SaxidSeed seed;
  const char *class_name;
  char *warning;      /* NULL, or what the data do not tell */
  SaxidSeedPage page; /* points into the curve and into parameter */
  SaxidSeedParameter parameter[SAXID_SEED_PARAMETERS];
  char *title;
} SaxidCurveSeed;

typedef struct
{
  char *file, *title;
  char *reason;      /* why there is no fit, or NULL */
  char *note;        /* what was assumed of it, left out or mended, or NULL */
  SaxidCurve *curve; /* clean, in 1/cm where `absolute`; NULL where it is none */
  gboolean absolute;
  float *probability;     /* [n_class] of the model, NULL where it says nothing */
  SaxidFitSigns signs;    /* what the fits of the verdict say */
  gsize stands_for;       /* curves that this one stands for, itself with them */
  guint n_seed;
  SaxidCurveSeed seed[SAXID_SEEDS_MOST]; /* the heaviest first */
} SaxidSeededCurve;

/* Reads; a curve that is none has a reason, and so has one of grazing frames, which has no form
 * factor, unless any_technique. */
SaxidSeededCurve *saxid_seed_curve_read (SaxidReader *reader, const char *path, guint source, gsize frame, gboolean any_technique);
/* Reads and judges; fits nothing yet. NULL with error where the model fails; a curve that
 * is none has a reason. features: saxid_predictor_n_feature values, or NULL. */
SaxidSeededCurve *saxid_seed_curve (const SaxidModel *model, SaxidReader *reader, const char *path, guint source,
                                    gsize frame, gboolean any_technique, float *features, GError **error);
/* Adds the seeds, or a reason. gaussian: with Gaussian distributions, for SasView. */
void saxid_seeded_curve_fit (SaxidSeededCurve *curve, const SaxidModel *model, guint candidates, gboolean gaussian);
void saxid_seeded_curve_free (SaxidSeededCurve *curve);

G_END_DECLS
