/* The options by which a person says what a disordered material is made of.
 *
 * Thread: one thread.
 */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

typedef struct
{
  double porosity, contrast, density, per_density; /* as in models/materials/answer.h; NAN: not given */
} SaxidMaterialOptions;

/* Nothing is given. */
#define SAXID_MATERIAL_OPTIONS_INIT { NAN, NAN, NAN, NAN }

/* Four rows for a table of options: --porosity, --contrast, --density, --per-density. */
#define SAXID_MATERIAL_OPTION_ENTRIES(options)                                                                         \
  { "porosity", 0, 0, G_OPTION_ARG_DOUBLE, &(options).porosity, "Material: share of the pores", "0..1" },              \
  { "contrast", 0, 0, G_OPTION_ARG_DOUBLE, &(options).contrast, "Material: contrast of solid and pore (I is in 1/cm)", \
    "1e-6/Å²" },                                                                                                       \
  { "density", 0, 0, G_OPTION_ARG_DOUBLE, &(options).density, "Material: density with its pores (I is in 1/cm)",       \
    "g/cm³" },                                                                                                         \
  {                                                                                                                    \
    "per-density", 0, 0, G_OPTION_ARG_DOUBLE, &(options).per_density,                                                  \
      "Material: what 1 g/cm³ of its solid scatters", "1e-6/Å²"                                                        \
  }

/* without_fits, or classes that are not all (NULL: all): materials are not asked for, and what is said
 * of one would be lost. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_material_options_check (const SaxidMaterialOptions *options, gboolean without_fits, const char *classes,
                                       GError **error);

/* What the configuration of the module has as "material"; NULL: nothing was given. Free with g_free. */
char *saxid_material_options_json (const SaxidMaterialOptions *options);

G_END_DECLS
