/* What is the verdict on a curve, in one word?
 *
 * Thread: no state.
 */
#include "cli/report-page/curve.h"

#include <math.h>
#include <string.h>

#include "cli/text.h"

#define SURE_PROBABILITY 0.5
#define SURE_LEAD        0.1

void
saxid_report_curve_best (const SaxidReportCurve *curve, int *best, int *runner_up)
{
  *best = *runner_up = -1;
  if (curve->probability == NULL)
    return;
  for (guint k = 0; k < curve->n_class; k++)
    {
      float p = curve->probability[k];

      if (!isfinite (p))
        continue;
      if (*best < 0 || p > curve->probability[*best])
        {
          *runner_up = *best;
          *best = (int) k;
        }
      else if (*runner_up < 0 || p > curve->probability[*runner_up])
        *runner_up = (int) k;
    }
}

gboolean
saxid_report_curve_same_best (const SaxidReportCurve *a, const SaxidReportCurve *b)
{
  int best_a, best_b, next;

  saxid_report_curve_best (a, &best_a, &next);
  saxid_report_curve_best (b, &best_b, &next);
  return strcmp (best_a >= 0 ? a->class_name[best_a] : "", best_b >= 0 ? b->class_name[best_b] : "") == 0;
}

double
saxid_report_curve_probability (const SaxidReportCurve *curve)
{
  int best, next;

  saxid_report_curve_best (curve, &best, &next);
  return best >= 0 ? curve->probability[best] : -1;
}

char *
saxid_report_curve_headline (const SaxidReportCurve *curve)
{
  g_autofree char *title = NULL;
  int best, runner_up;

  saxid_report_curve_best (curve, &best, &runner_up);
  if (best < 0 || curve->status != SAXID_STATUS_OK)
    return g_strdup ("no class");
  title = saxid_text_class_title (curve->class_name[best]);
  if (curve->outlier)
    return g_strdup_printf ("none of the classes (nearest: %s)", title);
  return g_strdup_printf ("%s, %.1f %%", title, 100 * (double) curve->probability[best]);
}

const char *
saxid_report_curve_flag (const SaxidReportCurve *curve)
{
  int best, runner_up;
  double lead;

  if (curve->status != SAXID_STATUS_OK)
    return saxid_status_name (curve->status);
  if (curve->outlier)
    return "outlier";
  saxid_report_curve_best (curve, &best, &runner_up);
  if (best < 0)
    return "not done";
  if (curve->open != NULL && *curve->open != '\0')
    return "unsure";
  lead = curve->probability[best] - (runner_up >= 0 ? curve->probability[runner_up] : 0);
  return curve->probability[best] < SURE_PROBABILITY || lead < SURE_LEAD ? "unsure" : "";
}
