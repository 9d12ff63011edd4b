/* How does a model file become a predictor, and back?
 *
 * Thread: a loaded model is immutable.
 */
#include "config.h"
#include "plugin/model.h"

#include <dlfcn.h>
#include <math.h>
#include <string.h>

#include "models/learn/portrait.h"
#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/learn/model-file.h"

#define SHIPPED "field"
#define SUFFIX ".saxid-model"
/* Of each part of the odds. */
#define MOST_STRANGENESS 1e4

/* The numbers of a predictor that are one value each. */
static const struct
{
  const char *name;
  gsize offset;
  double lower, upper;
} scalars[] = {
  { "temperature", G_STRUCT_OFFSET (SaxidPredictor, temperature), 1e-3, 1e3 },
  { "set_threshold", G_STRUCT_OFFSET (SaxidPredictor, set_threshold), 0, 1 },
  { "outlier_limit", G_STRUCT_OFFSET (SaxidPredictor, outlier_limit), 0, 1 },
  { "least_coverage", G_STRUCT_OFFSET (SaxidPredictor, least_coverage), 0, 1 },
};

void
saxid_model_free (SaxidModel *model)
{
  if (model == NULL)
    return;
  saxid_predictor_free (model->predictor);
  saxid_atlas_free (model->atlas);
  g_free (model->path);
  g_free (model->file_name);
  g_free (model->sha256);
  g_free (model->card);
  g_free (model);
}

SaxidForms
saxid_model_forms (const SaxidModel *model)
{
  const SaxidPredictor *predictor = model->predictor;

  return (SaxidForms) { model->atlas, predictor->n_class, predictor->class_name };
}

/* What a predictor that looks at resampled curves has, and one that looks at portraits
 * has not. */
static gboolean
add_grid (SaxidModelFile *file, const SaxidPredictor *self, GError **error)
{
  g_autoptr (GBytes) trees = saxid_trees_to_bytes (self->trees, error);
  const SaxidNovelty *novelty = self->novelty;

  if (trees == NULL)
    return FALSE;
  saxid_model_file_set_text (file, "preprocess", saxid_preprocess_operators (self->preprocess));
  saxid_model_file_set_array (file, "grid", 0, self->width, self->grid);
  if (saxid_preprocess_learned_rows (self->preprocess) > 0)
    saxid_model_file_set_array (file, "preprocess_learned",
                                saxid_preprocess_learned_rows (self->preprocess), self->width,
                                saxid_preprocess_learned (self->preprocess));
  saxid_model_file_set_array (file, "novelty_mean", 0, novelty->width, novelty->mean);
  saxid_model_file_set_array (file, "novelty_component", novelty->n_component, novelty->width,
                              novelty->component);
  saxid_model_file_set_array (file, "novelty_variance", 0, novelty->n_component, novelty->variance);
  saxid_model_file_set_array (file, "novelty_residual", 0, novelty->width, novelty->residual);
  saxid_model_file_set_array (file, "novelty_quantile", 0, SAXID_NOVELTY_QUANTILES,
                              novelty->quantile);
  saxid_model_file_set_blob (file, "trees", trees);
  return TRUE;
}

gboolean
saxid_model_save (const SaxidPredictor *self, const SaxidAtlas *atlas, const char *card, const char *path,
                  GError **error)
{
  g_autoptr (SaxidModelFile) file = saxid_model_file_new ();
  g_autofree char *classes = g_strjoinv ("\n", self->class_name);

  saxid_model_file_set_text (file, "card", card);
  saxid_model_file_set_text (file, "algorithm", self->algorithm);
  saxid_model_file_set_text (file, "class", classes);
  for (guint k = 0; k < G_N_ELEMENTS (scalars); k++)
    saxid_model_file_set_array (file, scalars[k].name, 0, 1,
                                &G_STRUCT_MEMBER (double, self, scalars[k].offset));
  if (!saxid_predictor_is_portrayed (self) && !add_grid (file, self, error))
    return FALSE;
  if (self->network != NULL)
    {
      const double latent = self->latent;
      g_autoptr (GBytes) weights = saxid_network_to_bytes (self->network);

      saxid_model_file_set_text (file, "network", self->network->text);
      saxid_model_file_set_array (file, "network_latent", 0, 1, &latent);
      saxid_model_file_set_blob (file, "network_weights", weights);
    }
  if (self->gallery != NULL)
    {
      const double strangeness[] = { self->strangeness.offset, self->strangeness.margin, self->strangeness.distance };
      const double folded[] = { self->merged_temperature, self->merged_threshold };
      g_autoptr (GBytes) bytes = saxid_gallery_to_bytes (self->gallery);

      saxid_model_file_set_array (file, "folded", 0, G_N_ELEMENTS (folded), folded);
      saxid_model_file_set_blob (file, "gallery", bytes);
      saxid_model_file_set_array (file, "strangeness", 0, G_N_ELEMENTS (strangeness), strangeness);
    }
  if (atlas != NULL)
    {
      g_autoptr (GBytes) bytes = saxid_atlas_to_bytes (atlas);

      saxid_model_file_set_blob (file, "atlas", bytes);
    }
  return saxid_model_file_write (file, path, error);
}

static gboolean
copy_vector (const SaxidModelFile *file, const char *name, gsize rows, gsize columns, double *out,
             GError **error)
{
  const SaxidModelArray *array = saxid_model_file_array (file, name, rows, columns, error);
  gsize count = MAX (rows, 1) * columns;

  if (array == NULL)
    return FALSE;
  for (gsize k = 0; k < count; k++)
    {
      if (!isfinite (array->values[k]))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                       "model array '%s' is not finite at %" G_GSIZE_FORMAT, name, k);
          return FALSE;
        }
      out[k] = array->values[k];
    }
  return TRUE;
}

/* Variances and standard deviations divide, and a table of quantiles is searched. */
static gboolean
check_order (const char *name, gsize count, const double *values, gboolean ascending, GError **error)
{
  for (gsize k = 0; k < count; k++)
    if (ascending ? k > 0 && values[k] < values[k - 1] : values[k] <= 0)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model array '%s' is not %s at %" G_GSIZE_FORMAT,
                     name, ascending ? "ascending" : "positive", k);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_scalars (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  for (guint k = 0; k < G_N_ELEMENTS (scalars); k++)
    {
      double *value = &G_STRUCT_MEMBER (double, self, scalars[k].offset);

      if (!copy_vector (file, scalars[k].name, 0, 1, value, error))
        return FALSE;
      if (*value < scalars[k].lower || *value > scalars[k].upper)
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model %s is %g, %g to %g is possible",
                       scalars[k].name, *value, scalars[k].lower, scalars[k].upper);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_grid (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  const SaxidModelArray *grid = saxid_model_file_array (file, "grid", 0, G_MAXSIZE, error);

  if (grid == NULL)
    return FALSE;
  self->width = grid->dims[0];
  if (self->width < 2 || self->width > 1000000)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "model grid has %" G_GSIZE_FORMAT " points, 2 to 1000000 are possible", self->width);
      return FALSE;
    }
  self->grid = g_new (double, self->width);
  if (!copy_vector (file, "grid", 0, self->width, self->grid, error))
    return FALSE;
  for (gsize k = 0; k < self->width; k++)
    if (!(self->grid[k] > (k > 0 ? self->grid[k - 1] : 0)))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                     "model grid is not positive and ascending at point %" G_GSIZE_FORMAT, k);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_preprocess (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  const char *operators = saxid_model_file_text (file, "preprocess", error);
  g_autofree double *learned = NULL;
  gsize rows;

  if (operators == NULL)
    return FALSE;
  self->preprocess = saxid_preprocess_new (operators, self->width, self->grid, error);
  if (self->preprocess == NULL)
    return FALSE;
  rows = saxid_preprocess_learned_rows (self->preprocess);
  if (rows == 0)
    return TRUE;
  learned = g_new (double, rows * self->width);
  if (!copy_vector (file, "preprocess_learned", rows, self->width, learned, error))
    return FALSE;
  for (gsize r = 1; r < rows; r += 2) /* mean, sd, mean, sd … */
    if (!check_order ("preprocess_learned", self->width, learned + r * self->width, FALSE, error))
      return FALSE;
  saxid_preprocess_restore (self->preprocess, learned);
  return TRUE;
}

/* A model without a network has none of its parts. */
static gboolean
read_network (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  const char *text = saxid_model_file_text (file, "network", NULL);
  const SaxidExtent in = saxid_predictor_is_portrayed (self)
                           ? (SaxidExtent) { SAXID_PORTRAIT_CHANNELS, 1, SAXID_PORTRAIT_WIDTH }
                           : (SaxidExtent) { 1, 1, (guint) self->width };
  GBytes *weights;
  double latent;

  if (text == NULL)
    return TRUE;
  self->network = saxid_network_empty (text, in, error);
  weights = self->network != NULL ? saxid_model_file_blob (file, "network_weights", error) : NULL;
  if (weights == NULL || !saxid_network_set_bytes (self->network, weights, error)
      || !copy_vector (file, "network_latent", 0, 1, &latent, error))
    return FALSE;
  if (latent < 0 || latent >= self->network->n_layer)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model network_latent is %g, 0 to %u is possible", latent,
                   self->network->n_layer - 1);
      return FALSE;
    }
  self->latent = (guint) latent;
  return TRUE;
}

static gboolean
read_novelty (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  const SaxidModelArray *components
    = saxid_model_file_array (file, "novelty_component", G_MAXSIZE, saxid_predictor_n_feature (self), error);
  SaxidNovelty *novelty;

  if (components == NULL)
    return FALSE;
  if (components->rank != 2 || components->dims[0] < 1)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model has no novelty components");
      return FALSE;
    }
  self->novelty = novelty = saxid_novelty_new (saxid_predictor_n_feature (self),
                                                 (guint) components->dims[0]);
  return copy_vector (file, "novelty_component", novelty->n_component, novelty->width,
                      novelty->component, error)
         && copy_vector (file, "novelty_mean", 0, novelty->width, novelty->mean, error)
         && copy_vector (file, "novelty_variance", 0, novelty->n_component, novelty->variance, error)
         && copy_vector (file, "novelty_residual", 0, novelty->width, novelty->residual, error)
         && copy_vector (file, "novelty_quantile", 0, SAXID_NOVELTY_QUANTILES, novelty->quantile,
                         error)
         && check_order ("novelty_variance", novelty->n_component, novelty->variance, FALSE, error)
         && check_order ("novelty_residual", novelty->width, novelty->residual, FALSE, error)
         && check_order ("novelty_quantile", SAXID_NOVELTY_QUANTILES, novelty->quantile, TRUE, error);
}

static gboolean
read_gallery (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  GBytes *bytes = saxid_model_file_blob (file, "gallery", error);
  double strangeness[3], folded[2];

  if (bytes == NULL || !copy_vector (file, "folded", 0, G_N_ELEMENTS (folded), folded, error))
    return FALSE;
  if (folded[0] < 0 || folded[0] > 1e3 || folded[1] < 0 || folded[1] > 1)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model temperature and threshold of merged classes are %g and %g",
                   folded[0], folded[1]);
      return FALSE;
    }
  self->merged_temperature = folded[0];
  self->merged_threshold = folded[1];
  if (!copy_vector (file, "strangeness", 0, G_N_ELEMENTS (strangeness), strangeness, error))
    return FALSE;
  for (guint k = 0; k < G_N_ELEMENTS (strangeness); k++)
    if (fabs (strangeness[k]) > MOST_STRANGENESS || (k > 0 && strangeness[k] < 0))
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model strangeness is %g, %g to %g is possible",
                     strangeness[k], k > 0 ? 0.0 : -MOST_STRANGENESS, MOST_STRANGENESS);
        return FALSE;
      }
  self->strangeness = (SaxidStrangeness) { strangeness[0], strangeness[1], strangeness[2] };
  self->gallery = saxid_gallery_from_bytes (saxid_predictor_n_feature (self), self->n_class, bytes, error);
  return self->gallery != NULL;
}

static gboolean
read_portrayed (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  if (!read_network (file, self, error))
    return FALSE;
  if (self->network != NULL && saxid_extent_count (self->network->out) == self->n_class + 1)
    return read_gallery (file, self, error);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
               "model has neither a preprocessing nor a network with %u outputs, one more than classes",
               self->n_class + 1);
  return FALSE;
}

/* They go into files and onto terminals. */
static gboolean
names_are_clean (const SaxidPredictor *self, const char *algorithm)
{
  for (guint k = 0; k < self->n_class; k++)
    if (self->class_name[k][0] == '\0' || !saxid_text_is_clean (self->class_name[k]))
      return FALSE;
  return saxid_text_is_clean (algorithm);
}

static gboolean
read_predictor (const SaxidModelFile *file, SaxidPredictor *self, GError **error)
{
  const char *classes = saxid_model_file_text (file, "class", error), *algorithm;
  GBytes *trees;

  if (classes == NULL)
    return FALSE;
  self->class_name = g_strsplit (classes, "\n", -1);
  self->n_class = g_strv_length (self->class_name);
  if (self->n_class < 2 || self->n_class > SAXID_PREDICTOR_MOST_CLASSES)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL,
                   "model has %u classes, 2 to %d are possible", self->n_class, SAXID_PREDICTOR_MOST_CLASSES);
      return FALSE;
    }
  algorithm = saxid_model_file_text (file, "algorithm", error);
  if (algorithm != NULL && !names_are_clean (self, algorithm))
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model has a name with characters that no name has");
      return FALSE;
    }
  if (algorithm == NULL || !read_scalars (file, self, error))
    return FALSE;
  self->algorithm = g_strdup (algorithm);
  if (saxid_model_file_text (file, "preprocess", NULL) == NULL)
    return read_portrayed (file, self, error);
  if (!read_grid (file, self, error) || !read_preprocess (file, self, error) || !read_network (file, self, error)
      || !read_novelty (file, self, error))
    return FALSE;
  trees = saxid_model_file_blob (file, "trees", error);
  if (trees == NULL)
    return FALSE;
  self->trees = saxid_trees_from_bytes (trees, self->n_class, saxid_predictor_n_feature (self), error);
  return self->trees != NULL;
}

static gboolean
read_atlas (const SaxidModelFile *file, SaxidModel *model, GError **error)
{
  const SaxidPredictor *predictor = model->predictor;
  GBytes *bytes = saxid_model_file_blob (file, "atlas", NULL);
  const SaxidShape *class[SAXID_PREDICTOR_MOST_CLASSES];

  if (bytes == NULL)
    return TRUE;
  for (guint k = 0; k < predictor->n_class; k++)
    class[k] = saxid_shape_find (predictor->class_name[k]);
  model->atlas = saxid_atlas_from_bytes (predictor->n_class, class, bytes, error);
  return model->atlas != NULL;
}

SaxidModel *
saxid_model_load (const char *path, GError **error)
{
  g_autofree char *base = NULL;
  g_autoptr (SaxidModelFile) file = saxid_model_file_read (path, error);
  g_autoptr (SaxidModel) model = g_new0 (SaxidModel, 1);
  g_autoptr (GError) cause = NULL;
  const char *card;

  if (file == NULL)
    return NULL;
  model->predictor = g_new0 (SaxidPredictor, 1);
  card = saxid_model_file_text (file, "card", &cause);
  if (card == NULL || !read_predictor (file, model->predictor, &cause) || !read_atlas (file, model, &cause))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model is not sound: %s", cause->message);
      saxid_error_add_place (error, "%s", path);
      return NULL;
    }
  model->card = g_strdup (card);
  model->path = g_strdup (path);
  base = g_path_get_basename (path);
  model->file_name = saxid_clean_text (base, -1); /* it is shown, and written as UTF-8 */
  model->sha256 = g_strdup (file->sha256);
  return g_steal_pointer (&model);
}

char *
saxid_uninstalled_directory (const char *kind)
{
  Dl_info here;
  g_autofree char *directory = NULL, *above = NULL;

  if (dladdr ((gconstpointer) saxid_model_path, &here) == 0 || here.dli_fname == NULL)
    return NULL;
  directory = g_path_get_dirname (here.dli_fname);
  if (!g_str_has_suffix (directory, "/plugin/.libs"))
    return g_build_filename (directory, "models", kind, NULL);
  above = g_path_get_dirname (directory);
  return g_build_filename (above, "..", "models", kind, NULL);
}

char **
saxid_model_places (void)
{
  const char *from_user = g_getenv ("SAXID_MODEL_PATH");
  g_autofree char *uninstalled = saxid_uninstalled_directory ("trained");
  const char *const places[] = { from_user, uninstalled, SAXID_MODELDIR };
  GPtrArray *found = g_ptr_array_new ();

  for (guint k = 0; k < G_N_ELEMENTS (places); k++)
    if (places[k] != NULL)
      g_ptr_array_add (found, g_strdup (places[k]));
  g_ptr_array_add (found, NULL);
  return (char **) g_ptr_array_free (found, FALSE);
}

char *
saxid_model_path (const char *name)
{
  g_auto (GStrv) places = saxid_model_places ();
  g_autofree char *base = NULL, *path = NULL;

  if (name != NULL && (strchr (name, '/') != NULL || g_str_has_suffix (name, SUFFIX)))
    return g_strdup (name);
  base = g_strconcat (name != NULL ? name : SHIPPED, SUFFIX, NULL);
  for (char **place = places; *place != NULL; place++)
    {
      g_free (path);
      path = g_build_filename (*place, base, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        break;
    }
  return g_steal_pointer (&path);
}
