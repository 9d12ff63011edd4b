/* Which fits belong to a curve?
 *
 * Thread: see seed-curve.h.
 */
#include "cli/seed-curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/seed.h"

void
saxid_seeded_curve_free (SaxidSeededCurve *self)
{
  if (self == NULL)
    return;
  for (guint k = 0; k < self->n_seed; k++)
    {
      g_free (self->seed[k].warning);
      g_free (self->seed[k].title);
    }
  g_free (self->file);
  g_free (self->title);
  g_free (self->reason);
  saxid_curve_free (self->curve);
  g_free (self);
}

/* Which coordinate of the fit moves the parameter; -1: none. */
static int
coordinate_of (const SaxidSpace *space, int parameter)
{
  for (guint k = 0; k < saxid_space_dimension (space); k++)
    if (saxid_space_parameter (space, k) == parameter)
      return (int) k;
  return -1;
}

static SaxidSeedParameter
parameter_at (const SaxidSpace *space, const SaxidRefined *fit, const char *name, double value, int coordinate)
{
  SaxidSeedParameter parameter = { .name = name, .value = value, .error = NAN, .lower = -INFINITY, .upper = INFINITY };

  if (coordinate < 0)
    return parameter;
  parameter.vary = TRUE;
  parameter.error = fit->error[coordinate];
  saxid_space_bounds (space, (guint) coordinate, &fit->point, &parameter.lower, &parameter.upper);
  if (parameter.upper >= G_MAXDOUBLE)
    {
      parameter.lower = -INFINITY;
      parameter.upper = INFINITY;
    }
  return parameter;
}

static void
lay_page (SaxidCurveSeed *seed, const SaxidSpace *space, const SaxidRefined *fit, const SaxidSeededCurve *curve)
{
  const SaxidShape *shape = seed->shape;
  guint n = 0;

  seed->parameter[n++] = (SaxidSeedParameter) { "scale", fit->scale, fit->scale_error, 0, INFINITY, TRUE };
  seed->parameter[n++]
    = (SaxidSeedParameter) { "background", fit->background, fit->background_error, -INFINITY, INFINITY, TRUE };
  for (guint k = 0; k < shape->n_parameter; k++)
    seed->parameter[n++] = parameter_at (space, fit, shape->parameter[k].name, fit->point.value[k],
                                         coordinate_of (space, (int) k));
  seed->page = (SaxidSeedPage) {
    .file = curve->file, .title = seed->title, .curve = curve->curve, .absolute = curve->absolute,
    .model = shape->model, .category = shape->category, .n_parameter = n, .parameter = seed->parameter,
    .width = parameter_at (space, fit, shape->parameter[shape->main_size].name, fit->point.width,
                           coordinate_of (space, -1)),
    .reduced_chi2 = fit->reduced_chi2,
  };
}

static char *
warn (const SaxidSpace *space, const SaxidRefined *fit)
{
  const SaxidShape *shape = saxid_space_shape (space);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < saxid_space_dimension (space); k++)
    {
      const int at = saxid_space_parameter (space, k);
      const char *name = at < 0 ? "the width" : shape->parameter[at].name;

      if (fit->at_bound[k] || fit->undetermined[k])
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "", name,
                                fit->at_bound[k] ? "is at its bound" : "cannot be told from the data");
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
add_seed (SaxidSeededCurve *curve, const SaxidModel *model, guint class, double probability)
{
  SaxidCurveSeed *seed = &curve->seed[curve->n_seed];
  SaxidRefined fit;

  *seed = (SaxidCurveSeed) { .class_name = model->predictor->class_name[class], .probability = probability,
                             .shape = saxid_shape_find (model->predictor->class_name[class]),
                             .has_sigma = curve->curve->sigma != NULL };
  if (seed->shape == NULL
      || !saxid_seed_fit (model->atlas, class, seed->shape, curve->curve, &fit, NULL))
    return;
  seed->title = g_strdup_printf ("%s %s", curve->title, seed->class_name);
  seed->chi2 = fit.chi2;
  seed->warning = warn (saxid_space_find (seed->shape), &fit);
  lay_page (seed, saxid_space_find (seed->shape), &fit, curve);
  curve->n_seed++;
}

static int
compare_seeds (gconstpointer a, gconstpointer b)
{
  const SaxidCurveSeed *x = a, *y = b;

  return (x->weight < y->weight) - (x->weight > y->weight);
}

/* Bayes' rule with the likelihood of the best fit. Where even that is worse than its noise
 * the noise is taken to be larger, or what the form factors leave out would decide. */
static void
weigh (SaxidSeededCurve *curve)
{
  double least = INFINITY, widen = 1, sum = 0;

  for (guint k = 0; k < curve->n_seed; k++)
    if (curve->seed[k].chi2 < least)
      {
        least = curve->seed[k].chi2;
        widen = fmax (curve->seed[k].page.reduced_chi2, 1);
      }
  for (guint k = 0; k < curve->n_seed; k++)
    {
      SaxidCurveSeed *seed = &curve->seed[k];

      seed->weight = seed->probability * exp (-0.5 * (seed->chi2 - least) / widen);
      sum += seed->weight;
    }
  for (guint k = 0; k < curve->n_seed; k++)
    curve->seed[k].weight = sum > 0 ? curve->seed[k].weight / sum : 1.0 / curve->n_seed;
  qsort (curve->seed, curve->n_seed, sizeof *curve->seed, compare_seeds);
  /* what points into itself has moved */
  for (guint k = 0; k < curve->n_seed; k++)
    curve->seed[k].page.parameter = curve->seed[k].parameter;
}

static gboolean
judge (SaxidSeededCurve *curve, const SaxidModel *model, guint candidates, GError **error)
{
  const SaxidPredictor *predictor = model->predictor;
  SaxidScratch *scratch = saxid_scratch_new (predictor, error);
  g_autofree float *probability = g_new (float, predictor->n_class);
  g_autofree guint8 *in_set = g_new (guint8, predictor->n_class);
  SaxidVerdict verdict;
  gboolean done = scratch != NULL
                  && saxid_predictor_judge (predictor, curve->curve, scratch, &verdict, probability, in_set, error);

  saxid_scratch_free (scratch);
  if (!done)
    return FALSE;
  if (verdict.reason != SAXID_REASON_NONE)
    {
      curve->reason = g_strdup ("the model says nothing of so narrow a window of q");
      return TRUE;
    }
  for (guint n = 0; n < candidates && n < predictor->n_class; n++)
    {
      guint best = 0;

      for (guint k = 1; k < predictor->n_class; k++)
        if (probability[k] > probability[best])
          best = k;
      add_seed (curve, model, best, (double) probability[best]);
      probability[best] = -1;
    }
  weigh (curve);
  if (curve->n_seed == 0)
    curve->reason = g_strdup ("none of the form factors can be fitted");
  return TRUE;
}

SaxidSeededCurve *
saxid_seed_curve (const SaxidModel *model, SaxidReader *reader, const char *path, guint source, gsize frame,
                  guint candidates, GError **error)
{
  const SaxidSource *from = saxid_reader_source (reader, source);
  g_autoptr (GError) unsound = NULL;
  SaxidSeededCurve *self = g_new0 (SaxidSeededCurve, 1);

  self->file = g_path_get_basename (path);
  self->title = from->n_frame > 1 ? g_strdup_printf ("%s %s %" G_GSIZE_FORMAT, self->file, from->entry, frame)
                                  : g_strdup_printf ("%s %s", self->file, from->entry);
  self->curve = saxid_reader_curve (reader, source, frame, &unsound);
  if (self->curve != NULL && !saxid_curve_clean (self->curve, NULL, &unsound))
    g_clear_pointer (&self->curve, saxid_curve_free);
  if (self->curve == NULL)
    {
      self->reason = g_strdup (unsound->message);
      return self;
    }
  self->absolute = from->i_per_cm > 0;
  for (gsize k = 0; self->absolute && k < self->curve->n; k++)
    {
      self->curve->intensity[k] *= from->i_per_cm;
      if (self->curve->sigma != NULL)
        self->curve->sigma[k] *= from->i_per_cm;
    }
  if (judge (self, model, candidates, error))
    return self;
  saxid_seeded_curve_free (self);
  return NULL;
}
