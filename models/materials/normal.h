/* The normal distribution: from a share of the volume to a level of the field, and back.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* P (z < t) of a standard normal z. */
double saxid_normal_share (double t);

/* Its inverse, to 1e-15 relative. share: in (0, 1); NAN elsewhere. */
double saxid_normal_level (double share);

G_END_DECLS
