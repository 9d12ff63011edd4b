/* Are the frames of a run alike?
 *
 * Thread: pure.
 */
#include "reducers/alike.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/order.h"

#define LEAST_POINTS 16
#define LOW_PART 4 /* the first quarter of the points */

/* None of the n - 1 comparisons of a toss with the one before gives `run` - 1 times "the same" in a row:
 * q(m) = q(m-1) - q(m-k-1) / 2^(k+1) with k = run - 1. */
double
saxid_run_probability (gsize n, gsize run)
{
  const gsize k = run > 0 ? run - 1 : 0, m = n > 0 ? n - 1 : 0;
  g_autofree double *none = NULL;

  if (run <= 1 || n == 0)
    return n > 0 || run == 0 ? 1 : 0;
  if (m < k)
    return 0;
  none = g_new (double, m + 1);
  for (gsize j = 0; j <= m; j++)
    none[j] = j < k    ? 1
              : j == k ? 1 - ldexp (1, -(int) MIN (k, 1000))
                       : none[j - 1] - none[j - k - 1] * ldexp (1, -(int) MIN (k + 1, 1000));
  return CLAMP (1 - none[m], 0, 1);
}

double
saxid_cormap (gsize n, const double *a, const double *b)
{
  gsize longest = 0, run = 0, used = 0;
  int before = 0;

  for (gsize k = 0; k < n; k++)
    {
      const double difference = a[k] - b[k];
      const int sign = difference > 0 ? 1 : difference < 0 ? -1 : 0;

      if (sign == 0 || !isfinite (difference))
        continue;
      run = sign == before ? run + 1 : 1;
      before = sign;
      longest = MAX (longest, run);
      used++;
    }
  return used >= LEAST_POINTS ? saxid_run_probability (used, longest) : 1;
}

/* The sum of later over that of earlier, of the points from..to at which both are numbers. */
static double
ratio_of (const double *later, const double *earlier, gsize from, gsize to)
{
  double a = 0, b = 0;

  for (gsize k = from; k < to; k++)
    if (isfinite (later[k]) && isfinite (earlier[k]))
      {
        a += later[k];
        b += earlier[k];
      }
  return b > 0 && a > 0 ? a / b : 1;
}

/* The median of later over earlier where both are above 0; 1 where that is nowhere. */
static double
median_ratio (gsize n, const double *later, const double *earlier)
{
  g_autofree double *ratio = g_new (double, n + 1);
  gsize found = 0;

  for (gsize k = 0; k < n; k++)
    if (later[k] > 0 && earlier[k] > 0 && isfinite (later[k]) && isfinite (earlier[k]))
      ratio[found++] = later[k] / earlier[k];
  if (found == 0)
    return 1;
  qsort (ratio, found, sizeof *ratio, saxid_compare_doubles);
  return ratio[found / 2];
}

/* The probability where one is scaled onto the other. */
static double
p_scaled (gsize n, const double *later, const double *earlier, double ratio, double *scaled)
{
  /* of a few counts most pairs are equal: a factor of nearly 1 must not give all of them one sign */
  for (gsize k = 0; k < n; k++)
    scaled[k] = later[k] < earlier[k] || later[k] > earlier[k] ? earlier[k] * ratio : later[k];
  return saxid_cormap (n, later, scaled);
}

/* A factor that is a little wrong shifts all points of a part that is known well, so that they are
 * alike where one of the two factors makes them so: that of the sums, which the strong points tell, and that
 * of the median, which all points tell. */
static void
compare (SaxidAlike *self, const double *later, const double *earlier, SaxidAlikeness *found)
{
  const gsize n = self->n;
  const double of_sums = ratio_of (later, earlier, 0, n);
  g_autofree double *scaled = g_new (double, n + 1);
  const double p_scale = saxid_cormap (n, later, earlier);
  const double p = fmax (fmax (p_scale, p_scaled (n, later, earlier, of_sums, scaled)),
                         p_scaled (n, later, earlier, median_ratio (n, later, earlier), scaled));

  self->n_test++;
  if (p_scale < found->p_scale)
    {
      found->p_scale = p_scale;
      found->ratio = of_sums;
    }
  if (p < found->p)
    {
      found->p = p;
      found->low = ratio_of (later, earlier, 0, n / LOW_PART) / ratio_of (later, earlier, n / LOW_PART, n);
    }
}

/* The mean of the frames behind the half. */
static void
compare_halves (SaxidAlike *self, SaxidAlikeness *found)
{
  g_autofree double *later = g_new (double, self->n + 1);

  for (gsize k = 0; k < self->n; k++)
    later[k] = self->sum[k] - self->half[k];
  compare (self, later, self->half, found);
}

SaxidAlikeness
saxid_alike_add (SaxidAlike *self, gsize n, const double *intensity)
{
  SaxidAlikeness found = { 1, 1, 1, 1 };

  g_return_val_if_fail (self->n_frame == 0 || n == self->n, found);

  if (self->n_frame == 0)
    {
      self->n = n;
      self->first = g_memdup2 (intensity, n * sizeof (double));
      self->sum = g_memdup2 (intensity, n * sizeof (double));
      self->half = g_memdup2 (intensity, n * sizeof (double));
      self->half_frames = self->n_frame = 1;
      return found;
    }
  for (gsize k = 0; k < n; k++)
    self->sum[k] += intensity[k];
  self->n_frame++;
  compare (self, intensity, self->first, &found);
  if (self->n_frame == 2 * self->half_frames)
    {
      if (self->half_frames > 1) /* of two frames that was it */
        compare_halves (self, &found);
      memcpy (self->half, self->sum, n * sizeof (double));
      self->half_frames = self->n_frame;
    }
  found.p = fmin (1, found.p * self->n_test);
  found.p_scale = fmin (1, found.p_scale * self->n_test);
  return found;
}

void
saxid_alike_clear (SaxidAlike *self)
{
  g_clear_pointer (&self->first, g_free);
  g_clear_pointer (&self->sum, g_free);
  g_clear_pointer (&self->half, g_free);
  *self = (SaxidAlike) { 0 };
}
