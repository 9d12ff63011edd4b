/* Which file is meant by the name of a population?
 *
 * Thread: pure.
 */
#include "config.h"
#include "cli/learn/population-file.h"

#include <string.h>

#include "reducers/error.h"

#define SUFFIX ".population"
#define MOST_BYTES (1 << 20)

/* The build tree has models/populations linked into it, beside the program. */
static char *
uninstalled_directory (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : NULL;

  return directory != NULL ? g_build_filename (directory, "models", "populations", NULL) : NULL;
}

static GPtrArray *
list_places (void)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);
  char *uninstalled = uninstalled_directory ();

  if (g_getenv ("SAXID_POPULATION_PATH") != NULL)
    g_ptr_array_add (places, g_strdup (g_getenv ("SAXID_POPULATION_PATH")));
  if (uninstalled != NULL)
    g_ptr_array_add (places, uninstalled);
  g_ptr_array_add (places, g_strdup (SAXID_POPULATIONDIR));
  return places;
}

static char *
find (const char *name)
{
  g_autoptr (GPtrArray) places = list_places ();
  g_autofree char *base = g_strconcat (name, SUFFIX, NULL);

  if (strchr (name, '/') != NULL || g_str_has_suffix (name, SUFFIX))
    return g_strdup (name);
  for (guint k = 0; k < places->len; k++)
    {
      g_autofree char *path = g_build_filename (g_ptr_array_index (places, k), base, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

SaxidPopulation *
saxid_population_load (const char *name, GError **error)
{
  g_autofree char *path = find (name), *base = NULL, *text = NULL;
  g_autoptr (GError) cause = NULL;
  gsize length;

  if (path == NULL)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "population '%s' is not known; give a name of the list in --help, or a path", name);
      return NULL;
    }
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) || !g_file_get_contents (path, &text, &length, &cause))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "population cannot be read: %s (%s)",
                   cause != NULL ? cause->message : "it is no file", path);
      return NULL;
    }
  if (length > MOST_BYTES || strlen (text) != length)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_LIMIT,
                   "population has %" G_GSIZE_FORMAT " bytes, a text of at most %d is needed (%s)", length,
                   MOST_BYTES, path);
      return NULL;
    }
  base = g_path_get_basename (path);
  if (g_str_has_suffix (base, SUFFIX))
    base[strlen (base) - strlen (SUFFIX)] = '\0';
  return saxid_population_parse (base, path, text, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names of the files in the places, the first place that has one first. */
static GPtrArray *
list_names (void)
{
  g_autoptr (GPtrArray) places = list_places ();
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint k = 0; k < places->len; k++)
    {
      g_autoptr (GDir) directory = g_dir_open (g_ptr_array_index (places, k), 0, NULL);
      const char *file;

      while (directory != NULL && (file = g_dir_read_name (directory)) != NULL)
        {
          g_autofree char *name = g_str_has_suffix (file, SUFFIX) ? g_strndup (file, strlen (file) - strlen (SUFFIX)) : NULL;

          if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
            g_ptr_array_add (names, g_steal_pointer (&name));
        }
    }
  g_ptr_array_sort (names, compare_names);
  return names;
}

char *
saxid_population_list (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) names = list_names ();

  for (guint k = 0; k < names->len; k++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SaxidPopulation) population = saxid_population_load (g_ptr_array_index (names, k), &error);

      g_string_append_printf (text, "  %-16s %s\n", (const char *) g_ptr_array_index (names, k),
                              population != NULL ? saxid_population_title (population) : error->message);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
