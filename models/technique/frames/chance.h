/* Draws that the simulator of frames makes often.
 *
 * Thread: as random.h.
 */
#pragma once

#include "models/simulate/random.h"

G_BEGIN_DECLS

/* TRUE with probability p. */
gboolean saxid_chance (SaxidRandom *random, double p);
/* 0 … n - 1. */
guint saxid_chance_index (SaxidRandom *random, guint n);
/* Of the standard normal distribution (Box & Muller 1958, doi:10.1214/aoms/1177706645). */
double saxid_chance_normal (SaxidRandom *random);

/* Row of a table of which each has a weight; stride: bytes from one weight to the next. */
guint saxid_chance_row (SaxidRandom *random, const double *weight, gsize stride, guint n);

G_END_DECLS
