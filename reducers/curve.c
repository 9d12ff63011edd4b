/* What is a scattering curve, and when is a measured one sound?
 *
 * Units: q, dq in 1/Å; intensity, sigma in 1/cm or arbitrary.
 * Thread: no state; a curve belongs to one thread at a time.
 */
#include "reducers/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reducers/error.h"
#include "reducers/peaks.h"
#include "reducers/order.h"
#include "reducers/worth.h"

SaxidCurve *
saxid_curve_new (gsize n, gboolean with_sigma, gboolean with_dq)
{
  SaxidCurve *curve = g_new0 (SaxidCurve, 1);

  curve->n = n;
  curve->q = g_new0 (double, n);
  curve->intensity = g_new0 (double, n);
  curve->sigma = with_sigma ? g_new0 (double, n) : NULL;
  curve->dq = with_dq ? g_new0 (double, n) : NULL;
  return curve;
}

SaxidCurve *
saxid_curve_copy (const SaxidCurve *curve)
{
  SaxidCurve *copy;
  gsize bytes;

  g_return_val_if_fail (curve != NULL, NULL);

  copy = saxid_curve_new (curve->n, curve->sigma != NULL, curve->dq != NULL);
  bytes = curve->n * sizeof (double);
  memcpy (copy->q, curve->q, bytes);
  memcpy (copy->intensity, curve->intensity, bytes);
  if (curve->sigma != NULL)
    memcpy (copy->sigma, curve->sigma, bytes);
  if (curve->dq != NULL)
    memcpy (copy->dq, curve->dq, bytes);
  copy->slit = curve->slit;
  copy->left_out = curve->left_out;
  return copy;
}

void
saxid_curve_free (SaxidCurve *curve)
{
  if (curve == NULL)
    return;
  g_free (curve->q);
  g_free (curve->intensity);
  g_free (curve->sigma);
  g_free (curve->dq);
  g_free (curve);
}

static void
move_point (SaxidCurve *curve, gsize to, gsize from)
{
  curve->q[to] = curve->q[from];
  curve->intensity[to] = curve->intensity[from];
  if (curve->sigma != NULL)
    curve->sigma[to] = curve->sigma[from];
  if (curve->dq != NULL)
    curve->dq[to] = curve->dq[from];
}

static void
drop_bad_points (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  gsize kept = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      if (!isfinite (curve->q[k]) || !isfinite (curve->intensity[k]))
        repairs->non_finite++;
      else if (curve->q[k] <= 0)
        repairs->non_positive_q++;
      else
        move_point (curve, kept++, k);
    }
  curve->n = kept;
}

static void
drop_marked (SaxidCurve *curve, const gboolean *bad)
{
  gsize kept = 0;

  for (gsize k = 0; k < curve->n; k++)
    if (!bad[k])
      move_point (curve, kept++, k);
  curve->n = kept;
}

static void
drop_empty (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  g_autofree gboolean *bad = g_new0 (gboolean, curve->n);

  repairs->empty = saxid_worth_empty (curve->n, curve->intensity, curve->sigma, bad);
  drop_marked (curve, bad);
}

/* A point of which nothing is known may be dropped; its weight alone could not be taken from
 * it, since what asks for the scatter of points never sees sigma. */
static void
drop_absurd_sigma (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  g_autofree gboolean *bad = g_new0 (gboolean, curve->n);

  if (curve->sigma == NULL)
    return;
  repairs->sigma_absurd = saxid_worth_sigma (curve->n, curve->intensity, curve->sigma, bad);
  drop_marked (curve, bad);
}

static void
drop_stray (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  gsize low, high, n = curve->n;

  saxid_worth_stray (n, curve->q, &low, &high);
  if (n < low + high + SAXID_CURVE_MIN_POINTS)
    return;
  for (gsize k = low; k < n - high; k++)
    move_point (curve, k - low, k);
  curve->n = n - low - high;
  repairs->stray = low + high;
}

static void
permute (double *values, const SaxidOrdered *places, gsize n, double *scratch)
{
  if (values == NULL)
    return;
  for (gsize k = 0; k < n; k++)
    scratch[k] = values[places[k].at];
  memcpy (values, scratch, n * sizeof (double));
}

static void
sort_by_q (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  g_autofree SaxidOrdered *places = NULL;
  g_autofree double *scratch = NULL;
  gsize k;

  for (k = 1; k < curve->n && curve->q[k] >= curve->q[k - 1]; k++)
    ;
  if (k >= curve->n)
    return;

  repairs->reordered = TRUE;
  places = g_new (SaxidOrdered, curve->n);
  scratch = g_new (double, curve->n);
  for (k = 0; k < curve->n; k++)
    places[k] = (SaxidOrdered) { curve->q[k], k };
  qsort (places, curve->n, sizeof *places, saxid_compare_ordered);
  permute (curve->q, places, curve->n, scratch);
  permute (curve->intensity, places, curve->n, scratch);
  permute (curve->sigma, places, curve->n, scratch);
  permute (curve->dq, places, curve->n, scratch);
}

/* Points at the same q are averaged, which is what a rebinning would do. The
 * sigma of the mean assumes that they were measured independently. */
static void
merge_duplicates (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  gsize kept = 0;

  for (gsize k = 0; k < curve->n;)
    {
      gsize end = k + 1;
      double sum = curve->intensity[k];
      double variance = curve->sigma != NULL ? curve->sigma[k] * curve->sigma[k] : 0;

      while (end < curve->n && curve->q[end] == curve->q[k])
        {
          sum += curve->intensity[end];
          if (curve->sigma != NULL)
            variance += curve->sigma[end] * curve->sigma[end];
          end++;
        }
      move_point (curve, kept, k);
      curve->intensity[kept] = sum / (double) (end - k);
      if (curve->sigma != NULL)
        curve->sigma[kept] = sqrt (variance) / (double) (end - k);
      repairs->duplicate_q += end - k - 1;
      kept++;
      k = end;
    }
  curve->n = kept;
}

static void
repair_sigma (SaxidCurve *curve, SaxidCurveRepairs *repairs)
{
  g_autofree gboolean *unknown = NULL;
  gsize good = 0;
  double last = NAN;

  if (curve->sigma == NULL || curve->n == 0)
    return;
  unknown = g_new0 (gboolean, curve->n);
  saxid_worth_exact (curve->n, curve->intensity, curve->sigma, unknown);
  for (gsize k = 0; k < curve->n; k++)
    if (unknown[k])
      curve->sigma[k] = NAN;
  for (gsize k = 0; k < curve->n; k++)
    good += isfinite (curve->sigma[k]) && curve->sigma[k] > 0;
  if (good == 0)
    {
      repairs->sigma_unusable = 1;
      g_clear_pointer (&curve->sigma, g_free);
      return;
    }
  if (good == curve->n)
    return;

  repairs->sigma_filled = curve->n - good;
  for (gsize k = 0; k < curve->n; k++)
    {
      if (isfinite (curve->sigma[k]) && curve->sigma[k] > 0)
        last = curve->sigma[k];
      else
        curve->sigma[k] = last;
    }
  for (gsize k = curve->n; k-- > 0;)
    {
      if (isfinite (curve->sigma[k]))
        last = curve->sigma[k];
      else
        curve->sigma[k] = last;
    }
}

/* A resolution that is not known everywhere is not known. */
static void
drop_bad_dq (SaxidCurve *curve)
{
  gboolean is_known = FALSE;

  for (gsize k = 0; curve->dq != NULL && k < curve->n; k++)
    if (!isfinite (curve->dq[k]) || curve->dq[k] < 0)
      g_clear_pointer (&curve->dq, g_free);
    else
      is_known = is_known || curve->dq[k] > 0;
  if (!is_known)
    g_clear_pointer (&curve->dq, g_free); /* nothing but zeros: nobody knew them */
}

gboolean
saxid_curve_clean (SaxidCurve *curve, SaxidCurveRepairs *repairs, GError **error)
{
  SaxidCurveRepairs unused;
  SaxidPeaks peaks;
  gsize given, k;

  g_return_val_if_fail (curve != NULL, FALSE);

  repairs = repairs != NULL ? repairs : &unused;
  *repairs = (SaxidCurveRepairs) { 0 };
  given = curve->n;

  drop_bad_points (curve, repairs);
  repairs->non_finite -= MIN (curve->left_out, repairs->non_finite);
  curve->left_out = 0;
  sort_by_q (curve, repairs);
  drop_empty (curve, repairs);
  drop_absurd_sigma (curve, repairs);
  drop_bad_dq (curve);
  curve->slit = isfinite (curve->slit) ? fmax (curve->slit, 0) : 0;
  repair_sigma (curve, repairs); /* before squares of negative ones are summed */
  merge_duplicates (curve, repairs);
  drop_stray (curve, repairs);

  if (curve->n < SAXID_CURVE_MIN_POINTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "q grid has %" G_GSIZE_FORMAT " usable points of %" G_GSIZE_FORMAT ", %d are needed",
                   curve->n, given, SAXID_CURVE_MIN_POINTS);
      return FALSE;
    }
  for (k = 0; k < curve->n && curve->intensity[k] <= 0; k++)
    ;
  if (k == curve->n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "intensity is positive at none of %" G_GSIZE_FORMAT " points, a curve is needed", curve->n);
      return FALSE;
    }
  repairs->peaks = saxid_peaks_find (curve, &peaks) && peaks.is_seen;
  return TRUE;
}
