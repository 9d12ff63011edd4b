/* How do numbers become a picture of pixels?
 *
 * Thread: see pixels.h.
 */
#include "cli/plot/pixels.h"

#include "cli/plot/colours.h"

guint32
saxid_grey_colour (guint8 grey)
{
  return grey == 0 ? 0xffffff : saxid_viridis (grey / 255.0);
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
