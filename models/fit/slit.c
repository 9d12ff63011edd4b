/* What does a slit make of a curve?
 *
 * Thread: see slit.h.
 */
#include "models/fit/slit.h"

#include <math.h>

#include "reducers/dot.h"

/* What the upper end of a step has of its length, for I that is linear in q²: from u = q reach
 * on, over q d. The lower end has the rest. */
static double
upper_part (double reach, double d)
{
  return d * (reach + d / 3) / (2 * reach + d);
}

void
saxid_slit_init (SaxidSlit *slit, gsize n, double step)
{
  *slit = (SaxidSlit) { n, g_new (double, n), g_new (double, n), g_new (double, n) };
  for (gsize m = 0; m < n; m++)
    slit->reach[m] = sqrt (expm1 (2 * step * (double) m));
  for (gsize m = 0; m < n; m++)
    {
      const double next = m + 1 < n ? slit->reach[m + 1] - slit->reach[m] : 0;

      slit->last[m] = m > 0 ? upper_part (slit->reach[m - 1], slit->reach[m] - slit->reach[m - 1]) : 0;
      slit->weight[m] = slit->last[m] + (next > 0 ? next - upper_part (slit->reach[m], next) : 0);
    }
}

void
saxid_slit_clear (SaxidSlit *slit)
{
  g_free (slit->reach);
  g_free (slit->weight);
  g_free (slit->last);
}

/* How many steps lie within that reach; the first always does. */
static gsize
count_steps (const SaxidSlit *slit, gsize n, double reach)
{
  gsize low = 0, high = n;

  while (high - low > 1)
    {
      const gsize middle = low + (high - low) / 2;

      *(slit->reach[middle] <= reach ? &low : &high) = middle;
    }
  return low;
}

void
saxid_slit_integral (const SaxidSlit *slit, double length, const double *q, const double *value, double *out)
{
  for (gsize k = 0; k < slit->n; k++)
    {
      const double *from = value + k, reach = length / q[k];
      const gsize whole = count_steps (slit, slit->n - k, reach);
      double sum = saxid_dot (whole, slit->weight, from) + slit->last[whole] * from[whole];

      if (k + whole + 1 < slit->n && reach > slit->reach[whole]) /* it ends within a step */
        {
          const double d = reach - slit->reach[whole], at = d * (slit->reach[whole] * 2 + d);
          const double end = slit->reach[whole + 1] - slit->reach[whole], wide = end * (slit->reach[whole] * 2 + end);
          const double there = from[whole] + (from[whole + 1] - from[whole]) * at / wide, upper = upper_part (slit->reach[whole], d);

          sum += (d - upper) * from[whole] + upper * there;
        }
      out[k] = q[k] * sum;
    }
}
