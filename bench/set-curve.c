/* A curve of a simulated set, as the benches ask for it. Thread: pure. */
#include "bench/set-curve.h"

#include <math.h>

SaxidCurve *
saxid_set_curve (const SaxidDataset *set, gsize row)
{
  const gsize n_q = set->header.n_q;
  const double *q = set->own_q != NULL ? set->own_q + row * n_q : set->header.q;
  SaxidCurve *curve = saxid_curve_new (n_q, TRUE, FALSE);
  gsize n = 0;

  for (gsize k = 0; k < n_q && isfinite (q[k]); k++)
    {
      curve->q[n] = q[k];
      curve->intensity[n] = (double) set->intensity[row * n_q + k];
      curve->sigma[n] = (double) set->sigma[row * n_q + k];
      n++;
    }
  curve->n = n;
  if (n == 0 || !isfinite (curve->sigma[0]))
    g_clear_pointer (&curve->sigma, g_free);
  return curve;
}
