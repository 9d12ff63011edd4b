/* With which model and which configuration does a host work?
 *
 * Thread: see context.h.
 */
#include "config.h"
#include "plugin/context.h"

#include <math.h>
#include <string.h>

#include "models/learn/levels.h"
#include "models/learn/merged.h"
#include "plugin/atoms.h"
#include "plugin/material.h"
#include "plugin/prior.h"
#include "reducers/clean-text.h"
#include "reducers/error.h"
#include "schemas/json-text.h"

#define TEMPLATES "templates" /* a value of fits */

typedef struct
{
  char *model, *geometry, *chain, *classes, *element;
  gint64 bins;
  SaxidFits fits;
  JsonNode *prior; /* NULL: the shipped one */
  SaxidMaterialKnown known;
} Config;

static void
config_clear (Config *config)
{
  g_free (config->model);
  g_free (config->geometry);
  g_free (config->chain);
  g_free (config->classes);
  g_free (config->element);
  g_clear_pointer (&config->prior, json_node_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Config, config_clear)

/* The keys of a configuration that are texts. */
static const struct
{
  const char *name;
  gsize offset;
} text_keys[] = {
  { "model", G_STRUCT_OFFSET (Config, model) },
  { "geometry", G_STRUCT_OFFSET (Config, geometry) },
  { "chain", G_STRUCT_OFFSET (Config, chain) },
  { "classes", G_STRUCT_OFFSET (Config, classes) },
  { "element", G_STRUCT_OFFSET (Config, element) },
};

/* true, false, or TEMPLATES. */
static gboolean
read_fits (JsonNode *node, SaxidFits *fits, GError **error)
{
  const GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_BOOLEAN)
    *fits = json_node_get_boolean (node) ? SAXID_FITS_WEIGHED : SAXID_FITS_NONE;
  else if (type == G_TYPE_STRING && strcmp (json_node_get_string (node), TEMPLATES) == 0)
    *fits = SAXID_FITS_TEMPLATES;
  else
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "configuration 'fits' is neither true nor false nor \"" TEMPLATES "\"");
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_member (Config *config, const char *name, JsonNode *node, GError **error)
{
  for (guint k = 0; k < G_N_ELEMENTS (text_keys); k++)
    if (strcmp (text_keys[k].name, name) == 0)
      {
        if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
          {
            g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                         "configuration '%s' is no string", name);
            return FALSE;
          }
        g_free (G_STRUCT_MEMBER (char *, config, text_keys[k].offset));
        G_STRUCT_MEMBER (char *, config, text_keys[k].offset) = json_node_dup_string (node);
        return TRUE;
      }
  if (strcmp (name, "prior") == 0)
    {
      g_clear_pointer (&config->prior, json_node_unref);
      config->prior = json_node_ref (node);
      return TRUE;
    }
  if (strcmp (name, "material") == 0)
    return saxid_material_from_json (node, &config->known, error);
  if (strcmp (name, "fits") == 0)
    return read_fits (node, &config->fits, error);
  if (strcmp (name, "bins") == 0)
    {
      config->bins = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
      if (config->bins >= SAXID_CURVE_MIN_POINTS && config->bins <= SAXID_GRID_MAX_BINS)
        return TRUE;
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "configuration 'bins' is %" G_GINT64_FORMAT ", %d to %d are possible", config->bins,
                   SAXID_CURVE_MIN_POINTS, SAXID_GRID_MAX_BINS);
      return FALSE;
    }
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "configuration '%s' is not known", name);
  return FALSE;
}

static gboolean
read_config (const char *text, Config *config, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) cause = NULL;
  JsonObjectIter member;
  const char *name;
  JsonNode *node;

  if (text == NULL)
    return TRUE;
  root = saxid_json_object (text, -1, &cause);
  if (root == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "configuration is no JSON object: %s", cause->message);
      return FALSE;
    }
  json_object_iter_init (&member, json_node_get_object (root));
  while (json_object_iter_next (&member, &name, &node))
    if (!read_member (config, name, node, error))
      return FALSE;
  return TRUE;
}

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

/* Of the classes that are answered with, where they are not all alike. */
static void
add_prior (JsonBuilder *builder, const SaxidPredictor *predictor)
{
  if (predictor->prior == NULL)
    return;
  json_builder_set_member_name (builder, "prior");
  json_builder_begin_object (builder);
  for (guint k = 0; k < predictor->n_class; k++)
    {
      json_builder_set_member_name (builder, predictor->class_name[k]);
      json_builder_add_double_value (builder, saxid_prior_of (predictor, k));
    }
  json_builder_end_object (builder);
}

static gboolean
take_prior (SaxidPredictor *predictor, JsonNode *prior, GError **error)
{
  return prior != NULL ? saxid_prior_from_json (predictor, prior, error)
                       : saxid_prior_from_file (predictor, NULL, error);
}

static char *
write_provenance (const struct saxid_context *context, const Config *config)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "program", "saxid");
  add_text (builder, "version", PACKAGE_VERSION);
  json_builder_set_member_name (builder, "model");
  json_builder_begin_object (builder);
  add_text (builder, "file_name", context->model->file_name);
  add_text (builder, "sha256", context->model->sha256);
  add_text (builder, "algorithm", context->model->predictor->algorithm);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "configuration");
  json_builder_begin_object (builder);
  for (guint k = 0; k < G_N_ELEMENTS (text_keys); k++)
    {
      const char *text = G_STRUCT_MEMBER (char *, config, text_keys[k].offset);

      if (text != NULL)
        add_text (builder, text_keys[k].name, text);
    }
  if (config->bins > 0)
    {
      json_builder_set_member_name (builder, "bins");
      json_builder_add_int_value (builder, config->bins);
    }
  if (config->fits == SAXID_FITS_TEMPLATES)
    add_text (builder, "fits", TEMPLATES);
  if (config->fits == SAXID_FITS_WEIGHED)
    {
      json_builder_set_member_name (builder, "fits");
      json_builder_add_boolean_value (builder, TRUE);
    }
  saxid_material_to_json (&context->known, builder);
  add_prior (builder, context->model->predictor);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

struct saxid_context *
saxid_context_new (const char *config_json, GError **error)
{
  g_auto (Config) config = { 0 };
  g_autofree char *path = NULL;
  struct saxid_context *context = g_new0 (struct saxid_context, 1);

  if (!read_config (config_json, &config, error))
    goto failed;
  path = saxid_model_path (saxid_atoms_is_rule (config.model) ? NULL : config.model);
  context->model = saxid_model_load (path, error);
  if (context->model == NULL)
    goto failed;
  if (!take_prior (context->model->predictor, config.prior, error))
    goto failed;
  if (config.classes != NULL && !saxid_predictor_merge (context->model->predictor, config.classes, error))
    goto failed;
  if (config.geometry == NULL && (config.chain != NULL || config.bins > 0))
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                           "'chain' and 'bins' are for frames, which need a 'geometry' (configuration)");
      goto failed;
    }
  if (config.geometry != NULL)
    {
      context->reduction
        = saxid_reduction_new (config.geometry, config.chain, (guint) config.bins, error);
      if (context->reduction == NULL)
        goto failed;
    }
  context->fits = config.fits;
  context->known = config.known;
  saxid_material_add_classes (context, config.classes == NULL);
  if (!saxid_atoms_configure (context, config.element, config.model, error))
    goto failed;
  context->provenance = write_provenance (context, &config);
  context->moulds = saxid_tag_moulds_new ();
  return context;

failed:
  saxid_context_free (context);
  return NULL;
}

void
saxid_context_free (struct saxid_context *context)
{
  if (context == NULL)
    return;
  saxid_model_free (context->model);
  saxid_reduction_free (context->reduction);
  g_free (context->provenance);
  saxid_tag_moulds_free (context->moulds);
  g_free (context->element);
  g_strfreev (context->class_name);
  g_free (context);
}

void
saxid_context_describe (const struct saxid_context *context, struct saxid_description *description)
{
  const SaxidPredictor *predictor = context->model->predictor;
  const gboolean portrayed = saxid_predictor_is_portrayed (predictor);

  *description = (struct saxid_description) {
    .struct_size = sizeof *description,
    .n_class = context->n_class,
    .q_min = portrayed ? 0 : predictor->grid[0],
    .q_max = portrayed ? INFINITY : predictor->grid[predictor->width - 1],
    .least_coverage = predictor->least_coverage,
    .min_points = SAXID_CURVE_MIN_POINTS,
    .n_family = saxid_level_count (SAXID_LEVEL_FAMILY),
    .n_structure = saxid_level_count (SAXID_LEVEL_STRUCTURE),
    .n_bin = context->reduction != NULL ? (uint32_t) saxid_reduction_bins (context->reduction) : 0,
  };
  saxid_text_fit (description->model_name, context->model->file_name, sizeof description->model_name);
  saxid_text_fit (description->model_algorithm, predictor->algorithm,
             sizeof description->model_algorithm);
  saxid_text_fit (description->model_sha256, context->model->sha256, sizeof description->model_sha256);
}
