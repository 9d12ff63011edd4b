/* A pixel is a box, centred on its centre, that reaches its farthest corner.
 *
 * Thread: pure.
 */
#include "reducers/split.h"

#include <math.h>

static double
half_width (double centre, const double corner[4])
{
  double width = 0;

  for (int k = 0; k < 4; k++)
    width = MAX (width, fabs (corner[k] - centre));
  return width;
}

/* No pixel has a negative radius. */
static void
reach (const SaxidPixelPlace *place, double *low, double *high)
{
  const double width = half_width (place->radial, place->corner);

  *low = MAX (place->radial - width, 0);
  *high = place->radial + width;
}

static void
share (const SaxidBins *bins, const SaxidPixelPlace *place, SaxidShares *shares)
{
  double low, high, width, *azimuth, one = 1;
  gsize first, last, first_azimuth = 0, last_azimuth = 0;

  reach (place, &low, &high);
  if (bins->ends == SAXID_ENDS_PYFAI) /* the box of the beam reaches behind 0 */
    low = place->radial - half_width (place->radial, place->corner);
  azimuth = &one;
  if (saxid_bins_have_azimuth (bins))
    {
      azimuth = saxid_shares_area (shares, bins->n_azimuth);
      width = MIN (half_width (place->chi, place->corner_chi), G_PI);
      if (!saxid_split_azimuth (bins, place->chi - width, place->chi + width, azimuth, &first_azimuth, &last_azimuth))
        return;
      if (bins->ends == SAXID_ENDS_PYFAI && bins->n_azimuth == 1)
        azimuth[0] = 1; /* it touches the sector */
    }
  if (!saxid_split_radial (bins, low, high, shares, &first, &last))
    return;
  for (gsize a = first_azimuth; a <= last_azimuth; a++)
    for (gsize k = first; k <= last; k++)
      saxid_shares_add (shares, a * bins->grid.n + k, azimuth[a] * shares->part[k - first]);
}

const SaxidSplitter saxid_split_box = { "bbox", TRUE, FALSE, reach, share };
