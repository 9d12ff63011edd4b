/* How is a sharp field smoothed without losing the order of what is nearly zero?
 *
 * Rows of y and z are taken LANES columns at a time to where they are contiguous, with as much
 * of the other end on both sides as the kernel reaches, so that the inner loop is one of vectors.
 * Distances: the lower envelope of parabolas, one direction after the other (Felzenszwalb and
 * Huttenlocher 2012, doi:10.4086/toc.2012.v008a019), on rows that are three periods long.
 *
 * Thread: see smoothing.h.
 */
#include "models/materials/voxels/smoothing.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "models/every-processor.h"

#define LANES 16
#define BUNDLES 4
#define WIDE (BUNDLES * LANES)
#define MOST_REACH 52 /* SAXID_SMOOTHING_MOST times SAXID_SMOOTHING_REACH */

typedef struct
{
  gsize reach;
  float weight[MOST_REACH + 1]; /* of voxels so far away; their sum over both sides is 1 */
} Kernel;

static Kernel
make_kernel (double sigma, double reach, gsize n)
{
  Kernel kernel = { .reach = MIN ((gsize)(sigma * reach), n / 2 - 1) };
  double sum = 0, weight[MOST_REACH + 1];

  for (gsize k = 0; k <= kernel.reach; k++)
    {
      weight[k] = exp (-0.5 * (double)(k * k) / (sigma * sigma));
      sum += k == 0 ? weight[k] : 2 * weight[k];
    }
  for (gsize k = 0; k <= kernel.reach; k++)
    kernel.weight[k] = (float)(weight[k] / sum);
  return kernel;
}

/* LANES floats wherever they lie: what the compiler keeps in one register, or in several. */
typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float)), aligned (sizeof (float)), may_alias));

/* LANES sums about `at`, whose neighbours lie `stride` floats apart. */
static inline __attribute__ ((always_inline)) void
convolve (const Kernel *kernel, const float *at, gsize stride, Lanes *out)
{
  Lanes sum = kernel->weight[0] * *(const Lanes *)at;

  for (gsize k = 1; k <= kernel->reach; k++)
    sum += kernel->weight[k] * (*(const Lanes *)(at - k * stride) + *(const Lanes *)(at + k * stride));
  *out = sum;
}

/* Shape: in [n + 2 reach][LANES], out [n][LANES]. */
SAXID_EVERY_PROCESSOR static void
convolve_lanes (const Kernel *kernel, gsize n, const float *in, float *out)
{
  for (gsize j = 0; j < n; j++)
    convolve (kernel, in + (j + kernel->reach) * LANES, LANES, (Lanes *)(out + j * LANES));
}

/* One row of x. Shape: in n + 2 reach, out n, both with room for LANES more. */
SAXID_EVERY_PROCESSOR static void
convolve_row (const Kernel *kernel, gsize n, const float *in, float *out)
{
  for (gsize x = 0; x < n; x += LANES)
    convolve (kernel, in + x + kernel->reach, 1, (Lanes *)(out + x));
}

/* Columns along a direction whose voxels lie `stride` floats apart, up to WIDE of them: what is
 * far apart in memory is read by several lines at once. Shape: padded BUNDLES [n + 2 reach][LANES], out n, of LANES. */
static void
smooth_columns (const Kernel *kernel, gsize n, float *first, gsize stride, gsize columns, float *padded, float *out)
{
  const gsize reach = kernel->reach, size = (n + 2 * reach) * LANES, line = LANES * sizeof (float);

  for (gsize j = 0; j < n; j++)
    for (gsize x = 0; x < columns; x += LANES)
      memcpy (padded + x / LANES * size + (reach + j) * LANES, first + j * stride + x, line);
  for (gsize x = 0; x < columns; x += LANES)
    {
      float *in = padded + x / LANES * size;

      memcpy (in, in + n * LANES, reach * line);
      memcpy (in + (reach + n) * LANES, in + reach * LANES, reach * line);
      convolve_lanes (kernel, n, in, out);
      memcpy (in, out, n * line);
    }
  for (gsize j = 0; j < n; j++)
    for (gsize x = 0; x < columns; x += LANES)
      memcpy (first + j * stride + x, padded + x / LANES * size + j * LANES, line);
}

static void
smooth_row (const Kernel *kernel, gsize n, float *row, float *padded, float *out)
{
  const gsize reach = kernel->reach;

  memcpy (padded, row + n - reach, reach * sizeof *row);
  memcpy (padded + reach, row, n * sizeof *row);
  memcpy (padded + reach + n, row, reach * sizeof *row);
  convolve_row (kernel, n, padded, out);
  memcpy (row, out, n * sizeof *row);
}

void
saxid_smoothing_apply (const SaxidCubePlan *plan, SaxidCube *cube, double sigma, double reach)
{
  const gsize n = cube->n, row = cube->row;
  const Kernel kernel = make_kernel (sigma, MIN (reach, SAXID_SMOOTHING_REACH), n);

#pragma omp parallel num_threads(saxid_cube_plan_threads (plan))
  {
    float *padded = g_new0 (float, (n + 2 * kernel.reach + 1) * WIDE), *out = g_new (float, (n + 1) * LANES);

    /* x and y of a plane while it is in the cache */
#pragma omp for schedule(dynamic, 2)
    for (gsize z = 0; z < n; z++)
      {
        float *plane = cube->value + z * n * row;

        for (gsize y = 0; y < n; y++)
          smooth_row (&kernel, n, plane + y * row, padded, out);
        for (gsize x = 0; x < n; x += WIDE)
          smooth_columns (&kernel, n, plane + x, row, MIN (WIDE, n - x), padded, out);
      }
#pragma omp for schedule(dynamic, 2)
    for (gsize y = 0; y < n; y++)
      for (gsize x = 0; x < n; x += WIDE)
        smooth_columns (&kernel, n, cube->value + y * row + x, n * row, MIN (WIDE, n - x), padded, out);
    g_free (padded);
    g_free (out);
  }
}

/* --- distances ---------------------------------------------------------------------------- */

/* Scratch of one row of three periods. */
typedef struct
{
  float *height;   /* [3 n] */
  gsize *vertex;   /* [3 n] */
  double *crossing; /* [3 n + 1] */
} Envelope;

/* min_j height[j] + (k - j)² for k of the middle period. A height of FLT_MAX is no parabola. */
static void
lower_envelope (gsize n, const Envelope *e, float *out)
{
  gsize parabolas = 0;

  for (gsize j = 0; j < 3 * n; j++)
    {
      double at = -INFINITY;

      if (e->height[j] == FLT_MAX)
        continue;
      while (parabolas > 0)
        {
          const gsize v = e->vertex[parabolas - 1];

          at = ((e->height[j] + (double)(j * j)) - (e->height[v] + (double)(v * v))) / (2.0 * (double)(j - v));
          if (at > e->crossing[parabolas - 1])
            break;
          parabolas--;
          at = -INFINITY;
        }
      e->vertex[parabolas] = j;
      e->crossing[parabolas++] = at;
    }
  e->crossing[parabolas] = INFINITY;
  for (gsize k = n, p = 0; k < 2 * n && parabolas > 0; k++)
    {
      while (e->crossing[p + 1] < (double)k)
        p++;
      out[k - n] = e->height[e->vertex[p]] + (float)(((double)k - (double)e->vertex[p]) * ((double)k - (double)e->vertex[p]));
    }
}

/* One direction of the squared distance, of n voxels `stride` apart. Shape: out n. */
static void
measure_row (gsize n, float *first, gsize stride, const Envelope *e, float *out)
{
  for (gsize k = 0; k < n; k++)
    out[k] = e->height[k] = e->height[n + k] = e->height[2 * n + k] = first[k * stride];
  lower_envelope (n, e, out);
  for (gsize k = 0; k < n; k++)
    first[k * stride] = out[k];
}

/* Squared distances in place, of a cube that has 0 where distances begin and FLT_MAX elsewhere. */
static void
measure_all (const SaxidCubePlan *plan, gsize n, float *square)
{
  const gsize stride[] = { 1, n, n * n };

#pragma omp parallel num_threads(saxid_cube_plan_threads (plan))
  {
    Envelope e = { g_new (float, 3 * n), g_new (gsize, 3 * n), g_new (double, 3 * n + 1) };
    float *out = g_new (float, n);

    for (gsize direction = 0; direction < 3; direction++)
      {
        const gsize one = stride[(direction + 1) % 3], other = stride[(direction + 2) % 3];

#pragma omp for schedule(static)
        for (gsize i = 0; i < n; i++)
          for (gsize j = 0; j < n; j++)
            measure_row (n, square + i * one + j * other, stride[direction], &e, out);
      }
    g_free (e.height);
    g_free (e.vertex);
    g_free (e.crossing);
    g_free (out);
  }
}

/* A number in [0, 1) that looks random, of a place (the finaliser of splitmix64, Steele et al. 2014,
 * doi:10.1145/2714064.2660195). */
static float
scramble (guint64 place)
{
  place = (place ^ (place >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  place = (place ^ (place >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (float)((place ^ (place >> 31)) >> 41) * 0x1p-23f;
}

void
saxid_smoothing_order_rest (const SaxidCubePlan *plan, SaxidCube *cube)
{
  const gsize n = cube->n;
  g_autofree float *square = g_new (float, n * n * n);

  for (gsize row = 0; row < n * n; row++)
    for (gsize x = 0; x < n; x++)
      square[row * n + x] = cube->value[row * cube->row + x] >= SAXID_SMOOTHING_FLOOR ? 0 : FLT_MAX;
  measure_all (plan, n, square);
  for (gsize row = 0; row < n * n; row++)
    for (gsize x = 0; x < n; x++)
      if (!(cube->value[row * cube->row + x] >= SAXID_SMOOTHING_FLOOR))
        cube->value[row * cube->row + x] = -square[row * n + x] - scramble (row * n + x + 1);
}
