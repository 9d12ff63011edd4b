/* Which lines belong over the data, and what do they say?
 *
 * Thread: see report-fit.h.
 */
#include "cli/report-fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/axis.h"
#include "cli/text.h"
#include "models/fit/seed.h"

typedef struct
{
  guint class;
  const SaxidShape *shape;
  const SaxidSpace *space;
  SaxidRefined refined;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;

  return (x->refined.chi2 > y->refined.chi2) - (x->refined.chi2 < y->refined.chi2);
}

static void
add_pair (GArray *pairs, char *key, char *value)
{
  const SaxidReportPair pair = { key, value };

  g_array_append_val (pairs, pair);
}

static void
add_number (GArray *pairs, const char *name, double value, double error, const char *unit)
{
  g_autofree char *number = isfinite (error) && error > 0 ? saxid_axis_measure (value, error)
                                                          : g_strdup_printf ("%.4g", value);

  add_pair (pairs, g_strdup (name), g_strdup_printf ("%s%s", number, strcmp (unit, "Ang") == 0 ? " Å" : ""));
}

static void
describe (GArray *pairs, const Candidate *candidate)
{
  const SaxidRefined *fit = &candidate->refined;
  g_autofree char *title = saxid_text_class_title (candidate->shape->name);

  add_pair (pairs, g_strdup_printf ("Fit: %s", title), g_strdup_printf ("χ²/ν = %.3g", fit->reduced_chi2));
  for (guint k = 0; k < saxid_space_dimension (candidate->space); k++)
    {
      const int at = saxid_space_parameter (candidate->space, k);
      const double error = fit->undetermined[k] || fit->at_bound[k] ? NAN : fit->error[k];

      if (at < 0)
        add_number (pairs, "σ/mean", fit->point.width, error, "");
      else
        add_number (pairs, candidate->shape->parameter[at].name, fit->point.value[at], error,
                    candidate->shape->parameter[at].unit);
    }
}

static void
add_line (SaxidReportFit *fit, const Candidate *candidate, const SaxidCurve *curve)
{
  double *values = g_new (double, curve->n);

  if (!saxid_refined_intensity (candidate->space, &candidate->refined, curve->n, curve->q, curve->dq, values, NULL))
    {
      g_free (values);
      return;
    }
  fit->line[fit->n_line++] = (SaxidPlotLine) { .label = g_strdup (candidate->shape->title), .n = curve->n,
                                               .q = curve->q, .intensity = values };
}

void
saxid_report_fit (const SaxidModel *model, const SaxidCurve *curve, const float *probability, SaxidReportFit *fit)
{
  const SaxidPredictor *predictor = model->predictor;
  g_autofree float *left = g_memdup2 (probability, predictor->n_class * sizeof *probability);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (SaxidReportPair));
  Candidate candidate[SAXID_REPORT_FITS];
  guint n = 0;

  *fit = (SaxidReportFit) { 0 };
  for (guint k = 0; model->atlas != NULL && k < SAXID_REPORT_FITS; k++)
    {
      Candidate *one = &candidate[n];

      one->class = 0;
      for (guint c = 1; c < predictor->n_class; c++)
        if (left[c] > left[one->class])
          one->class = c;
      left[one->class] = -1;
      one->shape = saxid_shape_find (predictor->class_name[one->class]);
      one->space = one->shape != NULL ? saxid_space_find (one->shape) : NULL;
      n += one->space != NULL
           && saxid_seed_fit (model->atlas, one->class, one->shape, curve, &one->refined, NULL);
    }
  qsort (candidate, n, sizeof *candidate, compare_candidates);
  for (guint k = 0; k < n; k++)
    {
      add_line (fit, &candidate[k], curve);
      describe (pairs, &candidate[k]);
    }
  fit->n_pair = pairs->len;
  fit->pair = (SaxidReportPair *) (gpointer) g_array_free (pairs, FALSE);
}

void
saxid_report_fit_clear (SaxidReportFit *fit)
{
  for (guint k = 0; k < fit->n_line; k++)
    {
      g_free ((char *) fit->line[k].label);
      g_free ((double *) fit->line[k].intensity);
    }
  for (gsize k = 0; k < fit->n_pair; k++)
    {
      g_free ((char *) fit->pair[k].key);
      g_free ((char *) fit->pair[k].value);
    }
  g_free (fit->pair);
  *fit = (SaxidReportFit) { 0 };
}
