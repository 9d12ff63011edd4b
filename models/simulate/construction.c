/* How do an equivalent radius, an aspect or a contrast become parameters?
 *
 * The equivalent radius r is that of the sphere of the same volume; the aspect of
 * an ellipsoid is its longest over its shortest axis (of the core, where there is
 * a shell); length_over_radius is what it says.
 *
 * Units: Å, 1e-6/Å². Thread: const table, pure.
 */
#include "models/simulate/construction.h"

#include <math.h>

static void
build_ellipsoid (const double *given, double polar_over_equatorial, double *equatorial)
{
  *equatorial = given[0] * cbrt (1 / polar_over_equatorial);
}

static void
build_oblate (const SaxidShape *shape G_GNUC_UNUSED, const double *given, const int *to, double *value)
{
  build_ellipsoid (given, 1 / given[1], &value[to[0]]);
  value[to[1]] = value[to[0]] * (1 / given[1]);
}

static void
build_prolate (const SaxidShape *shape G_GNUC_UNUSED, const double *given, const int *to, double *value)
{
  build_ellipsoid (given, given[1], &value[to[0]]);
  value[to[1]] = value[to[0]] * given[1];
}

static void
build_oblate_core (const SaxidShape *shape G_GNUC_UNUSED, const double *given, const int *to, double *value)
{
  build_ellipsoid (given, 1 / given[1], &value[to[0]]);
  value[to[1]] = 1 / given[1];
}

static void
build_prolate_core (const SaxidShape *shape G_GNUC_UNUSED, const double *given, const int *to, double *value)
{
  build_ellipsoid (given, given[1], &value[to[0]]);
  value[to[1]] = given[1];
}

/* pi R^2 (x R) = 4/3 pi r^3 */
static void
build_cylinder (const SaxidShape *shape G_GNUC_UNUSED, const double *given, const int *to, double *value)
{
  value[to[0]] = given[0] * cbrt (4.0 / (3.0 * given[1]));
  value[to[1]] = value[to[0]] * given[1];
}

static void
build_density (const SaxidShape *shape, const double *given, const int *to, double *value)
{
  value[to[0]] = value[saxid_shape_parameter_index (shape, "sld_solvent")] + given[0];
}

static void
build_two_densities (const SaxidShape *shape, const double *given, const int *to, double *value)
{
  build_density (shape, given, to, value);
  value[to[1]] = value[to[0]];
}

static const SaxidConstruction constructions[] = {
  { "oblate", { "equivalent_radius", "aspect" }, { "radius_equatorial", "radius_polar" }, TRUE, build_oblate },
  { "prolate", { "equivalent_radius", "aspect" }, { "radius_equatorial", "radius_polar" }, TRUE, build_prolate },
  { "core_shell_oblate", { "equivalent_radius", "aspect" }, { "radius_equat_core", "x_core" }, TRUE,
    build_oblate_core },
  { "core_shell_prolate", { "equivalent_radius", "aspect" }, { "radius_equat_core", "x_core" }, TRUE,
    build_prolate_core },
  { NULL, { "equivalent_radius", "length_over_radius" }, { "radius", "length" }, TRUE, build_cylinder },
  { NULL, { "contrast" }, { "sld" }, FALSE, build_density },
  { NULL, { "core_contrast" }, { "sld_core" }, FALSE, build_density },
  { NULL, { "shell_contrast" }, { "sld_shell" }, FALSE, build_density },
  { NULL, { "shell_contrast" }, { "sld_face", "sld_rim" }, FALSE, build_two_densities },
  { NULL, { "face_contrast" }, { "sld_face" }, FALSE, build_density },
  { NULL, { "rim_contrast" }, { "sld_rim" }, FALSE, build_density },
  { NULL, { "head_contrast" }, { "sld_head" }, FALSE, build_density },
  { NULL, { "tail_contrast" }, { "sld_tail" }, FALSE, build_density },
};

static gboolean
applies (const SaxidConstruction *construction, const SaxidShape *shape)
{
  if (construction->shape != NULL && !g_str_equal (construction->shape, shape->name))
    return FALSE;
  for (guint k = 0; k < SAXID_CONSTRUCTION_MOST && construction->gives[k] != NULL; k++)
    if (saxid_shape_parameter_index (shape, construction->gives[k]) < 0)
      return FALSE;
  return TRUE;
}

const SaxidConstruction *
saxid_construction_at (const SaxidShape *shape, guint index)
{
  for (guint k = 0; k < G_N_ELEMENTS (constructions); k++)
    if (applies (&constructions[k], shape) && index-- == 0)
      return &constructions[k];
  return NULL;
}
