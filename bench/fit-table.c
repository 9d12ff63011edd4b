/* What do the fits of every class say of a curve, and how long do they take?
 *
 *   fit-table [--templates] MODEL FILE…
 *   fit-table [--templates] MODEL --set SET FIRST LAST
 *
 * For each curve of the files (text), or for some rows of a simulated set, tab-separated lines:
 * name, class, probability of the network, misfit (contest.h), free parameters, ln weight,
 * evaluations, processor seconds, width, second width. Of a set the name is the true class and
 * the row. The line "-network" has the network's confidence, its outlier score, whether that is
 * above the limit, the points of the coarse curve, and the seconds of the contest. With --templates
 * the nearest particle of the atlas stands for each class.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/set-curve.h"
#include "models/fit/contest.h"
#include "plugin/model.h"
#include "schemas/learn/dataset.h"
#include "schemas/text/file.h"

static SaxidContestOf standing = SAXID_CONTEST_OF_FITS;

static void
print_contest (const char *name, const SaxidModel *model, const SaxidContest *contest)
{
  for (guint k = 0; k < contest->n; k++)
    {
      const SaxidContestant *class = &contest->class[k];

      printf ("%s\t%s\t%.5g\t%.5g\t%u\t%.3f\t%u\t%.4f\t%.3g\t%.3g\n", name, model->predictor->class_name[k],
              class->probability, class->fitted ? class->misfit : NAN, class->n_free,
              class->log_weight, class->fit.evaluations, class->seconds, class->fit.point.width, class->fit.point.second_width);
    }
}

static void
run_curve (const char *name, const SaxidModel *model, SaxidCurve *curve)
{
  g_autoptr (GError) error = NULL;
  const SaxidForms forms = saxid_model_forms (model);
  g_autoptr (SaxidScratch) scratch = saxid_scratch_new (model->predictor, &error);
  float probability[SAXID_PREDICTOR_MOST_CLASSES];
  guint8 in_set[SAXID_PREDICTOR_MOST_CLASSES];
  SaxidVerdict verdict;
  SaxidContest contest;
  double start;

  if (scratch == NULL || !saxid_curve_clean (curve, NULL, &error)
      || !saxid_predictor_judge (model->predictor, curve, scratch, &verdict, probability, in_set, &error))
    {
      fprintf (stderr, "fit-table: %s: %s\n", name, error->message);
      return;
    }
  start = saxid_thread_seconds ();
  if (!saxid_contest (&forms, standing, curve, probability, &contest, &error))
    {
      fprintf (stderr, "fit-table: %s: %s\n", name, error->message);
      return;
    }
  printf ("%s\t-network\t%g\t%g\t%d\t0\t0\t0\t%u\t%.4f\n", name, verdict.confidence, verdict.outlier_score,
          verdict.outlier, contest.n_point, saxid_thread_seconds () - start);
  print_contest (name, model, &contest);
  fflush (stdout);
}

static void
run_file (const char *path, const SaxidModel *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidMeasurement) measurement = saxid_text_read (path, NULL, &error);
  g_autofree char *base = g_path_get_basename (path);

  if (measurement == NULL)
    fprintf (stderr, "fit-table: %s\n", error->message);
  else
    run_curve (base, model, measurement->curve);
}

static void
run_set (const SaxidModel *model, const SaxidDataset *set, gsize first, gsize last)
{
  for (gsize row = first; row < MIN (last, set->n_curve); row++)
    {
      g_autoptr (SaxidCurve) curve = saxid_set_curve (set, row);
      g_autofree char *name = g_strdup_printf ("%s %zu", set->header.class_name[set->label[row]], row);

      run_curve (name, model, curve);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidModel) model = NULL;
  g_autoptr (SaxidDataset) set = NULL;

  if (argc > 1 && strcmp (argv[1], "--templates") == 0)
    {
      standing = SAXID_CONTEST_OF_TEMPLATES;
      argv[1] = argv[0];
      argv++;
      argc--;
    }
  if (argc < 3)
    {
      fprintf (stderr, "fit-table: MODEL FILE… or MODEL --set SET FIRST LAST are needed\n");
      return 2;
    }
  model = saxid_model_load (argv[1], &error);
  if (model != NULL && strcmp (argv[2], "--set") == 0 && argc == 6)
    set = saxid_dataset_read (argv[3], &error);
  if (error != NULL)
    {
      fprintf (stderr, "fit-table: %s\n", error->message);
      return 1;
    }
  if (set != NULL)
    run_set (model, set, strtoul (argv[4], NULL, 10), strtoul (argv[5], NULL, 10));
  else
    for (int k = 2; k < argc; k++)
      run_file (argv[k], model);
  return 0;
}
