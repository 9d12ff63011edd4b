/* The curves of one text or canSAS XML, whichever of the two it is.
 *
 * Thread: pure but for the file.
 */
#pragma once

#include "schemas/text/file.h"

G_BEGIN_DECLS

/* What such a file is called where it is told how a curve was read. */
#define SAXID_TEXT_KIND "text columns"
#define SAXID_XML_KIND "canSAS XML"

/* Reads one file to the end of `all` (of SaxidMeasurement); nothing of it stays when it fails.
 * Of several curves those stay of which something can be said, and they tell of the others.
 * *kind, which may be NULL: one of the two above.
 * Errors: as of saxid_text_read; SAXID_ERROR_ARGUMENT for HDF5. */
gboolean saxid_text_any_read (const char *path, const SaxidTextOptions *options, GPtrArray *all, const char **kind,
                              GError **error);

G_END_DECLS
