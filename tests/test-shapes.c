/* Do the form factors give what sasmodels and an open quadrature give, and do
 * they keep the laws that no golden is needed for?
 *
 * Goldens: tests/golden/shapes/, made by tests/golden/make-shapes.py.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "models/shapes/distribution.h"
#include "models/shapes/elementary.h"
#include "models/shapes/quadrature.h"
#include "models/shapes/forms.h"
#include "models/shapes/shape.h"
#include "reducers/error.h"

/* What is promised where I > 1e-6 I(0). The goldens have nine digits. */
#define TOLERANCE 1e-5
#define N         60

static const char *const classes[] = { "sphere",
                                       "cylinder",
                                       "oblate",
                                       "prolate",
                                       "core_shell_sphere",
                                       "hollow_sphere",
                                       "core_shell_cylinder",
                                       "core_shell_oblate",
                                       "core_shell_prolate",
                                       "disc",
                                       "core_shell_disc",
                                       "capped_cylinder",
                                       "bilayer_vesicle" };

/* Ascending q, logarithmic. */
static void
grid (double *q, gsize n, double lower, double upper)
{
  for (gsize k = 0; k < n; k++)
    q[k] = lower * pow (upper / lower, (double) k / (double) (n - 1));
}

static void
defaults (const SaxidShape *shape, double *value)
{
  for (guint k = 0; k < shape->n_parameter; k++)
    value[k] = shape->parameter[k].initial;
}

static void
set (const SaxidShape *shape, double *value, const char *name, double to)
{
  int index = saxid_shape_parameter_index (shape, name);

  g_assert_cmpint (index, >=, 0);
  value[index] = to;
}

static void
compute (const SaxidShape *shape, const double *value, double width, SaxidDistribution distribution,
         gsize n, const double *q, double *out)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (saxid_shape_intensity (shape, value, width, distribution, n, q, out, &error));
  g_assert_no_error (error);
}

static double
forward (const SaxidShape *shape, const double *value, double width, SaxidDistribution distribution)
{
  const double q = 0;
  double out;

  compute (shape, value, width, distribution, 1, &q, &out);
  return out;
}

/* The largest relative difference where `right` is above 1e-6 of the first. */
static double
difference (gsize n, const double *out, const double *right, double first)
{
  double worst = 0;

  for (gsize k = 0; k < n; k++)
    if (right[k] > 1e-6 * first)
      worst = MAX (worst, fabs (out[k] / right[k] - 1.0));
  return worst;
}

static SaxidDistribution
distribution_of (const char *name)
{
  for (guint k = 0; saxid_distribution_name ((SaxidDistribution) k) != NULL; k++)
    if (strcmp (saxid_distribution_name ((SaxidDistribution) k), name) == 0)
      return (SaxidDistribution) k;
  g_assert_not_reached ();
}

static void
read_numbers (JsonObject *object, const char *name, gsize n, double *out)
{
  JsonArray *array = json_object_get_array_member (object, name);

  g_assert_cmpuint (json_array_get_length (array), ==, n);
  for (guint k = 0; k < n; k++)
    out[k] = json_array_get_double_element (array, k);
}

/* Every golden of one class; the largest difference is printed. */
static void
test_golden (gconstpointer data)
{
  const char *name = data;
  const SaxidShape *shape = saxid_shape_find (name);
  g_autofree char *file = g_strdup_printf ("%s.json", name);
  const char *source = g_getenv ("SAXID_SRCDIR") != NULL ? g_getenv ("SAXID_SRCDIR") : "..";
  g_autofree char *path = g_build_filename (source, "tests", "golden", "shapes", file, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *sets;

  g_assert_nonnull (shape);
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  sets = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "sets");
  g_assert_cmpuint (json_array_get_length (sets), >=, 4);

  for (guint k = 0; k < json_array_get_length (sets); k++)
    {
      JsonObject *golden = json_array_get_object_element (sets, k);
      JsonObject *parameters = json_object_get_object_member (golden, "parameters");
      SaxidDistribution distribution
          = distribution_of (json_object_get_string_member (golden, "distribution"));
      double width = json_object_get_double_member (golden, "width");
      double value[SAXID_SHAPE_MAX_PARAMETERS], q[N], right[N], out[N], worst;

      for (guint p = 0; p < shape->n_parameter; p++)
        value[p] = json_object_get_double_member (parameters, shape->parameter[p].name);
      read_numbers (golden, "q", N, q);
      read_numbers (golden, "intensity", N, right);
      compute (shape, value, width, distribution, N, q, out);
      worst = difference (N, out, right, forward (shape, value, width, distribution));
      g_test_message ("%s, set %u (%s): %.1e", name, k,
                      json_object_get_string_member (golden, "source"), worst);
      g_assert_cmpfloat (worst, <, TOLERANCE);

      /* A checker that cannot fail checks nothing. */
      value[shape->main_size] *= 1.01;
      compute (shape, value, width, distribution, N, q, out);
      g_assert_cmpfloat (difference (N, out, right, right[0]), >, TOLERANCE);
    }
}

/* I(0) = 1e-4 <(sum of contrast times volume)^2> / <V>, with moments of the
 * Schulz distribution: <r^n> = r^n prod_(k<n) (1 + k width^2). */
static void
test_forward_scattering (void)
{
  const double width = 0.2, s = width * width, ball = 4.0 / 3.0 * G_PI;
  const double third = 1 + 3 * s + 2 * s * s;
  double value[SAXID_SHAPE_MAX_PARAMETERS], sixth = 1, fourth = 1;
  const SaxidShape *shape = saxid_shape_find ("sphere");

  for (guint k = 0; k < 6; k++)
    sixth *= 1 + k * s;
  for (guint k = 0; k < 4; k++)
    fourth *= 1 + k * s;

  defaults (shape, value);
  g_assert_cmpfloat_with_epsilon (forward (shape, value, width, SAXID_DISTRIBUTION_SCHULZ)
                                      / (1e-4 * 25 * ball * 125000 * sixth / third),
                                  1.0, 1e-7);

  shape = saxid_shape_find ("cylinder");
  defaults (shape, value);
  g_assert_cmpfloat_with_epsilon (forward (shape, value, width, SAXID_DISTRIBUTION_SCHULZ)
                                      / (1e-4 * 9 * G_PI * 400 * 400 * fourth / (1 + s)),
                                  1.0, 1e-7);

  shape = saxid_shape_find ("prolate");
  defaults (shape, value);
  g_assert_cmpfloat_with_epsilon (forward (shape, value, width, SAXID_DISTRIBUTION_SCHULZ)
                                      / (1e-4 * 9 * ball * 400 * 400 * (1 + s)),
                                  1.0, 1e-7);

  /* One size: the formula for any of them, from its own volumes. */
  shape = saxid_shape_find ("core_shell_ellipsoid");
  g_assert_null (shape);
  shape = saxid_shape_find ("core_shell_prolate");
  defaults (shape, value);
  {
    const double core = ball * 20 * 20 * 60, whole = ball * 50 * 50 * 90;
    const double f = (2 - 1) * core + (1 - 6.3) * whole;

    g_assert_cmpfloat_with_epsilon (
        forward (shape, value, 0, SAXID_DISTRIBUTION_SCHULZ) / (1e-4 * f * f / whole), 1.0, 1e-9);
  }
  shape = saxid_shape_find ("hollow_sphere");
  defaults (shape, value);
  {
    const double shell = ball * (130.0 * 130 * 130 - 1e6);

    g_assert_cmpfloat_with_epsilon (forward (shape, value, 0, SAXID_DISTRIBUTION_SCHULZ)
                                        / (0.05 * 1e-4 * 5.86 * 5.86 * shell),
                                    1.0, 1e-9);
  }
}

static void
test_round_ellipsoid_is_a_sphere (void)
{
  const char *const names[] = { "oblate", "prolate" };
  const SaxidShape *sphere = saxid_shape_find ("sphere");
  double q[N], ball[N], out[N], value[SAXID_SHAPE_MAX_PARAMETERS];

  grid (q, N, 1e-4, 0.5);
  defaults (sphere, value);
  set (sphere, value, "radius", 70);
  compute (sphere, value, 0, SAXID_DISTRIBUTION_SCHULZ, N, q, ball);
  for (guint k = 0; k < G_N_ELEMENTS (names); k++)
    {
      const SaxidShape *shape = saxid_shape_find (names[k]);

      defaults (shape, value);
      set (shape, value, "sld", 1);
      set (shape, value, "sld_solvent", 6);
      set (shape, value, "radius_polar", 70);
      set (shape, value, "radius_equatorial", 70);
      compute (shape, value, 0, SAXID_DISTRIBUTION_SCHULZ, N, q, out);
      g_assert_cmpfloat (difference (N, out, ball, ball[0]), <, 1e-8);
      /* Nearly round, by the general and by the collapsed way. */
      set (shape, value, "radius_polar", 70 * (1 + 1e-9));
      compute (shape, value, 1e-7, SAXID_DISTRIBUTION_GAUSSIAN, N, q, out);
      g_assert_cmpfloat (difference (N, out, ball, ball[0]), <, 1e-4);
    }
}

/* Equal densities of core and shell, or no shell at all, leave the plain shape. */
static void
test_core_shell_without_contrast (void)
{
  static const struct
  {
    const char *plain, *shell;
    const char *plain_name[2], *shell_name[3];
    double plain_size[2], shell_size[3];
  } pairs[] = {
    { "sphere", "core_shell_sphere", { "radius" }, { "radius", "thickness" }, { 75 }, { 60, 15 } },
    { "cylinder",
      "core_shell_cylinder",
      { "radius", "length" },
      { "radius", "length", "thickness" },
      { 45, 330 },
      { 30, 300, 15 } },
    { "prolate",
      "core_shell_prolate",
      { "radius_equatorial", "radius_polar" },
      { "radius_equat_core", "x_core", "thick_shell" },
      { 50, 120 },
      { 30, 100.0 / 30.0, 20 } },
    { "oblate",
      "core_shell_oblate",
      { "radius_equatorial", "radius_polar" },
      { "radius_equat_core", "x_core", "thick_shell" },
      { 120, 50 },
      { 100, 0.3, 20 } },
  };
  double q[N], right[N], out[N], value[SAXID_SHAPE_MAX_PARAMETERS];

  grid (q, N, 1e-3, 0.3);
  for (guint p = 0; p < G_N_ELEMENTS (pairs); p++)
    {
      const SaxidShape *plain = saxid_shape_find (pairs[p].plain);
      const SaxidShape *shell = saxid_shape_find (pairs[p].shell);

      defaults (plain, value);
      set (plain, value, "sld", 30);
      set (plain, value, "sld_solvent", 9.44);
      for (guint k = 0; k < 2 && pairs[p].plain_name[k] != NULL; k++)
        set (plain, value, pairs[p].plain_name[k], pairs[p].plain_size[k]);
      compute (plain, value, 0, SAXID_DISTRIBUTION_SCHULZ, N, q, right);

      defaults (shell, value);
      set (shell, value, "sld_core", 30);
      set (shell, value, "sld_shell", 30);
      set (shell, value, "sld_solvent", 9.44);
      for (guint k = 0; k < 3 && pairs[p].shell_name[k] != NULL; k++)
        set (shell, value, pairs[p].shell_name[k], pairs[p].shell_size[k]);
      compute (shell, value, 0, SAXID_DISTRIBUTION_SCHULZ, N, q, out);
      g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-8);
    }
}

/* A shell of no thickness leaves the core, whatever its density, widths too. */
static void
test_no_thickness (void)
{
  const SaxidShape *plain = saxid_shape_find ("cylinder");
  const SaxidShape *shell = saxid_shape_find ("core_shell_cylinder");
  double q[N], right[N], out[N], value[SAXID_SHAPE_MAX_PARAMETERS];

  grid (q, N, 1e-3, 0.3);
  defaults (plain, value);
  set (plain, value, "sld", 30);
  compute (plain, value, 0.15, SAXID_DISTRIBUTION_SCHULZ, N, q, right);
  defaults (shell, value);
  set (shell, value, "sld_core", 30);
  set (shell, value, "sld_shell", -7);
  set (shell, value, "thickness", 0);
  compute (shell, value, 0.15, SAXID_DISTRIBUTION_SCHULZ, N, q, out);
  g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-6);

  plain = saxid_shape_find ("sphere");
  shell = saxid_shape_find ("core_shell_sphere");
  defaults (plain, value);
  compute (plain, value, 0.15, SAXID_DISTRIBUTION_SCHULZ, N, q, right);
  defaults (shell, value);
  set (shell, value, "radius", 50);
  set (shell, value, "thickness", 0);
  set (shell, value, "sld_core", 1);
  set (shell, value, "sld_shell", 100);
  set (shell, value, "sld_solvent", 6);
  compute (shell, value, 0.15, SAXID_DISTRIBUTION_SCHULZ, N, q, out);
  g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-6);
}

static void
core_shell_disc (double *value, double radius, double rim, double face, double length, double core,
                 double lid, double edge)
{
  const SaxidShape *shape = saxid_shape_find ("core_shell_disc");

  defaults (shape, value);
  set (shape, value, "radius", radius);
  set (shape, value, "thick_rim", rim);
  set (shape, value, "thick_face", face);
  set (shape, value, "length", length);
  set (shape, value, "sld_core", core);
  set (shape, value, "sld_face", lid);
  set (shape, value, "sld_rim", edge);
}

/* A core-shell disc of one density is a disc, and so is one without a shell; one
 * whose shell is the same all around is a core-shell cylinder. */
static void
test_core_shell_disc (void)
{
  const SaxidShape *disc = saxid_shape_find ("disc"), *shell = saxid_shape_find ("core_shell_disc");
  const SaxidShape *cylinder = saxid_shape_find ("core_shell_cylinder");
  const SaxidDistribution schulz = SAXID_DISTRIBUTION_SCHULZ;
  double q[N], right[N], out[N], value[SAXID_SHAPE_MAX_PARAMETERS];

  grid (q, N, 1e-3, 0.3);
  defaults (disc, value);
  set (disc, value, "sld", 30);
  set (disc, value, "radius", 150);
  set (disc, value, "length", 40);
  compute (disc, value, 0, schulz, N, q, right);
  core_shell_disc (value, 130, 20, 8, 24, 30, 30, 30);
  compute (shell, value, 0, schulz, N, q, out);
  g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-8);
  set (shell, value, "sld_rim", 29);
  compute (shell, value, 0, schulz, N, q, out);
  g_assert_cmpfloat (difference (N, out, right, right[0]), >, 1e-3);

  defaults (disc, value);
  set (disc, value, "sld", 30);
  set (disc, value, "radius", 150);
  set (disc, value, "length", 40);
  compute (disc, value, 0.15, schulz, N, q, right);
  core_shell_disc (value, 150, 0, 0, 40, 30, -7, 90);
  compute (shell, value, 0.15, schulz, N, q, out);
  g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-6);

  defaults (cylinder, value);
  set (cylinder, value, "radius", 90);
  set (cylinder, value, "thickness", 12);
  set (cylinder, value, "length", 50);
  set (cylinder, value, "sld_core", 30);
  set (cylinder, value, "sld_shell", -7);
  compute (cylinder, value, 0.15, schulz, N, q, right);
  core_shell_disc (value, 90, 12, 12, 50, 30, -7, -7);
  compute (shell, value, 0.15, schulz, N, q, out);
  g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-9);
}

/* Every size may have every distribution: the curve is the mean of the curves of
 * single particles, each times its volume, over the mean volume. */
static void
test_every_size (void)
{
  enum
  {
    FEW = 12
  };

  for (guint c = 0; c < saxid_shape_count (); c++)
    for (guint p = 0; p < saxid_shape_at (c)->n_parameter; p++)
      for (guint d = 0; d < SAXID_N_DISTRIBUTIONS && saxid_shape_at (c)->parameter[p].is_size; d++)
        {
          const SaxidShape *shape = saxid_shape_at (c);
          double value[SAXID_SHAPE_MAX_PARAMETERS], width[SAXID_SHAPE_MAX_PARAMETERS] = { 0 };
          SaxidDistribution distribution[SAXID_SHAPE_MAX_PARAMETERS];
          double q[FEW], one[FEW], right[FEW] = { 0 }, out[FEW], mean = 0, worst;
          g_autoptr (SaxidRule) rule = NULL;

          grid (q, FEW, 2e-3, 0.2);
          defaults (shape, value);
          for (guint k = 0; k < shape->n_parameter; k++)
            distribution[k] = (SaxidDistribution) d;
          width[p] = 0.12;
          g_assert_true (
              saxid_shape_intensity_widths (shape, value, width, distribution, FEW, q, out, NULL));

          /* Turns by half of a length, and by an aspect times a radius. */
          rule = saxid_distribution_rule ((SaxidDistribution) d, value[p], 0.12, 6,
                                          value[p] > 5 ? 2.0 * q[FEW - 1] : 50.0 * q[FEW - 1]);
          for (gsize i = 0; i < rule->n; i++)
            {
              double volume;

              value[p] = rule->x[i];
              volume = rule->weight[i] * shape->volume (value);
              compute (shape, value, 0, SAXID_DISTRIBUTION_SCHULZ, FEW, q, one);
              mean += volume;
              for (guint k = 0; k < FEW; k++)
                right[k] += volume * one[k];
            }
          for (guint k = 0; k < FEW; k++)
            right[k] /= mean;
          worst = difference (FEW, out, right, right[0]);
          g_test_message ("%s of %s, %s: %.1e", shape->parameter[p].name, shape->name,
                          saxid_distribution_name ((SaxidDistribution) d), worst);
          g_assert_cmpfloat (worst, <, TOLERANCE);
        }
}

/* All lengths times s, q over s: the intensity grows as the volume. */
static void
test_scale_invariance (void)
{
  const double s = 3.7;

  for (guint c = 0; c < saxid_shape_count (); c++)
    {
      const SaxidShape *shape = saxid_shape_at (c);
      double q[N], right[N], out[N], value[SAXID_SHAPE_MAX_PARAMETERS];

      grid (q, N, 1e-3, 0.3);
      defaults (shape, value);
      compute (shape, value, 0.12, SAXID_DISTRIBUTION_LOGNORMAL, N, q, right);
      for (guint k = 0; k < shape->n_parameter; k++)
        if (strcmp (shape->parameter[k].unit, "Ang") == 0)
          value[k] *= s;
      for (guint k = 0; k < N; k++)
        q[k] /= s;
      compute (shape, value, 0.12, SAXID_DISTRIBUTION_LOGNORMAL, N, q, out);
      for (guint k = 0; k < N; k++)
        out[k] /= s * s * s;
      g_assert_cmpfloat (difference (N, out, right, right[0]), <, 1e-9);
    }
}

/* A width that vanishes leaves the curve of one size: the first correction is
 * width^2 times what the curvature of the curve makes of it. In the deep minima of a
 * bilayer that is all there is, and grows as (q extent)^2. */
static void
test_no_width (void)
{
  for (guint c = 0; c < saxid_shape_count (); c++)
    for (guint d = 0; d < SAXID_N_DISTRIBUTIONS; d++)
      {
        const SaxidShape *shape = saxid_shape_at (c);
        const double curvature = g_str_equal (shape->name, "bilayer_vesicle") ? 1e-2 : 0;
        double q[N], one[N], out[N], value[SAXID_SHAPE_MAX_PARAMETERS];

        grid (q, N, 1e-3, 0.05);
        defaults (shape, value);
        compute (shape, value, 0, (SaxidDistribution) d, N, q, one);
        for (double width = 1e-4; width > 1e-13; width *= 1e-2)
          {
            compute (shape, value, width, (SaxidDistribution) d, N, q, out);
            for (guint k = 0; k < N; k++)
              g_assert_cmpfloat (fabs (out[k] - one[k]), <,
                                 3e-6 * one[k]
                                   + (1e-7 + curvature * pow (width * q[k] * shape->extent (value), 2)) * one[0]);
          }
      }
}

/* The quick way for the main size and the general way give the same curve. */
static void
test_two_ways (void)
{
  for (guint c = 0; c < saxid_shape_count (); c++)
    for (guint d = 0; d < SAXID_N_DISTRIBUTIONS; d++)
      {
        const SaxidShape *shape = saxid_shape_at (c);
        double value[SAXID_SHAPE_MAX_PARAMETERS];
        double q[N], quick[N], general[N];

        grid (q, N, 1e-3, 0.2);
        defaults (shape, value);
        compute (shape, value, 0.25, (SaxidDistribution) d, N, q, quick);
        saxid_shape_general (shape, value, 0.25, (SaxidDistribution) d, N, q, general);
        for (guint k = 0; k < N; k++)
          general[k] *= 1e-4; /* to 1/cm */
        g_test_message ("%s %s: %.1e", shape->name, saxid_distribution_name ((SaxidDistribution) d),
                        difference (N, quick, general, general[0]));
        g_assert_cmpfloat (difference (N, quick, general, general[0]), <, TOLERANCE);
      }
}

/* Two widths: the mean of the curves that have one, each times its mean volume. */
static void
test_second_width (void)
{
  for (guint c = 0; c < saxid_shape_count (); c++)
    for (guint p = 0; p < saxid_shape_at (c)->n_parameter; p++)
      for (guint d = 0; d < SAXID_N_DISTRIBUTIONS; d++)
        {
          const SaxidShape *shape = saxid_shape_at (c);
          const SaxidDistribution kind = (SaxidDistribution) d;
          double value[SAXID_SHAPE_MAX_PARAMETERS], width[SAXID_SHAPE_MAX_PARAMETERS] = { 0 };
          SaxidDistribution distribution[SAXID_SHAPE_MAX_PARAMETERS];
          double q[N], one[N], right[N] = { 0 }, out[N], mean = 0, size;
          g_autoptr (SaxidRule) rule = NULL, main_rule = NULL;

          if (p == shape->main_size || !shape->parameter[p].is_size)
            continue;
          grid (q, N, 1e-3, 0.2);
          defaults (shape, value);
          for (guint k = 0; k < shape->n_parameter; k++)
            distribution[k] = kind;
          width[shape->main_size] = 0.2;
          width[p] = 0.25;
          g_assert_true (saxid_shape_intensity_widths (shape, value, width, distribution, N, q, out, NULL));

          rule = saxid_distribution_rule (kind, value[p], 0.25, 6, (value[p] > 5 ? 2.0 : 80.0) * q[N - 1]);
          size = value[shape->main_size];
          main_rule = saxid_distribution_rule (kind, size, 0.2, 6, 0);
          for (gsize i = 0; i < rule->n; i++)
            {
              double volume = 0;

              value[p] = rule->x[i];
              for (gsize j = 0; j < main_rule->n; j++)
                {
                  value[shape->main_size] = main_rule->x[j];
                  volume += rule->weight[i] * main_rule->weight[j] * shape->volume (value);
                }
              value[shape->main_size] = size;
              compute (shape, value, 0.2, kind, N, q, one);
              mean += volume;
              for (guint k = 0; k < N; k++)
                right[k] += volume * one[k];
            }
          for (guint k = 0; k < N; k++)
            right[k] /= mean;
          g_test_message ("%s %s %s: %.1e", shape->name, shape->parameter[p].name, saxid_distribution_name (kind),
                          difference (N, out, right, right[0]));
          /* of what is no class of its own a simulation alone needs the length's width */
          g_assert_cmpfloat (difference (N, out, right, right[0]), <,
                             g_str_equal (shape->name, "capped_cylinder") ? 2e-3 : 1e-3);
        }
}

/* A fine grid is interpolated, and a coarse one is not: no difference. */
static void
test_fine_grid (void)
{
  enum
  {
    FINE = 2001
  };

  for (guint c = 0; c < saxid_shape_count (); c++)
    {
      const SaxidShape *shape = saxid_shape_at (c);
      double value[SAXID_SHAPE_MAX_PARAMETERS], coarse_q[21], coarse[21], picked[21];
      g_autofree double *q = g_new (double, FINE);
      g_autofree double *fine = g_new (double, FINE);

      for (guint k = 0; k < FINE; k++)
        q[k] = 0.001 + 0.299 * k / (FINE - 1);
      for (guint k = 0; k < 21; k++)
        coarse_q[k] = q[100 * k];
      defaults (shape, value);
      compute (shape, value, 0.1, SAXID_DISTRIBUTION_SCHULZ, FINE, q, fine);
      compute (shape, value, 0.1, SAXID_DISTRIBUTION_SCHULZ, 21, coarse_q, coarse);
      for (guint k = 0; k < 21; k++)
        picked[k] = fine[100 * k];
      g_assert_cmpfloat (difference (21, picked, coarse, coarse[0]), <, TOLERANCE);
    }
}

/* Nothing in the range of the field is NaN, zero or negative. */
static void
test_always_finite (void)
{
  const double sizes[] = { 8, 120, 1000 }, widths[] = { 0, 0.02, 0.4, 1.0 };

  for (guint c = 0; c < saxid_shape_count (); c++)
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
      for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
        {
          const SaxidShape *shape = saxid_shape_at (c);
          double value[SAXID_SHAPE_MAX_PARAMETERS], q[6], out[6];

          grid (q, 6, 1e-4, sizes[s] > 500 ? 0.03 : 0.3);
          defaults (shape, value);
          value[shape->main_size] = sizes[s];
          for (guint d = 0; d < SAXID_N_DISTRIBUTIONS; d++)
            {
              /* Nobody needs a log-normal distribution over four decades. */
              if (d == SAXID_DISTRIBUTION_LOGNORMAL && widths[w] > 0.5)
                continue;
              compute (shape, value, widths[w], (SaxidDistribution) d, 6, q, out);
              for (guint k = 0; k < 6; k++)
                g_assert_true (isfinite (out[k]) && out[k] >= 0);
              g_assert_cmpfloat (out[0], >, 0);
            }
        }
}

static void
test_distributions (void)
{
  const double widths[] = { 1e-4, 0.02, 0.25, 0.4, 1.0 };

  for (guint d = 0; d < SAXID_N_DISTRIBUTIONS; d++)
    for (guint w = 0; w < G_N_ELEMENTS (widths); w++)
      {
        const SaxidDistribution distribution = (SaxidDistribution) d;
        g_autoptr (SaxidRule) rule = saxid_distribution_rule (distribution, 80, widths[w], 2, 0);
        double mean, deviation, first = 0, second = 0, sum = 0;

        for (gsize k = 0; k < rule->n; k++)
          {
            sum += rule->weight[k];
            first += rule->weight[k] * rule->x[k];
          }
        for (gsize k = 0; k < rule->n; k++)
          second += rule->weight[k] * (rule->x[k] - first) * (rule->x[k] - first);
        saxid_distribution_moments (distribution, 80, widths[w], &mean, &deviation);
        g_assert_cmpfloat_with_epsilon (sum, 1.0, 1e-12);
        /* The cut at zero moves a wide Gaussian, as it does in SasView. */
        if (distribution == SAXID_DISTRIBUTION_GAUSSIAN && widths[w] > 0.2)
          {
            g_assert_cmpfloat (first, >, mean);
            continue;
          }
        g_assert_cmpfloat_with_epsilon (first / mean, 1.0, 1e-6);
        g_assert_cmpfloat_with_epsilon (sqrt (second) / deviation, 1.0, 1e-5);
      }
  g_assert_cmpstr (saxid_distribution_name (SAXID_DISTRIBUTION_SCHULZ), ==, "schulz");
  g_assert_null (saxid_distribution_name ((SaxidDistribution) SAXID_N_DISTRIBUTIONS));
}

static void
test_amplitudes (void)
{
  for (double x = 1e-9; x < 2e4; x *= 1.013)
    {
      double sine, cosine;
      const double sphere
          = x < 0.01 ? 1 - x * x / 10 + pow (x, 4) / 280 : 3 * (sin (x) - x * cos (x)) / (x * x * x);

      saxid_sincos (x, &sine, &cosine);
      g_assert_cmpfloat_with_epsilon (sine, sin (x), 4e-15);
      g_assert_cmpfloat_with_epsilon (cosine, cos (x), 4e-15);
      g_assert_cmpfloat_with_epsilon (saxid_amplitude_sphere (x), sphere, 2e-9 * fabs (sphere) + 1e-14);
      g_assert_cmpfloat_with_epsilon (saxid_amplitude_rod (x), sin (x) / x, 2e-15);
      g_assert_cmpfloat_with_epsilon (saxid_amplitude_disc (x), 2 * j1 (x) / x, 5e-14);
    }
  g_assert_cmpfloat (saxid_amplitude_sphere (0), ==, 1.0);
  g_assert_cmpfloat (saxid_amplitude_rod (0), ==, 1.0);
  g_assert_cmpfloat_with_epsilon (saxid_amplitude_disc (0), 1.0, 1e-14);
}

static void
refused (const SaxidShape *shape, const double *value, double width, SaxidDistribution distribution,
         gsize n, const double *q, const char *message)
{
  g_autoptr (GError) error = NULL;
  double out[8];

  g_assert_false (saxid_shape_intensity (shape, value, width, distribution, n, q, out, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_refusals (void)
{
  const SaxidShape *shape = saxid_shape_find ("cylinder");
  double value[SAXID_SHAPE_MAX_PARAMETERS], width[SAXID_SHAPE_MAX_PARAMETERS] = { 0.1 };
  SaxidDistribution distribution[SAXID_SHAPE_MAX_PARAMETERS] = { 0 };
  const double q[] = { 0.01, 0.02 }, falling[] = { 0.02, 0.01 };
  const double negative[] = { -0.01, 0.01 }, undefined[] = { 0.01, NAN };
  const SaxidDistribution schulz = SAXID_DISTRIBUTION_SCHULZ;
  g_autoptr (GError) error = NULL;
  double out[2];

  defaults (shape, value);
  refused (shape, value, -0.1, schulz, 2, q, "width of radius of cylinder is -0.1");
  refused (shape, value, 1.5, schulz, 2, q, "width of radius of cylinder is 1.5");
  refused (shape, value, NAN, schulz, 2, q, "width");
  refused (shape, value, 0.1, (SaxidDistribution) 9, 2, q, "distribution is 9");
  refused (shape, value, 0.1, schulz, 2, falling, "q falls from 0.02 to 0.01");
  refused (shape, value, 0.1, schulz, 2, negative, "q is -0.01");
  refused (shape, value, 0.1, schulz, 2, undefined, "q is nan");
  set (shape, value, "length", -1);
  refused (shape, value, 0.1, schulz, 2, q, "length of cylinder is -1 Ang");
  set (shape, value, "length", 0);
  refused (shape, value, 0.1, schulz, 2, q, "volume of cylinder is 0");
  set (shape, value, "length", INFINITY);
  refused (shape, value, 0.1, schulz, 2, q, "length of cylinder is inf");
  set (shape, value, "length", 400);
  g_assert_false (saxid_shape_intensity_widths (shape, value, width, distribution, 2, q, out, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "only sizes"));
  g_assert_true (saxid_shape_intensity (shape, value, 0.1, schulz, 0, NULL, NULL, NULL));
  g_assert_null (saxid_shape_find ("cube"));
  g_assert_null (saxid_shape_at (saxid_shape_count ()));
  g_assert_cmpint (saxid_shape_parameter_index (shape, "thickness"), ==, -1);
}

/* The table keeps the order of the classes, and every row is whole. */
static void
test_table (void)
{
  g_assert_cmpuint (saxid_shape_count (), >=, G_N_ELEMENTS (classes));
  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    {
      const SaxidShape *shape = saxid_shape_at (k);

      g_assert_cmpstr (shape->name, ==, classes[k]);
      g_assert_true (shape == saxid_shape_find (classes[k]));
      g_assert_nonnull (shape->model);
      g_assert_nonnull (shape->category);
      g_assert_nonnull (shape->title);
      g_assert_nonnull (shape->reference);
      g_assert_cmpuint (shape->n_parameter, <=, SAXID_SHAPE_MAX_PARAMETERS);
      g_assert_cmpuint (shape->main_size, <, shape->n_parameter);
      g_assert_true (shape->parameter[shape->main_size].is_size);
      for (guint p = 0; p < shape->n_parameter; p++)
        g_assert_cmpfloat (shape->parameter[p].lower, <, shape->parameter[p].upper);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shapes/table", test_table);
  g_test_add_func ("/shapes/amplitudes", test_amplitudes);
  g_test_add_func ("/shapes/distributions", test_distributions);
  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    {
      g_autofree char *path = g_strdup_printf ("/shapes/golden/%s", classes[k]);

      g_test_add_data_func (path, classes[k], test_golden);
    }
  g_test_add_func ("/shapes/forward-scattering", test_forward_scattering);
  g_test_add_func ("/shapes/round-ellipsoid-is-a-sphere", test_round_ellipsoid_is_a_sphere);
  g_test_add_func ("/shapes/core-shell-without-contrast", test_core_shell_without_contrast);
  g_test_add_func ("/shapes/no-thickness", test_no_thickness);
  g_test_add_func ("/shapes/core-shell-disc", test_core_shell_disc);
  g_test_add_func ("/shapes/every-size", test_every_size);
  g_test_add_func ("/shapes/scale-invariance", test_scale_invariance);
  g_test_add_func ("/shapes/no-width", test_no_width);
  g_test_add_func ("/shapes/second-width", test_second_width);
  g_test_add_func ("/shapes/two-ways", test_two_ways);
  g_test_add_func ("/shapes/fine-grid", test_fine_grid);
  g_test_add_func ("/shapes/always-finite", test_always_finite);
  g_test_add_func ("/shapes/refusals", test_refusals);
  return g_test_run ();
}
