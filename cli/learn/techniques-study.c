/* How much of a published accuracy is left when whole experiments are held out?
 *
 * Features → standardised → principal components (5, as published; or none) → random forest or
 * boosted trees. Standardisation and components are learned without the rows that are judged.
 * LeNet learns from one half, as published, and the vectors of the other half are judged in the
 * same way.
 *
 * Thread: see techniques-study.h.
 */
#include "cli/learn/techniques-study.h"

#include <math.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/learn/study-page.h"
#include "cli/learn/techniques-ledger.h"
#include "cli/learn/techniques-lenet.h"
#include "cli/verb.h"
#include "models/learn/components.h"
#include "models/learn/evaluate.h"
#include "models/learn/trees.h"
#include "models/parallel.h"
#include "models/simulate/random.h"
#include "models/technique/features.h"
#include "models/technique/frames/experiment.h"
#include "models/technique/picture.h"
#include "reducers/error.h"

#define VERB "study"
#define WIDTH (2 * SAXID_FEATURES_HF + SAXID_FEATURES_GLCM)
#define COMPONENTS 5

typedef struct
{
  const SaxidTechniquesStudy *settings;
  gsize n;
  guint width;
  float *feature; /* [n × width] */
  guint8 *label;
  guint32 *experiment;
  guint8 *grey; /* [n × cells of a picture] */
} Rows;

/* Columns of the features. */
typedef struct
{
  const char *name;
  guint from, n;
} Columns;

static const Columns features[] = {
  { "HF, as published", 0, SAXID_FEATURES_HF },
  { "HF, moments of textbooks", SAXID_FEATURES_HF, SAXID_FEATURES_HF },
  { "GLCM", 2 * SAXID_FEATURES_HF, SAXID_FEATURES_GLCM },
  { "all three", 0, WIDTH },
};

static const struct
{
  const char *name;
  SaxidTreesOptions trees;
} classifiers[] = {
  { "random forest", { .rounds = 1, .forest = 200, .depth = 12, .learning_rate = 1, .row_part = 0.63, .column_part = 0.5,
                       .min_weight = 1, .bins = 256 } },
  { "boosted trees", { .rounds = 120, .depth = 5, .learning_rate = 0.15, .row_part = 0.8, .column_part = 0.8, .min_weight = 1,
                       .bins = 128 } },
};

/* Six numbers, as the ledger has them. */
typedef struct
{
  double accuracy, recall, precision, f1, kappa, matthews;
} Scores;

#define N_SCORE (sizeof (Scores) / sizeof (double))

static const char *const splits[] = { "by frame", "by experiment" };

/* ---- rows --------------------------------------------------------------------------------- */

static gboolean
draw_row (gsize at, G_GNUC_UNUSED gpointer scratch, gpointer data)
{
  Rows *rows = data;
  const guint per = rows->settings->per_experiment;
  float *out = rows->feature + at * rows->width;
  SaxidPicture *picture = g_new0 (SaxidPicture, 1);
  SaxidSimulatedFrame frame;

  rows->experiment[at] = (guint32) (at / per);
  saxid_simulated_frame_draw (rows->settings->seed, rows->experiment[at], (guint32) (at % per), &frame);
  rows->label[at] = (guint8) frame.technique;
  if (!saxid_picture_make (frame.pixels, NULL, frame.height, frame.width, picture))
    memset (picture, 0, sizeof *picture);
  saxid_features_hf (picture->grey, SAXID_PICTURE_SIDE, out);
  saxid_features_hf_moments (picture->grey, SAXID_PICTURE_SIDE, out + SAXID_FEATURES_HF);
  saxid_features_glcm (picture->grey, SAXID_PICTURE_SIDE, out + 2 * SAXID_FEATURES_HF);
  memcpy (rows->grey + at * sizeof picture->grey, picture->grey, sizeof picture->grey);
  saxid_simulated_frame_clear (&frame);
  g_free (picture);
  return TRUE;
}

static void
draw_rows (const SaxidTechniquesStudy *settings, Rows *rows)
{
  const gsize n = (gsize) SAXID_N_TECHNIQUE * settings->experiments * settings->per_experiment;

  *rows = (Rows) { settings, n, WIDTH, g_new (float, n * WIDTH), g_new (guint8, n), g_new (guint32, n),
                   g_new (guint8, n * SAXID_PICTURE_SIDE * SAXID_PICTURE_SIDE) };
  saxid_parallel (&(SaxidParallel) { .name = "frames", .threads = settings->threads, .piece = draw_row, .data = rows }, n);
}

static void
clear_rows (Rows *rows)
{
  g_free (rows->feature);
  g_free (rows->label);
  g_free (rows->experiment);
  g_free (rows->grey);
}

/* The fold of each row: dealt out frame by frame, or an experiment at a time. Techniques take
 * turns in the experiments, so that each fold has all of them. Halves are dealt in steps of one and
 * folds in steps of two, so that each half has all folds. */
static guint *
deal (const Rows *rows, gboolean by_experiment, guint folds, guint step)
{
  const guint experiments = SAXID_N_TECHNIQUE * rows->settings->experiments;
  const gsize n = by_experiment ? experiments / SAXID_N_TECHNIQUE : rows->n;
  g_autofree gsize *order = g_new (gsize, n);
  g_autofree guint *of = g_new (guint, n);
  guint *fold = g_new (guint, rows->n);
  SaxidRandom random;

  for (gsize k = 0; k < n; k++)
    order[k] = k;
  saxid_random_init (&random, rows->settings->seed, by_experiment, SAXID_STREAM_SPLIT);
  saxid_random_shuffle (&random, n, order);
  for (gsize k = 0; k < n; k++)
    of[order[k]] = (guint) (k / step % folds);
  for (gsize k = 0; k < rows->n; k++)
    fold[k] = of[by_experiment ? rows->experiment[k] / SAXID_N_TECHNIQUE : k];
  return fold;
}

/* ---- one way ------------------------------------------------------------------------------- */

/* Columns of the rows that are, or are not, in a fold. Returns how many. */
static gsize
take (const Rows *rows, const guint *fold, guint which, gboolean inside, const Columns *columns, float *out, guint8 *label, gsize *at)
{
  const guint n = columns->n;
  gsize m = 0;

  for (gsize k = 0; k < rows->n; k++)
    if ((fold[k] == which) == inside)
      {
        memcpy (out + m * n, rows->feature + k * rows->width + columns->from, n * sizeof *out);
        label[m] = rows->label[k];
        if (at != NULL)
          at[m] = k;
        m++;
      }
  return m;
}

/* To mean 0 and deviation 1 of the rows that are learned from. */
static void
standardise (float *learned, gsize n, float *judged, gsize m, guint width)
{
  for (guint c = 0; c < width; c++)
    {
      double sum = 0, square = 0, deviation;

      for (gsize k = 0; k < n; k++)
        {
          sum += (double) learned[k * width + c];
          square += pow ((double) learned[k * width + c], 2);
        }
      sum /= (double) n;
      deviation = sqrt (fmax (square / (double) n - sum * sum, 1e-24));
      for (gsize k = 0; k < n; k++)
        learned[k * width + c] = (float) ((learned[k * width + c] - sum) / deviation);
      for (gsize k = 0; k < m; k++)
        judged[k * width + c] = (float) ((judged[k * width + c] - sum) / deviation);
    }
}

/* The components of both, in place of them. */
static gboolean
project (float *learned, gsize n, float *judged, gsize m, guint *width, GError **error)
{
  g_autofree float *a = g_new (float, n * COMPONENTS), *b = g_new (float, m * COMPONENTS);
  SaxidComponents *components = saxid_components_fit (learned, n, *width, COMPONENTS, error);

  if (components == NULL)
    return FALSE;
  saxid_components_project (components, COMPONENTS, learned, n, a);
  saxid_components_project (components, COMPONENTS, judged, m, b);
  saxid_components_free (components);
  memcpy (learned, a, n * COMPONENTS * sizeof *a);
  memcpy (judged, b, m * COMPONENTS * sizeof *b);
  *width = COMPONENTS;
  return TRUE;
}

/* Judges one fold into margin of all rows. */
static gboolean
judge_fold (const Rows *rows, const guint *fold, guint which, const Columns *columns, gboolean components, guint classifier,
            float *margin, GError **error)
{
  guint width = columns->n;
  g_autofree float *learned = g_new (float, rows->n * width), *judged = g_new (float, rows->n * width);
  g_autofree guint8 *label = g_new (guint8, rows->n), *truth = g_new (guint8, rows->n);
  g_autofree gsize *at = g_new (gsize, rows->n);
  g_autofree float *out = NULL;
  const gsize n = take (rows, fold, which, FALSE, columns, learned, label, NULL);
  const gsize m = take (rows, fold, which, TRUE, columns, judged, truth, at);
  SaxidTreesOptions options = classifiers[classifier].trees;
  g_autoptr (SaxidTrees) trees = NULL;

  options.threads = rows->settings->threads;
  options.seed = (guint32) rows->settings->seed;
  if (m == 0) /* fewer experiments than folds */
    return TRUE;
  standardise (learned, n, judged, m, width);
  if (components && !project (learned, n, judged, m, &width, error))
    return FALSE;
  trees = saxid_trees_train (learned, n, width, label, SAXID_N_TECHNIQUE, &options, NULL, NULL, error);
  out = g_new (float, m * SAXID_N_TECHNIQUE);
  if (trees == NULL || !saxid_trees_margin (trees, judged, m, out, error))
    return FALSE;
  for (gsize k = 0; k < m; k++)
    memcpy (margin + at[k] * SAXID_N_TECHNIQUE, out + k * SAXID_N_TECHNIQUE, SAXID_N_TECHNIQUE * sizeof *out);
  return TRUE;
}

/* Recall is the mean of the classes, precision weighted by their sizes, as the scripts have them. */
static void
score (const Rows *rows, const float *margin, Scores *scores)
{
  g_autofree float *probability = g_new0 (float, rows->n * SAXID_N_TECHNIQUE);
  SaxidScores *all;
  double chance = 0;

  for (gsize k = 0; k < rows->n; k++)
    {
      const float *row = margin + k * SAXID_N_TECHNIQUE;
      guint best = 0;

      for (guint c = 1; c < SAXID_N_TECHNIQUE; c++)
        if (row[c] > row[best])
          best = c;
      probability[k * SAXID_N_TECHNIQUE + best] = 1;
    }
  all = saxid_evaluate (rows->n, SAXID_N_TECHNIQUE, probability, rows->label, 0.5);
  *scores = (Scores) { .accuracy = all->accuracy, .f1 = all->f1, .matthews = all->matthews };
  for (guint c = 0; c < SAXID_N_TECHNIQUE; c++)
    {
      double true_ones = 0, said = 0;

      for (guint k = 0; k < SAXID_N_TECHNIQUE; k++)
        {
          true_ones += (double) all->confusion[c * SAXID_N_TECHNIQUE + k] / (double) rows->n;
          said += (double) all->confusion[k * SAXID_N_TECHNIQUE + c] / (double) rows->n;
        }
      chance += true_ones * said;
      scores->recall += all->recall[c] / SAXID_N_TECHNIQUE;
      scores->precision += true_ones * (isnan (all->precision[c]) ? 0 : all->precision[c]);
    }
  scores->kappa = (all->accuracy - chance) / (1 - chance); /* Cohen 1960 */
  saxid_scores_free (all);
}

static gboolean
judge_way (const Rows *rows, const guint *fold, const Columns *columns, gboolean components, guint classifier, Scores *scores, GError **error)
{
  g_autofree float *margin = g_new0 (float, rows->n * SAXID_N_TECHNIQUE);

  for (guint which = 0; which < rows->settings->folds; which++)
    if (!judge_fold (rows, fold, which, columns, components, classifier, margin, error))
      return FALSE;
  score (rows, margin, scores);
  return TRUE;
}

/* ---- the page ---------------------------------------------------------------------------------- */

static void
append_scores (GString *text, const Scores *s)
{
  g_string_append_printf (text, " %.1f | %.1f | %.1f | %.1f | %.3f | %.3f |", 100 * s->accuracy, 100 * s->recall, 100 * s->precision,
                          100 * s->f1, s->kappa, s->matthews);
}

static GString *
begin_page (const SaxidTechniquesStudy *settings, gsize n)
{
  GString *text = g_string_new ("# Which technique is this frame? Classic features and LeNet\n\n");

  g_string_append_printf (text,
                          "%" G_GSIZE_FORMAT " simulated frames of %u experiments of each technique, seed %" G_GUINT64_FORMAT
                          ", %u folds (`saxid study --techniques --per-class %u --frames %u --epochs %u --seed %" G_GUINT64_FORMAT "`). "
                          "Left, frames were dealt out at random, as published; right, whole experiments were. What "
                          "is lost from left to right is experiments that were known again.\n\n",
                          n, settings->experiments, settings->seed, settings->folds, settings->experiments, settings->per_experiment,
                          settings->epochs, settings->seed);
  if (settings->epochs > 0)
    g_string_append (text, "LeNet learns from one half (UB: in the proportions of the published frames; BL: as many of each; BLA: those "
                           "in four turns) and the other half is judged, its vectors in the same folds; pictures of 64 × 64.\n\n");
  g_string_append (text, "| features | components | classifier | Acc | Rec | Prec | F | κ | MCC | Acc | Rec | Prec | F | κ | MCC |\n"
                         "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  return text;
}

/* What the ledger has, or what is found now. */
static gboolean
find_classic (const Rows *rows, SaxidTechniquesLedger *ledger, guint feature, gboolean components, guint classifier, const guint *fold,
              const char *split, Scores *scores, GError **error)
{
  g_autofree char *unit = g_strdup_printf ("%s, %s, %s, %s", features[feature].name, components ? "components" : "plain",
                                           classifiers[classifier].name, split);

  if (saxid_techniques_ledger_get (ledger, unit, (double *) scores, N_SCORE))
    return TRUE;
  if (saxid_interrupted ())
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_CANCELLED, "stopped before %s", unit);
      return FALSE;
    }
  return judge_way (rows, fold, &features[feature], components, classifier, scores, error)
         && saxid_techniques_ledger_put (ledger, unit, (const double *) scores, N_SCORE, error);
}

static gboolean
study_classic (const Rows *rows, SaxidTechniquesLedger *ledger, GString *text, GError **error)
{
  g_autofree guint *by_frame = deal (rows, FALSE, rows->settings->folds, 2), *by_experiment = deal (rows, TRUE, rows->settings->folds, 2);

  for (guint feature = 0; feature < G_N_ELEMENTS (features); feature++)
    for (guint components = 0; components < 2; components++)
      for (guint classifier = 0; classifier < G_N_ELEMENTS (classifiers); classifier++)
        {
          Scores frame, experiment;

          if (!find_classic (rows, ledger, feature, components == 0, classifier, by_frame, splits[0], &frame, error)
              || !find_classic (rows, ledger, feature, components == 0, classifier, by_experiment, splits[1], &experiment, error))
            return FALSE;
          g_string_append_printf (text, "| %s | %s | %s |", features[feature].name, components == 0 ? "5" : "–", classifiers[classifier].name);
          append_scores (text, &frame);
          append_scores (text, &experiment);
          g_string_append_c (text, '\n');
        }
  return TRUE;
}

/* ---- LeNet ----------------------------------------------------------------------------------------- */

#define JUDGED 1u /* of two halves; the other one is learned from */

/* The rows of the half that is judged, with the vectors of all, and their folds. */
static void
take_half (const Rows *rows, const guint *half, const guint *fold, float *vector, float *margin, Rows *judged, guint *of)
{
  *judged = (Rows) { rows->settings, 0, SAXID_LENET_VECTOR, vector, g_new (guint8, rows->n), NULL, NULL };
  for (gsize k = 0; k < rows->n; k++)
    if (half[k] == JUDGED)
      {
        const gsize at = judged->n++;

        memmove (vector + at * SAXID_LENET_VECTOR, vector + k * SAXID_LENET_VECTOR, SAXID_LENET_VECTOR * sizeof *vector);
        memmove (margin + at * SAXID_N_TECHNIQUE, margin + k * SAXID_N_TECHNIQUE, SAXID_N_TECHNIQUE * sizeof *margin);
        judged->label[at] = rows->label[k];
        of[at] = fold[k];
      }
}

#define WAYS 4 /* its own soft-max; components and forest, and trees; a forest of the vector */

static const struct
{
  const char *components, *name;
  gboolean projected;
  guint classifier;
} ways[WAYS] = { { "–", "itself", FALSE, 0 }, { "5", "random forest", TRUE, 0 }, { "5", "boosted trees", TRUE, 1 }, { "–", "random forest", FALSE, 0 } };

/* One split: what each way makes of the half that LeNet has not seen. */
static gboolean
judge_lenet (const Rows *rows, SaxidLenetSet set, gboolean by_experiment, Scores scores[WAYS], SaxidLenetCost *cost, GError **error)
{
  static const Columns columns = { "vector", 0, SAXID_LENET_VECTOR };
  const SaxidTechniquesStudy *settings = rows->settings;
  g_autofree guint *half = deal (rows, by_experiment, 2, 1), *fold = deal (rows, by_experiment, settings->folds, 2), *of = g_new (guint, rows->n);
  g_autofree float *vector = g_new (float, rows->n * SAXID_LENET_VECTOR), *margin = g_new (float, rows->n * SAXID_N_TECHNIQUE);
  g_autofree gboolean *learn = g_new (gboolean, rows->n);
  gboolean done = TRUE;
  Rows judged;

  for (gsize k = 0; k < rows->n; k++)
    learn[k] = half[k] != JUDGED;
  if (!saxid_lenet (&(SaxidLenetFrames) { rows->n, rows->grey, rows->label, learn }, set, settings->epochs, settings->threads,
                    settings->seed, vector, margin, cost, error))
    return FALSE;
  take_half (rows, half, fold, vector, margin, &judged, of);
  score (&judged, margin, &scores[0]);
  for (guint way = 1; way < WAYS && done; way++)
    done = judge_way (&judged, of, &columns, ways[way].projected, ways[way].classifier, &scores[way], error);
  g_free (judged.label);
  return done;
}

/* A training and its judgement, as the ledger has it. */
typedef struct
{
  Scores scores[WAYS];
  double pictures, seconds, milliseconds;
} Lenet;

#define N_LENET (sizeof (Lenet) / sizeof (double))

static gboolean
find_lenet (const Rows *rows, SaxidTechniquesLedger *ledger, SaxidLenetSet set, gboolean by_experiment, Lenet *found, GError **error)
{
  g_autofree char *unit = g_strdup_printf ("LeNet, %s, %s", saxid_lenet_set_name (set), splits[by_experiment]);
  SaxidLenetCost cost;

  if (saxid_techniques_ledger_get (ledger, unit, (double *) found, N_LENET))
    return TRUE;
  if (!judge_lenet (rows, set, by_experiment, found->scores, &cost, error))
    return FALSE;
  found->pictures = (double) cost.n_learned;
  found->seconds = cost.seconds;
  found->milliseconds = cost.milliseconds;
  return saxid_techniques_ledger_put (ledger, unit, (const double *) found, N_LENET, error);
}

static gboolean
study_lenet (const Rows *rows, SaxidTechniquesLedger *ledger, GString *text, GError **error)
{
  g_autoptr (GString) costs = g_string_new ("\n| LeNet | pictures | s of training | ms a frame |\n|---|---:|---:|---:|\n");

  for (guint set = 0; set < SAXID_N_LENET; set++)
    {
      const char *name = saxid_lenet_set_name ((SaxidLenetSet) set);
      Lenet frame, experiment;

      if (!find_lenet (rows, ledger, (SaxidLenetSet) set, FALSE, &frame, error)
          || !find_lenet (rows, ledger, (SaxidLenetSet) set, TRUE, &experiment, error))
        return FALSE;
      for (guint way = 0; way < WAYS; way++)
        {
          g_string_append_printf (text, "| LeNet, %s | %s | %s |", name, ways[way].components, ways[way].name);
          append_scores (text, &frame.scores[way]);
          append_scores (text, &experiment.scores[way]);
          g_string_append_c (text, '\n');
        }
      g_string_append_printf (costs, "| %s | %.0f | %.0f | %.2f |\n", name, frame.pictures, frame.seconds, frame.milliseconds);
    }
  g_string_append (text, costs->str);
  return TRUE;
}

int
saxid_techniques_study (const SaxidTechniquesStudy *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidTechniquesLedger) ledger = saxid_techniques_ledger_open (settings, &error);
  GString *text;
  Rows rows;
  gboolean done;

  if (ledger == NULL)
    return saxid_verb_failed (VERB, error);
  draw_rows (settings, &rows);
  text = begin_page (settings, rows.n);
  done = study_classic (&rows, ledger, text, &error) && (settings->epochs == 0 || study_lenet (&rows, ledger, text, &error))
         && (settings->report == NULL || saxid_study_page_save (settings->report, "README.md", text, NULL, NULL, &error));
  if (done && !settings->quiet)
    g_print ("%s", text->str);
  clear_rows (&rows);
  g_string_free (text, TRUE);
  return done ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}
