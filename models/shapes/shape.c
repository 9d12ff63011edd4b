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
#include "reducers/error.h"

#define TO_PER_CM 1e-4

/* The order of the classes of the paper. */
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
                       "q is %g 1/Ang at point %" G_GSIZE_FORMAT ", a finite q >= 0 is needed", q[k], k);
          return FALSE;
        }
      if (k > 0 && q[k] < q[k - 1])
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "q falls from %g to %g 1/Ang at point %" G_GSIZE_FORMAT ", ascending q is needed",
                       q[k - 1], q[k], k);
          return FALSE;
        }
    }
  return TRUE;
}

/* How much further the surface reaches per Å of the main size: extents are
 * convex in it and linear from some size on, so the slope far out bounds it. */
static double
reach (const SaxidShape *shape, const double *value)
{
  double larger[SAXID_SHAPE_MAX_PARAMETERS], largest[SAXID_SHAPE_MAX_PARAMETERS];
  const double far = 1e3 * (1.0 + shape->extent (value));

  memcpy (larger, value, shape->n_parameter * sizeof *value);
  memcpy (largest, value, shape->n_parameter * sizeof *value);
  larger[shape->main_size] = far;
  largest[shape->main_size] = 2 * far;
  return (shape->extent (largest) - shape->extent (larger)) / far;
}

static void
average (const SaxidShape *shape, const double *value, double width, SaxidDistribution distribution,
         gsize n, const double *q, double *out)
{
  const double size = value[shape->main_size];
  g_autoptr (SaxidRule) rule = saxid_distribution_rule (distribution, size, width, shape->power,
                                                        2.0 * q[n - 1] * reach (shape, value));
  g_autofree double *one = g_new (double, n);
  double particle[SAXID_SHAPE_MAX_PARAMETERS];
  double volume = 0;

  memcpy (particle, value, shape->n_parameter * sizeof *value);
  memset (out, 0, n * sizeof *out);
  for (gsize k = 0; k < rule->n; k++)
    {
      particle[shape->main_size] = rule->x[k];
      shape->square (particle, n, q, one);
      volume += rule->weight[k] * shape->volume (particle);
      for (gsize j = 0; j < n; j++)
        out[j] += rule->weight[k] * one[j];
    }
  for (gsize j = 0; j < n; j++)
    out[j] *= TO_PER_CM / volume;
}

gboolean
saxid_shape_intensity (const SaxidShape *shape, const double *value, double width,
                       SaxidDistribution distribution, gsize n, const double *q, double *out,
                       GError **error)
{
  g_return_val_if_fail (shape != NULL && value != NULL, FALSE);
  g_return_val_if_fail (n == 0 || (q != NULL && out != NULL), FALSE);

  if (!check_values (shape, value, error) || !check_q (n, q, error))
    return FALSE;
  if (!(width >= 0 && width <= 1))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "width of %s of %s is %g, 0 to 1 are allowed",
                   shape->parameter[shape->main_size].name, shape->name, width);
      return FALSE;
    }
  if (saxid_distribution_name (distribution) == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "distribution is %d, 0 to %d are known",
                   (int) distribution, SAXID_N_DISTRIBUTIONS - 1);
      return FALSE;
    }
  if (n == 0)
    return TRUE;

  average (shape, value, width, distribution, n, q, out);
  for (gsize k = 0; k < n; k++)
    if (!isfinite (out[k]))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                     "I(q) of %s is not finite at q = %g 1/Ang, parameters must be smaller", shape->name,
                     q[k]);
        return FALSE;
      }
  return TRUE;
}
