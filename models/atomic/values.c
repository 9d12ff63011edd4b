/* How is what is known of particles of atoms told?
 *
 * Thread: pure.
 */
#include "models/atomic/values.h"

#include <math.h>
#include <string.h>

static SaxidAtomsInterval
alone (double value)
{
  return (SaxidAtomsInterval) { value, NAN, NAN };
}

/* Of habits after the first what their own fits say, without an interval. */
static SaxidAtomsInterval
either (guint k, SaxidAtomsInterval of_all, double own)
{
  return k == 0 ? of_all : alone (own);
}

static double
family_probability (const SaxidAtomsAnswer *answer, const SaxidPolyhedron *polyhedron)
{
  for (guint k = 0; k < answer->n_family; k++)
    if (strcmp (answer->family[k].name, saxid_polyhedron_family (polyhedron)) == 0)
      return answer->family[k].probability;
  return 0;
}

guint
saxid_atoms_values (const SaxidAtomsAnswer *answer, guint k, SaxidAtomsValue *value)
{
  const SaxidAtomsHabit *habit = &answer->habit[k];
  const SaxidClusterFit *fit = &habit->fit;
  const double sphere = fit->d * cbrt (3 * fit->atoms * saxid_polyhedron_atom_volume (habit->polyhedron) / (4 * G_PI));
  const struct
  {
    const char *name, *unit;
    SaxidAtomsInterval interval;
  } rows[] = {
    { "n_atoms", "", either (k, answer->atoms, fit->atoms) },
    { "d", "angstrom", either (k, answer->d, fit->d) },
    { "equivalent_radius", "angstrom", either (k, answer->radius, sphere) },
    { "width", "", either (k, answer->width, fit->width) },
    { "family_probability", "", alone (family_probability (answer, habit->polyhedron)) },
    { "atomic_number", "", alone (answer->element[0].element->number) },
    { "element_probability", "", alone (answer->element[0].probability) },
    { "size_n", "", alone (habit->size.n) },
    { "size_e", "", alone (habit->size.e) },
    { "size_m", "", alone (habit->size.m) },
    { "b_factor", "angstrom^2", alone (fit->b) },
    { "surface_occupancy", "", alone (fit->occupancy) },
    { "resolution", "1/angstrom", alone (fit->resolution) },
    { "scale", "", alone (fit->scale) },
    { "background", "", alone (fit->ground[SAXID_GROUND_FLAT]) },
    { "background_rising", "", alone (fit->ground[SAXID_GROUND_RISING]) },
    { "background_halo", "", alone (fit->ground[SAXID_GROUND_HALO]) },
    { "in_set", "", alone (habit->in_set) },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (rows) <= SAXID_ATOMS_VALUES);
  for (guint j = 0; j < G_N_ELEMENTS (rows); j++)
    value[j] = (SaxidAtomsValue) { rows[j].name, rows[j].unit, rows[j].interval.value, rows[j].interval.lower, rows[j].interval.upper };
  return G_N_ELEMENTS (rows);
}

char *
saxid_atoms_name_size (const char *polyhedron, guint n, guint e, guint m)
{
  const SaxidPolyhedron *known = saxid_polyhedron_find (polyhedron);

  if (known != NULL && saxid_polyhedron_has_columns (known))
    return g_strdup_printf ("%s P = %u, E = %u, M = %u", polyhedron, n, e, m);
  return g_strdup_printf ("%s n = %u", polyhedron, n);
}

static SaxidAtomsInterval
value_of (const SaxidAtomsValue *value, guint n, const char *name)
{
  for (guint k = 0; k < n; k++)
    if (strcmp (value[k].name, name) == 0)
      return (SaxidAtomsInterval) { value[k].value, value[k].lower, value[k].upper };
  return alone (NAN);
}

void
saxid_atoms_say_values (const char *polyhedron, double probability, const SaxidAtomsValue *value, guint n, char *text, gsize size)
{
  const SaxidPolyhedron *known = saxid_polyhedron_find (polyhedron);
  const SaxidElement *element = saxid_element_of_number ((guint)fmax (value_of (value, n, "atomic_number").value, 0));
  const SaxidAtomsInterval atoms = value_of (value, n, "n_atoms"), d = value_of (value, n, "d");

  if (known == NULL || element == NULL || !isfinite (atoms.value) || !isfinite (d.value))
    {
      g_strlcpy (text, "", size);
      return;
    }
  g_snprintf (text, size, "%s %.2f (%s %.2f), %s %.4g atoms (%.3g to %.3g), d %.4g A", polyhedron, probability,
              saxid_polyhedron_family (known), value_of (value, n, "family_probability").value, element->symbol, atoms.value, atoms.lower,
              atoms.upper, d.value);
}
