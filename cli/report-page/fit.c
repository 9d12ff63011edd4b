/* Which lines belong over the data, and what do they say?
 *
 * Thread: see report-page/fit.h.
 */
#include "cli/report-page/fit.h"

#include <math.h>
#include <string.h>

#include "cli/plot/scale.h"
#include "cli/text.h"
#include "models/fit/candidates.h"
#include "models/fit/departure.h"
#include "reducers/peaks.h"

static void
add_pair (GArray *pairs, char *key, char *value)
{
  const SaxidReportPair pair = { key, value };

  g_array_append_val (pairs, pair);
}

static void
add_number (GArray *pairs, const char *name, double value, double error, const char *unit)
{
  const char *sign = saxid_shape_unit_sign (unit);
  g_autofree char *number = isfinite (error) && error > 0 ? saxid_scale_measure (value, error)
                                                          : g_strdup_printf ("%.4g", value);

  add_pair (pairs, g_strdup (name), g_strdup_printf ("%s%s%s", number, *sign != '\0' ? " " : "", sign));
}

/* line: the fit at the points of the curve; NULL where it could not be computed. */
static void
describe (GArray *pairs, const SaxidSeed *seed, const SaxidCurve *curve, const double *line)
{
  const SaxidRefined *fit = &seed->fit;
  const SaxidSpace *space = saxid_space_find (seed->shape);
  g_autofree char *title = saxid_text_class_title (seed->shape->name);

  g_autofree char *words = saxid_departure_say (fit->reduced_chi2, line != NULL ? saxid_departure (curve, line) : NAN);

  add_pair (pairs, g_strdup_printf ("Fit: %s", title), g_strdup_printf ("χ²/ν = %.3g: %s", fit->reduced_chi2, words));
  for (guint k = 0; k < saxid_space_dimension (space); k++)
    {
      const int at = saxid_space_parameter (space, k);
      const double error = fit->undetermined[k] || fit->at_bound[k] ? NAN : fit->error[k];

      if (at < 0)
        {
          g_autofree char *name = g_strdup_printf ("width of %s (σ/mean)", seed->shape->parameter[seed->shape->main_size].name);

          add_number (pairs, name, fit->point.width, error, "");
        }
      else
        add_number (pairs, seed->shape->parameter[at].name, fit->point.value[at], error,
                    seed->shape->parameter[at].unit);
    }
}

/* The values at the points of the curve, which the fit has then; NULL where there are none. */
static const double *
add_line (SaxidReportFit *fit, const SaxidSeed *seed, const SaxidCurve *curve)
{
  const SaxidSpace *space = saxid_space_find (seed->shape);
  double *values = g_new (double, curve->n);

  if (!saxid_refined_intensity (space, &seed->fit, curve, values, NULL))
    {
      g_free (values);
      return NULL;
    }
  fit->line[fit->n_line++] = (SaxidPlotLine) { .label = g_strdup (seed->shape->title), .n = curve->n,
                                               .q = curve->q, .intensity = values };
  return values;
}

void
saxid_report_fit (const SaxidModel *model, const SaxidCurve *curve, const float *probability, SaxidReportFit *fit)
{
  g_autoptr (SaxidCurve) part = saxid_peaks_small_angles (curve);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (SaxidReportPair));
  const SaxidForms forms = saxid_model_forms (model);
  /* the first points of the same curve, whose q the lines share */
  SaxidCurve seen = *curve;
  SaxidSeed seed[SAXID_REPORT_FITS];
  guint n;

  seen.n = part != NULL ? part->n : curve->n;
  n = saxid_seeds_possible (&forms) ? saxid_seeds_find (&forms, &seen, probability, NULL, SAXID_REPORT_FITS, seed) : 0;

  *fit = (SaxidReportFit) { 0 };
  for (guint k = 0; k < n; k++)
    {
      const double *line = add_line (fit, &seed[k], &seen);

      describe (pairs, &seed[k], &seen, line);
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
