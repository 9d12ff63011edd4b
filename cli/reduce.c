/* saxid reduce: detector frames in, curves out. */
#include "config.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/module.h"
#include "cli/reduce/job.h"
#include "cli/reduce/result.h"
#include "cli/reduce/steps.h"
#include "cli/reduce/technique.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/error.h"

#define VERB "reduce"

/* "GEOMETRY=FRAMES": another detector, or another position of this one. */
static gboolean
merge_other (SaxidReduceResult *result, const char *text, GError **error)
{
  const char *frames = strrchr (text, '=');
  g_autofree char *geometry = frames != NULL ? g_strndup (text, (gsize) (frames - text)) : NULL;
  g_autoptr (SaxidFrameFile) file = NULL;
  g_autoptr (SaxidChainPlan) plan = NULL;
  g_autoptr (SaxidReduceResult) other = NULL;
  SaxidReduceJob job = { 0 };
  gboolean done;

  if (frames == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--also is '%s', GEOMETRY=FRAMES is needed", text);
      return FALSE;
    }
  if (!saxid_reduce_job_other (result->job, geometry, &job, error))
    return FALSE;
  file = saxid_frame_file_open (frames + 1, &job.frame_options, error);
  job.technique = (SaxidCurveTechnique) { .told = result->job->technique.told, .off = result->job->technique.off,
                                          .blind = result->job->technique.blind, .of_curve = SAXID_TECHNIQUE_UNKNOWN };
  done = file != NULL && saxid_reduce_job_prepare (&job, file, error) && saxid_reduce_technique_check (&job, file, error)
         && (plan = saxid_chain_prepare (job.chain, &job.input, error)) != NULL;
  if (done)
    {
      other = saxid_reduce_result_new (&job, plan, result->progress);
      done = saxid_reduce_result_add (other, file, error) && saxid_reduce_result_merge (result, other, error);
      g_clear_pointer (&other, saxid_reduce_result_free);
    }
  g_clear_pointer (&plan, saxid_chain_plan_free);
  saxid_reduce_job_clear (&job);
  return done;
}

/* Files of another technique than the others cost a line each; a run of nothing else is an error. */
static gboolean
leaves_out (SaxidReduceJob *job, SaxidReduceResult *result, SaxidFrameFile *file)
{
  GError *cause = NULL;

  if (saxid_reduce_technique_check (job, file, &cause))
    return FALSE;
  saxid_reduce_result_leave_out (result, cause);
  return TRUE;
}

static gboolean
reduce_all (SaxidReduceJob *job, SaxidReduceResult *result, SaxidFrameFile *first, char **paths, GError **error)
{
  for (guint left = g_strv_length (paths); *paths != NULL; paths++, left--)
    {
      g_autoptr (SaxidFrameFile) later = NULL;
      SaxidFrameFile *file = first;

      first = NULL;
      if (file == NULL)
        file = later = saxid_frame_file_open (*paths, &result->job->frame_options, error);
      if (file == NULL)
        return FALSE;
      if (leaves_out (job, result, file))
        continue;
      /* the files to come are taken to be like this one */
      saxid_progress_set_total (result->progress,
                                result->source->len + left * saxid_frame_file_info (file)->n_frame);
      if (!saxid_reduce_result_add (result, file, error))
        return FALSE;
    }
  for (char **also = result->job->options.also; also != NULL && *also != NULL; also++)
    if (!merge_other (result, *also, error))
      return FALSE;
  return saxid_reduce_result_end (result, error);
}

/* *failed: frames that could not be read beside others that could. */
static gboolean
reduce (SaxidReduceJob *job, char **paths, guint *failed, GError **error)
{
  g_autoptr (SaxidFrameFile) first = NULL, variances = NULL;
  g_autoptr (SaxidChainPlan) plan = NULL;
  g_autoptr (SaxidReduceResult) result = NULL;
  SaxidProgress *progress;
  gboolean done;

  if (!saxid_reduce_job_begin (job, error))
    return FALSE;
  first = saxid_frame_file_open (paths[0], &job->frame_options, error);
  if (first == NULL || !saxid_reduce_job_prepare (job, first, error))
    return FALSE;
  if (job->options.variance != NULL
      && ((variances = saxid_frame_file_open (job->options.variance, &job->frame_options, error)) == NULL
          || !saxid_reduce_job_check (job, variances, error)))
    return FALSE;
  plan = saxid_chain_prepare (job->chain, &job->input, error);
  if (plan == NULL)
    {
      if (error != NULL && (*error)->code == SAXID_ERROR_DATA) /* of geometry and range together */
        saxid_error_add_place (error, "%s", job->geometry_source);
      return FALSE;
    }
  progress = saxid_progress_new (&(SaxidProgressOptions) {
      .verb = "reducing", .noun = "frames", .quiet = job->options.quiet, .fd = STDERR_FILENO });
  result = saxid_reduce_result_new (job, plan, progress);
  result->variances = variances;
  done = reduce_all (job, result, first, paths, error)
         && saxid_reduce_result_write (result, saxid_frame_file_info (first), error);
  saxid_progress_finish (progress);
  if (done)
    saxid_reduce_result_say (result);
  *failed = result->failed;
  return done;
}

/* The module judges what was written, as it would any file. */
static int
tag_output (const SaxidReduceOptions *options)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  const struct
  {
    gboolean given;
    const char *option, *value;
  } all[] = {
    { TRUE, "tag", NULL },
    { options->quiet, "--quiet", NULL },
    { options->model != NULL, "--model", options->model },
    { options->classes != NULL, "--classes", options->classes },
    { options->seeds, "--seeds", NULL },
    { TRUE, options->output, NULL },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (all); k++)
    {
      if (!all[k].given)
        continue;
      g_ptr_array_add (words, (gpointer) all[k].option);
      if (all[k].value != NULL)
        g_ptr_array_add (words, (gpointer) all[k].value);
    }
  g_ptr_array_add (words, NULL);
  return saxid_verb_tag ((int) words->len - 1, (char **) words->pdata);
}

static gboolean
check_output (const SaxidReduceOptions *options, char **paths, GError **error)
{
  char *const others[] = { options->geometry, options->chain, options->mask,      options->dark,
                           options->flat,     options->background, options->variance };

  return saxid_verb_check_output (options->output, g_strv_length (paths), paths, error)
         && saxid_verb_check_output (options->output, G_N_ELEMENTS (others), others, error);
}

/* What --tag will ask is known to be there before the frames are read. */
static gboolean
check_model (const SaxidReduceOptions *options, GError **error)
{
  g_autoptr (SaxidModule) module = NULL;

  if (!options->tag)
    return TRUE;
  module = saxid_module_open (&(SaxidModuleOptions) { .model = options->model, .classes = options->classes }, error);
  return module != NULL;
}

static int
run_job (SaxidReduceJob *job, char **paths)
{
  const SaxidReduceOptions *options = &job->options;
  g_autoptr (GError) error = NULL;
  guint failed = 0;
  int exit_code;

  if (!options->tag && (options->model != NULL || options->classes != NULL || options->seeds))
    return saxid_verb_usage (VERB, "--model, --classes and --seeds are for --tag, which is not given");
  if (check_output (options, paths, &error) && check_model (options, &error) && reduce (job, paths, &failed, &error))
    {
      exit_code = options->tag ? tag_output (options) : SAXID_EXIT_OK;
      return failed > 0 ? SAXID_EXIT_FAILED : exit_code;
    }
  if (error->code == SAXID_ERROR_ARGUMENT)
    return saxid_verb_usage (VERB, "%s", error->message);
  return saxid_verb_failed (VERB, error);
}

int
saxid_verb_reduce (int argc, char **argv)
{
  SaxidReduceJob job = { .options = saxid_reduce_options () };
  SaxidReduceOptions *options = &job.options;
  g_auto (GStrv) paths = NULL;
  int exit_code = SAXID_EXIT_USAGE;
  const GOptionEntry entries[] = {
    { "geometry", 'g', 0, G_OPTION_ARG_FILENAME, &options->geometry, "Geometry, a .poni file", "FILE" },
    { "also", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->also,
      "Frames of another detector or position, merged into the curve of all", "GEOMETRY=FRAMES" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Where the curves go", "FILE" },
    { "chain", 'c', 0, G_OPTION_ARG_FILENAME, &options->chain, "Steps and parameters, a key file",
      "FILE" },
    { "detector", 0, 0, G_OPTION_ARG_STRING, &options->detector, "Its name, for its pixels and gaps", "NAME" },
    { "mask", 'm', 0, G_OPTION_ARG_FILENAME, &options->mask, "Image of what is bad: not 0", "FILE" },
    { "dark", 'd', 0, G_OPTION_ARG_FILENAME, &options->dark, "Dark frame, or several: their mean",
      "FILE" },
    { "dark-scale", 0, 0, G_OPTION_ARG_DOUBLE, &options->dark_scale,
      "Exposure of a frame over the dark's", "F" },
    { "flat", 'f', 0, G_OPTION_ARG_FILENAME, &options->flat,
      "Flat field, or 'file' for the detector's own", "FILE" },
    { "background", 'b', 0, G_OPTION_ARG_FILENAME, &options->background, "Frames of the background, or its curve",
      "FILE" },
    { "background-factor", 0, 0, G_OPTION_ARG_DOUBLE, &options->background_factor,
      "Its share in the sample", "F" },
    { "background-monitor", 0, 0, G_OPTION_ARG_STRING, &options->background_monitor, "Its monitor",
      "V" },
    { "background-transmission", 0, 0, G_OPTION_ARG_DOUBLE, &options->background_transmission,
      "Its transmission", "T" },
    { "bins", 'n', 0, G_OPTION_ARG_INT, &options->bins,
      "Points of a curve; 0 = as many as pixels along it", "N" },
    { "unit", 'u', 0, G_OPTION_ARG_STRING, &options->unit,
      "A^-1 (default), nm^-1, 2th_deg, 2th_rad, r_mm or r_m", "UNIT" },
    { "q-min", 0, 0, G_OPTION_ARG_DOUBLE, &options->radial_min, "Where the curve starts, in UNIT", "Q" },
    { "q-max", 0, 0, G_OPTION_ARG_DOUBLE, &options->radial_max, "Where it ends, in UNIT", "Q" },
    { "spacing", 0, 0, G_OPTION_ARG_STRING, &options->spacing, "Of points: linear (default) or log", "KIND" },
    { "splitting", 's', 0, G_OPTION_ARG_STRING, &options->splitting,
      "Of pixels among points: none (default), bbox or full", "KIND" },
    { "pyfai-ends", 0, 0, G_OPTION_ARG_NONE, &options->pyfai,
      "What hangs over the ends of the range counts as in pyFAI", NULL },
    { "sector", 0, 0, G_OPTION_ARG_STRING, &options->sector, "Azimuths in degrees, over ±180 too", "FROM,TO" },
    { "sectors", 0, 0, G_OPTION_ARG_INT, &options->sectors, "So many curves, each of its part of the azimuths", "N" },
    { "cake", 0, 0, G_OPTION_ARG_INT, &options->cake, "Also the intensity over azimuth and q, of N azimuths", "N" },
    { "errors", 'e', 0, G_OPTION_ARG_STRING, &options->errors,
      "poisson (default), pyfai, azimuthal, variance or none", "MODEL" },
    { "variance", 0, 0, G_OPTION_ARG_FILENAME, &options->variance, "Frames of the variance of each pixel", "FILE" },
    { "clip", 0, 0, G_OPTION_ARG_DOUBLE, &options->clip, "Drop pixels farther than S sigma from their median", "S" },
    { "absorption", 0, 0, G_OPTION_ARG_DOUBLE, &options->absorption, "Transmission of the sensor at normal incidence", "T" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs, "Threads; 0 (default) = one for each processor", "N" },
    { "polarisation", 'p', 0, G_OPTION_ARG_DOUBLE, &options->polarisation,
      "Factor, -1 to 1: synchrotrons 0.95", "F" },
    { "monitor", 0, 0, G_OPTION_ARG_STRING, &options->monitor,
      "Incoming beam, or 'file' for the file's own", "V" },
    { "transmission", 't', 0, G_OPTION_ARG_DOUBLE, &options->transmission, "Of the sample, up to 1",
      "T" },
    { "thickness", 0, 0, G_OPTION_ARG_DOUBLE, &options->thickness, "Of the sample in cm", "D" },
    { "calibration", 0, 0, G_OPTION_ARG_DOUBLE, &options->calibration, "Factor to 1/cm", "F" },
    { "standard", 0, 0, G_OPTION_ARG_FILENAME, &options->standard,
      "The factor, from a curve of glassy-carbon or water", "NAME=FILE" },
    { "path", 0, 0, G_OPTION_ARG_STRING, &options->path, "Of the images inside an HDF5 file", "PATH" },
    { "follow-links", 0, 0, G_OPTION_ARG_NONE, &options->follow_links,
      "Read images that lie in other files", NULL },
    { "technique", 0, 0, G_OPTION_ARG_STRING, &options->technique,
      "Of the frames: auto (default), saxs, waxs, gisaxs, giwaxs, or off", "NAME" },
    { "steps", 0, 0, G_OPTION_ARG_NONE, &options->steps, "Print the table of steps, and do nothing else", NULL },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &options->model, "With --tag: the model to ask", "NAME|FILE" },
    { "classes", 0, 0, G_OPTION_ARG_STRING, &options->classes, "With --tag: all or nine", "SET" },
    { "seeds", 0, 0, G_OPTION_ARG_NONE, &options->seeds, "With --tag: fit, and write the fits too", NULL },
    { "tag", 0, 0, G_OPTION_ARG_NONE, &options->tag, "Then tag the curves, as saxid tag does", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Say nothing of what went well", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "RAW…",
                         "Reduces detector frames (NeXus, TIFF, MarCCD, CBF, EDF, SMV) to curves with error bars.",
                         entries, &argc, &argv, &exit_code))
    ;
  else if (options->steps)
    exit_code = saxid_reduce_steps_print ();
  else if (paths == NULL || paths[0] == NULL)
    exit_code = saxid_verb_usage (VERB, "no frame is given");
  else if (options->output == NULL)
    exit_code = saxid_verb_usage (VERB, "no output is given, --output FILE is needed");
  else
    exit_code = run_job (&job, paths);
  saxid_reduce_job_clear (&job);
  return exit_code;
}
