/* Is the file the old one or the new one after a kill at any instant? */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "schemas/tag/reader.h"
#include "schemas/tag/writer.h"
#include "tests/tag-record.h"

#define KILLS 50
#define FRAMES 400
#define LIFE_IN_TAGS 4 /* a child lives as long as this many tags take, at most */

/* Tags without end, with two records in turn. */
static void
tag_for_ever (const char *path, guint turn)
{
  for (;; turn++)
    {
      g_autoptr (SaxidRecord) record = tag_record_new ("/entry", FRAMES, 1 + turn % 2);

      if (!saxid_tag_write (path, &record, 1, NULL, NULL))
        _exit (1);
    }
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
test_kill (void)
{
  g_autofree char *directory = g_dir_make_tmp ("saxid-kill-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "run.nxs", NULL);
  g_autofree char *maker = g_strdup_printf (
    "import h5py; f = h5py.File('%s', 'w'); f['entry/I'] = list(range(5000)); f.close()", path);
  const char *const argv[] = { g_getenv ("PYTHON3"), "-c", maker, NULL };
  g_autoptr (SaxidRecord) first = tag_record_new ("/entry", FRAMES, 1);
  g_autoptr (SaxidRecord) second = tag_record_new ("/entry", FRAMES, 2);
  guint firsts = 0, seconds = 0, leftovers = 0;
  gint64 started;
  int status = -1, longest_life;

  if (argv[0] == NULL
      || !g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL)
      || status != 0)
    {
      g_rmdir (directory);
      g_test_skip ("h5py makes the file and is not here");
      return;
    }
  started = g_get_monotonic_time ();
  g_assert_true (saxid_tag_write (path, &first, 1, NULL, NULL));
  longest_life = (int) CLAMP (LIFE_IN_TAGS * (g_get_monotonic_time () - started), 5000, 200000);

  for (int k = 0; k < KILLS; k++)
    {
      g_autoptr (SaxidRecord) found = NULL;
      g_autoptr (GError) error = NULL;
      pid_t child = fork ();

      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        tag_for_ever (path, (guint) k);
      g_usleep ((gulong) g_test_rand_int_range (0, longest_life));
      kill (child, SIGKILL);
      waitpid (child, &status, 0);
      g_assert_true (WIFSIGNALED (status)); /* it did not fail before */

      found = saxid_tag_read (path, "/entry", "saxid", &error);
      g_assert_no_error (error);
      firsts += saxid_record_equal (found, first);
      seconds += saxid_record_equal (found, second);
      g_assert_cmpuint (firsts + seconds, ==, (guint) k + 1);
      leftovers += count_files (directory) > 1;
    }
  g_test_message ("%u kills: %u found the first record, %u the second, %u left a copy behind", KILLS,
                  firsts, seconds, leftovers);

  /* the next run clears away what the last kill left */
  g_assert_true (saxid_tag_write (path, &first, 1, NULL, NULL));
  g_assert_cmpuint (count_files (directory), ==, 1);
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replace-kill/old-or-new", test_kill);
  return g_test_run ();
}
