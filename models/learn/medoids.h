/* Which few of many vectors stand for all?
 *
 * Farthest first, then by turns: each vector to the nearest that stands for others, and
 * of each group the one nearest to its mean stands. There is no chance in it.
 * Source: Gonzalez 1985, DOI 10.1016/0304-3975(85)90224-5; Lloyd 1982, DOI
 * 10.1109/TIT.1982.1056489.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At most `most` of them, fewer where fewer differ; their number is returned. The first is
 * that of the largest group. of[k]: which of them stands for row k.
 * Shape: row rows × width, finite; medoid most; of rows. */
guint saxid_medoids (gsize rows, gsize width, const float *row, guint most, gsize *medoid, guint *of);

G_END_DECLS
