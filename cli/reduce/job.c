/* What is a run of frames reduced with?
 *
 * Thread: see job.h.
 */
#include "config.h"

#include "cli/reduce/job.h"

#include <math.h>
#include <string.h>

#include "cli/reduce/result.h"
#include "cli/reduce/technique.h"
#include "cli/text.h"
#include "reducers/error.h"
#include "reducers/mask.h"
#include "reducers/standard.h"
#include "schemas/curve/reader.h"
#include "schemas/disk/door.h"
#include "schemas/frame/poni.h"
#include "schemas/text/file.h"

#define VERB "reduce"
#define OWN "file" /* takes a value or a plane from the frames' own file */
#define MAX_CHAIN (1 << 20)

/* ---- options ---------------------------------------------------------------------- */

SaxidReduceOptions
saxid_reduce_options (void)
{
  return (SaxidReduceOptions) {
    .polarisation = NAN,
    .transmission = NAN,
    .background_transmission = NAN,
    .thickness = NAN,
    .calibration = NAN,
    .absorption = NAN,
    .radial_min = NAN,
    .radial_max = NAN,
    .dark_scale = NAN,
    .background_factor = NAN,
    .clip = NAN,
    .bins = SAXID_NOT_GIVEN,
    .cake = SAXID_NOT_GIVEN,
    .sectors = SAXID_NOT_GIVEN,
    .jobs = 0,
  };
}

static const gsize texts[] = {
#define TEXT(name) offsetof (SaxidReduceOptions, name)
  TEXT (geometry),   TEXT (output),   TEXT (chain),    TEXT (mask),    TEXT (dark),
  TEXT (flat),       TEXT (background), TEXT (variance), TEXT (path),  TEXT (unit),
  TEXT (monitor),    TEXT (background_monitor), TEXT (splitting), TEXT (spacing), TEXT (sector),
  TEXT (errors),     TEXT (detector), TEXT (standard), TEXT (model),   TEXT (classes),
  TEXT (technique),  TEXT (clip_rule),
#undef TEXT
};

SaxidReduceOptions
saxid_reduce_options_copy (const SaxidReduceOptions *options)
{
  SaxidReduceOptions copy = *options;

  for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
    G_STRUCT_MEMBER (char *, &copy, texts[k]) = g_strdup (G_STRUCT_MEMBER (char *, options, texts[k]));
  copy.also = g_strdupv (options->also);
  return copy;
}

void
saxid_reduce_options_clear (SaxidReduceOptions *options)
{
  for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
    g_clear_pointer (&G_STRUCT_MEMBER (char *, options, texts[k]), g_free);
  g_clear_pointer (&options->also, g_strfreev);
}

void
saxid_reduce_job_clear (SaxidReduceJob *job)
{
  saxid_chain_free (job->chain);
  saxid_geometry_map_free (job->map);
  saxid_curve_free (job->background);
  saxid_reduce_technique_clear (job);
  for (gsize k = 0; k < job->n_background_of; k++)
    saxid_curve_free (job->background_of[k]);
  g_free (job->background_of);
  g_free (job->mask);
  g_free (job->dark);
  g_free (job->flat);
  g_free (job->geometry_source);
  g_free (job->mask_source);
  g_free (job->flat_source);
  saxid_reduce_options_clear (&job->options);
}

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

/* Units of the curve, as pyFAI and others spell them, and what it is then drawn over. */
static const struct
{
  const char *name;
  SaxidQUnit unit;
  SaxidRadial radial;
} units[] = {
  { "A^-1", SAXID_Q_PER_ANGSTROM, SAXID_RADIAL_Q },
  { "1/A", SAXID_Q_PER_ANGSTROM, SAXID_RADIAL_Q },
  { "1/angstrom", SAXID_Q_PER_ANGSTROM, SAXID_RADIAL_Q },
  { "q_A^-1", SAXID_Q_PER_ANGSTROM, SAXID_RADIAL_Q },
  { "nm^-1", SAXID_Q_PER_NANOMETRE, SAXID_RADIAL_Q },
  { "1/nm", SAXID_Q_PER_NANOMETRE, SAXID_RADIAL_Q },
  { "q_nm^-1", SAXID_Q_PER_NANOMETRE, SAXID_RADIAL_Q },
  { "2th_deg", SAXID_TWO_THETA_DEGREE, SAXID_RADIAL_TWO_THETA },
  { "2th_rad", SAXID_TWO_THETA_RADIAN, SAXID_RADIAL_TWO_THETA },
  { "r_mm", SAXID_RADIUS_MILLIMETRE, SAXID_RADIAL_RADIUS },
  { "r_m", SAXID_RADIUS_METRE, SAXID_RADIAL_RADIUS },
};

/* Without the option the chain says what the curve is drawn over. */
static gboolean
choose_unit (SaxidReduceJob *job, GError **error)
{
  const SaxidRadial radial = (SaxidRadial) saxid_chain_get (job->chain, "integrate", "radial");

  for (gsize k = 0; k < G_N_ELEMENTS (units); k++)
    if (job->options.unit == NULL ? units[k].radial == radial : strcmp (job->options.unit, units[k].name) == 0)
      {
        job->unit = units[k].unit;
        return job->options.unit == NULL
               || saxid_chain_set (job->chain, "integrate", "radial", units[k].radial, error);
      }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "--unit is '%s', A^-1, nm^-1, 2th_deg, 2th_rad, r_mm or r_m is possible", job->options.unit);
  return FALSE;
}

static gboolean
load_chain (SaxidReduceJob *job, GError **error)
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

/* "80,100": from, to, in degrees. */
static gboolean
apply_sector (SaxidReduceJob *job, GError **error)
{
  const char *text = job->options.sector;
  g_auto (GStrv) ends = text != NULL ? g_strsplit (text, ",", 3) : NULL;
  double from, to;

  if (text == NULL)
    return TRUE;
  if (g_strv_length (ends) != 2)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "--sector is '%s', FROM,TO in degrees is needed, such as 80,100", text);
      return FALSE;
    }
  if (!parse_double (ends[0], "--sector", &from, error) || !parse_double (ends[1], "--sector", &to, error))
    return FALSE;
  if (!(to > from))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--sector goes from %g to %g deg, it must ascend", from, to);
      return FALSE;
    }
  return saxid_chain_set (job->chain, "integrate", "chi-min", from, error)
         && saxid_chain_set (job->chain, "integrate", "chi-max", to, error);
}

/* Names of what errors are, and the steps that make them. */
static const struct
{
  const char *name, *step;
  double least;
} error_models[] = {
  { "poisson", "poisson", 0 },
  { "pyfai", "poisson", 1 },
  { "azimuthal", "azimuthal", 0 },
  { "hybrid", "hybrid", 0 },
  { "variance", "variance", 0 },
  { "none", NULL, 0 },
};

static gboolean
apply_errors (SaxidReduceJob *job, GError **error)
{
  const char *name = job->options.errors;

  if (name == NULL && job->options.variance != NULL)
    name = "variance";
  for (gsize k = 0; name != NULL && k < G_N_ELEMENTS (error_models); k++)
    {
      if (strcmp (error_models[k].name, name) != 0)
        continue;
      for (gsize i = 0; i < G_N_ELEMENTS (error_models); i++)
        if (error_models[i].step != NULL)
          saxid_chain_remove (job->chain, error_models[i].step);
      return error_models[k].step == NULL
             || (saxid_chain_add (job->chain, error_models[k].step, error)
                 && (strcmp (error_models[k].step, "poisson") != 0
                     || saxid_chain_set (job->chain, "poisson", "least", error_models[k].least, error)));
    }
  if (name == NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "--errors is '%s', poisson, pyfai, azimuthal, hybrid, variance or none is possible", name);
  return FALSE;
}

/* The place of a word among the choices of a parameter of a step. */
static gboolean
apply_choice (SaxidReduceJob *job, const char *option, const char *step, const char *parameter, const char *text, GError **error)
{
  const SaxidReducer *reducer = saxid_reducer_find (step);
  const char *const *choices = reducer->parameter[saxid_reducer_parameter_index (reducer, parameter)].choices;
  g_autofree char *all = NULL;

  if (text == NULL)
    return TRUE;
  for (guint k = 0; choices[k] != NULL; k++)
    if (strcmp (choices[k], text) == 0)
      return saxid_chain_set (job->chain, step, parameter, k, error);
  all = g_strjoinv (" or ", (char **) choices);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--%s is '%s', %s is possible", option, text, all);
  return FALSE;
}

/* A rule alone would clip by a threshold that nobody gave. */
static gboolean
apply_clip_rule (SaxidReduceJob *job, GError **error)
{
  const char *rule = job->options.clip_rule;

  if (rule == NULL || saxid_chain_has (job->chain, "clip"))
    return apply_choice (job, "clip-rule", "clip", "rule", rule, error);
  g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--clip-rule is given, and no --clip");
  return FALSE;
}

/* Of q what the unit is worth in 1/Å, of the others what the chain counts in: deg and mm. */
static double
chain_unit (const SaxidReduceJob *job)
{
  static const double factors[] = {
    [SAXID_Q_PER_ANGSTROM] = 1,           [SAXID_Q_PER_NANOMETRE] = 0.1,
    [SAXID_TWO_THETA_DEGREE] = 1,         [SAXID_TWO_THETA_RADIAN] = 180 / G_PI,
    [SAXID_RADIUS_MILLIMETRE] = 1,        [SAXID_RADIUS_METRE] = 1e3,
  };

  return factors[job->unit];
}

/* Options go over the key file: what is given by hand is what is meant. */
static gboolean
apply_numbers (SaxidReduceJob *job, GError **error)
{
  const SaxidReduceOptions *options = &job->options;
  const double unit = chain_unit (job);
  const struct
  {
    gboolean given;
    const char *reducer, *parameter;
    double value;
  } settings[] = {
    { options->bins != SAXID_NOT_GIVEN, "integrate", "bins", options->bins },
    { options->cake != SAXID_NOT_GIVEN, "integrate", "azimuths", options->cake },
    { options->sectors != SAXID_NOT_GIVEN, "integrate", "azimuths", options->sectors },
    { options->pyfai, "integrate", "ends", SAXID_ENDS_PYFAI },
    { !isnan (options->radial_min), "integrate", "q-min", options->radial_min * unit },
    { !isnan (options->radial_max), "integrate", "q-max", options->radial_max * unit },
    { !isnan (options->polarisation), "polarisation", "factor", options->polarisation },
    { !isnan (options->transmission), "transmission", "value", options->transmission },
    { !isnan (options->absorption), "absorption", "transmission", options->absorption },
    { !isnan (options->thickness), "thickness", "value", options->thickness },
    { !isnan (options->calibration), "calibration", "factor", options->calibration },
    { !isnan (options->clip), "clip", "threshold", options->clip },
    { !isnan (options->dark_scale), "dark", "scale", options->dark_scale },
    { !isnan (options->background_factor), "background", "factor", options->background_factor },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (settings); k++)
    if (settings[k].given
        && !saxid_chain_set (job->chain, settings[k].reducer, settings[k].parameter, settings[k].value,
                             error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_files (SaxidReduceJob *job, GError **error)
{
  const SaxidReduceOptions *options = &job->options;
  double monitor = 0;

  if (options->monitor != NULL
      && ((strcmp (options->monitor, OWN) != 0 && !parse_double (options->monitor, "--monitor", &monitor, error))
          || !saxid_chain_set (job->chain, "monitor", "value", monitor, error)))
    return FALSE;
  return (options->dark == NULL || saxid_chain_add (job->chain, "dark", error))
         && (options->flat == NULL || saxid_chain_add (job->chain, "flat", error))
         && (options->background == NULL || saxid_chain_add (job->chain, "background", error))
         && (options->mask == NULL || saxid_chain_add (job->chain, "mask", error));
}

static gboolean
check_options (const SaxidReduceOptions *options, GError **error)
{
  if (options->cake != SAXID_NOT_GIVEN && options->sectors != SAXID_NOT_GIVEN)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--cake and --sectors are given, one is possible");
  else if (options->background == NULL && !isnan (options->background_transmission))
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--background-transmission is given, and no --background");
  else if (options->background == NULL && options->background_monitor != NULL)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--background-monitor is given, and no --background");
  else
    return TRUE;
  return FALSE;
}

double
saxid_reduce_job_solid_angle (const SaxidReduceJob *job)
{
  return job->geometry.pixel1 * job->geometry.pixel2 / (job->geometry.dist * job->geometry.dist);
}

gboolean
saxid_reduce_job_other (const SaxidReduceJob *job, const char *geometry, SaxidReduceJob *other, GError **error)
{
  const SaxidReduceOptions *options = &job->options;

  if (options->background != NULL || options->variance != NULL || options->bins <= 0 || isnan (options->radial_min)
      || isnan (options->radial_max))
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                           "--also needs --bins, --q-min and --q-max, which all share, and no --background or --variance");
      return FALSE;
    }
  *other = (SaxidReduceJob) {
    .options = saxid_reduce_options (),
    .frame_options = job->frame_options,
    .unit = job->unit,
    .chain = saxid_chain_copy (job->chain),
    .jobs = job->jobs,
  };
  other->options.geometry = g_strdup (geometry);
  other->options.quiet = options->quiet;
  saxid_chain_remove (other->chain, "dark");
  saxid_chain_remove (other->chain, "flat");
  return TRUE;
}

gboolean
saxid_reduce_job_begin (SaxidReduceJob *job, GError **error)
{
  const SaxidReduceOptions *options = &job->options;

  job->frame_options.path = options->path;
  job->frame_options.follow_links = options->follow_links;
  job->jobs = options->jobs > 0 ? (guint) options->jobs : g_get_num_processors ();
  return check_options (options, error) && saxid_reduce_technique_begin (job, error) && load_chain (job, error) && choose_unit (job, error) && apply_numbers (job, error)
         && apply_sector (job, error) && apply_errors (job, error)
         && apply_choice (job, "splitting", "integrate", "splitting", options->splitting, error)
         && apply_choice (job, "spacing", "integrate", "spacing", options->spacing, error)
         && apply_clip_rule (job, error) && apply_files (job, error);
}

/* ---- what goes with the frames -------------------------------------------------------- */

/* The mean of all frames of a file, which must have the shape of the job. */
static float *
load_mean (const SaxidReduceJob *job, const char *path, gsize *n_frame, GError **error)
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
                   "%" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT "%s (%s)",
                   info->height, info->width, job->height, job->width,
                   info->height == job->width && info->width == job->height ? ": rows and columns are exchanged" : "", path);
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

/* The file may be closed before the job ends. */
static void
name_source (char **source, const char *path)
{
  g_free (*source);
  *source = g_strdup (path);
}

static gboolean
choose_geometry (SaxidReduceJob *job, const SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  const char *path = saxid_frame_file_path (file);

  if (job->options.geometry != NULL)
    {
      if (!saxid_poni_file_read (job->options.geometry, &job->geometry, error))
        return FALSE;
      name_source (&job->geometry_source, job->options.geometry);
      if (info->pixel1 > 0
          && (fabs (info->pixel1 / job->geometry.pixel1 - 1) > 0.01
              || fabs (info->pixel2 / job->geometry.pixel2 - 1) > 0.01))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                       "pixels are %g × %g µm in the frames and %g × %g µm in %s: the geometry is of another detector, or "
                       "binned otherwise (%s)",
                       info->pixel1 * 1e6, info->pixel2 * 1e6, job->geometry.pixel1 * 1e6, job->geometry.pixel2 * 1e6,
                       job->options.geometry, path);
          return FALSE;
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
      name_source (&job->geometry_source, path);
    }
  if (job->options.detector != NULL && !saxid_detector_apply (job->options.detector, &job->geometry, error))
    return FALSE;
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

/* The detector's own mask, the one given and the gaps of the detector that the geometry
 * names are all heeded. */
static gboolean
choose_mask (SaxidReduceJob *job, const SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);
  gsize n = job->height * job->width;

  if (info->mask != NULL)
    {
      job->mask = g_memdup2 (info->mask, n);
      name_source (&job->mask_source, saxid_frame_file_path (file));
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
      name_source (&job->mask_source, job->options.mask);
    }
  if (job->geometry.module_height > 0)
    {
      if (job->mask == NULL)
        {
          job->mask = g_new0 (guint8, n);
          name_source (&job->mask_source, job->geometry_source);
        }
      saxid_mask_gaps (job->mask, &job->geometry, job->height, job->width);
    }
  /* a chain without this step is meant to keep every pixel */
  if (!saxid_chain_has (job->chain, "mask"))
    g_clear_pointer (&job->mask, g_free);
  return TRUE;
}

static gboolean
choose_planes (SaxidReduceJob *job, const SaxidFrameFile *file, GError **error)
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
      name_source (&job->flat_source, saxid_frame_file_path (file));
    }
  else if (flat != NULL)
    {
      job->flat = load_mean (job, flat, &n_frame, error);
      name_source (&job->flat_source, flat);
      if (job->flat == NULL)
        return FALSE;
    }
  return TRUE;
}

/* What the detector says of its counts, where no chain of the user's does. */
static gboolean
choose_limits (SaxidReduceJob *job, const SaxidFrameInfo *info, GError **error)
{
  if (job->options.chain != NULL)
    return TRUE;
  if (info->saturation > 0 && !saxid_chain_set (job->chain, "limits", "high", info->saturation, error))
    return FALSE;
  return !info->below_zero || saxid_chain_set (job->chain, "limits", "low", -1e30, error);
}

/* ---- the background --------------------------------------------------------------------- */

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

/* "glassy-carbon=FILE": a curve of the standard that was reduced alike gives the factor. */
static gboolean
choose_calibration (SaxidReduceJob *job, GError **error)
{
  const char *text = job->options.standard, *path = text != NULL ? strchr (text, '=') : NULL;
  g_autofree char *name = NULL;
  g_autoptr (SaxidCurve) curve = NULL;
  double factor, scatter;

  if (text == NULL)
    return TRUE;
  if (path == NULL || !isnan (job->options.calibration))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   path == NULL ? "--standard is '%s', NAME=FILE is needed" : "--standard is '%s', and --calibration is given as well",
                   text);
      return FALSE;
    }
  name = g_strndup (text, (gsize) (path++ - text));
  curve = load_curve (path);
  if (curve == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "curve of the standard cannot be read (%s)", path);
      return FALSE;
    }
  if (!saxid_standard_factor (name, curve, &factor, &scatter, error))
    {
      saxid_error_add_place (error, "%s", path);
      return FALSE;
    }
  if (!job->options.quiet)
    g_printerr ("saxid " VERB ": note: calibration factor %.6g from %s, its points scatter by %.1f %%\n", factor, name,
                100 * scatter);
  return saxid_chain_set (job->chain, "calibration", "factor", factor, error);
}

/* The background of frames goes through the same chain, with its own monitor and
 * transmission, up to where it would be subtracted. */
static SaxidChain *
background_chain (const SaxidReduceJob *job, GError **error)
{
  const SaxidReduceOptions *options = &job->options;
  g_autoptr (SaxidChain) chain = saxid_chain_copy (job->chain);
  double monitor;

  saxid_chain_remove (chain, "background");
  saxid_chain_remove (chain, "rebin");
  if (options->background_monitor != NULL
      && (!parse_double (options->background_monitor, "--background-monitor", &monitor, error)
          || !saxid_chain_set (chain, "monitor", "value", monitor, error)))
    return NULL;
  if (!isnan (options->background_transmission)
      && !saxid_chain_set (chain, "transmission", "value", options->background_transmission, error))
    return NULL;
  return g_steal_pointer (&chain);
}

/* A background that was measured in frames has its own of each azimuth. */
static gboolean
take_azimuths (SaxidReduceJob *job, const SaxidPreparedChain *prepared, const SaxidSums *sums, GError **error)
{
  const gsize n = saxid_prepared_chain_bins (prepared)->n_azimuth;

  if (n <= 1)
    return TRUE;
  job->background_of = g_new0 (SaxidCurve *, n);
  for (gsize k = 0; k < n; k++, job->n_background_of++)
    if ((job->background_of[k] = saxid_chain_curve (prepared, sums, k, error)) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
choose_background (SaxidReduceJob *job, GError **error)
{
  g_autoptr (SaxidChain) chain = NULL;
  g_autoptr (SaxidPreparedChain) prepared = NULL;
  g_autoptr (SaxidFrameFile) file = NULL;
  g_autoptr (SaxidReduceResult) result = NULL;

  if (job->options.background == NULL)
    return TRUE;
  file = saxid_frame_file_open (job->options.background, &job->frame_options, error);
  if (file == NULL)
    {
      job->background = load_curve (job->options.background);
      if (job->background != NULL)
        g_clear_error (error);
      return job->background != NULL;
    }
  chain = background_chain (job, error);
  prepared = chain != NULL ? saxid_chain_prepare (chain, &job->input, error) : NULL;
  if (prepared == NULL)
    return FALSE;
  result = saxid_reduce_result_new (job, prepared, NULL);
  if (!saxid_reduce_result_add (result, file, error) || !saxid_reduce_result_end (result, error))
    return FALSE;
  job->background = saxid_curve_copy (result->merged);
  return take_azimuths (job, prepared, result->sums, error);
}

/* ---- all of it ---------------------------------------------------------------------------- */

gboolean
saxid_reduce_job_check (const SaxidReduceJob *job, const SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  if (info->height == job->height && info->width == job->width)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
               "frame has %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " pixels, the first has "
               "%" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT " (%s)",
               info->height, info->width, job->height, job->width, saxid_frame_file_path (file));
  return FALSE;
}

gboolean
saxid_reduce_job_prepare (SaxidReduceJob *job, SaxidFrameFile *file, GError **error)
{
  const SaxidFrameInfo *info = saxid_frame_file_info (file);

  say_note (file);
  job->height = info->height;
  job->width = info->width;
  if (!choose_geometry (job, file, error) || !choose_mask (job, file, error) || !choose_planes (job, file, error)
      || !choose_limits (job, info, error) || !choose_calibration (job, error))
    return FALSE;
  job->input = (SaxidReducerInput){
    .map = job->map,
    .mask = job->mask,
    .dark = job->dark,
    .flat = job->flat,
    .below_zero = info->below_zero,
    .variances = job->options.variance != NULL,
    .jobs = job->jobs,
  };
  if (!choose_background (job, error))
    return FALSE;
  job->input.background = job->background;
  job->input.background_of = job->background_of;
  return TRUE;
}
