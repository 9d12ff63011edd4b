/* Pictures of pixels, not strokes: their colours, and a PNG of them.
 *
 * Thread: no state.
 */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* 0xRRGGBB of colours.h for 1 to 255; white for 0, where nothing is. */
guint32 saxid_grey_colour (guint8 grey);

/* The bytes of a PNG; the surface is destroyed. */
GBytes *saxid_surface_png (cairo_surface_t *surface);

G_END_DECLS
