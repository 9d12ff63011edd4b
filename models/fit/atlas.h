/* Where should a fit begin? The nearest of many curves, at the size that suits.
 *
 * Every class has a page of curves of one main size with parameters drawn over its whole
 * space. On steps of ln q another size is a shift, so a page is searched for the curve
 * and the size at once, with scale and background solved for each.
 *
 * Units: q 1/Å, lengths Å. Thread: may be shared; the first match unfolds it.
 */
#pragma once

#include "models/fit/space.h"
#include "reducers/curve.h"

G_BEGIN_DECLS

typedef struct SaxidAtlas SaxidAtlas;

/* Pages for n classes with per_page curves each; a class without a space has none.
 * Uses `threads` threads. */
SaxidAtlas *saxid_atlas_new (guint n_class, const SaxidShape *const *class, guint per_page, guint64 seed,
                             guint threads);
void saxid_atlas_free (SaxidAtlas *atlas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidAtlas, saxid_atlas_free)

/* Page after page, for each curve ln I on the steps, then the coordinates: 16-bit numbers,
 * little endian. */
GBytes *saxid_atlas_to_bytes (const SaxidAtlas *atlas);
/* Errors: SAXID_ERROR_MODEL when they are of another number of classes. */
SaxidAtlas *saxid_atlas_from_bytes (guint n_class, const SaxidShape *const *class, GBytes *bytes, GError **error);

typedef struct
{
  SaxidSpacePoint point;
  double misfit; /* weighted mean square, with what an atlas leaves open in the weights */
} SaxidMatch;

/* The best `n` matches of the shape, none of them a neighbour of a better one; their
 * number. The curve needs sigma and has at most SAXID_ATLAS_MOST_POINTS points, not
 * nearer to each other than a step. quick: fewer contrasts are tried at first. None where it has no page. Shape: match n. */
#define SAXID_ATLAS_STEP 0.03 /* of ln q */
#define SAXID_ATLAS_MOST_POINTS 512
guint saxid_atlas_match (SaxidAtlas *atlas, const SaxidShape *shape, const SaxidCurve *curve, gboolean quick, guint n,
                         SaxidMatch *match);

G_END_DECLS
