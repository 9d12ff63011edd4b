/* Numbers as model files keep them: 32 bits, little endian, wherever they lie.
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

static inline void
saxid_float_put (float value, guint8 *bytes)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  memcpy (bytes, &bits, sizeof bits);
}

static inline float
saxid_float_get (const guint8 *bytes)
{
  guint32 bits;
  float value;

  memcpy (&bits, bytes, sizeof bits);
  bits = GUINT32_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

G_END_DECLS
