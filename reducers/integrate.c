/* How do the pixels of a frame become the points of a curve?
 *
 * Plain bin assignment: a pixel belongs, whole, to the bin of its centre.
 * Neighbouring points are then independent, which is what χ² assumes.
 * Kieffer et al., J. Synchrotron Rad. 27 (2020) 558,
 * doi:10.1107/S1600577520000776.
 *
 * Precision: sums are double; a bin of a million pixels is exact to 1e-10.
 * Thread: a plan is immutable; sums belong to a thread.
 */
#include "reducers/integrate.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"

/* A grid that the detector itself gives ends one float step beyond its last
 * pixel, as pyFAI has it: that pixel is inside whatever the rounding. */
#define BEYOND_LAST (1 + 0x1p-23)

struct SaxidPlan
{
  SaxidGrid grid;
  gsize n_pixel;
  gint32 *bin; /* [n_pixel], -1 = adds to none */
};

/* As many bins as pixels lie between the pixel of least q and that of greatest:
 * finer bins would be empty, coarser ones would throw resolution away. */
static gsize
natural_bins (const SaxidGeometryMap *map, gsize least, gsize greatest)
{
  double rows = fabs ((double) (least / map->width) - (double) (greatest / map->width));
  double columns = fabs ((double) (least % map->width) - (double) (greatest % map->width));

  return CLAMP ((gsize) ceil (hypot (rows, columns)), 1, SAXID_GRID_MAX_BINS);
}

static gboolean
in_sector (const SaxidPlanRequest *request, double chi)
{
  double width = request->chi_max - request->chi_min;
  double turn;

  if (request->chi_min == 0 && request->chi_max == 0)
    return TRUE;
  if (width >= 2 * G_PI)
    return TRUE;
  turn = fmod (chi - request->chi_min, 2 * G_PI);
  return (turn < 0 ? turn + 2 * G_PI : turn) <= width;
}

SaxidPlan *
saxid_plan_new (const SaxidGeometryMap *map, const guint8 *bad, const SaxidPlanRequest *request,
                GError **error)
{
  g_autoptr (SaxidPlan) plan = NULL;
  gsize least = 0, greatest = 0, used = 0;

  for (gsize k = 1; k < map->n; k++)
    {
      if (map->q[k] < map->q[least])
        least = k;
      if (map->q[k] > map->q[greatest])
        greatest = k;
    }

  plan = g_new0 (SaxidPlan, 1);
  plan->grid.n = request->n_bin > 0 ? request->n_bin : natural_bins (map, least, greatest);
  plan->grid.low = request->q_min > 0 ? request->q_min : map->q[least];
  plan->grid.high = request->q_max > 0 ? request->q_max : map->q[greatest] * BEYOND_LAST;
  plan->grid.spacing = request->spacing;
  if (!(request->chi_max >= request->chi_min))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "sector goes from %g to %g deg, it must ascend", request->chi_min * 180 / G_PI,
                   request->chi_max * 180 / G_PI);
      return NULL;
    }
  if (!saxid_grid_check (&plan->grid, error))
    return NULL;

  plan->n_pixel = map->n;
  plan->bin = g_new (gint32, map->n);
  for (gsize k = 0; k < map->n; k++)
    {
      gboolean part = (bad == NULL || bad[k] == 0) && in_sector (request, map->chi[k]);

      plan->bin[k] = part ? (gint32) saxid_grid_bin (&plan->grid, map->q[k]) : -1;
      used += plan->bin[k] >= 0;
    }
  if (used == 0)
    {
      g_set_error (
          error, SAXID_ERROR, SAXID_ERROR_DATA,
          "no pixel lies between q = %g and %g 1/Å, the detector sees %g to %g and the mask and "
          "the sector leave none",
          plan->grid.low, plan->grid.high, map->q[least], map->q[greatest]);
      return NULL;
    }
  return g_steal_pointer (&plan);
}

void
saxid_plan_free (SaxidPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->bin);
  g_free (plan);
}

const SaxidGrid *
saxid_plan_grid (const SaxidPlan *plan)
{
  return &plan->grid;
}

SaxidSums *
saxid_sums_new (gsize n)
{
  SaxidSums *sums = g_new0 (SaxidSums, 1);

  sums->n = n;
  sums->signal = g_new0 (double, n);
  sums->variance = g_new0 (double, n);
  sums->normalisation = g_new0 (double, n);
  sums->count = g_new0 (double, n);
  return sums;
}

void
saxid_sums_free (SaxidSums *sums)
{
  if (sums == NULL)
    return;
  g_free (sums->signal);
  g_free (sums->variance);
  g_free (sums->normalisation);
  g_free (sums->count);
  g_free (sums);
}

void
saxid_sums_add (SaxidSums *into, const SaxidSums *from)
{
  g_return_if_fail (into->n == from->n);

  for (gsize k = 0; k < into->n; k++)
    {
      into->signal[k] += from->signal[k];
      into->variance[k] += from->variance[k];
      into->normalisation[k] += from->normalisation[k];
      into->count[k] += from->count[k];
    }
}

void
saxid_integrate (const SaxidPlan *plan, const SaxidPixels *pixels, SaxidSums *sums)
{
  gsize bytes = sums->n * sizeof (double);

  g_return_if_fail (pixels->n == plan->n_pixel && sums->n == plan->grid.n);

  memset (sums->signal, 0, bytes);
  memset (sums->variance, 0, bytes);
  memset (sums->normalisation, 0, bytes);
  memset (sums->count, 0, bytes);
  for (gsize k = 0; k < pixels->n; k++)
    {
      gint32 bin = plan->bin[k];

      if (bin < 0)
        continue;
      sums->signal[bin] += pixels->signal[k];
      sums->variance[bin] += pixels->variance[k];
      sums->normalisation[bin] += pixels->normalisation[k];
      sums->count[bin] += pixels->count[k];
    }
}

SaxidCurve *
saxid_sums_curve (const SaxidSums *sums, const SaxidGrid *grid)
{
  SaxidCurve *curve = saxid_curve_new (sums->n, TRUE, FALSE);

  for (gsize k = 0; k < sums->n; k++)
    {
      gboolean empty = !(sums->count[k] > 0 && sums->normalisation[k] > 0);
      double variance = sums->variance[k] > 0 ? sums->variance[k] : 1;

      curve->q[k] = saxid_grid_centre (grid, k);
      curve->intensity[k] = empty ? NAN : sums->signal[k] / sums->normalisation[k];
      curve->sigma[k] = empty ? NAN : sqrt (variance) / sums->normalisation[k];
    }
  return curve;
}
