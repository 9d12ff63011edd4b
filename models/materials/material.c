/* What is known in closed form of a disordered material?
 *
 * <q²> = 0.6 / a² of the field gives the interface of a level t, S_V = (2/pi) sqrt (<q²>/3)
 * exp (-t²/2) (Rice's formula for a Gaussian random field), Porod's constant, the chords. An exponential
 * covariance falls by 1/a at r = 0, which is S_V / (4 porosity (1 - porosity)) (Debye et al. 1957).
 *
 * Thread: pure.
 */
#include "models/materials/material.h"

#include <math.h>

#include "models/materials/normal.h"
#include "models/materials/spectrum.h"
#include "reducers/error.h"

static gboolean
check_range (const char *name, double value, double lower, double upper, GError **error)
{
  if (value >= lower && value <= upper)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s of the material is %g, %g to %g is possible", name, value,
               lower, upper);
  return FALSE;
}

gboolean
saxid_material_check (const SaxidMaterial *material, GError **error)
{
  const double least = SAXID_MATERIAL_LEAST_POROSITY;

  if (!check_range ("length", material->length, 1e-3, 1e9, error)
      || !check_range ("porosity", material->porosity, least, 1 - least, error))
    return FALSE;
  if (material->covariance == SAXID_COVARIANCE_EXPONENTIAL)
    return check_range ("number of phases", material->phases, 2, 2, error)
           && check_range ("order of the spectrum", material->order, 0, 0, error)
           && check_range ("wave of the covariance", material->wave, 0, SAXID_MATERIAL_MOST_WAVE, error);
  if (material->phases == 2)
    return check_range ("order of the spectrum", material->order, SAXID_SPECTRUM_SOFTEST, SAXID_SPECTRUM_SHARPEST, error)
           && check_range ("wave of the covariance", material->wave, 0, 0, error);
  return check_range ("number of phases", material->phases, 2, 3, error)
         && check_range ("order of the spectrum", material->order, 0, 0, error)
         && check_range ("wave of the covariance", material->wave, 0, 0, error)
         && check_range ("share of the layer", material->share, SAXID_MATERIAL_LEAST_SHARE, SAXID_MATERIAL_MOST_SHARE, error)
         && check_range ("porosity without the layer", material->porosity * (1 - material->share), least, 1 - least, error)
         && check_range ("density of the layer", material->layer, 0, 1, error);
}

void
saxid_material_levels (const SaxidMaterial *material, double level[2])
{
  const double pore = material->phases == 3 ? material->porosity * (1 - material->share) : material->porosity;

  level[0] = saxid_normal_level (pore);
  level[1] = saxid_normal_level (material->porosity);
}

static double
surface_of (const SaxidMaterial *material, double level)
{
  if (material->covariance == SAXID_COVARIANCE_EXPONENTIAL)
    return 4 * material->porosity * (1 - material->porosity) / material->length;
  return 2 / G_PI * sqrt (SAXID_SPECTRUM_MEAN_SQUARE / 3) / material->length * exp (-0.5 * level * level);
}

void
saxid_material_sums (const SaxidMaterial *material, SaxidMaterialSums *sums)
{
  const double porosity = material->porosity, layer = material->phases == 3 ? material->layer : 0;
  const double filled = material->phases == 3 ? porosity * material->share : 0;
  const double mean = 1 - porosity + layer * filled;
  double level[2];

  saxid_material_levels (material, level);
  sums->surface = surface_of (material, level[1]);
  sums->layer_surface = material->phases == 3 ? surface_of (material, level[0]) : 0;
  sums->porod = 2 * G_PI * ((1 - layer) * (1 - layer) * sums->surface + layer * layer * sums->layer_surface);
  sums->variance = 1 - porosity + layer * layer * filled - mean * mean;
  sums->pore_chord = 4 * porosity / sums->surface;
  sums->solid_chord = 4 * (1 - porosity) / sums->surface;
  sums->porod_length = 4 * porosity * (1 - porosity) / sums->surface;
}
