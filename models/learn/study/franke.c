/* Integrals of the Kratky plot that tell shapes apart: see franke.h.
 *
 * Units: q 1/Å, R_g Å. Thread: pure.
 */
#include "models/learn/study/franke.h"

#include <math.h>
#include <string.h>

#include "models/fit/guinier.h"

#define FROM 3.0
#define TO 7.0

gboolean
saxid_franke (const SaxidCurve *curve, gsize n, float *out)
{
  SaxidGuinier guinier;
  double sum = 0, first;
  gsize k = 0;

  memset (out, 0, (n + 1) * sizeof *out);
  if (!saxid_guinier_fit (curve, &guinier))
    return FALSE;
  first = curve->intensity[0] > 0 ? curve->intensity[0] : guinier.i0;
  for (gsize j = 0; j < n; j++)
    {
      const double reach = FROM + (TO - FROM) * (double) j / (double) (n - 1);

      for (; k < curve->n && curve->q[k] * guinier.rg < reach; k++)
        {
          double step = k + 1 < curve->n ? curve->q[k + 1] - curve->q[k] : curve->q[k] - curve->q[k - 1];
          double x = curve->q[k] * guinier.rg;

          sum += x * x * curve->intensity[k] / first * step;
        }
      out[j] = sum > 0 ? (float) (2 * G_PI * G_PI / sum) : 0;
    }
  out[n] = (float) guinier.rg;
  return TRUE;
}
