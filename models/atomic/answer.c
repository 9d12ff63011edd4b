/* What may be said of the particles of a curve?
 *
 * Thread: see answer.h.
 */
#include "models/atomic/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/atomic/peak-misfit.h"
#include "models/materials/normal.h"
#include "reducers/error.h"
#include "reducers/peaks.h"

/* The shapes that make up so much of the probability are the set. */
#define IN_SET 0.95
/* Elements of a d that is off by so much are rarer, by a Gaussian: alloys, and strain. */
#define STRAIN 0.015
/* A first misfit so many times the best one is not worth all fits. */
#define WORTH 1.6
#define GOOD 0.3
/* Shapes of less probability do not widen an interval. */
#define LEAST_WEIGHT 0.01
/* 5 and 95 %. */
#define TAIL 0.05
/* Sizes of one shape are so far apart that a narrower width is not told from one size. */
#define NARROW_WIDTH 0.08
/* Below so many atoms a shape is next to none. */
#define FEW_ATOMS 50.0

/* What errors by derivatives are to be multiplied by, and what is added to them in squares for what no such model describes, to hold the
 * truth nine times of ten in simulated curves (make bench-atoms, of other seeds than the ones that are shown). What is added is
 * of TYPICAL_ATOMS and falls with so much a power of their number: of a small particle more is surface. */
static const struct
{
  double factor, least, least_open; /* open: the element is not told, so that its form factor may be another one's */
  double power;
} calibrated[SAXID_CLUSTER_QUANTITIES] = {
  [SAXID_CLUSTER_LN_ATOMS] = { 1.3, 0.028, 0.028, 1.0 / 3 },
  [SAXID_CLUSTER_LN_D] = { 1, 0.00014, 0.00018, 1.0 / 6 },
  [SAXID_CLUSTER_LN_SPHERE] = { 1.3, 0.0094, 0.0094, 1.0 / 3 },
  [SAXID_CLUSTER_SPREAD_WIDTH] = { 1, 0.0136, 0.018, 1.0 / 3 },
};
#define TYPICAL_ATOMS 300.0

const char *
saxid_atoms_status_name (SaxidAtomsStatus status)
{
  static const char *const names[] = { "", "found", "window too short", "not of this kind" };

  return names[status];
}

const SaxidClusterAtlas *
saxid_atoms_atlas (void)
{
  static gsize once;
  static SaxidClusterAtlas *atlas;

  if (g_once_init_enter (&once))
    {
      atlas = saxid_cluster_atlas_new (SAXID_ATOMS_MOST_RADIUS, SAXID_CLUSTER_LAST, 1);
      g_once_init_leave (&once, 1);
    }
  return atlas;
}

/* --- whether to ask ------------------------------------------------------------------------- */

static gboolean
too_short (SaxidAtomsAnswer *answer, double last, double needed)
{
  answer->status = SAXID_ATOMS_SHORT;
  g_snprintf (answer->reason, sizeof answer->reason, "q ends at %.3g 1/Å, %.3g 1/Å is needed for the first peaks", last, needed);
  return FALSE;
}

static gboolean
may_ask (const SaxidCurve *curve, const SaxidAtomsQuestion *question, const SaxidElement *element, SaxidAtomsAnswer *answer)
{
  const double last = curve->q[curve->n - 1];
  SaxidPeaks peaks = { 0 };
  const gboolean is_covered = saxid_peaks_find (curve, &peaks);

  answer->peak = peaks.at;
  answer->rise = peaks.rise;
  if (element != NULL && last < saxid_peaks_needed (element->d))
    return (question->insist || is_covered) && too_short (answer, last, saxid_peaks_needed (element->d));
  if (is_covered && peaks.is_seen)
    return TRUE;
  if (!question->insist)
    return FALSE;
  if (!is_covered)
    return too_short (answer, last, SAXID_PEAKS_TO);
  answer->status = SAXID_ATOMS_SHORT;
  g_snprintf (answer->reason, sizeof answer->reason, "no peak of a crystal stands out from 1.5 to 4 1/Å: ln I rises by %.2f, 0.2 at 5 sigma is asked for",
              peaks.rise);
  return FALSE;
}

/* --- which element -------------------------------------------------------------------------- */

typedef struct
{
  const SaxidElement *element;
  double misfit, log_weight;
  guint n;
  SaxidClusterFit fit[SAXID_CLUSTER_FITS];
} Candidate;

static int
by_misfit (const void *a, const void *b)
{
  const double left = ((const Candidate *)a)->misfit, right = ((const Candidate *)b)->misfit;

  return (left > right) - (left < right);
}

static int
by_weight (const void *a, const void *b)
{
  const double left = ((const Candidate *)a)->log_weight, right = ((const Candidate *)b)->log_weight;

  return (left < right) - (left > right);
}

/* Those worth all fits, at most SAXID_ATOMS_ELEMENTS. */
static guint
choose_elements (const SaxidClusterAtlas *atlas, const SaxidCurve *curve, const SaxidElement *told, const SaxidElement *without,
                 Candidate *candidate)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Candidate));
  guint n = 0;

  if (told != NULL)
    {
      candidate[0] = (Candidate) { .element = told };
      return 1;
    }
  for (guint k = 0; saxid_element_at (k) != NULL; k++)
    {
      const SaxidElement *element = saxid_element_at (k);
      Candidate one = { .element = element };

      if (element == without || curve->q[curve->n - 1] < saxid_peaks_needed (element->d))
        continue;
      one.misfit = saxid_cluster_fit_quick (atlas, element, curve);
      if (isfinite (one.misfit))
        g_array_append_val (all, one);
    }
  g_array_sort (all, by_misfit);
  for (; n < MIN (all->len, SAXID_ATOMS_ELEMENTS); n++)
    {
      const Candidate *one = &g_array_index (all, Candidate, n), *best = &g_array_index (all, Candidate, 0);

      if (one->misfit + GOOD > WORTH * (best->misfit + GOOD))
        break;
      candidate[n] = *one;
    }
  return n;
}

/* All fits of each; the best element comes first. Returns how many have any. */
static guint
fit_elements (const SaxidClusterAtlas *atlas, const SaxidCurve *curve, guint n, Candidate *candidate, SaxidAtomsAnswer *answer)
{
  double sum = 0, least = INFINITY;
  guint kept = 0;

  for (guint k = 0; k < n; k++)
    {
      Candidate *one = &candidate[k];

      one->n = saxid_cluster_fit (atlas, one->element, curve, one->fit, NULL);
      if (one->n == 0)
        continue;
      one->misfit = one->fit[0].misfit;
      candidate[kept++] = *one;
      least = fmin (least, one->misfit);
    }
  for (guint k = 0; k < kept; k++)
    candidate[k].log_weight = log (saxid_cluster_weight (candidate[k].misfit, least))
                              - 0.5 * pow ((candidate[k].fit[0].d / candidate[k].element->d - 1) / STRAIN, 2);
  qsort (candidate, kept, sizeof *candidate, by_weight);
  for (guint k = 0; k < kept; k++)
    sum += exp (candidate[k].log_weight - candidate[0].log_weight);
  answer->n_element = kept;
  for (guint k = 0; k < kept; k++)
    {
      answer->element[k].element = candidate[k].element;
      answer->element[k].probability = exp (candidate[k].log_weight - candidate[0].log_weight) / sum;
    }
  return kept;
}

/* --- shapes --------------------------------------------------------------------------------- */

void
saxid_atoms_add_to_family (SaxidAtomsAnswer *answer, const char *name, double probability)
{
  guint k = 0;

  while (k < answer->n_family && strcmp (answer->family[k].name, name) != 0)
    k++;
  if (k == SAXID_ATOMS_FAMILIES)
    return;
  if (k == answer->n_family)
    {
      answer->family[k].name = name;
      answer->family[k].probability = 0;
      answer->n_family++;
    }
  answer->family[k].probability += probability;
  for (; k > 0 && answer->family[k].probability > answer->family[k - 1].probability; k--)
    {
      const char *before = answer->family[k - 1].name;
      const double p = answer->family[k - 1].probability;

      answer->family[k - 1] = answer->family[k];
      answer->family[k].name = before;
      answer->family[k].probability = p;
    }
}

static void
tell_habits (const SaxidClusterAtlas *atlas, const Candidate *best, SaxidAtomsAnswer *answer)
{
  double sum = 0;

  answer->n_habit = best->n;
  for (guint k = 0; k < best->n; k++)
    {
      const SaxidClusterPage *page = &atlas->page[best->fit[k].page];

      answer->habit[k] = (SaxidAtomsHabit) { page->polyhedron, page->size, best->fit[k], sum < IN_SET };
      sum += best->fit[k].weight;
      saxid_atoms_add_to_family (answer, saxid_polyhedron_family (page->polyhedron), best->fit[k].weight);
    }
  answer->misfit = best->fit[0].misfit;
}

/* --- intervals ------------------------------------------------------------------------------ */

/* Where the mixture of normal distributions has a part below. */
static double
quantile (guint n, const SaxidClusterSpread *spread, const double *weight, guint quantity, double part)
{
  double lower = INFINITY, upper = -INFINITY;

  for (guint k = 0; k < n; k++)
    {
      lower = fmin (lower, spread[k].value[quantity] - 6 * spread[k].error[quantity]);
      upper = fmax (upper, spread[k].value[quantity] + 6 * spread[k].error[quantity]);
    }
  for (guint step = 0; step < 60; step++)
    {
      const double middle = 0.5 * (lower + upper);
      double below = 0;

      for (guint k = 0; k < n; k++)
        below += weight[k] * saxid_normal_share ((middle - spread[k].value[quantity]) / spread[k].error[quantity]);
      if (below < part)
        lower = middle;
      else
        upper = middle;
    }
  return 0.5 * (lower + upper);
}

static double
calibrate (guint quantity, double atoms, gboolean is_told, double error)
{
  const double least = is_told ? calibrated[quantity].least : calibrated[quantity].least_open;

  return hypot (calibrated[quantity].factor * error, least * pow (TYPICAL_ATOMS / atoms, calibrated[quantity].power));
}

static void
tell_numbers (const SaxidClusterAtlas *atlas, const SaxidCurve *curve, const Candidate *best, SaxidAtomsAnswer *answer)
{
  SaxidClusterSpread spread[SAXID_CLUSTER_FITS];
  double weight[SAXID_CLUSTER_FITS], sum = 0;
  SaxidAtomsInterval *const told[] = { &answer->atoms, &answer->d, &answer->radius, &answer->width };
  guint n = 0;

  for (guint k = 0; k < best->n && (k == 0 || best->fit[k].weight >= LEAST_WEIGHT); k++, n++)
    {
      saxid_cluster_spread (atlas, best->element, curve, &best->fit[k], &spread[n]);
      sum += weight[n] = best->fit[k].weight;
      for (guint v = 0; v < SAXID_CLUSTER_QUANTITIES; v++)
        spread[n].error[v] = calibrate (v, best->fit[k].atoms, answer->is_told, spread[n].error[v]);
    }
  for (guint k = 0; k < n; k++)
    weight[k] /= sum;
  for (guint v = 0; v < SAXID_CLUSTER_QUANTITIES; v++)
    {
      const SaxidAtomsInterval plain = { spread[0].value[v], quantile (n, spread, weight, v, TAIL), quantile (n, spread, weight, v, 1 - TAIL) };

      *told[v] = v == SAXID_CLUSTER_SPREAD_WIDTH ? (SaxidAtomsInterval) { plain.value, plain.lower < NARROW_WIDTH ? 0 : plain.lower, fmax (plain.upper, 0) }
                                                 : (SaxidAtomsInterval) { exp (plain.value), exp (plain.lower), exp (plain.upper) };
    }
}

/* --- all together --------------------------------------------------------------------------- */

/* Of its polyhedron. */
static gboolean
is_largest (const SaxidClusterAtlas *atlas, guint page)
{
  for (guint k = 0; k < atlas->n; k++)
    if (atlas->page[k].polyhedron == atlas->page[page].polyhedron && atlas->page[k].radius > atlas->page[page].radius)
      return FALSE;
  return TRUE;
}

static void
conclude (const SaxidClusterAtlas *atlas, SaxidAtomsAnswer *answer)
{
  const double most_at_peaks = answer->is_told ? SAXID_ATOMS_MOST_PEAK_MISFIT : SAXID_ATOMS_MOST_PEAK_MISFIT_OPEN;

  answer->status = SAXID_ATOMS_FOUND;
  if (answer->peak_misfit > most_at_peaks)
    {
      answer->status = SAXID_ATOMS_REFUSED;
      g_snprintf (answer->reason, sizeof answer->reason,
                  "no particle has these peaks (misfit at the peaks %.3g, at most %.3g): another lattice, two shapes, or a powder?",
                  answer->peak_misfit, most_at_peaks);
    }
  else if (answer->misfit > SAXID_ATOMS_MOST_MISFIT)
    {
      answer->status = SAXID_ATOMS_REFUSED;
      g_snprintf (answer->reason, sizeof answer->reason,
                  "no particle comes near (misfit %.3g): a powder, a halo, another lattice, or a background that is not flat?", answer->misfit);
    }
  else if (is_largest (atlas, answer->habit[0].fit.page))
    g_strlcpy (answer->reason, "the largest that is tried: the particle may be larger", sizeof answer->reason);
  else if (answer->atoms.value < FEW_ATOMS)
    g_snprintf (answer->reason, sizeof answer->reason, "of %.0f atoms: shapes hardly exist", answer->atoms.value);
}

gboolean
saxid_atoms_answer (const SaxidCurve *curve, const SaxidAtomsQuestion *question, SaxidAtomsAnswer *answer, GError **error)
{
  const SaxidElement *told = question->element != NULL ? saxid_element_find (question->element) : NULL;
  const SaxidClusterAtlas *atlas;
  g_autofree Candidate *candidate = NULL;
  guint n;

  *answer = (SaxidAtomsAnswer) { .is_told = told != NULL };
  if (question->element != NULL && told == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "element '%.8s' is not one of those whose atoms are known", question->element);
      return FALSE;
    }
  if (!may_ask (curve, question, told, answer))
    return TRUE;
  atlas = question->atlas != NULL ? question->atlas : saxid_atoms_atlas ();
  candidate = g_new0 (Candidate, SAXID_ATOMS_ELEMENTS);
  n = choose_elements (atlas, curve, told, question->without, candidate);
  n = fit_elements (atlas, curve, n, candidate, answer);
  if (n == 0)
    {
      answer->status = SAXID_ATOMS_REFUSED;
      g_strlcpy (answer->reason, "no particle describes the curve better than a background", sizeof answer->reason);
      return TRUE;
    }
  answer->q_first = curve->q[0];
  answer->q_last = fmin (curve->q[curve->n - 1], SAXID_CLUSTER_LAST / (candidate[0].element->d * (1 + SAXID_CLUSTER_STRAIN)));
  tell_habits (atlas, &candidate[0], answer);
  tell_numbers (atlas, curve, &candidate[0], answer);
  answer->peak_misfit = saxid_cluster_peak_misfit (atlas, candidate[0].element, curve, &candidate[0].fit[0]);
  conclude (atlas, answer);
  return TRUE;
}
