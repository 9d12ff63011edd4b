/* How many particles of each size has a distribution?
 *
 * Thread: see shares.h.
 */
#include "models/atomic/shares.h"

#include <math.h>
#include <string.h>

/* Sizes of the atlas are so far apart, in ln of the radius: narrower distributions are of one size. */
#define NARROW 0.02
/* Neighbours on either side from which a size between them is made. */
#define SIDE 2

/* Lagrange's weights of the pages about a size between page at and the next. */
static void
add_between (guint n, const SaxidClusterPage *page, guint at, double size, double part, double *share)
{
  const guint first = at + 1 >= SIDE ? at + 1 - SIDE : 0, last = MIN (at + SIDE, n - 1);

  for (guint k = first; k <= last; k++)
    {
      double weight = part;

      for (guint j = first; j <= last; j++)
        if (j != k)
          weight *= (size - page[j].size.n) / ((double)page[k].size.n - page[j].size.n);
      share[k] += weight;
    }
}

static void
share_one_size (guint n, const SaxidClusterPage *page, double radius, double *share)
{
  guint at = 0;
  double part;

  while (at + 2 < n && page[at + 1].radius <= radius)
    at++;
  part = (radius - page[at].radius) / (page[at + 1].radius - page[at].radius);
  part = CLAMP (part, 0, 1);
  add_between (n, page, at, page[at].size.n + part * ((double)page[at + 1].size.n - page[at].size.n), 1, share);
}

/* ln of the radius of a size, those between two pages included, and which page is at or before it. */
static double
radius_at (guint n, const SaxidClusterPage *page, guint size, guint *at)
{
  while (*at + 1 < n && page[*at + 1].size.n <= size)
    ++*at;
  if (page[*at].size.n == size || *at + 1 == n)
    return log (page[*at].radius);
  return log (page[*at].radius
              + (page[*at + 1].radius - page[*at].radius) * (size - page[*at].size.n) / ((double)page[*at + 1].size.n - page[*at].size.n));
}

static void
share_sizes (guint n, const SaxidClusterPage *page, double radius, double width, double *share)
{
  const guint first = page[0].size.n, last = page[n - 1].size.n;
  guint at = 0, next_at = 0;
  double before = 0;

  for (guint size = first; size <= last; size++)
    {
      const double here = radius_at (n, page, size, &at);
      const double after = size < last ? radius_at (n, page, size + 1, &next_at) - here : before;
      const double part = exp (-0.5 * pow ((here - radius) / width, 2)) * 0.5 * ((before > 0 ? before : after) + after);

      if (page[at].size.n == size)
        share[at] += part;
      else
        add_between (n, page, at, size, part, share);
      before = after;
    }
}

void
saxid_cluster_shares (guint n, const SaxidClusterPage *page, double radius, double width, double *share)
{
  double sum = 0;

  memset (share, 0, n * sizeof *share);
  if (n == 1)
    share[0] = 1;
  else if (width > NARROW)
    share_sizes (n, page, radius, width, share);
  else
    share_one_size (n, page, exp (radius), share);
  for (guint k = 0; k < n; k++)
    sum += share[k];
  for (guint k = 0; k < n; k++)
    share[k] = sum > 0 ? share[k] / sum : 0;
}
