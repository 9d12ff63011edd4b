/* Which pixels take no part?
 *
 * Shape: a mask is [height × width] bytes, columns fastest.
 * Thread: pure.
 */
#pragma once

#include "reducers/geometry.h"

G_BEGIN_DECLS

/* A mask from an image of one: not 0 and not finite are bad. Free with g_free. */
guint8 *saxid_mask_from_image (const float *image, gsize n);

/* Adds the bad pixels of other to mask. */
void saxid_mask_join (guint8 *mask, const guint8 *other, gsize n);

/* Adds the gaps between the modules of the detector. Returns how many pixels these are.
 * Shape: mask is [height × width] of the frames. */
gsize saxid_mask_gaps (guint8 *mask, const SaxidGeometry *geometry, gsize height, gsize width);

G_END_DECLS
