/* What is a pixel of this type as a number?
 *
 * Thread: pure.
 */
#include "schemas/frame/pixels.h"

#include <math.h>
#include <string.h>

#define LANES 16 /* pixels at a time, which compilers make vectors of */

/* Rows are read into memory aligned for anything, so each cast is sound. */
#define CONVERT(name, type, is_no_data) \
  static inline void some_##name (const type *restrict value, gsize n, float *restrict out) \
  { \
    for (gsize k = 0; k < n; k++) \
      { \
        const float number = (float) value[k]; \
        out[k] = (is_no_data) ? NAN : number; \
      } \
  } \
  static void name (const guint8 *bytes, gsize n, float *out) \
  { \
    const type *value = (const type *) (gconstpointer) bytes; \
    gsize k = 0; \
    for (; k + LANES <= n; k += LANES) \
      some_##name (value + k, LANES, out + k); \
    some_##name (value + k, n - k, out + k); \
  }

CONVERT (from_uint8, guint8, value[k] == G_MAXUINT8)
CONVERT (from_uint16, guint16, value[k] == G_MAXUINT16)
CONVERT (from_uint32, guint32, value[k] == G_MAXUINT32)
CONVERT (from_uint64, guint64, value[k] == G_MAXUINT64)
CONVERT (from_int8, gint8, value[k] < 0)
CONVERT (from_int16, gint16, value[k] < 0)
CONVERT (from_int32, gint32, value[k] < 0)
CONVERT (from_int64, gint64, value[k] < 0)
CONVERT (from_difference8, gint8, FALSE)
CONVERT (from_difference16, gint16, FALSE)
CONVERT (from_difference32, gint32, FALSE)
CONVERT (from_difference64, gint64, FALSE)
CONVERT (from_float, float, FALSE)
CONVERT (from_double, double, FALSE)

static const struct
{
  SaxidPixelKind kind;
  guint bits;
  SaxidPixelConvert convert;
} converters[] = {
  { SAXID_PIXELS_UNSIGNED, 8, from_uint8 },   { SAXID_PIXELS_UNSIGNED, 16, from_uint16 },
  { SAXID_PIXELS_UNSIGNED, 32, from_uint32 }, { SAXID_PIXELS_UNSIGNED, 64, from_uint64 },
  { SAXID_PIXELS_SIGNED, 8, from_int8 },      { SAXID_PIXELS_SIGNED, 16, from_int16 },
  { SAXID_PIXELS_SIGNED, 32, from_int32 },    { SAXID_PIXELS_SIGNED, 64, from_int64 },
  { SAXID_PIXELS_DIFFERENCE, 8, from_difference8 },
  { SAXID_PIXELS_DIFFERENCE, 16, from_difference16 },
  { SAXID_PIXELS_DIFFERENCE, 32, from_difference32 },
  { SAXID_PIXELS_DIFFERENCE, 64, from_difference64 },
  { SAXID_PIXELS_REAL, 32, from_float },      { SAXID_PIXELS_REAL, 64, from_double },
};

SaxidPixelConvert
saxid_pixels_converter (SaxidPixelKind kind, guint bits)
{
  for (gsize k = 0; k < G_N_ELEMENTS (converters); k++)
    if (converters[k].kind == kind && converters[k].bits == bits)
      return converters[k].convert;
  return NULL;
}

gboolean
saxid_pixels_type (SaxidPixelKind kind, guint bits, SaxidPixelType *type)
{
  static const SaxidPixelType types[][2] = {
    { SAXID_PIXEL_TYPE_UINT8, SAXID_PIXEL_TYPE_INT8 },
    { SAXID_PIXEL_TYPE_UINT16, SAXID_PIXEL_TYPE_INT16 },
    { SAXID_PIXEL_TYPE_UINT32, SAXID_PIXEL_TYPE_INT32 },
  };

  for (guint k = 0; kind != SAXID_PIXELS_REAL && k < G_N_ELEMENTS (types); k++)
    if (bits == 8u << k)
      {
        *type = types[k][kind != SAXID_PIXELS_UNSIGNED];
        return TRUE;
      }
  return FALSE;
}

void
saxid_pixels_swap (guint8 *bytes, gsize n, guint size)
{
  for (guint8 *at = bytes; at < bytes + n * size; at += size)
    for (guint k = 0; k < size / 2; k++)
      {
        guint8 byte = at[k];

        at[k] = at[size - 1 - k];
        at[size - 1 - k] = byte;
      }
}
