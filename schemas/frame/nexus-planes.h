/* What a NeXus detector has beside its frames, in their shape: masks and the flat field.
 *
 * What is there and cannot be used is noted in the info.
 *
 * Thread: as the input; HDF5's error stack is silent already.
 */
#pragma once

#include "schemas/frame/file.h"
#include "schemas/hdf5/input.h"

G_BEGIN_DECLS

/* [height × width], free with g_free; NULL: there is none of this name, or none that can be used. */
float *saxid_nexus_plane (SaxidInput *input, const char *detector, const char *name, SaxidFrameInfo *info);

/* Joins pixel_mask, pixel_mask_1, … to the mask of the info. A data set with a mask for each frame
 * is returned, to be closed, and told in the info; < 0: there is none. */
hid_t saxid_nexus_masks (SaxidInput *input, const char *detector, SaxidFrameInfo *info);

/* Joins the mask of one frame. Shape: mask has height × width elements. */
gboolean saxid_nexus_frame_mask (const SaxidFrameInfo *info, hid_t frame_masks, gsize index, guint8 *mask);

G_END_DECLS
