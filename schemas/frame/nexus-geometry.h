/* What does a NeXus file say of where a detector stands?
 *
 * Geometry is taken from NXdetector (distance, beam_center_x and _y, x_pixel_size, y_pixel_size) and
 * NXmonochromator or NXbeam; x is the fast axis there. A length counts only with its unit: the
 * attribute `units`, or the last word of areaDetector's NDAttrDescription ("…, mm"). Files of the
 * APS-USAXS kind, which keep {pin,waxs}_ccd_tilt_x and _y in Metadata, follow Nika: there x is the
 * slow axis, and the two tilts make one of Fit2D's, asin √(sin² x + sin² y) in the direction
 * atan2 (-sin x, sin y).
 * Nika: Ilavsky, J. Appl. Cryst. 45 (2012) 324, doi:10.1107/S0021889812004037.
 * Where NXtransformations turn the detector, or tell what these do not, transformations.h has it.
 * NeXus: https://manual.nexusformat.org/classes/base_classes/NXdetector.html.
 *
 * Units: m, rad. Thread: as the input; HDF5's error stack is silent already.
 */
#pragma once

#include "schemas/frame/file.h"
#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

/* Fills geometry, pixel sizes and lacks of an info that has its shape. Paths of groups; detector
 * may be NULL: nobody can say which, and lacks says that already. */
void saxid_nexus_geometry (SaxidInput *input, const char *entry, const char *instrument, const char *detector,
                           SaxidFrameInfo *info);

G_END_DECLS
