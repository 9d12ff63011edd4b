/* How much of |F|² lies on each shell of k?
 *
 * Rows of opposite k_y and k_z have the same shells: they are added as vectors, and scattered
 * once. Modes of 0 < k_x < n/2 stand for themselves and their opposite.
 *
 * Thread: see shells.h.
 */
#include "models/materials/voxels/shells.h"

#include <math.h>
#include <string.h>

#include "models/every-processor.h"

/* Parts of k_z that have sums of their own, whatever the number of threads. */
#define PARTS 8
/* Where a weight of the curve is nothing: exp (-2 · 2.5²) = 4e-6 */
#define WINDOW 2.5

/* sum |F|² of one row. Shape: sum half + 1. */
SAXID_EVERY_PROCESSOR static void
add_row (const float *mode, gsize half, float *sum)
{
  for (gsize x = 0; x <= half; x++)
    sum[x] += mode[2 * x] * mode[2 * x] + mode[2 * x + 1] * mode[2 * x + 1];
}

/* The rows of ±ky and ±kz. Returns their number. */
static guint
add_four (const SaxidCube *cube, gsize ky, gsize kz, float *sum)
{
  const gsize n = cube->n, y[] = { ky, n - ky }, z[] = { kz, n - kz };
  const guint ny = ky == 0 || ky == n / 2 ? 1 : 2, nz = kz == 0 || kz == n / 2 ? 1 : 2;

  for (guint i = 0; i < nz; i++)
    for (guint j = 0; j < ny; j++)
      add_row (cube->value + (z[i] * n + y[j]) * cube->row, n / 2, sum);
  return ny * nz;
}

static void
add_plane (const SaxidCube *cube, gsize kz, float *row, double *sum, double *mode)
{
  const gsize half = cube->n / 2;

  for (gsize ky = 0; ky <= half; ky++)
    {
      const gsize square = ky * ky + kz * kz;
      guint rows;

      memset (row, 0, (half + 1) * sizeof *row);
      rows = add_four (cube, ky, kz, row);
      for (gsize x = 0; x <= half; x++)
        {
          const double weight = x == 0 || x == half ? 1 : 2;

          sum[square + x * x] += weight * row[x];
          mode[square + x * x] += weight * rows;
        }
    }
}

SaxidShells *
saxid_shells_new (const SaxidCubePlan *plan, const SaxidCube *cube)
{
  const gsize half = cube->n / 2, count = 3 * half * half + 1;
  g_autofree double *part = g_new0 (double, 2 * PARTS * count);
  SaxidShells *shells = g_new (SaxidShells, 1);

  *shells = (SaxidShells) { cube->n, count, g_new0 (double, count), g_new0 (double, count) };
#pragma omp parallel num_threads(saxid_cube_plan_threads (plan))
  {
    float *row = g_new (float, half + 1);

#pragma omp for schedule(dynamic, 1)
    for (gsize p = 0; p < PARTS; p++)
      for (gsize kz = p; kz <= half; kz += PARTS)
        add_plane (cube, kz, row, part + 2 * p * count, part + (2 * p + 1) * count);
    g_free (row);
  }
  for (gsize p = 0; p < PARTS; p++)
    for (gsize k = 0; k < count; k++)
      {
        shells->sum[k] += part[2 * p * count + k];
        shells->mode[k] += part[(2 * p + 1) * count + k];
      }
  return shells;
}

void
saxid_shells_free (SaxidShells *shells)
{
  if (shells == NULL)
    return;
  g_free (shells->sum);
  g_free (shells->mode);
  g_free (shells);
}

void
saxid_shells_curve (const SaxidShells *shells, double edge, gsize m, const double *q, double *out)
{
  const double step = 2 * G_PI / edge;

  for (gsize k = 0; k < m; k++)
    {
      const double at = q[k] / step, lower = fmax (at - WINDOW, 0), upper = at + WINDOW;
      const gsize first = MAX ((gsize)ceil (lower * lower), 1);
      const gsize last = (gsize)fmin (floor (upper * upper), (double)shells->count - 1);
      double sum = 0, weights = 0;

      for (gsize s = first; s <= last; s++)
        {
          const double away = sqrt ((double)s) - at, weight = exp (-2 * away * away) / (double)s;

          sum += weight * shells->sum[s];
          weights += weight * shells->mode[s];
        }
      out[k] = weights > 0 ? sum / weights : NAN;
    }
}
