/* What might a cut through the material look like?
 *
 * Thread: pure.
 */
#include "models/materials/slice.h"

#include <math.h>

#include "models/materials/spectrum.h"
#include "models/simulate/random.h"

#define WAVES 1200
/* Steps of the distribution of wave numbers, up to x = LAST, beyond which Gamma has nothing. */
#define STEPS 2000
#define LAST 8.0
#define N SAXID_SLICE_EDGE

/* int_0^x x² Gamma dx at equal steps, not normalised. */
static void
accumulate (const SaxidSpectrum *spectrum, double *sum)
{
  sum[0] = 0;
  for (guint k = 1; k <= STEPS; k++)
    {
      const double x = (k - 0.5) * LAST / STEPS;

      sum[k] = sum[k - 1] + pow (x, 2 + spectrum->p) / pow (1 + pow (x, spectrum->n), 2);
    }
}

/* The x below which is this part of the distribution. */
static double
find_x (const double *sum, double part)
{
  guint low = 0, high = STEPS;

  while (high - low > 1)
    {
      const guint middle = (low + high) / 2;

      *(sum[middle] < part * sum[STEPS] ? &low : &high) = middle;
    }
  return (low + (part * sum[STEPS] - sum[low]) / (sum[high] - sum[low])) * LAST / STEPS;
}

/* Adds cos (kx x + ky y + phase) to all pixels, by turning a pointer from one to the next. */
static void
add_wave (double kx, double ky, double phase, double *field)
{
  const double cx = cos (kx), sx = sin (kx);

  for (guint y = 0; y < N; y++)
    {
      double c = cos (phase + ky * y), s = sin (phase + ky * y);

      for (guint x = 0; x < N; x++)
        {
          const double next = c * cx - s * sx;

          field[y * N + x] += c;
          s = s * cx + c * sx;
          c = next;
        }
    }
}

double
saxid_slice_fill (const SaxidMaterial *material, guint64 seed, guint8 *phase)
{
  const double pixel = SAXID_SLICE_LENGTHS * material->length / N, order = floor (material->order);
  g_autofree double *field = g_new0 (double, N * N), *sum = g_new (double, 2 * (STEPS + 1));
  const int lower = (int)order, upper = material->order > order ? lower + 1 : lower;
  double level[2];
  SaxidRandom random;

  accumulate (saxid_spectrum_at (lower), sum);
  accumulate (saxid_spectrum_at (upper), sum + STEPS + 1);
  saxid_random_init (&random, seed, 0, SAXID_STREAM_FIELD);
  for (guint k = 0; k < WAVES; k++)
    {
      /* spectra between two are mixtures */
      const gboolean is_upper = saxid_random_unit (&random) < material->order - order;
      const double scale = saxid_spectrum_scale (saxid_spectrum_at (is_upper ? upper : lower));
      const double x = find_x (is_upper ? sum + STEPS + 1 : sum, saxid_random_unit (&random));
      const double cosine = saxid_random_uniform (&random, -1, 1), turn = saxid_random_uniform (&random, 0, 2 * G_PI);
      const double in_plane = x / (scale * material->length) * sqrt (1 - cosine * cosine) * pixel;

      add_wave (in_plane * cos (turn), in_plane * sin (turn), saxid_random_uniform (&random, 0, 2 * G_PI), field);
    }
  saxid_material_levels (material, level);
  for (guint k = 0; k < N * N; k++)
    {
      const double psi = field[k] * sqrt (2.0 / WAVES);

      phase[k] = psi > level[1] ? SAXID_SLICE_SOLID : psi > level[0] ? SAXID_SLICE_LAYER : SAXID_SLICE_PORE;
    }
  return pixel;
}
