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
