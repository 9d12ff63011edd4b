/* Bits to pixels for one kind of CPU; unshuffle.c includes this once for each.
 *
 * KERNEL (name) gives the functions their names. Types are those of unshuffle.c.
 *
 * Thread: pure.
 */

#define LOW8(a, b) __builtin_shufflevector (a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH8(a, b) __builtin_shufflevector (a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define LOW16(a, b) __builtin_shufflevector (a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23)
#define HIGH16(a, b) __builtin_shufflevector (a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)
#define LOW32(a, b) __builtin_shufflevector (a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
#define HIGH32(a, b) __builtin_shufflevector (a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)

/* Eight rows of one byte of GROUPS groups: out[k] has the bytes of the 16 pixels of groups
 * 2 k and 2 k + 1. It never leaves the registers: wider pieces than were stored wait. */
static inline __attribute__ ((always_inline)) void
KERNEL (turn_rows) (const guint8 *row, gsize stride, Bytes out[GROUPS / 2])
{
  Bytes r[8], a[8], b[8];

#pragma GCC unroll 8
  for (int k = 0; k < 8; k++)
    memcpy (&r[k], row + (gsize) k * stride, sizeof r[k]);
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++)
    {
      a[k] = LOW8 (r[2 * k], r[2 * k + 1]);
      a[k + 4] = HIGH8 (r[2 * k], r[2 * k + 1]);
    }
#pragma GCC unroll 2
  for (int half = 0; half < 2; half++)
    {
      b[4 * half] = LOW16 (a[4 * half], a[4 * half + 1]);
      b[4 * half + 1] = LOW16 (a[4 * half + 2], a[4 * half + 3]);
      b[4 * half + 2] = HIGH16 (a[4 * half], a[4 * half + 1]);
      b[4 * half + 3] = HIGH16 (a[4 * half + 2], a[4 * half + 3]);
    }
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++)
    {
      Pair low = (Pair) LOW32 (b[2 * k], b[2 * k + 1]), high = (Pair) HIGH32 (b[2 * k], b[2 * k + 1]);

      TURN_BITS (low);
      TURN_BITS (high);
      out[2 * k] = (Bytes) low;
      out[2 * k + 1] = (Bytes) high;
    }
}

/* 16 pixels from their bytes: interleaving these makes pixels of them. (What a compiler makes
 * of a conversion to wider pixels goes byte by byte.) */
static inline __attribute__ ((always_inline)) void
KERNEL (store_8) (const Bytes bytes[1], guint8 *out)
{
  memcpy (out, &bytes[0], sizeof bytes[0]);
}

static inline __attribute__ ((always_inline)) void
KERNEL (store_16) (const Bytes bytes[2], guint8 *out)
{
  const Bytes pixels[2] = { LOW8 (bytes[0], bytes[1]), HIGH8 (bytes[0], bytes[1]) };

  memcpy (out, pixels, sizeof pixels);
}

static inline __attribute__ ((always_inline)) void
KERNEL (store_32) (const Bytes bytes[4], guint8 *out)
{
  const Bytes low = LOW8 (bytes[0], bytes[1]), high = HIGH8 (bytes[0], bytes[1]);
  const Bytes upper_low = LOW8 (bytes[2], bytes[3]), upper_high = HIGH8 (bytes[2], bytes[3]);
  const Bytes pixels[4] = { LOW16 (low, upper_low), HIGH16 (low, upper_low), LOW16 (high, upper_high), HIGH16 (high, upper_high) };

  memcpy (out, pixels, sizeof pixels);
}

/* Pixels of 1, 2 and 4 bytes, GROUPS groups at a time; bytes that are 0 everywhere stay so. */
#define DEFINE_UNSHUFFLE(name, size) \
  static gsize KERNEL (unshuffle_##name) (const guint8 *rows, gsize n, const gboolean *used, guint8 *out) \
  { \
    const gsize stride = n / 8; \
    Bytes plane[size][GROUPS / 2] = { { { 0 } } }; \
    gsize group = 0; \
    for (; group + GROUPS <= stride; group += GROUPS) \
      { \
        for (gsize b = 0; b < size; b++) \
          if (used[b]) \
            KERNEL (turn_rows) (rows + 8 * b * stride + group, stride, plane[b]); \
        _Pragma ("GCC unroll 8") for (gsize k = 0; k < GROUPS / 2; k++) \
          { \
            Bytes bytes[size]; \
            for (gsize b = 0; b < size; b++) \
              bytes[b] = plane[b][k]; \
            KERNEL (store_##name) (bytes, out + (group + 2 * k) * 8 * size); \
          } \
      } \
    return group; \
  }

DEFINE_UNSHUFFLE (8, 1)
DEFINE_UNSHUFFLE (16, 2)
DEFINE_UNSHUFFLE (32, 4)
#undef DEFINE_UNSHUFFLE
#undef LOW8
#undef HIGH8
#undef LOW16
#undef HIGH16
#undef LOW32
#undef HIGH32

static const Unshuffle KERNEL (unshuffle)[] = { [1] = KERNEL (unshuffle_8), [2] = KERNEL (unshuffle_16), [4] = KERNEL (unshuffle_32) };
