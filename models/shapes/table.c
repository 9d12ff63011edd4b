/* A function of one variable that is asked for at very many places.
 *
 * In an interval dx a function of exponential type 2 D is a polynomial of degree
 * 5 to 4 (w/2)^6 / 6!, w = D dx: 6e-8 at w = 0.3.
 *
 * Thread: pure.
 */
#include "models/shapes/table.h"

#define INTERVAL_PHASE 0.3
#define ORDER          SAXID_TABLE_ORDER

/* The inverse of the matrix of powers of the Chebyshev points of 0..1: values
 * to coefficients, by Gauss-Jordan elimination. */
static void
values_to_powers (const double *point, double inverse[ORDER][ORDER])
{
  double matrix[ORDER][ORDER];

  for (guint i = 0; i < ORDER; i++)
    {
      double power = 1.0;

      for (guint j = 0; j < ORDER; j++)
        {
          matrix[i][j] = power;
          inverse[i][j] = i == j;
          power *= point[i];
        }
    }
  for (guint pivot = 0; pivot < ORDER; pivot++)
    {
      const double scale = 1.0 / matrix[pivot][pivot];

      for (guint j = 0; j < ORDER; j++)
        {
          matrix[pivot][j] *= scale;
          inverse[pivot][j] *= scale;
        }
      for (guint i = 0; i < ORDER; i++)
        {
          const double factor = matrix[i][pivot];

          for (guint j = 0; i != pivot && j < ORDER; j++)
            {
              matrix[i][j] -= factor * matrix[pivot][j];
              inverse[i][j] -= factor * inverse[pivot][j];
            }
        }
    }
}

SaxidTable *
saxid_table_new (SaxidCurveFunction f, gconstpointer data, double extent, double upper)
{
  SaxidTable *table = g_new (SaxidTable, 1);
  /* One interval more than needed: the upper end itself has a place too. */
  const gsize n = 2 + (gsize) (upper * extent / INTERVAL_PHASE);
  const double length = INTERVAL_PHASE / extent;
  g_autofree double *x = g_new (double, n *ORDER);
  g_autofree double *value = g_new (double, n *ORDER);
  double point[ORDER], inverse[ORDER][ORDER];

  for (guint j = 0; j < ORDER; j++)
    point[j] = 0.5 - 0.5 * cos (G_PI * (j + 0.5) / ORDER);
  values_to_powers (point, inverse);
  for (gsize i = 0; i < n; i++)
    for (guint j = 0; j < ORDER; j++)
      x[i * ORDER + j] = ((double) i + point[j]) * length;
  saxid_sample (f, data, extent, n * ORDER, x, value);

  table->per_unit = 1.0 / length;
  table->coefficient[0] = g_new (double, n *ORDER);
  for (guint power = 0; power < ORDER; power++)
    {
      table->coefficient[power] = table->coefficient[0] + power * n;
      for (gsize i = 0; i < n; i++)
        {
          double sum = 0;

          for (guint j = 0; j < ORDER; j++)
            sum += inverse[power][j] * value[i * ORDER + j];
          table->coefficient[power][i] = sum;
        }
    }
  return table;
}

void
saxid_table_free (SaxidTable *table)
{
  if (table == NULL)
    return;
  g_free (table->coefficient[0]);
  g_free (table);
}
