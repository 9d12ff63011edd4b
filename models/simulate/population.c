/* Which particles does a data set hold, and with which parameters?
 *
 * The "paper" population: dilute particles in water, nine classes as in Monge
 * et al. 2024, DOI 10.1107/S2053273324000950. Its supporting information, which
 * has the parameter ranges, could not be had; these ranges are ours and give
 * the same difficulty.
 *
 * Units: Å, 1e-6/Å², volume fraction.
 * Thread: const tables, no state.
 */
#include "models/simulate/population.h"

#include <math.h>

typedef struct
{
  const char *shape;
  void (*draw) (SaxidRandom *random, SaxidParticle *particle);
} PopulationClass;

struct SaxidPopulation
{
  const char *name;
  const char *title;
  guint n_class;
  const PopulationClass *class;
};

static const double water = 9.44;

static void
set (SaxidParticle *particle, const char *name, double value)
{
  int at = saxid_shape_parameter_index (particle->shape, name);

  g_return_if_fail (at >= 0);
  particle->value[at] = value;
}

static double
draw_radius (SaxidRandom *random)
{
  return saxid_random_log_uniform (random, 15, 500);
}

static double
draw_dense_sld (SaxidRandom *random)
{
  return saxid_random_log_uniform (random, 14, 125);
}

static void
draw_homogeneous_slds (SaxidRandom *random, SaxidParticle *particle)
{
  set (particle, "sld", draw_dense_sld (random));
  set (particle, "sld_solvent", water);
}

static void
draw_core_shell_slds (SaxidRandom *random, SaxidParticle *particle)
{
  double core = draw_dense_sld (random);

  set (particle, "sld_core", core);
  set (particle, "sld_shell", saxid_random_uniform (random, 10.94, fmax (0.85 * core, 11.44)));
  set (particle, "sld_solvent", water);
}

static void
draw_sphere (SaxidRandom *random, SaxidParticle *particle)
{
  draw_homogeneous_slds (random, particle);
  set (particle, "radius", draw_radius (random));
}

static void
draw_cylinder_body (SaxidRandom *random, SaxidParticle *particle)
{
  double radius = saxid_random_log_uniform (random, 10, 200);

  set (particle, "radius", radius);
  set (particle, "length", radius * saxid_random_log_uniform (random, 4, 100));
}

static void
draw_cylinder (SaxidRandom *random, SaxidParticle *particle)
{
  draw_homogeneous_slds (random, particle);
  draw_cylinder_body (random, particle);
}

/* Axes of an ellipsoid with the volume of a sphere of radius r. */
static void
draw_ellipsoid (SaxidRandom *random, SaxidParticle *particle, gboolean prolate)
{
  double r = draw_radius (random);
  double aspect = saxid_random_uniform (random, 1.2, 8);
  double polar_over_equatorial = prolate ? aspect : 1 / aspect;
  double equatorial = r * cbrt (1 / polar_over_equatorial);

  draw_homogeneous_slds (random, particle);
  set (particle, "radius_equatorial", equatorial);
  set (particle, "radius_polar", equatorial * polar_over_equatorial);
}

static void
draw_oblate (SaxidRandom *random, SaxidParticle *particle)
{
  draw_ellipsoid (random, particle, FALSE);
}

static void
draw_prolate (SaxidRandom *random, SaxidParticle *particle)
{
  draw_ellipsoid (random, particle, TRUE);
}

static void
draw_core_shell_sphere (SaxidRandom *random, SaxidParticle *particle)
{
  double r = draw_radius (random);

  draw_core_shell_slds (random, particle);
  set (particle, "radius", r);
  set (particle, "thickness", r * saxid_random_log_uniform (random, 0.1, 1));
}

static void
draw_hollow_sphere (SaxidRandom *random, SaxidParticle *particle)
{
  double r = draw_radius (random);

  draw_homogeneous_slds (random, particle);
  set (particle, "volfraction", 1);
  set (particle, "radius", r);
  set (particle, "thickness", r * saxid_random_log_uniform (random, 0.05, 0.5));
}

static void
draw_core_shell_cylinder (SaxidRandom *random, SaxidParticle *particle)
{
  int radius = saxid_shape_parameter_index (particle->shape, "radius");

  draw_core_shell_slds (random, particle);
  draw_cylinder_body (random, particle);
  set (particle, "thickness", particle->value[radius] * saxid_random_log_uniform (random, 0.1, 1));
}

static void
draw_core_shell_ellipsoid (SaxidRandom *random, SaxidParticle *particle, gboolean prolate)
{
  double r = draw_radius (random);
  double aspect = saxid_random_uniform (random, 1.2, 8);
  double polar_over_equatorial = prolate ? aspect : 1 / aspect;

  draw_core_shell_slds (random, particle);
  set (particle, "radius_equat_core", r * cbrt (1 / polar_over_equatorial));
  set (particle, "x_core", polar_over_equatorial);
  set (particle, "thick_shell", 0.6 * r * saxid_random_log_uniform (random, 0.1, 1));
  set (particle, "x_polar_shell", 1);
}

static void
draw_core_shell_oblate (SaxidRandom *random, SaxidParticle *particle)
{
  draw_core_shell_ellipsoid (random, particle, FALSE);
}

static void
draw_core_shell_prolate (SaxidRandom *random, SaxidParticle *particle)
{
  draw_core_shell_ellipsoid (random, particle, TRUE);
}

/* The order of the classes is the order of the labels in every data set. */
static const PopulationClass paper_classes[] = {
  { "sphere", draw_sphere },
  { "cylinder", draw_cylinder },
  { "oblate", draw_oblate },
  { "prolate", draw_prolate },
  { "core_shell_sphere", draw_core_shell_sphere },
  { "hollow_sphere", draw_hollow_sphere },
  { "core_shell_cylinder", draw_core_shell_cylinder },
  { "core_shell_oblate", draw_core_shell_oblate },
  { "core_shell_prolate", draw_core_shell_prolate },
};

static const SaxidPopulation populations[] = {
  { "paper", "dilute particles in water, nine classes", G_N_ELEMENTS (paper_classes), paper_classes },
};

const SaxidPopulation *
saxid_population_at (guint index)
{
  return index < G_N_ELEMENTS (populations) ? &populations[index] : NULL;
}

const SaxidPopulation *
saxid_population_find (const char *name)
{
  for (guint k = 0; k < G_N_ELEMENTS (populations); k++)
    if (g_str_equal (populations[k].name, name))
      return &populations[k];
  return NULL;
}

const char *
saxid_population_name (const SaxidPopulation *population)
{
  return population->name;
}

const char *
saxid_population_title (const SaxidPopulation *population)
{
  return population->title;
}

guint
saxid_population_class_count (const SaxidPopulation *population)
{
  return population->n_class;
}

const SaxidShape *
saxid_population_class (const SaxidPopulation *population, guint index)
{
  g_return_val_if_fail (index < population->n_class, NULL);
  return saxid_shape_find (population->class[index].shape);
}

void
saxid_population_draw (const SaxidPopulation *population, guint index, SaxidRandom *random,
                       SaxidParticle *particle)
{
  g_return_if_fail (index < population->n_class);

  *particle = (SaxidParticle) { .shape = saxid_population_class (population, index),
                                .distribution = SAXID_DISTRIBUTION_SCHULZ };
  particle->width = saxid_random_uniform (random, 0.02, 0.25);
  particle->scale = saxid_random_log_uniform (random, 1e-4, 1e-2);
  population->class[index].draw (random, particle);
}

gboolean
saxid_particle_intensity (const SaxidParticle *particle, gsize n, const double *q, double *out,
                          GError **error)
{
  if (!saxid_shape_intensity (particle->shape, particle->value, particle->width,
                              particle->distribution, n, q, out, error))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    out[k] *= particle->scale;
  return TRUE;
}
