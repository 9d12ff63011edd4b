/* Which words would somebody type who meant what a key file says?
 *
 * The verb itself knows its options, so a key that is none is its error, as a mistyped one is.
 *
 * Thread: one thread.
 */
#include "cli/settings-file.h"

#include <string.h>

#include "reducers/error.h"

#define OPTION "--config"
#define ARGUMENTS "directories"

/* A switch is either there or not; anything else has a value. */
static void
add_option (GStrvBuilder *words, const char *key, const char *value)
{
  g_autofree char *word = NULL;

  if (strcmp (value, "false") == 0)
    return;
  word = strcmp (value, "true") == 0 ? g_strconcat ("--", key, NULL) : g_strconcat ("--", key, "=", value, NULL);
  g_strv_builder_add (words, word);
}

static gboolean
add_file (GStrvBuilder *words, GStrvBuilder *arguments, const char *verb, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) keys = NULL;
  GError *cause = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &cause)
      || (keys = g_key_file_get_keys (file, verb, NULL, &cause)) == NULL)
    {
      g_set_error_literal (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, cause->message);
      saxid_error_add_place (error, "%s", path);
      g_error_free (cause);
      return FALSE;
    }
  for (char **key = keys; *key != NULL; key++)
    {
      g_autofree char *value = g_key_file_get_string (file, verb, *key, NULL);

      if (strcmp (*key, ARGUMENTS) == 0)
        {
          g_auto (GStrv) list = g_key_file_get_string_list (file, verb, *key, NULL, NULL);

          g_strv_builder_addv (arguments, (const char **) list);
        }
      else if (value != NULL)
        add_option (words, *key, value);
    }
  return TRUE;
}

GStrv
saxid_settings_file_words (const char *verb, const char *path, GError **error)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new (), typed = g_strv_builder_new ();
  g_auto (GStrv) arguments = NULL;

  g_strv_builder_add (words, verb);
  if (!add_file (words, typed, verb, path, error))
    return NULL;
  arguments = g_strv_builder_end (typed);
  if (arguments[0] == NULL)
    return g_strv_builder_end (words);
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "[%s] has '" ARGUMENTS "', options alone are possible (%s)", verb, path);
  return NULL;
}

GStrv
saxid_settings_words (const char *verb, char **argv, GError **error)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new (), typed = g_strv_builder_new ();
  g_auto (GStrv) rest = NULL;

  g_strv_builder_add (words, argv[0]);
  for (guint k = 1; argv[k] != NULL; k++)
    {
      const char *path = NULL;

      if (strcmp (argv[k], OPTION) == 0 && argv[k + 1] != NULL)
        path = argv[++k];
      else if (g_str_has_prefix (argv[k], OPTION "="))
        path = argv[k] + strlen (OPTION "=");
      if (path == NULL)
        g_strv_builder_add (typed, argv[k]);
      else if (!add_file (words, typed, verb, path, error))
        return NULL;
    }
  rest = g_strv_builder_end (typed);
  g_strv_builder_addv (words, (const char **) rest);
  return g_strv_builder_end (words);
}
