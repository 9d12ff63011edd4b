/* Which fits belong to a curve?
 *
 * Thread: see seeds.h.
 */
#include "plugin/seeds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A fit with a chi-square so many times that of a better one is not worth polishing. */
#define HOPELESS 30.0

gboolean
saxid_seeds_possible (const SaxidModel *model)
{
  return model->atlas != NULL && model->predictor->fold == NULL;
}

static int
compare_seeds (gconstpointer a, gconstpointer b)
{
  const SaxidSeed *x = a, *y = b;

  return (x->weight < y->weight) - (x->weight > y->weight);
}

/* Bayes' rule with the likelihood of the best fit. Where even that is worse than its noise
 * the noise is taken to be larger, or what the form factors leave out would decide. */
static void
weigh (guint n, SaxidSeed *seed)
{
  double least = INFINITY, widen = 1, sum = 0;

  for (guint k = 0; k < n; k++)
    if (seed[k].fit.chi2 < least)
      {
        least = seed[k].fit.chi2;
        widen = fmax (seed[k].fit.reduced_chi2, 1);
      }
  for (guint k = 0; k < n; k++)
    {
      seed[k].weight = seed[k].probability * exp (-0.5 * (seed[k].fit.chi2 - least) / widen);
      sum += seed[k].weight;
    }
  for (guint k = 0; k < n; k++)
    seed[k].weight = sum > 0 ? seed[k].weight / sum : 1.0 / n;
  qsort (seed, n, sizeof *seed, compare_seeds);
}

/* The classes of largest probability, the largest first; their number. Shape: class n. */
static guint
likeliest (const SaxidModel *model, const float *probability, guint n, SaxidSeed *seed)
{
  const guint n_class = model->predictor->n_class;
  g_autofree float *left = g_memdup2 (probability, n_class * sizeof *probability);
  guint found = 0;

  for (guint k = 0; k < MIN (n, n_class); k++)
    {
      guint best = 0;

      for (guint c = 1; c < n_class; c++)
        if (left[c] > left[best])
          best = c;
      seed[found] = (SaxidSeed) { .class = best, .shape = saxid_shape_find (model->predictor->class_name[best]),
                                  .probability = (double) left[best] };
      left[best] = -1;
      found += seed[found].shape != NULL;
    }
  return found;
}

guint
saxid_seeds_find (const SaxidModel *model, const SaxidCurve *curve, const float *probability, guint n, SaxidSeed *seed)
{
  guint n_likely, found = 0;
  double hopeless = INFINITY;

  g_return_val_if_fail (saxid_seeds_possible (model), 0);

  n_likely = likeliest (model, probability, n, seed);
  for (guint k = 0; k < n_likely; k++)
    {
      seed[found] = seed[k];
      if (!saxid_seed_fit (model->atlas, seed[k].class, seed[k].shape, curve, hopeless, &seed[found].fit, NULL))
        continue;
      hopeless = fmin (hopeless, HOPELESS * fmax (seed[found].fit.chi2, (double) curve->n));
      found++;
    }
  weigh (found, seed);
  return found;
}

guint
saxid_seeds_begin (const SaxidModel *model, const SaxidCurve *curve, const float *probability, guint n, SaxidSeed *seed)
{
  guint n_likely, found = 0;

  g_return_val_if_fail (saxid_seeds_possible (model), 0);

  n_likely = likeliest (model, probability, n, seed);
  for (guint k = 0; k < n_likely; k++)
    {
      seed[found] = seed[k];
      found += saxid_seed_begin (model->atlas, seed[k].class, seed[k].shape, curve, &seed[found].fit, NULL);
    }
  weigh (found, seed);
  return found;
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

static SaxidSeedValue
value_at (const SaxidSpace *space, const SaxidRefined *fit, const SaxidShapeParameter *parameter, double value,
          int coordinate)
{
  SaxidSeedValue out = { .name = parameter->name, .unit = parameter->unit, .value = value, .error = NAN,
                         .lower = -INFINITY, .upper = INFINITY };

  if (coordinate < 0)
    return out;
  out.vary = TRUE;
  out.error = fit->error[coordinate];
  saxid_space_bounds (space, (guint) coordinate, &fit->point, &out.lower, &out.upper);
  if (out.upper < G_MAXDOUBLE)
    return out;
  out.lower = -INFINITY;
  out.upper = INFINITY;
  return out;
}

guint
saxid_seed_values (const SaxidSeed *seed, SaxidSeedValue *value)
{
  const SaxidShape *shape = seed->shape;
  const SaxidSpace *space = saxid_space_find (shape);
  const SaxidRefined *fit = &seed->fit;
  guint n = 0;

  value[n++] = (SaxidSeedValue) { "scale", "", fit->scale, fit->scale_error, 0, INFINITY, TRUE, FALSE };
  value[n++] = (SaxidSeedValue) { "background", "", fit->background, fit->background_error, -INFINITY, INFINITY, TRUE,
                                  FALSE };
  for (guint k = 0; k < shape->n_parameter; k++)
    value[n++] = value_at (space, fit, &shape->parameter[k], fit->point.value[k], coordinate_of (space, (int) k));
  value[n] = value_at (space, fit, &shape->parameter[shape->main_size], fit->point.width, coordinate_of (space, -1));
  value[n].unit = "";
  value[n++].is_width = TRUE;
  return n;
}

char *
saxid_seed_warning (const SaxidSeed *seed)
{
  const SaxidSpace *space = saxid_space_find (seed->shape);
  const SaxidRefined *fit = &seed->fit;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint k = 0; k < saxid_space_dimension (space); k++)
    {
      const int at = saxid_space_parameter (space, k);

      if (fit->at_bound[k] || fit->undetermined[k])
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "",
                                at < 0 ? "the width" : seed->shape->parameter[at].name,
                                fit->at_bound[k] ? "is at its bound" : "cannot be told from the data");
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
