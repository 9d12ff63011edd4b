/* Which layers are new, and from where do the others have their weights?
 *
 * Thread: see grow.h.
 */
#include "models/technique/grow.h"

#include <string.h>

#include "reducers/error.h"

#define BLOCK "keep\nconv %u 3x3 same\nbatchnorm\nrelu\nconv %u 3x3 same\nadd\nrelu\n"

/* The layers with blocks among them; NULL where start has some, or no place for one. */
static char *
grown_text (const SaxidNetwork *start)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (start->text, "\n", -1);
  guint layer = 0, pools = 0;

  for (guint k = 0; lines[k] != NULL; k++)
    {
      const SaxidLayer *at = &start->layer[layer];

      if (*g_strstrip (lines[k]) == '\0')
        continue;
      if (at->kind == SAXID_LAYER_ADD)
        return NULL;
      if (at->kind == SAXID_LAYER_MAXPOOL && pools++ > 0)
        g_string_append_printf (text, BLOCK, at->in.channels, at->in.channels);
      g_string_append_printf (text, "%s\n", lines[k]);
      layer++;
    }
  return pools > 1 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

SaxidNetwork *
saxid_technique_grow (const SaxidNetwork *start, guint64 seed, GError **error)
{
  g_autofree char *text = grown_text (start);
  SaxidNetwork *grown = text != NULL ? saxid_network_new (text, start->in, seed, error) : NULL;
  gboolean within = FALSE;
  guint from = 0;

  if (text == NULL)
    g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "network has residual blocks already, or no second pooling to put one before");
  for (guint k = 0; grown != NULL && k < grown->n_layer; k++)
    {
      const SaxidLayer *to = &grown->layer[k];
      const gboolean ends = k > 0 && grown->layer[k - 1].kind == SAXID_LAYER_ADD; /* the block's ReLU */

      within = within || to->kind == SAXID_LAYER_KEEP;
      if (within && k + 1 < grown->n_layer && grown->layer[k + 1].kind == SAXID_LAYER_ADD)
        memset (grown->weight + to->weight_at, 0, to->n_weight * sizeof *grown->weight);
      if (!within && !ends)
        {
          const SaxidLayer *old = &start->layer[from++];

          memcpy (grown->weight + to->weight_at, start->weight + old->weight_at, to->n_weight * sizeof *grown->weight);
          memcpy (grown->state + to->state_at, start->state + old->state_at, to->n_state * sizeof *grown->state);
        }
      within = within && to->kind != SAXID_LAYER_ADD;
    }
  return grown;
}
