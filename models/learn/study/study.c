/* How well does one representation, with each classifier, tell the shapes apart?
 *
 * The folds are dealt by particle and class anew for each repeat, so a particle is never
 * on both sides, by whichever instrument. A twentieth of the training rows is kept from the
 * representation: networks watch it to stop early, and settings are chosen on it. The
 * classifiers then learn from all training rows.
 *
 * Thread: see study.h.
 */
#include "models/learn/study/study.h"

#include <math.h>
#include <string.h>

#include "models/simulate/random.h"
#include "reducers/error.h"

#define WATCHED_EVERY 20

const char *
saxid_study_training_name (SaxidStudyTraining training)
{
  static const char *const names[] = { "xeuss", "nano", "comp", "full" };

  return names[training];
}

char *
saxid_study_unit_name (const SaxidStudyUnit *unit)
{
  return g_strdup_printf ("%s/%s/%s/%s/%s/%u/%u", unit->experiment, unit->preprocess,
                          saxid_study_training_name (unit->training), unit->with_q ? "Iq" : "I",
                          unit->representation, unit->repeat, unit->fold);
}

/* Everything of one unit. */
typedef struct
{
  const SaxidStudySet *set;
  const SaxidStudyUnit *unit;
  const SaxidStudyOptions *options;
  const SaxidStudyHooks *hooks;
  guint8 *fold;             /* [particles] */
  guint8 *watched;          /* [particles] 1: kept from the representation */
  SaxidRepresentation *representation;
  SaxidRows *learned, *kept; /* training rows that the representation saw, and did not */
  gint64 start;
} Run;

static gboolean
is_cylinder (const SaxidStudySet *set, guint label)
{
  return strstr (set->class_name[label], "cylinder") != NULL;
}

static gboolean
takes_part (const Run *run, gsize particle)
{
  return !run->unit->without_cylinders || !is_cylinder (run->set, run->set->by[0]->label[particle]);
}

/* Each class is dealt in an order of its own, so that folds are of one size. */
static void
deal (Run *run)
{
  const SaxidStudySet *set = run->set;
  g_autofree gsize *order = g_new (gsize, MAX (set->n, 1));

  for (guint c = 0; c < set->n_class; c++)
    {
      SaxidRandom random;
      gsize count = 0;

      for (gsize p = 0; p < set->n; p++)
        if (set->by[0]->label[p] == c)
          order[count++] = p;
      saxid_random_init (&random, run->options->seed, (guint64) run->unit->repeat * 256 + c, SAXID_STREAM_SPLIT);
      saxid_random_shuffle (&random, count, order);
      for (gsize k = 0; k < count; k++)
        {
          run->fold[order[k]] = (guint8) (k % run->options->folds);
          run->watched[order[k]] = k / run->options->folds % WATCHED_EVERY == 0;
        }
    }
}

/* Which configurations measure a particle for a training set. */
static gboolean
is_trained_on (SaxidStudyTraining training, guint configuration, gsize particle, guint n_class)
{
  const guint by_turns = particle / n_class % 2 == 0 ? 1 << SAXID_STUDY_XEUSS : 1 << SAXID_STUDY_NANO;
  const guint configurations[SAXID_N_STUDY_TRAININGS] = {
    [SAXID_STUDY_ON_XEUSS] = 1 << SAXID_STUDY_XEUSS,
    [SAXID_STUDY_ON_NANO] = 1 << SAXID_STUDY_NANO,
    [SAXID_STUDY_ON_COMP] = by_turns,
    [SAXID_STUDY_ON_FULL] = 1 << SAXID_STUDY_XEUSS | 1 << SAXID_STUDY_NANO,
  };

  return (configurations[training] >> configuration & 1) != 0;
}

typedef gboolean (*Filter) (const Run *run, guint configuration, gsize particle);

static gboolean
to_learn (const Run *run, guint configuration, gsize p)
{
  return run->fold[p] != run->unit->fold && !run->watched[p]
         && is_trained_on (run->unit->training, configuration, p, run->set->n_class);
}

static gboolean
to_keep (const Run *run, guint configuration, gsize p)
{
  return run->fold[p] != run->unit->fold && run->watched[p]
         && is_trained_on (run->unit->training, configuration, p, run->set->n_class);
}

static gboolean
to_test_xeuss (const Run *run, guint configuration, gsize p)
{
  return run->fold[p] == run->unit->fold && configuration == SAXID_STUDY_XEUSS;
}

static gboolean
to_test_nano (const Run *run, guint configuration, gsize p)
{
  return run->fold[p] == run->unit->fold && configuration == SAXID_STUDY_NANO;
}

static const Filter to_test[SAXID_N_STUDY_CONFIGURATIONS] = { to_test_xeuss, to_test_nano };

/* particle: NULL, or filled with which particle each row is. */
static SaxidRows *
gather (const Run *run, Filter filter, gsize *particle)
{
  const SaxidStudySet *set = run->set;
  gsize count = 0;
  SaxidRows *rows;

  for (guint c = 0; c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    for (gsize p = 0; p < set->n; p++)
      count += takes_part (run, p) && filter (run, c, p);
  rows = saxid_rows_new (count, set->by[0]);
  count = 0;
  for (guint c = 0; c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    for (gsize p = 0; p < set->n; p++)
      if (takes_part (run, p) && filter (run, c, p))
        {
          if (particle != NULL)
            particle[count] = p;
          saxid_rows_copy (rows, count++, set->by[c], p);
        }
  return rows;
}

static gboolean
represent (const Run *run, const SaxidRows *rows, float **features, float **margin, GError **error)
{
  const gsize width = saxid_representation_width (run->representation);

  *features = g_new (float, MAX (rows->n * width, 1));
  *margin = g_new (float, MAX (rows->n * rows->n_class, 1));
  return saxid_representation_apply (run->representation, rows, *features, *margin, error);
}

static double
accuracy_of (gsize n, guint n_class, const float *probability, const guint8 *label)
{
  gsize right = 0;

  for (gsize r = 0; r < n; r++)
    right += saxid_best_class (n_class, probability + r * n_class) == label[r];
  return n > 0 ? (double) right / (double) n : 0;
}

static void
count_aspects (const Run *run, const float *probability, const SaxidRows *rows, const gsize *particle,
               SaxidStudyOutcome *outcome)
{
  for (gsize r = 0; r < rows->n; r++)
    {
      const double aspect = (double) run->set->aspect[particle[r]];
      const double place = log (fmax (aspect, 1e-9) / (1 / SAXID_STUDY_MOST_ASPECT))
                           / (2 * log (SAXID_STUDY_MOST_ASPECT)) * SAXID_STUDY_ASPECTS;
      const guint kind = strncmp (run->set->class_name[rows->label[r]], "core_shell", 10) == 0;
      guint bin;

      if (aspect <= 0)
        continue;
      bin = (guint) CLAMP (place, 0, SAXID_STUDY_ASPECTS - 1);
      outcome->aspect_all[kind][bin]++;
      outcome->aspect_right[kind][bin]
        += saxid_best_class (rows->n_class, probability + r * rows->n_class) == rows->label[r];
    }
}

/* Scores of one classifier on one test set, told. */
static gboolean
judge (const Run *run, const char *classifier, const char *choice, const char *test, const SaxidRows *rows,
       const gsize *particle, const float *probability, double seconds, GError **error)
{
  g_autoptr (SaxidScores) scores = saxid_evaluate (rows->n, rows->n_class, probability, rows->label, 1);
  g_autofree guint8 *answer = particle == NULL ? g_new (guint8, MAX (rows->n, 1)) : NULL;
  SaxidStudyOutcome outcome = { .unit = run->unit, .classifier = classifier, .choice = choice, .test = test,
                                .scores = scores, .seconds = seconds };

  if (particle != NULL)
    count_aspects (run, probability, rows, particle, &outcome);
  else
    {
      for (gsize r = 0; r < rows->n; r++)
        answer[r] = (guint8) saxid_best_class (rows->n_class, probability + r * rows->n_class);
      outcome.answer = answer;
      outcome.n_answer = rows->n;
    }
  return run->hooks->outcome (&outcome, run->hooks->data, error);
}

static gboolean
going_on (guint done G_GNUC_UNUSED, guint all G_GNUC_UNUSED, gpointer data)
{
  const SaxidStudyHooks *hooks = data;

  return hooks->going_on == NULL || hooks->going_on (hooks->data);
}

/* The setting with the best accuracy on the rows that the representation did not see. */
static gboolean
choose (const Run *run, const SaxidClassifierInfo *info, const SaxidVectors *learned, const SaxidVectors *kept,
        guint *choice, GError **error)
{
  const SaxidStudyHooks *hooks = run->hooks;
  const guint n = saxid_classifier_choice_count (info);
  const int known = hooks->recall (run->unit, saxid_classifier_name (info), hooks->data);
  g_autofree double *accuracy = g_new0 (double, n);
  g_autofree float *probability = g_new (float, MAX (kept->n * kept->n_class, 1));

  if (known >= 0 && known < (int) n)
    {
      *choice = (guint) known;
      return TRUE;
    }
  *choice = 0;
  for (guint k = 0; k < n; k++)
    {
      g_autoptr (SaxidClassifier) classifier
        = saxid_classifier_train (info, k, learned, run->options->threads, (guint32) run->options->seed, going_on,
                                  (gpointer) hooks, error);

      if (classifier == NULL || !saxid_classifier_ask (classifier, kept->features, kept->n, probability, error))
        return FALSE;
      accuracy[k] = accuracy_of (kept->n, kept->n_class, probability, kept->label);
      if (accuracy[k] > accuracy[*choice])
        *choice = k;
    }
  return hooks->chosen (run->unit, saxid_classifier_name (info), *choice, accuracy, n, hooks->data, error);
}

/* The features of the rows that are judged. */
typedef struct
{
  const char *name;
  SaxidRows *rows;
  gsize *particle; /* NULL for measured curves */
  float *features, *margin;
} Test;

static void
test_clear (Test *test)
{
  saxid_rows_free (test->rows);
  g_free (test->particle);
  g_free (test->features);
  g_free (test->margin);
}

static gboolean
judge_all (const Run *run, const SaxidClassifier *classifier, const char *name, const char *choice, guint n_test,
           const Test *test, double seconds, GError **error)
{
  for (guint t = 0; t < n_test; t++)
    {
      g_autofree float *probability = g_new (float, MAX (test[t].rows->n * test[t].rows->n_class, 1));
      const float *judged = classifier != NULL ? probability : test[t].margin;

      if (classifier != NULL
          && !saxid_classifier_ask (classifier, test[t].features, test[t].rows->n, probability, error))
        return FALSE;
      if (!judge (run, name, choice, test[t].name, test[t].rows, test[t].particle, judged, seconds, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
classify (const Run *run, const SaxidVectors *learned, const SaxidVectors *kept, guint n_test, const Test *test,
          double seconds, GError **error)
{
  const gsize width = learned->width;
  g_auto (GStrv) names = g_strsplit (run->unit->classifiers, ",", -1);
  g_autofree float *features = g_new (float, (learned->n + kept->n) * width);
  g_autofree guint8 *label = g_new (guint8, learned->n + kept->n);
  const SaxidVectors all = { learned->n + kept->n, width, features, label, learned->n_class };

  memcpy (features, learned->features, learned->n * width * sizeof (float));
  memcpy (features + learned->n * width, kept->features, kept->n * width * sizeof (float));
  memcpy (label, learned->label, learned->n);
  memcpy (label + learned->n, kept->label, kept->n);
  for (guint k = 0; names[k] != NULL; k++)
    {
      const SaxidClassifierInfo *info = saxid_classifier_find (names[k]);
      g_autoptr (SaxidClassifier) classifier = NULL;
      gint64 start;
      guint choice;

      g_return_val_if_fail (info != NULL, FALSE);
      if (!choose (run, info, learned, kept, &choice, error))
        return FALSE;
      start = g_get_monotonic_time ();
      classifier = saxid_classifier_train (info, choice, &all, run->options->threads,
                                           (guint32) (run->options->seed + run->unit->repeat), going_on,
                                           (gpointer) run->hooks, error);
      if (classifier == NULL
          || !judge_all (run, classifier, names[k], saxid_classifier_choice (info, choice), n_test, test,
                         seconds + 1e-6 * (double) (g_get_monotonic_time () - start), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_unit (Run *run, guint n_test, Test *test, GError **error)
{
  const gsize width = saxid_representation_width (run->representation);
  const double seconds = 1e-6 * (double) (g_get_monotonic_time () - run->start);
  g_autofree float *features = NULL, *margin = NULL, *kept_features = NULL, *kept_margin = NULL;
  SaxidVectors learned, kept;

  if (!represent (run, run->learned, &features, &margin, error)
      || !represent (run, run->kept, &kept_features, &kept_margin, error))
    return FALSE;
  for (guint t = 0; t < n_test; t++)
    if (!represent (run, test[t].rows, &test[t].features, &test[t].margin, error))
      return FALSE;
  learned = (SaxidVectors) { run->learned->n, width, features, run->learned->label, run->set->n_class };
  kept = (SaxidVectors) { run->kept->n, width, kept_features, run->kept->label, run->set->n_class };
  if (saxid_representation_classifies (run->representation)
      && !judge_all (run, NULL, "perceptron", "", n_test, test, seconds, error))
    return FALSE;
  return classify (run, &learned, &kept, n_test, test, seconds, error);
}

gboolean
saxid_study_run (const SaxidStudySet *set, const SaxidStudyUnit *unit, const SaxidStudyOptions *options,
                 const SaxidStudyHooks *hooks, GError **error)
{
  const SaxidRepresentationInfo *info = saxid_representation_find (unit->representation);
  const SaxidRepresentationOptions how = { .preprocess = unit->preprocess, .with_q = unit->with_q,
                                           .effort = options->effort, .threads = options->threads,
                                           .seed = options->seed + 1000 * unit->repeat + unit->fold };
  const gboolean both = strcmp (unit->representation, "CNN") == 0; /* what table 2 is about */
  g_autofree guint8 *fold = g_new0 (guint8, MAX (set->n, 1)), *watched = g_new0 (guint8, MAX (set->n, 1));
  Run run = { .set = set, .unit = unit, .options = options, .hooks = hooks, .fold = fold, .watched = watched,
              .start = g_get_monotonic_time () };
  Test test[SAXID_N_STUDY_CONFIGURATIONS + 1] = { 0 };
  guint n_test = 0;
  gboolean done;

  g_return_val_if_fail (info != NULL, FALSE);

  deal (&run);
  run.learned = gather (&run, to_learn, NULL);
  run.kept = gather (&run, to_keep, NULL);
  run.representation = saxid_representation_fit (info, run.learned, run.kept, &how, &hooks->fit, error);
  done = run.representation != NULL;
  for (guint c = 0; done && c < SAXID_N_STUDY_CONFIGURATIONS; c++)
    if (both || c == SAXID_STUDY_XEUSS)
      {
        test[n_test].name = saxid_study_configuration_name ((SaxidStudyConfiguration) c);
        test[n_test].particle = g_new0 (gsize, MAX (set->n, 1));
        test[n_test].rows = gather (&run, to_test[c], test[n_test].particle);
        n_test++;
      }
  if (done && both && set->measured != NULL)
    {
      test[n_test].name = "measured";
      test[n_test].rows = saxid_rows_new (set->measured->n, set->measured);
      for (gsize r = 0; r < set->measured->n; r++)
        saxid_rows_copy (test[n_test].rows, r, set->measured, r);
      n_test++;
    }
  done = done && run_unit (&run, n_test, test, error);
  for (guint t = 0; t < n_test; t++)
    test_clear (&test[t]);
  saxid_representation_free (run.representation);
  saxid_rows_free (run.learned);
  saxid_rows_free (run.kept);
  return done;
}

int
saxid_study_score (const char *truth, const char *answer)
{
  static const struct
  {
    const char *truth, *similar[3];
  } table[] = {
    { "sphere", { "prolate", "oblate", "" } },
    { "prolate", { "oblate", "sphere", "" } },
    { "oblate", { "prolate", "sphere", "" } },
    { "core_shell_sphere", { "core_shell_prolate", "core_shell_oblate", "hollow_sphere" } },
    { "hollow_sphere", { "core_shell_sphere", "core_shell_oblate", "core_shell_prolate" } },
    { "cylinder", { "core_shell_cylinder", "prolate", "" } },
  };

  if (strcmp (truth, answer) == 0)
    return 1;
  for (guint k = 0; k < G_N_ELEMENTS (table); k++)
    if (strcmp (table[k].truth, truth) == 0)
      for (guint j = 0; j < G_N_ELEMENTS (table[k].similar); j++)
        if (strcmp (table[k].similar[j], answer) == 0)
          return 0;
  return -1;
}
