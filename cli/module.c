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

#include "reducers/error.h"

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
  char *path = g_strdup (g_getenv ("SAXID_PLUGIN"));

  if (path == NULL)
    path = uninstalled_path ();
  return path != NULL ? path : g_build_filename (SAXID_PLUGINDIR, "saxid.so", NULL);
}

static char *
make_config (const char *model, const char *classes)
{
  const char *const member[][2] = { { "model", model }, { "classes", classes } };

  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (guint k = 0; k < G_N_ELEMENTS (member); k++)
    if (member[k][1] != NULL)
      {
        json_builder_set_member_name (builder, member[k][0]);
        json_builder_add_string_value (builder, member[k][1]);
      }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
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

static gboolean
learn_names (SaxidModule *module, struct saxid_error *flat)
{
  char name[128];

  module->description.struct_size = sizeof module->description;
  if (module->table->describe (module->context, &module->description, flat) < 0)
    return FALSE;
  module->class_name = g_new0 (char *, module->description.n_class + 1);
  for (guint k = 0; k < module->description.n_class; k++)
    {
      if (module->table->class_name (module->context, k, name, sizeof name, flat) < 0)
        return FALSE;
      module->class_name[k] = g_strdup (name);
    }
  return TRUE;
}

SaxidModule *
saxid_module_open (const char *model, const char *classes, GError **error)
{
  g_autoptr (SaxidModule) module = g_new0 (SaxidModule, 1);
  g_autofree char *config = make_config (model, classes);
  struct saxid_error flat = { .struct_size = sizeof flat };

  module->table = load_table (error);
  if (module->table == NULL)
    return NULL;
  if (module->table->open (config, &module->context, &flat) < 0
      || module->table->workspace_new (module->context, &module->workspace, &flat) < 0
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
  g_free (module);
}

void
saxid_module_verdict_init (SaxidModuleVerdict *room, const SaxidModule *module)
{
  guint n_class = module->description.n_class;

  room->probability = g_new0 (float, n_class);
  room->in_set = g_new0 (guint8, n_class);
  room->verdict = (struct saxid_verdict) { .struct_size = sizeof room->verdict,
                                           .n_class = n_class,
                                           .probability = room->probability,
                                           .prediction_set = room->in_set };
}

void
saxid_module_verdict_clear (SaxidModuleVerdict *room)
{
  g_clear_pointer (&room->probability, g_free);
  g_clear_pointer (&room->in_set, g_free);
}
