/* How do the tags of a file read for a program?
 *
 * As lines of `saxid tag --json`, by whose functions text is quoted; numbers have six digits, as
 * there.
 *
 * Thread: pure.
 */
#include "cli/show-json.h"

#include <math.h>
#include <string.h>

#include "cli/atoms.h"
#include "cli/tag-json.h"

static const char *const status_names[] = { "not done", "ok", "abstained", "rejected" };

static void
begin_member (GString *line, const char *name)
{
  g_string_append_printf (line, "%s\"%s\":", line->str[line->len - 1] == '{' ? "" : ",", name);
}

static void
put_text (GString *line, const char *name, const char *text)
{
  begin_member (line, name);
  if (text != NULL && text[0] != '\0')
    saxid_tag_json_text (line, text);
  else
    g_string_append (line, "null");
}

static void
put_number (GString *line, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  begin_member (line, name);
  g_string_append (line, isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.6g", value) : "null");
}

/* {"NAME": p, …}; null where an older version did not write it. */
static void
put_parts (GString *line, const char *name, guint n, char *const *names, const float *values, gsize frame)
{
  begin_member (line, name);
  if (n == 0 || values == NULL)
    {
      g_string_append (line, "null");
      return;
    }
  g_string_append_c (line, '{');
  for (guint k = 0; k < n; k++)
    {
      g_autoptr (GString) quoted = g_string_new (NULL);
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      saxid_tag_json_text (quoted, names[k]);
      g_string_append_printf (line, "%s%s:%s", k > 0 ? "," : "", quoted->str,
                              g_ascii_formatd (text, sizeof text, "%.6g", (double) values[frame * n + k]));
    }
  g_string_append_c (line, '}');
}

static void
put_set (GString *line, const SaxidRecord *record, gsize frame)
{
  gboolean first = TRUE;

  begin_member (line, "prediction_set");
  g_string_append_c (line, '[');
  for (guint k = 0; k < record->n_class; k++)
    if (record->prediction_set[frame * record->n_class + k] != 0)
      {
        if (!first)
          g_string_append_c (line, ',');
        saxid_tag_json_text (line, record->class_name[k]);
        first = FALSE;
      }
  g_string_append_c (line, ']');
}

#define BASIS "porosity_basis"

/* Fits of materials are none that saxid seed would begin with. */
static gboolean
is_material (const SaxidRecordSeed *seed)
{
  return strcmp (seed->class_name, "two_phase") == 0 || strcmp (seed->class_name, "three_phase") == 0;
}

static const SaxidRecordSeed *
material_seed (const SaxidRecord *record, gsize frame)
{
  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];

      if (is_material (seed) && isfinite (seed->chi2[frame]))
        return seed;
    }
  return NULL;
}

/* The fit of the greatest weight on a curve; NULL where there is none. */
static const SaxidRecordSeed *
best_seed (const SaxidRecord *record, gsize frame)
{
  const SaxidRecordSeed *best = NULL;

  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];

      if (!is_material (seed) && !saxid_atoms_is_seed (seed) && isfinite (seed->chi2[frame]) && (best == NULL || seed->weight[frame] > best->weight[frame]))
        best = seed;
    }
  return best;
}

static void
put_limits (GString *line, const SaxidRecordSeed *seed, gsize frame)
{
  begin_member (line, "limits");
  g_string_append_c (line, '{');
  for (guint k = 0; k < seed->n_parameter; k++)
    {
      const SaxidRecordParameter *parameter = &seed->parameter[k];

      begin_member (line, parameter->name);
      g_string_append_printf (line, "{\"vary\":%s", parameter->vary ? "true" : "false");
      put_number (line, "error", parameter->error[frame]);
      put_number (line, "min", parameter->lower[frame]);
      put_number (line, "max", parameter->upper[frame]);
      g_string_append_c (line, '}');
    }
  g_string_append_c (line, '}');
}

static void
put_seed (GString *line, const SaxidRecordSeed *seed, gsize frame)
{
  put_number (line, "chi2", seed != NULL ? seed->chi2[frame] : NAN);
  begin_member (line, "seed");
  if (seed == NULL)
    {
      g_string_append (line, "null");
      return;
    }
  g_string_append_c (line, '{');
  put_text (line, "model", seed->model);
  for (guint k = 0; k < seed->n_parameter; k++)
    put_number (line, seed->parameter[k].name, seed->parameter[k].value[frame]);
  put_limits (line, seed, frame);
  g_string_append_c (line, '}');
}

/* What the file knows of a material, as saxid tag --json tells it; reasons are in the note. */
static void
put_material (GString *line, const SaxidRecord *record, gsize frame)
{
  static const char *const bases[] = { NULL, "shape", "invariant", "given" };
  const SaxidRecordSeed *seed = material_seed (record, frame);
  guint basis = 0;

  begin_member (line, "material");
  if (seed == NULL)
    {
      g_string_append (line, "null");
      return;
    }
  for (guint k = 0; k < seed->n_parameter; k++)
    if (strcmp (seed->parameter[k].name, BASIS) == 0 && seed->parameter[k].value[frame] >= 0
        && seed->parameter[k].value[frame] < G_N_ELEMENTS (bases))
      basis = (guint) seed->parameter[k].value[frame];
  g_string_append_c (line, '{');
  put_text (line, "kind", seed->class_name);
  put_text (line, "status", "found");
  put_text (line, BASIS, bases[basis]);
  put_text (line, "reason", NULL);
  put_text (line, "warning", NULL);
  for (guint k = 0; k < seed->n_parameter; k++)
    {
      const SaxidRecordParameter *parameter = &seed->parameter[k];

      if (strcmp (parameter->name, BASIS) == 0)
        continue;
      begin_member (line, parameter->name);
      g_string_append_c (line, '{');
      if (parameter->unit != NULL && *parameter->unit != '\0')
        put_text (line, "unit", parameter->unit);
      else
        g_string_append (line, "\"unit\":\"\"");
      put_number (line, "value", parameter->value[frame]);
      put_number (line, "lower", parameter->lower[frame]);
      put_number (line, "upper", parameter->upper[frame]);
      g_string_append_c (line, '}');
    }
  g_string_append_c (line, '}');
}

char *
saxid_show_json_line (const char *file, const SaxidRecord *record, gsize frame)
{
  GString *line = g_string_new ("{");
  const int label = record->class_index[frame];
  struct saxid_atoms atoms;

  put_text (line, "file", file);
  put_text (line, "entry", record->parent);
  put_text (line, "group", record->name);
  put_text (line, "data", record->i_path);
  put_number (line, "frame", (double) frame);
  put_text (line, "status", status_names[record->status[frame]]);
  put_text (line, "label", label >= 0 ? record->class_name[label] : NULL);
  put_parts (line, "probability", record->n_class, record->class_name, record->probability, frame);
  put_number (line, "confidence", (double) record->confidence[frame]);
  begin_member (line, "outlier");
  g_string_append (line, record->outlier[frame] != 0 ? "true" : "false");
  put_number (line, "outlier_score", (double) record->outlier_score[frame]);
  put_set (line, record, frame);
  put_parts (line, "family", record->n_family, record->family_name, record->family, frame);
  put_parts (line, "structure", record->n_structure, record->structure_name, record->structure, frame);
  put_seed (line, best_seed (record, frame), frame);
  put_material (line, record, frame);
  saxid_atoms_of_record (record, frame, &atoms);
  saxid_atoms_json (&atoms, line);
  put_text (line, "note", record->note);
  put_text (line, "model", record->model_file_name);
  put_text (line, "checksum", record->model_sha256);
  put_text (line, "version", record->program_version);
  put_text (line, "date", record->date);
  g_string_append_c (line, '}');
  return g_string_free (line, FALSE);
}
