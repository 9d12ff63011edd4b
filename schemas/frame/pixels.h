/* Pixels of any plain type as float, with NaN where a detector has no data.
 *
 * Thread: pure.
 */
#pragma once

#include "reducers/pixel-type.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_PIXELS_UNSIGNED,
  SAXID_PIXELS_SIGNED,
  SAXID_PIXELS_DIFFERENCE, /* signed, of which something was subtracted */
  SAXID_PIXELS_REAL
} SaxidPixelKind;

/* bytes is aligned for anything. The greatest value of an unsigned type and negative ones of a
 * signed one mean that there is no data: NaN. In a difference negative ones are data. */
typedef void (*SaxidPixelConvert) (const guint8 *bytes, gsize n, float *out);

/* bits: 8 to 64; NULL where there is no such type. */
SaxidPixelConvert saxid_pixels_converter (SaxidPixelKind kind, guint bits);

/* The type in which such pixels can be handed on as they are, with the same marks for no data:
 * integers of up to 32 bits. FALSE: they become float. */
gboolean saxid_pixels_type (SaxidPixelKind kind, guint bits, SaxidPixelType *type);

/* Turns the order of the bytes of n numbers of 1, 2, 4 or 8 bytes, in place. */
void saxid_pixels_swap (guint8 *bytes, gsize n, guint size);

G_END_DECLS
