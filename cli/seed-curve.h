/* A curve of a file with the fits that an analyst would begin with.
 *
 * Thread: one thread at a time.
 */
#pragma once

#include "plugin/seeds.h"
#include "schemas/reader.h"
#include "schemas/seed-page.h"

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
  SaxidCurve *curve; /* clean, in 1/cm where `absolute`; NULL where it is none */
  gboolean absolute;
  guint n_seed;
  SaxidCurveSeed seed[SAXID_SEEDS_MOST]; /* the heaviest first */
} SaxidSeededCurve;

/* Reads, judges and fits. NULL with error where the model fails; a curve that is none has
 * a reason instead of seeds. */
SaxidSeededCurve *saxid_seed_curve (const SaxidModel *model, SaxidReader *reader, const char *path, guint source,
                                    gsize frame, guint candidates, GError **error);
void saxid_seeded_curve_free (SaxidSeededCurve *curve);

G_END_DECLS
