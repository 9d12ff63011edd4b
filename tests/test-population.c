/* Are the particles of the "paper" population those that were meant? */
#include <math.h>

#include "models/simulate/population.h"

#define DRAWS 3000

static double
get (const SaxidParticle *particle, const char *name)
{
  int at = saxid_shape_parameter_index (particle->shape, name);

  g_assert_cmpint (at, >=, 0);
  return particle->value[at];
}

static void
assert_between (double value, double lower, double upper)
{
  g_assert_cmpfloat (value, >=, lower * (1 - 1e-12));
  g_assert_cmpfloat (value, <=, upper * (1 + 1e-12));
}

static void
check_dense (const SaxidParticle *particle)
{
  assert_between (get (particle, "sld"), 14, 125);
  g_assert_cmpfloat (get (particle, "sld_solvent"), ==, 9.44);
}

static void
check_core_shell (const SaxidParticle *particle)
{
  double core = get (particle, "sld_core");

  assert_between (core, 14, 125);
  assert_between (get (particle, "sld_shell"), 10.94, fmax (0.85 * core, 11.44));
  g_assert_cmpfloat (get (particle, "sld_solvent"), ==, 9.44);
}

static void
check_sphere (const SaxidParticle *particle)
{
  check_dense (particle);
  assert_between (get (particle, "radius"), 15, 500);
}

static void
check_rod (const SaxidParticle *particle)
{
  assert_between (get (particle, "radius"), 10, 200);
  assert_between (get (particle, "length") / get (particle, "radius"), 4, 100);
}

static void
check_cylinder (const SaxidParticle *particle)
{
  check_dense (particle);
  check_rod (particle);
}

/* The volume is that of a sphere of 15 to 500 Å. */
static void
check_ellipsoid (const SaxidParticle *particle, double long_over_short)
{
  double polar = get (particle, "radius_polar"), equatorial = get (particle, "radius_equatorial");

  check_dense (particle);
  assert_between (long_over_short, 1.2, 8);
  assert_between (cbrt (polar * equatorial * equatorial), 15, 500);
  assert_between (particle->shape->volume (particle->value), 4 * G_PI / 3 * 15 * 15 * 15,
                  4 * G_PI / 3 * 500 * 500 * 500);
}

static void
check_oblate (const SaxidParticle *particle)
{
  check_ellipsoid (particle, get (particle, "radius_equatorial") / get (particle, "radius_polar"));
}

static void
check_prolate (const SaxidParticle *particle)
{
  check_ellipsoid (particle, get (particle, "radius_polar") / get (particle, "radius_equatorial"));
}

static void
check_core_shell_sphere (const SaxidParticle *particle)
{
  check_core_shell (particle);
  assert_between (get (particle, "radius"), 15, 500);
  assert_between (get (particle, "thickness") / get (particle, "radius"), 0.1, 1);
}

static void
check_hollow_sphere (const SaxidParticle *particle)
{
  check_dense (particle);
  g_assert_cmpfloat (get (particle, "volfraction"), ==, 1);
  assert_between (get (particle, "radius"), 15, 500);
  assert_between (get (particle, "thickness") / get (particle, "radius"), 0.05, 0.5);
}

static void
check_core_shell_cylinder (const SaxidParticle *particle)
{
  check_core_shell (particle);
  check_rod (particle);
  assert_between (get (particle, "thickness") / get (particle, "radius"), 0.1, 1);
}

static void
check_core_shell_ellipsoid (const SaxidParticle *particle, double lower, double upper)
{
  double x = get (particle, "x_core");
  double r = get (particle, "radius_equat_core") * cbrt (x);

  check_core_shell (particle);
  assert_between (x, lower, upper);
  assert_between (r, 15, 500);
  assert_between (get (particle, "thick_shell") / r, 0.06, 0.6);
  g_assert_cmpfloat (get (particle, "x_polar_shell"), ==, 1);
}

static void
check_core_shell_oblate (const SaxidParticle *particle)
{
  check_core_shell_ellipsoid (particle, 1.0 / 8, 1 / 1.2);
}

static void
check_core_shell_prolate (const SaxidParticle *particle)
{
  check_core_shell_ellipsoid (particle, 1.2, 8);
}

/* The order is that of the labels of every data set. */
static const struct
{
  const char *name;
  void (*check) (const SaxidParticle *particle);
} classes[] = {
  { "sphere", check_sphere },
  { "cylinder", check_cylinder },
  { "oblate", check_oblate },
  { "prolate", check_prolate },
  { "core_shell_sphere", check_core_shell_sphere },
  { "hollow_sphere", check_hollow_sphere },
  { "core_shell_cylinder", check_core_shell_cylinder },
  { "core_shell_oblate", check_core_shell_oblate },
  { "core_shell_prolate", check_core_shell_prolate },
};

static void
check_within_shape (const SaxidParticle *particle)
{
  for (guint k = 0; k < particle->shape->n_parameter; k++)
    {
      g_assert_cmpfloat (particle->value[k], >=, particle->shape->parameter[k].lower);
      g_assert_cmpfloat (particle->value[k], <=, particle->shape->parameter[k].upper);
    }
}

static void
test_bounds (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  const SaxidPopulation *population = saxid_population_find ("paper");
  double least_width = 1, most_width = 0, least_scale = 1, most_scale = 0;

  for (guint k = 0; k < DRAWS; k++)
    {
      SaxidRandom random;
      SaxidParticle particle;

      saxid_random_init (&random, 11, k, SAXID_STREAM_PARTICLE);
      saxid_population_draw (population, index, &random, &particle);
      g_assert_cmpstr (particle.shape->name, ==, classes[index].name);
      g_assert_cmpint (particle.distribution, ==, SAXID_DISTRIBUTION_SCHULZ);
      assert_between (particle.width, 0.02, 0.25);
      assert_between (particle.scale, 1e-4, 1e-2);
      check_within_shape (&particle);
      classes[index].check (&particle);
      least_width = fmin (least_width, particle.width);
      most_width = fmax (most_width, particle.width);
      least_scale = fmin (least_scale, particle.scale);
      most_scale = fmax (most_scale, particle.scale);
    }
  /* the whole of each range is used */
  g_assert_cmpfloat (least_width, <, 0.025);
  g_assert_cmpfloat (most_width, >, 0.245);
  g_assert_cmpfloat (least_scale, <, 1.1e-4);
  g_assert_cmpfloat (most_scale, >, 0.9e-2);
}

/* The middle of a log-uniform law is the geometric mean of its ends. */
static void
test_radius_is_log_uniform (void)
{
  const SaxidPopulation *population = saxid_population_find ("paper");
  double sum = 0;

  for (guint k = 0; k < DRAWS; k++)
    {
      SaxidRandom random;
      SaxidParticle particle;

      saxid_random_init (&random, 12, k, SAXID_STREAM_PARTICLE);
      saxid_population_draw (population, 0, &random, &particle);
      sum += log (get (&particle, "radius"));
    }
  g_assert_cmpfloat (fabs (sum / DRAWS - 0.5 * log (15.0 * 500)), <,
                     4 * log (500.0 / 15) / sqrt (12.0 * DRAWS));
}

static void
test_every_class_scatters (void)
{
  const SaxidPopulation *population = saxid_population_find ("paper");
  const double q[] = { 0, 0.003, 0.01, 0.05, 0.15 };

  g_assert_cmpuint (saxid_population_class_count (population), ==, G_N_ELEMENTS (classes));
  for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
    for (guint k = 0; k < 5; k++)
      {
        g_autoptr (GError) error = NULL;
        SaxidRandom random;
        SaxidParticle particle;
        double out[G_N_ELEMENTS (q)], twice[G_N_ELEMENTS (q)];

        saxid_random_init (&random, 13, k, SAXID_STREAM_PARTICLE);
        saxid_population_draw (population, c, &random, &particle);
        g_assert_true (saxid_particle_intensity (&particle, G_N_ELEMENTS (q), q, out, &error));
        g_assert_no_error (error);
        particle.scale *= 2;
        g_assert_true (saxid_particle_intensity (&particle, G_N_ELEMENTS (q), q, twice, &error));
        for (gsize j = 0; j < G_N_ELEMENTS (q); j++)
          {
            g_assert_true (isfinite (out[j]) && out[j] > 0);
            g_assert_cmpfloat_with_epsilon (twice[j], 2 * out[j], 1e-12 * out[j]);
          }
      }
}

static void
test_names (void)
{
  g_assert_null (saxid_population_find ("no such"));
  for (guint k = 0; saxid_population_at (k) != NULL; k++)
    g_assert_true (saxid_population_find (saxid_population_name (saxid_population_at (k)))
                   == saxid_population_at (k));
  g_assert_null (saxid_population_at (1000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/population/names", test_names);
  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    {
      g_autofree char *name = g_strconcat ("/population/bounds/", classes[k].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (k), test_bounds);
    }
  g_test_add_func ("/population/radius-is-log-uniform", test_radius_is_log_uniform);
  g_test_add_func ("/population/every-class-scatters", test_every_class_scatters);
  return g_test_run ();
}
