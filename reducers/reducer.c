/* Which steps are there from a frame to a curve?
 *
 * Only the table and the few lines that hand its parameters to the operation of
 * each row; the operations are in their own files.
 *
 * Thread: pure.
 */
#include "reducers/reducer.h"

#include <math.h>
#include <string.h>

#include "reducers/correct.h"
#include "reducers/error.h"
#include "reducers/mask.h"
#include "reducers/rebin.h"
#include "reducers/subtract.h"

#define RADIAN(degrees) ((degrees) * G_PI / 180)

static const char *const flat_kinds[] = { "response", "factor", NULL };
static const char *const answers[] = { "no", "yes", NULL };
static const char *const spacings[] = { "linear", "log", NULL };
static const char *const splittings[] = { "none", "bbox", "full", NULL };
static const char *const radials[] = { "q", "2th", "r", NULL };
static const char *const ends[] = { "exact", "pyfai", NULL };
static const char *const rules[] = { "median", "mean", NULL };
static const char *const scales[] = { "mad", "poisson", NULL };
static const char *const weights[] = { "variance", "count", NULL };

/* Where the values of a step stand; the order of the tables below. */
enum { LIMITS_LOW, LIMITS_HIGH };
enum { DARK_SCALE, DARK_FRAMES };
enum { POLARISATION_FACTOR, POLARISATION_AXIS };
enum { TRANSMISSION_VALUE, TRANSMISSION_OBLIQUE };
enum { CLIP_THRESHOLD, CLIP_RULE, CLIP_SCALE, CLIP_ITERATIONS };
enum { BINS, RADIAL_MIN, RADIAL_MAX, SPACING, CHI_MIN, CHI_MAX, SPLITTING, RADIAL, AZIMUTHS, ENDS };
enum { REBIN_BINS, REBIN_SPACING, REBIN_WEIGHT, REBIN_MIN, REBIN_MAX };

static gboolean
is_there (const SaxidStep *step, gconstpointer input, const char *what, GError **error)
{
  if (input != NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "chain has the step '%s', and no %s was given",
               step->reducer->name, what);
  return FALSE;
}

/* ---- counts -------------------------------------------------------------------- */

static gboolean
prepare_mask (G_GNUC_UNUSED const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe,
              G_GNUC_UNUSED GError **error)
{
  if (input->mask != NULL)
    saxid_mask_join (saxid_recipe_bad (recipe, input->map->n), input->mask, input->map->n);
  return TRUE;
}

static gboolean
prepare_limits (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe,
                G_GNUC_UNUSED GError **error)
{
  recipe->binning.limited = TRUE;
  recipe->binning.low = step->value[LIMITS_LOW];
  recipe->binning.high = step->value[LIMITS_HIGH];
  return TRUE;
}

static gboolean
choose_errors (const SaxidStep *step, SaxidRecipe *recipe, SaxidErrors errors, GError **error)
{
  recipe->binning.errors = errors;
  if (recipe->n_errors++ == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "chain has the step '%s' and another one that says what errors are, one is possible", step->reducer->name);
  return FALSE;
}

static gboolean
prepare_poisson (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error)
{
  recipe->binning.least = step->value[0];
  return choose_errors (step, recipe, SAXID_ERRORS_POISSON, error);
}

static gboolean
prepare_azimuthal (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error)
{
  return choose_errors (step, recipe, SAXID_ERRORS_AZIMUTHAL, error);
}

static gboolean
prepare_hybrid (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error)
{
  recipe->binning.least = step->value[0];
  return choose_errors (step, recipe, SAXID_ERRORS_HYBRID, error);
}

static gboolean
prepare_variance (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error)
{
  return is_there (step, input->variances ? step : NULL, "frames of variances", error)
         && choose_errors (step, recipe, SAXID_ERRORS_VARIANCE, error);
}

/* ---- pixels -------------------------------------------------------------------- */

static gboolean
prepare_dark (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error)
{
  const gsize n = input->map->n;
  const double scale = step->value[DARK_SCALE];

  if (!is_there (step, input->dark, "dark frame", error))
    return FALSE;
  recipe->dark = g_new (float, n);
  recipe->dark_variance = g_new (float, n);
  for (gsize k = 0; k < n; k++)
    {
      const double dark = (double) input->dark[k];
      const gboolean sound = isfinite (dark);

      if (!sound)
        saxid_recipe_bad (recipe, n)[k] = 1;
      recipe->dark[k] = sound ? (float) (scale * dark) : 0;
      recipe->dark_variance[k] = sound ? (float) (scale * scale * MAX (dark, 0) / step->value[DARK_FRAMES]) : 0;
    }
  return TRUE;
}

static gboolean
prepare_flat (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe, GError **error)
{
  const gsize n = input->map->n;
  g_autofree float *plane = g_new (float, n);

  if (!is_there (step, input->flat, "flat field", error))
    return FALSE;
  for (gsize k = 0; k < n; k++)
    plane[k] = step->value[0] == 0 ? input->flat[k] : 1 / input->flat[k];
  saxid_recipe_multiply (recipe, plane, n);
  return TRUE;
}

static gboolean
prepare_polarisation (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe,
                      G_GNUC_UNUSED GError **error)
{
  g_autofree float *plane = g_new (float, input->map->n);

  saxid_polarisation_plane (input->map, step->value[POLARISATION_FACTOR], RADIAN (step->value[POLARISATION_AXIS]), plane);
  saxid_recipe_multiply (recipe, plane, input->map->n);
  return TRUE;
}

static gboolean
prepare_solid_angle (G_GNUC_UNUSED const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe,
                     G_GNUC_UNUSED GError **error)
{
  saxid_recipe_multiply (recipe, input->map->solid_angle, input->map->n);
  return TRUE;
}

static gboolean
prepare_absorption (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe, G_GNUC_UNUSED GError **error)
{
  g_autofree float *plane = g_new (float, input->map->n);

  saxid_absorption_plane (input->map, step->value[0], plane);
  saxid_recipe_multiply (recipe, plane, input->map->n);
  return TRUE;
}

static gboolean
prepare_monitor (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe,
                 G_GNUC_UNUSED GError **error)
{
  recipe->by_monitor = TRUE;
  recipe->monitor = step->value[0];
  return TRUE;
}

static gboolean
prepare_transmission (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe,
                      G_GNUC_UNUSED GError **error)
{
  g_autofree float *plane = NULL;

  if (step->value[TRANSMISSION_OBLIQUE] == 0)
    {
      recipe->factor *= step->value[TRANSMISSION_VALUE];
      return TRUE;
    }
  plane = g_new (float, input->map->n);
  saxid_transmission_plane (input->map, step->value[TRANSMISSION_VALUE], plane);
  saxid_recipe_multiply (recipe, plane, input->map->n);
  return TRUE;
}

static gboolean
prepare_thickness (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe,
                   G_GNUC_UNUSED GError **error)
{
  recipe->factor *= step->value[0];
  return TRUE;
}

static gboolean
prepare_calibration (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe,
                     G_GNUC_UNUSED GError **error)
{
  recipe->factor /= step->value[0];
  return TRUE;
}

static gboolean
prepare_clip (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidRecipe *recipe,
              G_GNUC_UNUSED GError **error)
{
  recipe->clip = TRUE;
  recipe->clipping = (SaxidClipRequest) {
    .rule = (SaxidClipRule) step->value[CLIP_RULE],
    .scale = (SaxidClipScale) step->value[CLIP_SCALE],
    .threshold = step->value[CLIP_THRESHOLD],
    .iterations = (guint) step->value[CLIP_ITERATIONS],
  };
  return TRUE;
}

/* ---- integration ---------------------------------------------------------------- */

static gboolean
prepare_integrate (const SaxidStep *step, const SaxidReducerInput *input, SaxidRecipe *recipe, G_GNUC_UNUSED GError **error)
{
  /* the unit of a person over that of the arithmetic */
  static const double units[] = {
    [SAXID_RADIAL_Q] = 1, [SAXID_RADIAL_TWO_THETA] = G_PI / 180, [SAXID_RADIAL_RADIUS] = 1e-3
  };
  SaxidBinningRequest *binning = &recipe->binning;

  binning->radial = (SaxidRadial) step->value[RADIAL];
  binning->n_bin = (gsize) step->value[BINS];
  binning->radial_min = step->value[RADIAL_MIN] * units[binning->radial];
  binning->radial_max = step->value[RADIAL_MAX] * units[binning->radial];
  binning->spacing = (SaxidSpacing) step->value[SPACING];
  binning->chi_min = RADIAN (step->value[CHI_MIN]);
  binning->chi_max = RADIAN (step->value[CHI_MAX]);
  binning->n_azimuth = (gsize) step->value[AZIMUTHS];
  binning->splitting = (SaxidSplitting) step->value[SPLITTING];
  binning->ends = (SaxidEnds) step->value[ENDS];
  binning->below_zero = input->below_zero;
  binning->jobs = input->jobs;
  return TRUE;
}

/* ---- curves ----------------------------------------------------------------------- */

static gboolean
prepare_background (const SaxidStep *step, const SaxidReducerInput *input, G_GNUC_UNUSED SaxidRecipe *recipe, GError **error)
{
  return is_there (step, input->background, "background", error);
}

static gboolean
has_points (const SaxidCurve *curve)
{
  for (gsize k = 0; k < curve->n; k++)
    if (isfinite (curve->intensity[k]))
      return TRUE;
  return FALSE;
}

static gboolean
apply_background (const SaxidStep *step, const SaxidReducerInput *input, SaxidCurve **curve, GError **error)
{
  if (input->background_of != NULL && !has_points (input->background))
    return TRUE; /* an azimuth that no pixel has, of the frames neither */
  return saxid_curve_subtract (*curve, input->background, step->value[0], error);
}

static gboolean
apply_rebin (const SaxidStep *step, G_GNUC_UNUSED const SaxidReducerInput *input, SaxidCurve **curve, GError **error)
{
  const SaxidGrid grid = {
    .n = (gsize) step->value[REBIN_BINS],
    .low = step->value[REBIN_MIN] > 0 ? step->value[REBIN_MIN] : (*curve)->q[0],
    .high = step->value[REBIN_MAX] > 0 ? step->value[REBIN_MAX] : (*curve)->q[(*curve)->n - 1],
    .spacing = (SaxidSpacing) step->value[REBIN_SPACING],
  };
  SaxidCurve *fewer = saxid_curve_rebin (*curve, &grid, (SaxidWeight) step->value[REBIN_WEIGHT], error);

  if (fewer == NULL)
    return FALSE;
  saxid_curve_free (*curve);
  *curve = fewer;
  return TRUE;
}

/* ---- the table ---------------------------------------------------------------------- */

static const SaxidReducerParameter limits_parameters[] = {
  { "low", "counts", "least count of a working pixel", 0, -1e30, 1e30, NULL },
  { "high", "counts", "greatest count that the detector tells apart", 1e30, -1e30, 1e30, NULL },
};

static const SaxidReducerParameter poisson_parameters[] = {
  { "least", "counts", "least variance of one pixel; pyFAI has 1", 0, 0, 1e6, NULL },
};

static const SaxidReducerParameter dark_parameters[] = {
  { "scale", "", "exposure of the frame over that of the dark", 1, 0, 1e6, NULL },
  { "frames", "", "frames that the dark is the mean of", 1, 1, 1e6, NULL },
};

static const SaxidReducerParameter flat_parameters[] = {
  { "kind", "", "response: counts are divided by it; factor: multiplied", 0, 0, 1, flat_kinds },
};

static const SaxidReducerParameter polarisation_parameters[] = {
  { "factor", "", "(I_h - I_v) / (I_h + I_v): synchrotrons 0.9 to 1, tubes 0", 0.95, -1, 1, NULL },
  { "axis", "deg", "of the polarisation, from the rows of the detector", 0, -180, 180, NULL },
};

static const SaxidReducerParameter monitor_parameters[] = {
  { "value", "counts", "incoming beam during the frame; 0 = as the file says", 0, 0, 1e30, NULL },
};

static const SaxidReducerParameter transmission_parameters[] = {
  { "value", "", "of the sample along the beam", 1, 1e-6, 1, NULL },
  { "oblique", "", "whether the longer way out of a flat sample counts", 0, 0, 1, answers },
};

static const SaxidReducerParameter thickness_parameters[] = {
  { "value", "cm", "of the sample along the beam", 0.1, 1e-6, 100, NULL },
};

static const SaxidReducerParameter calibration_parameters[] = {
  { "factor", "", "turns the intensity into 1/cm", 1, 1e-30, 1e30, NULL },
};

static const SaxidReducerParameter absorption_parameters[] = {
  { "transmission", "", "of the sensor at normal incidence: what it does not stop", 0.5, 0, 0.999999, NULL },
};

static const SaxidReducerParameter clip_parameters[] = {
  { "threshold", "σ", "farthest from the centre; 0 = Chauvenet's criterion", 5, 0, 1000, NULL },
  { "rule", "", "centre and scale: the median's, or pyFAI's mean and error model", 0, 0, 1, rules },
  { "scale", "", "of the median: absolute deviations, or counting", 0, 0, 1, scales },
  { "iterations", "", "at most", 5, 1, 100, NULL },
};

static const SaxidReducerParameter integrate_parameters[] = {
  { "bins", "", "points of the curve; 0 = as many as pixels along it", 0, 0, SAXID_GRID_MAX_BINS,
    NULL },
  { "q-min", "1/Å, deg or mm", "0 = the least of the detector", 0, 0, 1e6, NULL },
  { "q-max", "1/Å, deg or mm", "0 = the greatest of the detector", 0, 0, 1e6, NULL },
  { "spacing", "", "equal steps or equal ratios", 0, 0, 1, spacings },
  { "chi-min", "deg", "sector, from the rows of the detector", 0, -360, 360, NULL },
  { "chi-max", "deg", "both 0 = all around", 0, -360, 720, NULL },
  { "splitting", "", "pixels among bins: none, bounding box, quadrilateral", 0, 0, 2, splittings },
  { "radial", "", "what the curve is drawn over", 0, 0, 2, radials },
  { "azimuths", "", "1 = a curve, more = a cake of so many sectors", 1, 1, 3600, NULL },
  { "ends", "", "what hangs over the ends is left out, or as pyFAI has it", 0, 0, 1, ends },
};

static const SaxidReducerParameter background_parameters[] = {
  { "factor", "", "share of the background in the sample", 1, 0, 1e6, NULL },
};

static const SaxidReducerParameter rebin_parameters[] = {
  { "bins", "", "points of the curve", 256, 1, SAXID_GRID_MAX_BINS, NULL },
  { "spacing", "", "equal steps or equal ratios", 1, 0, 1, spacings },
  { "weight", "", "1/σ², or the same for all points", 0, 0, 1, weights },
  { "q-min", "1/Å", "0 = the first point", 0, 0, 100, NULL },
  { "q-max", "1/Å", "0 = the last point", 0, 0, 100, NULL },
};

#define PARAMETERS(table) G_N_ELEMENTS (table), table

static const SaxidReducer reducers[] = {
  { "mask", "drops bad pixels", "NeXus, NXdetector: pixel_mask", SAXID_PHASE_COUNTS, 0, NULL, prepare_mask, NULL },
  { "limits", "drops pixels that count too little or too much",
    "NeXus, NXdetector: underload_value, saturation_value", SAXID_PHASE_COUNTS,
    PARAMETERS (limits_parameters), prepare_limits, NULL },
  { "poisson", "variance of counting", "doi:10.1107/S1600577520000776", SAXID_PHASE_COUNTS,
    PARAMETERS (poisson_parameters), prepare_poisson, NULL },
  { "azimuthal", "variance from the scatter of a bin's pixels", "doi:10.1107/S1600577520000776", SAXID_PHASE_COUNTS, 0, NULL,
    prepare_azimuthal, NULL },
  { "hybrid", "a clip by scatter, variance of counting for what it leaves", "doi:10.1107/S1600577520000776",
    SAXID_PHASE_COUNTS, PARAMETERS (poisson_parameters), prepare_hybrid, NULL },
  { "variance", "variance of each pixel, from frames of it", "doi:10.1107/S1600577520000776", SAXID_PHASE_COUNTS, 0, NULL,
    prepare_variance, NULL },
  { "dark", "takes the dark frame from the signal", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (dark_parameters), prepare_dark, NULL },
  { "flat", "efficiency of each pixel", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (flat_parameters), prepare_flat, NULL },
  { "polarisation", "share of the beam that can scatter to a pixel", "doi:10.1107/S0021889882012060",
    SAXID_PHASE_PIXELS, PARAMETERS (polarisation_parameters), prepare_polarisation, NULL },
  { "solid-angle", "how much of the sphere a pixel sees", "doi:10.1088/1742-6596/425/20/202012",
    SAXID_PHASE_PIXELS, 0, NULL, prepare_solid_angle, NULL },
  { "absorption", "longer way through the sensor at an angle", "J. Appl. Cryst. 31 (1998) 302", SAXID_PHASE_PIXELS,
    PARAMETERS (absorption_parameters), prepare_absorption, NULL },
  { "monitor", "incoming beam", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (monitor_parameters), prepare_monitor, NULL },
  { "transmission", "what the sample lets through", "doi:10.1107/S0021889806051442", SAXID_PHASE_PIXELS,
    PARAMETERS (transmission_parameters), prepare_transmission, NULL },
  { "thickness", "per centimetre of sample", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (thickness_parameters), prepare_thickness, NULL },
  { "calibration", "absolute scale from a standard", "doi:10.1107/S1600576717015096",
    SAXID_PHASE_PIXELS, PARAMETERS (calibration_parameters), prepare_calibration, NULL },
  { "clip", "drops pixels unlike the others of their bin", "doi:10.3847/1538-4365/aad23d", SAXID_PHASE_PIXELS,
    PARAMETERS (clip_parameters), prepare_clip, NULL },
  { "integrate", "pixels to points", "doi:10.1107/S1600577520000776", SAXID_PHASE_INTEGRATE,
    PARAMETERS (integrate_parameters), prepare_integrate, NULL },
  { "background", "takes the background curve away", "doi:10.1107/S1600576717015096", SAXID_PHASE_CURVE,
    PARAMETERS (background_parameters), prepare_background, apply_background },
  { "rebin", "fewer points", "doi:10.1107/S1600576717015096", SAXID_PHASE_CURVE,
    PARAMETERS (rebin_parameters), NULL, apply_rebin },
};

const SaxidReducer *
saxid_reducer_at (guint index)
{
  return index < G_N_ELEMENTS (reducers) ? &reducers[index] : NULL;
}

const SaxidReducer *
saxid_reducer_find (const char *name)
{
  for (gsize k = 0; k < G_N_ELEMENTS (reducers); k++)
    if (strcmp (reducers[k].name, name) == 0)
      return &reducers[k];
  return NULL;
}

int
saxid_reducer_parameter_index (const SaxidReducer *reducer, const char *name)
{
  for (guint k = 0; k < reducer->n_parameter; k++)
    if (strcmp (reducer->parameter[k].name, name) == 0)
      return (int) k;
  return -1;
}
