/* How do particles of atoms read?
 *
 * Thread: see atoms.h.
 */
#include "cli/atoms.h"

#include <math.h>
#include <string.h>

#include "cli/tag-json.h"
#include "models/atomic/values.h"

/* --- from a file ---------------------------------------------------------------------------- */

gboolean
saxid_atoms_is_seed (const SaxidRecordSeed *seed)
{
  return strcmp (seed->model, SAXID_ATOMS_MODEL) == 0;
}

static double
value_of (const SaxidRecordSeed *seed, gsize frame, const char *name)
{
  for (guint k = 0; k < seed->n_parameter; k++)
    if (strcmp (seed->parameter[k].name, name) == 0)
      return seed->parameter[k].value[frame];
  return NAN;
}

/* Numbers of a file may be anything. */
static uint32_t
count_of (const SaxidRecordSeed *seed, gsize frame, const char *name)
{
  const double value = value_of (seed, frame, name);

  return value >= 0 && value <= SAXID_CLUSTER_MOST_SIZE ? (uint32_t) value : 0;
}

/* The shape goes where its probability puts it. */
static void
add_habit (const SaxidRecordSeed *seed, gsize frame, struct saxid_atoms *atoms)
{
  const SaxidPolyhedron *polyhedron = saxid_polyhedron_find (seed->class_name);
  guint at = atoms->n_habit;

  if (polyhedron == NULL || atoms->n_habit == SAXID_ATOMS_HABITS)
    return;
  for (; at > 0 && seed->weight[frame] > atoms->habit[at - 1].probability; at--)
    atoms->habit[at] = atoms->habit[at - 1];
  memset (&atoms->habit[at], 0, sizeof atoms->habit[at]);
  g_strlcpy (atoms->habit[at].name, seed->class_name, sizeof atoms->habit[at].name);
  g_strlcpy (atoms->habit[at].family, saxid_polyhedron_family (polyhedron), sizeof atoms->habit[at].family);
  atoms->habit[at].size_n = count_of (seed, frame, "size_n");
  atoms->habit[at].size_e = count_of (seed, frame, "size_e");
  atoms->habit[at].size_m = count_of (seed, frame, "size_m");
  atoms->habit[at].in_set = count_of (seed, frame, "in_set");
  atoms->habit[at].probability = seed->weight[frame];
  atoms->habit[at].misfit = seed->chi2[frame];
  atoms->n_habit++;
}

static void
take_numbers (const SaxidRecordSeed *seed, gsize frame, struct saxid_atoms *atoms)
{
  const SaxidElement *element = saxid_element_of_number (count_of (seed, frame, "atomic_number"));

  atoms->status = SAXID_ATOMS_FOUND;
  atoms->misfit = seed->chi2[frame];
  atoms->q_min = seed->q_min[frame];
  atoms->q_max = seed->q_max[frame];
  atoms->element_probability = value_of (seed, frame, "element_probability");
  g_strlcpy (atoms->element, element != NULL ? element->symbol : "", sizeof atoms->element);
  atoms->n_number = MIN (seed->n_parameter, SAXID_ATOMS_NUMBERS);
  for (guint k = 0; k < atoms->n_number; k++)
    {
      const SaxidRecordParameter *parameter = &seed->parameter[k];

      g_strlcpy (atoms->number[k].name, parameter->name, sizeof atoms->number[k].name);
      g_strlcpy (atoms->number[k].unit, parameter->unit != NULL ? parameter->unit : "", sizeof atoms->number[k].unit);
      atoms->number[k].value = parameter->value[frame];
      atoms->number[k].lower = parameter->lower[frame];
      atoms->number[k].upper = parameter->upper[frame];
    }
}

void
saxid_atoms_of_record (const SaxidRecord *record, gsize frame, struct saxid_atoms *atoms)
{
  const SaxidRecordSeed *best = NULL;

  *atoms = (struct saxid_atoms) { .struct_size = sizeof *atoms };
  for (guint k = 0; k < record->seed->len; k++)
    {
      const SaxidRecordSeed *seed = record->seed->pdata[k];

      if (!saxid_atoms_is_seed (seed) || !isfinite (seed->chi2[frame]))
        continue;
      add_habit (seed, frame, atoms);
      if (best == NULL || seed->weight[frame] > best->weight[frame])
        best = seed;
    }
  if (best != NULL && atoms->n_habit > 0)
    take_numbers (best, frame, atoms);
}

/* --- for people ----------------------------------------------------------------------------- */

void
saxid_atoms_line (const struct saxid_atoms *atoms, char *text, gsize size)
{
  SaxidAtomsValue value[SAXID_ATOMS_NUMBERS];

  text[0] = '\0';
  if (atoms == NULL || atoms->status == SAXID_ATOMS_NOT_ASKED)
    return;
  if (atoms->n_habit == 0)
    {
      g_snprintf (text, size, "atoms: %s", saxid_atoms_status_name ((SaxidAtomsStatus) atoms->status));
      return;
    }
  for (guint k = 0; k < atoms->n_number; k++)
    value[k] = (SaxidAtomsValue) { atoms->number[k].name, atoms->number[k].unit, atoms->number[k].value, atoms->number[k].lower,
                                   atoms->number[k].upper };
  saxid_atoms_say_values (atoms->habit[0].name, atoms->habit[0].probability, value, atoms->n_number, text, size);
}

/* --- for programs --------------------------------------------------------------------------- */

static void
put_number (GString *line, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (line, "%s\"%s\":%s", strchr ("{[", line->str[line->len - 1]) != NULL ? "" : ",", name,
                          isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.6g", value) : "null");
}

static void
put_text (GString *line, const char *name, const char *text)
{
  g_string_append_printf (line, "%s\"%s\":", line->str[line->len - 1] == '{' ? "" : ",", name);
  if (*text != '\0')
    saxid_tag_json_text (line, text);
  else
    g_string_append (line, "null");
}

/* Sums of a family, in the order of their best shapes. */
static void
put_families (GString *line, const struct saxid_atoms *atoms)
{
  g_string_append (line, ",\"family\":{");
  for (guint k = 0; k < atoms->n_habit; k++)
    {
      double sum = 0;
      gboolean is_first = TRUE;

      for (guint j = 0; j < atoms->n_habit; j++)
        if (strcmp (atoms->habit[j].family, atoms->habit[k].family) == 0)
          {
            is_first = is_first && j >= k;
            sum += atoms->habit[j].probability;
          }
      if (is_first)
        put_number (line, atoms->habit[k].family, sum);
    }
  g_string_append_c (line, '}');
}

static void
put_habits (GString *line, const struct saxid_atoms *atoms)
{
  g_string_append (line, ",\"habit\":{");
  for (guint k = 0; k < atoms->n_habit; k++)
    put_number (line, atoms->habit[k].name, atoms->habit[k].probability);
  g_string_append (line, "},\"habit_set\":[");
  for (guint k = 0; k < atoms->n_habit; k++)
    if (atoms->habit[k].in_set != 0)
      g_string_append_printf (line, "%s\"%s\"", line->str[line->len - 1] == '[' ? "" : ",", atoms->habit[k].name);
  g_string_append (line, "],\"size\":{");
  put_number (line, "n", atoms->habit[0].size_n);
  put_number (line, "e", atoms->habit[0].size_e);
  put_number (line, "m", atoms->habit[0].size_m);
  g_string_append_c (line, '}');
}

void
saxid_atoms_json (const struct saxid_atoms *atoms, GString *line)
{
  static const char *const status[] = { "", "found", "window_too_short", "not_of_this_kind" };

  if (atoms == NULL || atoms->status == SAXID_ATOMS_NOT_ASKED)
    {
      g_string_append (line, ",\"atoms\":null");
      return;
    }
  g_string_append_printf (line, ",\"atoms\":{\"status\":\"%s\"", status[atoms->status]);
  put_text (line, "reason", atoms->reason);
  put_text (line, "element", atoms->element);
  if (atoms->n_habit > 0)
    {
      put_number (line, "element_probability", atoms->element_probability);
      put_families (line, atoms);
      put_habits (line, atoms);
    }
  put_number (line, "misfit", atoms->q_max > 0 ? atoms->misfit : NAN);
  put_number (line, "q_min", atoms->q_max > 0 ? atoms->q_min : NAN);
  put_number (line, "q_max", atoms->q_max > 0 ? atoms->q_max : NAN);
  for (guint k = 0; k < atoms->n_number; k++)
    if (isfinite (atoms->number[k].lower))
      {
        g_string_append_c (line, ',');
        saxid_tag_json_text (line, atoms->number[k].name);
        g_string_append_printf (line, ":{\"unit\":\"%s\"", strcmp (atoms->number[k].unit, "angstrom") == 0 ? "angstrom" : "");
        put_number (line, "value", atoms->number[k].value);
        put_number (line, "lower", atoms->number[k].lower);
        put_number (line, "upper", atoms->number[k].upper);
        g_string_append_c (line, '}');
      }
  g_string_append_c (line, '}');
}
