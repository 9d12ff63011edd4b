/* How well does a fit meet the peaks? See peak-misfit.h.
 *
 * Thread: see peak-misfit.h.
 */
#include "models/atomic/peak-misfit.h"

#include <math.h>
#include <string.h>

#define FIRST 6.0
#define LAST 22.0
#define MOST_POINTS 250
#define FEWEST_POINTS 16
/* The part of I that is not believed. */
#define TAU 0.02

/* The part of the curve with the peaks. */
static SaxidCurve *
cut (const SaxidCurve *curve, double first, double last)
{
  SaxidCurve *part = saxid_curve_copy (curve);
  gsize n = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      if (curve->q[k] < first || curve->q[k] > last)
        continue;
      part->q[n] = curve->q[k];
      part->intensity[n] = curve->intensity[k];
      if (part->sigma != NULL)
        part->sigma[n] = curve->sigma[k];
      n++;
    }
  part->n = n;
  return part;
}

double
saxid_cluster_peak_misfit (const SaxidClusterAtlas *atlas, const SaxidElement *element, const SaxidCurve *curve,
                           const SaxidClusterFit *fit)
{
  g_autoptr (SaxidCurve) part = cut (curve, FIRST / fit->d, LAST / fit->d);
  SaxidClusterFit alone = *fit;
  g_auto (SaxidClusterData) data = { 0 };
  g_autofree double *model = NULL;
  SaxidGround *ground;
  SaxidGroundFit linear;
  double misfit = 0;

  saxid_cluster_data_init (&data, atlas, element, part, MOST_POINTS);
  if (data.n < FEWEST_POINTS)
    return 0;
  alone.scale = 1;
  memset (alone.ground, 0, sizeof alone.ground);
  model = g_new (double, data.n);
  saxid_cluster_fit_intensity (atlas, element, &alone, data.n, data.q, model);
  for (gsize k = 0; k < data.n; k++)
    data.sigma[k] = sqrt (fmax (pow (data.sigma[k], 2) - (pow (SAXID_CLUSTER_TAU, 2) - pow (TAU, 2)) * pow (data.data[k], 2), 1e-300));
  ground = saxid_ground_new (data.n, data.q, data.data, data.sigma);
  misfit = saxid_ground_solve (ground, model, &linear) ? linear.chi2 / (double)data.n : INFINITY;
  saxid_ground_free (ground);
  return misfit;
}
