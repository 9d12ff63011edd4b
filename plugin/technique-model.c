/* Is the file of the technique's network sound, and what is in it?
 *
 * Thread: see technique-model.h.
 */
#include "plugin/technique-model.h"

#include <math.h>
#include <string.h>

#include "models/technique/search.h"
#include "plugin/model.h"
#include "reducers/error.h"
#include "schemas/learn/model-file.h"

#define KIND "technique"
#define SHIPPED "technique.h5"
#define HALVES "network_halves"   /* 16 bits a weight: half of the file, and half of the time to check it */
#define FLOATS "network_weights" /* of files before there were halves */

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

static GBytes *
to_halves (const SaxidNetwork *network)
{
  const gsize n = network->n_weight + network->n_state;
  guint16 *half = g_new (guint16, n);

  for (gsize k = 0; k < n; k++)
    half[k] = GUINT16_TO_LE (saxid_half_from_float (k < network->n_weight ? network->weight[k] : network->state[k - network->n_weight]));
  return g_bytes_new_take (half, n * sizeof *half);
}

gboolean
saxid_technique_file_save (const SaxidTechniqueModel *model, const char *card, const char *path, GError **error)
{
  g_autoptr (SaxidModelFile) file = saxid_model_file_new ();
  g_autoptr (GBytes) halves = to_halves (model->network);

  saxid_model_file_set_text (file, "kind", KIND);
  saxid_model_file_set_text (file, "network", model->network->text);
  saxid_model_file_set_text (file, "card", card);
  saxid_model_file_set_array (file, "temperature", 0, 1, &model->temperature);
  saxid_model_file_set_blob (file, HALVES, halves);
  return saxid_model_file_write (file, path, error);
}

static gboolean
set_halves (SaxidNetwork *network, GBytes *halves, GError **error)
{
  const gsize n = network->n_weight + network->n_state;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (halves, &size);
  gboolean finite = TRUE;

  if (size != n * sizeof (guint16))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_MODEL, "network has %" G_GSIZE_FORMAT " bytes of weights, %" G_GSIZE_FORMAT " are needed",
                   size, n * sizeof (guint16));
      return FALSE;
    }
  for (gsize k = 0; k < n; k++)
    {
      const float value = saxid_half_to_float ((guint16) (bytes[2 * k] | bytes[2 * k + 1] << 8));

      finite = finite && isfinite (value);
      *(k < network->n_weight ? &network->weight[k] : &network->state[k - network->n_weight]) = value;
    }
  if (!finite)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_MODEL, "weights of the network are not finite");
  return finite && saxid_network_check (network, error);
}

static gboolean
read_weights (const SaxidModelFile *file, SaxidNetwork *network, GError **error)
{
  GBytes *halves = saxid_model_file_blob (file, HALVES, NULL), *floats;

  if (halves != NULL)
    return set_halves (network, halves, error);
  floats = saxid_model_file_blob (file, FLOATS, error);
  return floats != NULL && saxid_network_set_bytes (network, floats, error);
}

static gboolean
read_model (const SaxidModelFile *file, SaxidTechniqueFile *self, GError **error)
{
  const char *kind = saxid_model_file_text (file, "kind", error), *text, *card;
  const SaxidModelArray *temperature;

  if (kind == NULL || (text = saxid_model_file_text (file, "network", error)) == NULL
      || (card = saxid_model_file_text (file, "card", error)) == NULL
      || (temperature = saxid_model_file_array (file, "temperature", 0, 1, error)) == NULL)
    return FALSE;
  self->model->network = saxid_network_empty (text, saxid_technique_extent (), error);
  if (self->model->network == NULL || !read_weights (file, self->model->network, error))
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
