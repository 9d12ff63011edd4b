/* How do a row of tiles of eight frames become sums?
 *
 * Thread: see tile-sum.h.
 */
#include "reducers/tile-sum.h"

#include <math.h>
#include <string.h>

typedef double Eight __attribute__ ((vector_size (64)));
typedef float Floats __attribute__ ((vector_size (32)));
typedef guint32 Ints __attribute__ ((vector_size (32)));
typedef gint64 Longs __attribute__ ((vector_size (64)));
typedef guint64 ULongs __attribute__ ((vector_size (64)));
typedef gint32 Signed __attribute__ ((vector_size (32)));
typedef guint16 Eight16u __attribute__ ((vector_size (16)));
typedef gint16 Eight16s __attribute__ ((vector_size (16)));
typedef guint8 Eight8u __attribute__ ((vector_size (8)));
typedef gint8 Eight8s __attribute__ ((vector_size (8)));

#define TWO_52 0x1p52
#define TWO_31 0x1p31

/* Limits: of integers value - low ≤ span, modulo 2³². */
typedef struct
{
  guint32 low, span;
  double real_low, real_high;
} Range;

/* One whole tile of eight frames, [pixel][lane]; TRUE where something may be out of range. */
typedef gboolean (*LoadEight) (const void *const counts[SAXID_LANES], gsize stride, gsize column, const Range *range,
                               Eight *out);
/* The same of one frame, [pixel]. */
typedef gboolean (*LoadOne) (const void *counts, gsize stride, gsize column, const Range *range, double *out);

typedef struct
{
  const char *name;
  LoadEight load_eight[SAXID_N_PIXEL_TYPES]; /* NULL: slowly */
  LoadOne load_one[SAXID_N_PIXEL_TYPES];
  void (*raise) (const Eight *x, gsize n, double least, Eight *out);
  void (*widen) (const float *share, gsize n, double *c, double *c2);
  void (*sum_whole_eight) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const Eight *x, Eight *sum);
  void (*sum_whole_with_eight) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const Eight *x,
                                const Eight *y, Eight *sum);
  void (*sum_shared_eight) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c,
                            const double *c2, const Eight *x, Eight *sum);
  void (*sum_shared_with_eight) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c,
                                 const double *c2, const Eight *x, const Eight *y, Eight *sum);
  void (*sum_whole_one) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *x, double *sum);
  void (*sum_whole_with_one) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *x,
                              const double *y, double *sum);
  void (*sum_shared_one) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c, const double *c2,
                          const double *x, double *sum);
  void (*sum_shared_with_one) (const SaxidSpan *run, const SaxidSpan *end, const guint8 *pixel, const double *c,
                               const double *c2, const double *x, const double *y, double *sum);
} Kernel;

#define KERNEL(name) plain_##name
#define SAXID_KERNEL_NAME "plain"
#include "reducers/tile-kernel.h"
#undef KERNEL
#undef SAXID_KERNEL_NAME

/* Clang has no such pragma; it makes the fuzz targets, where nobody waits. */
#if defined __x86_64__ && !defined __clang__
#define HAVE_TARGETS 1
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#define KERNEL(name) v3_##name
#define SAXID_KERNEL_NAME "x86-64-v3"
#include "reducers/tile-kernel.h"
#undef KERNEL
#undef SAXID_KERNEL_NAME
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v4,prefer-vector-width=512")
#define KERNEL(name) v4_##name
#define SAXID_KERNEL_NAME "x86-64-v4"
#include "reducers/tile-kernel.h"
#undef KERNEL
#undef SAXID_KERNEL_NAME
#pragma GCC pop_options
#endif

static const Kernel *
choose_kernel (void)
{
#ifdef HAVE_TARGETS
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl")
      && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512cd"))
    return &v4_kernel;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi2"))
    return &v3_kernel;
#endif
  return &plain_kernel;
}

const char *
saxid_tile_vectors (void)
{
  return choose_kernel ()->name;
}

/* ---- memory ------------------------------------------------------------------ */

#define ALIGNMENT 64
#define BITS 64
#define WORDS SAXID_TILE_WORDS

struct SaxidTileScratch
{
  const Kernel *kernel;
  double *value, *variance; /* [SAXID_TILE_PIXELS][SAXID_LANES] */
  double *share, *share2;   /* [most_rows of the table], rounded up */
  guint64 missing[SAXID_LANES][WORDS];
};

static double *
new_doubles (gsize n)
{
  double *values = g_aligned_alloc (MAX (n, 1), sizeof (double), ALIGNMENT);

  memset (values, 0, n * sizeof (double));
  return values;
}

SaxidTileScratch *
saxid_tile_scratch_new (const SaxidShareTable *table)
{
  SaxidTileScratch *scratch = g_new0 (SaxidTileScratch, 1);

  scratch->kernel = choose_kernel ();
  scratch->value = new_doubles (SAXID_TILE_PIXELS * SAXID_LANES);
  scratch->variance = new_doubles (SAXID_TILE_PIXELS * SAXID_LANES);
  scratch->share = new_doubles (table->most_rows);
  scratch->share2 = new_doubles (table->most_rows);
  return scratch;
}

void
saxid_tile_scratch_free (SaxidTileScratch *scratch)
{
  if (scratch == NULL)
    return;
  g_aligned_free (scratch->value);
  g_aligned_free (scratch->variance);
  g_aligned_free (scratch->share);
  g_aligned_free (scratch->share2);
  g_free (scratch);
}

SaxidBank *
saxid_bank_new (gsize n_bin, guint lanes)
{
  SaxidBank *bank = g_new0 (SaxidBank, 1);

  bank->lanes = lanes;
  bank->n_bin = n_bin;
  bank->sum = new_doubles (n_bin * 2 * lanes);
  bank->lost = g_new0 (double, n_bin *lanes *SAXID_N_LOST);
  return bank;
}

void
saxid_bank_clear (SaxidBank *bank)
{
  const gsize n_lost = bank->n_bin * SAXID_N_LOST;

  memset (bank->sum, 0, bank->n_bin * 2 * bank->lanes * sizeof (double));
  for (guint lane = 0; lane < bank->lanes; lane++)
    if (bank->lacks[lane])
      {
        memset (bank->lost + lane * n_lost, 0, n_lost * sizeof (double));
        bank->lacks[lane] = FALSE;
      }
}

void
saxid_bank_free (SaxidBank *bank)
{
  if (bank == NULL)
    return;
  g_aligned_free (bank->sum);
  g_free (bank->lost);
  g_free (bank);
}

/* ---- loading ------------------------------------------------------------------ */

/* A tile at the edge, or of a rare type: what lies outside of the frame is in no run. */
#define DEFINE_LOAD(name, type) \
  static void load_##name (const SaxidStrip *strip, gsize first, gsize stride, gsize rows, gsize columns, guint lanes, \
                           double *out) \
  { \
    for (guint lane = 0; lane < lanes; lane++) \
      for (gsize row = 0; row < rows; row++) \
        for (gsize k = 0; k < columns; k++) \
          out[(row * SAXID_TILE_COLUMNS + k) * lanes + lane] \
              = (double) ((const type *) strip->counts[lane])[first + row * stride + k]; \
  }

DEFINE_LOAD (uint8, guint8)
DEFINE_LOAD (int8, gint8)
DEFINE_LOAD (uint16, guint16)
DEFINE_LOAD (int16, gint16)
DEFINE_LOAD (uint32, guint32)
DEFINE_LOAD (int32, gint32)
DEFINE_LOAD (float, float)
DEFINE_LOAD (double, double)

static void (*const load_slowly[SAXID_N_PIXEL_TYPES]) (const SaxidStrip *strip, gsize first, gsize stride, gsize rows,
                                                       gsize columns, guint lanes, double *out)
    = {
        [SAXID_PIXEL_TYPE_UINT8] = load_uint8,   [SAXID_PIXEL_TYPE_INT8] = load_int8,
        [SAXID_PIXEL_TYPE_UINT16] = load_uint16, [SAXID_PIXEL_TYPE_INT16] = load_int16,
        [SAXID_PIXEL_TYPE_UINT32] = load_uint32, [SAXID_PIXEL_TYPE_INT32] = load_int32,
        [SAXID_PIXEL_TYPE_FLOAT] = load_float,   [SAXID_PIXEL_TYPE_DOUBLE] = load_double,
      };

/* One tile of all lanes. Returns whether a pixel may be out of range. */
static gboolean
load_tile (const SaxidStrip *strip, gsize stride, gsize column, gsize rows, gsize columns, guint lanes, const Range *range,
           SaxidTileScratch *scratch)
{
  const gboolean whole = rows == SAXID_TILE_ROWS && columns == SAXID_TILE_COLUMNS;
  const LoadEight load_eight = scratch->kernel->load_eight[strip->type];
  const LoadOne load_one = scratch->kernel->load_one[strip->type];

  if (whole && lanes == SAXID_LANES && load_eight != NULL)
    return load_eight (strip->counts, stride, column, range, (Eight *) scratch->value);
  if (whole && lanes == 1 && load_one != NULL)
    return load_one (strip->counts[0], stride, column, range, scratch->value);
  load_slowly[strip->type](strip, column, stride, rows, columns, lanes, scratch->value);
  return TRUE;
}

static Range
limits_of (const SaxidStrip *strip)
{
  const double low = ceil (CLAMP (strip->low, (double) G_MININT32, (double) G_MAXUINT32));
  const double high = floor (CLAMP (strip->high, (double) G_MININT32, (double) G_MAXUINT32));

  return (Range) { .low = (guint32) (gint64) low, .span = high >= low ? (guint32) (gint64) (high - low) : 0,
                   .real_low = strip->low, .real_high = strip->high };
}

/* Counts what is no pixel as 0, and notes it where the table has it. */
static gboolean
miss (const guint64 live[WORDS], guint lane, guint lanes, gsize pixel, SaxidTileScratch *scratch)
{
  const guint64 bit = G_GUINT64_CONSTANT (1) << pixel % BITS;

  scratch->value[pixel * lanes + lane] = 0;
  if ((live[pixel / BITS] & bit) == 0)
    return FALSE;
  scratch->missing[lane][pixel / BITS] |= bit;
  return TRUE;
}

static gboolean
find_missing (const SaxidStrip *strip, gsize rows, gsize columns, const guint64 live[WORDS], guint lanes,
              SaxidTileScratch *scratch)
{
  gboolean found = FALSE;

  for (gsize row = 0; row < rows; row++)
    for (gsize k = 0; k < columns; k++)
      for (guint lane = 0; lane < lanes; lane++)
        {
          const double value = scratch->value[(row * SAXID_TILE_COLUMNS + k) * lanes + lane];

          if (G_UNLIKELY (!(value >= strip->low && value <= strip->high)))
            found |= miss (live, lane, lanes, row * SAXID_TILE_COLUMNS + k, scratch);
        }
  return found;
}

static gboolean
find_masked (const SaxidStrip *strip, gsize first, gsize stride, gsize rows, gsize columns, const guint64 live[WORDS],
             guint lanes, SaxidTileScratch *scratch)
{
  gboolean found = FALSE;

  for (guint lane = 0; lane < lanes; lane++)
    for (gsize row = 0; strip->bad[lane] != NULL && row < rows; row++)
      for (gsize k = 0; k < columns; k++)
        if (strip->bad[lane][first + row * stride + k] != 0)
          found |= miss (live, lane, lanes, row * SAXID_TILE_COLUMNS + k, scratch);
  return found;
}

/* Variances of their own, or counts that must not be less than something; missing
 * pixels have none. Returns where they are. */
static const double *
load_variance (const SaxidStrip *strip, gsize stride, gsize column, gsize rows, gsize columns, guint lanes, gboolean missing,
               SaxidTileScratch *scratch)
{
  const gboolean own = strip->variance[0] != NULL;

  if (saxid_strip_is_poisson (strip))
    return scratch->value;
  if (!own)
    scratch->kernel->raise ((const Eight *) scratch->value, SAXID_TILE_PIXELS * lanes / 8, strip->least,
                            (Eight *) scratch->variance);
  for (guint lane = 0; own && lane < lanes; lane++)
    for (gsize row = 0; row < rows; row++)
      for (gsize k = 0; k < columns; k++)
        scratch->variance[(row * SAXID_TILE_COLUMNS + k) * lanes + lane]
            = (double) strip->variance[lane][row * stride + column + k];
  for (guint lane = 0; missing && lane < lanes; lane++)
    for (gsize k = 0; k < SAXID_TILE_PIXELS; k++)
      if (scratch->missing[lane][k / BITS] >> k % BITS & 1)
        scratch->variance[k * lanes + lane] = 0;
  return scratch->variance;
}

gboolean
saxid_strip_is_poisson (const SaxidStrip *strip)
{
  return strip->variance[0] == NULL && strip->low >= 0 && strip->least <= strip->low;
}

/* ---- sums ---------------------------------------------------------------------- */

/* What the missing pixels would have added to what is constant. */
static void
note_lost (const SaxidShareTable *table, gsize tile, gsize corner, const SaxidPlanes *planes, const guint64 missing[WORDS],
           double *lost)
{
  gsize at = table->row_of_tile[tile];

  for (gsize k = table->span_of_tile[tile]; k < table->span_of_tile[tile + 1]; k++)
    for (guint32 i = 0; i < table->span[k].n; i++, at++)
      {
        const guint8 pixel = table->pixel[at];
        const gsize place = corner + (gsize) (pixel / SAXID_TILE_COLUMNS) * table->width + pixel % SAXID_TILE_COLUMNS;
        const double c = table->share != NULL ? (double) table->share[at] : 1;
        const double weight = c * (double) planes->normalisation[place];
        double *bin = lost + table->span[k].bin * SAXID_N_LOST;

        if ((missing[pixel / BITS] >> pixel % BITS & 1) == 0)
          continue;
        bin[SAXID_LOST_NORMALISATION] += weight;
        bin[SAXID_LOST_NORMALISATION2] += weight * weight;
        bin[SAXID_LOST_COUNT] += c;
        if (planes->dark != NULL)
          {
            bin[SAXID_LOST_DARK] += c * (double) planes->dark[place];
            bin[SAXID_LOST_DARK_VARIANCE] += c * c * (double) planes->dark_variance[place];
          }
      }
}

static void
note_all_lost (const SaxidShareTable *table, gsize tile, gsize corner, const SaxidPlanes *planes, SaxidTileScratch *scratch,
               SaxidBank *bank)
{
  for (guint lane = 0; lane < bank->lanes; lane++)
    {
      guint64 any = 0;

      for (int k = 0; k < WORDS; k++)
        any |= scratch->missing[lane][k];
      if (any == 0)
        continue;
      note_lost (table, tile, corner, planes, scratch->missing[lane], bank->lost + lane * bank->n_bin * SAXID_N_LOST);
      bank->lacks[lane] = TRUE;
    }
  memset (scratch->missing, 0, sizeof scratch->missing);
}

static void
add_runs (const SaxidShareTable *table, gsize tile, const double *variance, SaxidTileScratch *scratch, SaxidBank *bank)
{
  const Kernel *kernel = scratch->kernel;
  const SaxidSpan *run = table->span + table->span_of_tile[tile], *end = table->span + table->span_of_tile[tile + 1];
  const gsize at = table->row_of_tile[tile];
  const guint8 *pixel = table->pixel + at;
  const double *x = scratch->value, *c = scratch->share, *c2 = scratch->share2;
  const gboolean eight = bank->lanes == SAXID_LANES, with = variance != scratch->value;

  if (table->share != NULL)
    {
      kernel->widen (table->share + at, table->row_of_tile[tile + 1] - at, scratch->share, scratch->share2);
      if (eight && with)
        kernel->sum_shared_with_eight (run, end, pixel, c, c2, (const Eight *) x, (const Eight *) variance, (Eight *) bank->sum);
      else if (eight)
        kernel->sum_shared_eight (run, end, pixel, c, c2, (const Eight *) x, (Eight *) bank->sum);
      else if (with)
        kernel->sum_shared_with_one (run, end, pixel, c, c2, x, variance, bank->sum);
      else
        kernel->sum_shared_one (run, end, pixel, c, c2, x, bank->sum);
    }
  else if (eight && with)
    kernel->sum_whole_with_eight (run, end, pixel, (const Eight *) x, (const Eight *) variance, (Eight *) bank->sum);
  else if (eight)
    kernel->sum_whole_eight (run, end, pixel, (const Eight *) x, (Eight *) bank->sum);
  else if (with)
    kernel->sum_whole_with_one (run, end, pixel, x, variance, bank->sum);
  else
    kernel->sum_whole_one (run, end, pixel, x, bank->sum);
}

void
saxid_tile_sum (const SaxidShareTable *table, gsize down, const SaxidStrip *strip, const SaxidPlanes *planes,
                SaxidTileScratch *scratch, SaxidBank *bank)
{
  const gsize rows = MIN (table->height - down * SAXID_TILE_ROWS, SAXID_TILE_ROWS), stride = table->width;
  const guint lanes = bank->lanes;
  const Range range = limits_of (strip);

  for (gsize across = 0; across < table->across; across++)
    {
      const gsize tile = down * table->across + across, column = across * SAXID_TILE_COLUMNS;
      const gsize columns = MIN (table->width - column, SAXID_TILE_COLUMNS);
      const guint64 *live = table->live + tile * WORDS;
      gboolean missing;
      const double *variance;

      if (table->span_of_tile[tile] == table->span_of_tile[tile + 1])
        continue;
      missing = load_tile (strip, stride, column, rows, columns, lanes, &range, scratch)
                && find_missing (strip, rows, columns, live, lanes, scratch);
      missing |= find_masked (strip, column, stride, rows, columns, live, lanes, scratch);
      variance = load_variance (strip, stride, column, rows, columns, lanes, missing, scratch);
      add_runs (table, tile, variance, scratch, bank);
      if (missing)
        note_all_lost (table, tile, down * SAXID_TILE_ROWS * stride + column, planes, scratch, bank);
    }
}

static void
scatter_runs (const SaxidShareTable *table, gsize tile, gsize corner, const SaxidPlanes *planes, const double *mean,
              const SaxidTileScratch *scratch, double *variance)
{
  gsize at = table->row_of_tile[tile];

  for (gsize k = table->span_of_tile[tile]; k < table->span_of_tile[tile + 1]; k++)
    for (guint32 i = 0; i < table->span[k].n; i++, at++)
      {
        const guint8 pixel = table->pixel[at];
        const gsize place = corner + (gsize) (pixel / SAXID_TILE_COLUMNS) * table->width + pixel % SAXID_TILE_COLUMNS;
        const double c = table->share != NULL ? (double) table->share[at] : 1;
        const double dark = planes->dark != NULL ? (double) planes->dark[place] : 0;
        /* c ω (b - mean) without the division */
        const double off = c * (scratch->value[pixel] - dark - mean[table->span[k].bin] * (double) planes->normalisation[place]);

        if ((scratch->missing[0][pixel / BITS] >> pixel % BITS & 1) == 0)
          variance[table->span[k].bin] += off * off;
      }
}

void
saxid_tile_scatter (const SaxidShareTable *table, gsize down, const SaxidStrip *strip, const SaxidPlanes *planes,
                    const double *mean, SaxidTileScratch *scratch, double *variance)
{
  const gsize rows = MIN (table->height - down * SAXID_TILE_ROWS, SAXID_TILE_ROWS), stride = table->width;
  const Range range = limits_of (strip);

  for (gsize across = 0; across < table->across; across++)
    {
      const gsize tile = down * table->across + across, column = across * SAXID_TILE_COLUMNS;
      const gsize columns = MIN (table->width - column, SAXID_TILE_COLUMNS);
      const guint64 *live = table->live + tile * WORDS;

      if (table->span_of_tile[tile] == table->span_of_tile[tile + 1])
        continue;
      if (load_tile (strip, stride, column, rows, columns, 1, &range, scratch))
        find_missing (strip, rows, columns, live, 1, scratch);
      find_masked (strip, column, stride, rows, columns, live, 1, scratch);
      scatter_runs (table, tile, down * SAXID_TILE_ROWS * stride + column, planes, mean, scratch, variance);
      memset (scratch->missing, 0, sizeof scratch->missing);
    }
}
