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
static const char *const weights[] = { "variance", "count", NULL };

static gboolean
is_there (const SaxidStep *step, gconstpointer input, const char *what, GError **error)
{
  if (input != NULL)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "chain has the step '%s', and no %s was given",
               step->reducer->name, what);
  return FALSE;
}

static gboolean
apply_mask (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  if (step->input.mask != NULL)
    saxid_mask_apply (state->pixels, step->input.mask);
  return TRUE;
}

static gboolean
apply_limits (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_limits_apply (state->pixels, step->value[0], step->value[1]);
  return TRUE;
}

static gboolean
apply_poisson (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_poisson_apply (state->pixels, step->value[0]);
  return TRUE;
}

static gboolean
prepare_dark (SaxidStep *step, GError **error)
{
  return is_there (step, step->input.dark, "dark frame", error);
}

static gboolean
apply_dark (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_dark_apply (state->pixels, step->input.dark, step->value[0], step->value[1]);
  return TRUE;
}

static gboolean
prepare_flat (SaxidStep *step, GError **error)
{
  gsize n = step->input.map->n;

  if (!is_there (step, step->input.flat, "flat field", error))
    return FALSE;
  step->plane = g_new (float, n);
  for (gsize k = 0; k < n; k++)
    step->plane[k] = step->value[0] == 0 ? step->input.flat[k] : 1 / step->input.flat[k];
  return TRUE;
}

static gboolean
prepare_polarisation (SaxidStep *step, G_GNUC_UNUSED GError **error)
{
  step->plane = g_new (float, step->input.map->n);
  saxid_polarisation_plane (step->input.map, step->value[0], RADIAN (step->value[1]), step->plane);
  return TRUE;
}

static gboolean
prepare_solid_angle (SaxidStep *step, G_GNUC_UNUSED GError **error)
{
  step->plane = g_memdup2 (step->input.map->solid_angle, step->input.map->n * sizeof (float));
  return TRUE;
}

static gboolean
prepare_transmission (SaxidStep *step, G_GNUC_UNUSED GError **error)
{
  gsize n = step->input.map->n;

  step->plane = g_new (float, n);
  if (step->value[1] != 0)
    saxid_transmission_plane (step->input.map, step->value[0], step->plane);
  else
    for (gsize k = 0; k < n; k++)
      step->plane[k] = (float) step->value[0];
  return TRUE;
}

static gboolean
apply_plane (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_normalise_plane (state->pixels, step->plane);
  return TRUE;
}

static gboolean
apply_monitor (const SaxidStep *step, SaxidReducerState *state, GError **error)
{
  double monitor = step->value[0] > 0 ? step->value[0] : state->monitor;

  if (!(monitor > 0 && isfinite (monitor)))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA,
                   "monitor of the frame is %g, a positive count is needed", monitor);
      return FALSE;
    }
  saxid_normalise_frame (state->pixels, monitor);
  return TRUE;
}

static gboolean
apply_factor (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_normalise_frame (state->pixels, step->value[0]);
  return TRUE;
}

static gboolean
apply_calibration (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_normalise_frame (state->pixels, 1 / step->value[0]);
  return TRUE;
}

static gboolean
prepare_integrate (SaxidStep *step, GError **error)
{
  const SaxidPlanRequest request = {
    .n_bin = (gsize) step->value[0],
    .q_min = step->value[1],
    .q_max = step->value[2],
    .spacing = (SaxidSpacing) step->value[3],
    .chi_min = RADIAN (step->value[4]),
    .chi_max = RADIAN (step->value[5]),
  };

  step->plan = saxid_plan_new (step->input.map, step->input.mask, &request, error);
  return step->plan != NULL;
}

static gboolean
apply_integrate (const SaxidStep *step, SaxidReducerState *state, G_GNUC_UNUSED GError **error)
{
  saxid_integrate (step->plan, state->pixels, state->sums);
  return TRUE;
}

static gboolean
prepare_background (SaxidStep *step, GError **error)
{
  return is_there (step, step->input.background, "background", error);
}

static gboolean
apply_background (const SaxidStep *step, SaxidReducerState *state, GError **error)
{
  return saxid_curve_subtract (state->curve, step->input.background, step->value[0], error);
}

static gboolean
apply_rebin (const SaxidStep *step, SaxidReducerState *state, GError **error)
{
  gsize n = state->curve->n;
  const SaxidGrid grid = {
    .n = (gsize) step->value[0],
    .low = step->value[3] > 0 ? step->value[3] : state->curve->q[0],
    .high = step->value[4] > 0 ? step->value[4] : state->curve->q[n - 1],
    .spacing = (SaxidSpacing) step->value[1],
  };
  SaxidCurve *fewer = saxid_curve_rebin (state->curve, &grid, (SaxidWeight) step->value[2], error);

  if (fewer == NULL)
    return FALSE;
  saxid_curve_free (state->curve);
  state->curve = fewer;
  return TRUE;
}

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

static const SaxidReducerParameter integrate_parameters[] = {
  { "bins", "", "points of the curve; 0 = as many as pixels along it", 0, 0, SAXID_GRID_MAX_BINS,
    NULL },
  { "q-min", "1/Å", "0 = the least of the detector", 0, 0, 100, NULL },
  { "q-max", "1/Å", "0 = the greatest of the detector", 0, 0, 100, NULL },
  { "spacing", "", "equal steps or equal ratios", 0, 0, 1, spacings },
  { "chi-min", "deg", "sector, from the rows of the detector", 0, -360, 360, NULL },
  { "chi-max", "deg", "both 0 = all around", 0, -360, 720, NULL },
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
  { "mask", "drops bad pixels", "NeXus, NXdetector: pixel_mask", SAXID_PHASE_COUNTS, 0, NULL, NULL,
    apply_mask },
  { "limits", "drops pixels that count too little or too much",
    "NeXus, NXdetector: underload_value, saturation_value", SAXID_PHASE_COUNTS,
    PARAMETERS (limits_parameters), NULL, apply_limits },
  { "poisson", "variance of counting", "doi:10.1107/S1600577520000776", SAXID_PHASE_COUNTS,
    PARAMETERS (poisson_parameters), NULL, apply_poisson },
  { "dark", "takes the dark frame from the signal", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (dark_parameters), prepare_dark, apply_dark },
  { "flat", "efficiency of each pixel", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (flat_parameters), prepare_flat, apply_plane },
  { "polarisation", "share of the beam that can scatter to a pixel", "doi:10.1107/S0021889882012060",
    SAXID_PHASE_PIXELS, PARAMETERS (polarisation_parameters), prepare_polarisation, apply_plane },
  { "solid-angle", "how much of the sphere a pixel sees", "doi:10.1088/1742-6596/425/20/202012",
    SAXID_PHASE_PIXELS, 0, NULL, prepare_solid_angle, apply_plane },
  { "monitor", "incoming beam", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (monitor_parameters), NULL, apply_monitor },
  { "transmission", "what the sample lets through", "doi:10.1107/S0021889806051442", SAXID_PHASE_PIXELS,
    PARAMETERS (transmission_parameters), prepare_transmission, apply_plane },
  { "thickness", "per centimetre of sample", "doi:10.1107/S1600576717015096", SAXID_PHASE_PIXELS,
    PARAMETERS (thickness_parameters), NULL, apply_factor },
  { "calibration", "absolute scale from a standard", "doi:10.1107/S1600576717015096",
    SAXID_PHASE_PIXELS, PARAMETERS (calibration_parameters), NULL, apply_calibration },
  { "integrate", "pixels to points", "doi:10.1107/S1600577520000776", SAXID_PHASE_INTEGRATE,
    PARAMETERS (integrate_parameters), prepare_integrate, apply_integrate },
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
