/* What of a frame does the network see?
 *
 * Area-weighted means over the valid pixels of equal cells, whatever the shape of the detector,
 * the pedestal of a camera off, log10 (y + c), scaled from the 1st to the 99.8th percentile to
 * 1 … 255; 0 where nothing is valid. Never the maximum: hot pixels and unmarked constants are
 * common. The share of valid pixels is a second plane. A strip becomes a square too, so its rings
 * become ellipses: how much wider than high the frame is, is told beside.
 *
 * Shape: a picture has SAXID_PICTURE_SIDE² cells.
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SAXID_PICTURE_SIDE 128

/* The network reads blocks of four by four cells as channels, the share of the sixteen as one
 * more, and the aspect everywhere: nothing of a picture is lost, and its first layer works on
 * fewer places. */
#define SAXID_PICTURE_BLOCK 4
#define SAXID_PICTURE_CHANNELS (SAXID_PICTURE_BLOCK * SAXID_PICTURE_BLOCK + 2)
#define SAXID_PICTURE_PLANE ((SAXID_PICTURE_SIDE / SAXID_PICTURE_BLOCK) * (SAXID_PICTURE_SIDE / SAXID_PICTURE_BLOCK))
#define SAXID_PICTURE_INPUT (SAXID_PICTURE_CHANNELS * SAXID_PICTURE_PLANE)

typedef struct
{
  guint8 grey[SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE];
  guint8 share[SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE]; /* of valid pixels, of 255 */
  float aspect;                                          /* ln (width / height) of the frame */
} SaxidPicture;

/* pixels: counts, NaN where there is none; mask: not 0 = bad, or NULL. FALSE where no picture
 * can be made: nothing valid, or all the same. Shape: [height × width]. */
gboolean saxid_picture_make (const float *pixels, const guint8 *mask, gsize height, gsize width, SaxidPicture *picture);

/* As in a mirror, left for right. */
void saxid_picture_mirror (const SaxidPicture *picture, SaxidPicture *out);

/* What goes into the network: 0 … 1, and the aspect, -2 … 2. Shape: out SAXID_PICTURE_INPUT. */
void saxid_picture_input (const SaxidPicture *picture, float *out);

G_END_DECLS
