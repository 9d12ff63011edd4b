/* A set of pictures of detector frames, in an HDF5 file.
 *
 *   /picture    uint8 [n, side²] grey, row by row, 0 = nothing valid
 *   /share      uint8 [n, side²] of valid pixels, of 255
 *   /technique  uint8 [n] index into the words of the attribute `techniques`
 *   /experiment uint32 [n] frames of one experiment are nearly the same
 *
 * Thread: as HDF5.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize n, side;
  const guint8 *picture, *share, *technique;
  const guint32 *experiment;
  const char *techniques, *source; /* "SAXS WAXS …"; what made them */
} SaxidPictures;

/* Errors: SAXID_ERROR_IO. */
gboolean saxid_pictures_write (const char *path, const SaxidPictures *pictures, GError **error);

G_END_DECLS
