/* What does the person say of the material?
 *
 * Thread: one thread.
 */
#include "cli/material-options.h"

#include <math.h>
#include <string.h>

#include "models/materials/answer.h"
#include "reducers/error.h"

typedef struct
{
  const char *option, *name;
  double value;
} Row;

#define N_ROW 4

static void
rows_of (const SaxidMaterialOptions *options, Row row[N_ROW])
{
  row[0] = (Row) { "porosity", "porosity", options->porosity };
  row[1] = (Row) { "contrast", "contrast", options->contrast };
  row[2] = (Row) { "density", "density", options->density };
  row[3] = (Row) { "per-density", "per_density", options->per_density };
}

/* To the module, 0 is what nobody has given. */
static double
or_zero (double value)
{
  return isnan (value) ? 0 : value;
}

gboolean
saxid_material_options_check (const SaxidMaterialOptions *options, gboolean without_fits, const char *classes,
                              GError **error)
{
  const SaxidMaterialKnown known = { .porosity = or_zero (options->porosity),
                                     .contrast = or_zero (options->contrast),
                                     .density = or_zero (options->density),
                                     .per_density = or_zero (options->per_density) };
  gboolean given = FALSE;
  Row row[N_ROW];

  rows_of (options, row);
  for (guint k = 0; k < N_ROW; k++)
    {
      given = given || !isnan (row[k].value);
      if (isnan (row[k].value) || row[k].value < 0 || row[k].value > 0)
        continue;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--%s is 0, more is needed", row[k].option);
      return FALSE;
    }
  if (!saxid_material_known_check (&known, error))
    return FALSE;
  if (given && without_fits)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                         "--porosity, --contrast and --density need the fits that --fast and --network leave out");
  else if (given && classes != NULL && strcmp (classes, "all") != 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                 "--porosity, --contrast and --density are of materials, which --classes %s leaves out", classes);
  else
    return TRUE;
  return FALSE;
}

char *
saxid_material_options_json (const SaxidMaterialOptions *options)
{
  g_autoptr (GString) text = g_string_new ("{");
  Row row[N_ROW];

  rows_of (options, row);
  for (gsize k = 0; k < N_ROW; k++)
    if (!isnan (row[k].value))
      {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf (text, "%s\"%s\":%s", text->len > 1 ? "," : "", row[k].name,
                                g_ascii_dtostr (number, sizeof number, row[k].value));
      }
  if (text->len == 1)
    return NULL;
  g_string_append_c (text, '}');
  return g_string_free (g_steal_pointer (&text), FALSE);
}
