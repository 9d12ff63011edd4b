/* See any-grid-calibrate.h.
 */
#include "models/learn/train/any-grid-calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/learn/calibrate.h"
#include "models/learn/merged.h"
#include "reducers/order.h"

/* Times that the held-out curves are measured. */
#define TIMES 4
#define BATCH 256
/* The set of fewer classes that has a calibration of its own. */
#define MERGED "nine"

/* What was held out, group after group: the populations, then the strangers. */
typedef struct
{
  guint n_group;
  guint n_class_of[SAXID_ANY_GRID_MOST_SOURCES]; /* classes of the population of a group */
  gsize start[SAXID_ANY_GRID_MOST_SOURCES + 2];  /* rows of group g: start[g] to before start[g + 1] */
  gsize place[SAXID_ANY_GRID_MOST_SOURCES + 1];  /* where the rows of a source begin, then of strangers */
  guint n_class;
  float *margin;    /* [rows × (n_class + 1)] */
  double *distance; /* [rows] from the gallery */
  guint8 *label;    /* [rows] */
} Held;

/* The first source of the same population. */
static guint
population_of (const SaxidAnyGridOptions *options, guint source)
{
  const char *digest = saxid_population_digest (options->source[source].population);
  guint first = 0;

  while (strcmp (saxid_population_digest (options->source[first].population), digest) != 0)
    first++;
  return first;
}

static void
held_init (Held *held, const SaxidAnyGridOptions *options, const SaxidLot *lot)
{
  gsize rows = 0;

  held->n_class = saxid_any_grid_class_count (options);
  for (guint first = 0; first < options->n_source; first++)
    {
      if (population_of (options, first) != first)
        continue;
      held->n_class_of[held->n_group] = saxid_population_class_count (options->source[first].population);
      held->start[held->n_group++] = rows;
      for (guint s = first; s < options->n_source; s++)
        if (population_of (options, s) == first)
          {
            held->place[s] = rows;
            rows += TIMES * lot->count[s];
          }
    }
  held->start[held->n_group++] = held->place[options->n_source] = rows;
  rows += TIMES * lot->n_stranger;
  held->start[held->n_group] = rows;
  held->margin = g_new (float, rows *(held->n_class + 1));
  held->distance = g_new (double, rows);
  held->label = g_new (guint8, rows);
}

static void
held_clear (Held *held)
{
  g_free (held->margin);
  g_free (held->distance);
  g_free (held->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Held, held_clear)

static gsize
count_known (const Held *held)
{
  return held->start[held->n_group - 1];
}

static gsize
count_all (const Held *held)
{
  return held->start[held->n_group];
}

/* One measurement of the lot becomes the part `time` of every source. */
static void
put (Held *held, guint time, const SaxidAnyGridOptions *options, const SaxidLot *lot, const SaxidPredictor *predictor,
     const float *margin, const float *features)
{
  const gsize width = held->n_class + 1, n_feature = saxid_predictor_n_feature (predictor);
  gsize row = 0;

  for (guint s = 0; s <= options->n_source; s++)
    {
      const gsize part = s < options->n_source ? lot->count[s] : lot->n_stranger;

      for (gsize k = 0; k < part; k++, row++)
        {
          const gsize at = held->place[s] + time * part + k;
          gsize nearest[SAXID_GALLERY_NEAREST];

          memcpy (held->margin + at * width, margin + row * width, width * sizeof *margin);
          held->label[at] = lot->label[row];
          held->distance[at]
              = saxid_gallery_nearest (predictor->gallery, features + row * n_feature, SAXID_GALLERY_NEAREST, nearest, NULL);
        }
    }
}

/* Curves that nobody has learned from: what learned elsewhere may have had more epochs than
 * are known here. */
static guint64
first_epoch (const SaxidAnyGridOptions *options)
{
  return options->learned != NULL ? SAXID_ANY_GRID_MOST_EPOCHS : options->epochs + 1;
}

static gboolean
ask (const SaxidAnyGridOptions *options, const SaxidPredictor *predictor, SaxidLot *lot, Held *held, GError **error)
{
  g_autoptr (SaxidPass) pass = saxid_pass_new (predictor->network, BATCH, options->threads, error);
  g_autofree float *margin = NULL, *features = NULL;

  if (pass == NULL)
    return FALSE;
  held_init (held, options, lot);
  margin = g_new (float, lot->rows *(held->n_class + 1));
  features = g_new (float, lot->rows *saxid_predictor_n_feature (predictor));
  for (guint time = 0; time < TIMES; time++)
    {
      if (!saxid_lot_fill (lot, options, saxid_any_grid_random_seed (options, first_epoch (options) + time), error)
          || !saxid_pass_run (pass, lot->input, lot->rows, predictor->latent, features, margin, error))
        return FALSE;
      put (held, time, options, lot, predictor, margin, features);
    }
  return TRUE;
}

/* Curves of which a calibration is made, and what comes out. */
typedef struct
{
  gsize n;
  guint n_margin, n_answer; /* classes of the margins, and of the answer */
  const guint8 *map;        /* [n_margin] NULL: they are the same */
  float *margin;            /* [n × n_margin] */
  guint8 *label;            /* [n] */
  double temperature, threshold;
} Calibration;

static void
calibration_clear (Calibration *self)
{
  g_free (self->margin);
  g_free (self->label);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Calibration, calibration_clear)

/* The groups whose population has all classes, or those whose has fewer. */
static void
gather (const Held *held, gboolean all, const guint8 *map, guint n_answer, Calibration *out)
{
  const guint n = held->n_class;

  *out = (Calibration) { .n_margin = n, .n_answer = n_answer, .map = map, .margin = g_new (float, count_known (held) * n),
                         .label = g_new (guint8, count_known (held)) };
  for (guint g = 0; g + 1 < held->n_group; g++)
    for (gsize r = held->start[g]; r < held->start[g + 1] && (held->n_class_of[g] == n) == all; r++)
      {
        memcpy (out->margin + out->n * n, held->margin + r * (n + 1), n * sizeof (float));
        out->label[out->n++] = map != NULL ? map[held->label[r]] : held->label[r];
      }
}

static SaxidScores *
calibrate (Calibration *self, double coverage)
{
  g_autofree float *probability = g_new0 (float, self->n * self->n_answer), *one = g_new (float, self->n_margin);

  self->temperature = saxid_fit_temperature (self->n, self->n_margin, self->margin, self->label, self->map);
  for (gsize r = 0; r < self->n; r++)
    {
      saxid_softmax (self->n_margin, self->margin + r * self->n_margin, self->temperature, one);
      for (guint k = 0; k < self->n_margin; k++)
        probability[r * self->n_answer + (self->map != NULL ? self->map[k] : k)] += one[k];
    }
  self->threshold = saxid_fit_set_threshold (self->n, self->n_answer, probability, self->label, coverage);
  return saxid_evaluate (self->n, self->n_answer, probability, self->label, self->threshold);
}

/* Whoever has samples of all classes asks for all, whoever has fewer for fewer: each
 * answer is calibrated on the populations that it is asked for, since a probability is
 * of what else there could be. */
static void
calibrate_classes (const Held *held, double coverage, SaxidPredictor *predictor, SaxidAnyGridReport *report)
{
  g_autofree guint8 *map = g_new (guint8, held->n_class);
  const guint n_merged = saxid_merged_map (held->n_class, predictor->class_name, MERGED, map, NULL);
  g_auto (Calibration) all = { 0 }, merged = { 0 };

  gather (held, TRUE, NULL, held->n_class, &all);
  report->all = calibrate (&all, coverage);
  predictor->temperature = all.temperature;
  predictor->set_threshold = all.threshold;
  if (n_merged > 0 && n_merged < held->n_class)
    gather (held, FALSE, map, n_merged, &merged);
  if (merged.n == 0)
    return;
  report->merged = calibrate (&merged, coverage);
  predictor->merged_temperature = merged.temperature;
  predictor->merged_threshold = merged.threshold;
}

/* How the signs of a stranger count, and the score of each. */
static double *
strangeness (const Held *held, SaxidStrangeness *how)
{
  const gsize rows = count_all (held), known = count_known (held);
  g_autofree SaxidSigns *signs = g_new (SaxidSigns, rows);
  double *out = g_new (double, rows);

  for (gsize r = 0; r < rows; r++)
    signs[r] = saxid_signs_of (held->n_class, held->margin + r * (held->n_class + 1), held->distance[r]);
  *how = saxid_strangeness_fit (known, signs, rows - known, signs + known);
  for (gsize r = 0; r < rows; r++)
    out[r] = saxid_strangeness_score (how, &signs[r]);
  return out;
}

/* The limit refuses no larger part of any population than it may. */
static void
calibrate_strangers (const Held *held, double refused_part, SaxidPredictor *predictor, SaxidAnyGridReport *report)
{
  const gsize known = count_known (held);
  g_autofree double *score = strangeness (held, &predictor->strangeness);

  predictor->outlier_limit = 0;
  for (guint g = 0; g < held->n_group; g++)
    {
      const gsize n = held->start[g + 1] - held->start[g];
      double *of_group = score + held->start[g];

      qsort (of_group, n, sizeof *of_group, saxid_compare_doubles);
      if (g + 1 < held->n_group)
        predictor->outlier_limit = fmax (predictor->outlier_limit, of_group[(gsize) ((1 - refused_part) * (double) (n - 1))]);
    }
  report->n_stranger = count_all (held) - known;
  for (gsize k = known; k < known + report->n_stranger; k++)
    report->n_refused += score[k] > predictor->outlier_limit;
  report->stranger_area = saxid_rate_area (known, score, report->n_stranger, score + known);
}

gboolean
saxid_any_grid_calibrate (const SaxidAnyGridOptions *options, SaxidLot *held, SaxidPredictor *predictor,
                          SaxidAnyGridReport **report, GError **error)
{
  g_auto (Held) asked = { 0 };

  if (!ask (options, predictor, held, &asked, error))
    return FALSE;
  *report = g_new0 (SaxidAnyGridReport, 1);
  calibrate_classes (&asked, options->set_coverage, predictor, *report);
  calibrate_strangers (&asked, options->refused_part, predictor, *report);
  return TRUE;
}
