/* Which form factor has which other one as a special case, and where?
 *
 * Thread: pure.
 */
#include "models/fit/nest.h"

#include <string.h>

#include "models/simulate/contrast.h"

#define MOST_SIZES 4

/* `to` is `factor` times `from`, over `over` where that is one. */
typedef struct
{
  const char *to;
  double factor;
  const char *from, *over;
} Size;

typedef enum
{
  NO_SHELL,
  SAME_DENSITY, /* shell and core */
  EMPTY_CORE,
  AS_BEFORE
} Densities;

typedef struct
{
  const char *inner, *outer;
  Size size[MOST_SIZES];
  Densities densities;
} Nest;

/* Thin shells and slight ellipsoids, none of them at a bound. */
static const Nest nests[] = {
  { "sphere", "oblate", { { "radius_polar", 0.97, "radius", NULL }, { "radius_equatorial", 1.04, "radius", NULL } },
    NO_SHELL },
  { "sphere", "prolate", { { "radius_polar", 1.07, "radius", NULL }, { "radius_equatorial", 0.99, "radius", NULL } },
    NO_SHELL },
  { "sphere", "core_shell_sphere", { { "radius", 0.9, "radius", NULL }, { "thickness", 0.1, "radius", NULL } },
    SAME_DENSITY },
  { "cylinder", "core_shell_cylinder",
    { { "radius", 0.9, "radius", NULL }, { "thickness", 0.1, "radius", NULL }, { "length", 1, "length", NULL } },
    SAME_DENSITY },
  { "disc", "core_shell_disc",
    { { "radius", 0.98, "radius", NULL },
      { "thick_rim", 0.2, "length", NULL },
      { "thick_face", 0.2, "length", NULL },
      { "length", 0.6, "length", NULL } },
    SAME_DENSITY },
  { "oblate", "core_shell_oblate",
    { { "radius_equat_core", 0.95, "radius_equatorial", NULL },
      { "x_core", 1, "radius_polar", "radius_equatorial" },
      { "thick_shell", 0.08, "radius_polar", NULL } },
    SAME_DENSITY },
  { "prolate", "core_shell_prolate",
    { { "radius_equat_core", 0.92, "radius_equatorial", NULL },
      { "x_core", 1, "radius_polar", "radius_equatorial" },
      { "thick_shell", 0.08, "radius_equatorial", NULL } },
    SAME_DENSITY },
  { "hollow_sphere", "core_shell_sphere", { { "radius", 1, "radius", NULL }, { "thickness", 1, "thickness", NULL } },
    EMPTY_CORE },
  { "core_shell_sphere", "core_shell_oblate",
    { { "radius_equat_core", 1.02, "radius", NULL }, { "x_core", 0.93, "radius", "radius" },
      { "thick_shell", 1, "thickness", NULL } },
    AS_BEFORE },
  { "core_shell_sphere", "core_shell_prolate",
    { { "radius_equat_core", 0.98, "radius", NULL }, { "x_core", 1.07, "radius", "radius" },
      { "thick_shell", 1, "thickness", NULL } },
    AS_BEFORE },
  { "hollow_sphere", "core_shell_oblate",
    { { "radius_equat_core", 1.02, "radius", NULL }, { "x_core", 0.93, "radius", "radius" },
      { "thick_shell", 1, "thickness", NULL } },
    EMPTY_CORE },
  { "hollow_sphere", "core_shell_prolate",
    { { "radius_equat_core", 0.98, "radius", NULL }, { "x_core", 1.07, "radius", "radius" },
      { "thick_shell", 1, "thickness", NULL } },
    EMPTY_CORE },
};

static double
value_of (const SaxidShape *shape, const SaxidSpacePoint *point, const char *name)
{
  return point->value[saxid_shape_parameter_index (shape, name)];
}

static void
put_densities (const Nest *nest, const SaxidShape *inner, const SaxidSpacePoint *point, const SaxidShape *outer,
               SaxidSpacePoint *nested)
{
  static const SaxidContrast of[] = { [SAME_DENSITY] = { 1, 1 }, [EMPTY_CORE] = { 0, 1 } };
  SaxidContrast contrast = of[nest->densities == AS_BEFORE ? SAME_DENSITY : nest->densities];

  if (nest->densities == AS_BEFORE)
    saxid_contrast_of (inner, point->value, &contrast);
  if (nest->densities != NO_SHELL)
    saxid_contrast_set (outer, nested->value, &contrast);
}

gboolean
saxid_nest (const SaxidSpace *inner, const SaxidSpacePoint *point, const SaxidSpace *outer, SaxidSpacePoint *nested)
{
  const SaxidShape *from = saxid_space_shape (inner), *to = saxid_space_shape (outer);
  double x[SAXID_SPACE_MOST] = { 0 };

  for (guint k = 0; k < G_N_ELEMENTS (nests); k++)
    {
      const Nest *nest = &nests[k];

      if (strcmp (nest->inner, from->name) != 0 || strcmp (nest->outer, to->name) != 0)
        continue;
      saxid_space_point (outer, x, nested);
      for (guint s = 0; s < MOST_SIZES && nest->size[s].to != NULL; s++)
        nested->value[saxid_shape_parameter_index (to, nest->size[s].to)]
          = nest->size[s].factor * value_of (from, point, nest->size[s].from)
            / (nest->size[s].over != NULL ? value_of (from, point, nest->size[s].over) : 1);
      put_densities (nest, from, point, to, nested);
      nested->width = point->width;
      nested->distribution = point->distribution;
      nested->together = point->together;
      nested->blur = point->blur;
      return TRUE;
    }
  return FALSE;
}
