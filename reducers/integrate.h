/* Azimuthal integration: frames in, sums for each bin out.
 *
 *   S = Σ c (n - dark)      V = Σ c² (var + dark variance)
 *   N = Σ c ω               N2 = Σ (c ω)²             C = Σ c
 *   I = S / N, σ = √V / N (of the mean), √(V / N2) (of a pixel)
 * where c is the share of a pixel in the bin and ω what all corrections multiply
 * its normalisation by. N, N2, C and what the dark adds are the same for every
 * frame but for the pixels that this one lacks: they are summed once, in the binning.
 * Kieffer et al., J. Synchrotron Rad. 27 (2020) 558, doi:10.1107/S1600577520000776.
 *
 * What does not change from frame to frame is in an immutable binning; an integrator
 * is what one thread works on, and sums are what it gives.
 *
 * Units: counts; the radial coordinate in 1/Å, rad or m (SaxidRadial).
 * Precision: sums are double, counts of 32 bits exact; shares and ω are float.
 * Thread: a binning may be shared by any number of threads; an integrator and sums
 *   belong to one.
 */
#pragma once

#include "reducers/curve.h"
#include "reducers/split.h"
#include "reducers/tile-sum.h"

G_BEGIN_DECLS

typedef enum
{
  SAXID_ERRORS_POISSON = 0, /* variance of a pixel: its counts, at least `least` */
  SAXID_ERRORS_NONE,        /* nothing is known: σ of the sums comes out as of one count, that of a chain's curve is NULL */
  SAXID_ERRORS_VARIANCE,    /* a variance of each pixel comes with the frame */
  SAXID_ERRORS_AZIMUTHAL,   /* the scatter of the pixels of a bin: V = Σ (c ω)² (b - I)², b = (n - dark) / ω */
  SAXID_ERRORS_HYBRID       /* a clip goes by the scatter, what it leaves has the variance of counting */
} SaxidErrors;

/* What is asked of a binning; all zero is a curve over q as far as the detector sees. */
typedef struct
{
  SaxidRadial radial;
  gsize n_bin;                   /* 0 = as many as there are pixels from the least radius to the greatest */
  double radial_min, radial_max; /* 0 = the least and the greatest of the detector, masked or not */
  SaxidSpacing spacing;
  double chi_min, chi_max;       /* sector, rad; whole turns are taken off, both 0 = all around */
  gsize n_azimuth;               /* 0 or 1 = a curve, more = a cake */
  SaxidSplitting splitting;
  SaxidEnds ends;
  SaxidErrors errors;
  double least;                  /* of the variance of a pixel that counts, counts² */
  gboolean limited;
  double low, high;              /* counts of a pixel that is one, where limited */
  gboolean below_zero;           /* negative counts of a signed type are data */
  guint jobs;                    /* threads that make the binning; 0 = one */
} SaxidBinningRequest;

/* Planes that go with every frame, [height × width]; NULL = there is none. Borrowed:
 * they must outlive the binning. */
typedef struct
{
  const guint8 *bad;          /* not 0 = the pixel takes no part */
  const float *normalisation; /* ω > 0 wherever bad is 0 */
  const float *dark, *dark_variance; /* counts, counts²; both or none */
} SaxidBinningPixels;

typedef struct SaxidBinning SaxidBinning;
typedef struct SaxidIntegrator SaxidIntegrator;

/* Up to SAXID_LANES frames of the binning's shape and of one type. */
typedef struct
{
  SaxidPixelType type;
  guint n;
  const void *counts[SAXID_LANES];
  gsize origin[SAXID_LANES];          /* the pixel that counts begins with: 0, but for frames that come strip by strip */
  const guint8 *bad[SAXID_LANES];     /* of this frame alone; or NULL */
  const float *variance[SAXID_LANES]; /* for SAXID_ERRORS_VARIANCE */
} SaxidFrames;

/* One double for each bin and plane. */
typedef struct
{
  gsize n;
  double *signal, *variance, *normalisation, *normalisation2, *count;
} SaxidSums;

/* Errors: SAXID_ERROR_ARGUMENT for a grid that cannot be, a sector that does not
 * ascend, q without a wavelength; SAXID_ERROR_DATA when no pixel falls into it. */
SaxidBinning *saxid_binning_new (const SaxidGeometryMap *map, const SaxidBinningPixels *pixels,
                                 const SaxidBinningRequest *request, GError **error);
void saxid_binning_free (SaxidBinning *binning);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidBinning, saxid_binning_free)

const SaxidGrid *saxid_binning_grid (const SaxidBinning *binning);
const SaxidBins *saxid_binning_bins (const SaxidBinning *binning);
/* Bins of all azimuths: the n of sums. */
gsize saxid_binning_size (const SaxidBinning *binning);
/* Pixels of a frame, and those of a strip, which is taken at a time; the last is shorter. */
gsize saxid_binning_pixels (const SaxidBinning *binning);
gsize saxid_binning_strip_pixels (const SaxidBinning *binning);
gsize saxid_binning_strips (const SaxidBinning *binning);
/* Whether frames are gone through twice. */
gboolean saxid_binning_needs_whole_frames (const SaxidBinning *binning);

SaxidIntegrator *saxid_integrator_new (const SaxidBinning *binning);
void saxid_integrator_free (SaxidIntegrator *integrator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidIntegrator, saxid_integrator_free)

/* Overwrites sums[k] with those of frames->counts[k]. */
void saxid_integrate (SaxidIntegrator *integrator, const SaxidFrames *frames, SaxidSums *const *sums);

/* The same piece by piece, for frames that come row by row: begin, each strip once
 * from 0 (frames then point to the first pixel of the frame, of which the rows of that
 * strip are looked at), end. Not for binnings that need whole frames. */
void saxid_integrate_begin (SaxidIntegrator *integrator, guint n);
void saxid_integrate_strip (SaxidIntegrator *integrator, gsize strip, const SaxidFrames *frames);
void saxid_integrate_end (SaxidIntegrator *integrator, const SaxidFrames *frames, SaxidSums *const *sums);

/* Sums of n bins, all zero. */
SaxidSums *saxid_sums_new (gsize n);
void saxid_sums_free (SaxidSums *sums);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidSums, saxid_sums_free)

void saxid_sums_copy (SaxidSums *into, const SaxidSums *from);

/* into += from: how frames of one sample are merged. Both have the same n. */
void saxid_sums_add (SaxidSums *into, const SaxidSums *from);

/* The normalisation of all bins × factor: a monitor, a thickness. */
void saxid_sums_weigh (SaxidSums *sums, double factor);

/* I = Σ signal / Σ normalisation, σ = √ Σ variance / Σ normalisation, q at the
 * centre of each bin of `azimuth`; I and σ are NaN where no pixel was. A bin in which
 * nothing was counted gets the σ of one count, not 0. */
SaxidCurve *saxid_sums_curve (const SaxidSums *sums, const SaxidGrid *grid, gsize azimuth);

G_END_DECLS
