/* Are the particles of the "paper" population those that were meant? */
#include <math.h>
#include <string.h>

#include "reducers/error.h"
#include "tests/shipped-population.h"

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
  const SaxidPopulation *population = paper_population ();
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
  const SaxidPopulation *population = paper_population ();
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
  const SaxidPopulation *population = paper_population ();
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

/* What a file may not say, and where the message must point to. */
static void
test_refused (void)
{
  static const struct
  {
    const char *text, *expected;
  } bad[] = {
    { "", "population has no class, 1 is needed (here)" },
    { "radius = 3", "a [group] is needed before the first key (here, line 1, [])" },
    { "[sphere", "a group is written [NAME] (here, line 1, [])" },
    { "[sphere]\nradius 3", "KEY = VALUE is needed (here, line 2, [sphere])" },
    { "[sphere]\n[sphere]", "the group is given twice (here, line 2, [sphere])" },
    { "[population]\nname = x", "the group [population] has the key title only (here, line 2, [population] name)" },
    { "[fractal]\nradius = 3", "class 'fractal' has no shape here; there are sphere, cylinder, *(here, line 1, [fractal])" },
    { "[sphere]\nlength = 3", "the shape has no parameter of this name (here, line 2, [sphere] length)" },
    { "[sphere]\nradius = 3\nradius = 4", "the key is given twice (here, line 3, [sphere] radius)" },
    { "[sphere]\nradius = -3", "-3 to -3 can be drawn, 0 to * is allowed (here, line 2, [sphere] radius)" },
    { "[sphere]\nwidth = uniform(0, 2)", "0 to 2 can be drawn, 0 to 1 is allowed (here, line 2, [sphere] width)" },
    { "[sphere]\nradius = 3", "sld is missing (here, line 1, [sphere])" },
    { "[sphere]\nradius = 3\nsld = 1\nsld_solvent = 0", "width is missing (here, line 1, [sphere])" },
    { "[sphere]\nradius = uniform(3)", "uniform has 1 arguments, 2 are needed (here, line 2, [sphere] radius)" },
    { "[sphere]\nradius = uniform(3, 2)", "uniform: the lower bound may lie above the upper one (here, *" },
    { "[sphere]\nradius = log-uniform(0, 2)", "log-uniform: both bounds must be positive (here, *" },
    { "[sphere]\nradius = gauss(0, 2)", "function 'gauss' is not known; *" },
    { "[sphere]\nradius = 3 * length", "'length' is no name that was given before *" },
    { "[sphere]\nradius = radius", "'radius' is no name that was given before *" },
    { "[sphere]\nradius = 3 +", "'*' or the end of the line is needed at '+' *" },
    { "[sphere]\nradius =", "a number, a name or a function is needed at the end *" },
    { "[sphere]\nradius = choice(0: 1)", "a weight of choice is 0, more than 0 is needed *" },
    { "[sphere]\nradius = 1e300 * 1e300", "\\*: the result may be too large *" },
    { "[sphere]\nradius = max(max(max(max(max(max(max(max(max(1,2),2),2),2),2),2),2),2),2)", "functions are nested deeper than 8 *" },
    { "[sphere]\ndistribution = cauchy", "'cauchy' is no name that was given before *" },
    { "[sphere]\nwidth.radius = 0.1", "this is the main size, whose width is called 'width' *" },
    { "[cylinder]\nwidth.sld = 0.1", "only sizes may have a width *" },
    { "[all]\nwidth = 0\nscale = 1\n[oblate]\nsld = 1\nsld_solvent = 0\naspect = 2",
      "equivalent_radius and aspect are needed together (here, line 4, [oblate])" },
    { "[all]\nwidth = 0\nscale = 1\n[sphere]\nradius = 3\nsld = 1\nsld_solvent = 0\ncontrast = 2",
      "sld follows from contrast, and is given too (here, line 4, [sphere])" },
    { "[all]\nwidth = 0\nscale = 1\nsecond_share = 0.1\n[sphere]\nradius = 3\nsld = 1\nsld_solvent = 0",
      "second_share and second_size are needed together (here, line 5, [sphere])" },
    { "[oblate]\naspect = 0", "0 to 0 can be drawn, * is allowed (here, line 2, [oblate] aspect)" },
    { "[sphere]\nradius = \xff", "population is no UTF-8 text (here)" },
  };

  for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *pattern = g_strdup (bad[k].expected);

      g_assert_null (saxid_population_parse ("x", "here", bad[k].text, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      if (!g_str_equal (error->message, pattern))
        g_assert_true (g_pattern_match_simple (g_str_has_prefix (pattern, "\\*") ? pattern + 1 : pattern,
                                               error->message)
                       || (g_test_message ("%s | %s", pattern, error->message), FALSE));
    }
}

/* Weights of a choice, constructions, widths of other sizes, second populations. */
static void
test_extras (void)
{
  static const char *const text = "[all]\nwidth = 0.1\nscale = 1\nsld_solvent = 5\n"
                                  "distribution = choice(3: gaussian, 1: lognormal)\n"
                                  "[cylinder] # rods\ncontrast = choice(-1, 1) * 2\nequivalent_radius = 30\n"
                                  "length_over_radius = 10\nwidth.length = choice(2: 0, 1: uniform(0.1, 0.3))\n"
                                  "second_share = 0.25\nsecond_size = 2\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidPopulation) population = saxid_population_parse ("x", "here", text, &error);
  guint n_gaussian = 0, n_wide = 0;
  SaxidParticle particle;

  g_assert_no_error (error);
  g_assert_true (saxid_population_has_extras (population));
  g_assert_false (saxid_population_has_extras (paper_population ()));
  for (guint k = 0; k < DRAWS; k++)
    {
      SaxidRandom random;

      saxid_random_init (&random, 3, k, SAXID_STREAM_PARTICLE);
      saxid_population_draw (population, 0, &random, &particle);
      g_assert_cmpfloat (fabs (get (&particle, "sld") - 5), ==, 2);
      g_assert_cmpfloat_with_epsilon (particle.shape->volume (particle.value), 4 * G_PI / 3 * 27000, 1e-6);
      n_gaussian += particle.distribution == SAXID_DISTRIBUTION_GAUSSIAN;
      n_wide += particle.side_width[saxid_shape_parameter_index (particle.shape, "length")] > 0;
    }
  g_assert_cmpfloat_with_epsilon (n_gaussian / (double) DRAWS, 0.75, 4 * sqrt (0.75 * 0.25 / DRAWS));
  g_assert_cmpfloat_with_epsilon (n_wide / (double) DRAWS, 1.0 / 3, 4 * sqrt (2.0 / 9 / DRAWS));
}

static void
test_second_population (void)
{
  const SaxidShape *sphere = saxid_shape_find ("sphere");
  SaxidParticle both = { .shape = sphere, .scale = 1, .width = 0.1, .second_share = 0.25, .second_size = 2 };
  const double q[] = { 0.001, 0.02, 0.05 };
  SaxidParticle one, two;
  double a[3], b[3], sum[3];

  both.value[saxid_shape_parameter_index (sphere, "sld")] = 3;
  both.value[saxid_shape_parameter_index (sphere, "radius")] = 50;
  one = two = both;
  one.second_share = two.second_share = 0;
  two.value[saxid_shape_parameter_index (sphere, "radius")] = 100;
  g_assert_true (saxid_particle_intensity (&both, 3, q, sum, NULL));
  g_assert_true (saxid_particle_intensity (&one, 3, q, a, NULL));
  g_assert_true (saxid_particle_intensity (&two, 3, q, b, NULL));
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (sum[k], 0.75 * a[k] + 0.25 * b[k], 1e-12 * sum[k]);
}

/* The field population is sound for every shape that there is; a class without one
 * is named. */
static void
test_field (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidPopulation) field = shipped_population ("field", &error);
  const double q = 1e-3; /* second widths are slow further out */
  double out;

  if (field == NULL)
    {
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "has no shape here"));
      g_test_skip ("its flat classes have no shape yet");
      return;
    }
  g_assert_cmpuint (saxid_population_class_count (field), ==, 11);
  for (guint c = 0; c < 11; c++)
    for (guint k = 0; k < 12; k++)
      {
        SaxidRandom random;
        SaxidParticle particle;

        saxid_random_init (&random, 4, k, SAXID_STREAM_PARTICLE);
        saxid_population_draw (field, c, &random, &particle);
        check_within_shape (&particle);
        g_assert_true (saxid_particle_intensity (&particle, 1, &q, &out, &error));
        g_assert_no_error (error);
        g_assert_cmpfloat (out, >, 0);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/population/refused", test_refused);
  g_test_add_func ("/population/extras", test_extras);
  g_test_add_func ("/population/second", test_second_population);
  g_test_add_func ("/population/field", test_field);
  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    {
      g_autofree char *name = g_strconcat ("/population/bounds/", classes[k].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (k), test_bounds);
    }
  g_test_add_func ("/population/radius-is-log-uniform", test_radius_is_log_uniform);
  g_test_add_func ("/population/every-class-scatters", test_every_class_scatters);
  return g_test_run ();
}
