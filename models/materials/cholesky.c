/* How is a symmetric positive matrix factored?
 *
 * Thread: pure.
 */
#include "models/materials/cholesky.h"

#include <math.h>

gboolean
saxid_cholesky (gsize m, double *a)
{
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j <= i; j++)
      {
        double sum = a[i * m + j];

        for (gsize k = 0; k < j; k++)
          sum -= a[i * m + k] * a[j * m + k];
        if (i == j && !(sum > 0))
          return FALSE;
        a[i * m + j] = i == j ? sqrt (sum) : sum / a[j * m + j];
      }
  return TRUE;
}

void
saxid_cholesky_solve (gsize m, const double *l, double *x)
{
  for (gsize i = 0; i < m; i++)
    {
      for (gsize k = 0; k < i; k++)
        x[i] -= l[i * m + k] * x[k];
      x[i] /= l[i * m + i];
    }
}
