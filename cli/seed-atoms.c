/* Which particle of atoms should an analyst begin with?
 *
 * Thread: see seed-atoms.h.
 */
#include "config.h"

#include "cli/seed-atoms.h"

#include <math.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/seed-curve.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "models/atomic/values.h"
#include "reducers/error.h"
#include "reducers/peaks.h"
#include "schemas/disk/atomic-file.h"

#define VERB "seed"

typedef struct
{
  const SaxidSeedAtomsOptions *options;
  const SaxidElement *element;
  SaxidClusterAtlas *atlas; /* of the last curve that needed one */
  guint fitted;
  char *xyz;                /* of the last curve */
} Run;

/* --- what is shown ------------------------------------------------------------------------ */

static char *
name_page (const SaxidClusterPage *page)
{
  return saxid_atoms_name_size (saxid_polyhedron_name (page->polyhedron), page->size.n, page->size.e, page->size.m);
}

static void
print_families (const SaxidClusterAtlas *atlas, guint n, const SaxidClusterFit *fit)
{
  g_print ("  family:");
  for (guint k = 0; k < n; k++)
    {
      const char *family = saxid_polyhedron_family (atlas->page[fit[k].page].polyhedron);
      double sum = 0;
      gboolean is_first = TRUE;

      for (guint j = 0; j < n; j++)
        if (g_str_equal (saxid_polyhedron_family (atlas->page[fit[j].page].polyhedron), family))
          {
            is_first = is_first && j >= k;
            sum += fit[j].weight;
          }
      if (is_first && sum >= 0.005)
        g_print (" %s %.2f", family, sum);
    }
  g_print ("\n");
}

static gboolean
is_largest (const SaxidClusterAtlas *atlas, guint page)
{
  return page + 1 == atlas->n || atlas->page[page + 1].row != atlas->page[page].row;
}

static void
print_fit (const SaxidClusterAtlas *atlas, const SaxidClusterFit *fit)
{
  g_autofree char *name = name_page (&atlas->page[fit->page]);

  g_print ("  %s (%s), part of the fits %.2f, misfit %.3g\n", name, saxid_polyhedron_family (atlas->page[fit->page].polyhedron),
           fit->weight, fit->misfit);
  g_print ("    %-12s %10.4g    %-12s %10.4g Å    %-12s %10.3g σ/mean\n", "atoms", fit->atoms, "radius", fit->radius, "width",
           fit->width);
  g_print ("    %-12s %10.4f Å  %-12s %10.3g Å²   %-12s %10.4g\n", "neighbours", fit->d, "B", fit->b, "background", fit->ground[SAXID_GROUND_FLAT]);
  g_print ("    %-12s %10.2g 1/Å (standard deviation of q)\n", "resolution", fit->resolution);
  if (fit->occupancy < 1)
    g_print ("    %-12s %10.3g of its sites are taken\n", "surface", fit->occupancy);
  if (is_largest (atlas, fit->page))
    g_print ("    ! the largest that is tried: the particle may be larger\n");
}

static void
print_curve (const Run *run, const SaxidSeededCurve *curve, guint n, const SaxidClusterFit *fit)
{
  g_autofree char *title = saxid_text_printable (curve->title), *note = saxid_text_printable (curve->note);
  SaxidPeaks peaks;

  g_print ("%s\n", title);
  if (curve->note != NULL)
    g_print ("  note: %s\n", note);
  if (saxid_peaks_find (curve->curve, &peaks) && !peaks.is_seen)
    g_print ("  note: no peak of a crystal stands out from 1.5 to 4 1/Å (ln I rises by %.2f, 0.2 is asked for): the shape is a guess\n",
             peaks.rise);
  if (fit[0].misfit > SAXID_ATOMS_MOST_MISFIT)
    g_print ("  note: no particle comes near the curve (misfit %.3g): another element, a powder, a halo, or a background that is not flat?\n",
             fit[0].misfit);
  print_families (run->atlas, n, fit);
  for (guint k = 0; k < MIN (n, run->options->candidates); k++)
    print_fit (run->atlas, &fit[k]);
}

/* --- the particle itself ------------------------------------------------------------------ */

/* The text of an .xyz file: number of atoms, a comment, and a line each, Å. */
static char *
to_xyz (const Run *run, const SaxidSeededCurve *curve, const SaxidClusterFit *fit)
{
  const SaxidClusterPage *page = &run->atlas->page[fit->page];
  g_autoptr (SaxidCluster) cluster = saxid_cluster_new (page->polyhedron, page->size, NULL);
  g_autofree char *name = name_page (page), *title = saxid_text_printable (curve->title);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%" G_GSIZE_FORMAT "\n%s %s, d = %.4f A, B = %.3f A^2, width = %.3f, surface = %.2f, part of the fits %.2f, misfit %.3g; %s; saxid "
                               PACKAGE_VERSION "\n",
                          cluster->n, run->element->symbol, name, fit->d, fit->b, fit->width, fit->occupancy, fit->weight, fit->misfit, title);
  for (gsize k = 0; k < cluster->n; k++)
    g_string_append_printf (out, "%s %.5f %.5f %.5f\n", run->element->symbol, fit->d * cluster->position[3 * k],
                            fit->d * cluster->position[3 * k + 1], fit->d * cluster->position[3 * k + 2]);
  return g_string_free (out, FALSE);
}

static gboolean
write_xyz (const Run *run, GError **error)
{
  SaxidAtomicFile *file;

  if (run->fitted != 1)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%u curves, --format xyz is of one (--frame N takes one of a run)", run->fitted);
      return FALSE;
    }
  if (run->options->output == NULL)
    {
      g_print ("%s", run->xyz);
      return TRUE;
    }
  file = saxid_atomic_begin (run->options->output, error);
  if (file == NULL)
    return FALSE;
  if (saxid_atomic_write (file, run->xyz, strlen (run->xyz), error))
    return saxid_atomic_commit (file, error);
  saxid_atomic_abort (file);
  return FALSE;
}

/* --- all curves --------------------------------------------------------------------------- */

static gboolean
check_range (const Run *run, const SaxidCurve *curve, GError **error)
{
  const double last = curve->q[curve->n - 1], needed = saxid_peaks_needed (run->element->d);

  if (last >= needed)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "q ends at %.3g 1/Å, %.3g 1/Å is needed for the first peaks of %s", last, needed,
               run->element->symbol);
  return FALSE;
}

static gboolean
fit_curve (Run *run, const SaxidSeededCurve *curve, GError **error)
{
  SaxidClusterFit fit[SAXID_CLUSTER_FITS];
  guint n;

  if (curve->curve == NULL)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, curve->reason);
      return FALSE;
    }
  if (!check_range (run, curve->curve, error))
    return FALSE;
  if (run->atlas == NULL)
    run->atlas = saxid_cluster_atlas_new (run->options->largest / run->element->d, SAXID_CLUSTER_LAST, g_get_num_processors ());
  n = saxid_cluster_fit (run->atlas, run->element, curve->curve, fit, error);
  if (n == 0)
    return FALSE;
  run->fitted++;
  g_free (run->xyz);
  run->xyz = run->options->xyz ? to_xyz (run, curve, &fit[0]) : NULL;
  if (!run->options->xyz)
    print_curve (run, curve, n, fit);
  return TRUE;
}

/* FALSE where something failed; it is printed. */
static gboolean
fit_file (Run *run, const char *path, const SaxidReadOptions *read)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidReader) reader = saxid_reader_open (path, read, &error);
  gboolean all = TRUE;

  if (reader == NULL)
    {
      saxid_verb_failed (VERB, error);
      return FALSE;
    }
  for (guint s = 0; s < saxid_reader_source_count (reader); s++)
    {
      const gsize n_frame = saxid_reader_source (reader, s)->n_frame;
      const gint64 only = run->options->frame;

      for (gsize k = only < 0 ? 0 : (gsize)only; k < (only < 0 ? n_frame : MIN (n_frame, (gsize)only + 1)) && !saxid_interrupted (); k++)
        {
          SaxidSeededCurve *curve = saxid_seed_curve_read (reader, path, s, k, run->options->any_technique);
          g_autoptr (GError) reason = NULL;

          if (!fit_curve (run, curve, &reason))
            {
              saxid_error_add_place (&reason, "%s", curve->title);
              saxid_verb_failed (VERB, reason);
              all = FALSE;
            }
          saxid_seeded_curve_free (curve);
        }
    }
  return all;
}

int
saxid_seed_atoms (const SaxidSeedAtomsOptions *options, const SaxidReadOptions *read, int n_file, char **file)
{
  Run run = { .options = options, .element = saxid_element_find (options->element) };
  g_autoptr (GError) error = NULL;
  gboolean all = TRUE;

  if (run.element == NULL)
    {
      g_autofree char *shown = saxid_text_printable (options->element);
      g_autofree char *known = saxid_element_list ();

      return saxid_verb_usage (VERB, "element '%s' is not known: %s", shown, known);
    }
  for (int k = 0; k < n_file && !saxid_interrupted (); k++)
    all = fit_file (&run, file[k], read) && all;
  if (options->xyz && (run.fitted > 0 || all) && !write_xyz (&run, &error))
    {
      all = FALSE;
      saxid_verb_failed (VERB, error);
    }
  saxid_cluster_atlas_free (run.atlas);
  g_free (run.xyz);
  return all && !saxid_interrupted () ? SAXID_EXIT_OK : SAXID_EXIT_FAILED;
}
