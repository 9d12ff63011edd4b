/* Is the file of the technique's network sound, and what is in it?
 *
 * Thread: see technique-model.h.
 */
#include "plugin/technique-model.h"

#include <string.h>

#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/learn/model-file.h"

#define KIND "technique"
#define SHIPPED "technique.h5"

void
saxid_technique_file_free (SaxidTechniqueFile *file)
{
  if (file == NULL)
    return;
  saxid_technique_model_free (file->model);
  g_free (file->sha256);
  g_free (file->card);
  g_free (file);
}

gboolean
saxid_technique_file_save (const SaxidTechniqueModel *model, const char *card, const char *path, GError **error)
{
  g_autoptr (SaxidModelFile) file = saxid_model_file_new ();
  g_autoptr (GBytes) weights = saxid_network_to_bytes (model->network);

  saxid_model_file_set_text (file, "kind", KIND);
  saxid_model_file_set_text (file, "network", model->network->text);
  saxid_model_file_set_text (file, "card", card);
  saxid_model_file_set_array (file, "temperature", 0, 1, &model->temperature);
  saxid_model_file_set_blob (file, "network_weights", weights);
  return saxid_model_file_write (file, path, error);
}

static gboolean
read_model (const SaxidModelFile *file, SaxidTechniqueFile *self, GError **error)
{
  const char *kind = saxid_model_file_text (file, "kind", error), *text, *card;
  const SaxidModelArray *temperature;
  GBytes *weights;

  if (kind == NULL || (text = saxid_model_file_text (file, "network", error)) == NULL
      || (card = saxid_model_file_text (file, "card", error)) == NULL
      || (temperature = saxid_model_file_array (file, "temperature", 0, 1, error)) == NULL
      || (weights = saxid_model_file_blob (file, "network_weights", error)) == NULL)
    return FALSE;
  self->model->network = saxid_network_empty (text, saxid_technique_extent (), error);
  if (self->model->network == NULL || !saxid_network_set_bytes (self->model->network, weights, error))
    return FALSE;
  self->model->temperature = temperature->values[0];
  self->card = g_strdup (card);
  if (strcmp (kind, KIND) == 0 && saxid_extent_count (self->model->network->out) == SAXID_TECHNIQUE_OUTPUTS
      && self->model->temperature >= 0.05 && self->model->temperature <= 20)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "model is of kind '%s' with %" G_GSIZE_FORMAT " outputs and temperature %g, "
               "'" KIND "' with %d and 0.05 to 20 are possible", kind, saxid_extent_count (self->model->network->out),
               self->model->temperature, SAXID_TECHNIQUE_OUTPUTS);
  return FALSE;
}

static char *
find_shipped (void)
{
  g_auto (GStrv) places = saxid_model_places ();
  char *path = NULL;

  for (char **place = places; *place != NULL; place++)
    {
      g_free (path);
      path = g_build_filename (*place, SHIPPED, NULL);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        break;
    }
  return path;
}

gboolean
saxid_technique_file_ships (void)
{
  g_autofree char *path = find_shipped ();

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

SaxidTechniqueFile *
saxid_technique_file_load (const char *path, GError **error)
{
  g_autofree char *found = path != NULL ? g_strdup (path) : find_shipped ();
  g_autoptr (SaxidModelFile) file = saxid_model_file_read (found, error);
  g_autoptr (SaxidTechniqueFile) self = g_new0 (SaxidTechniqueFile, 1);

  if (file == NULL)
    return NULL;
  self->model = g_new0 (SaxidTechniqueModel, 1);
  self->sha256 = g_strdup (file->sha256);
  if (read_model (file, self, error))
    return g_steal_pointer (&self);
  saxid_error_add_place (error, "%s", found);
  return NULL;
}
