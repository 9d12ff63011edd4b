/* Are these values of q those of one curve?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Refuses what goes up and down (an image, a log) and what holds few values over and over (a
 * two-dimensional table), both as by far the most points do. A curve may run backwards, may be
 * put together from pieces that overlap, and may have its points doubled. Where something else says
 * that this is q (any_order), points may be shuffled, too: a log is not called so, and an image turns
 * seldom.
 * Errors: SAXID_ERROR_NO_CURVE. */
gboolean saxid_scan_check (gsize n, const double *q, gboolean any_order, GError **error);

/* First and last positive q, but for points so far out that nobody will look at them (worth.h);
 * INFINITY and 0 without any. */
void saxid_scan_ends (gsize n, const double *q, double *low, double *high);

G_END_DECLS
