/* Which column does a path name?
 *
 * Thread: pure.
 */
#include "schemas/hdf5/selection.h"

#include <string.h>

#include "reducers/error.h"

/* Brackets with nothing but indices in them: "[:,0]". Any others are part of a name. */
const char *
saxid_selection_of (const char *path)
{
  const char *open = strrchr (path, '[');
  gsize length = open != NULL ? strspn (open + 1, "0123456789:,.- ") : 0;

  return open != NULL && open > path && open[-1] != '/' && length > 0 && strcmp (open + 1 + length, "]") == 0
             ? open
             : path + strlen (path);
}

char *
saxid_selection_path (const char *path)
{
  return g_strndup (path, (gsize) (saxid_selection_of (path) - path));
}

static gboolean
refuse (const char *brackets, const SaxidArray *array, GError **error)
{
  g_autofree char *shape = saxid_array_shape (array);

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
               "'%s' names no part of %s: ':' or an index is needed for each dimension", brackets, shape);
  return FALSE;
}

gboolean
saxid_selection_apply (const char *brackets, SaxidArray *array, GError **error)
{
  const guint rank = saxid_array_rank (array);
  g_autofree char *inner = NULL;
  g_auto (GStrv) words = NULL;
  guint n, axis = 0;
  gboolean all_seen = FALSE;

  if (brackets[0] == '\0')
    return TRUE;
  inner = g_strndup (brackets + 1, strlen (brackets) - 2);
  words = g_strsplit (inner, ",", 64);
  n = g_strv_length (words);
  for (guint k = 0; k < n; k++)
    {
      const char *word = g_strstrip (words[k]);
      gint64 index;

      if (strcmp (word, "...") == 0 && !all_seen && n - 1 <= rank)
        {
          axis += rank - (n - 1);
          all_seen = TRUE;
          continue;
        }
      if (axis >= rank)
        return refuse (brackets, array, error);
      if (strcmp (word, ":") != 0)
        {
          const gint64 size = (gint64) saxid_array_size (array, axis);

          if (!g_ascii_string_to_signed (word, 10, -size, size - 1, &index, NULL))
            return refuse (brackets, array, error);
          saxid_array_pick (array, axis, (guint64) (index < 0 ? index + size : index));
        }
      axis++;
    }
  return axis == rank || refuse (brackets, array, error);
}
