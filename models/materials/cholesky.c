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

void
saxid_cholesky_solve_upper (gsize m, const double *l, double *x)
{
  for (gsize i = m; i-- > 0;)
    {
      for (gsize k = i + 1; k < m; k++)
        x[i] -= l[k * m + i] * x[k];
      x[i] /= l[i * m + i];
    }
}

/* Of row i of a band, the element of column j. */
#define AT(i, j) a[(i) * band + (i) - (j)]

gboolean
saxid_cholesky_band (gsize m, gsize band, double *a)
{
  for (gsize i = 0; i < m; i++)
    for (gsize first = i >= band ? i - band + 1 : 0, j = first; j <= i; j++)
      {
        double sum = AT (i, j);

        for (gsize k = MAX (first, j >= band ? j - band + 1 : 0); k < j; k++)
          sum -= AT (i, k) * AT (j, k);
        if (i == j && !(sum > 0))
          return FALSE;
        AT (i, j) = i == j ? sqrt (sum) : sum / AT (j, j);
      }
  return TRUE;
}

void
saxid_cholesky_band_solve (gsize m, gsize band, const double *a, double *x)
{
  for (gsize i = 0; i < m; i++)
    {
      for (gsize k = i >= band ? i - band + 1 : 0; k < i; k++)
        x[i] -= AT (i, k) * x[k];
      x[i] /= AT (i, i);
    }
}
