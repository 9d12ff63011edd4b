/* What does a file say already?
 *
 * Thread: see stored-tags.h.
 */
#include "config.h"

#include "cli/stored-tags.h"

#include <string.h>

#include "reducers/error.h"
#include "schemas/tag/reader.h"
#include "schemas/tag/target.h"

void
saxid_stored_tags_free (SaxidStoredTags *tags)
{
  if (tags == NULL)
    return;
  g_free (tags->holder);
  g_clear_pointer (&tags->records, g_ptr_array_unref);
  g_free (tags);
}

/* run.h5 and run.nxs may have one name for their side files. */
static gboolean
holds_tags_of (const char *side, const char *file)
{
  g_autofree char *source = g_file_test (side, G_FILE_TEST_EXISTS) ? saxid_tag_side_source (side) : NULL;
  g_autofree char *base = g_path_get_basename (file);

  return source != NULL && strcmp (source, base) == 0;
}

SaxidStoredTags *
saxid_stored_tags_read (const char *file, GError **error)
{
  g_autoptr (SaxidStoredTags) tags = g_new0 (SaxidStoredTags, 1);
  g_autofree char *side = saxid_tag_side_path (file);

  tags->file = file;
  tags->holder = g_strdup (file);
  tags->records = saxid_tag_read_all (file, error);
  if (tags->records == NULL)
    return NULL;
  if (tags->records->len > 0)
    return g_steal_pointer (&tags);
  if (holds_tags_of (side, file))
    {
      g_free (tags->holder);
      tags->holder = g_steal_pointer (&side);
      g_clear_pointer (&tags->records, g_ptr_array_unref);
      tags->records = saxid_tag_read_all (tags->holder, error);
      if (tags->records == NULL)
        return NULL;
    }
  if (tags->records->len > 0)
    return g_steal_pointer (&tags);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "no tags in it, nor in a side file: 'saxid tag' makes them (%s)", file);
  return NULL;
}

const SaxidRecord *
saxid_stored_tags_find (const SaxidStoredTags *tags, const char *i_path, gsize n)
{
  for (guint k = 0; k < tags->records->len; k++)
    {
      const SaxidRecord *record = tags->records->pdata[k];

      if (record->n_curve == n && g_strcmp0 (record->i_path, i_path) == 0)
        return record;
    }
  return NULL;
}
