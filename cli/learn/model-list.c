/* saxid model list: which models can be named?
 *
 * Of two with one name the first is the one that is meant. A file that is no sound model costs a
 * line on standard error.
 */
#include "cli/learn/model-list.h"

#include <string.h>

#include "cli/text.h"
#include "cli/verb.h"
#include "plugin/model.h"

#define SUFFIX ".saxid-model"

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Names of the models of a directory, sorted; a directory that is not there has none. */
static GPtrArray *
names_in (const char *directory)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  GDir *open = g_dir_open (directory, 0, NULL);
  const char *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (names, g_strndup (name, strlen (name) - strlen (SUFFIX)));
  g_clear_pointer (&open, g_dir_close);
  g_ptr_array_sort (names, compare);
  return names;
}

static int
print_model (const char *path, const char *name, gboolean shipped)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SaxidModel) model = saxid_model_load (path, &error);
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autofree char *shown = saxid_text_printable (name), *where = saxid_text_printable (whole);

  if (model == NULL)
    return saxid_verb_failed ("model", error);
  g_print ("%-16s %2u classes  sha256:%.12s  %s%s\n", shown, model->predictor->n_class, model->sha256, where,
           shipped ? "  (asked where none is named)" : "");
  return SAXID_EXIT_OK;
}

int
saxid_model_list (void)
{
  g_auto (GStrv) places = saxid_model_places ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *shipped = saxid_model_path (NULL);
  int exit_code = SAXID_EXIT_OK;

  for (char **place = places; *place != NULL; place++)
    {
      g_autoptr (GPtrArray) names = names_in (*place);

      for (guint k = 0; k < names->len; k++)
        {
          const char *name = names->pdata[k];
          g_autofree char *base = g_strconcat (name, SUFFIX, NULL), *path = g_build_filename (*place, base, NULL);

          if (g_hash_table_add (seen, g_strdup (name))
              && print_model (path, name, strcmp (path, shipped) == 0) != SAXID_EXIT_OK)
            exit_code = SAXID_EXIT_FAILED;
        }
    }
  return exit_code;
}
