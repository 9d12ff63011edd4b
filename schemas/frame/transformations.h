/* Where a detector stands that NXtransformations move and turn.
 *
 * A module of the detector has the directions of its pixels, and each depends on a chain of
 * translations and rotations down to the laboratory: z along the beam, the sample at 0.
 * NXtransformations: https://manual.nexusformat.org/classes/base_classes/NXtransformations.html
 *
 * Units: m, rad. Thread: as the input; HDF5's error stack is silent already.
 */
#pragma once

#include "reducers/geometry.h"
#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_TRANSFORMED_NOT,    /* no chain, or one that turns nothing */
  SAXID_TRANSFORMED_TURNED, /* the detector is turned: distance and centre of the beam are not all */
  SAXID_TRANSFORMED_UNKNOWN /* it is turned, or moves, and the file does not say enough of it */
} SaxidTransformed;

/* detector: path of the NXdetector; module: of its one NXdetector_module, or NULL. Where *whole
 * comes out TRUE, geometry has dist, poni, rot1, rot2 and pixel sizes; its azimuth is counted
 * from the rows of the detector, as without rotations. */
SaxidTransformed saxid_frame_transformed (SaxidInput *input, const char *detector, const char *module,
                                          SaxidGeometry *geometry, gboolean *whole);

G_END_DECLS
