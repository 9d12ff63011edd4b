/* Which pixels take no part?
 *
 * A dropped pixel is 0 in all four planes, so that no sum has to ask.
 *
 * Thread: pure.
 */
#include "reducers/mask.h"

void
saxid_mask_apply (SaxidPixels *pixels, const guint8 *bad)
{
  for (gsize k = 0; k < pixels->n; k++)
    if (bad[k] != 0)
      saxid_pixels_drop (pixels, k);
}

void
saxid_limits_apply (SaxidPixels *pixels, double low, double high)
{
  for (gsize k = 0; k < pixels->n; k++)
    if (pixels->signal[k] < low || pixels->signal[k] > high)
      saxid_pixels_drop (pixels, k);
}

guint8 *
saxid_mask_from_image (const float *image, gsize n)
{
  guint8 *mask = g_new (guint8, n);

  for (gsize k = 0; k < n; k++)
    mask[k] = !(image[k] == 0); /* NaN is not 0 */
  return mask;
}

void
saxid_mask_join (guint8 *mask, const guint8 *other, gsize n)
{
  for (gsize k = 0; k < n; k++)
    mask[k] |= other[k] != 0;
}
