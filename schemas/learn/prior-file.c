/* Which weights does a key file give to the classes?
 *
 * Thread: pure.
 */
#include "schemas/learn/prior-file.h"

#include <string.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"

#define GROUP "prior"
#define MOST_BYTES (64u << 10) /* of a few lines */

void
saxid_prior_file_free (SaxidPriorFile *file)
{
  if (file == NULL)
    return;
  g_strfreev (file->name);
  g_free (file->weight);
  g_free (file);
}

static gboolean
refuse (GError **error, const char *path, GError *cause)
{
  g_set_error_literal (error, SAXID_ERROR, cause->domain == G_FILE_ERROR ? SAXID_ERROR_IO : SAXID_ERROR_ARGUMENT,
                       cause->message);
  saxid_error_add_place (error, "%s", path);
  g_error_free (cause);
  return FALSE;
}

/* What is no regular file, a pipe or a device, might never end. */
static gboolean
load (GKeyFile *keys, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  GError *cause = NULL;
  gsize n;

  if (!saxid_door_read (path, MOST_BYTES, &text, &n, error))
    {
      g_prefix_error (error, "key file of a prior: ");
      saxid_error_add_place (error, "%s", path);
      return FALSE;
    }
  return g_key_file_load_from_data (keys, text, n, G_KEY_FILE_NONE, &cause)
         || refuse (error, path, cause);
}

static gboolean
check_groups (GKeyFile *keys, const char *path, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (keys, NULL);

  for (char **group = groups; *group != NULL; group++)
    if (strcmp (*group, GROUP) != 0)
      {
        g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "key file of a prior has the group [%s], only [%s] is possible",
                     *group, GROUP);
        saxid_error_add_place (error, "%s", path);
        return FALSE;
      }
  return TRUE;
}

SaxidPriorFile *
saxid_prior_file_read (const char *path, GError **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (SaxidPriorFile) file = g_new0 (SaxidPriorFile, 1);
  gsize n = 0;
  GError *cause = NULL;

  if (!load (keys, path, error) || !check_groups (keys, path, error))
    return NULL;
  file->name = g_key_file_get_keys (keys, GROUP, &n, &cause);
  if (file->name == NULL)
    {
      refuse (error, path, cause);
      return NULL;
    }
  file->n = (guint) n;
  file->weight = g_new0 (double, n);
  for (gsize k = 0; k < n; k++)
    {
      file->weight[k] = g_key_file_get_double (keys, GROUP, file->name[k], &cause);
      if (cause != NULL)
        {
          refuse (error, path, cause);
          return NULL;
        }
    }
  return g_steal_pointer (&file);
}
