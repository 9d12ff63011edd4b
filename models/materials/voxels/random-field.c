/* How is a Gaussian random field drawn?
 *
 * On the planes k_x = 0 and n/2 a mode and its opposite are both there, and the transform takes
 * the real part of their sum; times sqrt (2) that has the right variance.
 *
 * Thread: see random-field.h.
 */
#include "models/materials/voxels/random-field.h"

#include <math.h>
#include <string.h>

#include "models/materials/spectrum.h"
#include "models/simulate/random.h"

/* (a q)^n from which on a mode is zero */
#define FAINT 1e7

float *
saxid_random_field_amplitude (int order, double length, double edge, guint n, gsize *n_shell)
{
  const SaxidSpectrum *spectrum = saxid_spectrum_at (order);
  const double per_mode = 2 * G_PI / edge * length * saxid_spectrum_scale (spectrum);
  const double last = pow (FAINT, 1.0 / spectrum->n) / per_mode;
  const gsize most = 3 * (gsize)(n / 2) * (n / 2) + 1;
  float *amplitude;

  *n_shell = (gsize)MIN (last * last + 1, (double)most);
  amplitude = g_new (float, *n_shell);
  for (gsize k = 0; k < *n_shell; k++)
    {
      const double x = per_mode * sqrt ((double)k);

      amplitude[k] = (float)(pow (x, 0.5 * spectrum->p) / (1 + pow (x, spectrum->n)));
    }
  return amplitude;
}

/* E |z|² = 1: two words of 32 bits. */
static void
draw_mode (const guint32 *word, float size, float *mode)
{
  const float radius = size * sqrtf (-logf ((float)((word[0] + 0.5) * 0x1p-32)));
  const float phase = (float)(2 * G_PI * 0x1p-32) * (float)word[1];

  mode[0] = radius * cosf (phase);
  mode[1] = radius * sinf (phase);
}

/* The modes 0 <= k_x <= last of one row. square: k_y² + k_z². Shape: words 2 last + 4. */
static void
draw_row (const SaxidRandom *random, guint32 row, guint n, const float *amplitude, gsize n_shell, gsize square, guint32 *words,
          float *out)
{
  const gsize last = MIN ((gsize)sqrt ((double)(n_shell - 1 - square)), n / 2);

  saxid_random_blocks (random, row * (n / 4 + 1), last / 2 + 1, words);
  for (gsize k = 0; k <= last; k++)
    if (square + k * k < n_shell)
      draw_mode (words + 2 * k, amplitude[square + k * k] * (k == 0 || k == n / 2 ? (float)M_SQRT2 : 1), out + 2 * k);
}

void
saxid_random_field_draw (const SaxidCubePlan *plan, SaxidCube *cube, const float *amplitude, gsize n_shell, guint64 seed,
                         guint64 sample)
{
  const gsize n = cube->n;
  SaxidRandom random;

  saxid_random_init (&random, seed, sample, SAXID_STREAM_RANDOM_FIELD);
#pragma omp parallel num_threads(saxid_cube_plan_threads (plan))
  {
    guint32 *words = g_new (guint32, n + 8);

#pragma omp for schedule(dynamic, 2)
    for (gsize z = 0; z < n; z++)
      {
        const gsize kz = MIN (z, n - z);

        memset (cube->value + z * n * cube->row, 0, n * cube->row * sizeof (float));
        for (gsize y = 0; y < n; y++)
          {
            const gsize ky = MIN (y, n - y), square = kz * kz + ky * ky;

            if (square < n_shell)
              draw_row (&random, (guint32)(z * n + y), (guint)n, amplitude, n_shell, square, words,
                        cube->value + (z * n + y) * cube->row);
          }
      }
    g_free (words);
  }
  saxid_cube_to_voxels (plan, cube, (guint)sqrt ((double)n_shell));
}
