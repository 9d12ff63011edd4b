/* Curves and verdicts for the tests of what a person sees. */
#include "tests/sample-curves.h"

#include <math.h>
#include <string.h>

const char *const sample_classes[] = { "sphere", "cylinder", "core_shell_sphere", "oblate", NULL };

static const float probabilities[SAMPLE_N_CLASS][SAMPLE_N_CLASS] = {
  { 0.7f, 0.2f, 0.08f, 0.02f },
  { 0.02f, 0.7f, 0.2f, 0.08f },
  { 0.08f, 0.02f, 0.7f, 0.2f },
  { 0.2f, 0.08f, 0.02f, 0.7f },
};

static const guint8 sets[SAMPLE_N_CLASS][SAMPLE_N_CLASS] = {
  { 1, 1, 0, 0 },
  { 0, 1, 1, 0 },
  { 0, 0, 1, 1 },
  { 1, 0, 0, 1 },
};

SaxidCurve *
sample_spheres (gsize n)
{
  SaxidCurve *curve = saxid_curve_new (n, TRUE, FALSE);

  for (gsize k = 0; k < n; k++)
    {
      double q = 0.003 * pow (100, (double) k / (double) (n - 1)), x = 50 * q;
      double f = 3 * (sin (x) - x * cos (x)) / (x * x * x);

      curve->q[k] = q;
      curve->sigma[k] = 0.02 * f * f + 1e-3;
      curve->intensity[k] = f * f + curve->sigma[k] * sin (12.9898 * (double) k);
    }
  return curve;
}

SaxidReportCurve
sample_verdict (const char *file, gint64 frame, const SaxidCurve *curve, guint best)
{
  return (SaxidReportCurve) {
    .file = file,
    .entry = "/entry",
    .frame = frame,
    .title = "silica in water",
    .dialect = "NXcanSAS",
    .q_unit = "1/nm",
    .i_unit = "1/cm",
    .curve = curve,
    .status = SAXID_STATUS_OK,
    .n_class = SAMPLE_N_CLASS,
    .class_name = sample_classes,
    .probability = probabilities[best],
    .prediction_set = sets[best],
    .confidence = 0.7,
    .outlier_score = 0.1,
    .model_name = "test model",
  };
}

const char *
sample_program (const char *variable)
{
  const char *name = g_getenv (variable);

  return name != NULL && *name != '\0' && strcmp (name, "no") != 0 ? name : NULL;
}
