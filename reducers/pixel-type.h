/* What is a pixel, as a detector wrote it?
 *
 * Counts stay in the type of the detector up to the sums: a count of 32 bits is
 * exact in double, and not in float.
 *
 * Thread: plain data.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SAXID_PIXEL_TYPE_UINT8 = 0,
  SAXID_PIXEL_TYPE_INT8,
  SAXID_PIXEL_TYPE_UINT16,
  SAXID_PIXEL_TYPE_INT16,
  SAXID_PIXEL_TYPE_UINT32,
  SAXID_PIXEL_TYPE_INT32,
  SAXID_PIXEL_TYPE_FLOAT,
  SAXID_PIXEL_TYPE_DOUBLE,
  SAXID_N_PIXEL_TYPES
} SaxidPixelType;

/* Bytes of one pixel. */
gsize saxid_pixel_size (SaxidPixelType type);

/* The least and the greatest number of a pixel that is one. What is not finite,
 * the greatest number of an unsigned type and, unless they are data, negative
 * numbers of a signed one say that there is no pixel. */
void saxid_pixel_range (SaxidPixelType type, gboolean below_zero, double *least, double *greatest);

/* n pixels as double. */
void saxid_pixel_widen (SaxidPixelType type, const void *counts, gsize n, double *out);

G_END_DECLS
