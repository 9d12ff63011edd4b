/* Which fits belong to a curve?
 *
 * Thread: see candidates.h.
 */
#include "models/fit/candidates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/nest.h"
#include "models/fit/spread.h"

/* A fit with a chi-square so many times that of a better one is not worth polishing. */
#define HOPELESS 30.0
/* A class that is hardly possible is not looked for from as many sides. */
#define UNLIKELY 0.05
#define QUICK_BEGINNINGS 2

/* Starts that are left out of a curve, as parts of its first q, where a reduced chi-square
 * above BAD falls to GAIN of it without the longest; the shortest that does about as well. */
static const double cuts[] = { 1.1, 1.22, 1.4, 1.7, 2.1 };
#define BAD 3.0
#define GAIN 0.2
#define GOOD 1.5
#define NO_WORSE 1.3
/* Of the fit that goes on with another distribution. */
#define GAUSSIAN_STEPS 12
#define GAUSSIAN_SECONDS 1.0
/* What must be left. */
#define LEAST_RATIO 5.0
#define LEAST_POINTS 40

gboolean
saxid_seeds_possible (const SaxidForms *forms)
{
  return forms->atlas != NULL;
}

static int
compare_seeds (gconstpointer a, gconstpointer b)
{
  const SaxidSeed *x = a, *y = b;

  return (x->weight < y->weight) - (x->weight > y->weight);
}

/* The probabilities of those that were fitted, which have weighed the fits already
 * (contest.h), so that the first fit is of the class that is the label. */
static void
weigh (guint n, SaxidSeed *seed)
{
  double sum = 0;

  for (guint k = 0; k < n; k++)
    sum += seed[k].probability;
  for (guint k = 0; k < n; k++)
    seed[k].weight = sum > 0 ? seed[k].probability / sum : 1.0 / n;
  qsort (seed, n, sizeof *seed, compare_seeds);
}

/* The classes of largest probability, the largest first; their number. Shape: class n. */
static guint
likeliest (const SaxidForms *forms, const float *probability, guint n, SaxidSeed *seed)
{
  const guint n_class = forms->n_class;
  g_autofree float *left = g_memdup2 (probability, n_class * sizeof *probability);
  guint found = 0;

  for (guint k = 0; k < MIN (n, n_class); k++)
    {
      guint best = 0;

      for (guint c = 1; c < n_class; c++)
        if (left[c] > left[best])
          best = c;
      seed[found] = (SaxidSeed) { .class = best, .shape = saxid_shape_find (forms->class_name[best]),
                                  .probability = (double) left[best] };
      left[best] = -1;
      found += seed[found].shape != NULL;
    }
  return found;
}

/* The curve without what lies below `first` times its first q; its arrays are the curve's. */
static SaxidCurve
without_start (const SaxidCurve *curve, double first)
{
  SaxidCurve rest = *curve;

  while (rest.n > 0 && *rest.q < first * curve->q[0])
    {
      rest.n--;
      rest.q++;
      rest.intensity++;
      rest.sigma += rest.sigma != NULL;
      rest.dq += rest.dq != NULL;
    }
  return rest;
}

/* Reduced chi-square of the fit; infinite where there is none. */
static double
misfit_in (const SaxidForms *forms, const SaxidCurve *curve, const SaxidSpacePoint *hint, const SaxidSeed *seed,
           SaxidRefined *fit)
{
  fit->reduced_chi2 = INFINITY;
  return saxid_seed_fit (forms->atlas, seed->shape, curve, hint, SAXID_SEED_BEGINNINGS, INFINITY, fit,
                         NULL)
           ? fit->reduced_chi2
           : INFINITY;
}

static gboolean
is_at_bound (const SaxidSeed *seed, const SaxidRefined *fit)
{
  const SaxidSpace *space = saxid_space_find (seed->shape);

  for (guint k = 0; k < saxid_space_dimension (space); k++)
    if (fit->at_bound[k])
      return TRUE;
  return FALSE;
}

/* All of the curve, or what is left without a start that no particle makes: the likeliest
 * form factor tells. Its fit in that window is left in `fit`, reduced_chi2 infinite: none. */
static SaxidCurve
choose_window (const SaxidForms *forms, const SaxidCurve *curve, const SaxidSpacePoint *hint, const SaxidSeed *seed,
               SaxidRefined *fit)
{
  const double most = cuts[G_N_ELEMENTS (cuts) - 1];
  const SaxidCurve shortest = without_start (curve, most);
  const double whole = misfit_in (forms, curve, hint, seed, fit);
  SaxidRefined of_shortest, again;

  if (whole < BAD || isinf (whole) || shortest.n < LEAST_POINTS
      || curve->q[curve->n - 1] < LEAST_RATIO * most * curve->q[0]
      || misfit_in (forms, &shortest, hint, seed, &of_shortest) > fmin (GAIN * whole, BAD)
      || is_at_bound (seed, &of_shortest))
    return *curve;
  /* what was found there may be a better beginning for all of the curve */
  if (misfit_in (forms, curve, &of_shortest.point, seed, &again) < whole)
    *fit = again;
  if (fit->reduced_chi2 < BAD || of_shortest.reduced_chi2 > GAIN * fit->reduced_chi2)
    return *curve;
  for (guint k = 0; k + 1 < G_N_ELEMENTS (cuts); k++)
    {
      const SaxidCurve rest = without_start (curve, cuts[k]);

      if (misfit_in (forms, &rest, &of_shortest.point, seed, fit) < fmax (NO_WORSE * of_shortest.reduced_chi2, GOOD))
        return rest;
    }
  *fit = of_shortest;
  return shortest;
}

/* Where a fit of `shape` begins: where the contest came to, or what the best of the fits so far
 * is as such a particle. */
static gboolean
find_hint (const SaxidContest *contest, const SaxidSeed *seed, guint n, guint class, const SaxidShape *shape,
           SaxidSpacePoint *hint)
{
  double least = INFINITY;

  if (class < contest->n && contest->class[class].fitted)
    {
      *hint = contest->class[class].fit.point;
      saxid_spread_apart (saxid_space_find (shape), hint);
      hint->blur = hint->second_width = 0;
      return TRUE;
    }

  for (guint k = 0; k < n; k++)
    if (seed[k].fit.reduced_chi2 < least
        && saxid_nest (saxid_space_find (seed[k].shape), &seed[k].fit.point, saxid_space_find (shape), hint))
      least = seed[k].fit.reduced_chi2;
  return isfinite (least);
}

guint
saxid_seeds_find (const SaxidForms *forms, const SaxidCurve *curve, const float *probability, const SaxidContest *contest,
                  guint n, SaxidSeed *seed)
{
  SaxidCurve window = *curve;
  SaxidContest held;
  SaxidRefined first;
  SaxidSpacePoint hint;
  guint n_likely, found = 0;
  double hopeless = INFINITY;

  g_return_val_if_fail (saxid_seeds_possible (forms), 0);

  n_likely = likeliest (forms, probability, n, seed);
  if (contest == NULL || contest->n == 0 || contest->of != SAXID_CONTEST_OF_FITS)
    {
      if (!saxid_contest (forms, SAXID_CONTEST_OF_FITS, curve, probability, &held, NULL))
        held.n = 0;
      contest = &held;
    }
  if (n_likely > 0)
    window = choose_window (forms, curve,
                            find_hint (contest, NULL, 0, seed[0].class, seed[0].shape, &hint) ? &hint : NULL, &seed[0],
                            &first);
  for (guint k = 0; k < n_likely; k++)
    {
      seed[found] = seed[k];
      if (k == 0)
        seed[found].fit = first;
      else if (!saxid_seed_fit (forms->atlas, seed[k].shape, &window,
                                find_hint (contest, seed, found, seed[k].class, seed[k].shape, &hint) ? &hint : NULL,
                                seed[k].probability < UNLIKELY ? QUICK_BEGINNINGS : SAXID_SEED_BEGINNINGS, hopeless,
                                &seed[found].fit, NULL))
        continue;
      if (isinf (seed[found].fit.reduced_chi2))
        continue;
      hopeless = fmin (hopeless, HOPELESS * fmax (seed[found].fit.chi2, (double) window.n));
      seed[found].q_first = curve->q[0];
      seed[found].q_min = window.q[0];
      seed[found].q_max = window.q[window.n - 1];
      found++;
    }
  weigh (found, seed);
  return found;
}

guint
saxid_seeds_begin (const SaxidForms *forms, const SaxidCurve *curve, const float *probability, guint n, SaxidSeed *seed)
{
  guint n_likely, found = 0;

  g_return_val_if_fail (saxid_seeds_possible (forms), 0);

  n_likely = likeliest (forms, probability, n, seed);
  for (guint k = 0; k < n_likely; k++)
    {
      seed[found] = seed[k];
      seed[found].q_first = seed[found].q_min = curve->q[0];
      seed[found].q_max = curve->q[curve->n - 1];
      found += saxid_seed_begin (forms->atlas, seed[k].shape, curve, &seed[found].fit, NULL);
    }
  weigh (found, seed);
  return found;
}

void
saxid_seed_as_gaussian (const SaxidSeed *seed, const SaxidCurve *curve, SaxidSeed *out)
{
  const SaxidSpace *space = saxid_space_find (seed->shape);
  g_autoptr (SaxidCurve) whole = saxid_seed_curve_with_sigma (curve);
  const SaxidCurve window = without_start (whole, seed->q_min / curve->q[0]);
  SaxidSpacePoint start = seed->fit.point;

  *out = *seed;
  start.distribution = SAXID_DISTRIBUTION_GAUSSIAN;
  if (!saxid_refine (space, &window, &start, GAUSSIAN_STEPS * (saxid_space_dimension (space) + 1),
                     saxid_thread_seconds () + GAUSSIAN_SECONDS, TRUE, &out->fit, NULL))
    *out = *seed;
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
  if (seed->q_min > seed->q_first)
    g_string_append_printf (text, "%sonly q from %.3g 1/Å on is fitted: with what lies below this form factor does not suit",
                            text->len > 0 ? "; " : "", seed->q_min);
  if (!isfinite (fit->background_error))
    g_string_append_printf (text, "%sfar off, and not refined", text->len > 0 ? "; " : "");
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
