/* Which form factor has the data on its side?
 *
 * Thread: see contest.h.
 */
#include "models/fit/contest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/fit/coarse.h"
#include "models/fit/nest.h"
#include "models/fit/rival.h"
#include "models/fit/smear.h"
#include "reducers/error.h"

/* Beginnings from the atlas, steps of each, of the best of them, and of it at another
 * discrepancy. A step costs an evaluation for each coordinate and one more. */
#define BEGINNINGS 4
#define FIRST_STEPS 4
#define NEXT_STEPS 12
#define LAST_STEPS 8
#define FINALISTS 2
/* Who is so far behind the first, in ln Z, is not looked at again. */
#define FAR 25.0
/* … for a further nuisance. */
#define NEAR 12.0

/* In the order in which they are fitted: quick ones first, and those that are special cases
 * of others. */
static const char *const order[] = { "sphere", "hollow_sphere", "core_shell_sphere", "disc", "cylinder", "oblate",
                                     "prolate", "core_shell_cylinder", "core_shell_disc", "core_shell_oblate",
                                     "core_shell_prolate" };

/* What may be different beside the parameters: how probable it is beforehand. */
typedef struct
{
  double part; /* of all curves */
  SaxidDistribution distribution;
  gboolean second;   /* another size has a width, too */
  double resolution; /* dq/q that the file does not tell */
} Variant;
static const Variant variants[SAXID_CONTEST_VARIANTS] = {
  { 0.4, SAXID_DISTRIBUTION_SCHULZ, FALSE, 0 },
  { 0.2, SAXID_DISTRIBUTION_LOGNORMAL, FALSE, 0 },
  { 0.2, SAXID_DISTRIBUTION_LOGNORMAL, TRUE, 0 },
  { 0.1, SAXID_DISTRIBUTION_SCHULZ, FALSE, 0.05 },
  { 0.1, SAXID_DISTRIBUTION_SCHULZ, FALSE, 0.10 },
};
/* Pairs (tau, l) at which is fitted. */
static const guint pairs[] = { SAXID_DISCREPANCY_FIRST, 4, 10 };
#define VARIANTS SAXID_CONTEST_VARIANTS
/* ln of a second width. */
static const SaxidPrior second_prior = { -3.9, -0.5, -1.9, 0.8 };

/* --- A class as a family of curves ------------------------------------------------------- */

typedef struct
{
  const SaxidSpace *space;
  const Variant *variant;
  SaxidSmear *smear;
} Particles;

static void
put_point (const Particles *particles, const double *parameter, SaxidSpacePoint *point)
{
  saxid_space_from_natural (particles->space, parameter, point);
  point->distribution = particles->variant->distribution;
  if (!particles->variant->second)
    return;
  point->second = (guint) saxid_space_second (particles->space);
  point->second_width = exp (parameter[saxid_space_dimension (particles->space)]);
}

static gboolean
compute (gpointer data, const double *parameter, double *out)
{
  const Particles *particles = data;
  const SaxidSmear *smear = particles->smear;
  SaxidSpacePoint point;

  put_point (particles, parameter, &point);
  return saxid_space_is_visible (particles->space, &point, smear->q[0], smear->q[smear->n - 1])
         && saxid_smear_intensity (particles->smear, saxid_space_shape (particles->space), &point, out, NULL);
}

static SaxidFamily
family_of (Particles *particles)
{
  SaxidFamily family = { .n = saxid_space_dimension (particles->space), .curve = compute, .data = particles };

  for (guint k = 0; k < family.n; k++)
    family.prior[k] = saxid_space_prior (particles->space, k);
  if (particles->variant->second)
    family.prior[family.n++] = second_prior;
  return family;
}

/* --- The contest ---------------------------------------------------------------------------- */

/* What is known of one class. */
typedef struct
{
  const SaxidSpace *space;
  guint class;
  SaxidEvidence evidence[VARIANTS];
  SaxidSpacePoint point; /* of the best variant */
  double log_evidence;   /* of all variants that were tried */
  guint best;            /* variant */
  guint evaluations;
  double seconds;
} Entry;

typedef struct
{
  const SaxidForms *forms;
  const SaxidCurve *coarse;
  SaxidDiscrepancy *discrepancy;
  SaxidSmear smear;
  guint pair;
  Entry entry[SAXID_CONTEST_MOST];
  guint n;
} Contest;

static void
contest_clear (Contest *contest)
{
  saxid_discrepancy_free (contest->discrepancy);
  saxid_smear_clear (&contest->smear);
}
typedef Contest ContestHolder;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ContestHolder, contest_clear)

static int
compare_evidence (gconstpointer a, gconstpointer b)
{
  const SaxidEvidence *x = a, *y = b;

  return (x->misfit > y->misfit) - (x->misfit < y->misfit);
}

/* Special cases that have been fitted already, and what the atlas has. Shape: start
 * BEGINNINGS + SAXID_CONTEST_MOST. */
static guint
find_starts (Contest *contest, const Entry *entry, SaxidSpacePoint *start)
{
  SaxidMatch match[BEGINNINGS];
  const guint n_match
    = saxid_atlas_match (contest->forms->atlas, entry->class, contest->coarse, TRUE, BEGINNINGS, match);
  guint n = 0;

  for (guint k = 0; k < contest->n; k++)
    n += saxid_nest (contest->entry[k].space, &contest->entry[k].point, entry->space, &start[n]);
  for (guint k = 0; k < n_match; k++)
    start[n++] = match[k].point;
  return n;
}

static gboolean
fit_first (Contest *contest, Entry *entry)
{
  Particles particles = { entry->space, &variants[0], &contest->smear };
  const SaxidFamily family = family_of (&particles);
  SaxidSpacePoint start[BEGINNINGS + SAXID_CONTEST_MOST];
  SaxidEvidence trial[BEGINNINGS + SAXID_CONTEST_MOST];
  const guint n_start = find_starts (contest, entry, start);
  double natural[SAXID_FAMILY_MOST];
  guint n = 0;

  for (guint k = 0; k < n_start; k++)
    {
      saxid_space_natural (entry->space, &start[k], natural);
      n += saxid_evidence_fit (contest->discrepancy, contest->pair, &family, natural, FIRST_STEPS * (family.n + 1),
                               &trial[n]);
      entry->evaluations += n > 0 ? trial[n - 1].evaluations : 0;
    }
  if (n == 0)
    return FALSE;
  qsort (trial, n, sizeof *trial, compare_evidence);
  for (guint k = 0; k < MIN (n, FINALISTS); k++)
    {
      memcpy (natural, trial[k].parameter, sizeof natural);
      saxid_evidence_fit (contest->discrepancy, contest->pair, &family, natural, NEXT_STEPS * (family.n + 1),
                          &trial[k]);
      entry->evaluations += trial[k].evaluations;
    }
  qsort (trial, MIN (n, FINALISTS), sizeof *trial, compare_evidence);
  entry->evidence[0] = trial[0];
  return saxid_evidence_judge (contest->discrepancy, &family, &entry->evidence[0]);
}

/* The variants together, and the best of them. */
static void
sum_up (Entry *entry)
{
  double logarithm[VARIANTS];

  for (guint v = 0; v < VARIANTS; v++)
    {
      logarithm[v] = log (variants[v].part) + entry->evidence[v].log_evidence;
      if (logarithm[v] > logarithm[entry->best])
        entry->best = v;
    }
  entry->log_evidence = saxid_log_sum (VARIANTS, logarithm);
  put_point (&(Particles) { entry->space, &variants[entry->best], NULL }, entry->evidence[entry->best].parameter,
             &entry->point);
}

static void
enter (Contest *contest, guint class, const SaxidShape *shape)
{
  const double start = saxid_thread_seconds ();
  Entry *entry = &contest->entry[contest->n];

  *entry = (Entry) { .space = saxid_space_find (shape), .class = class };
  for (guint v = 0; v < VARIANTS; v++)
    {
      entry->evidence[v].log_evidence = -INFINITY;
      for (guint p = 0; p < SAXID_DISCREPANCY_PAIRS; p++)
        entry->evidence[v].at[p] = -INFINITY;
    }
  if (entry->space == NULL || !fit_first (contest, entry))
    return;
  sum_up (entry);
  entry->seconds = saxid_thread_seconds () - start;
  contest->n++;
}

static const Entry *
best_of (const Contest *contest)
{
  const Entry *best = NULL;

  for (guint k = 0; k < contest->n; k++)
    if (best == NULL || contest->entry[k].log_evidence > best->log_evidence)
      best = &contest->entry[k];
  return best;
}

/* Fits one variant at a pair from `start` on, and joins what is found to what is known. */
static void
improve (Contest *contest, Entry *entry, guint v, guint pair, SaxidSmear *smear, const double *start)
{
  Particles particles = { entry->space, &variants[v], smear };
  const SaxidFamily family = family_of (&particles);
  SaxidEvidence trial;

  if (saxid_evidence_fit (contest->discrepancy, pair, &family, start, LAST_STEPS * (family.n + 1), &trial)
      && saxid_evidence_judge (contest->discrepancy, &family, &trial))
    {
      if (isfinite (entry->evidence[v].log_evidence))
        saxid_evidence_join (&entry->evidence[v], &trial);
      else
        entry->evidence[v] = trial;
    }
  entry->evaluations += trial.evaluations;
}

/* Fits anew at another discrepancy. */
static void
renew (Contest *contest, Entry *entry, guint pair)
{
  const double start = saxid_thread_seconds ();

  improve (contest, entry, 0, pair, &contest->smear, entry->evidence[0].parameter);
  sum_up (entry);
  entry->seconds += saxid_thread_seconds () - start;
}

static void
add_variant (Contest *contest, Entry *entry, guint v)
{
  const Variant *variant = &variants[v];
  g_autofree double *dq = g_new (double, contest->coarse->n);
  g_auto (SaxidSmear) smear = { 0 };
  double start[SAXID_FAMILY_MOST];

  if ((variant->second && saxid_space_second (entry->space) < 0)
      || (variant->resolution > 0 && contest->coarse->dq != NULL))
    return;
  if (variant->resolution > 0)
    {
      for (gsize k = 0; k < contest->coarse->n; k++)
        dq[k] = variant->resolution * contest->coarse->q[k];
      saxid_smear_init (&smear, contest->coarse->n, contest->coarse->q, dq);
    }
  memcpy (start, entry->evidence[0].parameter, sizeof start);
  if (variant->second)
    start[saxid_space_dimension (entry->space)] = second_prior.middle;
  for (guint p = 0; p < G_N_ELEMENTS (pairs); p++)
    {
      improve (contest, entry, v, pairs[p], variant->resolution > 0 ? &smear : &contest->smear, start);
      if (isfinite (entry->evidence[v].log_evidence))
        memcpy (start, entry->evidence[v].parameter, sizeof start);
    }
}

static void
add_variants (Contest *contest, Entry *entry)
{
  const double start = saxid_thread_seconds ();

  for (guint v = 1; v < VARIANTS; v++)
    add_variant (contest, entry, v);
  sum_up (entry);
  entry->seconds += saxid_thread_seconds () - start;
}

static void
judge_rivals (const Contest *contest, SaxidContest *out)
{
  const double start = saxid_thread_seconds ();
  SaxidEvidence evidence;

  for (guint k = 0; k < saxid_rival_count (); k++)
    {
      out->rival[k]
        = saxid_rival_judge (k, contest->discrepancy, contest->coarse->q, &evidence) ? evidence.log_evidence : -INFINITY;
      memcpy (out->rival_at[k], evidence.at, sizeof evidence.at);
    }
  out->log_evidence_none = saxid_log_sum (saxid_rival_count (), out->rival) - log (saxid_rival_count ());
  out->rival_seconds = saxid_thread_seconds () - start;
}

static void
report (const Contest *contest, const Entry *entry, SaxidContestant *out)
{
  SaxidRefined refined;

  out->log_evidence = entry->log_evidence;
  out->point = entry->point;
  out->scale = entry->evidence[entry->best].scale;
  out->tau = saxid_discrepancy_tau (entry->evidence[entry->best].pair);
  out->length = saxid_discrepancy_length (entry->evidence[entry->best].pair);
  out->evaluations = entry->evaluations;
  out->seconds = entry->seconds;
  for (guint v = 0; v < VARIANTS; v++)
    memcpy (out->at[v], entry->evidence[v].at, sizeof out->at[v]);
  if (saxid_refined_at (entry->space, contest->coarse, &entry->point, &refined, NULL))
    out->reduced_chi2 = refined.reduced_chi2;
}

static void
run (Contest *contest)
{
  double first;

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint c = 0; c < contest->forms->n_class; c++)
      if (strcmp (contest->forms->class_name[c], order[k]) == 0 && contest->n < SAXID_CONTEST_MOST)
        enter (contest, c, saxid_shape_find (order[k]));
  if (contest->n == 0)
    return;
  first = best_of (contest)->log_evidence;
  for (guint k = 0; k < contest->n; k++)
    for (guint p = 1; p < G_N_ELEMENTS (pairs) && contest->entry[k].log_evidence > first - FAR; p++)
      renew (contest, &contest->entry[k], pairs[p]);
  contest->pair = best_of (contest)->evidence[0].pair;
  first = best_of (contest)->log_evidence;
  for (guint k = 0; k < contest->n; k++)
    if (contest->entry[k].log_evidence > first - NEAR)
      add_variants (contest, &contest->entry[k]);
}

gboolean
saxid_contest (const SaxidForms *forms, const SaxidCurve *curve, const float *probability, SaxidContest *out,
               GError **error)
{
  g_autoptr (SaxidCurve) coarse = saxid_coarse_curve (curve, error);
  g_auto (ContestHolder) contest = { .forms = forms, .coarse = coarse, .pair = SAXID_DISCREPANCY_FIRST };

  *out = (SaxidContest) { .n = MIN (forms->n_class, SAXID_CONTEST_MOST) };
  if (coarse == NULL)
    return FALSE;
  out->n_point = (guint) coarse->n;
  for (guint c = 0; c < out->n; c++)
    out->class[c] = (SaxidContestant) { .class = c, .shape = saxid_shape_find (forms->class_name[c]),
                                        .probability = probability != NULL ? (double) probability[c] : 0,
                                        .log_evidence = -INFINITY };
  contest.discrepancy = saxid_discrepancy_new (coarse);
  saxid_smear_init (&contest.smear, coarse->n, coarse->q, coarse->dq);
  run (&contest);
  for (guint k = 0; k < contest.n; k++)
    report (&contest, &contest.entry[k], &out->class[contest.entry[k].class]);
  judge_rivals (&contest, out);
  if (contest.n > 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "no form factor can be fitted to %u points", out->n_point);
  return FALSE;
}
