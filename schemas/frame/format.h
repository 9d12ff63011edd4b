/* What schemas/frame/file.c and the formats of its table share; for them alone.
 *
 * Thread: see frame/file.h.
 */
#pragma once

#include "schemas/frame/file.h"
#include "schemas/frame/unpack.h"

G_BEGIN_DECLS

/* Where the packed bytes of a frame are. */
typedef struct
{
  SaxidPacking packing;
  int fd;         /* to be closed; < 0: they are in bytes already */
  guint64 offset; /* of fd */
  gsize n;
  guint8 *bytes;  /* room that grows, kept from frame to frame; free with g_free */
  gsize allocated;
} SaxidPackedFrame;

struct SaxidFrameFile
{
  const struct SaxidFrameFormat *format;
  char *path;
  SaxidFrameOptions options;
  SaxidFrameInfo info;
  gpointer handle; /* the format's own */
  SaxidPackedFrame packed;   /* the frame that was read last, where it is packed */
  SaxidUnpacker *unpacker;   /* or NULL */
  void *raw;                 /* room for a frame in the type of the file, or NULL */
};

/* All its bytes, which lie where HDF5 said; the file is closed. Nothing where they are there.
 * Errors: SAXID_ERROR_IO, SAXID_ERROR_LIMIT. */
gboolean saxid_packed_frame_load (SaxidPackedFrame *packed, GError **error);

/* All of it. Shape: out packing.size bytes. Errors: those of load and of the unpacker. */
gboolean saxid_packed_frame_unpack (SaxidPackedFrame *packed, SaxidUnpacker *unpacker, guint8 *out, GError **error);

/* A format is one file and one row. Messages need not name the file: the
 * caller adds it. */
typedef struct SaxidFrameFormat
{
  const char *name;
  /* Whether a file that starts with these bytes may be one; NULL for HDF5. */
  gboolean (*probe) (const guint8 *head, gsize n);
  /* Fills handle and info; on failure close is called as well. */
  gboolean (*open) (SaxidFrameFile *file, GError **error);
  /* One frame as float; NULL: from read_raw. */
  gboolean (*read) (SaxidFrameFile *file, gsize index, float *out, GError **error);
  /* The same in the type of the file (info.type), which is float where this is NULL. */
  gboolean (*read_raw) (SaxidFrameFile *file, gsize index, void *out, GError **error);
  void (*close) (SaxidFrameFile *file);
  /* Where the packed bytes of a frame are, in the type of the file; FALSE without an error
   * where they have to be read by read_raw. NULL: always. */
  gboolean (*packed) (SaxidFrameFile *file, gsize index, SaxidPackedFrame *packed, GError **error);
  /* The mask of one frame, where info.frame_masks is set. */
  gboolean (*mask) (SaxidFrameFile *file, gsize index, guint8 *out, GError **error);
} SaxidFrameFormat;

/* As the format's packed. */
gboolean saxid_frame_file_packed (SaxidFrameFile *file, gsize index, SaxidPackedFrame *packed, GError **error);

extern const SaxidFrameFormat saxid_frame_hdf5, saxid_frame_tiff, saxid_frame_cbf, saxid_frame_edf, saxid_frame_smv;

#define SAXID_FRAME_MARCCD_HEAD 4096

/* What the header of a MarCCD image says of an image whose shape is known; FALSE where the
 * first n bytes of the file are of none. */
gboolean saxid_frame_marccd_parse (const guint8 *head, gsize n, SaxidFrameInfo *info);

/* Errors: SAXID_ERROR_LIMIT or SAXID_ERROR_FORMAT when a frame of this shape
 * cannot be. */
gboolean saxid_frame_check_shape (guint64 height, guint64 width, guint64 n_frame, GError **error);

/* What the text header of a Pilatus or Eiger image says ("# Pixel_size 172e-6 m
 * x 172e-6 m"); unknown lines are passed over. text ends with a NUL. */
void saxid_frame_header_parse (const char *text, SaxidFrameInfo *info);

/* The geometry of SAXSLAB's XML, where info lacks one and this one is sound; nothing elsewhere. */
void saxid_frame_saxslab_parse (const char *xml, SaxidFrameInfo *info);

/* Whether this is what control programs write where nobody has set a geometry: exactly 1 m,
 * and the beam at pixel 0, 0 or exactly in the middle. */
gboolean saxid_frame_is_unset (double distance, double x, double y, gsize height, gsize width);
#define SAXID_FRAME_UNSET "distance and beam centre (exactly 1 m with the beam at 0, 0 or in the very middle: never set)"

/* Adds a sentence to info->note. */
void saxid_frame_note (SaxidFrameInfo *info, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Adds what is missing to info->lacks. */
void saxid_frame_lacks (SaxidFrameInfo *info, const char *what);

/* What a header calls the angle of the detector, in degrees. Nobody tells about which axis it turns, nor to which
 * side, so that the geometry is not complete unless it stands straight. */
void saxid_frame_turned (SaxidFrameInfo *info, const char *name, double degree);
#define SAXID_FRAME_LEAST_TURN 0.05 /* degrees; motors that stand at 0 say so to 0.01 */
#define SAXID_FRAME_TURNED "how the detector is turned"

G_END_DECLS
