/* Which points of a curve say nothing?
 *
 * Thread: pure.
 */
#include "reducers/worth.h"

#include <math.h>
#include <stdlib.h>

/* Consecutive sigmas, sorted, are of one measurement up to this ratio. */
#define SIGMA_GAP 100.0
/* … and a sigma is no other kind than those around it up to that. */
#define SIGMA_LEAP 1000.0
#define SIGMA_REACH 16
/* No measurement is exact. */
#define EXACT 1e-6
#define ORDINARY 1e-4
/* A gap in ln q is so many times the steps before it, and no less than that. */
#define STRAY_STEPS 5.0
#define STRAY_LEAST 0.2231435513142098 /* ln 1.25 */
#define STRAY_LOOK 3
#define STRAY_MOST 2

static gboolean
is_positive (double value)
{
  return isfinite (value) && value > 0;
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The positive ones, sorted. */
static double *
sorted (gsize n, const double *values, gsize *count)
{
  double *out = g_new (double, n + 1);

  *count = 0;
  for (gsize k = 0; k < n; k++)
    if (is_positive (values[k]))
      out[(*count)++] = values[k];
  qsort (out, *count, sizeof *out, compare);
  return out;
}

static double
median (gsize n, const double *values)
{
  gsize count;
  g_autofree double *order = sorted (n, values, &count);

  return count > 0 ? order[count / 2] : 0;
}

/* Whole numbers, with the root of them as sigma where one is given. */
static gboolean
is_count (double intensity, const double *sigma)
{
  if (intensity != rint (intensity))
    return FALSE;
  return sigma == NULL || !is_positive (*sigma) || fabs (*sigma * *sigma - intensity) <= 0.1 * intensity + 1;
}

gsize
saxid_worth_empty (gsize n, const double *intensity, const double *sigma, gboolean *bad)
{
  gboolean some = FALSE, counts = TRUE;
  gsize first = n, last = 0, found = 0;

  for (gsize k = 0; k < n; k++)
    {
      some |= sigma != NULL && is_positive (sigma[k]);
      counts &= is_count (intensity[k], sigma != NULL ? sigma + k : NULL);
      if (intensity[k] == 0)
        continue;
      first = MIN (first, k);
      last = k;
    }
  if (first == n)
    return 0; /* nothing but zeros is another matter */
  for (gsize k = 0; k < n; k++)
    {
      const gboolean outside = k < first || (k > last && !counts);

      if (intensity[k] != 0 || (some && is_positive (sigma[k])) || (!outside && (counts || !some)))
        continue;
      bad[k] = TRUE;
      found++;
    }
  return found;
}

static void
range_of (gsize n, const double *values, double *least, double *most)
{
  *least = INFINITY;
  *most = 0;
  for (gsize k = 0; k < n; k++)
    if (is_positive (values[k]))
      {
        *least = fmin (*least, values[k]);
        *most = fmax (*most, values[k]);
      }
}

/* The least sigma beyond the gap; infinite where there is none. */
static double
beyond_gap (gsize n, const double *sigma)
{
  g_autofree double *order = NULL;
  double least, most;
  gsize count;

  range_of (n, sigma, &least, &most);
  if (!(most > SIGMA_GAP * least))
    return INFINITY; /* nearly every curve: nothing is sorted */
  order = sorted (n, sigma, &count);
  for (gsize k = count / 2 + 1; k < count; k++)
    if (order[k] > SIGMA_GAP * order[k - 1])
      return order[k];
  return INFINITY;
}

static gboolean
leaps (gsize n, const double *sigma, gsize k)
{
  const gsize from = k > SIGMA_REACH ? k - SIGMA_REACH : 0, to = MIN (k + SIGMA_REACH + 1, n);
  double least, most;

  range_of (to - from, sigma + from, &least, &most);
  return sigma[k] > SIGMA_LEAP * least && sigma[k] > SIGMA_LEAP * median (to - from, sigma + from);
}

gsize
saxid_worth_sigma (gsize n, const double *intensity, const double *sigma, gboolean *bad)
{
  const double limit = beyond_gap (n, sigma);
  g_autofree gboolean *mark = g_new0 (gboolean, n + 1);
  gsize found = 0;

  for (gsize k = 0; k < n; k++)
    {
      mark[k] = sigma[k] > fabs (intensity[k]) && (sigma[k] >= limit || leaps (n, sigma, k));
      found += (gsize) mark[k];
    }
  if (found * 2 > n)
    return 0; /* then these are the ordinary ones */
  for (gsize k = 0; k < n; k++)
    bad[k] |= mark[k];
  return found;
}

gsize
saxid_worth_exact (gsize n, const double *intensity, const double *sigma, gboolean *bad)
{
  g_autofree double *ratio = g_new (double, n + 1);
  gsize found = 0;

  for (gsize k = 0; k < n; k++)
    {
      ratio[k] = intensity[k] != 0 ? sigma[k] / fabs (intensity[k]) : 0;
      found += is_positive (ratio[k]) && ratio[k] < EXACT;
    }
  if (found == 0 || !(median (n, ratio) > ORDINARY))
    return 0;
  for (gsize k = 0; k < n; k++)
    if (is_positive (ratio[k]) && ratio[k] < EXACT)
      bad[k] = TRUE;
  return found;
}

/* Points beyond a gap at one end. */
static gsize
beyond_step (gsize n, const double *q, gboolean from_high)
{
  for (gsize beyond = STRAY_MOST; beyond > 0; beyond--)
    {
      double step[STRAY_LOOK + 1];
      double usual = 0;

      if (n < beyond + STRAY_LOOK + 1)
        continue;
      for (gsize k = 0; k <= STRAY_LOOK; k++)
        {
          const gsize at = beyond - 1 + k;

          step[k] = from_high ? log (q[n - 1 - at] / q[n - 2 - at]) : log (q[at + 1] / q[at]);
          usual = k > 0 ? fmax (usual, step[k]) : 0;
        }
      if (step[0] > STRAY_LEAST && step[0] > STRAY_STEPS * usual)
        return beyond;
    }
  return 0;
}

void
saxid_worth_stray (gsize n, const double *q, gsize *low, gsize *high)
{
  *low = beyond_step (n, q, FALSE);
  *high = beyond_step (n, q, TRUE);
}
