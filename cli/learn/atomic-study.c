/* How well are shape and size of a particle of atoms read off its curve?
 *
 * Thread: see atomic-study.h.
 */
#include "cli/learn/atomic-study.h"

#include <math.h>
#include <string.h>

#include "cli/learn/atomic-learners.h"
#include "models/materials/normal.h"
#include "models/parallel.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define Q_FIRST 0.01
#define Q_LAST 19.99
/* Where small angles end: not said by the authors. */
#define BORDER 2.0

/* What is done with the curves; in tests alone where it is said. */
typedef struct
{
  const char *name;
  guint part;
  double first, last;     /* bounds */
  guint step;             /* every so many points */
  double noise_learned, noise_tested; /* relative standard deviation of each point */
  double missing;         /* part of the points of a test that is interpolated */
  double tested_first;    /* bounds of a test, stretched onto the same points; 0: the same */
  gboolean of_networks, of_all_splits;
  double published_mse[3], published_q2[3], published_shape, published_network[2];
} Case;

#define NONE { NAN, NAN, NAN }, { NAN, NAN, NAN }, NAN, { NAN, NAN }
#define WHOLE Q_FIRST, Q_LAST

/* Cases that learn the same stand one after the other: it is learned once. */
static const Case cases[] = {
  { "full, 0.01 to 19.99", 0, WHOLE, 1, 0, 0, 0, 0, TRUE, TRUE, { 0.00015, 0.846, 0.310 }, { 0.999, 0.881, 0.554 }, 99.4, { 96, 91 } },
  { "noise 5 %, learned clean", 1, WHOLE, 1, 0, 0.05, 0, 0, FALSE, FALSE, NONE },
  { "noise 20 %, learned clean", 1, WHOLE, 1, 0, 0.2, 0, 0, FALSE, FALSE, NONE },
  { "30 % of the points interpolated", 1, WHOLE, 1, 0, 0, 0.3, 0, FALSE, FALSE, NONE },
  { "80 % of the points interpolated", 1, WHOLE, 1, 0, 0, 0.8, 0, FALSE, FALSE, NONE },
  { "tested on 0.05 to 20", 3, WHOLE, 1, 0, 0, 0, 0.05, FALSE, FALSE, NONE },
  { "tested on 0.2 to 20", 3, WHOLE, 1, 0, 0, 0, 0.2, FALSE, FALSE, NONE },
  { "tested on 0.5 to 20", 3, WHOLE, 1, 0, 0, 0, 0.5, FALSE, FALSE, NONE },
  { "WAXS, from 2", 0, BORDER, Q_LAST, 1, 0, 0, 0, 0, TRUE, TRUE, { 0.1152, 2.0095, 0.3200 }, { 0.9629, 0.7158, 0.5496 }, 90, { 84, 82 } },
  { "SAXS, to 2", 0, Q_FIRST, BORDER, 1, 0, 0, 0, 0, TRUE, TRUE, { 0.0300, 2.1451, 0.6271 }, { 0.9904, 0.6966, 0.1170 }, 59, { 88, 86 } },
  { "noise 5 %, learned noisy", 1, WHOLE, 1, 0.05, 0.05, 0, 0, FALSE, FALSE, NONE },
  { "noise 20 %, learned noisy", 1, WHOLE, 1, 0.2, 0.2, 0, 0, FALSE, FALSE, NONE },
  { "every 5th point", 2, WHOLE, 5, 0, 0, 0, 0, FALSE, FALSE, NONE },
  { "every 10th point", 2, WHOLE, 10, 0, 0, 0, 0, FALSE, FALSE, NONE },
  { "every 20th point", 2, WHOLE, 20, 0, 0, 0, 0, FALSE, FALSE, NONE },
  { "every 50th point", 2, WHOLE, 50, 0, 0, 0, 0, FALSE, FALSE, NONE },
};
#define MOST_TOGETHER 8

/* Samples of random numbers: which curves are tests, and which of the others settings are chosen on. */
enum
{
  OUTER = 1,
  INNER = 2,
  LEARNED = 3,
  TESTED = 4
};

typedef struct
{
  const SaxidAtomicSettings *settings;
  const SaxidAtomicSet *set;
  const Case *at;  /* the first of those that learn the same */
  guint together;  /* how many there are */
  gboolean networks; /* or ridge and logistic regression */
  gsize width;
  double *q; /* [width] */
} Work;

/* --- splits ------------------------------------------------------------------------------- */

static gsize
key_of (const SaxidAtomicSet *set, SaxidAtomicSplit split, gsize row)
{
  const SaxidAtomicRow *at = &set->row[row];
  const gsize keys[SAXID_SPLITS] = { [SAXID_SPLIT_CURVES] = row,
                                     [SAXID_SPLIT_PARTICLES] = (gsize)at->particle * set->elements + at->element,
                                     [SAXID_SPLIT_ELEMENTS] = at->element,
                                     [SAXID_SPLIT_SIZES] = at->particle };

  return keys[split];
}

/* A fifth of the keys that occur among the rows; of the elements four of seventeen. Shape: tested n. */
static void
divide (const Work *work, SaxidAtomicSplit split, guint64 sample, gsize n, const gsize *row, gboolean *tested)
{
  g_autofree gboolean *there = g_new0 (gboolean, work->set->n), *chosen = g_new0 (gboolean, work->set->n);
  g_autofree gsize *key = g_new (gsize, work->set->n);
  SaxidRandom random;
  gsize keys = 0;

  for (gsize k = 0; k < n; k++)
    there[key_of (work->set, split, row[k])] = TRUE;
  for (gsize k = 0; k < work->set->n; k++)
    if (there[k])
      key[keys++] = k;
  saxid_random_init (&random, work->settings->seed, (sample << 8) + split, SAXID_STREAM_SPLIT);
  saxid_random_shuffle (&random, keys, key);
  for (gsize k = 0; 5 * k < keys; k++)
    chosen[key[k]] = TRUE;
  for (gsize k = 0; k < n; k++)
    tested[k] = chosen[key_of (work->set, split, row[k])];
}

/* --- curves ------------------------------------------------------------------------------- */

/* What a noisy point is at least, of I. */
#define LEAST 0.01

static void
add_noise (const Work *work, guint64 sample, double noise, double *curve)
{
  SaxidRandom random;

  saxid_random_init (&random, work->settings->seed, sample, SAXID_STREAM_COUNTS);
  for (gsize k = 0; k < work->width; k++)
    curve[k] += log (fmax (1 + noise * saxid_normal_level (saxid_random_unit (&random)), LEAST));
}

/* Straight lines between what is left; the ends are always left. */
static void
lose_points (const Work *work, guint64 sample, double missing, double *curve)
{
  SaxidRandom random;
  gsize before = 0;

  saxid_random_init (&random, work->settings->seed, sample, SAXID_STREAM_NUISANCE);
  for (gsize k = 1; k < work->width; k++)
    {
      if (k + 1 < work->width && saxid_random_unit (&random) < missing)
        continue;
      for (gsize j = before + 1; j < k; j++)
        curve[j] = curve[before] + (curve[k] - curve[before]) * (double)(j - before) / (double)(k - before);
      before = k;
    }
}

typedef struct
{
  const Work *work;
  const gsize *row;
  const Case *test; /* NULL: to learn from */
  const double *q;
  double *out;
} Making;

static gboolean
make_one (gsize k, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Making *making = data;
  const Work *work = making->work;
  const guint64 sample = ((guint64)(making->test != NULL ? TESTED : LEARNED) << 32) + making->row[k];
  const double noise = making->test != NULL ? making->test->noise_tested : work->at->noise_learned;
  double *curve = making->out + k * work->width;

  saxid_atomic_set_curve (work->set, making->row[k], work->width, making->q, curve);
  if (noise > 0)
    add_noise (work, sample, noise, curve);
  if (making->test != NULL && making->test->missing > 0)
    lose_points (work, sample, making->test->missing, curve);
  return TRUE;
}

static double *
make_curves (const Work *work, const Case *test, gsize n, const gsize *row)
{
  g_autofree double *q = g_memdup2 (work->q, work->width * sizeof (double));
  double *out = g_new (double, n * work->width);
  Making making = { work, row, test, q, out };

  for (gsize k = 0; test != NULL && test->tested_first > 0 && k < work->width; k++)
    q[k] = test->tested_first + (20 - test->tested_first) * (double)k / (double)(work->width - 1);
  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = work->settings->threads, .piece = make_one, .data = &making }, n);
  return out;
}

static void
find_grid (Work *work)
{
  const double step = (Q_LAST - Q_FIRST) / (work->settings->points - 1);

  work->q = g_new (double, work->settings->points);
  for (guint k = 0; k < work->settings->points; k += work->at->step)
    {
      const double q = Q_FIRST + step * k;

      if (q > work->at->first - step / 2 && q < work->at->last + step / 2)
        work->q[work->width++] = q;
    }
}

/* --- cases that learn the same, one split ------------------------------------------------ */

static void
fill_part (const Work *work, SaxidAtomicPart *part, const Case *test, gsize n, const gsize *row)
{
  *part = (SaxidAtomicPart) { .n = n, .width = work->width, .curve = make_curves (work, test, n, row), .class = g_new (guint8, n),
                              .size = g_new (guint8, n), .target = g_new (double, n * SAXID_ATOMIC_TARGETS),
                              .held = g_new0 (gboolean, n) };
  for (gsize k = 0; k < n; k++)
    {
      part->class[k] = work->set->row[row[k]].class;
      part->size[k] = (guint8)(work->set->row[row[k]].size - 1);
      memcpy (part->target + k * SAXID_ATOMIC_TARGETS, work->set->row[row[k]].target, SAXID_ATOMIC_TARGETS * sizeof (double));
    }
}

static gboolean
learn_lines (const Work *work, SaxidAtomicSplit split, SaxidAtomicPart *learned, guint n, SaxidAtomicPart *tested,
             SaxidAtomicCase *out, GError **error)
{
  SaxidAtomicScore score[MOST_TOGETHER];

  saxid_atomic_logistic (learned, n, tested, work->settings->steps, score);
  saxid_atomic_standardise (learned, n, tested);
  if (!saxid_atomic_ridge (learned, n, tested, score, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    {
      out[k].tried[split] = TRUE;
      out[k].split[split].linear = score[k];
    }
  return TRUE;
}

static gboolean
learn_networks (const Work *work, SaxidAtomicSplit split, SaxidAtomicPart *learned, SaxidAtomicPart *tested, SaxidAtomicStudy *study,
                SaxidAtomicCase *out, GError **error)
{
  const SaxidAtomicNetwork how = { work->settings->epochs, work->settings->threads, work->settings->seed };

  saxid_atomic_standardise (learned, 1, tested);
  return saxid_atomic_network (learned, tested, FALSE, &how, &out->split[split].network_shape, &study->weights, error)
         && saxid_atomic_network (learned, tested, TRUE, &how, &out->split[split].network_size, NULL, error);
}

static gboolean
run_split (const Work *work, SaxidAtomicSplit split, SaxidAtomicStudy *study, SaxidAtomicCase *out, GError **error)
{
  const gsize n = work->set->n;
  g_autofree gsize *all = g_new (gsize, n), *row = g_new (gsize, 2 * n);
  g_autofree gboolean *is_test = g_new (gboolean, n);
  SaxidAtomicPart learned, tested[MOST_TOGETHER];
  gsize n_learned = 0, n_tested = 0;
  guint cases_here = 0;
  gboolean done;

  for (gsize k = 0; k < n; k++)
    all[k] = k;
  divide (work, split, OUTER, n, all, is_test);
  for (gsize k = 0; k < n; k++)
    {
      if (is_test[k])
        row[n + n_tested++] = k;
      else
        row[n_learned++] = k;
      if (is_test[k] && split == SAXID_SPLIT_ELEMENTS)
        study->unseen_elements |= 1u << work->set->row[k].element;
    }
  fill_part (work, &learned, NULL, n_learned, row);
  divide (work, split, INNER, n_learned, row, learned.held);
  for (guint k = 0; k < work->together; k++)
    if (split <= SAXID_SPLIT_PARTICLES || work->at[k].of_all_splits)
      fill_part (work, &tested[cases_here++], &work->at[k], n_tested, row + n);
  done = work->networks ? learn_networks (work, split, &learned, tested, study, out, error)
                        : learn_lines (work, split, &learned, cases_here, tested, out, error);
  saxid_atomic_part_clear (&learned);
  for (guint k = 0; k < cases_here; k++)
    saxid_atomic_part_clear (&tested[k]);
  return done;
}

static gboolean
learn_the_same (const Case *a, const Case *b)
{
  return a->first == b->first && a->last == b->last && a->step == b->step && a->noise_learned == b->noise_learned;
}

static void
begin_result (const Case *at, SaxidAtomicCase *out)
{
  *out = (SaxidAtomicCase) { .name = at->name, .part = at->part, .published_shape = at->published_shape };
  memcpy (out->published_mse, at->published_mse, sizeof out->published_mse);
  memcpy (out->published_q2, at->published_q2, sizeof out->published_q2);
  memcpy (out->published_network, at->published_network, sizeof out->published_network);
  for (guint split = 0; split < SAXID_SPLITS; split++)
    out->split[split].network_shape = out->split[split].network_size = NAN;
}

/* The splits of cases that learn the same; networks learn for the two that are compared. */
static gboolean
run_cases (Work *work, SaxidAtomicStudy *study, SaxidAtomicCase *out, GError **error)
{
  gboolean done = TRUE;

  work->width = 0;
  find_grid (work);
  for (SaxidAtomicSplit split = 0; done && split < SAXID_SPLITS; split++)
    if (split <= SAXID_SPLIT_PARTICLES || (work->at->of_all_splits && !work->networks))
      done = run_split (work, split, study, out, error);
  g_clear_pointer (&work->q, g_free);
  return done;
}

static gboolean
tell (SaxidAtomicProgress done, const char *step, const SaxidAtomicStudy *study, gpointer data, GError **error)
{
  if (done (step, study, data))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "the study was stopped after %s", step);
  return FALSE;
}

/* All that is quick first, then the networks. */
static gboolean
run_lines (const SaxidAtomicSettings *settings, const SaxidAtomicSet *set, SaxidAtomicProgress done, gpointer data,
           SaxidAtomicStudy *study, GError **error)
{
  for (guint k = 0; k < G_N_ELEMENTS (cases);)
    {
      Work work = { .settings = settings, .set = set, .at = &cases[k], .together = 1 };
      SaxidAtomicCase *out = &study->result[study->n_case];

      if (cases[k].part > 0 && !settings->with_all_cases)
        {
          k++;
          continue;
        }
      while (settings->with_all_cases && work.together < MOST_TOGETHER && k + work.together < G_N_ELEMENTS (cases)
             && learn_the_same (&cases[k], &cases[k + work.together]))
        work.together++;
      for (guint j = 0; j < work.together; j++)
        begin_result (&cases[k + j], &out[j]);
      if (!run_cases (&work, study, out, error))
        return FALSE;
      study->n_case += work.together;
      if (!tell (done, cases[k].name, study, data, error))
        return FALSE;
      k += work.together;
    }
  return TRUE;
}

static gboolean
run_networks (const SaxidAtomicSettings *settings, const SaxidAtomicSet *set, SaxidAtomicProgress done, gpointer data,
              SaxidAtomicStudy *study, GError **error)
{
  guint at = 0;

  for (guint k = 0; k < G_N_ELEMENTS (cases) && settings->epochs > 0; k++)
    {
      Work work = { .settings = settings, .set = set, .at = &cases[k], .together = 1, .networks = TRUE };
      g_autofree char *step = g_strdup_printf ("networks, %s", cases[k].name);

      if (!cases[k].of_networks)
        continue;
      while (study->result[at].name != cases[k].name)
        at++;
      if (!run_cases (&work, study, &study->result[at], error) || !tell (done, step, study, data, error))
        return FALSE;
    }
  return TRUE;
}

static void
find_variances (const SaxidAtomicSet *set, SaxidAtomicStudy *study)
{
  for (guint t = 0; t < SAXID_ATOMIC_TARGETS; t++)
    {
      double mean = 0, square = 0;

      for (gsize k = 0; k < set->n; k++)
        {
          mean += set->row[k].target[t] / (double)set->n;
          square += pow (set->row[k].target[t], 2) / (double)set->n;
        }
      study->variance[t] = square - mean * mean;
    }
}

gboolean
saxid_atomic_study (const SaxidAtomicSettings *settings, SaxidAtomicProgress done, gpointer data, SaxidAtomicStudy *study, GError **error)
{
  g_autoptr (SaxidAtomicSet) set = saxid_atomic_set_new (settings->elements, settings->displacements, settings->threads);

  *study = (SaxidAtomicStudy) { .curves = set->n, .particles = set->particles, .result = g_new0 (SaxidAtomicCase, G_N_ELEMENTS (cases)) };
  find_variances (set, study);
  return run_lines (settings, set, done, data, study, error) && run_networks (settings, set, done, data, study, error);
}

void
saxid_atomic_study_clear (SaxidAtomicStudy *study)
{
  g_clear_pointer (&study->result, g_free);
}
