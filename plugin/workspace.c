/* What does one thread keep between two curves?
 *
 * Thread: a workspace belongs to one thread at a time.
 */
#include "plugin/workspace.h"

struct saxid_workspace *
saxid_workspace_new (const struct saxid_context *context, GError **error)
{
  const SaxidPredictor *predictor = context->model->predictor;
  SaxidScratch *scratch = saxid_scratch_new (predictor, error);
  struct saxid_workspace *workspace;

  if (scratch == NULL)
    return NULL;
  workspace = g_new0 (struct saxid_workspace, 1);
  workspace->context = context;
  workspace->scratch = scratch;
  if (context->reduction != NULL)
    workspace->reduction = saxid_reduction_scratch_new (context->reduction);
  workspace->probability = g_new0 (float, context->n_class);
  workspace->in_set = g_new0 (guint8, context->n_class);
  return workspace;
}

void
saxid_workspace_free (struct saxid_workspace *workspace)
{
  if (workspace == NULL)
    return;
  saxid_scratch_free (workspace->scratch);
  saxid_reduction_scratch_free (workspace->reduction);
  g_free (workspace->probability);
  g_free (workspace->in_set);
  g_free (workspace);
}
