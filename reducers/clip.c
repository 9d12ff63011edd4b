/* Which pixels of a frame are unlike the others of their bin?
 *
 * Thread: see clip.h.
 */
#include "reducers/clip.h"

#include <math.h>
#include <string.h>

#define MAD_TO_SIGMA 1.482602218505602 /* of a normal distribution */
#define FEWEST 3                       /* pixels of which one can be told from the others */

struct SaxidClip
{
  SaxidClipRequest request;
  SaxidErrors errors;
  double least, low, high;
  gboolean limited, below_zero;
  const SaxidBinningPixels *pixels;
  gsize n_pixel, n_bin, most; /* most: pixels of one bin */
  gsize *first;               /* [n_bin + 1] into order */
  guint32 *order;             /* pixels, bin after bin */
};

/* One pixel of the bin at work. */
typedef struct
{
  double value, omega, variance; /* b, ω, and the variance of the counts */
  guint32 pixel;
} Member;

struct SaxidClipScratch
{
  double *counts; /* [n_pixel] */
  Member *member; /* [most] */
  double *sorted; /* [most] */
};

/* ---- the order of pixels --------------------------------------------------------- */

static gint64
bin_of (const SaxidGeometryMap *map, const SaxidBins *bins, gsize pixel, double radial,
        SaxidShares *shares)
{
  const SaxidPixelPlace place = { .radial = radial, .chi = map->chi[pixel] };

  shares->n = 0;
  saxid_split_none.share (bins, &place, shares);
  return shares->n > 0 ? (gint64) shares->share[0].bin : -1;
}

static void
order_pixels (SaxidClip *clip, const gint32 *bin)
{
  g_autofree gsize *next = NULL;

  clip->first = g_new0 (gsize, clip->n_bin + 1);
  for (gsize k = 0; k < clip->n_pixel; k++)
    if (bin[k] >= 0)
      clip->first[bin[k] + 1]++;
  for (gsize k = 0; k < clip->n_bin; k++)
    {
      clip->most = MAX (clip->most, clip->first[k + 1]);
      clip->first[k + 1] += clip->first[k];
    }
  clip->order = g_new (guint32, MAX (clip->first[clip->n_bin], 1));
  next = g_memdup2 (clip->first, (clip->n_bin + 1) * sizeof *next);
  for (gsize k = 0; k < clip->n_pixel; k++)
    if (bin[k] >= 0)
      clip->order[next[bin[k]]++] = (guint32) k;
}

SaxidClip *
saxid_clip_new (const SaxidGeometryMap *map, const SaxidBinningRequest *binning, const SaxidBins *bins,
                const SaxidBinningPixels *pixels, const SaxidClipRequest *request)
{
  SaxidClip *clip = g_new0 (SaxidClip, 1);
  g_autofree gint32 *bin = g_new (gint32, map->n);
  g_autofree double *radial = g_new (double, map->width);
  SaxidShares shares = { 0 };

  clip->request = *request;
  clip->errors = binning->errors;
  clip->least = binning->least;
  clip->limited = binning->limited;
  clip->low = binning->low;
  clip->high = binning->high;
  clip->below_zero = binning->below_zero;
  clip->pixels = pixels;
  clip->n_pixel = map->n;
  clip->n_bin = bins->grid.n * bins->n_azimuth;
  for (gsize row = 0, k = 0; row < map->height; row++)
    {
      saxid_geometry_line (&map->geometry, binning->radial, (double) row + 0.5, 0.5, map->width, radial, NULL);
      for (gsize column = 0; column < map->width; column++, k++)
        bin[k] = pixels->bad != NULL && pixels->bad[k] != 0
                     ? -1
                     : (gint32) bin_of (map, bins, k, radial[column], &shares);
    }
  saxid_shares_clear (&shares);
  order_pixels (clip, bin);
  return clip;
}

void
saxid_clip_free (SaxidClip *clip)
{
  if (clip == NULL)
    return;
  g_free (clip->first);
  g_free (clip->order);
  g_free (clip);
}

SaxidClipScratch *
saxid_clip_scratch_new (const SaxidClip *clip)
{
  SaxidClipScratch *scratch = g_new0 (SaxidClipScratch, 1);

  scratch->counts = g_new (double, clip->n_pixel);
  scratch->member = g_new (Member, MAX (clip->most, 1));
  scratch->sorted = g_new (double, MAX (clip->most, 1));
  return scratch;
}

void
saxid_clip_scratch_free (SaxidClipScratch *scratch)
{
  if (scratch == NULL)
    return;
  g_free (scratch->counts);
  g_free (scratch->member);
  g_free (scratch->sorted);
  g_free (scratch);
}

/* ---- one bin ----------------------------------------------------------------------- */

/* The k-th smallest, from 0 (Hoare's selection); values are left in another order. */
static double
select_value (double *value, gsize n, gsize k)
{
  gsize low = 0, high = n - 1;

  while (low < high)
    {
      const double pivot = value[low + (high - low) / 2];
      gsize i = low, j = high;

      while (i <= j)
        {
          while (value[i] < pivot)
            i++;
          while (value[j] > pivot)
            j--;
          if (i <= j)
            {
              const double kept = value[i];

              value[i++] = value[j];
              value[j] = kept;
              if (j == 0)
                break;
              j--;
            }
        }
      if (k <= j)
        high = j;
      else if (k >= i)
        low = i;
      else
        break;
    }
  return value[k];
}

static double
median_of (double *value, gsize n)
{
  const double upper = select_value (value, n, n / 2);

  return n % 2 == 1 ? upper : (upper + select_value (value, n, n / 2 - 1)) / 2;
}

/* What counting leaves of an intensity in a pixel: √(expected counts) / ω, of one at least. */
static double
counting_scale (double intensity, double omega)
{
  return sqrt (MAX (intensity * omega, 1)) / omega;
}

static double
cut_of (const SaxidClip *clip, gsize n)
{
  const double chauvenet = n >= FEWEST ? sqrt (2 * MAX (log ((double) n / sqrt (2 * G_PI)), 0)) : INFINITY;

  return MAX (clip->request.threshold, chauvenet);
}

/* Centre and scale of the members; a scale of 0 means that of counting, pixel by pixel. */
static void
by_median (const SaxidClip *clip, SaxidClipScratch *scratch, gsize n, double *centre, double *scale)
{
  for (gsize k = 0; k < n; k++)
    scratch->sorted[k] = scratch->member[k].value;
  *centre = median_of (scratch->sorted, n);
  *scale = 0;
  if (clip->request.scale == SAXID_CLIP_POISSON)
    return;
  for (gsize k = 0; k < n; k++)
    scratch->sorted[k] = fabs (scratch->member[k].value - *centre);
  *scale = MAD_TO_SIGMA * median_of (scratch->sorted, n);
}

static void
by_mean (const SaxidClip *clip, SaxidClipScratch *scratch, gsize n, double *centre, double *scale)
{
  double signal = 0, variance = 0, normalisation = 0, normalisation2 = 0;

  for (gsize k = 0; k < n; k++)
    {
      const Member *member = &scratch->member[k];

      signal += member->value * member->omega;
      variance += member->variance;
      normalisation += member->omega;
      normalisation2 += member->omega * member->omega;
    }
  *centre = signal / normalisation;
  if (clip->errors == SAXID_ERRORS_AZIMUTHAL || clip->errors == SAXID_ERRORS_HYBRID)
    {
      variance = 0;
      for (gsize k = 0; k < n; k++)
        variance += pow (scratch->member[k].omega * (scratch->member[k].value - *centre), 2);
    }
  *scale = sqrt (variance / normalisation2);
}

static void (*const rules[]) (const SaxidClip *clip, SaxidClipScratch *scratch, gsize n, double *centre, double *scale) = {
  [SAXID_CLIP_MEDIAN] = by_median,
  [SAXID_CLIP_MEAN] = by_mean,
};

/* Takes the members out that are too far off; they come to stand behind the others. */
static gsize
drop_members (const SaxidClip *clip, SaxidClipScratch *scratch, gsize n)
{
  const double cut = cut_of (clip, n);
  double centre, scale;
  gsize kept = 0;

  rules[clip->request.rule](clip, scratch, n, &centre, &scale);
  for (gsize k = 0; k < n; k++)
    {
      const Member member = scratch->member[k];
      double own = scale;

      if (clip->request.rule == SAXID_CLIP_MEDIAN)
        own = MAX (scale, counting_scale (centre, member.omega));
      if (fabs (member.value - centre) > cut * own)
        continue;
      scratch->member[k] = scratch->member[kept];
      scratch->member[kept++] = member;
    }
  return kept;
}

static gsize
gather (const SaxidClip *clip, SaxidClipScratch *scratch, gsize bin, const SaxidFrames *frames, guint lane, double low,
        double high, const guint8 *found)
{
  const SaxidBinningPixels *pixels = clip->pixels;
  gsize n = 0;

  for (gsize k = clip->first[bin]; k < clip->first[bin + 1]; k++)
    {
      const guint32 at = clip->order[k];
      const double counts = scratch->counts[at], omega = pixels->normalisation != NULL ? (double) pixels->normalisation[at] : 1;
      double variance = MAX (counts, clip->least), dark = 0;

      if (found[at] != 0 || !(counts >= low && counts <= high))
        continue;
      if (clip->errors == SAXID_ERRORS_VARIANCE)
        variance = (double) frames->variance[lane][at];
      if (pixels->dark != NULL)
        {
          dark = (double) pixels->dark[at];
          variance += (double) pixels->dark_variance[at];
        }
      scratch->member[n++] = (Member) { (counts - dark) / omega, omega, variance, at };
    }
  return n;
}

gsize
saxid_clip_find (const SaxidClip *clip, SaxidClipScratch *scratch, const SaxidFrames *frames, guint lane, guint8 *found)
{
  gsize dropped = 0;
  double low, high;

  saxid_pixel_range (frames->type, clip->below_zero, &low, &high);
  if (clip->limited)
    {
      low = MAX (low, clip->low);
      high = MIN (high, clip->high);
    }
  saxid_pixel_widen (frames->type, frames->counts[lane], clip->n_pixel, scratch->counts);
  for (gsize k = 0; k < clip->n_pixel; k++)
    found[k] = frames->bad[lane] != NULL && frames->bad[lane][k] != 0;
  for (gsize bin = 0; bin < clip->n_bin; bin++)
    {
      const gsize all = gather (clip, scratch, bin, frames, lane, low, high, found);
      gsize n = all;

      for (guint round = 0; round < clip->request.iterations && n >= FEWEST; round++)
        {
          const gsize left = drop_members (clip, scratch, n);

          if (left == n)
            break;
          n = left;
        }
      for (gsize k = n; k < all; k++)
        found[scratch->member[k].pixel] = 2;
      dropped += all - n;
    }
  return dropped;
}
