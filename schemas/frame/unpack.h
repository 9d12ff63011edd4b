/* What is in a packed image, unpacked piece by piece as somebody gets to it?
 *
 * Packings are those that detectors and control systems write into HDF5: nothing,
 * deflate (behind a byte shuffle or not), LZ4 (filter 32004) and bitshuffle with LZ4
 * (32008). All but deflate come in blocks and are unpacked no further than asked for,
 * so that what was just unpacked is still in the cache.
 * Masui et al., Astron. Comput. 12 (2015) 181, doi:10.1016/j.ascom.2015.07.002 (bitshuffle).
 *
 * A packed image is hostile: no size in it is believed before it is compared with that
 * of the image and with the bytes that are there.
 *
 * Thread: an unpacker belongs to one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_PACKING_PLAIN = 0,
  SAXID_PACKING_DEFLATE,
  SAXID_PACKING_LZ4,
  SAXID_PACKING_BITSHUFFLE_LZ4
} SaxidPackingKind;

typedef struct
{
  SaxidPackingKind kind;
  gboolean shuffled; /* bytes of pixels apart from each other, before deflate */
  gsize element;     /* bytes of a pixel: 1, 2, 4 or 8 */
  gsize size;        /* bytes of the image */
} SaxidPacking;

typedef struct SaxidUnpacker SaxidUnpacker;

SaxidUnpacker *saxid_unpacker_new (void);
void saxid_unpacker_free (SaxidUnpacker *unpacker);

/* in: n packed bytes; out: room for packing->size. Both are kept until the last call of
 * until. Errors: SAXID_ERROR_FORMAT for a head that cannot be. */
gboolean saxid_unpacker_begin (SaxidUnpacker *unpacker, const SaxidPacking *packing, const guint8 *in, gsize n, guint8 *out,
                               GError **error);

/* Bytes before `from` are needed no more: where it can be, what follows is moved to the front of
 * out, so that little memory is gone through and stays in the cache. Returns the place in the
 * image of what then is at the front of out. */
gsize saxid_unpacker_slide (SaxidUnpacker *unpacker, gsize from);

/* Sees to it that the first `size` bytes of the image are there.
 * Errors: SAXID_ERROR_FORMAT for bytes that are damaged or missing. */
gboolean saxid_unpacker_until (SaxidUnpacker *unpacker, gsize size, GError **error);

/* The most bytes that an image of that packing can have when it is packed. */
gsize saxid_packing_most (const SaxidPacking *packing);

/* n pixels, a multiple of eight, whose bits lie apart: row 8 b + k of n / 8 bytes has bit k
 * of byte b of each. element: 1, 2, 4 or 8 bytes. */
void saxid_unshuffle_bits (const guint8 *rows, gsize n, gsize element, guint8 *out);

G_END_DECLS
