/* What do particles scatter whose main size has a width and another size has one too?
 *
 *   I(q) ~ sum_j n_j <F^2>(q; t_j) / sum_j n_j <V>(t_j)
 *
 * where < > is the average over the main size, which the shape does quickly, and t_j
 * are sizes of the other parameter. Equal steps over a smooth bell converge
 * exponentially, so their number is doubled until the curve stands still: what
 * oscillates with t is often damped by the main size already, and then few steps do.
 *
 * Units: see shape.h. Thread: pure.
 */
#include <math.h>
#include <string.h>

#include "models/shapes/forms.h"

/* The curve stands still: it changes less from one number of steps to twice that, which
 * the better one no longer shows. Relative
 * to I, or to this part of the largest. */
#define STILL 1e-3
#define LEAST_PART 1e-5
/* Fewer points than this are not worth an interval of their own. */
#define LEAST_POINTS 64
/* Steps to begin with, about one deviation long, and where to give up. */
#define FIRST_STEPS 10
#define MOST_STEPS  5120

typedef struct
{
  const SaxidShape *shape;
  double value[SAXID_SHAPE_MAX_PARAMETERS];
  double width;
  SaxidDistribution distribution;
  const SaxidSecondWidth *second;
  double size;         /* of the second parameter */
  double lower, upper; /* of its sizes, or of their logarithms */
  gboolean is_bell, is_logarithmic;
  SaxidRule *main_rule; /* for volumes: a polynomial of the main size, exact with any rule */
} Population;

/* The sums over sizes, for some q. */
typedef struct
{
  gsize n;
  const double *q;
  double *one; /* [n] scratch */
  double *sum; /* [n] */
  double whole;
} Sums;

static double
mean_volume (Population *self)
{
  const guint main_size = self->shape->main_size;
  const double size = self->value[main_size];
  double sum = 0;

  for (gsize k = 0; k < self->main_rule->n; k++)
    {
      self->value[main_size] = self->main_rule->x[k];
      sum += self->main_rule->weight[k] * self->shape->volume (self->value);
    }
  self->value[main_size] = size;
  return sum;
}

/* Sizes of the second parameter that are still to be added. */
typedef struct
{
  gsize n;
  double *size, *weight;
} Pending;

static void
plan_size (Population *self, double t, double step, Pending *pending, Sums *sums)
{
  const SaxidSecondWidth *second = self->second;
  const double size = self->is_logarithmic ? exp (t) : t;
  const double number = step * (self->is_logarithmic ? size : 1.0)
                        * exp (saxid_distribution_log_density (second->distribution, self->size, second->width, size));

  if (!(number > 0))
    return;
  self->value[second->parameter] = size;
  pending->size[pending->n] = size;
  pending->weight[pending->n] = number * mean_volume (self);
  sums->whole += pending->weight[pending->n++];
}

static void
add_pending (Population *self, const Pending *pending, Sums *sums)
{
  const SaxidShape *shape = self->shape;
  const SaxidShapeSizes sizes = { self->second->parameter, pending->n, pending->size, pending->weight };

  if (shape->population_sum != NULL
      && shape->population_sum (self->value, self->width, self->distribution, &sizes, sums->n, sums->q, sums->one))
    {
      for (gsize k = 0; k < sums->n; k++)
        sums->sum[k] += sums->one[k];
      return;
    }
  for (gsize j = 0; j < pending->n; j++)
    {
      self->value[sizes.parameter] = pending->size[j];
      shape->population (self->value, self->width, self->distribution, sums->n, sums->q, sums->one);
      for (gsize k = 0; k < sums->n; k++)
        sums->sum[k] += pending->weight[j] * sums->one[k];
    }
}

static void
reset (Sums *sums)
{
  memset (sums->sum, 0, sums->n * sizeof *sums->sum);
  sums->whole = 0;
}

/* The average with `steps` steps. Of a bell, sums has those with half as many, of
 * which all steps are used again; steps = FIRST_STEPS begins anew. */
static void
average (Population *self, gsize steps, Sums *sums, double *out)
{
  const double step = (self->upper - self->lower) / (double) steps;
  g_autoptr (SaxidRule) rule
    = self->is_bell ? NULL : saxid_rule_panels (self->lower, self->upper, steps / FIRST_STEPS);
  const gsize most = rule != NULL ? rule->n : steps + 1;
  g_autofree double *scratch = g_new (double, 2 * most);
  Pending pending = { .size = scratch, .weight = scratch + most };

  if (rule != NULL || steps == FIRST_STEPS)
    reset (sums);
  if (rule != NULL)
    for (gsize k = 0; k < rule->n; k++)
      plan_size (self, rule->x[k], rule->weight[k], &pending, sums);
  else if (steps == FIRST_STEPS)
    for (gsize k = 0; k <= steps; k++)
      plan_size (self, self->lower + (double) k * step, 1.0, &pending, sums);
  else
    for (gsize k = 1; k < steps; k += 2)
      plan_size (self, self->lower + (double) k * step, 1.0, &pending, sums);
  add_pending (self, &pending, sums);
  for (gsize k = 0; k < sums->n; k++)
    out[k] = sums->sum[k] / sums->whole;
}

static gboolean
stands_still (gsize n, const double *before, const double *after, double largest)
{
  for (gsize k = 0; k < n; k++)
    if (fabs (after[k] - before[k]) > STILL * fmax (after[k], LEAST_PART * largest))
      return FALSE;
  return TRUE;
}

/* The number of points from the first one on in which q doubles. */
static gsize
interval (gsize n, const double *q)
{
  gsize end = MIN (LEAST_POINTS, n);

  while (end < n && q[end] < 2.0 * q[0])
    end++;
  return n - end < LEAST_POINTS ? n : end;
}

static void
prepare (Population *self)
{
  const SaxidSecondWidth *second = self->second;

  self->size = self->value[second->parameter];
  self->main_rule = saxid_distribution_rule (self->distribution, self->value[self->shape->main_size], self->width,
                                             self->shape->power, 0);
  saxid_distribution_range (second->distribution, self->size, second->width, self->shape->power, &self->lower,
                            &self->upper);
  self->is_bell = saxid_distribution_band (second->distribution, self->size, second->width) > 0;
  self->is_logarithmic = second->distribution == SAXID_DISTRIBUTION_LOGNORMAL && self->lower > 0;
  if (self->is_logarithmic)
    {
      self->lower = log (self->lower);
      self->upper = log (self->upper);
    }
}

void
saxid_shape_second_width (const SaxidShape *shape, const double *value, double width,
                          SaxidDistribution distribution, const SaxidSecondWidth *second, gsize n, const double *q,
                          double *out)
{
  Population self = { .shape = shape, .width = width, .distribution = distribution, .second = second };
  g_autofree double *one = g_new (double, n), *sum = g_new (double, n), *before = g_new (double, n);

  memcpy (self.value, value, shape->n_parameter * sizeof *value);
  prepare (&self);
  /* where q is low few steps do */
  for (gsize begin = 0, count; begin < n; begin += count)
    {
      Sums sums = { .q = q + begin, .one = one, .sum = sum };
      gsize steps = FIRST_STEPS;

      sums.n = count = interval (n - begin, q + begin);
      average (&self, steps, &sums, out + begin);
      do
        {
          memcpy (before, out + begin, count * sizeof *out);
          steps *= 2;
          average (&self, steps, &sums, out + begin);
        }
      while (steps < MOST_STEPS && !stands_still (count, before, out + begin, out[0]));
    }
  saxid_rule_free (self.main_rule);
}
