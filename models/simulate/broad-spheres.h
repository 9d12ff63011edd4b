/* What do spheres scatter whose sizes differ, where no more than that is asked?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 9 (sin x - x cos x)^2 / x^6 with its oscillations faded as by sizes with the relative
 * width `blur`; 1 at x = q R = 0. */
double saxid_broad_spheres (double x, double blur);

G_END_DECLS
