/* Is a curve that of particles of metal atoms, beside what its form factor is?
 *
 * Thread: see atoms.h.
 */
#include "plugin/atoms.h"

#include <math.h>
#include <string.h>

#include "models/atomic/values.h"
#include "reducers/error.h"

#define RULE "auto"
#define ALWAYS "atomic"
/* Shapes of less probability are not worth a group in a file. */
#define LEAST_STORED 0.01

gboolean
saxid_atoms_is_rule (const char *model)
{
  return g_strcmp0 (model, RULE) == 0 || g_strcmp0 (model, ALWAYS) == 0;
}

gboolean
saxid_atoms_configure (struct saxid_context *context, const char *element, const char *model, GError **error)
{
  context->atoms = context->fits == SAXID_FITS_WEIGHED;
  context->insist = g_strcmp0 (model, ALWAYS) == 0;
  if (element != NULL && saxid_element_find (element) == NULL)
    {
      g_autofree char *known = saxid_element_list ();

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "element '%.8s' is not known: %s (configuration)", element, known);
      return FALSE;
    }
  if (context->insist && !context->atoms)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                           "model 'atomic' is made of fits, which the configuration leaves out ('fits')");
      return FALSE;
    }
  context->element = g_strdup (element);
  return TRUE;
}

void
saxid_atoms_judge (const struct saxid_workspace *workspace, const SaxidCurve *curve, SaxidJudgement *judgement)
{
  const struct saxid_context *context = workspace->context;
  const char *of_file = workspace->element != NULL && saxid_element_find (workspace->element) != NULL ? workspace->element : NULL;
  const SaxidAtomsQuestion question = { .element = context->element != NULL ? context->element : of_file, .insist = context->insist };

  if (context->atoms)
    saxid_atoms_answer (curve, &question, &judgement->atoms, NULL);
}

void
saxid_atoms_store (SaxidRecord *record, gsize frame, const SaxidAtomsAnswer *answer)
{
  SaxidAtomsValue value[SAXID_ATOMS_VALUES];
  const char *name[SAXID_ATOMS_VALUES], *unit[SAXID_ATOMS_VALUES];

  if (answer->status != SAXID_ATOMS_FOUND)
    return;
  for (guint k = 0; k < answer->n_habit && (k == 0 || answer->habit[k].fit.weight >= LEAST_STORED); k++)
    {
      const guint n = saxid_atoms_values (answer, k, value);
      SaxidRecordSeed *stored;

      for (guint j = 0; j < n; j++)
        {
          name[j] = value[j].name;
          unit[j] = value[j].unit;
        }
      stored = saxid_record_seed (record, saxid_polyhedron_name (answer->habit[k].polyhedron), SAXID_ATOMS_MODEL, n, name, unit);
      stored->chi2[frame] = answer->habit[k].fit.misfit;
      stored->weight[frame] = answer->habit[k].fit.weight;
      stored->q_min[frame] = answer->q_first;
      stored->q_max[frame] = answer->q_last;
      for (guint j = 0; j < n; j++)
        {
          stored->parameter[j].vary = isfinite (value[j].lower);
          stored->parameter[j].value[frame] = value[j].value;
          stored->parameter[j].lower[frame] = value[j].lower;
          stored->parameter[j].upper[frame] = value[j].upper;
        }
    }
}

static void
give_habits (const SaxidAtomsAnswer *answer, struct saxid_atoms *atoms)
{
  G_STATIC_ASSERT (SAXID_CLUSTER_FITS <= SAXID_ATOMS_HABITS);
  atoms->n_habit = answer->n_habit;
  for (guint k = 0; k < answer->n_habit; k++)
    {
      const SaxidAtomsHabit *habit = &answer->habit[k];

      g_strlcpy (atoms->habit[k].name, saxid_polyhedron_name (habit->polyhedron), sizeof atoms->habit[k].name);
      g_strlcpy (atoms->habit[k].family, saxid_polyhedron_family (habit->polyhedron), sizeof atoms->habit[k].family);
      atoms->habit[k].size_n = habit->size.n;
      atoms->habit[k].size_e = habit->size.e;
      atoms->habit[k].size_m = habit->size.m;
      atoms->habit[k].in_set = (uint32_t) habit->in_set;
      atoms->habit[k].probability = habit->fit.weight;
      atoms->habit[k].misfit = habit->fit.misfit;
    }
}

void
saxid_atoms_give (const SaxidAtomsAnswer *answer, struct saxid_atoms *atoms)
{
  SaxidAtomsValue value[SAXID_ATOMS_VALUES];

  G_STATIC_ASSERT (SAXID_ATOMS_VALUES <= SAXID_ATOMS_NUMBERS);
  G_STATIC_ASSERT (sizeof atoms->reason == SAXID_ATOMS_TEXT);
  *atoms = (struct saxid_atoms) { .struct_size = atoms->struct_size, .status = (int32_t) answer->status };
  memcpy (atoms->reason, answer->reason, sizeof atoms->reason);
  if (answer->n_habit == 0)
    return;
  atoms->misfit = answer->misfit;
  atoms->q_min = answer->q_first;
  atoms->q_max = answer->q_last;
  if (answer->status != SAXID_ATOMS_FOUND)
    return;
  g_strlcpy (atoms->element, answer->element[0].element->symbol, sizeof atoms->element);
  atoms->element_probability = answer->element[0].probability;
  atoms->element_told = (uint32_t) answer->is_told;
  give_habits (answer, atoms);
  atoms->n_number = saxid_atoms_values (answer, 0, value);
  for (guint k = 0; k < atoms->n_number; k++)
    {
      g_strlcpy (atoms->number[k].name, value[k].name, sizeof atoms->number[k].name);
      g_strlcpy (atoms->number[k].unit, value[k].unit, sizeof atoms->number[k].unit);
      atoms->number[k].value = value[k].value;
      atoms->number[k].lower = value[k].lower;
      atoms->number[k].upper = value[k].upper;
    }
}
