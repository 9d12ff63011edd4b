/* How strongly do core and shell scatter beside the solvent?
 *
 * Thread: pure.
 */
#include "models/simulate/contrast.h"

#include <string.h>

#define DENSITY "sld_"
#define SOLVENT "sld_solvent"
#define CORE "sld_core"

static gboolean
is_shell (const char *name)
{
  return g_str_has_prefix (name, DENSITY) && strcmp (name, SOLVENT) != 0 && strcmp (name, CORE) != 0;
}

gboolean
saxid_contrast_of (const SaxidShape *shape, const double *value, SaxidContrast *contrast)
{
  const int core = saxid_shape_parameter_index (shape, CORE), solvent = saxid_shape_parameter_index (shape, SOLVENT);
  int shell = -1;

  for (guint k = 0; k < shape->n_parameter; k++)
    if (is_shell (shape->parameter[k].name))
      {
        if (shell >= 0 && value[k] != value[shell])
          return FALSE;
        shell = (int) k;
      }
  if (core < 0 || solvent < 0 || shell < 0)
    return FALSE;
  *contrast = (SaxidContrast) { value[core] - value[solvent], value[shell] - value[solvent] };
  return TRUE;
}

void
saxid_contrast_set (const SaxidShape *shape, double *value, const SaxidContrast *contrast)
{
  const double solvent = value[saxid_shape_parameter_index (shape, SOLVENT)];

  for (guint k = 0; k < shape->n_parameter; k++)
    if (strcmp (shape->parameter[k].name, CORE) == 0)
      value[k] = solvent + contrast->core;
    else if (is_shell (shape->parameter[k].name))
      value[k] = solvent + contrast->shell;
}

void
saxid_contrast_mix (const SaxidContrast *had, const SaxidContrast *wanted, double weight[3])
{
  const double cross = wanted->core * wanted->shell / (had->core * had->shell);

  weight[0] = wanted->core * wanted->core - cross * had->core * had->core;
  weight[1] = wanted->shell * wanted->shell - cross * had->shell * had->shell;
  weight[2] = cross;
}
