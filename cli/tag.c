/* saxid tag: which form factor does each curve of these files call for? */
#include "config.h"

#include <unistd.h>

#include "cli/atoms.h"
#include "cli/interrupt.h"
#include "cli/material-options.h"
#include "cli/module.h"
#include "cli/source-options.h"
#include "cli/tag.h"
#include "cli/tag-cumulative.h"
#include "cli/tag-frames.h"
#include "cli/tag-table.h"
#include "cli/tag-json.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"
#include "schemas/curve/reader.h"

#define VERB "tag"

typedef struct
{
  SaxidModule *module;
  struct saxid_tag_options tag;
  gboolean json;
  struct saxid_fit *fit; /* answer, where fits are wanted */
  char **files;
  gboolean many_files;
  guint n_text, n_frames; /* files into which nothing can be written */
  SaxidTagTable *table;
  SaxidProgress *progress;
  const SaxidReduceHeld *held; /* data sets that need not be read; or NULL */
  SaxidReduceOptions frames;   /* how detector frames become curves */
} Run;

/* What the first row tells decides which columns there are: sets of curves in
 * one file are told apart by their entry, frames by their number. */
static SaxidTagTable *
begin_table (const Run *run, const struct saxid_row *row)
{
  /* other files may have longer names than the first */
  const char *const entries[] = { row->entry, run->many_files ? "/sasentry_00000" : NULL, NULL };
  gboolean several = run->many_files || row->total > row->n_frame;

  return saxid_tag_table_new (&(SaxidTagTableOptions) {
    .out = stdout,
    .file = (const char *const *) run->files,
    .entry = several ? entries : NULL,
    .class_name = (const char *const *) run->module->class_name,
    .max_frame = run->many_files ? 0 : row->n_frame > 1 ? (gint64) row->n_frame - 1 : -1,
    .progress = run->progress,
  });
}

static void
show (Run *run, const char *file, const struct saxid_row *row, const struct saxid_verdict *verdict)
{
  const char *const notes[] = { row->note, NULL };
  const gboolean is_material = saxid_module_is_material (run->module, verdict);
  char atoms[SAXID_ATOMS_LINE], no_material[SAXID_MODULE_LINE];
  SaxidReportCurve curve = {
    .file = file,
    .entry = row->entry,
    .frame = row->n_frame > 1 ? (gint64) row->frame : -1,
    .status = (SaxidStatus) verdict->status,
    .reason = verdict->reason,
    .n_class = run->module->description.n_class,
    .class_name = (const char *const *) run->module->class_name,
    .probability = verdict->probability,
    .prediction_set = verdict->prediction_set,
    .confidence = (double) verdict->confidence,
    .outlier = verdict->outlier != 0,
    .outlier_score = (double) verdict->outlier_score,
    .open = is_material ? NULL : verdict->note,
    .told = is_material ? verdict->note : NULL,
    .note = row->note[0] != '\0' ? notes : NULL,
  };

  saxid_atoms_line (verdict->atoms, atoms, sizeof atoms);
  saxid_module_no_material (run->module, verdict, no_material);
  curve.told_first = no_material[0] != '\0' || atoms[0] != '\0';
  if (curve.told_first)
    curve.told = no_material[0] != '\0' ? no_material : atoms;
  if (run->json)
    {
      g_autofree char *line = saxid_tag_json_line (run->module, file, row, verdict);

      saxid_progress_hide (run->progress);
      g_print ("%s\n", line);
    }
  else
    {
      if (run->table == NULL)
        run->table = begin_table (run, row);
      saxid_tag_table_row (run->table, &curve);
    }
}

static gboolean
judge_file (Run *run, struct saxid_job *job, const char *file, GError **error)
{
  const struct saxid_plugin *table = run->module->table;
  struct saxid_error flat = { .struct_size = sizeof flat };
  struct saxid_row row = { .struct_size = sizeof row };
  g_auto (SaxidModuleVerdict) answer = { 0 };
  int32_t step;

  saxid_module_verdict_init (&answer, run->module);
  answer.verdict.fit = run->fit;
  while ((step = table->job_next (job, run->module->workspace, &row, &answer.verdict, &flat))
         != SAXID_JOB_END)
    {
      if (step < 0)
        return saxid_module_fail (&flat, error);
      if (row.frame == 0 && row.note[0] != '\0')
        {
          g_autofree char *note = g_strdup_printf ("%s (%s, %s)", row.note, file, row.data);
          g_autofree char *shown = saxid_text_printable (note);

          saxid_progress_hide (run->progress);
          g_printerr ("saxid tag: note: %s\n", shown);
        }
      if (!run->many_files && row.index == 0)
        saxid_progress_set_total (run->progress, row.total);
      show (run, file, &row, &answer.verdict);
      if (!run->many_files)
        saxid_progress_advance (run->progress, 1);
      /* the file at hand is then as it was: nothing is written before all its
       * curves are judged */
      if (saxid_interrupted ())
        return TRUE;
    }
  if (table->job_commit (job, &flat) < 0)
    return saxid_module_fail (&flat, error);
  return TRUE;
}

/* A data set that the file does not have, such as the frames of a run of one, is passed over. */
static gboolean
hand_over (const Run *run, struct saxid_job *job, GError **error)
{
  struct saxid_error flat = { .struct_size = sizeof flat };

  for (guint k = 0; run->held != NULL && k < run->held->n_set; k++)
    if (run->module->table->job_curves (job, run->held->set[k].i_path, run->held->set[k].curves, run->held->set[k].n, &flat) < 0
        && flat.code != SAXID_ERROR_NO_CURVE)
      return saxid_module_fail (&flat, error);
  return TRUE;
}

static gboolean
tag_job (Run *run, struct saxid_job *job, const char *file, GError **error)
{
  const gboolean done = hand_over (run, job, error) && judge_file (run, job, file, error);

  run->module->table->job_free (job);
  return done;
}

/* What the reduction of frames is told: where it ends is where the file of curves is gone. */
typedef struct
{
  Run *run;
  const char *file;
  GError *error;
} Frames;

static int
judge_frames (const char *reduced, const SaxidReduceHeld *held, gpointer data)
{
  Frames *frames = data;
  Run *run = frames->run;
  struct saxid_error flat = { .struct_size = sizeof flat };
  struct saxid_tag_options how = { .struct_size = sizeof how, .flags = run->tag.flags | SAXID_TAG_DRY_RUN };
  struct saxid_job *job;
  gboolean done;

  if (run->module->table->job_open (run->module->context, reduced, &how, &job, &flat) < 0)
    done = saxid_module_fail (&flat, &frames->error);
  else
    {
      run->held = held;
      done = tag_job (run, job, frames->file, &frames->error);
      run->held = NULL;
    }
  return done ? SAXID_EXIT_OK : SAXID_EXIT_FAILED;
}

/* What goes wrong is said here: that frames were found is no news any more. */
static void
tag_frames (Run *run, const char *file, int *exit_code)
{
  Frames frames = { .run = run, .file = file };
  g_autoptr (GError) error = NULL;
  int code = SAXID_EXIT_OK;

  if (!saxid_tag_frames (file, &run->frames, judge_frames, &frames, &code, &error) || frames.error != NULL)
    {
      saxid_progress_hide (run->progress);
      if (frames.error != NULL) /* it has the place in a file that is gone */
        g_prefix_error (&frames.error, "%s, reduced: ", file);
      code = saxid_verb_failed (VERB, error != NULL ? error : frames.error);
      g_clear_error (&frames.error);
    }
  else
    run->n_frames++;
  if (code != SAXID_EXIT_OK)
    *exit_code = code;
}

static gboolean
tag_file (Run *run, const char *file, int *exit_code, GError **error)
{
  struct saxid_error flat = { .struct_size = sizeof flat };
  struct saxid_tag_options how = run->tag;
  const gboolean is_text = saxid_reader_may_be_text (file);
  struct saxid_job *job;
  gboolean done = TRUE;

  how.flags |= is_text ? SAXID_TAG_DRY_RUN : 0;
  if (run->module->table->job_open (run->module->context, file, &how, &job, &flat) >= 0)
    {
      run->n_text += is_text;
      done = tag_job (run, job, file, error);
    }
  else if (flat.code != SAXID_ERROR_BUSY && saxid_tag_frames_possible (file, &run->frames))
    tag_frames (run, file, exit_code);
  else
    return saxid_module_fail (&flat, error);
  if (run->many_files)
    saxid_progress_advance (run->progress, 1);
  return done;
}

static int
tag_files (Run *run, char **files)
{
  int exit_code = SAXID_EXIT_OK;

  for (char **file = files; *file != NULL && !saxid_interrupted (); file++)
    {
      g_autoptr (GError) error = NULL;

      if (!tag_file (run, *file, &exit_code, &error))
        {
          saxid_progress_hide (run->progress);
          exit_code = saxid_verb_no_curve (VERB, *file, error);
        }
    }
  return exit_code;
}

/* Files that were judged, and could not be written into. */
static void
tell_unwritten (const Run *run, gboolean all_done)
{
  const gboolean is_dry = (run->tag.flags & SAXID_TAG_DRY_RUN) != 0;

  if (run->n_text > 0 && !is_dry)
    g_printerr ("saxid tag: note: %u of the files %s text: judged, and nothing written ('saxid import' makes NeXus of them)\n",
                run->n_text, run->n_text == 1 ? "is" : "are");
  if (run->n_frames > 0 && !is_dry)
    g_printerr ("saxid tag: note: %u of the files %s detector frames: reduced and judged, and nothing written ('saxid reduce --tag' "
                "keeps the curves)\n",
                run->n_frames, run->n_frames == 1 ? "has" : "have");
  if (all_done && run->n_frames == 0 && (run->frames.geometry != NULL || run->frames.chain != NULL))
    g_printerr ("saxid tag: note: no file has detector frames only, so --%s had nothing to do\n",
                run->frames.geometry != NULL ? "geometry" : "chain");
}

/* From the first file to the last line. */
static int
run_files (Run *run, char **files, guint n, gboolean quiet)
{
  int exit_code;

  run->files = files;
  run->many_files = n > 1;
  run->progress = saxid_progress_new (&(SaxidProgressOptions) {
    .verb = "tagging", .noun = run->many_files ? "files" : "curves", .total = run->many_files ? n : 0, .quiet = quiet,
    .fd = STDERR_FILENO });
  saxid_interrupt_watch ();

  exit_code = tag_files (run, files);
  if (run->table != NULL)
    saxid_tag_table_end (run->table);
  saxid_progress_finish (run->progress);
  tell_unwritten (run, exit_code == SAXID_EXIT_OK && !saxid_interrupted ());
  if (!saxid_interrupted ())
    return exit_code;
  g_printerr ("saxid tag: interrupted; the file at hand was left as it was\n");
  return SAXID_EXIT_FAILED;
}

int
saxid_tag_written (const SaxidTagRequest *request, char *file)
{
  char *files[] = { file, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidModule) module
    = saxid_module_open (&(SaxidModuleOptions) { .model = request->model, .classes = request->classes, .evidence = SAXID_EVIDENCE_FITS }, &error);
  Run run = { .module = module, .held = request->held, .frames = saxid_reduce_options (),
              .tag = { .struct_size = sizeof run.tag, .flags = request->seeds ? SAXID_TAG_SEEDS : 0 } };

  return module != NULL ? run_files (&run, files, 1, request->quiet) : saxid_verb_failed (VERB, error);
}

int
saxid_verb_tag (int argc, char **argv)
{
  g_autoptr (SaxidModule) module = NULL;
  g_auto (SaxidSourceOptions) source = { 0 };
  g_auto (SaxidReduceOptions) frames = saxid_reduce_options ();
  SaxidMaterialOptions material = SAXID_MATERIAL_OPTIONS_INIT;
  g_autofree char *known = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *model = NULL, *classes = NULL, *prior = NULL, *side_dir = NULL, *element = NULL;
  gboolean any_technique = FALSE, json = FALSE, dry_run = FALSE, cumulative = FALSE, seeds = FALSE, fast = FALSE, network = FALSE, side_file = FALSE, quiet = FALSE;
  int exit_code;
  const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per curve", NULL },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run, "Read and print, write nothing", NULL },
    SAXID_TAG_OPTION_ENTRIES (&seeds, &side_file),
    { "side-dir", 0, 0, G_OPTION_ARG_FILENAME, &side_dir, "Write side files under this directory", "DIR" },
    SAXID_FAST_OPTION_ENTRIES (&fast, &network),
    { "any-technique", 0, 0, G_OPTION_ARG_NONE, &any_technique, "Judge the curves of grazing frames too", NULL },
    { "cumulative", 0, 0, G_OPTION_ARG_NONE, &cumulative, "Judge the mean of the first frames, and say when to stop",
      NULL },
    SAXID_MODEL_OPTION_ENTRIES (&model, &classes, &prior),
    SAXID_ELEMENT_OPTION_ENTRY (&element),
    SAXID_MATERIAL_OPTION_ENTRIES (material),
    SAXID_SOURCE_OPTION_ENTRIES (source),
    { "geometry", 'g', 0, G_OPTION_ARG_FILENAME, &frames.geometry, "Of detector frames, a .poni file", "FILE" },
    { "chain", 0, 0, G_OPTION_ARG_FILENAME, &frames.chain, "How detector frames are reduced, a key file", "FILE" },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &quiet, "Show no progress", NULL },
    G_OPTION_ENTRY_NULL,
  };
  struct saxid_fit fit = { .struct_size = sizeof fit };
  Run run = { .tag = { .struct_size = sizeof run.tag } };

  if (!saxid_verb_parse (VERB, "FILE…",
                         "Names the form factor of every curve in NeXus/HDF5 files, and writes class, "
                         "probabilities\nand provenance into them (group saxid of each entry). Texts and canSAS XML "
                         "are judged only;\ndetector frames are reduced first.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (argc < 2)
    return saxid_verb_usage (VERB, "no file was given");
  if (!saxid_material_options_check (&material, fast || network, classes, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  known = saxid_material_options_json (&material);
  if (!saxid_source_options_apply (&source, &run.tag, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  if (!saxid_tag_frames_check (&frames, &error))
    return saxid_verb_usage (VERB, "%s", error->message);
  if (cumulative && (frames.geometry != NULL || frames.chain != NULL))
    return saxid_verb_usage (VERB, "--cumulative takes curves, and no --geometry or --chain: 'saxid reduce' makes them");
  run.tag.side_dir = side_dir;
  run.tag.flags |= (dry_run ? SAXID_TAG_DRY_RUN : 0) | (side_file ? SAXID_TAG_SIDE_FILE : 0)
                   | (seeds ? SAXID_TAG_SEEDS : 0) | (any_technique ? SAXID_TAG_ANY_TECHNIQUE : 0);
  if (cumulative)
    return saxid_tag_cumulative (&(SaxidCumulative) { .model = model, .classes = classes, .prior = prior, .json = json,
                                                      .read = { .i_path = run.tag.i_path, .q_path = run.tag.q_path,
                                                                .sigma_path = run.tag.sigma_path,
                                                                .q_unit = run.tag.q_unit,
                                                                .slit = run.tag.slit_length,
                                                                .follow_links = source.follow_links, .texts = TRUE } },
                                 argv + 1);
  module = saxid_module_open (&(SaxidModuleOptions) { model, classes, prior, known, saxid_evidence (network, fast), element }, &error);
  if (module == NULL)
    return saxid_verb_failed (VERB, error);

  run.frames = frames;
  run.frames.path = (char *) run.tag.i_path;
  run.frames.follow_links = source.follow_links;
  run.frames.technique = any_technique ? (char *) "off" : NULL;
  run.module = module;
  run.json = json;
  run.fit = seeds && json ? &fit : NULL;
  return run_files (&run, argv + 1, (guint) argc - 1, quiet);
}
