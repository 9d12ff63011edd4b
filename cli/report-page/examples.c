/* See report-page/examples.h.
 */
#include "cli/report-page/examples.h"

#include <math.h>

#include "models/learn/portrait.h"

/* Points of less signal than this, in sigma, do not say where the curve lies. */
#define LEAST_SIGNAL 2.0
/* Of those of signal, the part that lies on the example. */
#define LEAST_OVERLAP 0.7

/* How far apart the curve and an example are when its first step lies at this ln q: the
 * variance of the difference of ln I along ln q, and its mean. INFINITY where too little overlaps. */
static double
compare_at (const SaxidCurve *curve, const double *log_q, const double *log_i, double first, double *height)
{
  const double step = log_q[1] - log_q[0];
  double sum = 0, square = 0, n = 0, all = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      const double at = (log (curve->q[k]) - first) / step + 0.5;
      const double weight = 0.5 * log (curve->q[MIN (k + 1, curve->n - 1)] / curve->q[MAX (k, 1) - 1]);
      double difference;

      if (!(curve->intensity[k] > 0)
          || (curve->sigma != NULL && curve->intensity[k] < LEAST_SIGNAL * curve->sigma[k]))
        continue;
      all += weight;
      if (at < 0 || at >= SAXID_PORTRAIT_WIDTH)
        continue;
      difference = log (curve->intensity[k]) - log_i[(gsize) at];
      sum += weight * difference;
      square += weight * difference * difference;
      n += weight;
    }
  *height = n > 0 ? sum / n : 0;
  return n > 0 && n >= LEAST_OVERLAP * all ? square / n - *height * *height : INFINITY;
}

/* Where the example lies best over the curve: the model sees it there, too, since its
 * convolutions do not know where in the window they are. */
static SaxidCurve *
lay_over (const SaxidGallery *gallery, gsize example, const SaxidCurve *curve)
{
  const double middle = 0.5 * log (curve->q[0] * curve->q[curve->n - 1]);
  SaxidCurve *over = saxid_curve_new (SAXID_PORTRAIT_WIDTH, FALSE, FALSE);
  double log_q[SAXID_PORTRAIT_WIDTH], log_i[SAXID_PORTRAIT_WIDTH], best = INFINITY, moved = 0, height, step;

  saxid_gallery_curve (gallery, example, log_q, log_i);
  step = log_q[1] - log_q[0];
  compare_at (curve, log_q, log_i, middle + log_q[0], &height);
  for (int shift = -SAXID_PORTRAIT_WIDTH / 2; shift <= SAXID_PORTRAIT_WIDTH / 2; shift++)
    {
      double here, apart = compare_at (curve, log_q, log_i, middle + log_q[0] + shift * step, &here);

      if (!(apart < best))
        continue;
      best = apart;
      moved = shift * step;
      height = here;
    }
  for (guint k = 0; k < SAXID_PORTRAIT_WIDTH; k++)
    {
      over->q[k] = exp (middle + moved + log_q[k]);
      over->intensity[k] = exp (height + log_i[k]);
    }
  return over;
}

gboolean
saxid_report_examples_find (const SaxidPredictor *predictor, const SaxidCurve *curve, SaxidReportExamples *examples,
                            GError **error)
{
  const SaxidGallery *gallery = predictor->gallery;
  g_autoptr (SaxidScratch) scratch = NULL;
  g_autofree float *features = NULL;
  gsize nearest[SAXID_REPORT_EXAMPLES];
  double distance[SAXID_REPORT_EXAMPLES];

  *examples = (SaxidReportExamples) { 0 };
  if (gallery == NULL)
    return TRUE;
  scratch = saxid_scratch_new (predictor, error);
  features = g_new (float, saxid_predictor_n_feature (predictor));
  if (scratch == NULL || !saxid_predictor_features (predictor, curve, scratch, features, error))
    return FALSE;
  saxid_gallery_nearest (gallery, features, SAXID_REPORT_EXAMPLES, nearest, distance);
  examples->near = distance[0];
  examples->far = distance[SAXID_REPORT_EXAMPLES - 1];
  for (guint k = 0; k < SAXID_REPORT_EXAMPLES; k++)
    {
      examples->label[k] = g_strdup (predictor->class_name[gallery->label[nearest[k]]]);
      examples->example[k] = lay_over (gallery, nearest[k], curve);
      examples->pair[k][0] = curve;
      examples->pair[k][1] = examples->example[k];
      examples->panel[k] = (SaxidGridPanel) { examples->label[k], 2, examples->pair[k] };
    }
  examples->n = SAXID_REPORT_EXAMPLES;
  return TRUE;
}

void
saxid_report_examples_clear (SaxidReportExamples *examples)
{
  for (guint k = 0; k < examples->n; k++)
    {
      g_free (examples->label[k]);
      saxid_curve_free (examples->example[k]);
    }
  examples->n = 0;
}
