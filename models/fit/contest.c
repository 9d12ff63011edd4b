/* Which form factor has the data on its side?
 *
 * Thread: see contest.h.
 */
#include "models/fit/contest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/coarse.h"
#include "models/fit/kick.h"
#include "models/fit/nest.h"
#include "models/fit/spread.h"
#include "reducers/error.h"

/* Chosen on measured curves of known shape (make bench-measured), with an eye on simulated ones
 * with and without a discrepancy: departures of this part of I are not held against a form factor; … */
#define TAU 0.03
/* … and a mean square of less than this, in units of sigma² + (tau I)², makes no one better. */
#define GOOD 0.3
/* Independent points, what a parameter costs in units of -2 ln likelihood (the prior that ships
 * takes as much again as a part of it for each), and how much of
 * the network's ln p counts beside the fits, which see the same curve. */
#define INDEPENDENT 4.0
#define COST 2.5
#define OF_NETWORK 0.35
/* Widths up to the first are met everywhere; wider ones are rarer, by a Gaussian of the
 * logarithm: else any curve without minima would be that of very polydisperse spheres. */
#define USUAL_WIDTH 0.25
#define WIDTH_SPREAD 0.35
/* A network's p below this is not believed to be so small. */
#define LEAST_PROBABILITY 1e-4
/* A class of which the network believes less is not fitted. */
#define HOPELESS 2e-3
/* Particles of the atlas that are looked at, those of them that are refined, and the steps of
 * each; a step costs an evaluation for each coordinate and one more. Few steps, on purpose:
 * what comes near a curve with a particle of the atlas and two steps is likelier than what has
 * to be tuned to it, and form factors with a shell can be tuned to every curve. Forty steps from
 * ten beginnings were right in 44 of the 67 measured shapes, two in 46 at a third of the time.
 * With three steps of two it is 47, but one more point in a curve then changes the class of
 * some (tests/test-stray.py). */
#define BEGINNINGS 6
#define FINALISTS 3
#define STEPS 2
/* What the network is all but sure of is looked for longer, from all beginnings, and kicked out of
 * a wrong valley: else a clean curve may be lost to a fit that has not found it. A particle of so
 * many 1/q at the last q is too slow for that. */
#define LIKELY 0.8
#define LIKELY_FIRST 4
#define LIKELY_STEPS 15
#define POOR 5.0
#define KICKED 200.0
/* Fringes of narrow sizes leave the valleys of the main size no wider than so many parts of
 * it, and the atlas, whose sizes are wider, may be out by several of them: from half of the
 * size to twice it is looked at. */
#define VALLEY 0.015
#define VALLEYS 40
static const double narrow[] = { 0.02, 0.006 };
#define VALLEY_STEPS 12
/* What is the same in all directions and narrow has deep fringes, and is scanned. The thickness of a shell
 * can be tuned to the fringes of any sphere: there the network has to find it plausible. */
#define ALWAYS 0.0
#define PLAUSIBLE 0.3
#define NEVER 1.0
/* Widths (of the logarithm) that another size is tried with. */
static const double second_widths[] = { 0.25, 0.5 };
#define SECOND_STEPS 5
#define BILAYER_STEPS 4
/* A chi-square so many times that of another class is left where it is. */
#define FAR 30.0
/* A particle of so many 1/q at the last q takes its time, and larger ones get fewer steps. */
#define SLOW 80.0
#define LEAST_STEPS 2
/* … and one of so many is not tried, if it is none of the quick ones: the last q tells nothing of its size. */
#define TOO_LARGE 1000.0

/* What a form factor describes is less of an outlier to the network, by this part of ln misfit, from
 * the first misfit down to the second. Of simulated particles and of curves of sasmodels that are
 * none of the classes, the sum of both signs tells more than the score alone (area under the curve 0.828
 * against 0.819); a part of one tells as much, and half takes less from what the network refuses. */
#define OF_MISFIT 0.5
#define DESCRIBED 10.0
#define WELL_DESCRIBED 1.0

/* A constant is as good where its misfit is no more than so many times that of the best form factor. */
#define FLAT 1.5

/* In the order in which they are fitted: those that are special cases of others first. */
typedef struct
{
  const char *class;
  gboolean is_slow;     /* to compute, when it is large */
  double scanned;       /* where the network believes more of it, its sizes are scanned */
  gboolean has_bilayer; /* a shell that is as thick in all particles */
} Entrant;
static const Entrant order[]
  = { { "sphere", FALSE, ALWAYS, FALSE }, { "hollow_sphere", FALSE, ALWAYS, TRUE }, { "core_shell_sphere", FALSE, PLAUSIBLE, FALSE },
      { "disc", TRUE, NEVER, FALSE }, { "cylinder", TRUE, NEVER, FALSE }, { "oblate", FALSE, NEVER, FALSE },
      { "prolate", FALSE, NEVER, FALSE }, { "core_shell_cylinder", TRUE, NEVER, FALSE },
      { "core_shell_disc", TRUE, NEVER, FALSE }, { "core_shell_oblate", TRUE, NEVER, FALSE },
      { "core_shell_prolate", TRUE, NEVER, FALSE } };

typedef struct
{
  const SaxidForms *forms;
  SaxidCurve *coarse; /* sigma: with what is not believed of any form factor */
  double blur;        /* of its points */
  SaxidContest *out;
} Contest;

static int
compare_refined (gconstpointer a, gconstpointer b)
{
  const SaxidRefined *x = a, *y = b;

  return (x->chi2 > y->chi2) - (x->chi2 < y->chi2);
}

/* Special cases that have been fitted already, and what the atlas has. Shape: start
 * BEGINNINGS + SAXID_CONTEST_MOST. */
static guint
find_starts (const Contest *contest, const SaxidContestant *class, gboolean quick, SaxidSpacePoint *start)
{
  const SaxidSpace *space = saxid_space_find (class->shape);
  SaxidMatch match[BEGINNINGS];
  const guint n_match = saxid_atlas_match (contest->forms->atlas, class->shape, contest->coarse, quick, BEGINNINGS, match);
  guint n = 0;

  for (guint k = 0; k < contest->out->n; k++)
    {
      const SaxidContestant *other = &contest->out->class[k];

      n += other->fitted && saxid_nest (saxid_space_find (other->shape), &other->fit.point, space, &start[n]);
    }
  for (guint k = 0; k < n_match; k++)
    start[n++] = match[k].point;
  for (guint k = 0; k < n; k++)
    {
      saxid_spread_together (space, &start[k]);
      start[k].blur = contest->blur;
      start[k].second_width = 0;
    }
  return n;
}

/* Of a particle, in 1/q of the last q. Orientations, and so time, grow with it. */
static double
size_at (const Contest *contest, const SaxidSpace *space, const SaxidSpacePoint *particle)
{
  const double last = contest->coarse->q[contest->coarse->n - 1];
  SaxidSpacePoint point = *particle;

  saxid_space_shorten (space, SLOW / last, &point);
  return last * saxid_space_shape (space)->extent (point.value);
}

/* steps: of a fit of a small particle. */
static gboolean
refine (const Contest *contest, const SaxidSpace *space, const SaxidSpacePoint *start, guint steps, SaxidRefined *out)
{
  const guint most = (guint) CLAMP (steps * SLOW / size_at (contest, space, start), LEAST_STEPS, steps);

  return saxid_refine (space, contest->coarse, start, most * (saxid_space_dimension (space) + 1), INFINITY, FALSE, out,
                       NULL);
}

static double
least_chi2 (const SaxidContest *contest)
{
  double least = INFINITY;

  for (guint k = 0; k < contest->n; k++)
    if (contest->class[k].fitted)
      least = fmin (least, contest->class[k].fit.chi2);
  return least;
}

/* Neighbouring sizes, as they are and as narrow as they may be. */
static void
scan_sizes (const Contest *contest, const SaxidSpace *space, SaxidRefined *fit)
{
  const SaxidSpacePoint middle = fit->point;
  SaxidRefined best = *fit, trial;

  for (int k = -VALLEYS; k <= VALLEYS; k++)
    for (guint w = 0; w <= G_N_ELEMENTS (narrow); w++)
      {
        SaxidSpacePoint point = middle;

        if (w > 0 && point.width < narrow[w - 1])
          continue;
        point.width = w > 0 ? narrow[w - 1] : point.width;
        saxid_space_scale (space, exp (VALLEY * k), &point);
        if (saxid_refined_at (space, contest->coarse, &point, &trial, NULL) && trial.chi2 < best.chi2)
          best = trial;
      }
  if (best.chi2 < fit->chi2 && refine (contest, space, &best.point, VALLEY_STEPS, &trial))
    *fit = trial.chi2 < best.chi2 ? trial : best;
}

/* Vesicles differ in radius, and their bilayers do not: the width of the radius alone. */
static void
keep_thickness (const Contest *contest, const SaxidSpace *space, guint n, SaxidRefined *fit)
{
  SaxidRefined best = fit[0];

  for (guint k = 0; k < n; k++)
    {
      SaxidSpacePoint start = fit[k].point;
      SaxidRefined trial;

      saxid_spread_apart (space, &start);
      if (refine (contest, space, &start, BILAYER_STEPS, &trial) && trial.chi2 < best.chi2)
        best = trial;
    }
  fit[0] = best;
}

static void
take_template (const Contest *contest, G_GNUC_UNUSED const Entrant *entrant, SaxidContestant *class)
{
  SaxidMatch match;

  if (saxid_atlas_match (contest->forms->atlas, class->shape, contest->coarse, TRUE, 1, &match) == 0)
    return;
  class->fit = (SaxidRefined) { .point = match.point, .chi2 = match.misfit * (double) contest->coarse->n };
  class->n_free = saxid_space_dimension (saxid_space_find (class->shape)) + 2;
  class->fitted = TRUE;
}

static void
fit_class (const Contest *contest, const Entrant *entrant, SaxidContestant *class)
{
  const SaxidSpace *space = saxid_space_find (class->shape);
  SaxidSpacePoint start[BEGINNINGS + SAXID_CONTEST_MOST];
  SaxidRefined trial[BEGINNINGS + SAXID_CONTEST_MOST];
  const guint n_start = find_starts (contest, class, entrant->is_slow, start);
  const gboolean likely = class->probability > LIKELY;
  guint n = 0, n_final;

  for (guint k = 0; k < n_start; k++)
    n += (!entrant->is_slow || size_at (contest, space, &start[k]) < TOO_LARGE)
         && (likely ? refine (contest, space, &start[k], LIKELY_FIRST, &trial[n])
                    : saxid_refined_at (space, contest->coarse, &start[k], &trial[n], NULL));
  if (n == 0)
    return;
  qsort (trial, n, sizeof *trial, compare_refined);
  n_final = MIN (n, FINALISTS);
  for (guint k = 0; k < n_final && (likely || trial[k].chi2 < FAR * least_chi2 (contest->out)); k++)
    {
      const SaxidSpacePoint from = trial[k].point;
      SaxidRefined next;

      if (refine (contest, space, &from, likely ? LIKELY_STEPS : STEPS, &next) && next.chi2 < trial[k].chi2)
        trial[k] = next;
    }
  for (guint k = 0; k < n_final && class->probability > entrant->scanned; k++)
    scan_sizes (contest, space, &trial[k]);
  qsort (trial, n_final, sizeof *trial, compare_refined);
  if (likely && size_at (contest, space, &trial[0].point) < KICKED)
    saxid_kick (space, contest->coarse, POOR, INFINITY, &trial[0]);
  if (entrant->has_bilayer)
    keep_thickness (contest, space, n_final, trial);
  class->fit = trial[0];
  class->n_free = saxid_space_dimension (space) + 2;
  class->fitted = TRUE;
}

/* The width of another size, where that makes the fit better by more than it costs. */
static void
add_second_width (const Contest *contest, SaxidContestant *class)
{
  const SaxidSpace *space = saxid_space_find (class->shape);
  const int second = saxid_space_second (space);
  const double before = class->fit.chi2;
  SaxidRefined best = class->fit;

  for (guint k = 0; k < G_N_ELEMENTS (second_widths) && second >= 0; k++)
    {
      SaxidSpacePoint start = best.point;
      SaxidRefined trial;

      start.second = (guint) second;
      start.second_width = second_widths[k];
      if (refine (contest, space, &start, SECOND_STEPS, &trial) && trial.chi2 < best.chi2)
        best = trial;
    }
  if (INDEPENDENT * log (before / best.chi2) < COST)
    return;
  class->fit = best;
  class->n_free++;
}

double
saxid_contest_log_weight (double misfit, guint n_free, double probability)
{
  return -0.5 * (INDEPENDENT * log (misfit + GOOD) + COST * n_free) + OF_NETWORK * log (fmax (probability, LEAST_PROBABILITY));
}

static void
weigh (const Contest *contest, SaxidContestant *class)
{
  const double wider = fmax (log (class->fit.point.width / USUAL_WIDTH), 0) / WIDTH_SPREAD;

  class->misfit = class->fit.chi2 / contest->out->n_point;
  class->log_weight = saxid_contest_log_weight (class->misfit, class->n_free, class->probability) - 0.5 * wider * wider;
}

static void
run (const Contest *contest, SaxidContestOf of)
{
  void (*const stand) (const Contest *, const Entrant *, SaxidContestant *) = of == SAXID_CONTEST_OF_FITS ? fit_class : take_template;
  SaxidContest *out = contest->out;
  double least;

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint c = 0; c < out->n; c++)
      if (strcmp (out->class[c].shape->name, order[k].class) == 0 && out->class[c].probability > HOPELESS)
        {
          const double start = saxid_thread_seconds ();

          stand (contest, &order[k], &out->class[c]);
          out->class[c].seconds = saxid_thread_seconds () - start;
        }
  least = least_chi2 (out);
  for (guint c = 0; c < out->n; c++)
    {
      SaxidContestant *class = &out->class[c];
      const double start = saxid_thread_seconds ();

      if (!class->fitted)
        continue;
      if (of == SAXID_CONTEST_OF_FITS && class->fit.chi2 < FAR * least)
        add_second_width (contest, class);
      weigh (contest, class);
      class->seconds += saxid_thread_seconds () - start;
    }
}

/* chi² of a constant, for each point. */
static double
misfit_of_constant (const SaxidCurve *curve)
{
  double weight = 0, mean = 0, sum = 0;

  for (gsize k = 0; k < curve->n; k++)
    {
      const double w = 1 / (curve->sigma[k] * curve->sigma[k]);

      weight += w;
      mean += w * curve->intensity[k];
    }
  mean /= weight;
  for (gsize k = 0; k < curve->n; k++)
    sum += pow ((curve->intensity[k] - mean) / curve->sigma[k], 2);
  return sum / (double) curve->n;
}

SaxidCurve *
saxid_contest_curve (const SaxidCurve *curve, double *blur, GError **error)
{
  SaxidCurve *coarse = saxid_coarse_curve (curve, blur, error);

  for (gsize k = 0; coarse != NULL && k < coarse->n; k++)
    coarse->sigma[k] = hypot (coarse->sigma[k], TAU * coarse->intensity[k]);
  return coarse;
}

gboolean
saxid_contest (const SaxidForms *forms, SaxidContestOf of, const SaxidCurve *curve, const float *probability, SaxidContest *out,
               GError **error)
{
  double blur;
  g_autoptr (SaxidCurve) coarse = saxid_contest_curve (curve, &blur, error);
  const Contest contest = { forms, coarse, blur, out };

  *out = (SaxidContest) { .n = MIN (forms->n_class, SAXID_CONTEST_MOST), .of = of };
  if (coarse == NULL)
    return FALSE;
  out->n_point = (guint) coarse->n;
  for (guint c = 0; c < out->n; c++)
    out->class[c] = (SaxidContestant) { .class = c, .shape = saxid_shape_find (forms->class_name[c]),
                                        .probability = (double) probability[c], .log_weight = -INFINITY };
  run (&contest, of);
  out->misfit = least_chi2 (out) / out->n_point;
  out->is_flat = misfit_of_constant (coarse) + GOOD < FLAT * (out->misfit + GOOD);
  if (isfinite (out->misfit))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "no form factor can be fitted to %u points", out->n_point);
  return FALSE;
}

static double
log_odds (double p)
{
  return log (p / (1 - p));
}

gboolean
saxid_contest_outlier (const SaxidContest *contest, double score, double limit)
{
  const double relief = OF_MISFIT * fmax (log (DESCRIBED / fmax (contest->misfit, WELL_DESCRIBED)), 0);

  return contest->misfit > SAXID_CONTEST_MOST_MISFIT || contest->is_flat || log_odds (score) > log_odds (limit) + relief;
}

void
saxid_contest_apply (const SaxidContest *contest, float *probability)
{
  double largest = -INFINITY, sum = 0, share = 0;

  for (guint c = 0; c < contest->n; c++)
    if (contest->class[c].fitted)
      {
        largest = fmax (largest, contest->class[c].log_weight);
        share += (double) probability[c];
      }
  for (guint c = 0; c < contest->n; c++)
    if (contest->class[c].fitted)
      sum += exp (contest->class[c].log_weight - largest);
  for (guint c = 0; c < contest->n; c++)
    if (contest->class[c].fitted)
      probability[c] = (float) (share * exp (contest->class[c].log_weight - largest) / sum);
}
