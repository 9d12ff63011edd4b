/* What one thread needs to use a context.
 *
 * Thread: a workspace belongs to one thread at a time.
 */
#pragma once

#include "plugin/context.h"

G_BEGIN_DECLS

struct saxid_workspace
{
  const struct saxid_context *context;
  SaxidScratch *scratch;
  SaxidReductionScratch *reduction; /* NULL without a geometry */
  float *probability; /* [n_class] of the curve judged last */
  const char *element; /* of the sample, as its file says; NULL: not known */
  guint8 *in_set;     /* [n_class] */
  SaxidFitSigns signs; /* of that curve */
};

/* Errors: those of the model's network. */
struct saxid_workspace *saxid_workspace_new (const struct saxid_context *context, GError **error);
void saxid_workspace_free (struct saxid_workspace *workspace);

G_END_DECLS
