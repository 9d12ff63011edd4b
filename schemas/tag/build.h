/* Builds saxid groups with the NeXus API, in a scratch file of our own.
 *
 * Included by files of this room only.
 * Thread: one at a time, the NeXus API keeps global state.
 */
#pragma once

#include "schemas/tag/record.h"

G_BEGIN_DECLS

#define SAXID_TAG_SCRATCH_FORMAT "record%u" /* name of the group of record k */
#define SAXID_TAG_SCRATCH_NAME 32

/* One group for each record, in a scratch file that is open already. path: the user's file, for
 * messages. Errors: SAXID_ERROR_IO. */
gboolean saxid_tag_build (const char *scratch, const char *path, SaxidRecord *const *records, guint n, GError **error);

G_END_DECLS
