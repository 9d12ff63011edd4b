/* How noisy is a curve, by its own scatter?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One standard deviation of each point, from the scatter of the points around it: fourth
 * differences (1, -4, 6, -4, 1), whose variance is 70 sigma² and which a smooth curve
 * hardly shows. Never below 1e-5 of the intensity: what is smoother was smoothed.
 * Shape: intensity and scatter n, at least 5; not all intensities 0. */
void saxid_scatter (gsize n, const double *intensity, double *scatter);

G_END_DECLS
