/* Which pixels add to which bins, in the order in which frames are read.
 *
 * The table is a sparse matrix [bin × pixel] in tiles of 8 × 32 pixels. What a tile
 * adds to one bin is a span: its bin, and its pixels with their shares next to each
 * other. A frame is so read once, nearly in its own order, and the sums of a span stay
 * in registers. Pixels that take no part are in no span.
 *
 * Shape: frames are [height × width]; tiles go left to right, then down.
 * Thread: immutable once made.
 */
#pragma once

#include "reducers/split.h"

G_BEGIN_DECLS

/* 256 pixels of eight frames in double fill a third of a first-level cache; long rows
 * touch fewer pages of memory than square tiles would. */
#define SAXID_TILE_ROWS 8
#define SAXID_TILE_COLUMNS 32
#define SAXID_TILE_PIXELS (SAXID_TILE_ROWS * SAXID_TILE_COLUMNS)
#define SAXID_TILE_WORDS (SAXID_TILE_PIXELS / 64) /* of bits */

typedef struct
{
  guint32 bin, n; /* pixels */
} SaxidSpan;

typedef struct
{
  gsize height, width, n_bin;
  gsize down, across;  /* tiles */
  gsize *span_of_tile; /* [down × across + 1] its first span */
  gsize *row_of_tile;  /* [down × across + 1] the first pixel of that */
  SaxidSpan *span;
  guint8 *pixel;       /* row × SAXID_TILE_COLUMNS + column within the tile */
  float *share;        /* NULL: every share is 1 */
  gsize most_rows;     /* of one tile */
  guint64 *live;       /* [down × across][SAXID_TILE_WORDS] a bit for each pixel that is in a span */
} SaxidShareTable;

/* bad: [height × width], not 0 = the pixel takes no part; or NULL. jobs: threads
 * that make it. Errors: SAXID_ERROR_DATA when no pixel falls into a bin. */
SaxidShareTable *saxid_share_table_new (const SaxidGeometryMap *map, SaxidRadial kind, const SaxidBins *bins,
                                        SaxidSplitting splitting, const guint8 *bad, guint jobs, GError **error);
void saxid_share_table_free (SaxidShareTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidShareTable, saxid_share_table_free)

/* out[bin] += Σ (share × first[pixel])^power × second[pixel]; first and second are
 * [height × width] or NULL: 1. power is 1 or 2. */
void saxid_share_table_sum (const SaxidShareTable *table, const float *first, int power, const float *second,
                            double *out);

/* The radial coordinates that the pixels cover, masked or not. */
void saxid_split_reach (const SaxidGeometryMap *map, SaxidRadial kind, SaxidSplitting splitting, double *low, double *high,
                        gsize *least, gsize *greatest);

G_END_DECLS
