/* How are a million vectors compared with one?
 *
 * Thread: see search.h.
 */
#include "models/technique/search.h"

#include <math.h>
#include <string.h>

#include "models/every-processor.h"
#include "models/parallel.h"

#define LANES 16
#define PIECE 8192 /* rows that a thread takes at a time */

typedef union
{
  guint32 bits;
  float value;
} Bits;

/* ---- halves ---------------------------------------------------------------------------------- */

/* A half whose bits are put where those of a float are is too small by this. */
#define SCALE 0x1p112f

/* The value, subnormal halves included. */
static inline float
widen (guint16 half)
{
  const Bits out = { .bits = (guint32) (half & 0x7fff) << 13 | (guint32) (half & 0x8000) << 16 };

  return out.value * SCALE;
}

float
saxid_half_to_float (guint16 half)
{
  if ((half & 0x7c00) != 0x7c00)
    return widen (half);
  return (half & 0x3ff) != 0 ? NAN : (half & 0x8000) != 0 ? -INFINITY : INFINITY;
}

/* To the nearest, of two that are as near the even one. */
guint16
saxid_half_from_float (float value)
{
  const Bits in = { .value = value };
  const guint16 sign = (guint16) (in.bits >> 16 & 0x8000);
  const float magnitude = fabsf (value);
  Bits out = { .value = magnitude };
  guint32 rest;

  if (isnan (value))
    return sign | 0x7e00;
  if (magnitude >= 65520) /* half way to what would come after the greatest */
    return sign | 0x7c00;
  if (magnitude < 6.103515625e-5f) /* 2^-14: subnormal, in steps of 2^-24 */
    return sign | (guint16) lrintf (magnitude * 16777216);
  rest = out.bits & 0x1fff;
  out.bits = (out.bits - (112u << 23)) >> 13;
  out.bits += rest > 0x1000 || (rest == 0x1000 && (out.bits & 1) != 0);
  return sign | (guint16) out.bits;
}

gboolean
saxid_search_vector (const float *vector, gsize n, guint16 *out)
{
  double sum = 0;

  for (gsize k = 0; k < n; k++)
    sum += (double) vector[k] * (double) vector[k];
  if (!(sum > 0) || !isfinite (sum))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    {
      const guint16 half = saxid_half_from_float ((float) ((double) vector[k] / sqrt (sum)));

      out[k] = (half & 0x7c00) != 0 ? half : 0; /* processors are slow with what is below 6e-5 */
    }
  return TRUE;
}

/* ---- search ------------------------------------------------------------------------------------ */

typedef struct
{
  const guint16 *rows;
  gsize n, width;
  const float *query; /* × SCALE: the product with what is too small is no number so small that processors are slow */
  float *cosine;      /* [n] */
} Search;

/* Vectors of the compiler's: of an old processor it makes several operations. */
typedef guint16 Halves __attribute__ ((vector_size (LANES * sizeof (guint16))));
typedef guint32 Words __attribute__ ((vector_size (LANES * sizeof (guint32))));
typedef float Floats __attribute__ ((vector_size (LANES * sizeof (float))));

/* Lanes, so that the sums need no order. Of rows that are finite; query × SCALE. */
SAXID_EVERY_PROCESSOR static void
compare_rows (const guint16 *restrict rows, gsize n, gsize width, const float *restrict query, float *restrict cosine)
{
  for (gsize r = 0; r < n; r++)
    {
      const guint16 *row = rows + r * width;
      Floats lane = { 0 };
      float sum = 0;
      gsize k = 0;

      for (; k + LANES <= width; k += LANES)
        {
          Halves half;
          Floats value, factor;
          Words bits;

          memcpy (&half, row + k, sizeof half);
          memcpy (&factor, query + k, sizeof factor);
          bits = __builtin_convertvector (half, Words);
          bits = (bits & 0x7fff) << 13 | (bits & 0x8000) << 16;
          memcpy (&value, &bits, sizeof value);
          lane += value * factor;
        }
      for (guint l = 0; l < LANES; l++)
        sum += lane[l];
      for (; k < width; k++)
        sum += widen (row[k]) * (query[k] / SCALE);
      cosine[r] = sum;
    }
}

static gboolean
compare_piece (gsize at, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Search *search = data;
  const gsize first = at * PIECE, n = MIN (PIECE, search->n - first);

  compare_rows (search->rows + first * search->width, n, search->width, search->query, search->cosine + first);
  return TRUE;
}

static guint
insert (SaxidSearchHit *hit, guint n, guint most, gsize row, float cosine)
{
  guint at = n < most ? n : most - 1;

  for (; at > 0 && cosine > hit[at - 1].cosine; at--)
    hit[at] = hit[at - 1];
  hit[at] = (SaxidSearchHit) { row, cosine };
  return MIN (n + 1, most);
}

guint
saxid_search_nearest (const guint16 *rows, gsize n, gsize width, const float *query, guint most, guint threads, SaxidSearchHit *hit)
{
  g_autofree float *cosine = g_new (float, MAX (n, 1));
  g_autofree float *scaled = g_new (float, MAX (width, 1));
  Search search = { rows, n, width, scaled, cosine };
  guint found = 0;

  for (gsize k = 0; k < width; k++)
    scaled[k] = query[k] * SCALE;
  saxid_parallel (&(SaxidParallel) { .name = "search", .threads = threads, .piece = compare_piece, .data = &search }, (n + PIECE - 1) / PIECE);
  for (gsize k = 0; k < n && most > 0; k++)
    if (found < most || cosine[k] > hit[found - 1].cosine)
      found = insert (hit, found, most, k, cosine[k]);
  return found;
}
