/* Detector frames as instruments write them: NeXus/HDF5 (NXsas, NXmx,
 * NXdetector, stacks of frames), TIFF, MarCCD, CBF, EDF and SMV.
 *
 * A file is hostile until checked: rank, type and size are compared with limits
 * and with the file before anything is read, links that leave the file are
 * followed only on request, and no library prints.
 *
 * Units: as in reducers/geometry.h; counts as the file has them.
 * Shape: a frame is [height × width], columns fastest.
 * Thread: a file belongs to one thread at a time; HDF5 itself serialises.
 */
#pragma once

#include <glib.h>

#include "reducers/geometry.h"
#include "reducers/pixel-type.h"
#include "reducers/technique.h"

G_BEGIN_DECLS

#define SAXID_FRAME_MAX_PIXELS SAXID_GEOMETRY_MAX_PIXELS
#define SAXID_FRAME_MAX_FRAMES 1000000u

typedef struct
{
  const char *path;      /* of the images inside an HDF5 file, or NULL = look for them */
  gboolean follow_links; /* into other files, for external links and virtual datasets */
} SaxidFrameOptions;

/* What a file says of its frames. */
typedef struct
{
  const char *format; /* "HDF5", "TIFF", "CBF", "EDF" or "SMV" */
  char *place;        /* of the images inside the file, or NULL */
  gsize height, width, n_frame;
  SaxidPixelType type; /* of a pixel as saxid_frame_file_read_raw gives it */
  gboolean below_zero; /* a negative pixel is data, not a mark: floats, and integers that the file says so of */
  char *title, *start_time; /* or NULL */

  SaxidGeometry geometry; /* what is known of it; sound only when lacks is NULL */
  char *lacks;            /* what the file does not say of the geometry, or NULL */
  char *note;             /* what is there and is not used, or not as it stands; or NULL */
  gboolean is_one_of_several; /* another detector of the file has images, too; nobody said which */
  double pixel1, pixel2;  /* m, 0 = not said */
  double saturation;      /* counts, 0 = not said */

  SaxidTechniqueHeader technique; /* what it says of the technique; q is not looked at here */

  guint8 *mask;    /* [height × width], not 0 = bad; or NULL */
  gboolean frame_masks; /* there is a mask of each frame beside it (saxid_frame_file_mask) */
  float *flat;     /* [height × width], or NULL */
  gsize n_monitor; /* 0, 1 or n_frame */
  double *monitor; /* counts */
} SaxidFrameInfo;

typedef struct SaxidFrameFile SaxidFrameFile;

/* Whether the first bytes are those of TIFF, CBF, EDF or SMV: damaged or not, it is an image and no curve. */
gboolean saxid_frame_file_is_image (const char *path);

/* options may be NULL.
 * Errors: SAXID_ERROR_IO; SAXID_ERROR_FORMAT for a damaged file or one of
 * another kind; SAXID_ERROR_NO_CURVE when there is no image in it;
 * SAXID_ERROR_LIMIT; SAXID_ERROR_UNSUPPORTED for an encoding not known here. */
SaxidFrameFile *
saxid_frame_file_open (const char *path, const SaxidFrameOptions *options, GError **error);
void saxid_frame_file_close (SaxidFrameFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidFrameFile, saxid_frame_file_close)

const SaxidFrameInfo *saxid_frame_file_info (const SaxidFrameFile *file);
const char *saxid_frame_file_path (const SaxidFrameFile *file);

/* One frame, index from 0. Pixels that the detector marks as no data (negative
 * integers, the greatest value of an unsigned type) come out as NaN.
 * Shape: out has height × width elements.
 * Errors: SAXID_ERROR_ARGUMENT for an index past the end, those of open. */
gboolean saxid_frame_file_read (SaxidFrameFile *file, gsize index, float *out, GError **error);

/* The same as the file has it, in info->type: no data are then the greatest value of an
 * unsigned type, NaN, and, unless info->below_zero, a negative one.
 * Shape: out has height × width pixels of saxid_pixel_size (info->type) bytes. */
gboolean saxid_frame_file_read_raw (SaxidFrameFile *file, gsize index, void *out, GError **error);

/* The mask of one frame, where info->frame_masks is set: not 0 = bad.
 * Shape: out has height × width elements. */
gboolean saxid_frame_file_mask (SaxidFrameFile *file, gsize index, guint8 *out, GError **error);

/* The monitor of a frame, NaN when the file has none. */
double saxid_frame_info_monitor (const SaxidFrameInfo *info, gsize index);

G_END_DECLS
