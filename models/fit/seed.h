/* The fit that an analyst would begin with: for one class, from a curve alone.
 *
 * An atlas gives some beginnings, a coarse curve decides between them, and the whole
 * curve has the last word.
 *
 * Units: q 1/Å, lengths Å. Thread: pure.
 */
#pragma once

#include "models/fit/atlas.h"
#include "models/fit/refine.h"

G_BEGIN_DECLS

/* Matches of an atlas that a fit begins from, for one that is to be found. */
#define SAXID_SEED_BEGINNINGS 6

/* hint: where to begin first, or NULL. beginnings: SAXID_SEED_BEGINNINGS, or fewer for a class
 * that is not worth that long a search. hopeless: a fit whose chi2 stays above this is not polished, and has no errors;
 * infinite, to polish any. The curve must be clean. Without sigma its scatter serves (scatter.h), and chi2 is
 * measured by that.
 * Errors: SAXID_ERROR_DATA where the class cannot be fitted to the curve. */
gboolean saxid_seed_fit (SaxidAtlas *atlas, const SaxidShape *shape, const SaxidCurve *curve,
                         const SaxidSpacePoint *hint, guint beginnings, double hopeless, SaxidRefined *seed,
                         GError **error);

/* The curve as a seed is fitted to it: with sigma, and none below what a form factor here
 * is precise to. */
SaxidCurve *saxid_seed_curve_with_sigma (const SaxidCurve *curve);

/* The nearest of the atlas alone, not refined: quick, and rough. Scale, background and
 * chi2 are those of the coarse curve. Errors: as saxid_seed_fit. */
gboolean saxid_seed_begin (SaxidAtlas *atlas, const SaxidShape *shape, const SaxidCurve *curve,
                           SaxidRefined *seed, GError **error);

G_END_DECLS
