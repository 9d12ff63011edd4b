/* Tags files as saxid would, with numbers made from a seed: the tool with which
 * scripts and other tests try the tag writer.
 *
 *   tagger [--frames N] [--seed N] [--side] [--part] [--repeat N] [--name NAME]
 *          FILE GROUP I Q [GROUP I Q …]
 *
 * Prints one line per failure on standard error, exit 1.
 */
#include <locale.h>
#include <string.h>

#include "schemas/tag/writer.h"
#include "tests/tag-record.h"

int
main (int argc, char **argv)
{
  int frames = 1, seed = 1, repeat = 1;
  gboolean side = FALSE, part = FALSE;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) saxid_record_free);
  g_autoptr (GOptionContext) context = g_option_context_new ("FILE GROUP I Q …");
  const GOptionEntry entries[] = {
    { "frames", 0, 0, G_OPTION_ARG_INT, &frames, "curves in each group", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "other numbers", "N" },
    { "repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "tag as often", "N" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "of the group", "NAME" },
    { "side", 0, 0, G_OPTION_ARG_NONE, &side, "write a side file", NULL },
    { "part", 0, 0, G_OPTION_ARG_NONE, &part, "part hard links", NULL },
    G_OPTION_ENTRY_NULL,
  };
  SaxidWriteOptions options = { 0 };

  setlocale (LC_CTYPE, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 5 || argc % 3 != 2)
    {
      g_printerr ("tagger: %s\n", error != NULL ? error->message : "FILE GROUP I Q … are needed");
      return 2;
    }
  options.side_file = side;
  options.part_hard_links = part;
  for (int turn = 0; turn < repeat; turn++)
    {
      g_ptr_array_set_size (records, 0);
      for (int k = 2; k < argc; k += 3)
        {
          SaxidRecord *record = tag_record_new (argv[k], (gsize) frames, (guint) (seed + turn));

          g_free (record->i_path);
          g_free (record->q_path);
          record->i_path = g_strdup (argv[k + 1]);
          record->q_path = g_strdup (argv[k + 2]);
          if (name != NULL)
            {
              g_free (record->name);
              record->name = g_strdup (name);
            }
          g_ptr_array_add (records, record);
        }
      if (!saxid_tag_write (argv[1], (SaxidRecord *const *) records->pdata, records->len, &options,
                            &error))
        {
          g_printerr ("tagger: %s\n", error->message);
          return 1;
        }
    }
  return 0;
}
