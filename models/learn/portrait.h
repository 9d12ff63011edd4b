/* What does a network see of a curve, whatever its grid, its unit and its scale?
 *
 * The curve on a fixed number of steps of ln q between its own first and last point, as
 * channels that depend on neither the unit of q nor that of I:
 *   0  ln I, floored where noise begins, less its mean where there is signal
 *   1  asinh (I / 2 sigma): the signal in units of its noise, of either sign
 *   2  ln sigma, less the mean of channel 0
 *   3  ln q, less the middle of the window: how wide a step is
 *   4  ln of the scatter of the points over the sigma that was given
 *   5  1 where no sigma was given, and the scatter serves as one
 *   6  ln of the points in a step
 *
 * Units: none. Shape: [SAXID_PORTRAIT_CHANNELS × SAXID_PORTRAIT_WIDTH].
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_PORTRAIT_CHANNELS 7
#define SAXID_PORTRAIT_WIDTH 256

/* The least window that a portrait is taken of, last over first q. */
#define SAXID_PORTRAIT_LEAST_RATIO 2.0

/* q positive and strictly ascending, intensity finite, sigma positive or NULL.
 * FALSE: fewer than SAXID_CURVE_MIN_POINTS points, no intensity at all, or too narrow
 * a window. */
gboolean saxid_portrait_take (gsize n, const double *q, const double *intensity, const double *sigma, float *out);

/* ln (q_max / q_min) of what a portrait was taken of; 0 for a blank one. */
double saxid_portrait_range (const float *portrait);
/* ln I, less its mean, of a value of channel 0. */
double saxid_portrait_level (float value);

G_END_DECLS
