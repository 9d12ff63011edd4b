/* Runs a fuzz target over files, where there is no libFuzzer: every file of a
 * corpus, as the arguments name them (files or directories). TAP. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static guint n_file;

static void
replay (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n;

  if (!g_file_get_contents (path, &bytes, &n, NULL))
    {
      printf ("Bail out! %s cannot be read\n", path);
      return;
    }
  LLVMFuzzerTestOneInput ((const uint8_t *) bytes, n);
  printf ("ok %u - %s\n", ++n_file, strrchr (path, '/') != NULL ? strrchr (path, '/') + 1 : path);
  fflush (stdout); /* so that a crash is seen behind the last file that was sound */
}

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
replay_directory (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  for (guint k = 0; k < names->len; k++)
    replay (names->pdata[k]);
}

int
main (int argc, char **argv)
{
  for (int k = 1; k < argc; k++)
    if (g_file_test (argv[k], G_FILE_TEST_IS_DIR))
      replay_directory (argv[k]);
    else
      replay (argv[k]);
  printf ("1..%u\n", n_file);
  return n_file > 0 ? 0 : 1;
}
