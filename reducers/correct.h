/* What stands between the counts of a pixel and an intensity?
 *
 * What multiplies the normalisation of each pixel; the dark alone is taken from the
 * signal. Where a plane is 0 the pixel takes no part.
 *
 * Shape: planes are [height × width], columns fastest.
 * Thread: pure.
 */
#pragma once

#include "reducers/geometry.h"

G_BEGIN_DECLS

/* out = the share of the beam that its polarisation lets scatter to a pixel.
 * factor: (I_h - I_v) / (I_h + I_v), -1…1; axis: of the polarisation against
 * axis 2, rad. */
void saxid_polarisation_plane (const SaxidGeometryMap *map, double factor, double axis, float *out);

/* out = the share that a flat sample square to the beam lets out towards a
 * pixel, its transmission along the beam included. transmission: 0…1. */
void saxid_transmission_plane (const SaxidGeometryMap *map, double transmission, float *out);

/* out = what a sensor stops of a ray that comes at an angle, relative to one along its
 * normal. transmission: of the sensor at normal incidence, 0 ≤ t < 1. */
void saxid_absorption_plane (const SaxidGeometryMap *map, double transmission, float *out);

G_END_DECLS
