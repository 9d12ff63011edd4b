/* saxid untag: the files as they were before anybody tagged them. */
#include "config.h"

#include "cli/text.h"
#include "cli/verb.h"
#include "cli/verbs.h"
#include "schemas/tag/remover.h"
#include "schemas/tag/target.h"

#define VERB "untag"

static gboolean
has_side_file (const char *file)
{
  g_autofree char *side = saxid_tag_side_path (file);

  return g_file_test (side, G_FILE_TEST_EXISTS);
}

static void
say (const char *file, const char *what)
{
  g_autofree char *shown = saxid_text_printable (file);

  g_print ("%s: %s\n", shown, what);
}

static gboolean
untag_file (const char *file, GError **error)
{
  g_autofree char *what = NULL;
  guint n;

  if (!saxid_tag_remove (file, &n, error))
    return FALSE;
  if (n > 0)
    what = g_strdup_printf ("%u group%s of tags taken out", n, n == 1 ? "" : "s");
  else
    what = g_strdup_printf ("no tags in it%s", has_side_file (file) ? "; those of its side file go with --side-file" : "");
  say (file, what);
  return TRUE;
}

static gboolean
remove_side (const char *file, GError **error)
{
  if (!saxid_tag_remove_side (file, error))
    return FALSE;
  say (file, "side file of tags taken away");
  return TRUE;
}

int
saxid_verb_untag (int argc, char **argv)
{
  gboolean side_file = FALSE;
  int exit_code;
  const GOptionEntry entries[] = {
    { "side-file", 0, 0, G_OPTION_ARG_NONE, &side_file, "Take STEM_saxid.nxs beside each file away instead", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!saxid_verb_parse (VERB, "FILE…",
                         "Takes the groups that saxid wrote out of NeXus/HDF5 files, and nothing else: a group in\n"
                         "which somebody has put something is left alone, and its file with it.",
                         entries, &argc, &argv, &exit_code))
    return exit_code;
  if (argc < 2)
    return saxid_verb_usage (VERB, "no file was given");
  exit_code = SAXID_EXIT_OK;
  for (char **file = argv + 1; *file != NULL; file++)
    {
      g_autoptr (GError) error = NULL;

      if (!(side_file ? remove_side (*file, &error) : untag_file (*file, &error)))
        exit_code = saxid_verb_failed (VERB, error);
    }
  return exit_code;
}
