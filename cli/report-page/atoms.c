/* What does a report show of particles of atoms?
 *
 * Thread: see report-page/atoms.h.
 */
#include "cli/report-page/atoms.h"

#include <math.h>
#include <string.h>

#include "models/atomic/surface.h"
#include "models/atomic/values.h"

/* Shapes that are named. */
#define LEAST_SHOWN 0.005
/* Parts of all that tells two shapes apart, between which the range is drawn. */
#define TAIL 0.1
/* Larger particles are drawn by their surface. */
#define MOST_WHOLE 150

/* Peaks of the lattices that stand alone, q d; multiply twinned particles have those of close packing, displaced and broader. */
static const struct
{
  const char *family, *name;
  double x;
} peaks[] = {
  { "fcc", "111", 7.695 },         { "fcc", "200", 8.886 },         { "fcc", "220", 12.566 },        { "fcc", "311", 14.736 },
  { "fcc", "331", 19.366 },
  { "decahedral", "111", 7.695 },  { "decahedral", "200", 8.886 },  { "decahedral", "220", 12.566 }, { "decahedral", "311", 14.736 },
  { "icosahedral", "111", 7.695 }, { "icosahedral", "220", 12.566 }, { "icosahedral", "311", 14.736 },
  { "bcc", "110", 7.695 },         { "bcc", "200", 10.883 },        { "bcc", "211", 13.329 },        { "bcc", "220", 15.391 },
  { "bcc", "310", 17.207 },
};

static void
add_pair (GArray *pairs, const char *key, char *value)
{
  const SaxidReportPair pair = { g_strdup (key), value };

  g_array_append_val (pairs, pair);
}

static void
add_interval (GArray *pairs, const char *key, const char *unit, int digits, SaxidAtomsInterval interval)
{
  add_pair (pairs, key,
            g_strdup_printf ("%.*g%s (%.*g to %.*g)", digits, interval.value, unit, digits, interval.lower, digits, interval.upper));
}

static char *
list_habits (const SaxidAtomsAnswer *answer)
{
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < answer->n_habit; k++)
    if (answer->habit[k].fit.weight >= LEAST_SHOWN || k == 0)
      g_string_append_printf (text, "%s%s %.1f %%", k > 0 ? ", " : "", saxid_polyhedron_name (answer->habit[k].polyhedron),
                              100 * answer->habit[k].fit.weight);
  return g_string_free (text, FALSE);
}

static char *
list_families (const SaxidAtomsAnswer *answer)
{
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < answer->n_family; k++)
    if (answer->family[k].probability >= LEAST_SHOWN || k == 0)
      g_string_append_printf (text, "%s%s %.1f %%", k > 0 ? ", " : "", answer->family[k].name, 100 * answer->family[k].probability);
  return g_string_free (text, FALSE);
}

static char *
list_elements (const SaxidAtomsAnswer *answer)
{
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < answer->n_element; k++)
    if (answer->element[k].probability >= LEAST_SHOWN || k == 0)
      g_string_append_printf (text, answer->is_told ? "%s%s" : "%s%s %.0f %%", k > 0 ? ", " : "", answer->element[k].element->symbol,
                              100 * answer->element[k].probability);
  return g_string_free (text, FALSE);
}

static void
describe (GArray *pairs, const SaxidAtomsAnswer *answer)
{
  const SaxidClusterFit *fit = &answer->habit[0].fit;

  add_pair (pairs, "Shape", list_habits (answer));
  add_pair (pairs, "Family of lattices", list_families (answer));
  add_pair (pairs, answer->is_told ? "Element" : "Element, by d and misfit", list_elements (answer));
  add_interval (pairs, "Atoms", "", 4, answer->atoms);
  add_interval (pairs, "Nearest neighbours d", " Å", 5, answer->d);
  add_interval (pairs, "Radius of a sphere of so many", " Å", 4, answer->radius);
  add_interval (pairs, "Width of the sizes", " σ/mean", 2, answer->width);
  add_pair (pairs, "B", g_strdup_printf ("%.2g Å²", fit->b));
  if (fit->occupancy < 1)
    add_pair (pairs, "Sites of the surface", g_strdup_printf ("%.0f %% are taken", 100 * fit->occupancy));
  add_pair (pairs, "Resolution", g_strdup_printf ("%.2g Å⁻¹ (standard deviation of q)", fit->resolution));
  add_pair (pairs, "Fitted between", g_strdup_printf ("%.3g and %.3g Å⁻¹, misfit %.2g", answer->q_first, answer->q_last, answer->misfit));
  if (answer->reason[0] != '\0')
    add_pair (pairs, "Care", g_strdup (answer->reason));
}

/* Between which q the second shape loses to the first one. */
static void
find_range (const SaxidCurve *curve, const SaxidAtomsAnswer *answer, SaxidReportAtoms *atoms)
{
  g_autofree double *gain = g_new0 (double, curve->n);
  double sum = 0, before = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      const double sigma = hypot (curve->sigma != NULL ? curve->sigma[k] : 0, 0.03 * curve->intensity[k]);
      const double first = (curve->intensity[k] - atoms->line[0].intensity[k]) / sigma;
      const double second = (curve->intensity[k] - atoms->line[1].intensity[k]) / sigma;

      if (curve->q[k] <= answer->q_last && isfinite (first) && isfinite (second))
        gain[k] = fmax (second * second - first * first, 0);
      sum += gain[k];
    }
  for (gsize k = 0; k < curve->n && sum > 0; k++)
    {
      const double after = before + gain[k] / sum;

      if (before < TAIL && after >= TAIL)
        atoms->q_from = curve->q[k];
      if (before < 1 - TAIL && after >= 1 - TAIL)
        atoms->q_to = curve->q[k];
      before = after;
    }
  atoms->told_from = g_strdup_printf ("%s from %s", saxid_polyhedron_name (answer->habit[0].polyhedron),
                                      saxid_polyhedron_name (answer->habit[1].polyhedron));
}

static void
draw_lines (const SaxidCurve *curve, const SaxidAtomsAnswer *answer, SaxidReportAtoms *atoms)
{
  atoms->n_line = MIN (answer->n_habit, 2);
  for (guint k = 0; k < atoms->n_line; k++)
    {
      double *values = g_new (double, curve->n);

      saxid_cluster_fit_intensity (saxid_atoms_atlas (), answer->element[0].element, &answer->habit[k].fit, curve->n, curve->q, values);
      atoms->line[k] = (SaxidPlotLine) { .label = saxid_polyhedron_name (answer->habit[k].polyhedron), .n = curve->n, .q = curve->q,
                                         .intensity = values };
    }
  if (atoms->n_line == 2)
    find_range (curve, answer, atoms);
}

static void
name_peaks (const SaxidCurve *curve, const SaxidAtomsAnswer *answer, SaxidReportAtoms *atoms)
{
  for (gsize k = 0; k < G_N_ELEMENTS (peaks) && atoms->n_mark < SAXID_REPORT_PEAKS; k++)
    if (strcmp (peaks[k].family, answer->family[0].name) == 0 && peaks[k].x / answer->d.value < curve->q[curve->n - 1])
      atoms->mark[atoms->n_mark++] = (SaxidPlotMark) { peaks[k].x / answer->d.value, peaks[k].name };
}

static void
draw_particle (const SaxidAtomsAnswer *answer, SaxidReportAtoms *atoms)
{
  const SaxidAtomsHabit *habit = &answer->habit[0];
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (habit->polyhedron, habit->size, NULL), inside = NULL, outside = NULL;
  const SaxidCluster *shown = cluster;
  g_autofree char *size = saxid_atoms_name_size (saxid_polyhedron_name (habit->polyhedron), habit->size.n, habit->size.e, habit->size.m);

  saxid_cluster_split (cluster, &inside, &outside);
  if (cluster->n > MOST_WHOLE)
    shown = outside;
  atoms->n_atom = shown->n;
  atoms->position = g_memdup2 (shown->position, 3 * shown->n * sizeof (double));
  for (gsize k = 0; k < 3 * shown->n; k++)
    atoms->position[k] *= habit->fit.d;
  atoms->apart = habit->fit.d;
  atoms->title = g_strdup_printf ("%s, %s", answer->element[0].element->symbol, strchr (size, ' ') + 1); /* the shape is named beside it */
}

void
saxid_report_atoms (const SaxidCurve *curve, const char *element, gboolean insist, SaxidReportAtoms *atoms)
{
  GArray *pairs;
  SaxidAtomsAnswer answer;

  *atoms = (SaxidReportAtoms) { 0 };
  if (!saxid_atoms_answer (curve, &(SaxidAtomsQuestion) { .element = element, .insist = insist }, &answer, NULL)
      || answer.status != SAXID_ATOMS_FOUND)
    return;
  draw_lines (curve, &answer, atoms);
  name_peaks (curve, &answer, atoms);
  draw_particle (&answer, atoms);
  pairs = g_array_new (FALSE, FALSE, sizeof (SaxidReportPair));
  describe (pairs, &answer);
  atoms->n_pair = pairs->len;
  atoms->pair = (SaxidReportPair *) (gpointer) g_array_free (pairs, FALSE);
}

void
saxid_report_atoms_clear (SaxidReportAtoms *atoms)
{
  for (guint k = 0; k < atoms->n_line; k++)
    g_free ((double *) atoms->line[k].intensity);
  for (gsize k = 0; k < atoms->n_pair; k++)
    {
      g_free ((char *) atoms->pair[k].key);
      g_free ((char *) atoms->pair[k].value);
    }
  g_free (atoms->pair);
  g_free (atoms->position);
  g_free (atoms->title);
  g_free (atoms->told_from);
  *atoms = (SaxidReportAtoms) { 0 };
}
