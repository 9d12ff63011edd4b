/* The intensity of particles of many sizes, as a fit knows them.
 *
 * The width of a point is that of the main size alone, with its distribution, or of all
 * sizes together (log-normal): particles whose lengths are all lambda times as large scatter
 * lambda³ I (lambda q) per volume, so that a population of them is a convolution in ln q,
 *
 *   I(q) = sum_j n_j lambda_j^6 I1(lambda_j q) / sum_j n_j lambda_j^3,
 *
 * and needs one curve of one particle. n_j lambda_j^6 is the bell about lambda = 1: the sizes of
 * such a point are those that are seen most, not the mean ones, which are smaller by
 * exp (-5.5 width²). A resolution that is a part of q looks the same: the blur of a point.
 *
 * Units: q 1/Å, I 1/cm. Thread: pure.
 */
#pragma once

#include "models/fit/space.h"

G_BEGIN_DECLS

/* A second width is averaged over by a few sizes only, and a width of all sizes together in
 * steps of ln q, without what tells rods apart that are much longer than 1/q: good to about
 * 1 %. A width of the main size alone is as precise as the shape.
 * Shape: q (ascending) and out n. Errors: those of saxid_shape_intensity. */
gboolean saxid_spread_intensity (const SaxidShape *shape, const SaxidSpacePoint *point, gsize n, const double *q,
                                 double *out, GError **error);

/* The same population as a point whose width is that of the main size alone (nearly), and back. */
void saxid_spread_apart (const SaxidSpace *space, SaxidSpacePoint *point);
void saxid_spread_together (const SaxidSpace *space, SaxidSpacePoint *point);

G_END_DECLS
