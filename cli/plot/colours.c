/* Which colour has a number?
 *
 * Thread: pure.
 */
#include "cli/plot/colours.h"

#include <math.h>

/* At 0, 1/8 … 1. */
static const guint8 stops[][3] = {
  { 68, 1, 84 }, { 71, 44, 122 }, { 59, 81, 139 }, { 44, 113, 142 }, { 33, 144, 141 },
  { 39, 173, 129 }, { 92, 200, 99 }, { 170, 220, 50 }, { 253, 231, 37 },
};

guint32
saxid_viridis (double at)
{
  const double place = CLAMP (at, 0, 1) * (G_N_ELEMENTS (stops) - 1);
  const gsize k = MIN ((gsize) place, G_N_ELEMENTS (stops) - 2);
  guint32 rgb = 0;

  for (guint c = 0; c < 3; c++)
    rgb = rgb << 8 | (guint32) lrint (stops[k][c] + (place - (double) k) * (stops[k + 1][c] - stops[k][c]));
  return rgb;
}
