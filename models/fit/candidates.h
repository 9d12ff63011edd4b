/* Fits of the likeliest form factors to a curve.
 *
 * Thread: pure; a model may be shared.
 */
#pragma once

#include "models/fit/contest.h"
#include "models/fit/seed.h"

G_BEGIN_DECLS

/* Fits for one curve, at most. */
#define SAXID_SEEDS_MOST 11
/* Scale, background, parameters of the shape, and the width of its main size. */
#define SAXID_SEED_PARAMETERS (SAXID_SHAPE_MAX_PARAMETERS + 3)

typedef struct
{
  guint class;
  const SaxidShape *shape;
  double probability; /* of the model */
  double weight;      /* its part of those of the seeds of a curve: 1 over all */
  double q_first;      /* of the curve, 1/Å, and … */
  double q_min, q_max; /* … of the points that were fitted */
  SaxidRefined fit;
} SaxidSeed;

typedef struct
{
  const char *name;    /* sasmodels'; of the last one the size that has the width */
  const char *unit;    /* "Ang", "1e-6/Ang^2" or "" */
  double value, error; /* error NAN: not known */
  double lower, upper; /* infinite: none */
  gboolean vary, is_width;
} SaxidSeedValue;

/* Whether there is an atlas. */
gboolean saxid_seeds_possible (const SaxidForms *forms);

/* Fits the `n` classes of largest probability and sorts them by weight; their number.
 * Where no fit suits, and all is well without the lowest q, those points are left out of
 * all fits: shadows of beam stops, and larger structures. They begin where the contest of this curve
 * came to; NULL, or one without fits: there is another one first. The curve must be clean.
 * Shape: probability n_class, seed n. */
guint saxid_seeds_find (const SaxidForms *forms, const SaxidCurve *curve, const float *probability, const SaxidContest *contest,
                        guint n, SaxidSeed *seed);

/* The same from the atlas alone, without a fit: quick, and rough. */
guint saxid_seeds_begin (const SaxidForms *forms, const SaxidCurve *curve, const float *probability, guint n,
                         SaxidSeed *seed);

/* The same fit with a Gaussian distribution, as SasView reads every width back: refined from
 * the seed, or the seed itself where that fails. The curve must be clean. */
void saxid_seed_as_gaussian (const SaxidSeed *seed, const SaxidCurve *curve, SaxidSeed *out);

/* All that the form factor needs, scale and background first, the width last. Shape:
 * value SAXID_SEED_PARAMETERS. Returns their number. */
guint saxid_seed_values (const SaxidSeed *seed, SaxidSeedValue *value);

/* What the data do not tell: one line, or NULL. Free with g_free. */
char *saxid_seed_warning (const SaxidSeed *seed);

G_END_DECLS
