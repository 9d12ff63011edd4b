/* How is a cube of voxels transformed quickly?
 *
 * Thread: see cube.h. Planning is FFTW's, which is not safe among threads: one lock.
 */
#include "models/materials/voxels/cube.h"

#include <complex.h>
#include <fftw3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "reducers/error.h"

/* Columns that are copied together: a line of the cache of complex floats, twice. */
#define BUNDLE 16

/* Pages of this size, where the system has them: a column touches every page of a plane. */
#define PAGE (2u << 20)

struct SaxidCubePlan
{
  guint n, threads;
  fftwf_plan plane_forward, plane_backward, bundle_forward, bundle_backward;
  fftwf_plan across_backward, rows_backward; /* of a plane: BUNDLE columns; all rows */
};

static GMutex planning;

SaxidCube *
saxid_cube_new (guint n, GError **error)
{
  const gsize size = (sizeof (float) * n * n * (n + 2) + PAGE - 1) / PAGE * PAGE;
  SaxidCube *cube;
  float *value;

  if (n % 2 != 0 || n < SAXID_CUBE_LEAST || n > SAXID_CUBE_MOST)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "edge of the cube is %u voxels, an even number of %d to %d is possible",
                   n, SAXID_CUBE_LEAST, SAXID_CUBE_MOST);
      return NULL;
    }
  value = aligned_alloc (PAGE, size);
  if (value == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT, "no memory for a cube of %u voxels: %.0f MB are needed", n,
                   1e-6 * (double)size);
      return NULL;
    }
  madvise (value, size, MADV_HUGEPAGE);
  cube = g_new (SaxidCube, 1);
  *cube = (SaxidCube) { n, n + 2, value };
  return cube;
}

void
saxid_cube_free (SaxidCube *cube)
{
  if (cube == NULL)
    return;
  free (cube->value);
  g_free (cube);
}

/* FFTW measures on arrays that it fills: these are made for it. */
static void
make_plans (SaxidCubePlan *plan)
{
  const int n = (int)plan->n;
  float *plane = fftwf_alloc_real ((gsize)n * (n + 2));
  fftwf_complex *modes = (fftwf_complex *)plane, *bundle = fftwf_alloc_complex ((gsize)n * BUNDLE);

  plan->plane_forward = fftwf_plan_dft_r2c_2d (n, n, plane, modes, FFTW_MEASURE);
  plan->plane_backward = fftwf_plan_dft_c2r_2d (n, n, modes, plane, FFTW_MEASURE);
  plan->bundle_forward = fftwf_plan_many_dft (1, &n, BUNDLE, bundle, NULL, BUNDLE, 1, bundle, NULL, BUNDLE, 1, FFTW_FORWARD, FFTW_MEASURE);
  plan->bundle_backward = fftwf_plan_many_dft (1, &n, BUNDLE, bundle, NULL, BUNDLE, 1, bundle, NULL, BUNDLE, 1, FFTW_BACKWARD, FFTW_MEASURE);
  plan->across_backward = fftwf_plan_many_dft (1, &n, MIN (BUNDLE, n / 2 + 1), modes, NULL, n / 2 + 1, 1, modes, NULL, n / 2 + 1, 1,
                                               FFTW_BACKWARD, FFTW_MEASURE);
  plan->rows_backward = fftwf_plan_many_dft_c2r (1, &n, n, modes, NULL, 1, n / 2 + 1, plane, NULL, 1, n + 2, FFTW_MEASURE);
  fftwf_free (plane);
  fftwf_free (bundle);
}

SaxidCubePlan *
saxid_cube_plan_new (guint n, guint threads)
{
  SaxidCubePlan *plan = g_new0 (SaxidCubePlan, 1);

  g_return_val_if_fail (n % 2 == 0 && n >= SAXID_CUBE_LEAST && n <= SAXID_CUBE_MOST && threads > 0, plan);
  plan->n = n;
  plan->threads = threads;
  g_mutex_lock (&planning);
  make_plans (plan);
  g_mutex_unlock (&planning);
  return plan;
}

void
saxid_cube_plan_free (SaxidCubePlan *plan)
{
  if (plan == NULL)
    return;
  g_mutex_lock (&planning);
  fftwf_destroy_plan (plan->plane_forward);
  fftwf_destroy_plan (plan->plane_backward);
  fftwf_destroy_plan (plan->bundle_forward);
  fftwf_destroy_plan (plan->bundle_backward);
  fftwf_destroy_plan (plan->across_backward);
  fftwf_destroy_plan (plan->rows_backward);
  g_mutex_unlock (&planning);
  g_free (plan);
}

guint
saxid_cube_plan_threads (const SaxidCubePlan *plan)
{
  return plan->threads;
}

static fftwf_complex *
modes_of (const SaxidCube *cube, gsize z, gsize y)
{
  return (fftwf_complex *)(cube->value + (z * cube->n + y) * cube->row);
}

/* The third direction of the columns x … x + count at one y. */
static void
transform_bundle (SaxidCube *cube, fftwf_plan plan, fftwf_complex *scratch, gsize y, gsize x, gsize count)
{
  for (gsize z = 0; z < cube->n; z++)
    memcpy (scratch + z * BUNDLE, modes_of (cube, z, y) + x, count * sizeof *scratch);
  fftwf_execute_dft (plan, scratch, scratch);
  for (gsize z = 0; z < cube->n; z++)
    memcpy (modes_of (cube, z, y) + x, scratch + z * BUNDLE, count * sizeof *scratch);
}

/* The third direction of all columns with k_x and |k_y| up to last. */
static void
transform_columns (const SaxidCubePlan *plan, SaxidCube *cube, fftwf_plan bundle, guint last)
{
  const gsize n = cube->n, columns = MIN (last, n / 2) + 1;

#pragma omp parallel num_threads(plan->threads)
  {
    fftwf_complex *scratch = fftwf_alloc_complex (n * BUNDLE);

    /* the columns that a bundle has not enough of are transformed too, and not read */
    memset (scratch, 0, n * BUNDLE * sizeof *scratch);
#pragma omp for schedule(dynamic, 4)
    for (gsize y = 0; y < n; y++)
      if (MIN (y, n - y) <= last)
        for (gsize x = 0; x < columns; x += BUNDLE)
          transform_bundle (cube, bundle, scratch, y, x, MIN (BUNDLE, columns - x));
    fftwf_free (scratch);
  }
}

void
saxid_cube_to_modes (const SaxidCubePlan *plan, SaxidCube *cube)
{
  g_return_if_fail (plan->n == cube->n);
#pragma omp parallel for schedule(dynamic, 2) num_threads(plan->threads)
  for (gsize z = 0; z < cube->n; z++)
    fftwf_execute_dft_r2c (plan->plane_forward, (float *)modes_of (cube, z, 0), modes_of (cube, z, 0));
  transform_columns (plan, cube, plan->bundle_forward, cube->n);
}

void
saxid_cube_to_voxels (const SaxidCubePlan *plan, SaxidCube *cube, guint last)
{
  const gsize n = cube->n, columns = (MIN (last, n / 2) / BUNDLE + 1) * BUNDLE;

  g_return_if_fail (plan->n == cube->n);
  transform_columns (plan, cube, plan->bundle_backward, last);
#pragma omp parallel for schedule(dynamic, 2) num_threads(plan->threads)
  for (gsize z = 0; z < n; z++)
    {
      fftwf_complex *plane = modes_of (cube, z, 0);

      if (columns > n / 2) /* nothing can be left out */
        {
          fftwf_execute_dft_c2r (plan->plane_backward, plane, (float *)plane);
          continue;
        }
      for (gsize x = 0; x < columns; x += BUNDLE)
        fftwf_execute_dft (plan->across_backward, plane + x, plane + x);
      fftwf_execute_dft_c2r (plan->rows_backward, plane, (float *)plane);
    }
}
