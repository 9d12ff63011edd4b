/* How is what is known of a material told?
 *
 * Lengths in nm and surfaces in m²/cm³, as people have them who measure pores.
 *
 * Thread: pure.
 */
#include "models/materials/values.h"

#include <math.h>
#include <string.h>

#define PER_NM 0.1           /* nm in an Å */
#define SQUARE_METRES 1e4    /* m²/cm³ in 1/Å */

static SaxidMaterialInterval
times (SaxidMaterialInterval interval, double factor)
{
  return (SaxidMaterialInterval) { factor * interval.value, factor * interval.lower, factor * interval.upper };
}

static SaxidMaterialInterval
alone (double value)
{
  return (SaxidMaterialInterval) { value, NAN, NAN };
}

/* Two phases scatter alike with the porosities p and 1 - p. */
static SaxidMaterialInterval
mirror_of (const SaxidMaterialAnswer *answer)
{
  const SaxidMaterialInterval p = answer->porosity;

  if (answer->basis != SAXID_MATERIAL_SHAPE || answer->fit.material.phases != 2)
    return alone (NAN);
  return (SaxidMaterialInterval) { 1 - p.value, 1 - p.upper, 1 - p.lower };
}

guint
saxid_material_values (const SaxidMaterialAnswer *answer, SaxidMaterialValue *value)
{
  const SaxidMaterialFit *fit = &answer->fit;
  const struct
  {
    const char *name, *unit;
    SaxidMaterialInterval interval;
  } rows[] = {
    { "length", "nm", times (answer->length, PER_NM) },
    { "porosity", "", answer->porosity },
    { "porosity_mirror", "", mirror_of (answer) },
    { "porosity_basis", "", alone (answer->basis) },
    { "covariance", "", alone (saxid_material_law (fit->kind)) },
    { "repeat_distance", "nm", times (answer->repeat, PER_NM) },
    { "layer_share", "", answer->share },
    { "spectrum_order", "", answer->order },
    { "surface", "m^2/cm^3", times (answer->surface, SQUARE_METRES) },
    { "surface_by_mass", "m^2/g", times (answer->surface, answer->density > 0 ? SQUARE_METRES / answer->density : NAN) },
    { "pore_chord", "nm", times (answer->pore_chord, PER_NM) },
    { "solid_chord", "nm", times (answer->solid_chord, PER_NM) },
    { "porod_length", "nm", times (answer->porod_length, PER_NM) },
    { "invariant", "", alone (answer->invariant) },
    { "invariant_below", "", alone (answer->below) },
    { "invariant_above", "", alone (answer->above) },
    { "scale", "", alone (fit->scale) },
    { "background", "", alone (fit->background) },
    { "upturn", "", alone (fit->upturn) },
    { "reduced_chi2", "", alone (fit->reduced_chi2) },
    { "rms_residual", "", alone (answer->rms) },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (rows) <= SAXID_MATERIAL_VALUES);
  for (guint k = 0; k < G_N_ELEMENTS (rows); k++)
    value[k] = (SaxidMaterialValue) { rows[k].name, rows[k].unit, rows[k].interval.value, rows[k].interval.lower,
                                      rows[k].interval.upper };
  return G_N_ELEMENTS (rows);
}

/* The value of that name; { NAN … } where there is none. */
static SaxidMaterialInterval
value_of (const SaxidMaterialValue *value, guint n, const char *name)
{
  for (guint k = 0; k < n; k++)
    if (strcmp (value[k].name, name) == 0)
      return (SaxidMaterialInterval) { value[k].value, value[k].lower, value[k].upper };
  return alone (NAN);
}

static void
say_porosity (const SaxidMaterialValue *value, guint n, GString *line)
{
  const double p = 100 * value_of (value, n, "porosity").value, mirror = 100 * value_of (value, n, "porosity_mirror").value;
  const double basis = value_of (value, n, "porosity_basis").value;

  if (!isfinite (p) || !(basis > SAXID_MATERIAL_NOWHERE && basis <= SAXID_MATERIAL_GIVEN))
    return;
  g_string_append_printf (line, ", pores %.1f", p);
  if (isfinite (mirror))
    g_string_append_printf (line, " or %.1f", mirror);
  g_string_append_printf (line, " %% (%s), %.3g m2/cm3", saxid_material_basis_name ((SaxidMaterialBasis) basis),
                          value_of (value, n, "surface").value);
}

char *
saxid_material_say_interval (const SaxidMaterialValue *value, double factor, const char *unit)
{
  const double half = 0.5 * factor * (value->upper - value->lower);
  int digits;

  if (!(half > 0) || !isfinite (half))
    return g_strdup_printf ("%.3g%s", factor * value->value, unit);
  digits = (int)CLAMP (1 - floor (log10 (half)), 0, 6);
  return g_strdup_printf ("%.*f%s (%.*f to %.*f)", digits, factor * value->value, unit, digits, factor * value->lower, digits,
                          factor * value->upper);
}

static void
say_length (const SaxidMaterialValue *value, guint n, const char *name, const char *title, GString *line)
{
  const SaxidMaterialInterval interval = value_of (value, n, name);
  const SaxidMaterialValue named = { name, "nm", interval.value, interval.lower, interval.upper };
  g_autofree char *text = saxid_material_say_interval (&named, 1, " nm");

  g_string_append_printf (line, "%s %s", title, text);
}

/* The correlation length is the Porod length there. */
static void
say_exponential (const SaxidMaterialValue *value, guint n, GString *line)
{
  say_length (value, n, "length", "correlation length", line);
  if (isfinite (value_of (value, n, "repeat_distance").value))
    say_length (value, n, "repeat_distance", ", repeat distance", line);
}

static void
say_all (const SaxidMaterialValue *value, guint n, GString *line)
{
  if (!isfinite (value_of (value, n, "length").value))
    return;
  if (value_of (value, n, "covariance").value > SAXID_MATERIAL_LAW_RANDOM_FIELD)
    say_exponential (value, n, line);
  else
    {
      say_length (value, n, "length", "a", line);
      g_string_append_printf (line, ", Porod length %.3g nm", value_of (value, n, "porod_length").value);
    }
  say_porosity (value, n, line);
}

void
saxid_material_say_values (const SaxidMaterialValue *value, guint n, char *text, gsize size)
{
  g_autoptr (GString) line = g_string_new (NULL);

  say_all (value, n, line);
  g_strlcpy (text, line->str, size);
}

void
saxid_material_say (const SaxidMaterialAnswer *answer, char *text, gsize size)
{
  g_autoptr (GString) line = g_string_new (NULL);
  SaxidMaterialValue value[SAXID_MATERIAL_VALUES];

  if (answer->status == SAXID_MATERIAL_FOUND)
    {
      say_all (value, saxid_material_values (answer, value), line);
      if (answer->warning[0] != '\0')
        g_string_append_printf (line, "; %s", answer->warning);
    }
  else if (answer->status != SAXID_MATERIAL_NOT_ASKED)
    g_string_append_printf (line, "%s: %s", saxid_material_status_name (answer->status), answer->reason);
  g_strlcpy (text, line->str, size);
}
