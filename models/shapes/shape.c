/* Which form factors does saxid know, and what does a population of one of them
 * scatter?
 *
 *   I(q) = 1e-4 sum_i n_i <F^2>(q; size_i) / sum_i n_i V(size_i)   1/cm
 *
 * with n_i a number distribution of the main size. This is SasView's
 * definition: the mean square over the mean volume.
 *
 * Units: lengths Å, scattering length densities 1e-6/Å^2, I 1/cm. The factor
 * is (1e-6)^2 1/Å, and 1/Å = 1e8 1/cm.
 * Thread: pure.
 */
#include "models/shapes/shape.h"

#include <math.h>
#include <string.h>

#include "models/shapes/forms.h"
#include "models/shapes/sampling.h"
#include "reducers/error.h"

#define TO_PER_CM 1e-4

/* The order of the classes of the paper, then the flat ones of the population `field`, then what is a
 * kind of one of these and no class of its own. */
static const SaxidShape *const shapes[] = {
  &saxid_sphere,
  &saxid_cylinder,
  &saxid_oblate,
  &saxid_prolate,
  &saxid_core_shell_sphere,
  &saxid_hollow_sphere,
  &saxid_core_shell_cylinder,
  &saxid_core_shell_oblate,
  &saxid_core_shell_prolate,
  &saxid_disc,
  &saxid_core_shell_disc,
  &saxid_capped_cylinder,
  &saxid_bilayer_vesicle,
};

guint
saxid_shape_count (void)
{
  return G_N_ELEMENTS (shapes);
}

const SaxidShape *
saxid_shape_at (guint index)
{
  return index < saxid_shape_count () ? shapes[index] : NULL;
}

const SaxidShape *
saxid_shape_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint k = 0; k < saxid_shape_count (); k++)
    if (strcmp (shapes[k]->name, name) == 0)
      return shapes[k];
  return NULL;
}

int
saxid_shape_parameter_index (const SaxidShape *shape, const char *name)
{
  g_return_val_if_fail (shape != NULL && name != NULL, -1);

  for (guint k = 0; k < shape->n_parameter; k++)
    if (strcmp (shape->parameter[k].name, name) == 0)
      return (int) k;
  return -1;
}

static gboolean
check_values (const SaxidShape *shape, const double *value, GError **error)
{
  for (guint k = 0; k < shape->n_parameter; k++)
    {
      const SaxidShapeParameter *parameter = &shape->parameter[k];

      if (isfinite (value[k]) && value[k] >= parameter->lower && value[k] <= parameter->upper)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s of %s is %g %s, %g to %g are allowed",
                   parameter->name, shape->name, value[k], parameter->unit, parameter->lower,
                   parameter->upper);
      return FALSE;
    }
  if (shape->volume (value) > 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "volume of %s is 0 Ang^3, a particle needs more", shape->name);
  return FALSE;
}

static gboolean
check_q (gsize n, const double *q, GError **error)
{
  for (gsize k = 0; k < n; k++)
    {
      if (!isfinite (q[k]) || q[k] < 0)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "q is %g 1/Ang at point %" G_GSIZE_FORMAT ", a finite q >= 0 is needed", q[k],
                       k);
          return FALSE;
        }
      if (k > 0 && q[k] < q[k - 1])
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "q falls from %g to %g 1/Ang at point %" G_GSIZE_FORMAT
                       ", ascending q is needed",
                       q[k - 1], q[k], k);
          return FALSE;
        }
    }
  return TRUE;
}

/* How much further the surface reaches per unit of one parameter, Å: extents
 * are convex in each and linear from some size on, so the slope far out bounds
 * it. */
static double
reach (const SaxidShape *shape, const double *value, guint parameter)
{
  double larger[SAXID_SHAPE_MAX_PARAMETERS], largest[SAXID_SHAPE_MAX_PARAMETERS];
  const double far = 1e3 * (1.0 + shape->extent (value));

  memcpy (larger, value, shape->n_parameter * sizeof *value);
  memcpy (largest, value, shape->n_parameter * sizeof *value);
  larger[parameter] = far;
  largest[parameter] = 2 * far;
  return (shape->extent (largest) - shape->extent (larger)) / far;
}

/* Everything that one curve is computed from. */
typedef struct
{
  const SaxidShape *shape;
  const double *value;
  guint n_wide; /* parameters with a width, and which */
  guint wide[SAXID_SHAPE_MAX_WIDTHS];
  double width[SAXID_SHAPE_MAX_WIDTHS];
  SaxidDistribution distribution[SAXID_SHAPE_MAX_WIDTHS];
} Population;

/* Where the sums of one block are gathered. */
typedef struct
{
  const Population *population;
  SaxidRule *rule[SAXID_SHAPE_MAX_WIDTHS];
  SaxidOrientations *orientations;
  double particle[SAXID_SHAPE_MAX_PARAMETERS];
  double volume;
  gsize n;
  const double *q;
  double *out;
} Sum;

/* Adds the particles that differ in the parameters from `depth` on. */
static void
add (Sum *sum, guint depth, double number)
{
  const SaxidShape *shape = sum->population->shape;
  double one[SAXID_BLOCK];

  if (depth < sum->population->n_wide)
    {
      const SaxidRule *rule = sum->rule[depth];

      for (gsize k = 0; k < rule->n; k++)
        {
          sum->particle[sum->population->wide[depth]] = rule->x[k];
          add (sum, depth + 1, number * rule->weight[k]);
        }
      return;
    }

  if (shape->span != NULL)
    saxid_orientations_fit (sum->orientations, G_PI * sum->q[sum->n - 1] * shape->span (sum->particle));
  shape->square (sum->particle, sum->orientations, sum->n, sum->q, one);
  sum->volume += number * shape->volume (sum->particle);
  for (gsize k = 0; k < sum->n; k++)
    sum->out[k] += number * one[k];
}

/* The mean square over the mean volume, for one block of q. */
static void
average (gconstpointer data, gsize n, const double *q, double *out)
{
  const Population *population = data;
  const SaxidShape *shape = population->shape;
  g_autoptr (SaxidOrientations) orientations = saxid_orientations_new ();
  Sum sum = { .population = population, .orientations = orientations, .n = n, .q = q, .out = out };

  memcpy (sum.particle, population->value, shape->n_parameter * sizeof *population->value);
  memset (out, 0, n * sizeof *out);
  for (guint k = 0; k < population->n_wide; k++)
    {
      const guint parameter = population->wide[k];

      sum.rule[k] = saxid_distribution_rule (
          population->distribution[k], population->value[parameter], population->width[k], shape->power,
          2.0 * q[n - 1] * reach (shape, population->value, parameter));
    }
  add (&sum, 0, 1.0);
  for (gsize k = 0; k < n; k++)
    out[k] /= sum.volume;
  for (guint k = 0; k < population->n_wide; k++)
    saxid_rule_free (sum.rule[k]);
}

/* How far the particles of a population reach, but for the last ones. */
static double
population_extent (const Population *population)
{
  double particle[SAXID_SHAPE_MAX_PARAMETERS];

  memcpy (particle, population->value, population->shape->n_parameter * sizeof *population->value);
  for (guint k = 0; k < population->n_wide; k++)
    {
      const guint parameter = population->wide[k];

      particle[parameter]
          = saxid_distribution_largest (population->distribution[k], particle[parameter],
                                        population->width[k], population->shape->power);
    }
  return population->shape->extent (particle);
}

void
saxid_shape_general (const SaxidShape *shape, const double *value, double width,
                     SaxidDistribution distribution, gsize n, const double *q, double *out)
{
  const Population population = { .shape = shape,
                                  .value = value,
                                  .n_wide = 1,
                                  .wide = { shape->main_size },
                                  .width = { width },
                                  .distribution = { distribution } };

  saxid_sample (average, &population, population_extent (&population), n, q, out);
}

static gboolean
check_width (const SaxidShape *shape, guint parameter, double width, SaxidDistribution distribution,
             GError **error)
{
  if (!(width >= 0 && width <= 1))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "width of %s of %s is %g, 0 to 1 are allowed", shape->parameter[parameter].name,
                   shape->name, width);
      return FALSE;
    }
  if (width > 0 && !shape->parameter[parameter].is_size)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "width of %s of %s is %g, only sizes may have one", shape->parameter[parameter].name,
                   shape->name, width);
      return FALSE;
    }
  if (width > 0 && saxid_distribution_name (distribution) == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "distribution is %d, 0 to %d are known",
                   (int) distribution, SAXID_N_DISTRIBUTIONS - 1);
      return FALSE;
    }
  return TRUE;
}

/* The population of a shape that has a quick way for its main size, with one more
 * width beside it. */
static void
average_quickly (const Population *population, gsize n, const double *q, double *out)
{
  const SaxidShape *shape = population->shape;
  const guint at_main = population->wide[0] == shape->main_size ? 0 : 1, at_second = 1 - at_main;
  const SaxidSecondWidth second = { population->wide[at_second], population->width[at_second],
                                    population->distribution[at_second] };

  saxid_shape_second_width (shape, population->value, population->width[at_main],
                            population->distribution[at_main], &second, n, q, out);
}

gboolean
saxid_shape_intensity_widths (const SaxidShape *shape, const double *value, const double *width,
                              const SaxidDistribution *distribution, gsize n, const double *q,
                              double *out, GError **error)
{
  Population population = { .shape = shape, .value = value };

  g_return_val_if_fail (shape != NULL && value != NULL && width != NULL && distribution != NULL, FALSE);
  g_return_val_if_fail (n == 0 || (q != NULL && out != NULL), FALSE);

  if (!check_values (shape, value, error) || !check_q (n, q, error))
    return FALSE;
  for (guint k = 0; k < shape->n_parameter; k++)
    {
      if (!check_width (shape, k, width[k], distribution[k], error))
        return FALSE;
      if (width[k] < SAXID_NO_WIDTH || value[k] <= 0)
        continue;
      if (population.n_wide == SAXID_SHAPE_MAX_WIDTHS)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "%s has more than %d sizes with a width, %d are possible", shape->name,
                       SAXID_SHAPE_MAX_WIDTHS, SAXID_SHAPE_MAX_WIDTHS);
          return FALSE;
        }
      population.wide[population.n_wide] = k;
      population.width[population.n_wide] = width[k];
      population.distribution[population.n_wide] = distribution[k];
      population.n_wide++;
    }

  if (n == 0)
    return TRUE;
  if (shape->population != NULL && population.n_wide == 1 && population.wide[0] == shape->main_size)
    shape->population (value, population.width[0], population.distribution[0], n, q, out);
  else if (shape->population != NULL && population.n_wide == 2
           && (population.wide[0] == shape->main_size || population.wide[1] == shape->main_size))
    average_quickly (&population, n, q, out);
  else
    saxid_sample (average, &population, population_extent (&population), n, q, out);

  for (gsize k = 0; k < n; k++)
    {
      out[k] *= TO_PER_CM;
      if (isfinite (out[k]))
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "I(q) of %s is not finite at q = %g 1/Ang, its parameters must be smaller",
                   shape->name, q[k]);
      return FALSE;
    }
  return TRUE;
}

gboolean
saxid_shape_intensity (const SaxidShape *shape, const double *value, double width,
                       SaxidDistribution distribution, gsize n, const double *q, double *out,
                       GError **error)
{
  double widths[SAXID_SHAPE_MAX_PARAMETERS] = { 0 };
  SaxidDistribution distributions[SAXID_SHAPE_MAX_PARAMETERS];

  g_return_val_if_fail (shape != NULL, FALSE);

  widths[shape->main_size] = width;
  for (guint k = 0; k < SAXID_SHAPE_MAX_PARAMETERS; k++)
    distributions[k] = distribution;
  return saxid_shape_intensity_widths (shape, value, widths, distributions, n, q, out, error);
}

static const struct
{
  const char *unit, *sign, *word;
} units[] = {
  { "Ang", "Å", "angstrom" },
  { "1e-6/Ang^2", "1e-6/Å²", "1e-6/angstrom^2" },
};

const char *
saxid_shape_unit_sign (const char *unit)
{
  for (gsize k = 0; k < G_N_ELEMENTS (units); k++)
    if (strcmp (units[k].unit, unit) == 0 || strcmp (units[k].word, unit) == 0)
      return units[k].sign;
  return "";
}

const char *
saxid_shape_unit_word (const char *unit)
{
  for (gsize k = 0; k < G_N_ELEMENTS (units); k++)
    if (strcmp (units[k].unit, unit) == 0)
      return units[k].word;
  return "";
}
