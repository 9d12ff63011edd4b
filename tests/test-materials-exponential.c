/* Are random and bicontinuous phases, whose covariance is exponential, computed, fitted and told
 * from particles as they should be?
 *
 * Goldens: tests/golden/materials.json, made by tests/golden/make-materials.py from the covariance.
 */
#include <json-glib/json-glib.h>
#include <math.h>

#include "models/materials/answer.h"
#include "models/materials/mean-curve.h"
#include "models/materials/slice.h"
#include "models/simulate/random.h"

#define SIDES 1.6448536269514722
#define POINTS 250

/* A standard normal number. */
static double
draw_normal (SaxidRandom *random)
{
  return sqrt (-2 * log (saxid_random_unit (random))) * cos (2 * G_PI * saxid_random_unit (random));
}

static SaxidMaterial
make (double length, double wave)
{
  return (SaxidMaterial) { .phases = 2, .length = length, .porosity = 0.5, .covariance = SAXID_COVARIANCE_EXPONENTIAL, .wave = wave };
}

/* I on q from 0.004 to 0.4 1/Å with a background of a ten-thousandth of the largest and noise of so much of I. */
static SaxidCurve *
measure (const double *intensity, double noise, SaxidRandom *random)
{
  SaxidCurve *curve = saxid_curve_new (POINTS, TRUE, FALSE);
  double largest = 0;

  for (gsize k = 0; k < POINTS; k++)
    largest = fmax (largest, intensity[k]);
  for (gsize k = 0; k < POINTS; k++)
    {
      const double exact = intensity[k] + 1e-4 * largest;

      curve->q[k] = 0.004 * pow (100, (double) k / (POINTS - 1));
      curve->sigma[k] = noise * exact;
      curve->intensity[k] = exact + curve->sigma[k] * draw_normal (random);
    }
  return curve;
}

static SaxidCurve *
measure_material (const SaxidMaterial *material, double noise, SaxidRandom *random)
{
  double q[POINTS], intensity[POINTS];
  SaxidMeanCurve mean;

  for (gsize k = 0; k < POINTS; k++)
    q[k] = 0.004 * pow (100, (double) k / (POINTS - 1));
  g_assert_true (saxid_mean_curve_init (&mean, material, NULL));
  saxid_mean_curve_values (&mean, POINTS, q, intensity);
  return measure (intensity, noise, random);
}

static void
test_goldens (void)
{
  const char *source = g_getenv ("SAXID_SRCDIR") != NULL ? g_getenv ("SAXID_SRCDIR") : "..";
  g_autofree char *path = g_build_filename (source, "tests", "golden", "materials.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *golden;
  JsonArray *q, *rows;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  golden = json_node_get_object (json_parser_get_root (parser));
  q = json_object_get_array_member (golden, "q");
  rows = json_object_get_array_member (golden, "exponential");
  g_assert_cmpuint (json_array_get_length (rows), >=, 10);
  for (guint k = 0; k < json_array_get_length (rows); k++)
    {
      JsonObject *row = json_array_get_object_element (rows, k);
      SaxidMaterial material = make (37.5, json_object_get_double_member (row, "wave"));
      SaxidMeanCurve mean;

      material.porosity = json_object_get_double_member (row, "porosity");
      g_assert_true (saxid_mean_curve_init (&mean, &material, NULL));
      for (guint j = 0; j < json_array_get_length (q); j++)
        {
          const double at = json_array_get_double_element (q, j) / 37.5;
          double value;

          saxid_mean_curve_values (&mean, 1, &at, &value);
          g_assert_cmpfloat_with_epsilon (
            value / pow (37.5, 3) / json_array_get_double_element (json_object_get_array_member (row, "P"), j), 1, 1e-7);
        }
    }
}

/* Porod's constant and the invariant of the closed form are those of the sums; what is none is refused. */
static void
test_sums (void)
{
  for (double wave = 0; wave <= SAXID_MATERIAL_MOST_WAVE; wave += 3)
    {
      SaxidMaterial material = make (25, wave);
      SaxidMaterialSums sums;
      SaxidMeanCurve mean;
      double far = 400, value, invariant = 0;

      material.porosity = 0.3;
      saxid_material_sums (&material, &sums);
      g_assert_cmpfloat_with_epsilon (sums.surface, 4 * 0.3 * 0.7 / 25, 1e-15);
      g_assert_cmpfloat_with_epsilon (sums.porod_length, 25, 1e-12);
      g_assert_true (saxid_mean_curve_init (&mean, &material, NULL));
      saxid_mean_curve_values (&mean, 1, &far, &value);
      g_assert_cmpfloat_with_epsilon (value * pow (far, 4) / sums.porod, 1, 1e-5);
      for (guint k = 0; k <= 40000; k++)
        {
          const double q = 4e-6 * exp (k * log (1e9) / 40000);

          saxid_mean_curve_values (&mean, 1, &q, &value);
          invariant += value * q * q * q * log (1e9) / 40000;
        }
      g_assert_cmpfloat_with_epsilon (invariant / (2 * G_PI * G_PI * 0.3 * 0.7), 1, 1e-4);
    }
}

static void
test_refusals (void)
{
  SaxidMaterial bad[3] = { make (25, -1), make (25, 1), make (25, SAXID_MATERIAL_MOST_WAVE + 1) };

  bad[1].phases = 3;
  bad[1].share = 0.3;
  for (gsize k = 0; k < G_N_ELEMENTS (bad); k++)
    g_assert_false (saxid_material_check (&bad[k], NULL));
}

/* Of curves with noise the law is found, and the 90 % intervals hold both lengths in 90 % of cases. */
static void
test_answers (void)
{
  enum { CURVES = 300 };
  guint length = 0, repeat = 0, n_repeat = 0;
  SaxidRandom random;

  saxid_random_init (&random, 31, 0, SAXID_STREAM_PARTICLE);
  for (guint k = 0; k < CURVES; k++)
    {
      const double wave = k % 3 == 0 ? 0 : saxid_random_uniform (&random, 1.5, 8);
      const SaxidMaterial truth = make (hypot (1, wave) * saxid_random_log_uniform (&random, 20, 120), wave);
      g_autoptr (SaxidCurve) curve = measure_material (&truth, 0.01, &random);
      SaxidMaterialAnswer answer;

      g_assert_true (saxid_material_answer (curve, NULL, &answer, NULL));
      g_assert_cmpint (answer.status, ==, SAXID_MATERIAL_FOUND);
      g_assert_cmpint (answer.fit.kind, ==, wave > 0 ? SAXID_MATERIAL_WAVE : SAXID_MATERIAL_RANDOM);
      g_assert_cmpint (answer.basis, ==, SAXID_MATERIAL_NOWHERE);
      g_assert_cmpfloat_with_epsilon (answer.length.value / truth.length, 1, 0.03);
      length += answer.length.lower <= truth.length && truth.length <= answer.length.upper;
      if (wave > 0)
        {
          const double d = 2 * G_PI * truth.length / wave;

          n_repeat++;
          repeat += answer.repeat.lower <= d && d <= answer.repeat.upper;
        }
      else
        g_assert_true (isnan (answer.repeat.value));
    }
  g_test_message ("a in %u of %d intervals, the repeat distance in %u of %u", length, CURVES, repeat, n_repeat);
  g_assert_cmpfloat_with_epsilon ((double) length / CURVES, 0.9, 0.05);
  g_assert_cmpfloat_with_epsilon ((double) repeat / n_repeat, 0.9, 0.06);
}

/* With a contrast the porosity is that of the invariant. */
static void
test_invariant (void)
{
  SaxidMaterial truth = make (50, 2.5);
  const SaxidMaterialKnown known = { .contrast = 10 };
  SaxidMaterialAnswer answer;
  SaxidRandom random;
  g_autoptr (SaxidCurve) curve = NULL;

  truth.porosity = 0.3;
  saxid_random_init (&random, 22, 0, SAXID_STREAM_PARTICLE);
  curve = measure_material (&truth, 0.005, &random); /* P in Å³ by contrast 1e-5/Å²: 1e-2 1/cm each */
  for (gsize k = 0; k < curve->n; k++)
    {
      curve->intensity[k] *= 1e-2;
      curve->sigma[k] *= 1e-2;
    }
  g_assert_true (saxid_material_answer (curve, &known, &answer, NULL));
  g_assert_cmpint (answer.basis, ==, SAXID_MATERIAL_INVARIANT);
  g_assert_cmpfloat_with_epsilon (answer.porosity.value, 0.3, 0.01);
  g_assert_cmpfloat_with_epsilon (answer.surface.value, 4 * 0.3 * 0.7 / 50, 2e-4);
}

/* Debye's coil, of intensity 1 at q = 0. */
static double
coil (double q, double radius)
{
  const double x = q * q * radius * radius;

  return x < 1e-3 ? 1 - x / 3 : 2 * (expm1 (-x) + x) / (x * x);
}

/* A rod, longer than the window shows: 1/q times its cross-section, with a Guinier region of the length. */
static double
rod (double q, double radius, double length)
{
  const double x = q * radius, j = x < 1e-3 ? 1 : 2 * j1 (x) / x;

  return j * j / sqrt (1 + pow (q * length / G_PI, 2));
}

static double
lorentzian (double q, double length)
{
  return 1 / (1 + pow (q * length, 2));
}

/* Chains, gels and rods have other slopes: none is a material, whatever its size. */
static void
test_particles_refused (void)
{
  enum { CURVES = 90 };
  guint refused = 0;
  SaxidRandom random;

  saxid_random_init (&random, 23, 0, SAXID_STREAM_PARTICLE);
  for (guint k = 0; k < CURVES; k++)
    {
      const double size = saxid_random_log_uniform (&random, 15, 150), thin = saxid_random_log_uniform (&random, 8, 50);
      double intensity[POINTS];
      SaxidMaterialAnswer answer;
      g_autoptr (SaxidCurve) curve = NULL;

      for (gsize j = 0; j < POINTS; j++)
        {
          const double q = 0.004 * pow (100, (double) j / (POINTS - 1));

          intensity[j] = k % 3 == 0 ? coil (q, size) : k % 3 == 1 ? lorentzian (q, size) : rod (q, thin, 5 * size);
        }
      curve = measure (intensity, 0.01, &random);
      saxid_material_answer (curve, NULL, &answer, NULL);
      refused += answer.status != SAXID_MATERIAL_FOUND;
    }
  g_test_message ("%u of %d are refused", refused, CURVES);
  g_assert_cmpuint (refused, >=, CURVES * 95 / 100);
}

/* Phases at two points of a line, seen together: the covariance of the slices is that of the material. */
static void
test_slice (void)
{
  enum { SLICES = 60, EDGE = SAXID_SLICE_EDGE, LAGS = 8 };
  g_autofree guint8 *phase = g_new (guint8, EDGE * EDGE);

  for (guint which = 0; which < 2; which++)
    {
      SaxidMaterial material = make (40, which == 0 ? 0 : 2.5);
      double both[LAGS + 1] = { 0 }, solid = 0, pixel = 0;

      material.porosity = 0.4;
      for (guint seed = 0; seed < SLICES; seed++)
        {
          pixel = saxid_slice_fill (&material, seed, phase);
          for (gsize y = 0; y < EDGE; y++)
            for (gsize x = 0; x < EDGE - LAGS; x++)
              for (gsize lag = 0; lag <= LAGS; lag++)
                both[lag] += (phase[y * EDGE + x] == SAXID_SLICE_SOLID && phase[y * EDGE + x + lag] == SAXID_SLICE_SOLID)
                             / (double) (SLICES * EDGE * (EDGE - LAGS));
        }
      solid = both[0];
      g_assert_cmpfloat_with_epsilon (solid, 0.6, 0.02);
      for (gsize lag = 1; lag <= LAGS; lag++)
        {
          const double r = lag * pixel / 40, turn = material.wave * r;
          const double expected = exp (-r) * (turn > 0 ? sin (turn) / turn : 1);

          g_test_message ("w = %g, r = %.2f a: %.3f, %.3f is expected", material.wave, r, (both[lag] - solid * solid) / 0.24, expected);
          g_assert_cmpfloat_with_epsilon ((both[lag] - solid * solid) / 0.24, expected, 0.06);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/materials-exponential/goldens", test_goldens);
  g_test_add_func ("/materials-exponential/sums", test_sums);
  g_test_add_func ("/materials-exponential/refusals", test_refusals);
  g_test_add_func ("/materials-exponential/answers", test_answers);
  g_test_add_func ("/materials-exponential/invariant", test_invariant);
  g_test_add_func ("/materials-exponential/particles-refused", test_particles_refused);
  g_test_add_func ("/materials-exponential/slice", test_slice);
  return g_test_run ();
}
