/* Which pixels take no part?
 *
 * Shape: a mask is [height × width] bytes, columns fastest.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A mask from an image of one: not 0 and not finite are bad. Free with g_free. */
guint8 *saxid_mask_from_image (const float *image, gsize n);

/* Adds the bad pixels of other to mask. */
void saxid_mask_join (guint8 *mask, const guint8 *other, gsize n);

G_END_DECLS
