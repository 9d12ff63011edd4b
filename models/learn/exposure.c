/* Would more counting change the answer?
 *
 * Thread: see exposure.h.
 */
#include "models/learn/exposure.h"

#include <math.h>
#include <string.h>

#include "models/simulate/random.h"
#include "reducers/error.h"
#include "reducers/noise.h"

static double
gaussian (SaxidRandom *random)
{
  const double u = saxid_random_unit (random), v = saxid_random_unit (random);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * v);
}

static gboolean
label_of (const SaxidPredictor *predictor, const SaxidCurve *curve, SaxidScratch *scratch, int *label, GError **error)
{
  g_autofree float *probability = g_new (float, predictor->n_class);
  g_autofree guint8 *in_set = g_new (guint8, predictor->n_class);
  SaxidVerdict verdict;

  if (!saxid_predictor_judge (predictor, curve, scratch, &verdict, probability, in_set, error))
    return FALSE;
  *label = verdict.best;
  return TRUE;
}

gboolean
saxid_exposure_agreement (const SaxidPredictor *predictor, const SaxidCurve *curve, SaxidScratch *scratch, guint draws,
                          guint64 seed, double *agreement, GError **error)
{
  g_autoptr (SaxidCurve) other = saxid_curve_copy (curve);
  g_autofree double *scatter = curve->sigma == NULL ? g_new (double, curve->n) : NULL;
  const double *sigma = curve->sigma;
  guint agree = 0;
  int label, again;

  if (sigma == NULL)
    {
      saxid_noise (curve->n, curve->intensity, scatter);
      sigma = scatter;
    }
  if (!label_of (predictor, curve, scratch, &label, error))
    return FALSE;
  for (guint draw = 0; label >= 0 && draw < draws; draw++)
    {
      SaxidRandom random;

      saxid_random_init (&random, seed, draw, SAXID_STREAM_COUNTS);
      for (gsize k = 0; k < curve->n; k++)
        other->intensity[k] = curve->intensity[k] + sigma[k] * gaussian (&random);
      if (!label_of (predictor, other, scratch, &again, error))
        return FALSE;
      agree += again == label;
    }
  *agreement = draws > 0 ? (double) agree / draws : 0;
  return TRUE;
}

gboolean
saxid_exposure_add (SaxidExposure *self, const SaxidCurve *frame, GError **error)
{
  if (self->n_frame == 0)
    {
      self->n = frame->n;
      self->q = g_memdup2 (frame->q, frame->n * sizeof *frame->q);
      self->sum = g_new0 (double, frame->n);
      self->variance = g_new0 (double, frame->n);
      self->has_sigma = TRUE;
    }
  if (frame->n != self->n || memcmp (frame->q, self->q, self->n * sizeof *self->q) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "frame %" G_GSIZE_FORMAT " has other points of q (%" G_GSIZE_FORMAT ", not %" G_GSIZE_FORMAT
                   "), frames of one sample have the same",
                   self->n_frame, frame->n, self->n);
      return FALSE;
    }
  for (gsize k = 0; k < self->n; k++)
    {
      self->sum[k] += frame->intensity[k];
      self->variance[k] += frame->sigma != NULL ? frame->sigma[k] * frame->sigma[k] : 0;
    }
  self->has_sigma = self->has_sigma && frame->sigma != NULL;
  self->n_frame++;
  return TRUE;
}

SaxidCurve *
saxid_exposure_curve (const SaxidExposure *self)
{
  SaxidCurve *curve = saxid_curve_new (self->n, self->has_sigma, FALSE);
  const double n = (double) self->n_frame;

  for (gsize k = 0; k < self->n; k++)
    {
      curve->q[k] = self->q[k];
      curve->intensity[k] = self->sum[k] / n;
      if (self->has_sigma)
        curve->sigma[k] = sqrt (self->variance[k]) / n;
    }
  return curve;
}

void
saxid_exposure_clear (SaxidExposure *self)
{
  g_free (self->q);
  g_free (self->sum);
  g_free (self->variance);
  *self = (SaxidExposure) { 0 };
}
