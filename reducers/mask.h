/* Which pixels take no part?
 *
 * Shape: a mask is [height × width] bytes, columns fastest.
 * Thread: pure.
 */
#pragma once

#include "reducers/frame.h"

G_BEGIN_DECLS

/* Drops every pixel where bad is not 0 (the sense of a NeXus pixel_mask). */
void saxid_mask_apply (SaxidPixels *pixels, const guint8 *bad);

/* Drops every pixel whose signal is outside low…high, in counts: below, what a
 * detector writes for a dead pixel; above, what it cannot count. */
void saxid_limits_apply (SaxidPixels *pixels, double low, double high);

/* A mask from an image of one: not 0 and not finite are bad. Free with g_free. */
guint8 *saxid_mask_from_image (const float *image, gsize n);

/* Adds the bad pixels of other to mask. */
void saxid_mask_join (guint8 *mask, const guint8 *other, gsize n);

G_END_DECLS
