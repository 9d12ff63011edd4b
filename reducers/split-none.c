/* A pixel belongs, whole, to the bin of its centre.
 *
 * Neighbouring points are then independent, which is what χ² assumes.
 *
 * Thread: pure.
 */
#include "reducers/split.h"

#include <math.h>

static void
reach (const SaxidPixelPlace *place, double *low, double *high)
{
  *low = *high = place->radial;
}

/* The bin of an azimuth, or -1. */
static gssize
azimuth_bin (const SaxidBins *bins, double chi)
{
  double turn = fmod (chi - bins->chi_min, 2 * G_PI);
  gsize bin;

  if (turn < 0)
    turn += 2 * G_PI;
  if (turn > bins->chi_width)
    return -1;
  bin = (gsize) (turn / bins->chi_width * (double) bins->n_azimuth);
  return (gssize) MIN (bin, bins->n_azimuth - 1);
}

static void
share (const SaxidBins *bins, const SaxidPixelPlace *place, SaxidShares *shares)
{
  const gssize bin = saxid_grid_bin (&bins->grid, place->radial);
  const gssize azimuth = saxid_bins_have_azimuth (bins) ? azimuth_bin (bins, place->chi) : 0;

  if (bin >= 0 && azimuth >= 0)
    saxid_shares_add (shares, (gsize) azimuth * bins->grid.n + (gsize) bin, 1);
}

const SaxidSplitter saxid_split_none = { "none", FALSE, FALSE, reach, share };
