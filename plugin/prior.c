/* Where does the prior over the classes come from?
 *
 * Thread: see prior.h.
 */
#include "plugin/prior.h"

#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/learn/prior-file.h"

#define SHIPPED "default.prior"

static char *
shipped_path (void)
{
  g_autofree char *uninstalled = saxid_uninstalled_directory ("priors");
  const char *const places[] = { g_getenv ("SAXID_MODEL_PATH"), uninstalled, SAXID_PRIORDIR };
  g_autofree char *path = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (places); k++)
    {
      if (places[k] == NULL)
        continue;
      g_free (path);
      path = g_build_filename (places[k], SHIPPED, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        break;
    }
  return g_steal_pointer (&path);
}

gboolean
saxid_prior_from_file (SaxidPredictor *predictor, const char *path, GError **error)
{
  g_autofree char *shipped = path == NULL ? shipped_path () : NULL;
  const char *from = path != NULL ? path : shipped;
  g_autoptr (SaxidPriorFile) file = saxid_prior_file_read (from, error);

  if (file == NULL)
    return FALSE;
  if (saxid_predictor_set_prior (predictor, file->n, (const char *const *) file->name, file->weight, error))
    return TRUE;
  saxid_error_add_place (error, "%s", from);
  return FALSE;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node)
         && (json_node_get_value_type (node) == G_TYPE_DOUBLE || json_node_get_value_type (node) == G_TYPE_INT64);
}

gboolean
saxid_prior_from_json (SaxidPredictor *predictor, JsonNode *node, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (double));
  JsonObjectIter member;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "configuration 'prior' is no object of weights");
      return FALSE;
    }
  json_object_iter_init (&member, json_node_get_object (node));
  while (json_object_iter_next (&member, &name, &value))
    {
      const double weight = is_number (value) ? json_node_get_double (value) : 0;

      if (!is_number (value))
        {
          g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "configuration 'prior' has no number for '%s'", name);
          saxid_error_clean (error);
          return FALSE;
        }
      g_ptr_array_add (names, (char *) name);
      g_array_append_val (weights, weight);
    }
  return saxid_predictor_set_prior (predictor, names->len, (const char *const *) names->pdata,
                                    (const double *) (gconstpointer) weights->data, error);
}
