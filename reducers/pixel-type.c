/* What is a pixel, as a detector wrote it?
 *
 * Thread: pure.
 */
#include "reducers/pixel-type.h"

#include <float.h>

static const struct
{
  gsize size;
  gboolean is_signed;
  double least, greatest;
} types[SAXID_N_PIXEL_TYPES] = {
  [SAXID_PIXEL_TYPE_UINT8] = { 1, FALSE, 0, G_MAXUINT8 - 1.0 },
  [SAXID_PIXEL_TYPE_INT8] = { 1, TRUE, G_MININT8, G_MAXINT8 },
  [SAXID_PIXEL_TYPE_UINT16] = { 2, FALSE, 0, G_MAXUINT16 - 1.0 },
  [SAXID_PIXEL_TYPE_INT16] = { 2, TRUE, G_MININT16, G_MAXINT16 },
  [SAXID_PIXEL_TYPE_UINT32] = { 4, FALSE, 0, G_MAXUINT32 - 1.0 },
  [SAXID_PIXEL_TYPE_INT32] = { 4, TRUE, G_MININT32, G_MAXINT32 },
  [SAXID_PIXEL_TYPE_FLOAT] = { 4, FALSE, -FLT_MAX, FLT_MAX },
  [SAXID_PIXEL_TYPE_DOUBLE] = { 8, FALSE, -DBL_MAX, DBL_MAX },
};

gsize
saxid_pixel_size (SaxidPixelType type)
{
  return types[type].size;
}

void
saxid_pixel_range (SaxidPixelType type, gboolean below_zero, double *least, double *greatest)
{
  *least = types[type].is_signed && !below_zero ? 0 : types[type].least;
  *greatest = types[type].greatest;
}

#define DEFINE_WIDEN(name, type) \
  static void widen_##name (const void *counts, gsize n, double *out) \
  { \
    for (gsize k = 0; k < n; k++) \
      out[k] = (double) ((const type *) counts)[k]; \
  }

DEFINE_WIDEN (uint8, guint8)
DEFINE_WIDEN (int8, gint8)
DEFINE_WIDEN (uint16, guint16)
DEFINE_WIDEN (int16, gint16)
DEFINE_WIDEN (uint32, guint32)
DEFINE_WIDEN (int32, gint32)
DEFINE_WIDEN (float, float)
DEFINE_WIDEN (double, double)

static void (*const widen[SAXID_N_PIXEL_TYPES]) (const void *counts, gsize n, double *out) = {
  [SAXID_PIXEL_TYPE_UINT8] = widen_uint8,   [SAXID_PIXEL_TYPE_INT8] = widen_int8,
  [SAXID_PIXEL_TYPE_UINT16] = widen_uint16, [SAXID_PIXEL_TYPE_INT16] = widen_int16,
  [SAXID_PIXEL_TYPE_UINT32] = widen_uint32, [SAXID_PIXEL_TYPE_INT32] = widen_int32,
  [SAXID_PIXEL_TYPE_FLOAT] = widen_float,   [SAXID_PIXEL_TYPE_DOUBLE] = widen_double,
};

void
saxid_pixel_widen (SaxidPixelType type, const void *counts, gsize n, double *out)
{
  widen[type](counts, n, out);
}
