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

/* --- back from a host ------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, gsize frame, const char *what)
{
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "atoms of verdict %" G_GSIZE_FORMAT " have %s, which no answer has", frame, what);
  return FALSE;
}

static SaxidAtomsInterval
number_of (const struct saxid_atoms *atoms, const char *name)
{
  for (guint k = 0; k < atoms->n_number; k++)
    if (strncmp (atoms->number[k].name, name, sizeof atoms->number[k].name) == 0)
      return (SaxidAtomsInterval) { atoms->number[k].value, atoms->number[k].lower, atoms->number[k].upper };
  return (SaxidAtomsInterval) { NAN, NAN, NAN };
}

/* The best shape's own numbers; those of the others a host was not given. */
static void
take_fit (const struct saxid_atoms *atoms, SaxidClusterFit *fit)
{
  fit->atoms = number_of (atoms, "n_atoms").value;
  fit->d = number_of (atoms, "d").value;
  fit->width = number_of (atoms, "width").value;
  fit->b = number_of (atoms, "b_factor").value;
  fit->occupancy = number_of (atoms, "surface_occupancy").value;
  fit->resolution = number_of (atoms, "resolution").value;
  fit->scale = number_of (atoms, "scale").value;
  fit->ground[SAXID_GROUND_FLAT] = number_of (atoms, "background").value;
  fit->ground[SAXID_GROUND_RISING] = number_of (atoms, "background_rising").value;
  fit->ground[SAXID_GROUND_HALO] = number_of (atoms, "background_halo").value;
}

static gboolean
take_habits (const struct saxid_atoms *atoms, gsize frame, SaxidAtomsAnswer *answer, GError **error)
{
  for (guint k = 0; k < atoms->n_habit; k++)
    {
      SaxidAtomsHabit *habit = &answer->habit[k];
      g_autofree char *name = g_strndup (atoms->habit[k].name, sizeof atoms->habit[k].name);

      *habit = (SaxidAtomsHabit) { .polyhedron = saxid_polyhedron_find (name), .in_set = atoms->habit[k].in_set != 0,
                                   .size = { atoms->habit[k].size_n, atoms->habit[k].size_e, atoms->habit[k].size_m },
                                   .fit = { .weight = atoms->habit[k].probability, .misfit = atoms->habit[k].misfit,
                                            .atoms = NAN, .d = NAN, .width = NAN, .b = NAN, .occupancy = NAN, .scale = NAN,
                                            .ground = { NAN, NAN, NAN } } };
      if (habit->polyhedron == NULL)
        return refuse (error, frame, "a shape that is not known");
      if (!(habit->fit.weight >= 0 && habit->fit.weight <= 1 && isfinite (habit->fit.misfit)))
        return refuse (error, frame, "a probability or misfit");
      saxid_atoms_add_to_family (answer, saxid_polyhedron_family (habit->polyhedron), habit->fit.weight);
    }
  take_fit (atoms, &answer->habit[0].fit);
  return TRUE;
}

gboolean
saxid_atoms_take (const struct saxid_atoms *atoms, gsize frame, SaxidAtomsAnswer *answer, GError **error)
{
  g_autofree char *symbol = g_strndup (atoms->element, sizeof atoms->element);

  *answer = (SaxidAtomsAnswer) { 0 };
  if (atoms->status != SAXID_ATOMS_FOUND)
    return TRUE;
  if (atoms->n_habit < 1 || atoms->n_habit > SAXID_CLUSTER_FITS || atoms->n_number > SAXID_ATOMS_NUMBERS)
    return refuse (error, frame, "a number of shapes or of values");
  answer->element[0].element = saxid_element_find (symbol);
  if (answer->element[0].element == NULL)
    return refuse (error, frame, "an element that is not known");
  answer->n_element = 1;
  answer->element[0].probability = atoms->element_probability;
  answer->is_told = atoms->element_told != 0;
  answer->atoms = number_of (atoms, "n_atoms");
  answer->d = number_of (atoms, "d");
  answer->radius = number_of (atoms, "equivalent_radius");
  answer->width = number_of (atoms, "width");
  answer->misfit = atoms->misfit;
  answer->q_first = atoms->q_min;
  answer->q_last = atoms->q_max;
  answer->n_habit = atoms->n_habit;
  answer->status = SAXID_ATOMS_FOUND;
  return take_habits (atoms, frame, answer, error);
}
