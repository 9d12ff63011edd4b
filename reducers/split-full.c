/* A pixel is the quadrilateral of its corners in the plane of radius and azimuth.
 *
 * The area in a bin is the sum over the sides of ∫ χ dr within it (Green), of
 * the polygon cut to a band of azimuths where these count (Sutherland & Hodgman,
 * Commun. ACM 17 (1974) 32, doi:10.1145/360767.360802). χ is counted from the
 * centre of the pixel, so that nothing cancels.
 *
 * Thread: pure.
 */
#include "reducers/split.h"

#include <math.h>

#define MOST_CORNERS 12 /* four, and two for each side of a band */

typedef struct
{
  double r[MOST_CORNERS], chi[MOST_CORNERS];
  int n;
} Polygon;

static void
reach (const SaxidPixelPlace *place, double *low, double *high)
{
  *low = *high = place->corner[0];
  for (int k = 1; k < 4; k++)
    {
      *low = MIN (*low, place->corner[k]);
      *high = MAX (*high, place->corner[k]);
    }
}

static double
whole_area (const Polygon *polygon)
{
  double area = 0;

  for (int k = 0, next; k < polygon->n; k++)
    {
      next = (k + 1) % polygon->n;
      area += (polygon->r[next] - polygon->r[k]) * (polygon->chi[next] + polygon->chi[k]) / 2;
    }
  return area;
}

/* What is left on one side of a line of azimuth. */
static Polygon
cut (const Polygon *polygon, double chi, gboolean above)
{
  Polygon left = { .n = 0 };

  for (int k = 0, next; k < polygon->n; k++)
    {
      const double from = above ? polygon->chi[k] - chi : chi - polygon->chi[k];
      double to;

      next = (k + 1) % polygon->n;
      to = above ? polygon->chi[next] - chi : chi - polygon->chi[next];
      if (from >= 0)
        {
          left.r[left.n] = polygon->r[k];
          left.chi[left.n++] = polygon->chi[k];
        }
      if ((from >= 0) != (to >= 0))
        {
          left.r[left.n] = polygon->r[k] + from / (from - to) * (polygon->r[next] - polygon->r[k]);
          left.chi[left.n++] = chi;
        }
    }
  return left;
}

/* Adds the signed area under a side, bin by bin: area[k - first]. */
static void
add_side (const SaxidBins *bins, gsize first, double r0, double chi0, double r1, double chi1, double *area)
{
  const SaxidGrid *grid = &bins->grid;
  const double sign = r1 > r0 ? 1 : -1, low = MAX (MIN (r0, r1), grid->low), high = MIN (MAX (r0, r1), grid->high);
  const double slope = (chi1 - chi0) / (r1 - r0);

  if (!(high > low))
    return;
  for (gsize k = (gsize) saxid_grid_bin (grid, low); k < grid->n && bins->edge[k] < high; k++)
    {
      const double from = MAX (low, bins->edge[k]), to = MIN (high, bins->edge[k + 1]);

      if (to > from)
        area[k - first] += sign * (to - from) * (chi0 + slope * ((from + to) / 2 - r0));
    }
}

/* Shares of the polygon in the bins of one azimuth; whole: the area of the pixel. */
static void
add_band (const SaxidBins *bins, const Polygon *polygon, gsize azimuth, double whole, SaxidShares *shares)
{
  double low = polygon->r[0], high = polygon->r[0], *area;
  gsize first, n;

  for (int k = 1; k < polygon->n; k++)
    {
      low = MIN (low, polygon->r[k]);
      high = MAX (high, polygon->r[k]);
    }
  if (!(high >= bins->grid.low && low <= bins->grid.high))
    return;
  first = (gsize) saxid_grid_bin (&bins->grid, MAX (low, bins->grid.low));
  n = (gsize) saxid_grid_bin (&bins->grid, MIN (high, bins->grid.high)) - first + 1;
  area = saxid_shares_area (shares, n + 1); /* rounding may reach one bin further */
  for (gsize k = 0; k <= n; k++)
    area[k] = 0;
  for (int k = 0, next; k < polygon->n; k++)
    {
      next = (k + 1) % polygon->n;
      add_side (bins, first, polygon->r[k], polygon->chi[k], polygon->r[next], polygon->chi[next], area);
    }
  for (gsize k = 0; k <= n && first + k < bins->grid.n; k++)
    saxid_shares_add (shares, azimuth * bins->grid.n + first + k, area[k] / whole);
}

/* Cuts out each azimuth, wherever the turn of it that the pixel meets is. */
static void
add_bands (const SaxidBins *bins, const SaxidPixelPlace *place, const Polygon *polygon, double whole, SaxidShares *shares)
{
  const double step = bins->chi_width / (double) bins->n_azimuth;
  double low = polygon->chi[0], high = polygon->chi[0], start;

  for (int k = 1; k < polygon->n; k++)
    {
      low = MIN (low, polygon->chi[k]);
      high = MAX (high, polygon->chi[k]);
    }
  start = fmod (bins->chi_min - place->chi, 2 * G_PI);
  for (int turn = -2; turn <= 2; turn++)
    {
      const double zero = start + turn * 2 * G_PI;
      const double from = MAX ((low - zero) / step, 0), to = MIN ((high - zero) / step, (double) bins->n_azimuth);

      if (!(to > from))
        continue;
      for (gsize a = (gsize) from; a < bins->n_azimuth && (double) a < to; a++)
        {
          const Polygon above = cut (polygon, zero + (double) a * step, TRUE);
          const Polygon band = cut (&above, zero + (double) (a + 1) * step, FALSE);

          if (band.n >= 3)
            add_band (bins, &band, a, whole, shares);
        }
    }
}

/* Once around the pixel is once around the beam. */
static gboolean
holds_beam (const SaxidPixelPlace *place)
{
  double around = 0;

  for (int k = 0; k < 4; k++)
    {
      const double step = place->corner_chi[(k + 1) % 4] - place->corner_chi[k];

      around += step - 2 * G_PI * rint (step / (2 * G_PI));
    }
  return fabs (around) > G_PI;
}

/* What is inside of the range weighs as a whole pixel. */
static void
make_whole (SaxidShares *shares)
{
  double sum = 0;

  for (gsize k = 0; k < shares->n; k++)
    sum += shares->share[k].share;
  for (gsize k = 0; k < shares->n; k++)
    shares->share[k].share = (float) (shares->share[k].share / sum);
}

static void
share (const SaxidBins *bins, const SaxidPixelPlace *place, SaxidShares *shares)
{
  Polygon polygon = { .n = 4 };
  double whole;

  for (int k = 0; k < 4; k++)
    {
      polygon.r[k] = place->corner[k];
      polygon.chi[k] = place->corner_chi[k] - place->chi;
    }
  whole = whole_area (&polygon);
  if (holds_beam (place) || !(fabs (whole) > 0))
    {
      saxid_split_box.share (bins, place, shares);
      return;
    }
  if (saxid_bins_have_azimuth (bins))
    add_bands (bins, place, &polygon, whole, shares);
  else
    add_band (bins, &polygon, 0, whole, shares);
  if (bins->ends == SAXID_ENDS_PYFAI)
    make_whole (shares);
}

const SaxidSplitter saxid_split_full = { "full", TRUE, TRUE, reach, share };
