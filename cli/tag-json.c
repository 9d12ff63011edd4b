/* How does a verdict read for a program?
 *
 * Written by hand rather than through json-glib: that prints a probability of
 * 0.1 as 0.10000000149011612, and a person reads these lines too. Strings are
 * escaped by json-glib.
 *
 * Thread: pure.
 */
#include "cli/tag-json.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "cli/atoms.h"
#include "schemas/tag/record.h"

void
saxid_tag_json_text (GString *line, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *quoted = NULL;

  json_node_set_string (node, valid);
  quoted = json_to_string (node, FALSE);
  g_string_append (line, quoted);
}

static void
append_text_or_null (GString *line, const char *text)
{
  if (text != NULL && *text != '\0')
    saxid_tag_json_text (line, text);
  else
    g_string_append (line, "null");
}

static void
append_number (GString *line, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (line, g_ascii_formatd (text, sizeof text, "%.6g", value));
}

static void
append_probabilities (GString *line, const SaxidModule *module, const struct saxid_verdict *verdict)
{
  g_string_append (line, ",\"probability\":{");
  for (guint k = 0; k < module->description.n_class; k++)
    {
      if (k > 0)
        g_string_append_c (line, ',');
      saxid_tag_json_text (line, module->class_name[k]);
      g_string_append_c (line, ':');
      append_number (line, (double) verdict->probability[k]);
    }
  g_string_append (line, "}");
}

/* What the classes add up to: family and structure of the particle. */
static void
append_level (GString *line, const char *title, char *const *name, const float *probability)
{
  g_string_append_printf (line, ",\"%s\":{", title);
  for (guint k = 0; name[k] != NULL; k++)
    {
      g_string_append_printf (line, "%s\"%s\":", k > 0 ? "," : "", name[k]);
      append_number (line, (double) probability[k]);
    }
  g_string_append_c (line, '}');
}

/* Of the data, and of the verdict. */
static void
append_note (GString *line, const char *of_data, const char *of_verdict)
{
  g_autofree char *both = g_strjoin (*of_data != '\0' && *of_verdict != '\0' ? "; " : "", of_data, of_verdict, NULL);

  g_string_append (line, ",\"note\":");
  append_text_or_null (line, both);
}

static void
append_set (GString *line, const SaxidModule *module, const struct saxid_verdict *verdict)
{
  gboolean first = TRUE;

  g_string_append (line, ",\"prediction_set\":[");
  for (guint k = 0; k < module->description.n_class; k++)
    if (verdict->prediction_set[k] != 0)
      {
        if (!first)
          g_string_append_c (line, ',');
        saxid_tag_json_text (line, module->class_name[k]);
        first = FALSE;
      }
  g_string_append (line, "]");
}

static void
append_finite (GString *line, const char *name, double value)
{
  g_string_append_printf (line, ",\"%s\":", name);
  if (isfinite (value))
    append_number (line, value);
  else
    g_string_append (line, "null");
}

/* Values by the names that sasmodels has for them, and beside them what is known of each. */
static void
append_fit (GString *line, const struct saxid_fit *fit)
{
  if (fit == NULL || fit->n_parameter == 0)
    {
      g_string_append (line, ",\"chi2\":null,\"seed\":null");
      return;
    }
  append_finite (line, "chi2", fit->chi2);
  g_string_append (line, ",\"seed\":{\"model\":");
  saxid_tag_json_text (line, fit->model);
  for (guint k = 0; k < fit->n_parameter; k++)
    append_finite (line, fit->parameter[k].name, fit->parameter[k].value);
  g_string_append (line, ",\"limits\":{");
  for (guint k = 0; k < fit->n_parameter; k++)
    {
      g_string_append_printf (line, "%s\"%s\":{\"vary\":%s", k > 0 ? "," : "", fit->parameter[k].name,
                              fit->parameter[k].vary != 0 ? "true" : "false");
      append_finite (line, "error", fit->parameter[k].error);
      append_finite (line, "min", fit->parameter[k].lower);
      append_finite (line, "max", fit->parameter[k].upper);
      g_string_append_c (line, '}');
    }
  g_string_append (line, "}}");
}

/* What is known of a material: each number with its 90 % interval. */
static void
append_material (GString *line, const struct saxid_material *material)
{
  static const char *const status[] = { "", "found", "window_too_short", "not_of_this_kind" };

  if (material == NULL || material->status == 0)
    {
      g_string_append (line, ",\"material\":null");
      return;
    }
  g_string_append_printf (line, ",\"material\":{\"kind\":\"%s\",\"status\":\"%s\",\"porosity_basis\":", material->kind,
                          status[material->status]);
  append_text_or_null (line, material->basis);
  g_string_append (line, ",\"reason\":");
  append_text_or_null (line, material->reason);
  g_string_append (line, ",\"warning\":");
  append_text_or_null (line, material->warning);
  for (guint k = 0; k < material->n_number; k++)
    if (strcmp (material->number[k].name, "porosity_basis") != 0)
      {
        g_string_append_printf (line, ",\"%s\":{\"unit\":\"%s\"", material->number[k].name, material->number[k].unit);
        append_finite (line, "value", material->number[k].value);
        append_finite (line, "lower", material->number[k].lower);
        append_finite (line, "upper", material->number[k].upper);
        g_string_append_c (line, '}');
      }
  g_string_append_c (line, '}');
}

char *
saxid_tag_json_line (const SaxidModule *module, const char *file, const struct saxid_row *row,
                     const struct saxid_verdict *verdict)
{
  GString *line = g_string_new ("{\"file\":");

  saxid_tag_json_text (line, file);
  g_string_append (line, ",\"entry\":");
  saxid_tag_json_text (line, row->entry);
  g_string_append (line, ",\"data\":");
  saxid_tag_json_text (line, row->data);
  g_string_append_printf (line, ",\"frame\":%" G_GUINT64_FORMAT ",\"status\":\"%s\",\"label\":", row->frame,
                          saxid_status_name (verdict->status));
  append_text_or_null (line, verdict->label >= 0 ? module->class_name[verdict->label] : NULL);
  append_probabilities (line, module, verdict);
  g_string_append (line, ",\"confidence\":");
  append_number (line, (double) verdict->confidence);
  g_string_append_printf (line, ",\"outlier\":%s,\"outlier_score\":",
                          verdict->outlier != 0 ? "true" : "false");
  append_number (line, (double) verdict->outlier_score);
  append_set (line, module, verdict);
  append_fit (line, verdict->fit);
  g_string_append (line, ",\"coverage\":");
  append_number (line, (double) verdict->coverage);
  g_string_append (line, ",\"reason\":");
  append_text_or_null (line, verdict->reason);
  append_note (line, row->note, verdict->note);
  append_level (line, "family", module->family_name, verdict->family);
  append_level (line, "structure", module->structure_name, verdict->structure);
  append_material (line, verdict->material);
  saxid_atoms_json (verdict->atoms, line);
  g_string_append_c (line, '}');
  return g_string_free (line, FALSE);
}
