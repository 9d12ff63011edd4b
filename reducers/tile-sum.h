/* The inner loops of the integration: a row of tiles of up to eight frames goes
 * into the sums of its bins.
 *
 * Eight frames at a time are lanes of one vector: the table is read once for all
 * of them, and a share multiplies eight counts. What is constant while geometry,
 * mask and flat are (Σ share × normalisation and the like) is not summed here;
 * pixels that a single frame lacks count as 0, and what they would have added to
 * the constant sums is kept apart, to be taken off.
 *
 * A CPU's vectors are used as far as it has them (AVX-512, AVX2, else SSE2):
 * rounding of the last bit differs, since the former two fuse products and sums.
 *
 * Units: counts. Shape: see the members.
 * Thread: a bank and a scratch belong to one thread; all else is read only.
 */
#pragma once

#include "reducers/pixel-type.h"
#include "reducers/share-table.h"

G_BEGIN_DECLS

#define SAXID_LANES 8

/* The rows of one row of tiles, of each frame; all frames have one type. */
typedef struct
{
  SaxidPixelType type;
  double low, high;                         /* counts: what is outside is no pixel */
  double least;                             /* variance of a pixel: its counts, at least this */
  const void *counts[SAXID_LANES];          /* first pixel of the rows; columns fastest */
  const guint8 *bad[SAXID_LANES];           /* of the same pixels: not 0 = none; or NULL */
  const float *variance[SAXID_LANES];       /* counts²; all of them NULL: the counts themselves */
} SaxidStrip;

/* What is constant in a frame, pixel by pixel, [height × width]; for those that it lacks. */
typedef struct
{
  const float *normalisation;
  const float *dark, *dark_variance; /* or NULL */
} SaxidPlanes;

/* Sums of up to eight frames. */
typedef struct
{
  guint lanes;          /* 1 or SAXID_LANES */
  gsize n_bin;
  double *sum;          /* [n_bin][signal, variance][lanes] */
  double *lost;         /* [lanes][n_bin][SAXID_N_LOST] */
  gboolean lacks[SAXID_LANES]; /* whether lost has anything */
} SaxidBank;

/* What a missing pixel would have added. */
enum
{
  SAXID_LOST_NORMALISATION,
  SAXID_LOST_NORMALISATION2,
  SAXID_LOST_COUNT,
  SAXID_LOST_DARK,
  SAXID_LOST_DARK_VARIANCE,
  SAXID_N_LOST
};

typedef struct SaxidTileScratch SaxidTileScratch;

SaxidTileScratch *saxid_tile_scratch_new (const SaxidShareTable *table);
void saxid_tile_scratch_free (SaxidTileScratch *scratch);

SaxidBank *saxid_bank_new (gsize n_bin, guint lanes);
void saxid_bank_clear (SaxidBank *bank);
void saxid_bank_free (SaxidBank *bank);

/* Adds one row of tiles, `down` from 0, of bank->lanes frames. */
void saxid_tile_sum (const SaxidShareTable *table, gsize down, const SaxidStrip *strip, const SaxidPlanes *planes,
                     SaxidTileScratch *scratch, SaxidBank *bank);

/* Adds to variance[bin] the scatter about the means: Σ (c ω)² (b - mean)², with
 * b = (n - dark) / ω, of one row of tiles of strip->counts[0]. */
void saxid_tile_scatter (const SaxidShareTable *table, gsize down, const SaxidStrip *strip, const SaxidPlanes *planes,
                         const double *mean, SaxidTileScratch *scratch, double *variance);

/* Whether the variance of each pixel is its counts: of whole pixels it is then not
 * summed, and is the signal. */
gboolean saxid_strip_is_poisson (const SaxidStrip *strip);

/* The name of the vectors that are used: "x86-64-v4", "x86-64-v3" or "plain". */
const char *saxid_tile_vectors (void);

G_END_DECLS
