/* The inner loops for one kind of CPU; tile-sum.c includes this once for each.
 *
 * KERNEL (name) gives the functions their names, the CPU is set around it.
 * Types and structs are those of tile-sum.c.
 *
 * Thread: see tile-sum.h.
 */

/* ---- loading: 8 × 8 pixels become eight vectors of eight frames ------------- */

/* Rows become columns. Three rounds of exchanges: of numbers, pairs, halves. Written out,
 * so that all of it stays in registers. */
static inline __attribute__ ((always_inline)) void
KERNEL (transpose) (Ints a[8])
{
#define LOW(x, y) __builtin_shufflevector (x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH(x, y) __builtin_shufflevector (x, y, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_PAIR(x, y) __builtin_shufflevector (x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIR(x, y) __builtin_shufflevector (x, y, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW_HALF(x, y) __builtin_shufflevector (x, y, 0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH_HALF(x, y) __builtin_shufflevector (x, y, 4, 5, 6, 7, 12, 13, 14, 15)
  const Ints b0 = LOW (a[0], a[1]), b1 = HIGH (a[0], a[1]), b2 = LOW (a[2], a[3]), b3 = HIGH (a[2], a[3]);
  const Ints b4 = LOW (a[4], a[5]), b5 = HIGH (a[4], a[5]), b6 = LOW (a[6], a[7]), b7 = HIGH (a[6], a[7]);
  const Ints c0 = LOW_PAIR (b0, b2), c1 = HIGH_PAIR (b0, b2), c2 = LOW_PAIR (b1, b3), c3 = HIGH_PAIR (b1, b3);
  const Ints c4 = LOW_PAIR (b4, b6), c5 = HIGH_PAIR (b4, b6), c6 = LOW_PAIR (b5, b7), c7 = HIGH_PAIR (b5, b7);

  a[0] = LOW_HALF (c0, c4);
  a[1] = LOW_HALF (c1, c5);
  a[2] = LOW_HALF (c2, c6);
  a[3] = LOW_HALF (c3, c7);
  a[4] = HIGH_HALF (c0, c4);
  a[5] = HIGH_HALF (c1, c5);
  a[6] = HIGH_HALF (c2, c6);
  a[7] = HIGH_HALF (c3, c7);
#undef LOW
#undef HIGH
#undef LOW_PAIR
#undef HIGH_PAIR
#undef LOW_HALF
#undef HIGH_HALF
}

/* An integer below 2³² in the low bits of 2⁵² is 2⁵² and that integer: exact, and one
 * instruction less than what compilers make of the conversion. The top bit of a signed one
 * is turned, which adds 2³¹. */
#define TO_DOUBLE(value, top, offset) \
  ((Eight) (__builtin_convertvector ((value) ^ (top), ULongs) | G_GUINT64_CONSTANT (0x4330000000000000)) - (offset))

/* One whole tile of integers. Returns whether a pixel may be outside of the range:
 * offsets from low that are all within the span have an OR that mostly is as well. */
#define DEFINE_LOAD(name, type, Narrow, Wide, top, offset) \
  static gboolean \
  KERNEL (load_##name) (const void *const counts[SAXID_LANES], gsize stride, gsize column, const Range *range, Eight *out) \
  { \
    Ints any = { 0 }; \
    guint32 most = 0; \
    for (gsize row = 0; row < SAXID_TILE_ROWS; row++) \
      for (gsize half = 0; half < SAXID_TILE_COLUMNS; half += 8) \
        { \
          const gsize at = row * stride + column + half; \
          Ints value[8]; \
          _Pragma ("GCC unroll 8") for (int lane = 0; lane < 8; lane++) \
            { \
              Narrow narrow; \
              memcpy (&narrow, (const type *) counts[lane] + at, sizeof narrow); \
              if (half % (64 / sizeof (type)) == 0) \
                __builtin_prefetch ((const type *) counts[lane] + at + 2 * SAXID_TILE_COLUMNS); \
              value[lane] = (Ints) __builtin_convertvector (narrow, Wide); \
              any |= value[lane] - range->low; \
            } \
          KERNEL (transpose) (value); \
          _Pragma ("GCC unroll 8") for (int pixel = 0; pixel < 8; pixel++) \
            out[row * SAXID_TILE_COLUMNS + half + (gsize) pixel] = TO_DOUBLE (value[pixel], top, offset); \
        } \
    for (int k = 0; k < 8; k++) \
      most |= any[k]; \
    return most > range->span; \
  } \
  static gboolean \
  KERNEL (load_one_##name) (const void *counts, gsize stride, gsize column, const Range *range, double *out) \
  { \
    Ints any = { 0 }; \
    guint32 most = 0; \
    for (gsize row = 0; row < SAXID_TILE_ROWS; row++) \
      for (gsize k = 0; k < SAXID_TILE_COLUMNS; k += 8) \
        { \
          Narrow narrow; \
          Ints value; \
          Eight wide; \
          memcpy (&narrow, (const type *) counts + row * stride + column + k, sizeof narrow); \
          if (k % (64 / sizeof (type)) == 0) \
            __builtin_prefetch ((const type *) counts + row * stride + column + k + 2 * SAXID_TILE_COLUMNS); \
          value = (Ints) __builtin_convertvector (narrow, Wide); \
          any |= value - range->low; \
          wide = TO_DOUBLE (value, top, offset); \
          memcpy (out + row * SAXID_TILE_COLUMNS + k, &wide, sizeof wide); \
        } \
    for (int k = 0; k < 8; k++) \
      most |= any[k]; \
    return most > range->span; \
  }

DEFINE_LOAD (uint8, guint8, Eight8u, Ints, 0, TWO_52)
DEFINE_LOAD (int8, gint8, Eight8s, Signed, 0x80000000u, TWO_52 + TWO_31)
DEFINE_LOAD (uint16, guint16, Eight16u, Ints, 0, TWO_52)
DEFINE_LOAD (int16, gint16, Eight16s, Signed, 0x80000000u, TWO_52 + TWO_31)
DEFINE_LOAD (uint32, guint32, Ints, Ints, 0, TWO_52)
DEFINE_LOAD (int32, gint32, Signed, Signed, 0x80000000u, TWO_52 + TWO_31)
#undef DEFINE_LOAD

/* Of floats each is compared: what is no number is in no range. */
static gboolean
KERNEL (load_float) (const void *const counts[SAXID_LANES], gsize stride, gsize column, const Range *range, Eight *out)
{
  Longs sound = ~(Longs) { 0 };
  gboolean all = TRUE;

  for (gsize row = 0; row < SAXID_TILE_ROWS; row++)
    for (gsize half = 0; half < SAXID_TILE_COLUMNS; half += 8)
      {
        Ints value[8];

#pragma GCC unroll 8
        for (int lane = 0; lane < 8; lane++)
          memcpy (&value[lane], (const float *) counts[lane] + row * stride + column + half, sizeof value[lane]);
        KERNEL (transpose) (value);
#pragma GCC unroll 8
        for (int pixel = 0; pixel < 8; pixel++)
          {
            const Eight x = __builtin_convertvector ((Floats) value[pixel], Eight);

            sound &= (x >= range->real_low) & (x <= range->real_high);
            out[row * SAXID_TILE_COLUMNS + half + (gsize) pixel] = x;
          }
      }
  for (int k = 0; k < 8; k++)
    all &= sound[k] != 0;
  return !all;
}

static gboolean
KERNEL (load_one_float) (const void *counts, gsize stride, gsize column, const Range *range, double *out)
{
  Longs sound = ~(Longs) { 0 };
  gboolean all = TRUE;

  for (gsize row = 0; row < SAXID_TILE_ROWS; row++)
    for (gsize k = 0; k < SAXID_TILE_COLUMNS; k += 8)
      {
        Floats narrow;
        Eight wide;

        memcpy (&narrow, (const float *) counts + row * stride + column + k, sizeof narrow);
        wide = __builtin_convertvector (narrow, Eight);
        sound &= (wide >= range->real_low) & (wide <= range->real_high);
        memcpy (out + row * SAXID_TILE_COLUMNS + k, &wide, sizeof wide);
      }
  for (int k = 0; k < 8; k++)
    all &= sound[k] != 0;
  return !all;
}

/* ---- sums of runs ------------------------------------------------------------ */

/* Each adds the runs of a tile to sum[bin][2]. x: the counts, y: their variances;
 * c and c2: shares and their squares. Two sums are kept of each, since the next
 * product would have to wait for the one before. Where counts are their own variances, y is x
 * and is read once: the compiler sees that. */
#define DEFINE_SUM(name, Vector) \
  static void \
  KERNEL (sum_whole_##name) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const Vector *x, Vector *sum) \
  { \
    for (; run < end; pixel += run->n, run++) \
      { \
        Vector even = { 0 }, odd = { 0 }; \
        guint32 k; \
        for (k = 0; k + 2 <= run->n; k += 2) \
          { \
            even += x[pixel[k]]; \
            odd += x[pixel[k + 1]]; \
          } \
        if (k < run->n) \
          even += x[pixel[k]]; \
        sum[2 * (gsize) run->bin] += even + odd; \
      } \
  } \
  static void \
  KERNEL (sum_whole_with_##name) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const Vector *x, const Vector *y, \
                                  Vector *sum) \
  { \
    for (; run < end; pixel += run->n, run++) \
      { \
        Vector signal = { 0 }, variance = { 0 }; \
        for (guint32 k = 0; k < run->n; k++) \
          { \
            signal += x[pixel[k]]; \
            variance += y[pixel[k]]; \
          } \
        sum[2 * (gsize) run->bin] += signal; \
        sum[2 * (gsize) run->bin + 1] += variance; \
      } \
  } \
  static inline __attribute__ ((always_inline)) void \
  KERNEL (add_shared_##name) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c, \
                              const double *c2, const Vector *x, const Vector *y, Vector *sum) \
  { \
    for (; run < end; pixel += run->n, c += run->n, c2 += run->n, run++) \
      { \
        Vector signal = { 0 }, variance = { 0 }, more = { 0 }, more_variance = { 0 }; \
        guint32 k; \
        for (k = 0; k + 2 <= run->n; k += 2) \
          { \
            signal += c[k] * x[pixel[k]]; \
            variance += c2[k] * y[pixel[k]]; \
            more += c[k + 1] * x[pixel[k + 1]]; \
            more_variance += c2[k + 1] * y[pixel[k + 1]]; \
          } \
        if (k < run->n) \
          { \
            signal += c[k] * x[pixel[k]]; \
            variance += c2[k] * y[pixel[k]]; \
          } \
        sum[2 * (gsize) run->bin] += signal + more; \
        sum[2 * (gsize) run->bin + 1] += variance + more_variance; \
      } \
  } \
  static void \
  KERNEL (sum_shared_##name) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c, const double *c2, \
                              const Vector *x, Vector *sum) \
  { \
    KERNEL (add_shared_##name) (run, end, pixel, c, c2, x, x, sum); \
  } \
  static void \
  KERNEL (sum_shared_with_##name) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c, \
                                   const double *c2, const Vector *x, const Vector *y, Vector *sum) \
  { \
    KERNEL (add_shared_##name) (run, end, pixel, c, c2, x, y, sum); \
  }

DEFINE_SUM (eight, Eight)
DEFINE_SUM (one, double)
#undef DEFINE_SUM

/* n counts in eights, each at least `least`. */
static void
KERNEL (raise) (const Eight *x, gsize n, double least, Eight *out)
{
  const Eight floor = least - (Eight) { 0 };

  for (gsize k = 0; k < n; k++)
    {
      const Longs above = x[k] > floor;

      out[k] = (Eight) (((Longs) x[k] & above) | ((Longs) floor & ~above));
    }
}

/* Shares in double, and their squares. */
static void
KERNEL (widen) (const float *share, gsize n, double *c, double *c2)
{
  gsize k = 0;

  for (; k + 8 <= n; k += 8)
    {
      Floats narrow;
      Eight wide, square;

      memcpy (&narrow, share + k, sizeof narrow);
      wide = __builtin_convertvector (narrow, Eight);
      square = wide * wide;
      memcpy (c + k, &wide, sizeof wide);
      memcpy (c2 + k, &square, sizeof square);
    }
  for (; k < n; k++)
    {
      c[k] = share[k];
      c2[k] = c[k] * c[k];
    }
}

static const Kernel KERNEL (kernel) = {
  SAXID_KERNEL_NAME,
  { [SAXID_PIXEL_TYPE_UINT8] = KERNEL (load_uint8),
    [SAXID_PIXEL_TYPE_INT8] = KERNEL (load_int8),
    [SAXID_PIXEL_TYPE_UINT16] = KERNEL (load_uint16),
    [SAXID_PIXEL_TYPE_INT16] = KERNEL (load_int16),
    [SAXID_PIXEL_TYPE_UINT32] = KERNEL (load_uint32),
    [SAXID_PIXEL_TYPE_INT32] = KERNEL (load_int32),
    [SAXID_PIXEL_TYPE_FLOAT] = KERNEL (load_float) },
  { [SAXID_PIXEL_TYPE_UINT8] = KERNEL (load_one_uint8),
    [SAXID_PIXEL_TYPE_INT8] = KERNEL (load_one_int8),
    [SAXID_PIXEL_TYPE_UINT16] = KERNEL (load_one_uint16),
    [SAXID_PIXEL_TYPE_INT16] = KERNEL (load_one_int16),
    [SAXID_PIXEL_TYPE_UINT32] = KERNEL (load_one_uint32),
    [SAXID_PIXEL_TYPE_INT32] = KERNEL (load_one_int32),
    [SAXID_PIXEL_TYPE_FLOAT] = KERNEL (load_one_float) },
  KERNEL (raise),
  KERNEL (widen),
  KERNEL (sum_whole_eight),
  KERNEL (sum_whole_with_eight),
  KERNEL (sum_shared_eight),
  KERNEL (sum_shared_with_eight),
  KERNEL (sum_whole_one),
  KERNEL (sum_whole_with_one),
  KERNEL (sum_shared_one),
  KERNEL (sum_shared_with_one),
};
#undef TO_DOUBLE
