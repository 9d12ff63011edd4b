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

/* The curve must be clean. Without sigma its scatter serves (scatter.h), and chi2 is
 * measured by that.
 * Errors: SAXID_ERROR_DATA where the class cannot be fitted to the curve. */
gboolean saxid_seed_fit (SaxidAtlas *atlas, guint class, const SaxidShape *shape, const SaxidCurve *curve,
                         SaxidRefined *seed, GError **error);

G_END_DECLS
