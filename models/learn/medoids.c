/* Farthest first, and then Lloyd's turns.
 *
 * Thread: pure.
 */
#include "models/learn/medoids.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TURNS 25
/* Of the widest distance: what lies nearer is the same. */
#define SAME 1e-4

static double
distance (gsize width, const float *a, const float *b)
{
  double sum = 0;

  for (gsize k = 0; k < width; k++)
    sum += ((double) a[k] - (double) b[k]) * ((double) a[k] - (double) b[k]);
  return sqrt (sum);
}

/* The row of a group that is nearest to its mean; group < 0: of all rows. */
static gsize
middle_of (gsize rows, gsize width, const float *row, const guint *of, int group)
{
  g_autofree double *mean = g_new0 (double, width);
  g_autofree float *at = g_new (float, width);
  double least = G_MAXDOUBLE, n = 0;
  gsize found = 0;

  for (gsize k = 0; k < rows; k++)
    if (group < 0 || of[k] == (guint) group)
      {
        for (gsize c = 0; c < width; c++)
          mean[c] += (double) row[k * width + c];
        n++;
      }
  for (gsize c = 0; c < width; c++)
    at[c] = (float) (mean[c] / n);
  for (gsize k = 0; k < rows; k++)
    {
      double away;

      if (group >= 0 && of[k] != (guint) group)
        continue;
      away = distance (width, at, row + k * width);
      if (away < least)
        {
          least = away;
          found = k;
        }
    }
  return found;
}

static guint
farthest_first (gsize rows, gsize width, const float *row, guint most, gsize *medoid)
{
  g_autofree double *nearest = g_new (double, rows);
  double widest = 0;
  guint n = 1;

  medoid[0] = middle_of (rows, width, row, NULL, -1);
  for (gsize k = 0; k < rows; k++)
    nearest[k] = G_MAXDOUBLE;
  for (;; n++)
    {
      gsize farthest = 0;

      for (gsize k = 0; k < rows; k++)
        {
          nearest[k] = fmin (nearest[k], distance (width, row + k * width, row + medoid[n - 1] * width));
          if (nearest[k] > nearest[farthest])
            farthest = k;
        }
      if (n == 1)
        widest = nearest[farthest];
      if (n == most || nearest[farthest] <= SAME * widest)
        return n;
      medoid[n] = farthest;
    }
}

/* TRUE where any row moved. */
static gboolean
assign (gsize rows, gsize width, const float *row, guint n, const gsize *medoid, guint *of)
{
  gboolean moved = FALSE;

  for (gsize k = 0; k < rows; k++)
    {
      guint best = 0;
      double least = G_MAXDOUBLE;

      for (guint m = 0; m < n; m++)
        {
          const double away = distance (width, row + k * width, row + medoid[m] * width);

          if (away < least)
            {
              least = away;
              best = m;
            }
        }
      moved |= of[k] != best;
      of[k] = best;
    }
  return moved;
}

/* The largest group first. */
static void
put_in_order (gsize rows, guint n, gsize *medoid, guint *of)
{
  g_autofree gsize *size = g_new0 (gsize, n), *old = g_memdup2 (medoid, n * sizeof *medoid);
  g_autofree guint *place = g_new (guint, n);

  for (gsize k = 0; k < rows; k++)
    size[of[k]]++;
  for (guint m = 0; m < n; m++)
    {
      place[m] = 0;
      for (guint other = 0; other < n; other++)
        place[m] += size[other] > size[m] || (size[other] == size[m] && other < m);
    }
  for (guint m = 0; m < n; m++)
    medoid[place[m]] = old[m];
  for (gsize k = 0; k < rows; k++)
    of[k] = place[of[k]];
}

guint
saxid_medoids (gsize rows, gsize width, const float *row, guint most, gsize *medoid, guint *of)
{
  guint n;

  g_return_val_if_fail (rows > 0 && most > 0, 0);

  n = farthest_first (rows, width, row, (guint) MIN (most, rows), medoid);
  for (gsize k = 0; k < rows; k++)
    of[k] = n;
  for (guint turn = 0; turn < TURNS && assign (rows, width, row, n, medoid, of); turn++)
    for (guint m = 0; m < n; m++)
      medoid[m] = middle_of (rows, width, row, of, (int) m);
  assign (rows, width, row, n, medoid, of);
  put_in_order (rows, n, medoid, of);
  return n;
}
