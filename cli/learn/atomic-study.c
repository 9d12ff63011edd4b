/* How well are shape and size of a particle of atoms read off its curve?
 *
 * Thread: see atomic-study.h.
 */
#include "cli/learn/atomic-study.h"

#include <math.h>
#include <string.h>

#include "cli/learn/atomic-ledger.h"
#include "models/materials/normal.h"
#include "models/parallel.h"
#include "models/simulate/random.h"
#include "reducers/error.h"

#define Q_FIRST 0.01
#define Q_LAST 19.99
/* Where small angles end: not said by the authors. */
#define BORDER 2.0
/* One of so many is a test; of the others one of so many is kept to choose alpha on, or when a network has learned, which
 * takes fewer and needs what it can get to learn from. */
#define TESTS 5
#define HELD 5
#define HELD_OF_NETWORKS 10

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
  guint threads;
  guint held;      /* one of so many of the rows to learn from is kept to choose settings on */
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

/* One of `parts` of the keys that occur among the rows; of the elements four of seventeen are a fifth. Shape: tested n. */
static void
divide (const Work *work, SaxidAtomicSplit split, guint64 sample, guint parts, gsize n, const gsize *row, gboolean *tested)
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
  for (gsize k = 0; parts * k < keys; k++)
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
  saxid_parallel (&(SaxidParallel) { .name = "curves", .threads = work->threads, .piece = make_one, .data = &making }, n);
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

/* Rows to learn from, and behind them the tests; returns how many the former are. Shape: row n. */
static gsize
part_rows (const Work *work, SaxidAtomicSplit split, gsize *row)
{
  const gsize n = work->set->n;
  g_autofree gsize *all = g_new (gsize, n);
  g_autofree gboolean *is_test = g_new (gboolean, n);
  gsize learned = 0;

  for (gsize k = 0; k < n; k++)
    all[k] = k;
  divide (work, split, OUTER, TESTS, n, all, is_test);
  for (guint side = 0, at = 0; side < 2; side++)
    for (gsize k = 0; k < n; k++)
      if (is_test[k] == (side == 1))
        {
          row[at++] = k;
          learned += side == 0;
        }
  return learned;
}

/* What is learned from, and a test for each of the cases that learn the same; returns how many. */
static guint
fill_parts (const Work *work, SaxidAtomicSplit split, SaxidAtomicPart *learned, SaxidAtomicPart *tested)
{
  g_autofree gsize *row = g_new (gsize, work->set->n);
  const gsize n = part_rows (work, split, row);

  fill_part (work, learned, NULL, n, row);
  divide (work, split, INNER, work->held, n, row, learned->held);
  for (guint k = 0; k < work->together; k++)
    fill_part (work, &tested[k], &work->at[k], work->set->n - n, row + n);
  return work->together;
}

static gboolean
learn_lines (const Work *work, SaxidAtomicPart *learned, SaxidAtomicPart *tested, SaxidAtomicScore *score, GError **error)
{
  saxid_atomic_logistic (learned, work->together, tested, work->settings->steps, score);
  saxid_atomic_standardise (learned, work->together, tested);
  return saxid_atomic_ridge (learned, work->together, tested, score, error);
}

/* --- units ---------------------------------------------------------------------------------- */

/* Epochs without a gain after which a network has learned. */
#define PATIENCE 8

typedef struct
{
  const SaxidAtomicSettings *settings;
  const SaxidAtomicSet *set;
  SaxidAtomicStudy *study;
  SaxidAtomicLedger *ledger;
  SaxidAtomicProgress done;
  gpointer data;
  const GArray *unit; /* SaxidAtomicUnit */
  GMutex mutex;       /* of study and ledger */
  GError *error;      /* the first one */
} Run;

static gboolean
learn_the_same (const Case *a, const Case *b)
{
  return a->first == b->first && a->last == b->last && a->step == b->step && a->noise_learned == b->noise_learned;
}

/* Of a split there are only the cases that are wanted for it. */
static guint
count_together (const SaxidAtomicSettings *settings, guint at, SaxidAtomicSplit split)
{
  guint together = 1;

  while (settings->with_all_cases && together < SAXID_ATOMIC_MOST_TOGETHER && split <= SAXID_SPLIT_PARTICLES && at + together < G_N_ELEMENTS (cases) && learn_the_same (&cases[at], &cases[at + together]))
    together++;
  return together;
}

static void
list_lines (const SaxidAtomicSettings *settings, GArray *units)
{
  for (guint k = 0; k < G_N_ELEMENTS (cases); k += count_together (settings, k, SAXID_SPLIT_CURVES))
    for (SaxidAtomicSplit split = 0; split < SAXID_SPLITS; split++)
      {
        const SaxidAtomicUnit unit = { SAXID_ATOMIC_LINES, split, k, count_together (settings, k, split) };

        if ((cases[k].part == 0 || settings->with_all_cases) && (split <= SAXID_SPLIT_PARTICLES || cases[k].of_all_splits))
          g_array_append_val (units, unit);
      }
}

/* For the two splits that are compared. */
static void
list_networks (const SaxidAtomicSettings *settings, GArray *units)
{
  for (guint k = 0; k < G_N_ELEMENTS (cases) && settings->epochs > 0; k++)
    for (SaxidAtomicSplit split = 0; split <= SAXID_SPLIT_PARTICLES && cases[k].of_networks; split++)
      for (SaxidAtomicLearner learner = SAXID_ATOMIC_SHAPES; learner <= SAXID_ATOMIC_SIZES; learner++)
        {
          const SaxidAtomicUnit unit = { learner, split, k, 1 };

          g_array_append_val (units, unit);
        }
}

static gboolean
learn_unit (const Run *run, const SaxidAtomicUnit *unit, SaxidAtomicFound *found, GError **error)
{
  const gboolean networks = unit->learner != SAXID_ATOMIC_LINES;
  const SaxidAtomicNetwork how = { run->settings->epochs, PATIENCE, run->settings->seed };
  Work work = { .settings = run->settings, .set = run->set, .at = &cases[unit->at], .together = unit->together,
                .threads = networks ? 1 : run->settings->threads, .held = networks ? HELD_OF_NETWORKS : HELD };
  SaxidAtomicPart learned, tested[SAXID_ATOMIC_MOST_TOGETHER];
  guint n;
  gboolean done;

  find_grid (&work);
  n = fill_parts (&work, unit->split, &learned, tested);
  if (networks)
    saxid_atomic_standardise (&learned, 1, tested);
  done = networks ? saxid_atomic_network (&learned, tested, unit->learner == SAXID_ATOMIC_SIZES, &how, &found->network, error)
                  : learn_lines (&work, &learned, tested, found->score, error);
  saxid_atomic_part_clear (&learned);
  for (guint k = 0; k < n; k++)
    saxid_atomic_part_clear (&tested[k]);
  g_free (work.q);
  return done;
}

static gboolean
tell (Run *run, const char *name, GError **error)
{
  if (run->done (name, run->study, run->data))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "the study was stopped; the same command goes on from there");
  return FALSE;
}

/* Learns what is not in the ledger, and notes it there. */
static gboolean
run_unit (Run *run, const SaxidAtomicUnit *unit, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  g_autofree char *name = saxid_atomic_unit_name (unit, run->study);
  SaxidAtomicFound found = { .network = { .right = NAN } };
  gboolean done;

  if (!learn_unit (run, unit, &found, error))
    return FALSE;
  g_mutex_lock (&run->mutex);
  done = saxid_atomic_ledger_add (run->ledger, unit, 1e-6 * (double)(g_get_monotonic_time () - start), &found, error)
         && tell (run, name, error);
  g_mutex_unlock (&run->mutex);
  return done;
}

static gboolean
run_piece (gsize at, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;

  if (run_unit (run, &g_array_index (run->unit, SaxidAtomicUnit, at), &error))
    return TRUE;
  g_mutex_lock (&run->mutex);
  if (run->error == NULL)
    run->error = g_steal_pointer (&error);
  g_mutex_unlock (&run->mutex);
  return FALSE;
}

/* threads: how many units are learned side by side. */
static gboolean
run_units (Run *run, GArray *units, guint threads, GError **error)
{
  for (guint k = units->len; k-- > 0;)
    if (saxid_atomic_ledger_has (run->ledger, &g_array_index (units, SaxidAtomicUnit, k)))
      g_array_remove_index (units, k);
  run->unit = units;
  saxid_parallel (&(SaxidParallel) { .name = "learners", .threads = threads, .piece = run_piece, .data = run }, units->len);
  if (run->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&run->error));
  return FALSE;
}

/* --- the whole ------------------------------------------------------------------------------ */

static void
begin_result (const Case *at, SaxidAtomicCase *out)
{
  *out = (SaxidAtomicCase) { .name = at->name, .part = at->part, .published_shape = at->published_shape };
  memcpy (out->published_mse, at->published_mse, sizeof out->published_mse);
  memcpy (out->published_q2, at->published_q2, sizeof out->published_q2);
  memcpy (out->published_network, at->published_network, sizeof out->published_network);
  for (guint split = 0; split < SAXID_SPLITS; split++)
    {
      SaxidAtomicScore *score = &out->split[split].linear;

      out->split[split].shapes.right = out->split[split].sizes.right = score->shape = score->shape_level = NAN;
      for (guint t = 0; t < SAXID_ATOMIC_TARGETS; t++)
        score->mse[t] = score->q2[t] = NAN;
    }
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

static void
find_unseen (const SaxidAtomicSettings *settings, const SaxidAtomicSet *set, SaxidAtomicStudy *study)
{
  const Work work = { .settings = settings, .set = set };
  g_autofree gsize *row = g_new (gsize, set->n);
  const gsize n = part_rows (&work, SAXID_SPLIT_ELEMENTS, row);

  for (gsize k = n; k < set->n; k++)
    study->unseen_elements |= 1u << set->row[row[k]].element;
}

static void
begin_study (const SaxidAtomicSettings *settings, const SaxidAtomicSet *set, SaxidAtomicStudy *study)
{
  *study = (SaxidAtomicStudy) { .curves = set->n, .particles = set->particles, .n_case = G_N_ELEMENTS (cases),
                                .result = g_new0 (SaxidAtomicCase, G_N_ELEMENTS (cases)) };
  for (guint k = 0; k < study->n_case; k++)
    begin_result (&cases[k], &study->result[k]);
  find_variances (set, study);
  find_unseen (settings, set, study);
}

/* All that is quick first, then the networks: each by one thread, since the threads of one wait for each other longer
 * than they work on a busy machine. */
gboolean
saxid_atomic_study (const SaxidAtomicSettings *settings, const char *directory, SaxidAtomicProgress done, gpointer data,
                    SaxidAtomicStudy *study, GError **error)
{
  g_autoptr (SaxidAtomicSet) set = saxid_atomic_set_new (settings->elements, settings->displacements, settings->threads);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (SaxidAtomicUnit));
  g_autoptr (GArray) networks = g_array_new (FALSE, FALSE, sizeof (SaxidAtomicUnit));
  Run run = { .settings = settings, .set = set, .study = study, .done = done, .data = data };
  gboolean finished;

  begin_study (settings, set, study);
  list_lines (settings, lines);
  list_networks (settings, networks);
  study->n_unit = lines->len + networks->len;
  run.ledger = saxid_atomic_ledger_open (directory, settings, study, error);
  if (run.ledger == NULL)
    return FALSE;
  g_mutex_init (&run.mutex);
  finished = tell (&run, NULL, error) && run_units (&run, lines, 1, error) && run_units (&run, networks, settings->threads, error);
  g_mutex_clear (&run.mutex);
  saxid_atomic_ledger_free (run.ledger);
  return finished;
}

void
saxid_atomic_study_clear (SaxidAtomicStudy *study)
{
  g_clear_pointer (&study->result, g_free);
}
