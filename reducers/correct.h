/* What stands between the counts of a pixel and an intensity?
 *
 * Every function here works on one frame in place and keeps the rule of
 * reducers/frame.h: the dark is taken from the signal, all else multiplies the
 * normalisation. A pixel whose normalisation becomes 0, negative or not finite
 * is dropped.
 *
 * Shape: planes are [height × width], columns fastest.
 * Thread: pure.
 */
#pragma once

#include "reducers/frame.h"
#include "reducers/geometry.h"

G_BEGIN_DECLS

/* Variance of counting: each pixel's own counts, at least least. 0 is right in
 * the mean, because the counts of a bin are the estimate of their variance; 1
 * is what pyFAI does, and overstates σ where most pixels counted nothing. */
void saxid_poisson_apply (SaxidPixels *pixels, double least);

/* signal -= scale × dark, variance += scale² × dark / n_frame, where dark is the
 * mean count of n_frame frames and scale the ratio of the exposures. A dark that
 * is not finite drops the pixel; a negative one adds no variance. */
void saxid_dark_apply (SaxidPixels *pixels, const float *dark, double scale, double n_frame);

/* normalisation × factor, by pixel and for the whole frame. */
void saxid_normalise_plane (SaxidPixels *pixels, const float *factor);
void saxid_normalise_frame (SaxidPixels *pixels, double factor);

/* out = the share of the beam that its polarisation lets scatter to a pixel.
 * factor: (I_h - I_v) / (I_h + I_v), -1…1; axis: of the polarisation against
 * axis 2, rad. */
void saxid_polarisation_plane (const SaxidGeometryMap *map, double factor, double axis, float *out);

/* out = the share that a flat sample square to the beam lets out towards a
 * pixel, its transmission along the beam included. transmission: 0…1. */
void saxid_transmission_plane (const SaxidGeometryMap *map, double transmission, float *out);

G_END_DECLS
