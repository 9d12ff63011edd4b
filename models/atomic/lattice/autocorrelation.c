/* How are the distances of a million atoms counted?
 *
 * Thread: see autocorrelation.h.
 */
#include "models/atomic/lattice/autocorrelation.h"

#include <fftw3.h>
#include <math.h>
#include <string.h>

/* The grid: twice as long as the particle along each axis, so that nothing meets its own image. */
typedef struct
{
  gint32 first[3];
  int edge[3];
  gsize row;      /* doubles of one row, with what a real transform needs */
  double *value;
} Grid;

/* The next length that has small factors only. */
static int
next_length (int n)
{
  for (;; n++)
    {
      int rest = n;

      for (int factor = 2; factor <= 7; factor++)
        while (rest % factor == 0)
          rest /= factor;
      if (rest == 1)
        return n;
    }
}

static void
grid_init (Grid *grid, const SaxidCluster *cluster)
{
  for (guint i = 0; i < 3; i++)
    {
      gint32 first = G_MAXINT32, last = G_MININT32;

      for (gsize k = 0; k < cluster->n; k++)
        {
          first = MIN (first, cluster->lattice[3 * k + i]);
          last = MAX (last, cluster->lattice[3 * k + i]);
        }
      grid->first[i] = first;
      grid->edge[i] = next_length (2 * (last - first) + 1);
    }
  grid->row = 2 * (gsize)(grid->edge[2] / 2 + 1);
  grid->value = fftw_alloc_real ((gsize)grid->edge[0] * (gsize)grid->edge[1] * grid->row);
  memset (grid->value, 0, (gsize)grid->edge[0] * (gsize)grid->edge[1] * grid->row * sizeof (double));
}

static double *
grid_row (const Grid *grid, int i, int j)
{
  return grid->value + ((gsize)i * (gsize)grid->edge[1] + (gsize)j) * grid->row;
}

static void
grid_fill (Grid *grid, const SaxidCluster *cluster)
{
  for (gsize k = 0; k < cluster->n; k++)
    {
      const gint32 *at = cluster->lattice + 3 * k;

      grid_row (grid, at[0] - grid->first[0], at[1] - grid->first[1])[at[2] - grid->first[2]] = 1;
    }
}

static void
grid_correlate (Grid *grid)
{
  fftw_complex *mode = (fftw_complex *)grid->value;
  const gsize n = (gsize)grid->edge[0] * (gsize)grid->edge[1] * grid->row / 2;
  fftw_plan forward = fftw_plan_dft_r2c_3d (grid->edge[0], grid->edge[1], grid->edge[2], grid->value, mode, FFTW_ESTIMATE);
  fftw_plan backward = fftw_plan_dft_c2r_3d (grid->edge[0], grid->edge[1], grid->edge[2], mode, grid->value, FFTW_ESTIMATE);

  fftw_execute (forward);
  for (gsize k = 0; k < n; k++)
    {
      mode[k][0] = mode[k][0] * mode[k][0] + mode[k][1] * mode[k][1];
      mode[k][1] = 0;
    }
  fftw_execute (backward);
  fftw_destroy_plan (forward);
  fftw_destroy_plan (backward);
}

/* Differences of both signs along x and y; of z those of one sign stand for both. */
static void
grid_count (const Grid *grid, double *count)
{
  const double scale = 1.0 / ((double)grid->edge[0] * grid->edge[1] * grid->edge[2]);

  for (int i = 0; i < grid->edge[0]; i++)
    for (int j = 0; j < grid->edge[1]; j++)
      {
        const int x = MIN (i, grid->edge[0] - i), y = MIN (j, grid->edge[1] - j);
        const double *row = grid_row (grid, i, j);
        const gsize square = (gsize)(x * x + y * y);

        for (gsize z = 0; 2 * z <= (gsize)grid->edge[2]; z++)
          {
            const double pairs = rint (row[z] * scale);

            if (pairs > 0)
              count[square + z * z] += z == 0 ? pairs : 2 * pairs;
          }
      }
}

SaxidDistances *
saxid_autocorrelation_distances (const SaxidCluster *cluster)
{
  Grid grid = { .value = NULL };
  SaxidDistances *out;
  g_autofree double *count = NULL;
  gsize n_square = 1;

  if (cluster->lattice == NULL)
    return NULL;
  grid_init (&grid, cluster);
  grid_fill (&grid, cluster);
  grid_correlate (&grid);
  for (guint i = 0; i < 3; i++)
    n_square += (gsize)(grid.edge[i] / 2) * (gsize)(grid.edge[i] / 2);
  count = g_new0 (double, n_square);
  grid_count (&grid, count);
  fftw_free (grid.value);
  out = saxid_distances_of_squares (cluster->n, cluster->step, n_square, count);
  return out;
}
