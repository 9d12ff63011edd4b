/* How do probabilities change where some classes are met more often than others?
 *
 * Bayes' rule for another prior than that of the training, which had as many curves of each
 * class: p'(c) ∝ p(c) · weight(c) (Saerens, Latinne & Decaestecker 2002,
 * DOI 10.1162/089976602753284446).
 *
 * Thread: see prior.h.
 */
#include "models/learn/prior.h"

#include <math.h>
#include <string.h>

#include "models/learn/levels.h"
#include "reducers/error.h"

static int
class_of (const SaxidPredictor *self, const char *name)
{
  for (guint k = 0; k < self->n_class; k++)
    if (strcmp (self->class_name[k], name) == 0)
      return (int) k;
  return -1;
}

static gboolean
check_weight (const char *name, double weight, int class, GError **error)
{
  if (class < 0 && saxid_level_of (SAXID_LEVEL_FAMILY, name) < 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "prior has a class '%s' that no model has", name);
  else if (!isfinite (weight) || weight < 0)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "prior weight of '%s' is %g, a finite one from 0 on is needed",
                 name, weight);
  else
    return TRUE;
  saxid_error_clean (error);
  return FALSE;
}

/* Divided by their mean, so that a weight of 1 is that of the training. */
static gboolean
normalise (guint n, double *weight, GError **error)
{
  double most = 0, sum = 0;

  for (guint k = 0; k < n; k++)
    most = fmax (most, weight[k]);
  for (guint k = 0; k < n && most > 0; k++)
    sum += weight[k] /= most;
  for (guint k = 0; k < n; k++)
    weight[k] *= n / sum;
  if (most > 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "prior weights of all %u classes of the model are 0", n);
  return FALSE;
}

static gboolean
is_uniform (guint n, const double *weight)
{
  for (guint k = 1; k < n; k++)
    if (fabs (weight[k] - weight[0]) > 1e-12)
      return FALSE;
  return TRUE;
}

gboolean
saxid_predictor_set_prior (SaxidPredictor *self, guint n, const char *const *name, const double *weight, GError **error)
{
  g_autofree double *prior = g_new (double, self->n_class);

  g_return_val_if_fail (self->merged == NULL && self->prior == NULL, FALSE);

  for (guint k = 0; k < self->n_class; k++)
    prior[k] = 1;
  for (guint k = 0; k < n; k++)
    {
      const int class = class_of (self, name[k]);

      if (!check_weight (name[k], weight[k], class, error))
        return FALSE;
      if (class >= 0)
        prior[class] = weight[k];
    }
  if (!normalise (self->n_class, prior, error))
    return FALSE;
  if (!is_uniform (self->n_class, prior))
    self->prior = g_steal_pointer (&prior);
  return TRUE;
}

void
saxid_prior_apply (const SaxidPredictor *self, float *probability)
{
  double sum = 0;

  if (self->prior == NULL)
    return;
  for (guint k = 0; k < self->n_class; k++)
    sum += (double) probability[k] * self->prior[k];
  for (guint k = 0; k < self->n_class; k++) /* nothing is left where all but what is ruled out is 0 */
    probability[k] = (float) (sum > 0 ? (double) probability[k] * self->prior[k] / sum : saxid_prior_of (self, k));
}

double
saxid_prior_of (const SaxidPredictor *self, guint class)
{
  double sum = 0;

  for (guint k = 0; k < self->n_class; k++)
    sum += self->prior != NULL ? self->prior[k] : 1;
  return (self->prior != NULL ? self->prior[class] : 1) / sum;
}
