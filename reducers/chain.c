/* Which reducers, in which order, with which parameters?
 *
 * Thread: see chain.h.
 */
#include "reducers/chain.h"

#include <math.h>
#include <string.h>

#include "reducers/error.h"

#define GROUP "chain"
#define KEY "reducers"

struct SaxidChain
{
  GArray *steps; /* of SaxidStep */
};

struct SaxidPreparedChain
{
  GArray *steps; /* of SaxidStep */
  SaxidReducerInput input;
  gsize n_pixel;
  SaxidRecipe recipe;
  SaxidBinningPixels pixels; /* the planes of the recipe */
  SaxidBinning *binning;
  SaxidClip *clip; /* or NULL */
};

struct SaxidChainScratch
{
  const SaxidPreparedChain *prepared;
  SaxidIntegrator *integrator;
  SaxidSums *sums[SAXID_LANES];
  guint8 *found[SAXID_LANES]; /* masks of the clip, made when they are needed */
  SaxidClipScratch *clip;
};

static SaxidStep *
step_at (const GArray *steps, guint index)
{
  return &g_array_index (steps, SaxidStep, index);
}

static SaxidStep *
find_step (const SaxidChain *chain, const char *name)
{
  for (guint k = 0; k < chain->steps->len; k++)
    if (strcmp (step_at (chain->steps, k)->reducer->name, name) == 0)
      return step_at (chain->steps, k);
  return NULL;
}

static GArray *
new_steps (void)
{
  return g_array_new (FALSE, TRUE, sizeof (SaxidStep));
}

static SaxidStep
fresh_step (const SaxidReducer *reducer)
{
  SaxidStep step = { .reducer = reducer };

  for (guint k = 0; k < reducer->n_parameter; k++)
    step.value[k] = reducer->parameter[k].initial;
  return step;
}

static SaxidChain *
empty_chain (void)
{
  SaxidChain *chain = g_new0 (SaxidChain, 1);

  chain->steps = new_steps ();
  return chain;
}

SaxidChain *
saxid_chain_new (void)
{
  static const char *const always[] = { "mask", "limits", "poisson", "solid-angle", "integrate" };
  SaxidChain *chain = empty_chain ();

  for (gsize k = 0; k < G_N_ELEMENTS (always); k++)
    {
      SaxidStep step = fresh_step (saxid_reducer_find (always[k]));

      g_array_append_val (chain->steps, step);
    }
  return chain;
}

SaxidChain *
saxid_chain_copy (const SaxidChain *chain)
{
  SaxidChain *copy = empty_chain ();

  g_array_append_vals (copy->steps, chain->steps->data, chain->steps->len);
  return copy;
}

void
saxid_chain_free (SaxidChain *chain)
{
  if (chain == NULL)
    return;
  g_array_unref (chain->steps);
  g_free (chain);
}

gboolean
saxid_chain_has (const SaxidChain *chain, const char *reducer)
{
  return find_step (chain, reducer) != NULL;
}

static const SaxidReducer *
known_reducer (const char *name, GError **error)
{
  const SaxidReducer *reducer = saxid_reducer_find (name);
  g_autoptr (GString) names = NULL;

  if (reducer != NULL)
    return reducer;
  names = g_string_new (NULL);
  for (guint k = 0; saxid_reducer_at (k) != NULL; k++)
    g_string_append_printf (names, "%s%s", k > 0 ? ", " : "", saxid_reducer_at (k)->name);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "reducer '%s' is not known, there are %s",
               name, names->str);
  return NULL;
}

gboolean
saxid_chain_add (SaxidChain *chain, const char *name, GError **error)
{
  const SaxidReducer *reducer = known_reducer (name, error);
  SaxidStep step;
  guint at;

  if (reducer == NULL)
    return FALSE;
  if (saxid_chain_has (chain, name))
    return TRUE;
  step = fresh_step (reducer);
  /* rows of one table: the address tells the order */
  for (at = 0; at < chain->steps->len && step_at (chain->steps, at)->reducer->phase <= reducer->phase
               && step_at (chain->steps, at)->reducer < reducer;
       at++)
    ;
  g_array_insert_val (chain->steps, at, step);
  return TRUE;
}

void
saxid_chain_remove (SaxidChain *chain, const char *reducer)
{
  const SaxidStep *step = find_step (chain, reducer);

  if (step != NULL)
    g_array_remove_index (chain->steps, (guint) (step - step_at (chain->steps, 0)));
}

/* "0, 1 to 2 is possible" for a number, "'x', a or b is possible" for a choice. */
static gboolean
check_value (const SaxidReducer *reducer, guint index, double value, GError **error)
{
  const SaxidReducerParameter *parameter = &reducer->parameter[index];

  if (value >= parameter->lower && value <= parameter->upper
      && (parameter->choices == NULL || value == floor (value)))
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "%s of the reducer '%s' is %g, %g to %g is possible"
               "%s%s",
               parameter->name, reducer->name, value, parameter->lower, parameter->upper,
               *parameter->unit != '\0' ? " in " : "", parameter->unit);
  return FALSE;
}

static gboolean
parameter_index (const SaxidReducer *reducer, const char *name, guint *index, GError **error)
{
  int at = saxid_reducer_parameter_index (reducer, name);
  g_autoptr (GString) names = NULL;

  if (at >= 0)
    {
      *index = (guint) at;
      return TRUE;
    }
  names = g_string_new (NULL);
  for (guint k = 0; k < reducer->n_parameter; k++)
    g_string_append_printf (names, "%s%s", k > 0 ? ", " : "", reducer->parameter[k].name);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "reducer '%s' has no parameter '%s', it has %s", reducer->name, name,
               names->len > 0 ? names->str : "none");
  return FALSE;
}

gboolean
saxid_chain_set (SaxidChain *chain, const char *name, const char *parameter, double value,
                 GError **error)
{
  const SaxidReducer *reducer = known_reducer (name, error);
  guint index;

  if (reducer == NULL || !parameter_index (reducer, parameter, &index, error)
      || !check_value (reducer, index, value, error) || !saxid_chain_add (chain, name, error))
    return FALSE;
  find_step (chain, name)->value[index] = value;
  return TRUE;
}

double
saxid_chain_get (const SaxidChain *chain, const char *name, const char *parameter)
{
  const SaxidReducer *reducer = saxid_reducer_find (name);
  const SaxidStep *step = find_step (chain, name);
  int index = reducer != NULL ? saxid_reducer_parameter_index (reducer, parameter) : -1;

  g_return_val_if_fail (index >= 0, NAN);
  return step != NULL ? step->value[index] : reducer->parameter[index].initial;
}

/* A number, or the name of a choice. */
static gboolean
parse_value (const SaxidReducer *reducer, guint index, const char *text, double *value, GError **error)
{
  const SaxidReducerParameter *parameter = &reducer->parameter[index];
  char *end;

  for (guint k = 0; parameter->choices != NULL && parameter->choices[k] != NULL; k++)
    if (strcmp (text, parameter->choices[k]) == 0)
      {
        *value = k;
        return TRUE;
      }
  if (parameter->choices != NULL)
    {
      g_autofree char *choices = g_strjoinv (" or ", (char **) parameter->choices);

      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%s of the reducer '%s' is '%s', %s is possible", parameter->name, reducer->name,
                   text, choices);
      return FALSE;
    }
  *value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0')
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "%s of the reducer '%s' is '%s', a number is needed", parameter->name, reducer->name,
                   text);
      return FALSE;
    }
  return check_value (reducer, index, *value, error);
}

static gboolean
parse_order (SaxidChain *chain, GKeyFile *file, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_string_list (file, GROUP, KEY, NULL, NULL);
  guint n_integrate = 0;

  if (names == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "key '%s' of the group [%s] is missing",
                   KEY, GROUP);
      return FALSE;
    }
  for (char **name = names; *name != NULL; name++)
    {
      const SaxidReducer *reducer = known_reducer (g_strstrip (*name), error);
      const SaxidReducer *before;
      SaxidStep step;

      if (reducer == NULL)
        return FALSE;
      if (saxid_chain_has (chain, reducer->name))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "reducer '%s' is in the chain twice",
                       reducer->name);
          return FALSE;
        }
      before = chain->steps->len > 0 ? step_at (chain->steps, chain->steps->len - 1)->reducer : NULL;
      if (before != NULL && before->phase > reducer->phase)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                       "reducer '%s' comes after '%s', it must come before", reducer->name,
                       before->name);
          return FALSE;
        }
      n_integrate += reducer->phase == SAXID_PHASE_INTEGRATE;
      step = fresh_step (reducer);
      g_array_append_val (chain->steps, step);
    }
  if (n_integrate != 1)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                           "chain has no 'integrate', one is needed");
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse_group (SaxidChain *chain, GKeyFile *file, const char *group, GError **error)
{
  const SaxidReducer *reducer = known_reducer (group, error);
  g_auto (GStrv) keys = NULL;
  SaxidStep *step;

  if (reducer == NULL)
    return FALSE;
  step = find_step (chain, group);
  if (step == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "group [%s] is given, and the chain has no such step", group);
      return FALSE;
    }
  keys = g_key_file_get_keys (file, group, NULL, NULL);
  for (char **key = keys; *key != NULL; key++)
    {
      g_autofree char *text = g_key_file_get_string (file, group, *key, NULL);
      guint index;

      if (!parameter_index (reducer, *key, &index, error)
          || !parse_value (reducer, index, text != NULL ? g_strstrip (text) : "", &step->value[index],
                           error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_groups (SaxidChain *chain, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (char **group = groups; *group != NULL; group++)
    if (strcmp (*group, GROUP) != 0 && !parse_group (chain, file, *group, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_chain_keys (GKeyFile *file, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  for (char **key = keys; key != NULL && *key != NULL; key++)
    if (strcmp (*key, KEY) != 0)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "group [%s] has no key '%s', it has %s",
                     GROUP, *key, KEY);
        return FALSE;
      }
  return TRUE;
}

SaxidChain *
saxid_chain_parse (const char *text, const char *place, GError **error)
{
  g_autoptr (SaxidChain) chain = empty_chain ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) reason = NULL;

  if (!g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, &reason))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "chain is no key file: %s", reason->message);
      saxid_error_add_place (error, "%s", place);
      return NULL;
    }
  if (!check_chain_keys (file, error) || !parse_order (chain, file, error) || !parse_groups (chain, file, error))
    {
      saxid_error_add_place (error, "%s", place);
      return NULL;
    }
  return g_steal_pointer (&chain);
}

char *
saxid_chain_to_string (const SaxidChain *chain)
{
  GString *text = g_string_new ("[" GROUP "]\n" KEY " =");

  for (guint k = 0; k < chain->steps->len; k++)
    g_string_append_printf (text, " %s;", step_at (chain->steps, k)->reducer->name);
  g_string_append_c (text, '\n');

  for (guint k = 0; k < chain->steps->len; k++)
    {
      const SaxidStep *step = step_at (chain->steps, k);
      const SaxidReducer *reducer = step->reducer;

      if (reducer->n_parameter > 0)
        g_string_append_printf (text, "\n[%s]\n", reducer->name);
      for (guint i = 0; i < reducer->n_parameter; i++)
        {
          const SaxidReducerParameter *parameter = &reducer->parameter[i];
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          g_string_append_printf (text, "%s = %s\n", parameter->name,
                                  parameter->choices != NULL
                                      ? parameter->choices[(guint) step->value[i]]
                                      : g_ascii_dtostr (number, sizeof number, step->value[i]));
        }
    }
  return g_string_free (text, FALSE);
}

/* Every step writes its part into the recipe. */
static gboolean
follow_steps (SaxidPreparedChain *prepared, GError **error)
{
  gboolean integrates = FALSE;

  for (guint k = 0; k < prepared->steps->len; k++)
    {
      const SaxidStep *step = step_at (prepared->steps, k);

      if (step->reducer->prepare != NULL && !step->reducer->prepare (step, &prepared->input, &prepared->recipe, error))
        return FALSE;
      integrates |= step->reducer->phase == SAXID_PHASE_INTEGRATE;
    }
  if (!integrates)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "chain has no 'integrate', one is needed");
  return integrates;
}

SaxidPreparedChain *
saxid_chain_prepare (const SaxidChain *chain, const SaxidReducerInput *input, GError **error)
{
  g_autoptr (SaxidPreparedChain) prepared = g_new0 (SaxidPreparedChain, 1);

  g_return_val_if_fail (input->map != NULL, NULL);

  prepared->input = *input;
  prepared->n_pixel = input->map->n;
  prepared->recipe = (SaxidRecipe) { .factor = 1, .binning.errors = SAXID_ERRORS_NONE };
  prepared->steps = new_steps ();
  g_array_append_vals (prepared->steps, chain->steps->data, chain->steps->len);
  if (!follow_steps (prepared, error))
    return NULL;
  prepared->pixels = (SaxidBinningPixels) {
    .bad = prepared->recipe.bad,
    .normalisation = prepared->recipe.normalisation,
    .dark = prepared->recipe.dark,
    .dark_variance = prepared->recipe.dark_variance,
  };
  prepared->binning = saxid_binning_new (input->map, &prepared->pixels, &prepared->recipe.binning, error);
  if (prepared->binning == NULL)
    return NULL;
  if (prepared->recipe.clip)
    prepared->clip = saxid_clip_new (input->map, &prepared->recipe.binning, saxid_binning_bins (prepared->binning),
                                     &prepared->pixels, &prepared->recipe.clipping);
  return g_steal_pointer (&prepared);
}

void
saxid_prepared_chain_free (SaxidPreparedChain *prepared)
{
  if (prepared == NULL)
    return;
  g_array_unref (prepared->steps);
  saxid_clip_free (prepared->clip);
  saxid_binning_free (prepared->binning);
  saxid_recipe_clear (&prepared->recipe);
  g_free (prepared);
}

const SaxidBins *
saxid_prepared_chain_bins (const SaxidPreparedChain *prepared)
{
  return saxid_binning_bins (prepared->binning);
}

const SaxidRecipe *
saxid_prepared_chain_recipe (const SaxidPreparedChain *prepared)
{
  return &prepared->recipe;
}

const SaxidBinning *
saxid_prepared_chain_integration (const SaxidPreparedChain *prepared)
{
  return prepared->binning;
}

gboolean
saxid_prepared_chain_needs_whole_frames (const SaxidPreparedChain *prepared)
{
  return prepared->clip != NULL || saxid_binning_needs_whole_frames (prepared->binning);
}

SaxidChainScratch *
saxid_chain_scratch_new (const SaxidPreparedChain *prepared)
{
  SaxidChainScratch *scratch = g_new0 (SaxidChainScratch, 1);

  scratch->prepared = prepared;
  scratch->integrator = saxid_integrator_new (prepared->binning);
  for (guint k = 0; k < SAXID_LANES; k++)
    scratch->sums[k] = saxid_sums_new (saxid_binning_size (prepared->binning));
  if (prepared->clip != NULL)
    scratch->clip = saxid_clip_scratch_new (prepared->clip);
  return scratch;
}

void
saxid_chain_scratch_free (SaxidChainScratch *scratch)
{
  if (scratch == NULL)
    return;
  for (guint k = 0; k < SAXID_LANES; k++)
    {
      saxid_sums_free (scratch->sums[k]);
      g_free (scratch->found[k]);
    }
  saxid_integrator_free (scratch->integrator);
  saxid_clip_scratch_free (scratch->clip);
  g_free (scratch);
}

void
saxid_chain_integrate (SaxidChainScratch *scratch, const SaxidFrames *frames)
{
  const SaxidPreparedChain *prepared = scratch->prepared;
  SaxidFrames clipped = *frames;

  for (guint k = 0; prepared->clip != NULL && k < frames->n; k++)
    {
      if (scratch->found[k] == NULL)
        scratch->found[k] = g_new (guint8, prepared->n_pixel);
      saxid_clip_find (prepared->clip, scratch->clip, frames, k, scratch->found[k]);
      clipped.bad[k] = scratch->found[k];
    }
  saxid_integrate (scratch->integrator, &clipped, scratch->sums);
}

void
saxid_chain_begin (SaxidChainScratch *scratch, guint n)
{
  saxid_integrate_begin (scratch->integrator, n);
}

void
saxid_chain_strip (SaxidChainScratch *scratch, gsize strip, const SaxidFrames *frames)
{
  saxid_integrate_strip (scratch->integrator, strip, frames);
}

void
saxid_chain_end (SaxidChainScratch *scratch, const SaxidFrames *frames)
{
  saxid_integrate_end (scratch->integrator, frames, scratch->sums);
}

const guint8 *
saxid_chain_found (const SaxidChainScratch *scratch, guint lane)
{
  return scratch->found[lane];
}

SaxidSums *
saxid_chain_sums (SaxidChainScratch *scratch, guint lane, double monitor, GError **error)
{
  const SaxidRecipe *recipe = &scratch->prepared->recipe;
  double factor = recipe->factor;

  if (recipe->by_monitor)
    {
      if (recipe->monitor > 0)
        monitor = recipe->monitor;
      if (!(monitor > 0 && isfinite (monitor)))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "monitor of the frame is %g, a positive count is needed",
                       monitor);
          return NULL;
        }
      factor *= monitor;
    }
  if (factor != 1)
    saxid_sums_weigh (scratch->sums[lane], factor);
  return scratch->sums[lane];
}

/* Sums of all azimuths together have the background of all. */
static const SaxidCurve *
background_of (const SaxidPreparedChain *prepared, const SaxidSums *sums, gsize azimuth)
{
  return prepared->input.background_of != NULL && sums->n > saxid_binning_grid (prepared->binning)->n
           ? prepared->input.background_of[azimuth]
           : prepared->input.background;
}

gboolean
saxid_chain_subtract (const SaxidPreparedChain *prepared, const SaxidSums *sums, gsize azimuth, SaxidCurve *curve, GError **error)
{
  const SaxidCurve *background = background_of (prepared, sums, azimuth);

  for (guint k = 0; background != NULL && k < prepared->steps->len; k++)
    {
      const SaxidStep *step = step_at (prepared->steps, k);
      SaxidReducerInput input = prepared->input;

      input.background = background;
      if (strcmp (step->reducer->name, "background") == 0 && !step->reducer->apply (step, &input, &curve, error))
        return FALSE;
    }
  return TRUE;
}

SaxidCurve *
saxid_chain_curve (const SaxidPreparedChain *prepared, const SaxidSums *sums, gsize azimuth, GError **error)
{
  g_autoptr (SaxidCurve) curve = saxid_sums_curve (sums, saxid_binning_grid (prepared->binning), azimuth);
  SaxidReducerInput input = prepared->input;

  input.background = background_of (prepared, sums, azimuth);
  for (guint k = 0; k < prepared->steps->len; k++)
    {
      const SaxidStep *step = step_at (prepared->steps, k);

      if (step->reducer->apply != NULL && !step->reducer->apply (step, &input, &curve, error))
        return NULL;
    }
  if (prepared->recipe.binning.errors == SAXID_ERRORS_NONE) /* that of one count serves as a weight, and is no error bar */
    g_clear_pointer (&curve->sigma, g_free);
  return g_steal_pointer (&curve);
}
