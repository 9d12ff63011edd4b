/* How do bits that lie apart become pixels again?
 *
 * Of one byte of eight pixels there are eight bits in eight rows. Rows become bytes next
 * to each other by three rounds of interleaving, 16 groups of pixels at once; then each
 * group is an 8 × 8 matrix of bits in 64, which is turned by exchanging ever larger parts
 * (Warren, Hacker's Delight, 2003, section 7-3). Bytes that are 0 in all pixels of a block,
 * as the upper ones of counts nearly always are, are passed over.
 *
 * Thread: pure.
 */
#include "schemas/frame/unpack.h"

#include <string.h>

#define GROUPS 16 /* of eight pixels, at once */

typedef guint8 Bytes __attribute__ ((vector_size (16)));
typedef guint64 Pair __attribute__ ((vector_size (16)));
typedef guint8 Eight8 __attribute__ ((vector_size (8)));
typedef guint16 Eight16 __attribute__ ((vector_size (16)));
typedef guint32 Eight32 __attribute__ ((vector_size (32)));

/* Byte j of the result has the j-th bits of the bytes of x. */
#define TURN_BITS(x) \
  do \
    { \
      __typeof__ (x) t = ((x) ^ ((x) >> 7)) & 0x00AA00AA00AA00AA; \
      (x) ^= t ^ (t << 7); \
      t = ((x) ^ ((x) >> 14)) & 0x0000CCCC0000CCCC; \
      (x) ^= t ^ (t << 14); \
      t = ((x) ^ ((x) >> 28)) & 0x00000000F0F0F0F0; \
      (x) ^= t ^ (t << 28); \
    } \
  while (0)

#define LOW8(a, b) __builtin_shufflevector (a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH8(a, b) __builtin_shufflevector (a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define LOW16(a, b) __builtin_shufflevector (a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23)
#define HIGH16(a, b) __builtin_shufflevector (a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)
#define LOW32(a, b) __builtin_shufflevector (a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
#define HIGH32(a, b) __builtin_shufflevector (a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)

/* Eight rows of one byte of GROUPS groups: pair k has the bytes of groups 2 k and 2 k + 1. */
static inline __attribute__ ((always_inline)) void
turn_rows (const guint8 *row, gsize stride, Pair out[GROUPS / 2])
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
      out[2 * k] = (Pair) LOW32 (b[2 * k], b[2 * k + 1]);
      out[2 * k + 1] = (Pair) HIGH32 (b[2 * k], b[2 * k + 1]);
    }
#pragma GCC unroll 8
  for (int k = 0; k < 8; k++)
    TURN_BITS (out[k]);
}

static gboolean
is_zero (const guint8 *bytes, gsize n)
{
  guint64 any = 0;
  gsize k = 0;

  for (; k + 8 <= n; k += 8)
    {
      guint64 word;

      memcpy (&word, bytes + k, 8);
      any |= word;
    }
  for (; k < n; k++)
    any |= bytes[k];
  return any == 0;
}

/* One group by hand: what is left over, and pixels of any size. */
static void
turn_group (const guint8 *rows, gsize n, gsize element, gsize group, guint8 *out)
{
  const gsize stride = n / 8;

  for (gsize b = 0; b < element; b++)
    {
      guint64 bits = 0;

      for (gsize k = 0; k < 8; k++)
        bits |= (guint64) rows[(8 * b + k) * stride + group] << (8 * k);
      TURN_BITS (bits);
      for (gsize k = 0; k < 8; k++)
        out[(8 * group + k) * element + b] = (guint8) (bits >> (8 * k));
    }
}

/* Pixels of 1, 2 and 4 bytes, GROUPS groups at a time; used: bytes of a pixel that are not
 * 0 everywhere. Returns how many groups are done. */
#define DEFINE_UNSHUFFLE(name, Wide, size) \
  static gsize unshuffle_##name (const guint8 *rows, gsize n, const gboolean *used, guint8 *out) \
  { \
    const gsize stride = n / 8; \
    gsize group = 0; \
    for (; group + GROUPS <= stride; group += GROUPS) \
      { \
        Wide pixels[GROUPS] = { { 0 } }; \
        for (gsize b = 0; b < size; b++) \
          { \
            Pair pair[GROUPS / 2]; \
            if (!used[b]) \
              continue; \
            turn_rows (rows + 8 * b * stride + group, stride, pair); \
            _Pragma ("GCC unroll 16") for (int k = 0; k < GROUPS; k++) \
              pixels[k] |= __builtin_convertvector ((Eight8) (guint64) pair[k / 2][k % 2], Wide) << (8 * b); \
          } \
        memcpy (out + group * 8 * size, pixels, sizeof pixels); \
      } \
    return group; \
  }

DEFINE_UNSHUFFLE (8, Eight8, 1)
DEFINE_UNSHUFFLE (16, Eight16, 2)
DEFINE_UNSHUFFLE (32, Eight32, 4)

static gsize (*const unshuffle[]) (const guint8 *rows, gsize n, const gboolean *used, guint8 *out) = {
  [1] = unshuffle_8, [2] = unshuffle_16, [4] = unshuffle_32
};

#define MOST_ELEMENT 8

void
saxid_unshuffle_bits (const guint8 *rows, gsize n, gsize element, guint8 *out)
{
  gboolean used[MOST_ELEMENT];
  gsize group = 0;

  g_return_if_fail (element <= MOST_ELEMENT && n % 8 == 0);

  for (gsize b = 0; b < element; b++)
    used[b] = !is_zero (rows + b * n, n);
  if (element < G_N_ELEMENTS (unshuffle) && unshuffle[element] != NULL)
    group = unshuffle[element](rows, n, used, out);
  for (; group < n / 8; group++)
    turn_group (rows, n, element, group, out);
}
