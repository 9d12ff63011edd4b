/* The fit that an analyst would begin with.
 *
 * Thread: pure.
 */
#include "models/fit/seed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/scatter.h"
#include "reducers/error.h"
#include "reducers/rebin.h"

/* Beginnings from the atlas, and steps of the fit for each; those that go on, and theirs;
 * and on the whole curve. A step costs an evaluation for each coordinate and one more. */
#define BEGINNINGS 6
#define FIRST_STEPS 10
#define FINALISTS 2
#define NEXT_STEPS 25
#define LAST_STEPS 10
/* A fit that is nearly good may lie in the wrong one of two valleys with a low ridge
 * between them: it is kicked, in each coordinate both ways, by so much. */
#define GOOD 1.5
#define NEARLY_GOOD 30.0
#define KICK 0.12
#define KICK_STEPS 8
/* No sigma is below this part of I: no form factor here is more precise. */
#define LEAST_SIGMA 1e-4

static SaxidCurve *
with_sigma (const SaxidCurve *curve)
{
  SaxidCurve *copy = saxid_curve_new (curve->n, TRUE, curve->dq != NULL);

  memcpy (copy->q, curve->q, curve->n * sizeof *copy->q);
  memcpy (copy->intensity, curve->intensity, curve->n * sizeof *copy->intensity);
  if (curve->dq != NULL)
    memcpy (copy->dq, curve->dq, curve->n * sizeof *copy->dq);
  if (curve->sigma != NULL)
    memcpy (copy->sigma, curve->sigma, curve->n * sizeof *copy->sigma);
  else
    saxid_scatter (curve->n, curve->intensity, copy->sigma);
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

  return saxid_curve_rebin (curve, &grid, SAXID_WEIGHT_COUNT, error);
}

static int
compare_refined (gconstpointer a, gconstpointer b)
{
  const SaxidRefined *x = a, *y = b;

  return (x->chi2 > y->chi2) - (x->chi2 < y->chi2);
}

static void
kick (const SaxidSpace *space, const SaxidCurve *curve, SaxidRefined *fit)
{
  const guint n = saxid_space_dimension (space);

  for (guint k = 0; k < 2 * n && fit->reduced_chi2 > GOOD && fit->reduced_chi2 < NEARLY_GOOD; k++)
    {
      double x[SAXID_SPACE_MOST];
      SaxidSpacePoint start;
      SaxidRefined trial;

      saxid_space_coordinates (space, &fit->point, x);
      x[k / 2] += k % 2 == 0 ? KICK : -KICK;
      saxid_space_point (space, x, &start);
      if (saxid_refine (space, curve, &start, KICK_STEPS * (n + 1), &trial, NULL) && trial.chi2 < fit->chi2)
        *fit = trial;
    }
}

gboolean
saxid_seed_fit (SaxidAtlas *atlas, guint class, const SaxidShape *shape, const SaxidCurve *curve,
                SaxidRefined *seed, GError **error)
{
  const SaxidSpace *space = saxid_space_find (shape);
  g_autoptr (SaxidCurve) whole = with_sigma (curve), coarse = NULL;
  SaxidMatch match[BEGINNINGS];
  SaxidRefined trial[BEGINNINGS];
  guint n = 0, n_match, per_step;

  coarse = coarse_of (whole, error);
  if (coarse == NULL)
    return FALSE;
  per_step = space != NULL ? saxid_space_dimension (space) + 1 : 0;
  n_match = space != NULL ? saxid_atlas_match (atlas, class, coarse, BEGINNINGS, match) : 0;
  for (guint k = 0; k < n_match; k++)
    n += saxid_refine (space, coarse, &match[k].point, FIRST_STEPS * per_step, &trial[n], NULL);
  qsort (trial, n, sizeof *trial, compare_refined);
  n = MIN (n, FINALISTS);
  for (guint k = 0; k < n; k++)
    {
      const SaxidSpacePoint start = trial[k].point;

      saxid_refine (space, coarse, &start, NEXT_STEPS * per_step, &trial[k], NULL);
    }
  qsort (trial, n, sizeof *trial, compare_refined);
  if (n > 0)
    kick (space, coarse, &trial[0]);
  if (n > 0)
    return saxid_refine (space, whole, &trial[0].point, LAST_STEPS * per_step, seed, error);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s cannot be fitted to the curve", shape->title);
  return FALSE;
}
