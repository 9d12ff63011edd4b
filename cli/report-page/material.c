/* What does a report show of a material?
 *
 * Thread: see report-page/material.h.
 */
#include "cli/report-page/material.h"

#include <math.h>
#include <string.h>

#include "cli/text.h"
#include "models/materials/slice.h"
#include "models/materials/values.h"

#define PER_NM 0.1

/* The rows of a report, of those in values.h: what a person looks for first. */
static const struct
{
  const char *name, *title;
  double factor;
  const char *unit;
} rows[] = {
  { "length", "length a", 1, " nm" },
  { "porosity", "pores", 100, " %" },
  { "porosity_mirror", "or pores", 100, " %" },
  { "layer_share", "layer, of the pores", 100, " %" },
  { "repeat_distance", "repeat distance", 1, " nm" },
  { "spectrum_order", "order of the spectrum", 1, "" },
  { "surface", "surface", 1, " m²/cm³" },
  { "surface_by_mass", "surface", 1, " m²/g" },
  { "pore_chord", "mean chord of pores", 1, " nm" },
  { "solid_chord", "mean chord of solid", 1, " nm" },
  { "porod_length", "Porod length", 1, " nm" },
  { "invariant_below", "invariant below the window", 100, " %" },
  { "invariant_above", "invariant above the window", 100, " %" },
  { "background", "background", 1, "" },
  { "reduced_chi2", "χ²/ν", 1, "" },
  { "rms_residual", "rms residual", 100, " %" },
};

/* What the length a is of. */
static const char *const laws[SAXID_MATERIAL_LAWS] = { "", ", random: a is the correlation length",
                                                       ", bicontinuous: a is the correlation length" };

static void
add_pair (GArray *pairs, char *key, char *value)
{
  const SaxidReportPair pair = { key, value };

  g_array_append_val (pairs, pair);
}

static void
add_row (GArray *pairs, gsize row, const SaxidMaterialValue *value)
{
  if (isfinite (value->value))
    add_pair (pairs, g_strdup (rows[row].title), saxid_material_say_interval (value, rows[row].factor, rows[row].unit));
}

static void
describe (GArray *pairs, const SaxidMaterialAnswer *answer)
{
  g_autofree char *title = saxid_text_class_title (saxid_material_kind_class (answer->fit.kind));
  SaxidMaterialValue value[SAXID_MATERIAL_VALUES];
  const guint n = saxid_material_values (answer, value);

  add_pair (pairs, g_strdup_printf ("Fit: %s material%s", title, laws[saxid_material_law (answer->fit.kind)]),
            g_strdup_printf ("porosity %s%s", answer->basis == SAXID_MATERIAL_NOWHERE ? "withheld" : "by ",
                             saxid_material_basis_name (answer->basis)));
  for (gsize row = 0; row < G_N_ELEMENTS (rows); row++)
    for (guint k = 0; k < n; k++)
      if (strcmp (rows[row].name, value[k].name) == 0)
        add_row (pairs, row, &value[k]);
  if (answer->warning[0] != '\0')
    add_pair (pairs, g_strdup ("withheld"), g_strdup (answer->warning));
}

void
saxid_report_material (const SaxidCurve *curve, const SaxidMaterialKnown *known, SaxidReportMaterial *material)
{
  GArray *pairs;
  SaxidMaterialAnswer answer;
  double *values;

  *material = (SaxidReportMaterial) { 0 };
  if (!saxid_material_answer (curve, known, &answer, NULL) || answer.status != SAXID_MATERIAL_FOUND)
    return;
  values = g_new (double, curve->n);
  saxid_material_fit_intensity (&answer.fit, SAXID_MATERIAL_ALL, curve, values);
  material->line = (SaxidPlotLine) { .label = answer.fit.material.phases == 2 ? "two phases" : "three phases", .n = curve->n,
                                     .q = curve->q, .intensity = values };
  pairs = g_array_new (FALSE, FALSE, sizeof (SaxidReportPair));
  describe (pairs, &answer);
  material->n_pair = pairs->len;
  material->pair = (SaxidReportPair *) (gpointer) g_array_free (pairs, FALSE);
  material->phase = g_new (guint8, SAXID_SLICE_EDGE * SAXID_SLICE_EDGE);
  /* the porosity that is believed, where there is one */
  if (answer.basis != SAXID_MATERIAL_NOWHERE && answer.fit.material.phases == 2)
    answer.fit.material.porosity = CLAMP (answer.porosity.value, SAXID_MATERIAL_LEAST_POROSITY, 1 - SAXID_MATERIAL_LEAST_POROSITY);
  material->pixel = PER_NM * saxid_slice_fill (&answer.fit.material, 1, material->phase);
}

void
saxid_report_material_clear (SaxidReportMaterial *material)
{
  g_free ((double *) material->line.intensity);
  for (gsize k = 0; k < material->n_pair; k++)
    {
      g_free ((char *) material->pair[k].key);
      g_free ((char *) material->pair[k].value);
    }
  g_free (material->pair);
  g_free (material->phase);
  *material = (SaxidReportMaterial) { 0 };
}
