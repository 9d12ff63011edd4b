/* saxid report: what does a person want to see of the curves of a file? */
#include "config.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/material-options.h"
#include "cli/module.h"
#include "cli/plot/plot.h"
#include "cli/progress.h"
#include "cli/ranges.h"
#include "cli/report-frames.h"
#include "cli/report-page/atoms.h"
#include "cli/report-page/cakes.h"
#include "cli/report-page/examples.h"
#include "cli/report-page/explain.h"
#include "cli/report-page/fit.h"
#include "cli/report-page/material.h"
#include "cli/report-page/page.h"
#include "cli/report-page/tagged.h"
#include "cli/source-options.h"
#include "cli/stored-tags.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "models/atomic/answer.h"
#include "models/fit/guinier.h"
#include "models/parallel.h"
#include "models/materials/slice.h"
#include "reducers/error.h"
#include "reducers/repairs.h"
#include "schemas/curve/reader.h"

#define VERB "report"
#define MOST_CURVES 20000 /* a page of them is no page any more */
#define MOST_POINTS (1 << 24) /* of all curves together: they are in memory until the page is written */
#define MAX_METADATA 7
#define HC 12.3984198433 /* keV Å */
/* Curves that are explained and fitted; of a longer run, the first ones. */
#define MOST_EXPLAINED 24
#define FITS_TIME 60.0 /* s; after that no fit is begun */

/* One curve with all that the page points to. */
typedef struct
{
  char *file, *entry, *title, *dialect, *q_unit, *i_unit, *formula;
  SaxidCurve *curve;
  SaxidModuleVerdict answer;
  char no_material[SAXID_MODULE_LINE];
  char **note;
  char *value[MAX_METADATA];
  SaxidReportPair metadata[MAX_METADATA];
  gsize n_metadata;
  SaxidExplanation why;
  SaxidReportFit fit;
  SaxidReportMaterial material;
  SaxidReportAtoms atoms;
  SaxidReportExamples like;
  SaxidReportTagged tagged;
  SaxidReportCurve shown;
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->file);
  g_free (item->entry);
  g_free (item->title);
  g_free (item->dialect);
  g_free (item->q_unit);
  g_free (item->i_unit);
  saxid_curve_free (item->curve);
  saxid_module_verdict_clear (&item->answer);
  saxid_report_fit_clear (&item->fit);
  saxid_report_material_clear (&item->material);
  saxid_report_atoms_clear (&item->atoms);
  g_free (item->formula);
  saxid_report_examples_clear (&item->like);
  saxid_report_tagged_clear (&item->tagged);
  g_strfreev (item->note);
  for (gsize k = 0; k < item->n_metadata; k++)
    g_free (item->value[k]);
  g_free (item);
}

static void
add_metadata (Item *item, const char *key, char *value)
{
  g_return_if_fail (item->n_metadata < MAX_METADATA);

  item->value[item->n_metadata] = value;
  item->metadata[item->n_metadata] = (SaxidReportPair) { key, value };
  item->n_metadata++;
}

static void
describe_conditions (Item *item, const SaxidConditions *conditions)
{
  if (conditions->wavelength > 0)
    add_metadata (item, "wavelength", g_strdup_printf ("%.5g Å (photons of %.5g keV)", conditions->wavelength,
                                                       HC / conditions->wavelength));
  if (conditions->exposure > 0)
    add_metadata (item, "exposure", g_strdup_printf ("%.4g s", conditions->exposure));
}

static void
describe_curve (Item *item, const SaxidSource *source)
{
  add_metadata (item, "data", g_strdup (source->i_path));
  if (source->sample != NULL)
    add_metadata (item, "sample", g_strdup (source->sample));
  if (source->instrument != NULL)
    add_metadata (item, "instrument", g_strdup (source->instrument));
  if (source->measured != NULL)
    add_metadata (item, "measured", g_strdup (source->measured));
  if (item->curve != NULL)
    add_metadata (item, "uncertainties",
                  g_strdup (item->curve->sigma != NULL ? source->sigma_path : "none"));
}

static gboolean
judge (const SaxidModule *module, Item *item, GError **error)
{
  struct saxid_error flat = { .struct_size = sizeof flat };
  const struct saxid_curve given = saxid_module_curve (item->curve);

  if (module->table->process_curves (module->context, module->workspace, &given, 1,
                                     &item->answer.verdict, &flat)
      < 0)
    return saxid_module_fail (&flat, error);
  return TRUE;
}

static void
fill_shown (Item *item, const SaxidModule *module, const SaxidSource *source, gsize frame)
{
  const struct saxid_verdict *verdict = &item->answer.verdict;
  const gboolean is_material = saxid_module_is_material (module, verdict);

  item->formula = g_strdup (source->formula);
  saxid_module_no_material (module, verdict, item->no_material);
  item->shown = (SaxidReportCurve) {
    .file = item->file,
    .entry = item->entry,
    .frame = source->n_frame > 1 ? (gint64) frame : -1,
    .title = item->title,
    .dialect = item->dialect,
    .q_unit = item->q_unit,
    .i_unit = item->i_unit,
    .curve = item->curve,
    .status = (SaxidStatus) verdict->status,
    .reason = verdict->reason[0] != '\0' ? verdict->reason : NULL,
    .n_class = module->description.n_class,
    .class_name = (const char *const *) module->class_name,
    .probability = item->answer.probability,
    .prediction_set = item->answer.in_set,
    .confidence = (double) verdict->confidence,
    .outlier = verdict->outlier != 0,
    .outlier_score = (double) verdict->outlier_score,
    .open = is_material ? NULL : verdict->note,
    .told = is_material ? verdict->note : item->no_material,
    .family_name = module->family_name,
    .structure_name = module->structure_name,
    .family = verdict->family,
    .structure = verdict->structure,
    .model_name = module->description.model_name,
    .model_version = module->table->version,
    .model_checksum = module->description.model_sha256,
    .note = (const char *const *) item->note,
    .n_metadata = item->n_metadata,
    .metadata = item->metadata,
  };
}

static void
add_note (Item *item, const char *note)
{
  const guint n = g_strv_length (item->note);

  if (note == NULL)
    return;
  item->note = g_renew (char *, item->note, n + 2);
  item->note[n] = g_strdup (note);
  item->note[n + 1] = NULL;
}

static void
add_repairs (Item *item, const SaxidCurveRepairs *repairs, const char *doubt)
{
  g_autofree char *said = saxid_curve_repairs_say (repairs);

  add_note (item, said);
  if (repairs->peaks == 0)
    add_note (item, doubt);
}

/* record: what the file says of these curves; or NULL. */
static void
compare_tagged (Item *item, const SaxidRecord *record, gsize frame)
{
  if (record == NULL)
    return;
  saxid_report_tagged (record, frame, &item->shown, &item->tagged);
  item->shown.tagged = item->tagged.tagged;
  item->shown.seeded = item->tagged.seeded;
  item->shown.differs = item->tagged.differs;
}

/* NULL with error only when the model fails; a curve that is none is shown as
 * rejected. */
static Item *
make_item (const SaxidModule *module, SaxidReader *reader, const char *file, guint at, gsize frame,
           const SaxidConditions *conditions, GError **error)
{
  const SaxidSource *source = saxid_reader_source (reader, at);
  Item *item = g_new0 (Item, 1);
  g_autoptr (GError) unsound = NULL;
  g_autofree char *grazing = saxid_technique_no_form_factor (source->technique);
  SaxidCurveRepairs repairs = { 0 };

  item->file = g_path_get_basename (file);
  item->entry = g_strdup (source->entry);
  item->title = g_strdup (source->title);
  item->dialect = g_strdup (source->dialect);
  item->q_unit = g_strdup (source->q_unit);
  item->i_unit = g_strdup (source->i_unit);
  item->note = g_strdupv (source->notes);
  saxid_module_verdict_init (&item->answer, module);
  item->curve = saxid_reader_curve (reader, at, frame, &unsound);
  if (item->curve != NULL && !saxid_curve_clean (item->curve, &repairs, &unsound))
    g_clear_pointer (&item->curve, saxid_curve_free);
  add_repairs (item, &repairs, source->doubt);
  if (item->curve == NULL || grazing != NULL)
    {
      item->answer.verdict.status = SAXID_VERDICT_REJECTED;
      g_strlcpy (item->answer.verdict.reason, item->curve == NULL ? unsound->message : grazing, sizeof item->answer.verdict.reason);
    }
  else if (!judge (module, item, error))
    {
      item_free (item);
      return NULL;
    }
  describe_curve (item, source);
  describe_conditions (item, conditions);
  fill_shown (item, module, source, frame);
  return item;
}

/* frame < 0: all of them, which are n. */
static gboolean
add_curves (GPtrArray *items, const SaxidModule *module, SaxidReader *reader, const char *file, gint64 frame, gsize n,
            GError **error)
{
  g_autoptr (SaxidStoredTags) tags = saxid_stored_tags_read (file, NULL); /* none is nothing to be told */
  SaxidProgress *progress = saxid_progress_new (
    &(SaxidProgressOptions) { .verb = "judging", .noun = "curves", .total = n, .fd = STDERR_FILENO });
  gboolean done = TRUE;

  for (guint at = 0; done && at < saxid_reader_source_count (reader); at++)
    {
      const SaxidSource *source = saxid_reader_source (reader, at);
      const SaxidRecord *record = tags != NULL ? saxid_stored_tags_find (tags, source->i_path, source->n_frame) : NULL;
      const SaxidConditions conditions = saxid_reader_conditions (reader, at);
      gsize n_frame = source->n_frame;

      for (gsize k = frame < 0 ? 0 : (gsize) frame; done && k < n_frame && (frame < 0 || k == (gsize) frame); k++)
        {
          Item *item = make_item (module, reader, file, at, k, &conditions, error);

          done = item != NULL;
          if (done)
            {
              compare_tagged (item, record, k);
              g_ptr_array_add (items, item);
            }
          saxid_progress_advance (progress, 1);
        }
    }
  saxid_progress_finish (progress);
  return done;
}

/* frame < 0: all of them. */
static gboolean
add_file (GPtrArray *items, const SaxidModule *module, const char *file,
          const SaxidReadOptions *options, gint64 frame, GError **error)
{
  g_autoptr (SaxidReader) reader = saxid_reader_open (file, options, error);
  guint before = items->len;
  gsize n_curve = before, n_point = 0;

  if (reader == NULL)
    return FALSE;
  for (guint at = 0; at < saxid_reader_source_count (reader); at++)
    {
      const SaxidSource *source = saxid_reader_source (reader, at);
      const gsize n = frame < 0 ? source->n_frame : 1;

      n_curve += n;
      n_point += n <= MOST_CURVES ? n * source->n_q : 0; /* more is refused anyway */
    }
  for (guint k = 0; k < items->len; k++)
    n_point += ((const Item *) items->pdata[k])->curve != NULL ? ((const Item *) items->pdata[k])->curve->n : 0;
  if (n_curve > MOST_CURVES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "%" G_GSIZE_FORMAT " curves are more than the %d that a report shows; choose one with --frame (%s)",
                   n_curve, MOST_CURVES, file);
      return FALSE;
    }
  if (n_point > MOST_POINTS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "%" G_GSIZE_FORMAT " points are more than the %d that a report shows; choose one curve with --frame (%s)",
                   n_point, MOST_POINTS, file);
      return FALSE;
    }
  if (!add_curves (items, module, reader, file, frame, n_curve - before, error))
    return FALSE;
  if (items->len == before)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "frame %" G_GINT64_FORMAT " is not there (%s)", frame, file);
      return FALSE;
    }
  return TRUE;
}

/* A material takes the place of form factors. n_particle: classes before it. */
static gboolean
show_material (Item *item, const SaxidMaterialKnown *known, guint n_particle)
{
  if (item->answer.verdict.label < (int) n_particle)
    return FALSE;
  saxid_report_material (item->curve, known, &item->material);
  if (item->material.line.n == 0)
    return FALSE;
  item->shown.n_line = 1;
  item->shown.line = &item->material.line;
  item->shown.n_fit = item->material.n_pair;
  item->shown.fit = item->material.pair;
  item->shown.slice_edge = SAXID_SLICE_EDGE;
  item->shown.slice = item->material.phase;
  item->shown.slice_pixel = item->material.pixel;
  return TRUE;
}

/* Atoms answer beside whatever the class is; where the module found none, nothing is asked again. */
static void
show_atoms (Item *item, const char *element)
{
  if (item->answer.atoms.status != SAXID_ATOMS_FOUND)
    return;
  if (element == NULL && item->formula != NULL && saxid_element_find (item->formula) != NULL)
    element = item->formula;
  saxid_report_atoms (item->curve, element, TRUE, &item->atoms);
  item->shown.atoms = &item->atoms;
}

typedef struct
{
  GPtrArray *items;
  const SaxidModel *model;
  gint64 until; /* µs, monotonic: no fit begins later */
} Fitting;

/* What carried the label (quick: a module that asks the network alone), what of the training is
 * like the curve, and the fits that go with it. model: NULL, the first only. */
static gboolean
explain (Item *item, const SaxidModule *quick, const SaxidModel *model, GError **error)
{
  if (!saxid_explain (quick, item->curve, item->answer.verdict.label, &item->why, error))
    return FALSE;
  item->shown.n_band = SAXID_EXPLAIN_BANDS;
  item->shown.band_q = item->why.q;
  item->shown.band_weight = item->why.weight;
  if (model == NULL)
    return TRUE;
  if (!saxid_report_examples_find (model->predictor, item->curve, &item->like, error))
    return FALSE;
  item->shown.n_example = item->like.n;
  item->shown.example = item->like.panel;
  item->shown.example_near = item->like.near;
  item->shown.example_far = item->like.far;
  return TRUE;
}

/* The fits of one item are nobody else's. */
static gboolean
fit_one (gsize at, gpointer scratch G_GNUC_UNUSED, gpointer data)
{
  const Fitting *fitting = data;
  Item *item = fitting->items->pdata[at];

  if (item->shown.n_band > 0 && g_get_monotonic_time () >= fitting->until)
    item->shown.unfitted = TRUE;
  else if (item->shown.n_band > 0)
    saxid_report_fit (fitting->model, item->curve, item->answer.probability, &item->fit);
  return TRUE;
}

/* On all processors: a fit takes seconds, and only what is explained has any. */
static void
fit_all (GPtrArray *items, const SaxidModel *model, guint n, double seconds)
{
  Fitting fitting = { items, model, g_get_monotonic_time () + (gint64) (1e6 * seconds) };
  guint unfitted = 0;

  if (model == NULL || model->atlas == NULL)
    return;
  saxid_parallel (&(SaxidParallel) { .name = "fits", .threads = g_get_num_processors (), .piece = fit_one, .data = &fitting }, n);
  for (guint k = 0; k < n; k++)
    {
      Item *item = items->pdata[k];

      unfitted += item->shown.unfitted;
      if (item->fit.n_line == 0)
        continue;
      item->shown.n_line = item->fit.n_line;
      item->shown.line = item->fit.line;
      item->shown.n_fit = item->fit.n_pair;
      item->shown.fit = item->fit.pair;
    }
  if (unfitted > 0)
    g_printerr ("saxid " VERB ": note: %u curve%s without fits, as %g s were over (--time-limit)\n", unfitted,
                unfitted == 1 ? " is shown" : "s are shown", seconds);
}

static gboolean
look_closer (GPtrArray *items, const SaxidModule *quick, const SaxidModel *model, const SaxidMaterialKnown *known, const char *element,
             double seconds, GError **error)
{
  const guint n = MIN (items->len, MOST_EXPLAINED);
  SaxidProgress *progress = saxid_progress_new (
    &(SaxidProgressOptions) { .verb = "explaining", .noun = "curves", .total = n, .fd = STDERR_FILENO });
  gboolean done = TRUE;

  for (guint k = 0; done && k < n; k++)
    {
      Item *item = items->pdata[k];

      if (item->curve != NULL && item->answer.verdict.status == SAXID_VERDICT_OK
          && !show_material (item, known, quick->description.n_class))
        done = explain (item, quick, model, error);
      if (item->curve != NULL)
        show_atoms (item, element);
      saxid_progress_advance (progress, 1);
    }
  if (done)
    fit_all (items, model, n, seconds);
  saxid_progress_finish (progress);
  return done;
}

/* What goes on the page. */
typedef struct
{
  GPtrArray *items, *cakes;
  SaxidReportFrames *frames;
} Shown;

static gboolean
write_page (const Shown *shown, const char *title, const char *output, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H:%M");
  g_autofree SaxidReportCurve *curves = g_new (SaxidReportCurve, shown->items->len);
  SaxidReportPage page = { .heading = title, .date = date, .program_version = PACKAGE_VERSION,
                           .n_curve = shown->items->len, .curve = curves,
                           .n_cake = shown->cakes->len, .cake = (const SaxidReportCake *const *) shown->cakes->pdata };

  page.n_frame = saxid_report_frames_cards (shown->frames, &page.frame);
  for (guint k = 0; k < shown->items->len; k++)
    curves[k] = ((Item *) shown->items->pdata[k])->shown;
  return saxid_report_page_write (&page, output, error);
}

static gboolean
write_plot (GPtrArray *items, const char *output, GError **error)
{
  const Item *item = items->pdata[0];
  SaxidCanvasFormat format;
  SaxidGuinier guinier;
  g_autoptr (GBytes) drawing = NULL;
  g_autofree char *title = NULL;
  g_autofree char *headline = saxid_report_curve_headline (&item->shown);

  if (!saxid_plot_format (output, &format, error))
    return FALSE;
  if (item->curve == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "%s (%s, %s)", item->answer.verdict.reason,
                   item->file, item->entry);
      return FALSE;
    }
  title = g_strdup_printf ("%s: %s", item->file, headline);
  saxid_guinier_fit (item->curve, &guinier);
  drawing = saxid_plot_curve (&(SaxidCurvePlot) { .title = title, .curve = item->curve,
                                                  .intensity_unit = item->i_unit,
                                                  .n_line = item->shown.n_line, .line = item->shown.line,
                                                  .residuals = item->shown.n_line > 0,
                                                  .n_band = item->shown.n_band, .band_q = item->shown.band_q,
                                                  .band_weight = item->shown.band_weight,
                                                  .guinier = item->shown.n_line > 0 ? NULL : &guinier },
                              format);
  return saxid_plot_save (drawing, output, error);
}

static gboolean
check_ranges (const double *seconds, const gint64 *frame, int *exit_code)
{
  const SaxidOptionRange ranges[] = { { "--time-limit", SAXID_RANGE_ABOVE, seconds, 0, 1e6 },
                                      { "--frame", SAXID_RANGE_INT64, frame, 0, G_MAXINT64 } }; /* last: it may be unsaid, -1 */

  return saxid_ranges_check (VERB, G_N_ELEMENTS (ranges) - (*frame == -1), ranges, exit_code);
}

/* Over azimuth and radius, of the first file that has it. */
static gboolean
write_cake (const GPtrArray *cakes, const char *output, GError **error)
{
  SaxidCanvasFormat format;
  g_autoptr (GBytes) drawing = NULL;

  if (!saxid_plot_format (output, &format, error))
    return FALSE;
  drawing = saxid_report_cake_draw (cakes->pdata[0], format);
  if (drawing != NULL)
    return saxid_plot_save (drawing, output, error);
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_DATA, "cake has no intensity above 0, nothing can be drawn");
  return FALSE;
}

/* A page has all that is shown, a plot the first curve, or else the first cake. */
static gboolean
write_all (const Shown *shown, const char *title, const char *output, gboolean page, GError **error)
{
  const gsize n_frame = saxid_report_frames_cards (shown->frames, &(const SaxidReportFrame *) { NULL });

  if (page)
    return shown->items->len + shown->cakes->len + n_frame == 0 || write_page (shown, title, output, error);
  if (shown->items->len > 0)
    return write_plot (shown->items, output, error);
  if (shown->cakes->len > 0)
    return write_cake (shown->cakes, output, error);
  if (n_frame == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "frames are shown on a page alone (-o REPORT.html), '%s' is a plot", output);
  return FALSE;
}

/* Curves of wide angles are none that a model knows: what the file has beside them is shown all
 * the same. FALSE: something else is wrong. */
static gboolean
say_only_cake (const char *file, const GError *error)
{
  g_autofree char *name = saxid_text_printable (file);

  if (error->code != SAXID_ERROR_NO_CURVE)
    return FALSE;
  g_printerr ("saxid " VERB ": note: no curve of small angles is in it, what it has over azimuths is shown (%s)\n", name);
  return TRUE;
}

/* A file without any costs a line only where they are asked for. */
static gboolean
add_cake (GPtrArray *cakes, const char *file, const SaxidReadOptions *options, gint64 frame, GError **error)
{
  SaxidReportCake *cake = saxid_report_cake_read (file, options->follow_links, frame, error);

  if (cake != NULL)
    g_ptr_array_add (cakes, cake);
  return cake != NULL;
}

/* Curves, what a file has over azimuths, or detector frames. *exit_code changes where there is none. */
static void
add_any (const Shown *shown, const SaxidModule *module, const char *file, const SaxidReadOptions *options, gint64 frame, gboolean page,
         int *exit_code)
{
  g_autoptr (GError) no_curve = NULL, no_frame = NULL;
  const gboolean has_curves = add_file (shown->items, module, file, options, frame, &no_curve);
  const gboolean has_cake = (page || !has_curves) && add_cake (shown->cakes, file, options, frame, NULL);

  if (has_curves)
    saxid_report_frames_add_asked (shown->frames, file);
  else if (has_cake && say_only_cake (file, no_curve))
    return;
  else if (!saxid_report_frames_are (file))
    *exit_code = saxid_verb_no_curve (VERB, file, no_curve);
  else if (!saxid_report_frames_add (shown->frames, file, frame, &no_frame))
    *exit_code = saxid_verb_failed (VERB, no_frame);
}

static int
report_cakes (char **files, const SaxidReadOptions *options, gint64 frame, const Shown *shown, const char *title, const char *output,
              gboolean page)
{
  int exit_code = SAXID_EXIT_OK;

  for (char **file = files; *file != NULL; file++)
    {
      g_autoptr (GError) error = NULL;

      if (!add_cake (shown->cakes, *file, options, frame, &error))
        exit_code = saxid_verb_failed (VERB, error);
    }
  if (shown->cakes->len > 0)
    {
      g_autoptr (GError) error = NULL;

      if (!write_all (shown, title, output, page, &error))
        exit_code = saxid_verb_failed (VERB, error);
    }
  return exit_code;
}

int
saxid_verb_report (int argc, char **argv)
{
  g_autoptr (SaxidModule) module = NULL, quick = NULL;
  g_auto (SaxidSourceOptions) source = { 0 };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *model = NULL, *classes = NULL, *prior = NULL, *output = NULL, *title = NULL, *like = NULL;
  g_autoptr (SaxidReportFrames) frames = NULL;
  g_autoptr (SaxidModel) fitting = NULL;
  struct saxid_tag_options paths = { .struct_size = sizeof paths };
  SaxidReadOptions read;
  gint64 frame = -1; /* all */
  double seconds = FITS_TIME;
  gboolean fast = FALSE, network = FALSE, only_cakes = FALSE;
  g_autoptr (GPtrArray) cakes = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_report_cake_free);
  SaxidMaterialOptions told = SAXID_MATERIAL_OPTIONS_INIT;
  g_autofree char *material = NULL, *element = NULL;
  int exit_code;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Page (.html) or plot (.png, .svg)", "FILE" },
    { "frame", 'f', 0, G_OPTION_ARG_INT64, &frame, "Only this frame, from 0", "N" },
    { "like", 0, 0, G_OPTION_ARG_FILENAME, &like, "Show the frames there, or of a ledger of sort, that look most like each frame", "DIR|LEDGER" },
    { "title", 't', 0, G_OPTION_ARG_STRING, &title, "Heading of the page", "TEXT" },
    { "cake", 0, 0, G_OPTION_ARG_NONE, &only_cakes, "Only the intensity over azimuth and radius, no curves", NULL },
    SAXID_MODEL_OPTION_ENTRIES (&model, &classes, &prior),
    { "time-limit", 0, 0, G_OPTION_ARG_DOUBLE, &seconds, "For the fits of all curves, in seconds (60)", "S" },
    SAXID_FAST_OPTION_ENTRIES (&fast, &network),
    SAXID_ELEMENT_OPTION_ENTRY (&element),
    SAXID_MATERIAL_OPTION_ENTRIES (told),
    SAXID_SOURCE_OPTION_ENTRIES (source),
    G_OPTION_ENTRY_NULL,
  };
  SaxidMaterialKnown known;
  gboolean page, done = TRUE;
  Shown shown;

  if (!saxid_verb_parse (VERB, "FILE… -o REPORT.html|PLOT.png|PLOT.svg",
                         "Draws curves with what the model says of them: one page for all of them, or a "
                         "plot of\nthe first. Of detector frames the page shows which technique they are of, and why. The files are not changed.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (argc < 2)
    return saxid_verb_usage (VERB, "no file was given");
  if (output == NULL)
    return saxid_verb_usage (VERB, "no output file was given (-o REPORT.html)");
  if (!check_ranges (&seconds, &frame, &exit_code))
    return exit_code;
  if (!saxid_material_options_check (&told, fast || network, classes, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  known = (SaxidMaterialKnown) { told.porosity, told.contrast, told.density, told.per_density };
  material = saxid_material_options_json (&told);
  if (!saxid_source_options_apply (&source, &paths, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  page = g_str_has_suffix (output, ".html");
  if (!page && !saxid_plot_format (output, &(SaxidCanvasFormat) { 0 }, NULL))
    return saxid_verb_usage (VERB, "output '%s' ends in none of .html, .png, .svg", output);

  read = (SaxidReadOptions) { .i_path = paths.i_path, .q_path = paths.q_path,
                              .sigma_path = paths.sigma_path, .q_unit = paths.q_unit, .slit = paths.slit_length,
                              .follow_links = source.follow_links, .texts = TRUE };
  frames = saxid_report_frames_new (like);
  shown = (Shown) { items, cakes, frames };
  if (only_cakes)
    return report_cakes (argv + 1, &read, frame, &shown, title, output, page);
  module = saxid_module_open (&(SaxidModuleOptions) { model, classes, prior, material, saxid_evidence (network, fast), element }, &error);
  if (module != NULL)
    quick = saxid_module_open (&(SaxidModuleOptions) { model, classes, prior, NULL, SAXID_EVIDENCE_NONE, NULL }, &error);
  if (module == NULL || quick == NULL)
    return saxid_verb_failed (VERB, error);
  exit_code = SAXID_EXIT_OK;
  for (int k = 1; k < argc; k++)
    add_any (&shown, module, argv[k], &read, frame, page, &exit_code);
  if (classes == NULL || strcmp (classes, "all") == 0) /* fits are of the model's own classes */
    {
      g_autofree char *path = saxid_model_path (model);

      fitting = saxid_model_load (path, &error);
      done = fitting != NULL;
    }
  if (items->len > 0 && done)
    done = look_closer (items, quick, fitting, &known, element, seconds, &error);
  done = done && write_all (&shown, title, output, page, &error);
  return done ? exit_code : saxid_verb_failed (VERB, error);
}
