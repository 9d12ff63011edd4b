/* Are these values of q those of one curve?
 *
 * The way back is measured in places of the sorted values, so that neither the unit nor the
 * spacing counts. Pieces that overlap go back a few times, points whose q is not quite in order
 * go back often and by little; an image and a log go back often and far.
 *
 * Thread: pure.
 */
#include "reducers/scan.h"

#include <math.h>
#include <stdlib.h>

#include "reducers/curve.h"
#include "reducers/error.h"
#include "reducers/order.h"
#include "reducers/worth.h"

#define MOST_PIECES 8      /* back so many times is no fault, however far */
#define MOST_WAY    0.6    /* all the way back, over the number of points */
#define LEAST_DISTINCT 0.25
#define LEAST_TURNS 0.25   /* of shuffled points: two in three turn, and of an image two in a row */

/* The rank of each point that has a q; equal ones share one. Their number, and that of ranks. */
static gsize
rank_points (gsize n, const double *q, gsize *rank, gsize *distinct)
{
  g_autofree SaxidOrdered *places = g_new (SaxidOrdered, n + 1);
  gsize count = 0;
  gboolean ascends = TRUE; /* as nearly all do: there is nothing to sort */

  for (gsize k = 0; k < n; k++)
    if (isfinite (q[k]))
      {
        places[count] = (SaxidOrdered) { q[k], count };
        count++;
      }
  for (gsize k = 1; k < count && ascends; k++)
    ascends = places[k].value >= places[k - 1].value;
  if (!ascends)
    qsort (places, count, sizeof *places, saxid_compare_ordered);
  *distinct = 0;
  for (gsize k = 0; k < count; k++)
    {
      *distinct += k == 0 || places[k].value != places[k - 1].value;
      rank[places[k].at] = *distinct - 1;
    }
  return count;
}

void
saxid_scan_ends (gsize n, const double *q, double *low, double *high)
{
  g_autofree double *sorted = g_new (double, n + 1);
  gsize count = 0, distinct = 0, below, above;
  gboolean ascends = TRUE;

  for (gsize k = 0; k < n; k++)
    if (isfinite (q[k]) && q[k] > 0)
      {
        sorted[count++] = q[k];
        ascends &= count < 2 || sorted[count - 1] >= sorted[count - 2];
      }
  if (!ascends)
    qsort (sorted, count, sizeof *sorted, saxid_compare_doubles);
  for (gsize k = 0; k < count; k++)
    if (k == 0 || sorted[k] != sorted[k - 1])
      sorted[distinct++] = sorted[k];
  saxid_worth_stray (distinct, sorted, &below, &above);
  *low = distinct > 0 ? sorted[below] : INFINITY;
  *high = distinct > 0 ? sorted[distinct - 1 - above] : 0;
}

gboolean
saxid_scan_check (gsize n, const double *q, gboolean any_order, GError **error)
{
  g_autofree gsize *rank = g_new (gsize, n + 1);
  gsize distinct, ups = 0, downs = 0, up = 0, down = 0, turns = 0;
  const gsize count = rank_points (n, q, rank, &distinct);

  if (count < SAXID_CURVE_MIN_POINTS)
    return TRUE; /* too few for a curve, and whoever cleans it says so */
  for (gsize k = 2; k < count; k++)
    turns += (rank[k] > rank[k - 1]) != (rank[k - 1] > rank[k - 2]);
  for (gsize k = 1; k < count; k++)
    if (rank[k] > rank[k - 1])
      {
        ups++;
        up += rank[k] - rank[k - 1];
      }
    else if (rank[k] < rank[k - 1])
      {
        downs++;
        down += rank[k - 1] - rank[k];
      }
  if (MIN (ups, downs) > MOST_PIECES && (double) MIN (up, down) > MOST_WAY * (double) distinct
      && !(any_order && (double) turns > LEAST_TURNS * (double) count))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                   "q goes up and down, %" G_GSIZE_FORMAT " times in %" G_GSIZE_FORMAT
                   " points: an image or a log is no curve", MIN (ups, downs), count);
      return FALSE;
    }
  if ((double) distinct < LEAST_DISTINCT * (double) count)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE,
                   "q has %" G_GSIZE_FORMAT " values in %" G_GSIZE_FORMAT " points: a two-dimensional table is no curve",
                   distinct, count);
      return FALSE;
    }
  return TRUE;
}
