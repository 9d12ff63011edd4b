/* The fit that an analyst would begin with.
 *
 * Thread: pure.
 */
#include "models/fit/seed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/kick.h"
#include "reducers/error.h"
#include "reducers/noise.h"
#include "reducers/rebin.h"

/* Beginnings from the atlas, and steps of the fit for each; those that go on, and theirs;
 * and on the whole curve. A step costs an evaluation for each coordinate and one more. */
#define BEGINNINGS SAXID_SEED_BEGINNINGS
#define FIRST_STEPS 5
#define FINALISTS 2
#define NEXT_STEPS 15
#define LAST_STEPS 15
/* Of one processor, for the search and for the whole curve each: very long or very wide
 * particles take so long that an instrument would wait. */
#define MOST_SECONDS 1.0
/* As good as a fit need be. */
#define GOOD 1.5
/* Kicked is only what may still become the best: a chi-square above `hopeless` less this
 * factor is left to others. */
#define RIVAL 6.0
/* Lengths that are tried for a rod, from one part of so many of what was found to as many times it. */
#define LENGTHS 12
#define LONGEST 8.0
/* The mean of a step is not the intensity at its middle where a curve is bent: that much
 * of it is not asked of the coarse curve. */
#define BENT 1e-3
/* Scatter that stands in for sigma is not below this part of the largest I. */
#define LEAST_SCATTER 1e-7
/* No sigma is below this part of I: no form factor here is more precise. */
#define LEAST_SIGMA 1e-4

SaxidCurve *
saxid_seed_curve_with_sigma (const SaxidCurve *curve)
{
  SaxidCurve *copy = saxid_curve_copy (curve);

  if (copy->sigma == NULL)
    {
      double largest = 0;

      copy->sigma = g_new (double, copy->n);
      saxid_noise (curve->n, curve->intensity, copy->sigma);
      for (gsize k = 0; k < copy->n; k++)
        largest = fmax (largest, fabs (copy->intensity[k]));
      /* empty bins are zeros that scatter nothing */
      for (gsize k = 0; k < copy->n; k++)
        copy->sigma[k] = fmax (copy->sigma[k], LEAST_SCATTER * largest);
    }
  for (gsize k = 0; k < copy->n; k++)
    copy->sigma[k] = fmax (copy->sigma[k], LEAST_SIGMA * fabs (copy->intensity[k]));
  return copy;
}

static SaxidCurve *
coarse_of (const SaxidCurve *curve, GError **error)
{
  const double first = curve->q[0], last = curve->q[curve->n - 1];
  const SaxidGrid grid = { .n = MAX ((gsize) (log (last / first) / SAXID_ATLAS_STEP), 2), .low = first * (1 - 1e-9),
                           .high = last * (1 + 1e-9), .spacing = SAXID_SPACING_LOG };

  SaxidCurve *coarse = saxid_curve_rebin (curve, &grid, SAXID_WEIGHT_COUNT, error);

  for (gsize k = 0; coarse != NULL && k < coarse->n; k++)
    coarse->sigma[k] = hypot (coarse->sigma[k], BENT * coarse->intensity[k]);
  return coarse;
}

static int
compare_refined (gconstpointer a, gconstpointer b)
{
  const SaxidRefined *x = a, *y = b;

  return (x->chi2 > y->chi2) - (x->chi2 < y->chi2);
}

/* A cross-section that suits is found long before the length of its rod, which a few points
 * at the lowest q know alone: that is looked for by itself. */
static void
stretch (const SaxidSpace *space, const SaxidCurve *curve, double until, SaxidRefined *fit)
{
  const SaxidSpacePoint start = fit->point;

  for (guint k = 0; k < LENGTHS && saxid_thread_seconds () < until; k++)
    {
      SaxidSpacePoint point = start;
      SaxidRefined trial;

      if (!saxid_space_lengthen (space, pow (LONGEST, 2.0 * k / (LENGTHS - 1) - 1), &point))
        return;
      if (saxid_refined_at (space, curve, &point, &trial, NULL) && trial.chi2 < fit->chi2)
        *fit = trial;
    }
}

/* The best fit to the coarse curve; one that stays above `hopeless` after the first steps
 * is left there. FALSE: nothing fits. */
static gboolean
search (SaxidAtlas *atlas, const SaxidSpace *space, const SaxidCurve *coarse,
        const SaxidSpacePoint *hint, guint beginnings, double hopeless, SaxidRefined *best)
{
  const guint per_step = saxid_space_dimension (space) + 1;
  SaxidMatch match[BEGINNINGS];
  SaxidRefined trial[BEGINNINGS + 1];
  const double until = saxid_thread_seconds () + MOST_SECONDS;
  guint n = 0, n_match = 0;

  if (hint != NULL)
    n += saxid_refine (space, coarse, hint, FIRST_STEPS * per_step, until, FALSE, &trial[n], NULL);
  if (n == 0 || trial[0].reduced_chi2 > GOOD)
    n_match = saxid_atlas_match (atlas, saxid_space_shape (space), coarse, FALSE, MIN (beginnings, BEGINNINGS), match);
  for (guint k = 0; k < n_match && !(n > 0 && trial[n - 1].reduced_chi2 < GOOD); k++)
    {
      /* two of them tell a form factor that is far off */
      if (k == 2 && n >= 2 && fmin (trial[0].chi2, trial[1].chi2) > hopeless)
        break;
      n += saxid_refine (space, coarse, &match[k].point, FIRST_STEPS * per_step, until, FALSE, &trial[n], NULL);
    }
  if (n == 0)
    return FALSE;
  qsort (trial, n, sizeof *trial, compare_refined);
  n = trial[0].chi2 > hopeless ? 0 : trial[0].reduced_chi2 < GOOD ? 1 : MIN (n, FINALISTS);
  for (guint k = 0; k < n; k++)
    {
      SaxidSpacePoint start;

      stretch (space, coarse, until, &trial[k]);
      start = trial[k].point;
      saxid_refine (space, coarse, &start, NEXT_STEPS * per_step, until, FALSE, &trial[k], NULL);
    }
  if (n > 0)
    {
      qsort (trial, n, sizeof *trial, compare_refined);
      if (trial[0].chi2 < hopeless / RIVAL)
        saxid_kick (space, coarse, GOOD, until, &trial[0]);
    }
  *best = trial[0];
  return TRUE;
}

gboolean
saxid_seed_fit (SaxidAtlas *atlas, const SaxidShape *shape, const SaxidCurve *curve,
                const SaxidSpacePoint *hint, guint beginnings, double hopeless, SaxidRefined *seed, GError **error)
{
  const SaxidSpace *space = saxid_space_find (shape);
  g_autoptr (SaxidCurve) whole = saxid_seed_curve_with_sigma (curve), coarse = coarse_of (whole, error);
  SaxidRefined best;

  if (coarse == NULL)
    return FALSE;
  if (space != NULL && search (atlas, space, coarse, hint, beginnings, hopeless, &best))
    return best.chi2 > hopeless
             ? saxid_refined_at (space, whole, &best.point, seed, error)
             : saxid_refine (space, whole, &best.point, LAST_STEPS * (saxid_space_dimension (space) + 1),
                             saxid_thread_seconds () + MOST_SECONDS, TRUE, seed, error);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s cannot be fitted to the curve", shape->title);
  return FALSE;
}

gboolean
saxid_seed_begin (SaxidAtlas *atlas, const SaxidShape *shape, const SaxidCurve *curve,
                  SaxidRefined *seed, GError **error)
{
  const SaxidSpace *space = saxid_space_find (shape);
  g_autoptr (SaxidCurve) whole = saxid_seed_curve_with_sigma (curve), coarse = coarse_of (whole, error);
  SaxidMatch match;

  if (coarse == NULL)
    return FALSE;
  if (space != NULL && saxid_atlas_match (atlas, shape, coarse, TRUE, 1, &match) == 1)
    return saxid_refined_at (space, coarse, &match.point, seed, error);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s is nothing like the curve", shape->title);
  return FALSE;
}
