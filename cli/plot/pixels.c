/* Which colour has a value?
 *
 * Thread: see pixels.h.
 */
#include "cli/plot/pixels.h"

#include <math.h>

/* Viridis at 0, 1/8 … 1. */
static const guint8 stops[][3] = {
  { 68, 1, 84 }, { 71, 44, 122 }, { 59, 81, 139 }, { 44, 113, 142 }, { 33, 144, 141 },
  { 39, 173, 129 }, { 92, 200, 99 }, { 170, 220, 50 }, { 253, 231, 37 },
};

guint32
saxid_viridis (guint8 grey)
{
  const double at = grey / 255.0 * (G_N_ELEMENTS (stops) - 1);
  const gsize k = MIN ((gsize) at, G_N_ELEMENTS (stops) - 2);
  guint32 rgb = 0;

  if (grey == 0) /* nothing valid */
    return 0xffffff;
  for (guint c = 0; c < 3; c++)
    rgb = rgb << 8 | (guint32) lrint (stops[k][c] + (at - (double) k) * (stops[k + 1][c] - stops[k][c]));
  return rgb;
}

static cairo_status_t
collect (void *array, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (array, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
saxid_surface_png (cairo_surface_t *surface)
{
  GByteArray *png = g_byte_array_new ();

  cairo_surface_write_to_png_stream (surface, collect, png);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (png);
}
