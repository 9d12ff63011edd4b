/* How far does a curve rise over a smooth one where crystals have their first peaks?
 *
 * Thread: pure.
 */
#include "reducers/peaks.h"

#include <math.h>

#include "reducers/dot.h"

#define FIRST SAXID_PEAKS_FROM
#define LAST SAXID_PEAKS_TO
/* Part of the window that has to be there. */
#define COVERED 0.85
/* Points of the window are averaged down to so many. */
#define MOST 80
#define FEWEST 24
#define TERMS 4
/* What is a peak. */
#define RISE 0.2
#define ERRORS 5.0
#define NARROWEST 0.06
#define WIDEST 0.7

typedef struct
{
  gsize n;
  double q[MOST], level[MOST], error[MOST]; /* level: ln I, later what rises over the cubic */
} Window;

double
saxid_peaks_needed (double d)
{
  return SAXID_PEAKS_BEYOND * SAXID_PEAKS_FIRST / d;
}

/* One mean. Its error is that of sigma, or of the scatter about the line from the first to the last point. */
static void
add_mean (Window *window, const SaxidCurve *curve, gsize first, gsize last)
{
  const double n = (double)(last - first), slope = (curve->intensity[last - 1] - curve->intensity[first]) / fmax (n - 1, 1);
  double q = 0, mean = 0, square = 0;

  for (gsize k = first; k < last; k++)
    {
      const double away = curve->intensity[k] - curve->intensity[first] - slope * (double)(k - first);

      q += curve->q[k] / n;
      mean += curve->intensity[k] / n;
      square += curve->sigma != NULL ? curve->sigma[k] * curve->sigma[k] : away * away;
    }
  if (!(mean > 0))
    return;
  window->q[window->n] = q;
  window->level[window->n] = log (mean);
  window->error[window->n++] = sqrt (square) / n / mean;
}

static gboolean
fill_window (const SaxidCurve *curve, Window *window)
{
  gsize first = 0, last, group;

  while (first < curve->n && curve->q[first] < FIRST)
    first++;
  last = first;
  while (last < curve->n && curve->q[last] <= LAST)
    last++;
  window->n = 0;
  if (last - first < FEWEST || curve->q[last - 1] - curve->q[first] < COVERED * (LAST - FIRST))
    return FALSE;
  group = (last - first + MOST - 1) / MOST;
  for (gsize k = first; k < last; k += group)
    add_mean (window, curve, k, MIN (k + group, last));
  return window->n >= FEWEST;
}

/* a less its part along b. */
static void
take_off (gsize n, double *a, const double *b)
{
  const double part = saxid_dot (n, a, b) / saxid_dot (n, b, b);

  for (gsize k = 0; k < n; k++)
    a[k] -= part * b[k];
}

/* The best cubic in ln q, of a variable from -1 to 1, taken off: powers are made orthogonal on the points (Gram and Schmidt). */
static void
take_off_cubic (Window *window)
{
  const double centre = 0.5 * log (FIRST * LAST), half = 0.5 * log (LAST / FIRST);
  double power[TERMS][MOST];

  for (guint t = 0; t < TERMS; t++)
    {
      for (gsize k = 0; k < window->n; k++)
        power[t][k] = pow ((log (window->q[k]) - centre) / half, t);
      for (guint before = 0; before < t; before++)
        take_off (window->n, power[t], power[before]);
      take_off (window->n, window->level, power[t]);
    }
}

gboolean
saxid_peaks_find (const SaxidCurve *curve, SaxidPeaks *peaks)
{
  Window window;
  gsize top = 0, from, to;

  *peaks = (SaxidPeaks) { 0 };
  if (!fill_window (curve, &window))
    return FALSE;
  take_off_cubic (&window);
  for (gsize k = 1; k < window.n; k++)
    if (window.level[k] > window.level[top])
      top = k;
  from = to = top;
  while (from > 0 && window.level[from - 1] > 0.5 * window.level[top])
    from--;
  while (to + 1 < window.n && window.level[to + 1] > 0.5 * window.level[top])
    to++;
  *peaks = (SaxidPeaks) { window.level[top], window.error[top], window.q[top], window.q[to] - window.q[from], FALSE };
  peaks->is_seen = peaks->rise > RISE && peaks->rise > ERRORS * peaks->rise_error && peaks->width < WIDEST
                   && peaks->width + (window.q[1] - window.q[0]) > NARROWEST;
  return TRUE;
}

SaxidCurve *
saxid_peaks_small_angles (const SaxidCurve *curve)
{
  SaxidPeaks peaks;
  SaxidCurve *part;
  gsize n = 0;

  if (!saxid_peaks_find (curve, &peaks) || !peaks.is_seen)
    return NULL;
  while (n < curve->n && curve->q[n] <= SAXID_PEAKS_SMALL_ANGLES)
    n++;
  if (n < SAXID_CURVE_MIN_POINTS)
    return NULL;
  part = saxid_curve_copy (curve);
  part->n = n;
  return part;
}
