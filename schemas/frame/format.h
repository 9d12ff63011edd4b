/* What schemas/frame/file.c and the formats of its table share; for them alone.
 *
 * Thread: see frame/file.h.
 */
#pragma once

#include "schemas/frame/file.h"

G_BEGIN_DECLS

struct SaxidFrameFile
{
  const struct SaxidFrameFormat *format;
  char *path;
  SaxidFrameOptions options;
  SaxidFrameInfo info;
  gpointer handle; /* the format's own */
};

/* A format is one file and one row. Messages need not name the file: the
 * caller adds it. */
typedef struct SaxidFrameFormat
{
  const char *name;
  /* Whether a file that starts with these bytes may be one; NULL for HDF5. */
  gboolean (*probe) (const guint8 *head, gsize n);
  /* Fills handle and info; on failure close is called as well. */
  gboolean (*open) (SaxidFrameFile *file, GError **error);
  gboolean (*read) (SaxidFrameFile *file, gsize index, float *out, GError **error);
  void (*close) (SaxidFrameFile *file);
} SaxidFrameFormat;

extern const SaxidFrameFormat saxid_frame_hdf5, saxid_frame_tiff, saxid_frame_cbf, saxid_frame_edf;

/* Errors: SAXID_ERROR_LIMIT or SAXID_ERROR_FORMAT when a frame of this shape
 * cannot be. */
gboolean saxid_frame_check_shape (guint64 height, guint64 width, guint64 n_frame, GError **error);

/* What the text header of a Pilatus or Eiger image says ("# Pixel_size 172e-6 m
 * x 172e-6 m"); unknown lines are passed over. text ends with a NUL. */
void saxid_frame_header_parse (const char *text, SaxidFrameInfo *info);

/* Whether this is what control programs write where nobody has set a geometry: 1 m, beam at
 * pixel 0, 0. */
gboolean saxid_frame_is_unset (double distance, double x, double y);

/* Adds a sentence to info->note. */
void saxid_frame_note (SaxidFrameInfo *info, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Adds what is missing to info->lacks. */
void saxid_frame_lacks (SaxidFrameInfo *info, const char *what);

G_END_DECLS
