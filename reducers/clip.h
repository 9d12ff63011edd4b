/* Which pixels of a frame are unlike the others of their bin: zingers, Bragg spots?
 *
 * The bin of a pixel is that of its centre, however it is shared out later, so a
 * pixel is in or out as a whole, and the mask that was found can be looked at.
 *
 *   median  |b - median| > cut × scale, with the scale 1.4826 × the median absolute
 *           deviation, or what counting leaves of the median, whichever is asked for;
 *           the scale is never less than that of counting, where counts are few
 *   mean    |b - S/N| > cut × √(V / N2) with the chain's error model, where hybrid means
 *           the scatter: pyFAI's rule, which a spot that is strong enough passes by raising
 *           what it is judged by
 *   cut     max (threshold, √(2 ln (C / √2π))): Chauvenet's criterion for C pixels
 * b is (n - dark) / ω. Chauvenet's criterion: Maples et al., Astrophys. J. Suppl. 238
 * (2018) 2, doi:10.3847/1538-4365/aad23d.
 *
 * Shape: frames and masks are [height × width].
 * Thread: a clip is immutable and shared; a scratch belongs to one thread.
 */
#pragma once

#include "reducers/integrate.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_CLIP_MEDIAN = 0,
  SAXID_CLIP_MEAN
} SaxidClipRule;

typedef enum
{
  SAXID_CLIP_MAD = 0,
  SAXID_CLIP_POISSON
} SaxidClipScale;

typedef struct
{
  SaxidClipRule rule;
  SaxidClipScale scale; /* of the median rule */
  double threshold;     /* 0: Chauvenet's alone */
  guint iterations;
} SaxidClipRequest;

typedef struct SaxidClip SaxidClip;
typedef struct SaxidClipScratch SaxidClipScratch;

/* bins and pixels are those of a binning, and must outlive the clip. */
SaxidClip *saxid_clip_new (const SaxidGeometryMap *map, const SaxidBinningRequest *binning, const SaxidBins *bins,
                           const SaxidBinningPixels *pixels, const SaxidClipRequest *request);
void saxid_clip_free (SaxidClip *clip);

SaxidClipScratch *saxid_clip_scratch_new (const SaxidClip *clip);
void saxid_clip_scratch_free (SaxidClipScratch *scratch);

/* Fills found with 1 for a pixel that frame->bad[lane] has already, 2 for one that is
 * unlike the others, 0 for all else. Returns how many are 2. */
gsize saxid_clip_find (const SaxidClip *clip, SaxidClipScratch *scratch, const SaxidFrames *frames, guint lane,
                       guint8 *found);

G_END_DECLS
