/* Are two sets of scores different, or was it chance?
 *
 * Wilcoxon 1945, DOI 10.2307/3001968; Lehmann & D'Abrera 1975.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The two-sided probability of ranks that lie this far apart if both sets are of one
 * distribution: exact (by counting) up to 25 of each without ties, else the normal
 * approximation with the correction for ties. 1 where a set is empty. */
double saxid_rank_sum (gsize n, const double *a, gsize m, const double *b);

G_END_DECLS
