/* saxid tag --cumulative: how long must one count?
 *
 * The advice to stop is given when, RUN frames one after the other, the label stood and
 * 95 % of what could have been measured instead would have got it as well; never for an outlier, whose
 * label is none, and not once the frames differ, since their mean is then of no one sample.
 */
#include "cli/tag-cumulative.h"
#include "config.h"

#include <math.h>

#include "cli/interrupt.h"
#include "cli/tag-json.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "models/learn/exposure.h"
#include "models/learn/merged.h"
#include "plugin/model.h"
#include "plugin/prior.h"
#include "reducers/alike.h"
#include "reducers/error.h"

#define VERB "tag"
#define DRAWS 40
#define ENOUGH 0.95
#define RUN 3
#define DIFFERENT 0.01 /* probability that frames which are alike look so different */

typedef struct
{
  const SaxidCumulative *options;
  const SaxidPredictor *predictor;
  SaxidScratch *scratch;
  const char *path;
} Acquisition;

/* What the frames so far say. */
typedef struct
{
  gsize n_frame;
  SaxidVerdict verdict;
  double agreement;
  SaxidAlikeness alikeness;
  gboolean stop;
} Step;

/* What the frames of one source have come to. */
typedef struct
{
  Step last;
  gsize enough;                /* frames after which the advice was given first; 0: never */
  gsize changed, drifted;      /* the first frame, from 1, that is of another shape, or of another scale; 0: none */
  double low, ratio;           /* as in alike.h, of that frame */
} Course;

static void
print_step (const Acquisition *self, const char *entry, const Step *step, const float *probability)
{
  const SaxidPredictor *predictor = self->predictor;
  const int best = step->verdict.best;
  const char *label = best >= 0 ? predictor->class_name[best] : "";
  g_autoptr (GString) line = g_string_new (NULL);

  if (!self->options->json)
    {
      g_autofree char *file = saxid_text_printable (self->path), *shown = saxid_text_printable (entry);

      g_print ("%s %s, %4" G_GSIZE_FORMAT " frames: %-20s p = %.3f, %3.0f %% agree%s%s%s\n", file, shown, step->n_frame,
               best >= 0 ? label : "abstained", step->verdict.confidence, 100 * step->agreement,
               step->verdict.outlier ? ", outlier" : "", step->alikeness.p < DIFFERENT ? ", not like those before" : "",
               step->stop ? ", stop" : "");
      return;
    }
  g_string_append (line, "{\"file\":");
  saxid_tag_json_text (line, self->path);
  g_string_append (line, ",\"entry\":");
  saxid_tag_json_text (line, entry);
  g_string_append_printf (line, ",\"frames\":%" G_GSIZE_FORMAT ",\"label\":", step->n_frame);
  if (best >= 0)
    saxid_tag_json_text (line, label);
  else
    g_string_append (line, "null");
  g_string_append_printf (line, ",\"confidence\":%.6g,\"agreement\":%.6g,\"outlier\":%s,\"stop\":%s,"
                          "\"p_alike\":%.6g,\"p_alike_scale\":%.6g,\"probability\":{",
                          step->verdict.confidence, step->agreement, step->verdict.outlier ? "true" : "false",
                          step->stop ? "true" : "false", step->alikeness.p, step->alikeness.p_scale);
  for (guint k = 0; k < predictor->n_class; k++)
    g_string_append_printf (line, "%s\"%s\":%.6g", k > 0 ? "," : "", predictor->class_name[k], (double) probability[k]);
  g_print ("%s}}\n", line->str);
}

static gboolean
judge (Acquisition *self, const SaxidExposure *exposure, Step *step, float *probability, GError **error)
{
  g_autoptr (SaxidCurve) curve = saxid_exposure_curve (exposure);
  g_autofree guint8 *in_set = g_new (guint8, self->predictor->n_class);

  step->n_frame = exposure->n_frame;
  step->agreement = 0;
  /* what cannot be judged yet may be, with more frames */
  step->verdict = (SaxidVerdict) { .best = -1 };
  for (guint k = 0; k < self->predictor->n_class; k++)
    probability[k] = 1.0f / (float) self->predictor->n_class;
  if (!saxid_curve_clean (curve, NULL, NULL))
    return TRUE;
  return saxid_predictor_judge (self->predictor, curve, self->scratch, &step->verdict, probability, in_set, error)
         && saxid_exposure_agreement (self->predictor, curve, self->scratch, DRAWS, exposure->n_frame, &step->agreement,
                                      error);
}

static void
note_course (Course *course, const Step *step)
{
  course->last = *step;
  if (course->changed == 0 && step->alikeness.p < DIFFERENT)
    {
      course->changed = step->n_frame;
      course->low = step->alikeness.low;
    }
  if (course->drifted == 0 && step->alikeness.p_scale < DIFFERENT)
    {
      course->drifted = step->n_frame;
      course->ratio = step->alikeness.ratio;
    }
}

/* The one line with which a run ends: what it is, whether it was enough, whether it stayed the same. */
static void
print_course (const Acquisition *self, const char *entry, const Course *course)
{
  g_autofree char *file = saxid_text_printable (self->path), *shown = saxid_text_printable (entry);
  g_autoptr (GString) said = g_string_new (NULL);
  const Step *last = &course->last;

  if (last->verdict.best < 0)
    g_string_append (said, "no class yet");
  else if (last->verdict.outlier)
    g_string_append_printf (said, "none of the classes (nearest: %s): more frames will not tell one",
                            self->predictor->class_name[last->verdict.best]);
  else
    g_string_append_printf (said, "%s, p = %.2f", self->predictor->class_name[last->verdict.best], last->verdict.confidence);
  if (course->changed > 0)
    g_string_append_printf (said, "; the sample changes: frame %" G_GSIZE_FORMAT " and those before differ in shape, %s at low q%s",
                            course->changed, course->low >= 1 ? "more" : "less",
                            course->low >= 1 ? " as by radiation damage (aggregates)" : "");
  else if (course->drifted > 0)
    g_string_append_printf (said, "; the scale drifts (by %+.1f %% at frame %" G_GSIZE_FORMAT ", beam or filling), the shape does not",
                            100 * (course->ratio - 1), course->drifted);
  else if (last->n_frame > 1)
    g_string_append (said, "; the frames are alike");
  if (course->enough > 0)
    g_string_append_printf (said, "; %" G_GSIZE_FORMAT " frames were enough", course->enough);
  else if (last->verdict.best >= 0 && !last->verdict.outlier && course->changed == 0)
    g_string_append (said, "; not settled: more frames may change it");
  g_print ("%s %s: %" G_GSIZE_FORMAT " frame%s: %s\n", file, shown, last->n_frame, last->n_frame == 1 ? "" : "s", said->str);
}

static gboolean
follow (Acquisition *self, SaxidReader *reader, guint source, GError **error)
{
  const SaxidSource *from = saxid_reader_source (reader, source);
  g_auto (SaxidExposure) exposure = { 0 };
  g_auto (SaxidAlike) alike = { 0 };
  Course course = { 0 };
  g_autofree float *probability = g_new (float, self->predictor->n_class);
  guint run = 0;
  int before = -1;

  for (gsize frame = 0; frame < from->n_frame && !saxid_interrupted (); frame++)
    {
      g_autoptr (SaxidCurve) curve = saxid_reader_curve (reader, source, frame, error);
      Step step;

      if (curve == NULL || !saxid_exposure_add (&exposure, curve, error)
          || !judge (self, &exposure, &step, probability, error))
        return FALSE;
      step.alikeness = saxid_alike_add (&alike, curve->n, curve->intensity);
      note_course (&course, &step);
      run = step.verdict.best >= 0 && step.verdict.best == before && step.agreement >= ENOUGH && !step.verdict.outlier ? run + 1 : 0;
      before = step.verdict.best;
      step.stop = run >= RUN && course.changed == 0;
      course.enough = step.stop && course.enough == 0 ? step.n_frame : course.enough;
      print_step (self, from->entry, &step, probability);
    }
  if (!self->options->json && course.last.n_frame > 0)
    print_course (self, from->entry, &course);
  return TRUE;
}

static gboolean
follow_file (Acquisition *self, const char *path, GError **error)
{
  g_autoptr (SaxidReader) reader = saxid_reader_open (path, &self->options->read, error);
  gboolean done = reader != NULL;

  self->path = path;
  for (guint s = 0; done && s < saxid_reader_source_count (reader); s++)
    done = follow (self, reader, s, error);
  if (!done)
    g_prefix_error (error, "%s: ", path);
  return done;
}

int
saxid_tag_cumulative (const SaxidCumulative *options, char *const *files)
{
  g_autofree char *path = saxid_model_path (options->model);
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidModel) model = saxid_model_load (path, &error);
  Acquisition self = { .options = options };
  int exit_code = SAXID_EXIT_OK;

  if (model == NULL || !saxid_prior_from_file (model->predictor, options->prior, &error)
      || (options->classes != NULL && !saxid_predictor_merge (model->predictor, options->classes, &error))
      || (self.scratch = saxid_scratch_new (model->predictor, &error)) == NULL)
    return saxid_verb_failed (VERB, error);
  self.predictor = model->predictor;
  for (guint k = 0; files[k] != NULL && !saxid_interrupted (); k++)
    if (!follow_file (&self, files[k], &error))
      {
        exit_code = saxid_verb_failed (VERB, error);
        g_clear_error (&error);
      }
  saxid_scratch_free (self.scratch);
  return saxid_interrupted () ? SAXID_EXIT_FAILED : exit_code;
}
