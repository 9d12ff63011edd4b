/* Which units of a study of techniques are done?
 *
 * Thread: see techniques-ledger.h.
 */
#include "cli/learn/techniques-ledger.h"

#include "cli/learn/ledger-file.h"

#define FORMAT "saxid-techniques-1"
#define FILE_NAME "techniques.jsonl"

struct SaxidTechniquesLedger
{
  SaxidLedgerFile *file; /* NULL: nothing is kept */
  GHashTable *units;     /* name → GArray of double */
};

static void
take_unit (JsonObject *object, gpointer data)
{
  SaxidTechniquesLedger *self = data;
  JsonNode *name = json_object_get_member (object, "unit"), *numbers = json_object_get_member (object, "scores");
  GArray *found;

  if (name == NULL || numbers == NULL || !JSON_NODE_HOLDS_VALUE (name) || json_node_get_string (name) == NULL
      || !JSON_NODE_HOLDS_ARRAY (numbers))
    return;
  found = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint k = 0; k < json_array_get_length (json_node_get_array (numbers)); k++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (numbers), k);
      const double value = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_double (element) : 0;

      g_array_append_val (found, value);
    }
  g_hash_table_replace (self->units, g_strdup (json_node_get_string (name)), found);
}

static void
add_integer (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

static char *
head_line (const SaxidTechniquesStudy *settings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "format");
  json_builder_add_string_value (builder, FORMAT);
  add_integer (builder, "experiments", settings->experiments);
  add_integer (builder, "frames", settings->per_experiment);
  add_integer (builder, "folds", settings->folds);
  add_integer (builder, "epochs", settings->epochs);
  add_integer (builder, "seed", settings->seed);
  json_builder_end_object (builder);
  return saxid_ledger_line (builder);
}

SaxidTechniquesLedger *
saxid_techniques_ledger_open (const SaxidTechniquesStudy *settings, GError **error)
{
  g_autoptr (SaxidTechniquesLedger) self = g_new0 (SaxidTechniquesLedger, 1);
  g_autofree char *path = settings->directory != NULL ? g_build_filename (settings->directory, FILE_NAME, NULL) : NULL;
  g_autofree char *head = head_line (settings);

  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  if (path != NULL && (self->file = saxid_ledger_file_open (path, FORMAT, head, take_unit, self, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
saxid_techniques_ledger_free (SaxidTechniquesLedger *self)
{
  if (self == NULL)
    return;
  saxid_ledger_file_free (self->file);
  g_hash_table_unref (self->units);
  g_free (self);
}

gboolean
saxid_techniques_ledger_get (const SaxidTechniquesLedger *self, const char *unit, double *numbers, guint n)
{
  const GArray *found = g_hash_table_lookup (self->units, unit);

  if (found == NULL || found->len != n)
    return FALSE;
  for (guint k = 0; k < n; k++)
    numbers[k] = g_array_index (found, double, k);
  return TRUE;
}

gboolean
saxid_techniques_ledger_put (SaxidTechniquesLedger *self, const char *unit, const double *numbers, guint n, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (self->file == NULL)
    return TRUE;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "unit");
  json_builder_add_string_value (builder, unit);
  json_builder_set_member_name (builder, "scores");
  json_builder_begin_array (builder);
  for (guint k = 0; k < n; k++)
    json_builder_add_double_value (builder, numbers[k]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return saxid_ledger_file_add (self->file, builder, error);
}
