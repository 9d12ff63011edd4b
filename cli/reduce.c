/* saxid reduce: detector frames in, curves out. */
#include "config.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "reducers/chain.h"
#include "reducers/error.h"
#include "reducers/mask.h"
#include "schemas/curve/reader.h"
#include "schemas/curve/reduced-file.h"
#include "schemas/disk/door.h"
#include "schemas/frame/file.h"
#include "schemas/frame/poni.h"
#include "schemas/text/file.h"

#define VERB "reduce"
#define MOST_POINTS (1 << 27) /* of all curves: some 4 GB with their errors */
#define OWN "file" /* takes a value or a plane from the frames' own file */
#define MAX_CHAIN (1 << 20)

/* As the command line has it; NaN and NULL = not given. */
typedef struct
{
  char *geometry, *output, *chain, *mask, *dark, *flat, *background, *path, *unit;
  char *monitor, *background_monitor;
  double polarisation, transmission, background_transmission, thickness, calibration;
  double q_min, q_max, dark_scale, background_factor;
  int bins;
  gboolean follow_links, quiet, tag;
} Options;

/* What a run of frames is reduced with. */
typedef struct
{
  Options options;
  SaxidFrameOptions frame_options;
  SaxidQUnit q_unit;
  SaxidChain *chain;
  SaxidGeometry geometry;
  const char *geometry_source, *mask_source, *flat_source;
  SaxidGeometryMap *map;
  guint8 *mask;
  float *dark, *flat;
  SaxidCurve *background;
  SaxidReducerInput input;
  gsize height, width;
  SaxidProgress *progress; /* of the frames of the sample, or NULL */
} Job;

/* What comes out of it. */
typedef struct
{
  GPtrArray *frame;     /* of SaxidCurve */
  GPtrArray *source;    /* of char, borrowed */
  GArray *source_frame; /* of gsize */
  GArray *monitor;      /* of double */
  SaxidSums *sums;      /* of all frames */
  SaxidCurve *merged;
} Result;

static void
clear_job (Job *job)
{
  Options *options = &job->options;

  saxid_chain_free (job->chain);
  saxid_geometry_map_free (job->map);
  saxid_curve_free (job->background);
  g_free (job->mask);
  g_free (job->dark);
  g_free (job->flat);
  for (char **text = &options->geometry; text <= &options->background_monitor; text++)
    g_free (*text);
}

static void
clear_result (Result *result)
{
  g_clear_pointer (&result->frame, g_ptr_array_unref);
  g_clear_pointer (&result->source, g_ptr_array_unref);
  g_clear_pointer (&result->source_frame, g_array_unref);
  g_clear_pointer (&result->monitor, g_array_unref);
  saxid_sums_free (result->sums);
  saxid_curve_free (result->merged);
}

/* ---- options -------------------------------------------------------------- */

static gboolean
parse_double (const char *text, const char *what, double *value, GError **error)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*value))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "%s is '%s', a number is needed", what, text);
  return FALSE;
}

static gboolean
choose_unit (Job *job, GError **error)
{
  static const struct
  {
    const char *name;
    SaxidQUnit unit;
  } names[] = {
    { "A^-1", SAXID_Q_PER_ANGSTROM },       { "1/A", SAXID_Q_PER_ANGSTROM },
    { "1/angstrom", SAXID_Q_PER_ANGSTROM }, { "q_A^-1", SAXID_Q_PER_ANGSTROM },
    { "nm^-1", SAXID_Q_PER_NANOMETRE },     { "1/nm", SAXID_Q_PER_NANOMETRE },
    { "q_nm^-1", SAXID_Q_PER_NANOMETRE },
  };

  job->q_unit = SAXID_Q_PER_ANGSTROM;
  if (job->options.unit == NULL)
    return TRUE;
  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    if (strcmp (job->options.unit, names[k].name) == 0)
      {
        job->q_unit = names[k].unit;
        return TRUE;
      }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--unit is '%s', A^-1 or nm^-1 is possible",
               job->options.unit);
  return FALSE;
}

static gboolean
load_chain (Job *job, GError **error)
{
  g_autofree char *text = NULL;
  gsize n;

  if (job->options.chain == NULL)
    {
      job->chain = saxid_chain_new ();
      return TRUE;
    }
  if (!saxid_door_read (job->options.chain, MAX_CHAIN, &text, &n, error))
    {
      g_prefix_error (error, "chain: ");
      saxid_error_add_place (error, "%s", job->options.chain);
      return FALSE;
    }
  if (strlen (text) != n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "chain is no text (%s)", job->options.chain);
      return FALSE;
    }
  job->chain = saxid_chain_parse (text, job->options.chain, error);
  return job->chain != NULL;
}

/* Options go over the key file: what is given by hand is what is meant. */
static gboolean
apply_options (Job *job, GError **error)
{
  const Options *options = &job->options;
  double factor = saxid_q_unit_factor (job->q_unit), monitor = 0;
  const struct
  {
    gboolean given;
    const char *reducer, *parameter;
    double value;
  } settings[] = {
    { options->bins != -1, "integrate", "bins", options->bins },
    { !isnan (options->q_min), "integrate", "q-min", options->q_min / factor },
    { !isnan (options->q_max), "integrate", "q-max", options->q_max / factor },
    { !isnan (options->polarisation), "polarisation", "factor", options->polarisation },
    { !isnan (options->transmission), "transmission", "value", options->transmission },
    { !isnan (options->thickness), "thickness", "value", options->thickness },
    { !isnan (options->calibration), "calibration", "factor", options->calibration },
    { !isnan (options->dark_scale), "dark", "scale", options->dark_scale },
    { !isnan (options->background_factor), "background", "factor", options->background_factor },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (settings); k++)
    if (settings[k].given
        && !saxid_chain_set (job->chain, settings[k].reducer, settings[k].parameter, settings[k].value,
                             error))
      return FALSE;
  if (options->monitor != NULL)
    {
      if (strcmp (options->monitor, OWN) != 0
          && !parse_double (options->monitor, "--monitor", &monitor, error))
        return FALSE;
      if (!saxid_chain_set (job->chain, "monitor", "value", monitor, error))
        return FALSE;
    }
  if ((options->dark != NULL && !saxid_chain_add (job->chain, "dark", error))
      || (options->flat != NULL && !saxid_chain_add (job->chain, "flat", error))
      || (options->background != NULL && !saxid_chain_add (job->chain, "background", error))
      || (options->mask != NULL && !saxid_chain_add (job->chain, "mask", error)))
    return FALSE;
  return TRUE;
}

/* ---- what goes with the frames -------------------------------------------- */

/* The mean of all frames of a file, which must have the shape of the job. */
static float *
load_mean (const Job *job, const char *path, gsize *n_frame, GError **error)
{
  g_autoptr (SaxidFrameFile) file = saxid_frame_file_open (path, &job->frame_options, error);
  g_autofree float *frame = NULL;
  g_autofree double *sum = NULL;
  const SaxidFrameInfo *info;
  float *mean;
  gsize n = job->height * job->width;

  if (file == NULL)
    return NULL;
  info = saxid_frame_file_info (file);
  if (info->height != job->height || info->width != job->width)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "image has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, the frames have "
                   "%" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " (%s)",
                   info->height, info->width, job->height, job->width, path);
      return NULL;
    }
  frame = g_new (float, n);
  sum = g_new0 (double, n);
  for (gsize k = 0; k < info->n_frame; k++)
    {
      if (!saxid_frame_file_read (file, k, frame, error))
        return NULL;
      for (gsize i = 0; i < n; i++)
        sum[i] += frame[i];
    }
  *n_frame = info->n_frame;
  mean = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    mean[i] = (float) (sum[i] / (double) info->n_frame);
  return mean;
}

static gboolean
choose_geometry (Job *job, const SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  const char *path = saxid_frame_file_path (file);

  if (job->options.geometry != NULL)
    {
      if (!saxid_poni_file_read (job->options.geometry, &job->geometry, error))
        return FALSE;
      job->geometry_source = job->options.geometry;
      if (info->pixel1 > 0
          && (fabs (info->pixel1 / job->geometry.pixel1 - 1) > 0.01
              || fabs (info->pixel2 / job->geometry.pixel2 - 1) > 0.01))
        {
          g_autofree char *frames = saxid_text_printable (path), *geometry = saxid_text_printable (job->options.geometry);

          g_printerr ("saxid " VERB ": warning: pixels are %g × %g µm in %s and %g × %g µm in %s\n",
                      info->pixel1 * 1e6, info->pixel2 * 1e6, frames, job->geometry.pixel1 * 1e6,
                      job->geometry.pixel2 * 1e6, geometry);
        }
    }
  else if (info->lacks != NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "geometry is not complete: the file does not say %s; give --geometry FILE.poni (%s)",
                   info->lacks, path);
      return FALSE;
    }
  else
    {
      job->geometry = info->geometry;
      job->geometry_source = path;
    }
  job->map = saxid_geometry_map_new (&job->geometry, info->height, info->width, error);
  if (job->map == NULL)
    saxid_error_add_place (error, "%s", job->geometry_source);
  return job->map != NULL;
}

/* A mask that is passed over makes other curves. */
static void
say_note (const SaxidFrameFile *file)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  g_autofree char *note = saxid_text_printable (info->note), *path = saxid_text_printable (saxid_frame_file_path (file));

  if (info->note != NULL)
    g_printerr ("saxid " VERB ": note: %s (%s)\n", note, path);
}

/* The detector's own mask and the one given are both heeded. */
static gboolean
choose_mask (Job *job, const SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  gsize n = job->height * job->width;

  if (info->mask != NULL)
    {
      job->mask = g_memdup2 (info->mask, n);
      job->mask_source = saxid_frame_file_path (file);
    }
  if (job->options.mask != NULL)
    {
      gsize n_frame;
      g_autofree float *image = load_mean (job, job->options.mask, &n_frame, error);
      g_autofree guint8 *mask = NULL;

      if (image == NULL)
        return FALSE;
      mask = saxid_mask_from_image (image, n);
      if (job->mask != NULL)
        saxid_mask_join (job->mask, mask, n);
      else
        job->mask = g_steal_pointer (&mask);
      job->mask_source = job->options.mask;
    }
  /* a chain without this step is meant to keep every pixel */
  if (!saxid_chain_has (job->chain, "mask"))
    g_clear_pointer (&job->mask, g_free);
  return TRUE;
}

static gboolean
choose_planes (Job *job, const SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  const char *flat = job->options.flat;
  gsize n = job->height * job->width, n_frame;

  if (job->options.dark != NULL)
    {
      job->dark = load_mean (job, job->options.dark, &n_frame, error);
      if (job->dark == NULL || !saxid_chain_set (job->chain, "dark", "frames", (double) n_frame, error))
        return FALSE;
    }
  if (flat != NULL && strcmp (flat, OWN) == 0)
    {
      if (info->flat == NULL)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "--flat is '" OWN "', and the detector has no flatfield (%s)",
                       saxid_frame_file_path (file));
          return FALSE;
        }
      job->flat = g_memdup2 (info->flat, n * sizeof (float));
      job->flat_source = saxid_frame_file_path (file);
    }
  else if (flat != NULL)
    {
      job->flat = load_mean (job, flat, &n_frame, error);
      job->flat_source = flat;
      if (job->flat == NULL)
        return FALSE;
    }
  return TRUE;
}

/* What the detector says of its counts, where no chain of the user's does. */
static gboolean
choose_limits (Job *job, const SaxidFrameInfo *info, GError **error)
{
  if (job->options.chain != NULL)
    return TRUE;
  if (info->saturation > 0 && !saxid_chain_set (job->chain, "limits", "high", info->saturation, error))
    return FALSE;
  return !info->below_zero || saxid_chain_set (job->chain, "limits", "low", -1e30, error);
}

/* ---- frames --------------------------------------------------------------- */

/* Reduces the frames of one file; result may lack the curves of single frames. */
static gboolean
reduce_file (const Job *job, const SaxidChainPlan *plan, SaxidFrameFile *file, const char *name,
             Result *result, GError **error)
{
  g_autoptr (SaxidChainScratch) scratch = saxid_chain_scratch_new (plan);
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  const gsize n_frame = result->frame->len + info->n_frame, n_point = MAX (saxid_chain_plan_grid (plan)->n, 1);
  g_autofree float *counts = g_new (float, job->height * job->width);

  if (info->height != job->height || info->width != job->width)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "frame has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, the first has "
                   "%" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " (%s)",
                   info->height, info->width, job->height, job->width, name);
      return FALSE;
    }
  if (n_frame > MOST_POINTS / n_point)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "%" G_GSIZE_FORMAT " frames of %" G_GSIZE_FORMAT " points each are more than the %d points that are "
                   "kept; reduce to fewer --bins, or fewer files at a time (%s)", n_frame, n_point, MOST_POINTS, name);
      return FALSE;
    }
  for (gsize k = 0; k < info->n_frame; k++)
    {
      double monitor = saxid_frame_info_monitor (info, k);
      const SaxidSums *sums;
      SaxidCurve *curve;

      if (!saxid_frame_file_read (file, k, counts, error))
        return FALSE;
      sums = saxid_chain_integrate (plan, scratch, counts, monitor, error);
      curve = sums != NULL ? saxid_chain_curve (plan, sums, error) : NULL;
      if (curve == NULL)
        {
          saxid_error_add_place (error, "%s, frame %" G_GSIZE_FORMAT, name, k);
          return FALSE;
        }
      saxid_sums_add (result->sums, sums);
      g_ptr_array_add (result->frame, curve);
      g_ptr_array_add (result->source, (gpointer) name);
      g_array_append_val (result->source_frame, k);
      g_array_append_val (result->monitor, monitor);
      if (job->progress != NULL)
        saxid_progress_advance (job->progress, 1);
    }
  return TRUE;
}

static Result
empty_result (const SaxidChainPlan *plan)
{
  return (Result){
    .frame = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_curve_free),
    .source = g_ptr_array_new (),
    .source_frame = g_array_new (FALSE, FALSE, sizeof (gsize)),
    .monitor = g_array_new (FALSE, FALSE, sizeof (double)),
    .sums = saxid_sums_new (saxid_chain_plan_grid (plan)->n),
  };
}

/* The curve of a reduced file, of frames merged where there are several, or of
 * columns of text; NULL when the file is neither. */
static SaxidCurve *
load_curve (const char *path)
{
  g_autoptr (SaxidReader) reader = saxid_reader_open (path, NULL, NULL);
  g_autoptr (SaxidCurve) curve = NULL;

  for (guint k = 0; reader != NULL && curve == NULL && k < saxid_reader_source_count (reader); k++)
    if (saxid_reader_source (reader, k)->n_frame == 1)
      curve = saxid_reader_curve (reader, k, 0, NULL);
  if (reader == NULL)
    {
      g_autoptr (SaxidMeasurement) measurement = saxid_text_read (path, NULL, NULL);

      curve = measurement != NULL ? g_steal_pointer (&measurement->curve) : NULL;
    }
  return curve != NULL && saxid_curve_clean (curve, NULL, NULL) ? g_steal_pointer (&curve) : NULL;
}

/* The background of frames goes through the same chain, with its own monitor and
 * transmission, up to where it would be subtracted. */
static gboolean
reduce_background (Job *job, GError **error)
{
  const Options *options = &job->options;
  g_autoptr (SaxidChain) chain = saxid_chain_copy (job->chain);
  g_autoptr (SaxidChainPlan) plan = NULL;
  g_autoptr (SaxidFrameFile) file = NULL;
  Result result = { 0 };
  double monitor;
  gboolean done;

  if (options->background == NULL)
    return TRUE;
  file = saxid_frame_file_open (options->background, &job->frame_options, error);
  if (file == NULL)
    {
      job->background = load_curve (options->background);
      if (job->background != NULL)
        g_clear_error (error);
      return job->background != NULL;
    }
  saxid_chain_remove (chain, "background");
  saxid_chain_remove (chain, "rebin");
  if (options->background_monitor != NULL)
    {
      if (!parse_double (options->background_monitor, "--background-monitor", &monitor, error)
          || !saxid_chain_set (chain, "monitor", "value", monitor, error))
        return FALSE;
    }
  if (!isnan (options->background_transmission)
      && !saxid_chain_set (chain, "transmission", "value", options->background_transmission, error))
    return FALSE;

  plan = saxid_chain_prepare (chain, &job->input, error);
  if (plan == NULL)
    return FALSE;
  result = empty_result (plan);
  done = reduce_file (job, plan, file, options->background, &result, error);
  if (done)
    job->background = saxid_chain_curve (plan, result.sums, error);
  clear_result (&result);
  return done && job->background != NULL;
}

/* All that has to be known before the first frame: from the first file. */
static gboolean
prepare_job (Job *job, SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  job->height = info->height;
  job->width = info->width;
  if (!choose_unit (job, error) || !load_chain (job, error) || !apply_options (job, error)
      || !choose_geometry (job, file, error) || !choose_mask (job, file, error)
      || !choose_planes (job, file, error) || !choose_limits (job, info, error))
    return FALSE;
  job->input = (SaxidReducerInput){
    .map = job->map,
    .mask = job->mask,
    .dark = job->dark,
    .flat = job->flat,
  };
  if (!reduce_background (job, error))
    return FALSE;
  job->input.background = job->background;
  return TRUE;
}

static gboolean
reduce_all (const Job *job, const SaxidChainPlan *plan, SaxidFrameFile *first, char **paths,
            Result *result, GError **error)
{
  for (guint left = g_strv_length (paths); *paths != NULL; paths++, left--)
    {
      g_autoptr (SaxidFrameFile) later = NULL;
      SaxidFrameFile *file = first;

      if (result->frame->len > 0)
        file = later = saxid_frame_file_open (*paths, &job->frame_options, error);
      if (file == NULL)
        return FALSE;
      /* the files to come are taken to be like this one */
      saxid_progress_set_total (job->progress,
                                result->frame->len + left * saxid_frame_file_info (file)->n_frame);
      if (!reduce_file (job, plan, file, *paths, result, error))
        return FALSE;
    }
  result->merged = saxid_chain_curve (plan, result->sums, error);
  return result->merged != NULL;
}

/* ---- what is written and said --------------------------------------------- */

static gboolean
write_result (const Job *job, const SaxidFrameInfo *info, const Result *result, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format_iso8601 (now);
  g_autofree char *chain = saxid_chain_to_string (job->chain);
  const SaxidReduced reduced = {
    .n_frame = result->frame->len,
    .frame = (SaxidCurve *const *) result->frame->pdata,
    .merged = result->merged,
    .source = (const char *const *) result->source->pdata,
    .source_frame = (const gsize *) (gpointer) result->source_frame->data,
    .monitor = info->n_monitor > 0 ? (const double *) (gpointer) result->monitor->data : NULL,
    .title = info->title,
    .start_time = info->start_time,
    .q_unit = job->q_unit,
    .absolute = saxid_chain_has (job->chain, "calibration"),
    .geometry = &job->geometry,
    .geometry_source = job->geometry_source,
    .mask_source = job->mask != NULL ? job->mask_source : NULL,
    .dark_source = job->options.dark,
    .flat_source = job->flat_source,
    .background_source = job->options.background,
    .chain = chain,
    .solid_angle = saxid_chain_has (job->chain, "solid-angle"),
    .polarisation = saxid_chain_has (job->chain, "polarisation"),
    .monitor_applied = saxid_chain_has (job->chain, "monitor"),
    .program_version = PACKAGE_VERSION,
    .date = date,
  };

  return saxid_reduced_file_write (job->options.output, &reduced, error);
}

static void
say_result (const Job *job, const Result *result)
{
  double factor = saxid_q_unit_factor (job->q_unit);
  const SaxidCurve *curve = result->merged;
  gsize first = curve->n, last = 0, filled = 0;

  for (gsize k = 0; k < curve->n; k++)
    if (isfinite (curve->intensity[k]))
      {
        first = MIN (first, k);
        last = k;
        filled++;
      }
  if (job->options.quiet || filled == 0)
    return;
  g_print ("%s: %u frame%s of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, %" G_GSIZE_FORMAT
           " points, q %.4g to "
           "%.4g %s\n",
           job->options.output, result->frame->len, result->frame->len == 1 ? "" : "s", job->height,
           job->width, filled, curve->q[first] * factor, curve->q[last] * factor,
           saxid_q_unit_name (job->q_unit));
}

static gboolean
reduce (Job *job, char **paths, GError **error)
{
  g_autoptr (SaxidFrameFile) first = NULL;
  g_autoptr (SaxidChainPlan) plan = NULL;
  Result result = { 0 };
  gboolean done;

  first = saxid_frame_file_open (paths[0], &job->frame_options, error);
  if (first == NULL)
    return FALSE;
  say_note (first);
  if (!prepare_job (job, first, error))
    return FALSE;
  plan = saxid_chain_prepare (job->chain, &job->input, error);
  if (plan == NULL)
    return FALSE;
  result = empty_result (plan);
  job->progress = saxid_progress_new (&(SaxidProgressOptions) {
      .verb = "reducing", .noun = "frames", .quiet = job->options.quiet, .fd = STDERR_FILENO });
  done = reduce_all (job, plan, first, paths, &result, error)
         && write_result (job, saxid_frame_file_info (first), &result, error);
  saxid_progress_finish (g_steal_pointer (&job->progress));
  if (done)
    say_result (job, &result);
  clear_result (&result);
  return done;
}

/* The module judges what was written, as it would any file. */
static int
tag_output (const Options *options)
{
  char verb[] = "tag", quiet[] = "--quiet";
  char *words[] = { verb, options->output, options->quiet ? quiet : NULL, NULL };

  return saxid_verb_tag (options->quiet ? 3 : 2, words);
}

static gboolean
check_output (const Options *options, char **paths, GError **error)
{
  char *const others[] = { options->geometry, options->chain, options->mask,
                           options->dark,     options->flat,  options->background };

  return saxid_verb_check_output (options->output, g_strv_length (paths), paths, error)
         && saxid_verb_check_output (options->output, G_N_ELEMENTS (others), others, error);
}

static int
run_job (Job *job, char **paths)
{
  g_autoptr (GError) error = NULL;

  job->frame_options.path = job->options.path;
  job->frame_options.follow_links = job->options.follow_links;
  if (check_output (&job->options, paths, &error) && reduce (job, paths, &error))
    return job->options.tag ? tag_output (&job->options) : SAXID_EXIT_OK;
  if (error->code == SAXID_ERROR_ARGUMENT)
    return saxid_verb_usage (VERB, "%s", error->message);
  return saxid_verb_failed (VERB, error);
}

int
saxid_verb_reduce (int argc, char **argv)
{
  Job job = { .options = { .polarisation = NAN,
                           .transmission = NAN,
                           .background_transmission = NAN,
                           .thickness = NAN,
                           .calibration = NAN,
                           .q_min = NAN,
                           .q_max = NAN,
                           .dark_scale = NAN,
                           .background_factor = NAN,
                           .bins = -1 } };
  Options *options = &job.options;
  g_auto (GStrv) paths = NULL;
  int exit_code = SAXID_EXIT_USAGE;
  const GOptionEntry entries[] = {
    { "geometry", 'g', 0, G_OPTION_ARG_FILENAME, &options->geometry, "Geometry, a .poni file", "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "Where the curves go", "FILE" },
    { "chain", 'c', 0, G_OPTION_ARG_FILENAME, &options->chain, "Steps and parameters, a key file",
      "FILE" },
    { "mask", 'm', 0, G_OPTION_ARG_FILENAME, &options->mask, "Image of what is bad: not 0", "FILE" },
    { "dark", 'd', 0, G_OPTION_ARG_FILENAME, &options->dark, "Dark frame, or several: their mean",
      "FILE" },
    { "dark-scale", 0, 0, G_OPTION_ARG_DOUBLE, &options->dark_scale,
      "Exposure of a frame over the dark's", "F" },
    { "flat", 'f', 0, G_OPTION_ARG_FILENAME, &options->flat,
      "Flat field, or 'file' for the detector's own", "FILE" },
    { "background", 'b', 0, G_OPTION_ARG_FILENAME, &options->background, "Frames of the background",
      "FILE" },
    { "background-factor", 0, 0, G_OPTION_ARG_DOUBLE, &options->background_factor,
      "Its share in the sample", "F" },
    { "background-monitor", 0, 0, G_OPTION_ARG_STRING, &options->background_monitor, "Its monitor",
      "V" },
    { "background-transmission", 0, 0, G_OPTION_ARG_DOUBLE, &options->background_transmission,
      "Its transmission", "T" },
    { "bins", 'n', 0, G_OPTION_ARG_INT, &options->bins,
      "Points of a curve; 0 = as many as pixels along it", "N" },
    { "unit", 'u', 0, G_OPTION_ARG_STRING, &options->unit, "Of q: A^-1 (default) or nm^-1", "UNIT" },
    { "q-min", 0, 0, G_OPTION_ARG_DOUBLE, &options->q_min, "Where the curve starts, in UNIT", "Q" },
    { "q-max", 0, 0, G_OPTION_ARG_DOUBLE, &options->q_max, "Where it ends, in UNIT", "Q" },
    { "polarisation", 'p', 0, G_OPTION_ARG_DOUBLE, &options->polarisation,
      "Factor, -1 to 1: synchrotrons 0.95", "F" },
    { "monitor", 0, 0, G_OPTION_ARG_STRING, &options->monitor,
      "Incoming beam, or 'file' for the file's own", "V" },
    { "transmission", 't', 0, G_OPTION_ARG_DOUBLE, &options->transmission, "Of the sample, up to 1",
      "T" },
    { "thickness", 0, 0, G_OPTION_ARG_DOUBLE, &options->thickness, "Of the sample in cm", "D" },
    { "calibration", 0, 0, G_OPTION_ARG_DOUBLE, &options->calibration, "Factor to 1/cm", "F" },
    { "path", 0, 0, G_OPTION_ARG_STRING, &options->path, "Of the images inside an HDF5 file", "PATH" },
    { "follow-links", 0, 0, G_OPTION_ARG_NONE, &options->follow_links,
      "Read images that lie in other files", NULL },
    { "tag", 0, 0, G_OPTION_ARG_NONE, &options->tag, "Then tag the curves, as saxid tag does", NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Say nothing of what went well", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "RAW…",
                         "Reduces detector frames (NeXus, TIFF, CBF, EDF) to curves with Poisson errors.",
                         entries, &argc, &argv, &exit_code))
    ;
  else if (paths == NULL || paths[0] == NULL)
    exit_code = saxid_verb_usage (VERB, "no frame is given");
  else if (options->output == NULL)
    exit_code = saxid_verb_usage (VERB, "no output is given, --output FILE is needed");
  else
    exit_code = run_job (&job, paths);
  clear_job (&job);
  return exit_code;
}
