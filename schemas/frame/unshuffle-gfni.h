/* Bits to pixels where the CPU multiplies matrices of bits (GFNI); for unshuffle.c.
 *
 * GF2P8AFFINEQB multiplies each byte of one operand with the 8 × 8 matrix of bits that the
 * other is. With the unit vectors as bytes the result is that matrix turned, if its rows come
 * last first; so one instruction does what takes a dozen otherwise, for 64 bytes.
 * Intel, Galois Field New Instructions (GFNI) Technology Guide, 2021.
 *
 * Thread: pure.
 */

#define GFNI_GROUPS 64

/* Eight rows of one byte of 64 groups: lane l of out[k] has the bytes of the 16 pixels of
 * groups 16 l + 2 k and 16 l + 2 k + 1. */
static inline __attribute__ ((always_inline)) void
gfni_turn_rows (const guint8 *row, gsize stride, __m512i out[8])
{
  const __m512i units = _mm512_set1_epi64 ((gint64) 0x8040201008040201);
  __m512i r[8], a[8], b[8];

#pragma GCC unroll 8
  for (int k = 0; k < 8; k++)
    r[k] = _mm512_loadu_si512 (row + (gsize) (7 - k) * stride);
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++)
    {
      a[k] = _mm512_unpacklo_epi8 (r[2 * k], r[2 * k + 1]);
      a[k + 4] = _mm512_unpackhi_epi8 (r[2 * k], r[2 * k + 1]);
    }
#pragma GCC unroll 2
  for (int half = 0; half < 2; half++)
    {
      b[4 * half] = _mm512_unpacklo_epi16 (a[4 * half], a[4 * half + 1]);
      b[4 * half + 1] = _mm512_unpacklo_epi16 (a[4 * half + 2], a[4 * half + 3]);
      b[4 * half + 2] = _mm512_unpackhi_epi16 (a[4 * half], a[4 * half + 1]);
      b[4 * half + 3] = _mm512_unpackhi_epi16 (a[4 * half + 2], a[4 * half + 3]);
    }
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++)
    {
      out[2 * k] = _mm512_gf2p8affine_epi64_epi8 (units, _mm512_unpacklo_epi32 (b[2 * k], b[2 * k + 1]), 0);
      out[2 * k + 1] = _mm512_gf2p8affine_epi64_epi8 (units, _mm512_unpackhi_epi32 (b[2 * k], b[2 * k + 1]), 0);
    }
}

/* 16 pixels of one byte each, as pixels of one, two and four. */
#define STORE_8(at, lane, bytes) _mm_storeu_si128 ((gpointer) (at), lane ((bytes)[0]))
#define STORE_16(at, lane, bytes) \
  _mm256_storeu_si256 ((gpointer) (at), _mm256_or_si256 (_mm256_cvtepu8_epi16 (lane ((bytes)[0])), \
                                                         _mm256_slli_epi16 (_mm256_cvtepu8_epi16 (lane ((bytes)[1])), 8)))
#define WIDE_32(lane, bytes, b) _mm512_slli_epi32 (_mm512_cvtepu8_epi32 (lane ((bytes)[b])), 8 * (b))
#define STORE_32(at, lane, bytes) \
  _mm512_storeu_si512 (at, _mm512_or_si512 (_mm512_or_si512 (WIDE_32 (lane, bytes, 0), WIDE_32 (lane, bytes, 1)), \
                                            _mm512_or_si512 (WIDE_32 (lane, bytes, 2), WIDE_32 (lane, bytes, 3))))
/* Where only the lowest byte is used, as of low counts, that is widened and no more. */
#define STORE_LOW_8 STORE_8
#define STORE_LOW_16(at, lane, bytes) _mm256_storeu_si256 ((gpointer) (at), _mm256_cvtepu8_epi16 (lane ((bytes)[0])))
#define STORE_LOW_32(at, lane, bytes) _mm512_storeu_si512 (at, _mm512_cvtepu8_epi32 (lane ((bytes)[0])))

#define LANE_0(x) _mm512_castsi512_si128 (x)
#define LANE_1(x) _mm512_extracti32x4_epi32 (x, 1)
#define LANE_2(x) _mm512_extracti32x4_epi32 (x, 2)
#define LANE_3(x) _mm512_extracti32x4_epi32 (x, 3)
#define STORE_LANES(store, size, at, bytes) \
  do \
    { \
      store ((at), LANE_0, bytes); \
      store ((at) + 128 * (size), LANE_1, bytes); \
      store ((at) + 256 * (size), LANE_2, bytes); \
      store ((at) + 384 * (size), LANE_3, bytes); \
    } \
  while (0)

#define DEFINE_UNSHUFFLE(name, size) \
  static gsize gfni_low_##name (const guint8 *rows, gsize stride, guint8 *out) \
  { \
    gsize group = 0; \
    for (; group + GFNI_GROUPS <= stride; group += GFNI_GROUPS) \
      { \
        __m512i plane[8]; \
        gfni_turn_rows (rows + group, stride, plane); \
        _Pragma ("GCC unroll 8") for (gsize k = 0; k < 8; k++) \
          STORE_LANES (STORE_LOW_##name, size, out + (group + 2 * k) * 8 * size, plane + k); \
      } \
    return group; \
  } \
  static gsize gfni_unshuffle_##name (const guint8 *rows, gsize n, const gboolean *used, guint8 *out) \
  { \
    const gsize stride = n / 8; \
    gboolean only_lowest = TRUE; \
    gsize group = 0; \
    for (gsize b = 1; b < size; b++) \
      only_lowest &= !used[b]; \
    if (only_lowest) \
      return gfni_low_##name (rows, stride, out); \
    for (; group + GFNI_GROUPS <= stride; group += GFNI_GROUPS) \
      { \
        __m512i plane[size][8]; \
        for (gsize b = 0; b < size; b++) \
          gfni_turn_rows (rows + 8 * b * stride + group, stride, plane[b]); \
        for (gsize k = 0; k < 8; k++) \
          { \
            __m512i bytes[size]; \
            for (gsize b = 0; b < size; b++) \
              bytes[b] = plane[b][k]; \
            STORE_LANES (STORE_##name, size, out + (group + 2 * k) * 8 * size, bytes); \
          } \
      } \
    return group; \
  }

DEFINE_UNSHUFFLE (8, 1)
DEFINE_UNSHUFFLE (16, 2)
DEFINE_UNSHUFFLE (32, 4)
#undef DEFINE_UNSHUFFLE

static const Unshuffle gfni_unshuffle[] = { [1] = gfni_unshuffle_8, [2] = gfni_unshuffle_16, [4] = gfni_unshuffle_32 };
