/* The tags that a file has already: in it, or in its side file.
 *
 * Thread: one thread.
 */
#pragma once

#include "schemas/tag/record.h"

G_BEGIN_DECLS

typedef struct
{
  const char *file;
  char *holder;       /* the file itself, or its side file */
  GPtrArray *records; /* of SaxidRecord; of saxid_stored_tags_read, never empty */
} SaxidStoredTags;

/* file is kept by the caller. Errors: those of saxid_tag_read_all; SAXID_ERROR_NO_CURVE: there are none. */
SaxidStoredTags *saxid_stored_tags_read (const char *file, GError **error);
void saxid_stored_tags_free (SaxidStoredTags *tags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidStoredTags, saxid_stored_tags_free)

/* The record of the curves whose intensities are at i_path, one of n; NULL: there is none. */
const SaxidRecord *saxid_stored_tags_find (const SaxidStoredTags *tags, const char *i_path, gsize n);

G_END_DECLS
