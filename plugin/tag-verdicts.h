/* Verdicts that a host has already, on their way into a file.
 *
 * Thread: any; calls wait for each other, as in tag-writer.h.
 */
#pragma once

#include "plugin/context.h"

G_BEGIN_DECLS

/* Shape: n verdicts, struct_size bytes apart, each with probability and prediction_set of
 * n_class of the context's model.
 * Errors: SAXID_ERROR_ARGUMENT for a verdict that no model gives, and those of
 * saxid_tag_write. */
gboolean saxid_tag_verdicts (const struct saxid_context *context, const char *path, const char *entry,
                             const struct saxid_verdict *verdicts, gsize n,
                             const struct saxid_write_options *options, GError **error);

G_END_DECLS
