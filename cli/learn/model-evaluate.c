/* saxid model evaluate: see model-evaluate.h.
 *
 * The counts of a curve are Σ (I/σ)², by its own σ.
 */
#include "config.h"
#include "cli/learn/model-evaluate.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "cli/learn/evaluate-measured.h"
#include "cli/learn/model-judge.h"
#include "cli/plot/plot.h"
#include "cli/verb.h"
#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/disk/atomic-file.h"

#define VERB "model"
#define MOST_SETS 12
/* More colours are hard to tell apart: plots have the first sets. */
#define MOST_DRAWN 6
#define BINS 10 /* of the confidence */
/* Decades of counts, and the first. */
#define DECADES 8
#define FIRST_DECADE 2
/* A row, or a point of a plot, of fewer curves says nothing. */
#define LEAST_CURVES 30

typedef struct
{
  char *name; /* of the set's file, without its ending */
  SaxidDataset *data;
  SaxidJudged judged;
  double threshold;
  char **class_name; /* [n_class + 1] as the model answered */
  double bin_right[BINS], bin_sure[BINS], bin_all[BINS];
  double decade_right[DECADES], decade_all[DECADES];
} Set;

typedef struct
{
  const SaxidEvaluation *how;
  char *name; /* of the model's file, without its ending */
  GString *page;
  guint n_set;
  Set set[MOST_SETS];
} Evaluation;

static void
evaluation_clear (Evaluation *self)
{
  for (guint s = 0; s < self->n_set; s++)
    {
      g_free (self->set[s].name);
      saxid_dataset_free (self->set[s].data);
      saxid_judged_clear (&self->set[s].judged);
      g_strfreev (self->set[s].class_name);
    }
  g_free (self->name);
  g_string_free (self->page, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Evaluation, evaluation_clear)

static void say (Evaluation *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
say (Evaluation *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (self->page, format, arguments);
  va_end (arguments);
}

static char *
name_of (const char *path)
{
  char *name = g_path_get_basename (path), *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return name;
}

/* --- The sets -------------------------------------------------------------------------- */

/* -1: of no decade. */
static int
decade_of (double counts)
{
  return counts > 0 ? CLAMP ((int) floor (log10 (counts)) - FIRST_DECADE, 0, DECADES - 1) : -1;
}

static void
sort_into_bins (Set *set)
{
  const SaxidJudged *judged = &set->judged;

  for (gsize k = 0; k < judged->n; k++)
    {
      const float *p = judged->probability + k * judged->n_class;
      const guint best = saxid_best_class (judged->n_class, p);
      const guint bin = MIN ((guint) ((double) p[best] * BINS), BINS - 1);
      const int decade = decade_of (judged->counts[k]);

      set->bin_right[bin] += best == judged->label[k];
      set->bin_sure[bin] += (double) p[best];
      set->bin_all[bin]++;
      if (decade < 0)
        continue;
      set->decade_right[decade] += best == judged->label[k];
      set->decade_all[decade]++;
    }
}

static gboolean
judge_set (Evaluation *self, const char *path, const char *model_path, GError **error)
{
  Set *set = &self->set[self->n_set];
  g_autoptr (SaxidModel) model = saxid_model_load (model_path, error);

  self->n_set++;
  set->name = name_of (path);
  set->data = model != NULL ? saxid_judge_read (path, error) : NULL;
  if (set->data == NULL || !saxid_judge (set->data, model->predictor, &set->judged, error))
    return FALSE;
  set->threshold = model->predictor->set_threshold;
  set->class_name = g_strdupv (model->predictor->class_name);
  sort_into_bins (set);
  return TRUE;
}

/* Mean confidence less the part that is right: above 0 it is too sure. */
static double
excess_of (const SaxidJudged *judged, SaxidChosen chosen, gpointer data)
{
  double sum = 0, n = 0;

  for (gsize k = 0; k < judged->n; k++)
    {
      const float *p = judged->probability + k * judged->n_class;
      const guint best = saxid_best_class (judged->n_class, p);

      if (chosen != NULL && !chosen (judged, k, data))
        continue;
      sum += (double) p[best] - (best == judged->label[k]);
      n++;
    }
  return n > 0 ? sum / n : NAN;
}

static void
say_scores (Evaluation *self, const Set *set, SaxidChosen chosen, gpointer data)
{
  g_autoptr (SaxidScores) scores = saxid_judged_scores (&set->judged, set->threshold, chosen, data);

  if (scores == NULL || scores->n < LEAST_CURVES)
    {
      say (self, " %" G_GSIZE_FORMAT " | – | – | – | – | – |", scores != NULL ? scores->n : 0);
      return;
    }
  say (self, " %" G_GSIZE_FORMAT " | %.1f | %+.1f | %.3f (%.3f) | %.1f | %.2f |", scores->n, 100 * scores->accuracy,
       100 * excess_of (&set->judged, chosen, data), scores->calibration_error, scores->calibration_chance,
       100 * scores->set_coverage, scores->set_size);
}

#define SCORES " curves | right %% | too sure by %% | ECE (by chance) | 95 %% sets hold %% | their size |"
#define RULES "---:|---:|---:|---:|---:|---:|"

static void
say_sets (Evaluation *self)
{
  say (self, "## As a whole\n\n| set | population | instrument | seed | loss |" SCORES " outliers %% | abstains %% |\n|---|---|---|---:|---:|" RULES "---:|---:|\n");
  for (guint s = 0; s < self->n_set; s++)
    {
      const Set *set = &self->set[s];
      const SaxidJudged *judged = &set->judged;
      g_autoptr (SaxidScores) scores = saxid_judged_scores (judged, set->threshold, NULL, NULL);

      say (self, "| %s | %s | %s | %" G_GUINT64_FORMAT " | %.4f |", set->name, set->data->header.population,
           set->data->header.instrument, set->data->header.seed, scores != NULL ? scores->log_loss : NAN);
      say_scores (self, set, NULL, NULL);
      say (self, " %.1f | %.1f |\n", 100 * (double) judged->n_outlier / (double) MAX (judged->n, 1),
           100 * (double) judged->n_abstained / (double) MAX (judged->n_curve, 1));
    }
  say (self, "\n");
}

static gboolean
is_answered (const SaxidJudged *judged, gsize k, gpointer data)
{
  return saxid_best_class (judged->n_class, judged->probability + k * judged->n_class) == *(const guint *) data;
}

static void
say_classes (Evaluation *self)
{
  say (self, "## By class\n\nOf the curves that got this label; recall: of the curves that are of the class, those that "
             "got it.\n\n");
  for (guint s = 0; s < self->n_set; s++)
    {
      const Set *set = &self->set[s];
      g_autoptr (SaxidScores) all = saxid_judged_scores (&set->judged, set->threshold, NULL, NULL);

      if (all == NULL)
        continue;
      say (self, "| %s | recall %% |" SCORES "\n|---|---:|" RULES "\n", set->name);
      for (guint k = 0; k < set->judged.n_class; k++)
        {
          if (isfinite (all->recall[k]))
            say (self, "| %s | %.1f |", set->class_name[k], 100 * all->recall[k]);
          else
            say (self, "| %s | – |", set->class_name[k]);
          say_scores (self, set, is_answered, &k);
          say (self, "\n");
        }
      say (self, "\n");
    }
}

static gboolean
is_of_decade (const SaxidJudged *judged, gsize k, gpointer data)
{
  return decade_of (judged->counts[k]) == *(const int *) data;
}

static void
say_decades (Evaluation *self)
{
  say (self, "## By counts\n\nDecades of Σ (I/σ)², by the σ that the curve has. “none”: curves without σ.\n\n"
             "![accuracy against counts](%s-counts.svg)\n\n", self->name);
  for (guint s = 0; s < self->n_set; s++)
    {
      const Set *set = &self->set[s];

      say (self, "| %s |" SCORES "\n|---|" RULES "\n", set->name);
      for (int decade = -1; decade < DECADES; decade++)
        {
          if (decade >= 0 && set->decade_all[decade] < LEAST_CURVES)
            continue;
          if (decade < 0)
            say (self, "| none |");
          else if (decade == 0)
            say (self, "| below 10^%d |", FIRST_DECADE + 1);
          else
            say (self, "| 10^%d%s |", decade + FIRST_DECADE, decade == DECADES - 1 ? " and more" : "");
          say_scores (self, set, is_of_decade, &decade);
          say (self, "\n");
        }
      say (self, "\n");
    }
}

/* --- Strangers -------------------------------------------------------------------------- */

static void
say_kind (Evaluation *self, const SaxidDataset *strangers, const SaxidJudged *strange, guint kind, double *mean)
{
  say (self, "| %s | %.1f |", strangers->header.class_name[kind],
       100 * saxid_judged_refused (strangers, strange, kind));
  for (guint s = 0; s < self->n_set; s++)
    {
      const double area = saxid_judged_area (&self->set[s].judged, strangers, strange, kind);

      mean[s] += area;
      say (self, " %.3f |", area);
    }
  say (self, "\n");
}

static gboolean
say_strangers (Evaluation *self, const char *model_path, GError **error)
{
  g_autoptr (SaxidModel) model = saxid_model_load (model_path, error);
  g_autoptr (SaxidDataset) strangers = model != NULL ? saxid_judge_read (self->how->strangers, error) : NULL;
  g_auto (SaxidJudged) strange = { 0 };
  double mean[MOST_SETS] = { 0 };
  guint n_kind;

  if (strangers == NULL || !saxid_judge_strangers (strangers, model->predictor, &strange, error))
    return FALSE;
  n_kind = g_strv_length (strangers->header.class_name);
  say (self, "## What is none of the classes\n\n%" G_GSIZE_FORMAT " curves of %u kinds. Refused: flagged as outliers, "
             "or nothing said. The other columns are areas under the curve of rates against the curves of each set.\n\n"
             "| kind | refused %% |", strangers->n_curve, n_kind);
  for (guint s = 0; s < self->n_set; s++)
    say (self, " %s |", self->set[s].name);
  say (self, "\n|---|---:|");
  for (guint s = 0; s < self->n_set; s++)
    say (self, "---:|");
  say (self, "\n");
  for (guint kind = 0; kind < n_kind; kind++)
    say_kind (self, strangers, &strange, kind, mean);
  say (self, "| **mean** | %.1f |", 100 * (double) (strange.n_outlier + strange.n_abstained) / (double) MAX (strange.n_curve, 1));
  for (guint s = 0; s < self->n_set; s++)
    say (self, " **%.3f** |", mean[s] / n_kind);
  say (self, "\n\n");
  return TRUE;
}

/* --- The page ------------------------------------------------------------------------------ */

/* How many words of the command --measured has here, with its value: they may be many, and the page has a row for each. */
static guint
measured_words (char *const *words)
{
  if (strcmp (words[0], "--measured") == 0)
    return words[1] != NULL ? 2 : 1;
  return g_str_has_prefix (words[0], "--measured=") ? 1 : 0;
}

/* Words of the command without the directories of one machine. */
static void
say_head (Evaluation *self, const SaxidModel *model)
{
  say (self, "# How good is %s?\n\nsha256:%s\n\n```\nsaxid", model->file_name, model->sha256);
  for (guint k = 0; self->how->words[k] != NULL; k++)
    {
      const guint passed = measured_words (self->how->words + k);
      const char *word = self->how->words[k], *equals = strchr (word, '=');
      const gboolean option = equals != NULL && g_str_has_prefix (word, "--");
      g_autofree char *base = g_path_get_basename (option ? equals + 1 : word);

      k += MAX (passed, 1) - 1;
      if (passed == 0)
        say (self, " %.*s%s", option ? (int) (equals + 1 - word) : 0, word, base);
    }
  if (self->how->measured != NULL)
    say (self, " --measured FILE=CLASS … (%u files)", g_strv_length (self->how->measured));
  say (self, "\n```\n\nA set is new to the model where its seed is none of those of the model's data (`saxid model "
             "info`). ECE: expected calibration error in 15 bins of the confidence; in brackets, what as many curves "
             "show of it by chance.\n\n");
}

static gboolean
save_plot (const Evaluation *self, const char *what, GBytes *drawing, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.svg", self->name, what);
  g_autofree char *path = g_build_filename (self->how->directory, file, NULL);
  g_autoptr (GBytes) owned = drawing;

  return saxid_plot_save (owned, path, error);
}

static gboolean
draw (Evaluation *self, GError **error)
{
  const char *label[MOST_SETS];
  const double *bin_right[MOST_SETS], *bin_sure[MOST_SETS], *bin_all[MOST_SETS], *right[MOST_SETS], *all[MOST_SETS];
  const guint drawn = MIN (self->n_set, MOST_DRAWN);
  const SaxidCalibrationPlot calibration = { .title = "Calibration", .n = BINS, .n_series = drawn, .label = label,
                                             .right = bin_right, .sure = bin_sure, .all = bin_all };
  const SaxidSuccessPlot counts = { .title = "Accuracy against counts", .x_title = "Σ (I/σ)²", .n = DECADES,
                                    .n_series = drawn, .low = pow (10, FIRST_DECADE),
                                    .high = pow (10, FIRST_DECADE + DECADES), .label = label, .right = right,
                                    .all = all };

  for (guint s = 0; s < self->n_set; s++)
    {
      label[s] = self->set[s].name;
      bin_right[s] = self->set[s].bin_right;
      bin_sure[s] = self->set[s].bin_sure;
      bin_all[s] = self->set[s].bin_all;
      right[s] = self->set[s].decade_right;
      all[s] = self->set[s].decade_all;
      for (guint k = 0; k < DECADES; k++)
        if (self->set[s].decade_all[k] < LEAST_CURVES)
          self->set[s].decade_all[k] = 0;
    }
  return save_plot (self, "calibration", saxid_plot_calibration (&calibration, SAXID_CANVAS_SVG), error)
         && save_plot (self, "counts", saxid_plot_success (&counts, SAXID_CANVAS_SVG), error);
}

static gboolean
write_page (const Evaluation *self, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s-evaluation.md", self->name);
  g_autofree char *path = g_build_filename (self->how->directory, file, NULL);
  SaxidAtomicFile *out = saxid_atomic_begin (path, error);

  if (out == NULL)
    return FALSE;
  if (!saxid_atomic_write (out, self->page->str, self->page->len, error))
    {
      saxid_atomic_abort (out);
      return FALSE;
    }
  if (!saxid_atomic_commit (out, error))
    return FALSE;
  g_print ("%s\n", path);
  return TRUE;
}

static gboolean
evaluate (Evaluation *self, const char *path, GError **error)
{
  g_autoptr (SaxidModel) model = saxid_model_load (path, error);

  if (model == NULL || !saxid_evaluate_measured_check (self->how->measured, model->predictor->class_name, error))
    return FALSE;
  self->name = name_of (path);
  say_head (self, model);
  if (self->how->measured != NULL && !saxid_evaluate_measured (path, self->how->measured, self->page, error))
    return FALSE;
  for (guint s = 0; self->how->set[s] != NULL; s++)
    if (!judge_set (self, self->how->set[s], path, error))
      return FALSE;
  say_sets (self);
  say (self, "![calibration](%s-calibration.svg)\n\n", self->name);
  say_decades (self);
  say_classes (self);
  if (self->how->strangers != NULL && !say_strangers (self, path, error))
    return FALSE;
  if (g_mkdir_with_parents (self->how->directory, 0777) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "directory could not be made: %s (%s)", g_strerror (errno),
                   self->how->directory);
      return FALSE;
    }
  return draw (self, error) && write_page (self, error);
}

int
saxid_model_evaluate (const SaxidEvaluation *how)
{
  g_autofree char *path = saxid_model_path (how->model);
  g_auto (Evaluation) self = { .how = how, .page = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;

  if (g_strv_length (how->set) > MOST_SETS)
    return saxid_verb_usage (VERB, "%u data sets, %d are possible", g_strv_length (how->set), MOST_SETS);
  return evaluate (&self, path, &error) ? SAXID_EXIT_OK : saxid_verb_failed (VERB, error);
}
