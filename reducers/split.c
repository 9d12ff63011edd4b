/* Into which bins does a pixel fall? What all ways of splitting share.
 *
 * Thread: pure.
 */
#include "reducers/split.h"

#include <math.h>

static const SaxidSplitter *const splitters[] = {
  [SAXID_SPLIT_NONE] = &saxid_split_none,
  [SAXID_SPLIT_BOX] = &saxid_split_box,
  [SAXID_SPLIT_FULL] = &saxid_split_full,
};

const SaxidSplitter *
saxid_splitter (SaxidSplitting splitting)
{
  return splitters[splitting];
}

gboolean
saxid_bins_have_azimuth (const SaxidBins *bins)
{
  return bins->n_azimuth > 1 || bins->chi_width < 2 * G_PI;
}

static double *
allocate (double **values, gsize *allocated, gsize n)
{
  if (n > *allocated)
    {
      *allocated = n * 2;
      g_free (*values);
      *values = g_new (double, *allocated);
    }
  return *values;
}

double *
saxid_shares_area (SaxidShares *shares, gsize n)
{
  return allocate (&shares->area, &shares->allocated_area, n);
}

static double *
parts_of (SaxidShares *shares, gsize n)
{
  return allocate (&shares->part, &shares->allocated_part, n);
}

void
saxid_shares_add (SaxidShares *shares, gsize bin, double share)
{
  if (!(share > 0))
    return;
  if (shares->n == shares->allocated)
    {
      shares->allocated = MAX (64, 2 * shares->allocated);
      shares->share = g_renew (SaxidShare, shares->share, shares->allocated);
    }
  shares->share[shares->n++] = (SaxidShare) { (guint32) bin, (float) share };
}

void
saxid_shares_clear (SaxidShares *shares)
{
  g_clear_pointer (&shares->share, g_free);
  g_clear_pointer (&shares->area, g_free);
  g_clear_pointer (&shares->part, g_free);
  *shares = (SaxidShares) { 0 };
}

/* The overlap of low … high with the bins of azimuth, in parts of `whole`. */
static void
add_azimuth (const SaxidBins *bins, double low, double high, double whole, double *part, gsize *first, gsize *last)
{
  const double step = bins->chi_width / (double) bins->n_azimuth;
  const double a = MAX (low, 0), b = MIN (high, bins->chi_width);

  if (!(b > a))
    return;
  for (gsize k = (gsize) (a / step); k < bins->n_azimuth && (double) k * step < b; k++)
    {
      const double from = MAX (a, (double) k * step), to = MIN (b, (double) (k + 1) * step);

      part[k] += MAX (to - from, 0) / whole;
      *first = MIN (*first, k);
      *last = MAX (*last, k);
    }
}

gboolean
saxid_split_azimuth (const SaxidBins *bins, double low, double high, double *part, gsize *first, gsize *last)
{
  const double whole = high - low;
  double from = fmod (low - bins->chi_min, 2 * G_PI);

  if (from < 0)
    from += 2 * G_PI;
  *first = bins->n_azimuth;
  *last = 0;
  for (gsize k = 0; k < bins->n_azimuth; k++)
    part[k] = 0;
  add_azimuth (bins, from, from + whole, whole, part, first, last);
  add_azimuth (bins, from - 2 * G_PI, from - 2 * G_PI + whole, whole, part, first, last);
  return *first <= *last;
}

gboolean
saxid_split_radial (const SaxidBins *bins, double low, double high, SaxidShares *shares, gsize *first, gsize *last)
{
  const SaxidGrid *grid = &bins->grid;
  const double *edge = bins->edge;
  double *part;

  if (!(high >= grid->low && low <= grid->high))
    return FALSE;
  *first = (gsize) saxid_grid_bin (grid, MAX (low, grid->low));
  *last = (gsize) saxid_grid_bin (grid, MIN (high, grid->high));
  part = parts_of (shares, *last - *first + 1);
  for (gsize k = *first; k <= *last; k++)
    part[k - *first] = MAX (MIN (high, edge[k + 1]) - MAX (low, edge[k]), 0) / (high - low);
  if (bins->ends == SAXID_ENDS_PYFAI && low < grid->low)
    part[0] += (grid->low - low) / (high - low);
  if (bins->ends == SAXID_ENDS_PYFAI && high > grid->high)
    part[*last - *first] += (high - grid->high) / (high - low);
  if (!(high > low)) /* a point */
    part[0] = 1;
  return TRUE;
}
