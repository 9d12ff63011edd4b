/* How do particles stand beside each other?
 *
 * Units: q 1/Å, radius Å, volume fraction 0 to 1. Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* S(q) of hard spheres: Percus & Yevick in the closed form of Kinning & Thomas 1984,
 * doi:10.1021/ma00139a013. x = 2 q R; volume fraction 0 <= phi < 1. */
double saxid_structure_hard_spheres (double x, double phi);

G_END_DECLS
