/* Which units of a study of techniques are done?
 *
 * Thread: see techniques-ledger.h.
 */
#include "cli/learn/techniques-ledger.h"

#include "cli/learn/study-file.h"

#define FORMAT "saxid-techniques-1"

struct SaxidTechniquesLedger
{
  SaxidStudyFile *file;
  GHashTable *units; /* name → GArray of double */
  gint64 since;      /* when the unit before was done, monotonic time in microseconds */
};

static void
take_unit (JsonObject *object, gpointer data)
{
  SaxidTechniquesLedger *self = data;
  JsonArray *numbers = saxid_study_file_array (object, "scores");
  GArray *found;

  if (numbers == NULL)
    return;
  found = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint k = 0; k < json_array_get_length (numbers); k++)
    {
      JsonNode *element = json_array_get_element (numbers, k);
      const double value = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_double (element) : 0;

      g_array_append_val (found, value);
    }
  g_hash_table_replace (self->units, saxid_study_file_text (object, "unit"), found);
}

static JsonBuilder *
head_of (const SaxidTechniquesStudy *settings)
{
  JsonBuilder *builder = saxid_study_file_begin_head (FORMAT);

  saxid_study_file_set_integer (builder, "experiments", settings->experiments);
  saxid_study_file_set_integer (builder, "frames", settings->per_experiment);
  saxid_study_file_set_integer (builder, "folds", settings->folds);
  saxid_study_file_set_integer (builder, "epochs", settings->epochs);
  saxid_study_file_set_integer (builder, "seed", (gint64) settings->seed);
  return builder;
}

SaxidTechniquesLedger *
saxid_techniques_ledger_open (const SaxidTechniquesStudy *settings, GError **error)
{
  g_autoptr (SaxidTechniquesLedger) self = g_new0 (SaxidTechniquesLedger, 1);

  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->since = g_get_monotonic_time ();
  self->file = saxid_study_file_open (settings->directory, FORMAT, head_of (settings), take_unit, self, error);
  return self->file != NULL ? g_steal_pointer (&self) : NULL;
}

void
saxid_techniques_ledger_free (SaxidTechniquesLedger *self)
{
  if (self == NULL)
    return;
  if (self->file != NULL)
    saxid_study_file_free (self->file);
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
  const gint64 now = g_get_monotonic_time ();
  const double seconds = (double) (now - self->since) / G_USEC_PER_SEC;
  JsonBuilder *builder = saxid_study_file_begin_unit (unit, seconds);

  self->since = now;
  json_builder_set_member_name (builder, "scores");
  json_builder_begin_array (builder);
  for (guint k = 0; k < n; k++)
    json_builder_add_double_value (builder, numbers[k]);
  json_builder_end_array (builder);
  return saxid_study_file_add (self->file, unit, seconds, builder, NULL, NULL, error);
}
