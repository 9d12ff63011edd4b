/* What might a cut through the material look like?
 *
 * Thread: pure.
 */
#include "models/materials/slice.h"

#include <math.h>

#include "models/materials/clip.h"
#include "models/materials/normal.h"
#include "models/materials/spectrum.h"
#include "models/materials/transform.h"
#include "models/simulate/random.h"

#define WAVES 1200
/* Steps of the distribution of wave numbers, up to x = LAST, beyond which Gamma has nothing. */
#define STEPS 2000
#define LAST 8.0
#define N SAXID_SLICE_EDGE
#define HALVINGS 50

/* How often the waves of a field have a wave number: x of c a q, and the sum of all below it. */
typedef struct
{
  guint n;
  double scale; /* c */
  double x[STEPS + 1], sum[STEPS + 1];
} Waves;

/* int_0^x x² Gamma dx at equal steps, not normalised. */
static void
waves_of_spectrum (const SaxidSpectrum *spectrum, Waves *waves)
{
  waves->n = STEPS;
  waves->scale = saxid_spectrum_scale (spectrum);
  waves->x[0] = waves->sum[0] = 0;
  for (guint k = 1; k <= STEPS; k++)
    {
      const double x = (k - 0.5) * LAST / STEPS;

      waves->x[k] = k * LAST / STEPS;
      waves->sum[k] = waves->sum[k - 1] + pow (x, 2 + spectrum->p) / pow (1 + pow (x, spectrum->n), 2);
    }
}

/* The angle of clip.h at which two points of the field have this covariance of their phases. */
static double
angle_of (const SaxidClip *clip, double covariance)
{
  double low = 0, high = SAXID_CLIP_LAST;

  for (guint k = 0; k < HALVINGS; k++)
    {
      const double middle = 0.5 * (low + high);

      *(saxid_clip_covariance (clip, middle) > covariance ? &low : &high) = middle;
    }
  return 0.5 * (low + high);
}

/* Of the field whose cut has an exponential covariance: what its covariance scatters. Where that
 * is below zero no field has just this covariance, and the nearest one is taken. */
static void
waves_of_exponential (const SaxidMaterial *material, Waves *waves)
{
  const double *r, level = saxid_normal_level (material->porosity), step = saxid_transform_step ();
  const gsize n = saxid_transform_distances (&r);
  g_autofree double *field = g_new (double, n), *density = g_new (double, SAXID_TRANSFORM_KNOTS);
  SaxidClip clip;
  double whole;

  saxid_clip_init (&clip, level, level);
  whole = saxid_clip_covariance (&clip, 0);
  for (gsize k = 0; k < n; k++)
    {
      const double turn = material->wave * r[k], sinc = turn > 0 ? sin (turn) / turn : 1;

      field[k] = cos (angle_of (&clip, whole * exp (-r[k]) * sinc));
    }
  saxid_transform (1, field, density);
  waves->n = SAXID_TRANSFORM_KNOTS;
  waves->scale = 1;
  waves->x[0] = waves->sum[0] = 0;
  for (guint k = 0; k < SAXID_TRANSFORM_KNOTS; k++)
    {
      const double x = SAXID_TRANSFORM_FIRST * exp (k * step);

      waves->x[k + 1] = x * exp (0.5 * step);
      waves->sum[k + 1] = waves->sum[k] + x * x * x * fmax (density[k], 0);
    }
}

/* The x below which is this part of the distribution. */
static double
find_x (const Waves *waves, double part)
{
  const double sum = part * waves->sum[waves->n];
  guint low = 0, high = waves->n;

  while (high - low > 1)
    {
      const guint middle = (low + high) / 2;

      *(waves->sum[middle] < sum ? &low : &high) = middle;
    }
  return waves->x[low] + (sum - waves->sum[low]) / (waves->sum[high] - waves->sum[low]) * (waves->x[high] - waves->x[low]);
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

/* The lower of two spectra between which the order lies, the upper one, and the part of that. */
static double
waves_of (const SaxidMaterial *material, Waves waves[2])
{
  const double order = floor (material->order);

  if (material->covariance == SAXID_COVARIANCE_EXPONENTIAL)
    {
      waves_of_exponential (material, &waves[0]);
      return 0;
    }
  waves_of_spectrum (saxid_spectrum_at ((int) order), &waves[0]);
  if (material->order > order)
    waves_of_spectrum (saxid_spectrum_at ((int) order + 1), &waves[1]);
  return material->order - order;
}

double
saxid_slice_fill (const SaxidMaterial *material, guint64 seed, guint8 *phase)
{
  const double pixel = SAXID_SLICE_LENGTHS * material->length / N;
  g_autofree double *field = g_new0 (double, N * N);
  g_autofree Waves *waves = g_new (Waves, 2);
  const double part = waves_of (material, waves);
  double level[2];
  SaxidRandom random;

  saxid_random_init (&random, seed, 0, SAXID_STREAM_RANDOM_FIELD);
  for (guint k = 0; k < WAVES; k++)
    {
      const Waves *of = &waves[saxid_random_unit (&random) < part ? 1 : 0]; /* spectra between two are mixtures */
      const double x = find_x (of, saxid_random_unit (&random));
      const double cosine = saxid_random_uniform (&random, -1, 1), turn = saxid_random_uniform (&random, 0, 2 * G_PI);
      const double in_plane = x / (of->scale * material->length) * sqrt (1 - cosine * cosine) * pixel;

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
