/* The classes of the nearest training rows.
 *
 * Euclidean distance, every training row looked at; a vote for each of the k nearest.
 * Thread: BLAS uses its own threads.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The votes of the k nearest of each row, as parts of 1; columns are compared as they
 * are. Shape: training n × width, label n, rows m × width, probability m × n_class. */
void saxid_neighbours_vote (gsize n, gsize width, const float *training, const guint8 *label, guint n_class, guint k,
                            gsize m, const float *rows, float *probability);

G_END_DECLS
