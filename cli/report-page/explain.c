/* Which part of the curve carried the decision?
 *
 * Thread: see explain.h.
 */
#include "cli/report-page/explain.h"

#include <math.h>
#include <string.h>

/* The mean of some points around one, where that is positive. */
#define AROUND 2

static double
level_near (const SaxidCurve *curve, gsize at)
{
  const gsize from = at > AROUND ? at - AROUND : 0, to = MIN (at + AROUND, curve->n - 1);
  double sum = 0;

  for (gsize k = from; k <= to; k++)
    sum += curve->intensity[k];
  return sum / (double) (to - from + 1);
}

/* Points from `from` to before `to` become a line between what lies at the ends. */
static void
hide (const SaxidCurve *curve, gsize from, gsize to, double *intensity)
{
  const gsize left = from > 0 ? from - 1 : from, right = MIN (to, curve->n - 1);
  const double a = level_near (curve, left), b = level_near (curve, right);
  const double x = log (curve->q[left]), width = log (curve->q[right]) - x;

  for (gsize k = from; k < to; k++)
    {
      const double part = width > 0 ? (log (curve->q[k]) - x) / width : 0;

      intensity[k] = a > 0 && b > 0 ? a * pow (b / a, part) : a + part * (b - a);
    }
}

/* The probability of the label, if the curve were so. */
static gboolean
ask (const SaxidModule *module, const SaxidCurve *curve, const double *intensity, int label, SaxidModuleVerdict *answer,
     double *probability, GError **error)
{
  struct saxid_error flat = { .struct_size = sizeof flat };
  struct saxid_curve given = saxid_module_curve (curve);

  given.intensity = intensity;
  if (module->table->process_curves (module->context, module->workspace, &given, 1, &answer->verdict, &flat) < 0)
    return saxid_module_fail (&flat, error);
  *probability = (double) answer->probability[label];
  return TRUE;
}

gboolean
saxid_explain (const SaxidModule *module, const SaxidCurve *curve, int label, SaxidExplanation *explanation,
               GError **error)
{
  const double first = log (curve->q[0]), step = (log (curve->q[curve->n - 1]) - first) / SAXID_EXPLAIN_BANDS;
  g_autofree double *intensity = g_new (double, curve->n);
  g_auto (SaxidModuleVerdict) answer = { 0 };
  double whole, without;
  gsize from = 0;

  saxid_module_verdict_init (&answer, module);
  if (!ask (module, curve, curve->intensity, label, &answer, &whole, error))
    return FALSE;
  for (guint band = 0; band <= SAXID_EXPLAIN_BANDS; band++)
    explanation->q[band] = exp (first + step * band);
  for (guint band = 0; band < SAXID_EXPLAIN_BANDS; band++)
    {
      gsize to = from;

      while (to < curve->n && (curve->q[to] < explanation->q[band + 1] || band + 1 == SAXID_EXPLAIN_BANDS))
        to++;
      memcpy (intensity, curve->intensity, curve->n * sizeof *intensity);
      explanation->weight[band] = 0;
      if (to > from)
        {
          hide (curve, from, to, intensity);
          if (!ask (module, curve, intensity, label, &answer, &without, error))
            return FALSE;
          explanation->weight[band] = CLAMP ((whole - without) / fmax (whole, 1e-6), 0, 1);
        }
      from = to;
    }
  return TRUE;
}
