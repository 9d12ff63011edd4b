/* What does the person say of the material?
 *
 * Thread: one thread.
 */
#include "cli/material-options.h"

#include "models/materials/answer.h"
#include "reducers/error.h"

static gboolean
is_given (const SaxidMaterialOptions *options)
{
  return options->porosity != 0 || options->contrast != 0 || options->density != 0 || options->per_density != 0;
}

gboolean
saxid_material_options_check (const SaxidMaterialOptions *options, gboolean without_fits, GError **error)
{
  const SaxidMaterialKnown known = { .porosity = options->porosity, .contrast = options->contrast, .density = options->density,
                                     .per_density = options->per_density };

  if (!saxid_material_known_check (&known, error))
    return FALSE;
  if (!is_given (options) || !without_fits)
    return TRUE;
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "--porosity, --contrast and --density need the fits that --fast leaves out");
  return FALSE;
}

char *
saxid_material_options_json (const SaxidMaterialOptions *options)
{
  const struct
  {
    const char *name;
    double value;
  } rows[] = { { "porosity", options->porosity },
               { "contrast", options->contrast },
               { "density", options->density },
               { "per_density", options->per_density } };
  GString *text = g_string_new ("{");

  if (!is_given (options))
    {
      g_string_free (text, TRUE);
      return NULL;
    }
  for (gsize k = 0; k < G_N_ELEMENTS (rows); k++)
    if (rows[k].value != 0)
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf (text, "%s\"%s\":%s", text->len > 1 ? "," : "", rows[k].name,
                                g_ascii_dtostr (number, sizeof number, rows[k].value));
      }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}
