/* The curves of one text or canSAS XML, as `saxid import` takes them.
 *
 * Thread: no state.
 */
#pragma once

#include "schemas/text/file.h"

G_BEGIN_DECLS

/* Reads one input to the end of `all` (of SaxidMeasurement); nothing of it stays when it fails.
 * Of several curves those stay of which something can be said, and they tell of the others.
 * Errors: as of saxid_text_read; SAXID_ERROR_ARGUMENT for HDF5. */
gboolean saxid_import_read (const char *path, const SaxidTextOptions *options, GPtrArray *all, GError **error);

G_END_DECLS
