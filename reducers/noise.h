/* How noisy is a curve, by the scatter of its own points?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One standard deviation of each point, from the scatter of the points around it: fourth
 * differences (1, -4, 6, -4, 1), whose variance is 70 sigma² and which a smooth curve
 * hardly shows. Never below 1e-5 of the intensity: what is smoother was smoothed.
 * Shape: intensity and sigma n, at least 5; not all intensities 0. */
void saxid_noise (gsize n, const double *intensity, double *sigma);

G_END_DECLS
