/* Where is the module, and how does the program use it?
 *
 * $SAXID_PLUGIN; or beside an uninstalled program (plugin/.libs/saxid.so); or
 * where modules are installed.
 *
 * Thread: one thread at a time.
 */
#include "config.h"
#include "cli/module.h"

#include <gmodule.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "models/materials/answer.h"
#include "reducers/error.h"
#include "schemas/learn/prior-file.h"

static char *
uninstalled_path (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = NULL, *path = NULL;

  if (self == NULL)
    return NULL;
  directory = g_path_get_dirname (self);
  if (g_str_has_suffix (directory, "/.libs")) /* libtool put the program there */
    {
      char *above = g_path_get_dirname (directory);

      g_free (directory);
      directory = above;
    }
  path = g_build_filename (directory, "plugin", ".libs", "saxid.so", NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

static char *
module_path (void)
{
  const char *named = g_getenv ("SAXID_PLUGIN");
  char *path;

  if (named != NULL && named[0] != '\0')
    return g_strdup (named);
  path = uninstalled_path ();
  return path != NULL ? path : g_build_filename (SAXID_PLUGINDIR, "saxid.so", NULL);
}

static void
add_prior (JsonBuilder *builder, const SaxidPriorFile *prior)
{
  json_builder_set_member_name (builder, "prior");
  json_builder_begin_object (builder);
  for (guint k = 0; k < prior->n; k++)
    {
      json_builder_set_member_name (builder, prior->name[k]);
      json_builder_add_double_value (builder, prior->weight[k]);
    }
  json_builder_end_object (builder);
}

static char *
make_config (const SaxidModuleOptions *options, const SaxidPriorFile *prior)
{
  const char *const member[][2] = { { "model", options->model }, { "classes", options->classes }, { "element", options->element } };

  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (guint k = 0; k < G_N_ELEMENTS (member); k++)
    if (member[k][1] != NULL)
      {
        json_builder_set_member_name (builder, member[k][0]);
        json_builder_add_string_value (builder, member[k][1]);
      }
  if (options->evidence != SAXID_EVIDENCE_NONE)
    json_builder_set_member_name (builder, "fits");
  if (options->evidence == SAXID_EVIDENCE_TEMPLATES)
    json_builder_add_string_value (builder, "templates");
  if (options->evidence == SAXID_EVIDENCE_FITS)
    json_builder_add_boolean_value (builder, TRUE);
  if (options->material != NULL)
    {
      json_builder_set_member_name (builder, "material");
      json_builder_add_value (builder, json_from_string (options->material, NULL));
    }
  if (prior != NULL)
    add_prior (builder, prior);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

SaxidEvidence
saxid_evidence (gboolean network, gboolean without_fits)
{
  if (network)
    return SAXID_EVIDENCE_NONE;
  return without_fits ? SAXID_EVIDENCE_TEMPLATES : SAXID_EVIDENCE_FITS;
}

struct saxid_curve
saxid_module_curve (const SaxidCurve *curve)
{
  return (struct saxid_curve) { .struct_size = sizeof (struct saxid_curve), .n = curve->n, .q = curve->q, .intensity = curve->intensity,
                                .sigma = curve->sigma, .dq = curve->dq, .slit_length = curve->slit };
}

gboolean
saxid_module_fail (const struct saxid_error *flat, GError **error)
{
  g_set_error (error, SAXID_ERROR, flat->code, "%s", flat->message);
  return FALSE;
}

static const struct saxid_plugin *
load_table (GError **error)
{
  g_autofree char *path = module_path ();
  saxid_plugin_query_function query;
  const struct saxid_plugin *table;
  gpointer symbol;
  /* never closed: the module stays for the life of the program */
  GModule *loaded = g_module_open (path, G_MODULE_BIND_LOCAL);

  if (loaded == NULL || !g_module_symbol (loaded, SAXID_PLUGIN_SYMBOL, &symbol))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "module cannot be loaded: %s (%s)",
                   g_module_error (), path);
      return NULL;
    }
  query = (saxid_plugin_query_function) symbol;
  table = query (SAXID_ABI_MAJOR);
  if (table == NULL || table->struct_size < sizeof *table)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "module serves another ABI than %d.%d (%s)",
                   SAXID_ABI_MAJOR, SAXID_ABI_MINOR, path);
      return NULL;
    }
  return table;
}

typedef int32_t (*NameOf) (const struct saxid_context *context, uint32_t index, char *name, size_t size,
                           struct saxid_error *error);

static char **
names_of (const SaxidModule *module, NameOf name_of, guint n, struct saxid_error *flat)
{
  g_auto (GStrv) names = g_new0 (char *, n + 1);
  char name[128];

  for (guint k = 0; k < n; k++)
    {
      if (name_of (module->context, k, name, sizeof name, flat) < 0)
        return NULL;
      names[k] = g_strdup (name);
    }
  return g_steal_pointer (&names);
}

static gboolean
learn_names (SaxidModule *module, struct saxid_error *flat)
{
  const struct saxid_plugin *table = module->table;
  struct saxid_description *about = &module->description;

  about->struct_size = sizeof *about;
  return table->describe (module->context, about, flat) >= 0
         && (module->class_name = names_of (module, table->class_name, about->n_class, flat)) != NULL
         && (module->family_name = names_of (module, table->family_name, about->n_family, flat)) != NULL
         && (module->structure_name = names_of (module, table->structure_name, about->n_structure, flat)) != NULL;
}

/* A prior that the module refuses has come from a file, which it does not know. */
static gboolean
open_context (SaxidModule *module, const SaxidModuleOptions *options, GError **error)
{
  const char *prior = options->prior;
  g_autoptr (SaxidPriorFile) weights = prior != NULL ? saxid_prior_file_read (prior, error) : NULL;
  g_autofree char *config = NULL;
  struct saxid_error flat = { .struct_size = sizeof flat };

  if (prior != NULL && weights == NULL)
    return FALSE;
  for (guint k = 0; weights != NULL && k < weights->n; k++)
    if (!isfinite (weights->weight[k])) /* which JSON has no word for */
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "prior weight of '%s' is not finite", weights->name[k]);
        saxid_error_add_place (error, "%s", prior);
        return FALSE;
      }
  config = make_config (options, weights);
  if (module->table->open (config, &module->context, &flat) >= 0)
    return TRUE;
  saxid_module_fail (&flat, error);
  if (prior != NULL && strstr (flat.message, "prior") != NULL)
    saxid_error_add_place (error, "%s", prior);
  return FALSE;
}

SaxidModule *
saxid_module_open (const SaxidModuleOptions *options, GError **error)
{
  g_autoptr (SaxidModule) module = g_new0 (SaxidModule, 1);
  struct saxid_error flat = { .struct_size = sizeof flat };

  module->material_told = options->material != NULL;
  module->table = load_table (error);
  if (module->table == NULL || !open_context (module, options, error))
    return NULL;
  if (module->table->workspace_new (module->context, &module->workspace, &flat) < 0
      || !learn_names (module, &flat))
    {
      saxid_module_fail (&flat, error);
      return NULL;
    }
  return g_steal_pointer (&module);
}

void
saxid_module_close (SaxidModule *module)
{
  if (module == NULL)
    return;
  if (module->table != NULL)
    {
      module->table->workspace_free (module->workspace);
      module->table->close (module->context);
    }
  g_strfreev (module->class_name);
  g_strfreev (module->family_name);
  g_strfreev (module->structure_name);
  g_free (module);
}

void
saxid_module_verdict_init (SaxidModuleVerdict *answer, const SaxidModule *module)
{
  guint n_class = module->description.n_class;

  answer->probability = g_new0 (float, n_class);
  answer->in_set = g_new0 (guint8, n_class);
  answer->family = g_new0 (float, module->description.n_family);
  answer->structure = g_new0 (float, module->description.n_structure);
  answer->verdict = (struct saxid_verdict) { .struct_size = sizeof answer->verdict,
                                           .n_class = n_class,
                                           .probability = answer->probability,
                                           .prediction_set = answer->in_set,
                                           .n_family = module->description.n_family,
                                           .n_structure = module->description.n_structure,
                                           .family = answer->family,
                                           .structure = answer->structure,
                                           .material = &answer->material,
                                           .atoms = &answer->atoms };
  answer->material = (struct saxid_material) { .struct_size = sizeof answer->material };
  answer->atoms = (struct saxid_atoms) { .struct_size = sizeof answer->atoms };
}

void
saxid_module_verdict_clear (SaxidModuleVerdict *answer)
{
  g_clear_pointer (&answer->probability, g_free);
  g_clear_pointer (&answer->in_set, g_free);
  g_clear_pointer (&answer->family, g_free);
  g_clear_pointer (&answer->structure, g_free);
}

gboolean
saxid_module_is_material (const SaxidModule *module, const struct saxid_verdict *verdict)
{
  return verdict->material != NULL && verdict->material->n_number > 0 && verdict->label >= 0
         && strcmp (module->class_name[verdict->label], verdict->material->kind) == 0;
}

void
saxid_module_no_material (const SaxidModule *module, const struct saxid_verdict *verdict, char line[SAXID_MODULE_LINE])
{
  const struct saxid_material *material = verdict->material;

  line[0] = '\0';
  if (module->material_told && material != NULL && material->reason[0] != '\0')
    g_snprintf (line, SAXID_MODULE_LINE, "no material: %s: %s", saxid_material_status_name ((SaxidMaterialStatus) material->status),
                material->reason);
}
