/* Which pixels take no part?
 *
 * Thread: pure.
 */
#include "reducers/mask.h"

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

gsize
saxid_mask_gaps (guint8 *mask, const SaxidGeometry *geometry, gsize height, gsize width)
{
  const gsize down = geometry->module_height + geometry->gap_height, across = geometry->module_width + geometry->gap_width;
  gsize n = 0;

  if (geometry->module_height == 0 || geometry->module_width == 0)
    return 0;
  for (gsize row = 0, k = 0; row < height; row++)
    for (gsize column = 0; column < width; column++, k++)
      if (row % down >= geometry->module_height || column % across >= geometry->module_width)
        {
          mask[k] = 1;
          n++;
        }
  return n;
}
