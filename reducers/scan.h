/* Are these values of q those of one curve?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Refuses what goes up and down (an image, a log) and what holds few values over and over (a
 * two-dimensional table), both as by far the most points do. A curve may run backwards, may be
 * put together from pieces that overlap, and may have its points doubled.
 * Errors: SAXID_ERROR_NO_CURVE. */
gboolean saxid_scan_check (gsize n, const double *q, GError **error);

G_END_DECLS
