/* Colours for numbers, from the least to the greatest.
 *
 * Viridis (Smith & van der Walt 2015), which is even to the eye and told apart by the colour-blind.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 0xRRGGBB; at from 0 to 1, and beyond as at the ends. */
guint32 saxid_viridis (double at);

G_END_DECLS
