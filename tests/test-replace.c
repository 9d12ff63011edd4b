/* Does saxid_replace_file leave the old file or the new one, whatever happens? */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "reducers/error.h"
#include "schemas/disk/copy.h"
#include "schemas/disk/replace.h"

#define OLD "what was there before"
#define NEW "what is there now, and longer"

typedef struct
{
  char *directory;
  char *path;
} Place;

static void
set_up (Place *place, gconstpointer unused)
{
  (void) unused;
  place->directory = g_dir_make_tmp ("saxid-replace-XXXXXX", NULL);
  g_assert_nonnull (place->directory);
  place->path = g_build_filename (place->directory, "run.nxs", NULL);
  g_assert_true (g_file_set_contents (place->path, OLD, -1, NULL));
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (directory);
  while (g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

static void
tear_down (Place *place, gconstpointer unused)
{
  g_autoptr (GDir) directory = g_dir_open (place->directory, 0, NULL);

  (void) unused;
  for (const char *name = g_dir_read_name (directory); name != NULL; name = g_dir_read_name (directory))
    {
      g_autofree char *path = g_build_filename (place->directory, name, NULL);

      if (g_remove (path) != 0)
        g_rmdir (path);
    }
  g_rmdir (place->directory);
  g_free (place->directory);
  g_free (place->path);
}

static void
assert_content (const char *path, const char *content)
{
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, content);
}

/* The original is as it was, and nothing lies beside it. */
static void
assert_untouched (const Place *place)
{
  assert_content (place->path, OLD);
  g_assert_cmpuint (count_files (place->directory), ==, 1);
}

static gboolean
write_new (const char *copy, const char *scratch, gpointer data, GError **error)
{
  int fd = open (copy, O_WRONLY | O_TRUNC);

  (void) scratch, (void) data, (void) error;
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, NEW, strlen (NEW)), ==, strlen (NEW));
  close (fd);
  return TRUE;
}

static gboolean
fail (const char *copy, const char *scratch, gpointer data, GError **error)
{
  (void) scratch, (void) data;
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_DATA, "no");
  return FALSE;
}

static gboolean
expect_new (const char *copy, const char *scratch, gpointer data, GError **error)
{
  (void) scratch, (void) data, (void) error;
  assert_content (copy, NEW);
  return TRUE;
}

static void
assert_refused (Place *place, const SaxidReplaceOptions *options, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (saxid_replace_file (place->path, options, write_new, NULL, NULL, &error));
  g_assert_error (error, SAXID_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

/* And one could have known. */
static void
assert_refused_at_once (Place *place, const SaxidReplaceOptions *options, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (saxid_replace_check (place->path, options, &error));
  g_assert_error (error, SAXID_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  assert_refused (place, options, code, words);
}

static void
test_new_content (Place *place, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  struct stat before, after;
  char value[16] = "";
  gboolean has_xattr;

  (void) unused;
  g_assert_cmpint (g_chmod (place->path, 0640), ==, 0);
  has_xattr = setxattr (place->path, "user.sample", "silica", 6, 0) == 0;
  g_assert_cmpint (stat (place->path, &before), ==, 0);
  saxid_replace_file (place->path, NULL, write_new, expect_new, NULL, &error);
  g_assert_no_error (error);
  assert_content (place->path, NEW);
  g_assert_cmpint (stat (place->path, &after), ==, 0);
  g_assert_cmpuint (after.st_mode, ==, before.st_mode);
  g_assert_cmpuint (after.st_uid, ==, before.st_uid);
  g_assert_cmpuint (after.st_gid, ==, before.st_gid);
  g_assert_cmpuint (count_files (place->directory), ==, 1);
  if (has_xattr)
    {
      g_assert_cmpint (getxattr (place->path, "user.sample", value, sizeof value), ==, 6);
      g_assert_cmpstr (value, ==, "silica");
    }
  else
    g_test_message ("extended attributes not tried: the filesystem has none");
}

static void
test_owner_is_kept (Place *place, gconstpointer unused)
{
  struct stat after;

  (void) unused;
  if (chown (place->path, 12345, 23456) != 0)
    {
      g_test_skip ("only root may give a file away");
      return;
    }
  g_assert_true (saxid_replace_file (place->path, NULL, write_new, NULL, NULL, NULL));
  g_assert_cmpint (stat (place->path, &after), ==, 0);
  g_assert_cmpuint (after.st_uid, ==, 12345);
  g_assert_cmpuint (after.st_gid, ==, 23456);
}

static void
test_failure_changes_nothing (Place *place, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_assert_false (saxid_replace_file (place->path, NULL, fail, NULL, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
  assert_untouched (place);
  g_clear_error (&error);
  g_assert_false (saxid_replace_file (place->path, NULL, write_new, fail, NULL, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_DATA);
  assert_untouched (place);
}

static void
test_link_stays_a_link (Place *place, gconstpointer unused)
{
  g_autofree char *below = g_build_filename (place->directory, "below", NULL);
  g_autofree char *link = g_build_filename (below, "link.nxs", NULL);

  (void) unused;
  g_assert_cmpint (g_mkdir (below, 0755), ==, 0);
  g_assert_cmpint (symlink ("../run.nxs", link), ==, 0);
  g_assert_true (saxid_replace_file (link, NULL, write_new, NULL, NULL, NULL));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  assert_content (place->path, NEW);
  g_assert_cmpuint (count_files (below), ==, 1);
  g_unlink (link);
}

static void
test_hard_links_are_not_parted_silently (Place *place, gconstpointer unused)
{
  g_autofree char *other = g_build_filename (place->directory, "other.nxs", NULL);
  const SaxidReplaceOptions part = { .part_hard_links = TRUE };

  (void) unused;
  g_assert_cmpint (link (place->path, other), ==, 0);
  assert_refused_at_once (place, NULL, SAXID_ERROR_UNSUPPORTED, "2 names (hard links)");
  assert_content (place->path, OLD);
  g_assert_true (saxid_replace_file (place->path, &part, write_new, NULL, NULL, NULL));
  assert_content (place->path, NEW);
  assert_content (other, OLD);
}

static void
test_read_only_file (Place *place, gconstpointer unused)
{
  (void) unused;
  g_assert_cmpint (g_chmod (place->path, 0444), ==, 0);
  assert_refused_at_once (place, NULL, SAXID_ERROR_IO, "read-only");
  assert_untouched (place);
}

static void
test_no_file (Place *place, gconstpointer unused)
{
  (void) unused;
  g_unlink (place->path);
  assert_refused_at_once (place, NULL, SAXID_ERROR_IO, "cannot find the file");
  g_assert_cmpint (symlink ("nowhere", place->path), ==, 0);
  assert_refused_at_once (place, NULL, SAXID_ERROR_IO, "cannot find the file");
  g_unlink (place->path);
  g_assert_cmpint (g_mkdir (place->path, 0755), ==, 0);
  assert_refused (place, NULL, SAXID_ERROR_IO, "Is a directory");
  g_rmdir (place->path);
  g_assert_cmpint (mkfifo (place->path, 0644), ==, 0);
  assert_refused_at_once (place, NULL, SAXID_ERROR_UNSUPPORTED, "not a regular file");
}

/* Neither locks nor flags: a program has the file open for writing, and that is all. */
static void
test_writer_without_locks (Place *place, gconstpointer unused)
{
  int ready[2];
  pid_t writer;
  char byte;

  (void) unused;
  g_assert_cmpint (pipe (ready), ==, 0);
  writer = fork ();
  if (writer == 0)
    {
      const int fd = open (place->path, O_RDWR);

      if (fd < 0 || write (ready[1], "x", 1) != 1)
        _exit (1);
      for (;;)
        pause ();
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  assert_refused_at_once (place, NULL, SAXID_ERROR_BUSY, "another program has the file open for writing");
  assert_untouched (place);
  kill (writer, SIGKILL);
  waitpid (writer, NULL, 0);
  close (ready[0]);
  close (ready[1]);
  g_assert_true (saxid_replace_file (place->path, NULL, write_new, NULL, NULL, NULL));
  assert_content (place->path, NEW);
}

static int began = -1;

static gboolean
write_while_another_begins (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Place *place = data;

  began = open (place->path, O_RDWR);
  g_assert_cmpint (began, >=, 0);
  return write_new (copy, scratch, NULL, error);
}

static void
test_writer_that_begins_meanwhile (Place *place, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_assert_false (saxid_replace_file (place->path, NULL, write_while_another_begins, NULL, place, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_BUSY);
  close (began);
  assert_untouched (place);
}

/* As somebody else. 0: refused as it should be. */
static int
try_as (const Place *place, uid_t user, gid_t group, gid_t other)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      g_autoptr (GError) error = NULL, early = NULL;

      if (setgroups (1, &other) != 0 || setresgid (group, group, group) != 0 || setresuid (user, user, user) != 0)
        _exit (2);
      if (saxid_replace_check (place->path, NULL, &early) || saxid_replace_file (place->path, NULL, write_new, NULL, NULL, &error))
        _exit (1);
      _exit (g_error_matches (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED)
                     && g_error_matches (early, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED)
                     && strstr (error->message, "write a side file") != NULL
                 ? 0
                 : 3);
    }
  waitpid (child, &status, 0);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

/* What cannot keep its owner or its group would be opened to others, or closed to them. */
static void
test_owner_that_cannot_be_kept (Place *place, gconstpointer unused)
{
  struct stat about;

  (void) unused;
  if (geteuid () != 0)
    {
      g_test_skip ("only root can be somebody else");
      return;
    }
  g_assert_cmpint (g_chmod (place->directory, 0777), ==, 0);
  g_assert_cmpint (chown (place->path, 1000, 3000), ==, 0);
  g_assert_cmpint (g_chmod (place->path, 0666), ==, 0);
  g_assert_cmpint (try_as (place, 1001, 1001, 2000), ==, 0); /* another user */
  g_assert_cmpint (try_as (place, 1001, 1001, 3000), ==, 0); /* one of the group */
  g_assert_cmpint (try_as (place, 1000, 1000, 1000), ==, 0); /* the owner, who is not of the group */
  g_assert_cmpint (g_stat (place->path, &about), ==, 0);
  g_assert_cmpuint (about.st_uid, ==, 1000);
  g_assert_cmpuint (about.st_gid, ==, 3000);
  assert_untouched (place);
}

/* A side file of who is not of the group is closed to his own. */
static void
test_side_file_is_not_opened (Place *place, gconstpointer unused)
{
  g_autofree char *side = g_build_filename (place->directory, "side.nxs", NULL);
  const SaxidReplaceOptions beside = { .made_beside = place->path };
  struct stat about;
  int status = 0;
  pid_t child;

  (void) unused;
  if (geteuid () != 0)
    {
      g_test_skip ("only root can be somebody else");
      return;
    }
  g_assert_cmpint (g_chmod (place->directory, 0777), ==, 0);
  g_assert_cmpint (chown (place->path, 1000, 3000), ==, 0);
  g_assert_cmpint (g_chmod (place->path, 0664), ==, 0);
  child = fork ();
  if (child == 0)
    {
      if (setgroups (0, NULL) != 0 || setresgid (1001, 1001, 1001) != 0 || setresuid (1001, 1001, 1001) != 0)
        _exit (2);
      _exit (saxid_replace_file (side, &beside, write_new, NULL, NULL, NULL) ? 0 : 1);
    }
  waitpid (child, &status, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpint (g_stat (side, &about), ==, 0);
  g_assert_cmpuint (about.st_mode & 0777, ==, 0604);
}

/* In a child without root's rights. */
static void
test_read_only_directory (Place *place, gconstpointer unused)
{
  (void) unused;
  g_chmod (place->path, 0666);
  g_chmod (place->directory, 0555);
  if (geteuid () == 0)
    {
      pid_t child;
      int status = 0;

      g_assert_cmpint (chown (place->path, 65534, 65534), ==, 0);
      child = fork ();

      if (child == 0)
        {
          g_autoptr (GError) error = NULL;

          if (setgroups (0, NULL) != 0 || setresgid (65534, 65534, 65534) != 0 || setresuid (65534, 65534, 65534) != 0)
            _exit (2);
          if (saxid_replace_check (place->path, NULL, NULL)
              || saxid_replace_file (place->path, NULL, write_new, NULL, NULL, &error)
              || !g_error_matches (error, SAXID_ERROR, SAXID_ERROR_IO)
              || strstr (error->message, "cannot write beside run.nxs: Permission denied") == NULL)
            _exit (1);
          _exit (0);
        }
      waitpid (child, &status, 0);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
  else
    assert_refused (place, NULL, SAXID_ERROR_IO, "cannot write beside run.nxs: Permission denied");
  assert_untouched (place);
  g_chmod (place->directory, 0755);
}

static gboolean
somebody_appends (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Place *place = data;
  FILE *stream = g_fopen (place->path, "a");

  fputs ("!", stream);
  fclose (stream);
  return write_new (copy, scratch, NULL, error);
}

static gboolean
somebody_removes (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Place *place = data;

  g_unlink (place->path);
  return write_new (copy, scratch, NULL, error);
}

static gboolean
somebody_replaces (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Place *place = data;

  g_assert_true (g_file_set_contents (place->path, OLD, -1, NULL));
  return write_new (copy, scratch, NULL, error);
}

static void
test_change_of_somebody_else_wins (Place *place, gconstpointer unused)
{
  const struct
  {
    SaxidReplaceFunc change;
    const char *words;
    const char *left;
  } cases[] = {
    { somebody_appends, "somebody else changed the file", OLD "!" },
    { somebody_replaces, "somebody else changed the file", OLD },
    { somebody_removes, "the file went away", NULL },
  };

  (void) unused;
  for (gsize k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (saxid_replace_file (place->path, NULL, cases[k].change, NULL, place, &error));
      g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
      g_assert_nonnull (strstr (error->message, cases[k].words));
      if (cases[k].left != NULL)
        assert_content (place->path, cases[k].left);
      g_assert_cmpuint (count_files (place->directory), ==, cases[k].left != NULL ? 1 : 0);
    }
}

static void
test_leftovers_are_cleared (Place *place, gconstpointer unused)
{
  static const char *const waste[] = { ".run.nxs.saxid-a1b2c3", ".run.nxs.saxid-zzzzzz.new" };
  static const char *const kept[] = { ".run.nxs.saxid-", ".run.nxs", ".other.nxs.saxid-a1b2c3" };

  (void) unused;
  for (gsize k = 0; k < G_N_ELEMENTS (waste); k++)
    {
      g_autofree char *path = g_build_filename (place->directory, waste[k], NULL);

      g_assert_true (g_file_set_contents (path, "half", -1, NULL));
    }
  for (gsize k = 0; k < G_N_ELEMENTS (kept); k++)
    {
      g_autofree char *path = g_build_filename (place->directory, kept[k], NULL);

      g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
    }
  g_assert_true (saxid_replace_file (place->path, NULL, write_new, NULL, NULL, NULL));
  g_assert_cmpuint (count_files (place->directory), ==, 1 + G_N_ELEMENTS (kept));
  assert_content (place->path, NEW);
}

static gboolean
die (const char *copy, const char *scratch, gpointer data, GError **error)
{
  (void) copy, (void) data, (void) error;
  g_assert_cmpint (truncate (scratch, 5), ==, 0);
  _exit (0);
}

/* In a directory that is too large to be looked through, too. */
static void
test_leftovers_in_a_crowd (Place *place, gconstpointer unused)
{
  const guint crowd = 3000;
  int status = -1;
  pid_t child;

  (void) unused;
  for (guint k = 0; k < crowd; k++)
    {
      g_autofree char *name = g_strdup_printf ("other%u.nxs", k);
      g_autofree char *path = g_build_filename (place->directory, name, NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    saxid_replace_file (place->path, NULL, die, NULL, NULL, NULL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpuint (count_files (place->directory), ==, crowd + 3);
  assert_content (place->path, OLD);
  g_assert_true (saxid_replace_file (place->path, NULL, write_new, NULL, NULL, NULL));
  g_assert_cmpuint (count_files (place->directory), ==, crowd + 1);
  assert_content (place->path, NEW);
}

static void
test_open_for_writing_elsewhere (Place *place, gconstpointer unused)
{
  int fd = open (place->path, O_RDWR);

  (void) unused;
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  assert_refused (place, NULL, SAXID_ERROR_BUSY, "open for writing");
  assert_untouched (place);
  /* a reader is in nobody's way */
  close (fd);
  fd = open (place->path, O_RDONLY);
  g_assert_cmpint (flock (fd, LOCK_SH), ==, 0);
  g_assert_true (saxid_replace_file (place->path, NULL, write_new, NULL, NULL, NULL));
  close (fd);
}

static gboolean
another_saxid (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const SaxidReplaceOptions impatient = { .lock_seconds = 0.05 };
  Place *place = data;
  g_autoptr (GError) refusal = NULL;

  g_assert_false (saxid_replace_file (place->path, &impatient, write_new, NULL, NULL, &refusal));
  g_assert_error (refusal, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_nonnull (strstr (refusal->message, "another saxid"));
  return write_new (copy, scratch, NULL, error);
}

static void
test_two_at_once (Place *place, gconstpointer unused)
{
  (void) unused;
  g_assert_true (saxid_replace_file (place->path, NULL, another_saxid, NULL, place, NULL));
  assert_content (place->path, NEW);
  g_assert_cmpuint (count_files (place->directory), ==, 1);
}

static gboolean
append_one (const char *copy, const char *scratch, gpointer data, GError **error)
{
  FILE *stream = g_fopen (copy, "a");

  (void) scratch, (void) data, (void) error;
  fputc ('+', stream);
  fclose (stream);
  return TRUE;
}

static gpointer
append_often (gpointer data)
{
  for (int k = 0; k < 20; k++)
    {
      g_autoptr (GError) error = NULL;

      saxid_replace_file (data, NULL, append_one, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  return NULL;
}

static void
test_no_change_is_lost (Place *place, gconstpointer unused)
{
  GThread *threads[4];
  g_autofree char *content = NULL;
  gsize length = 0;

  (void) unused;
  for (gsize k = 0; k < G_N_ELEMENTS (threads); k++)
    threads[k] = g_thread_new ("append", append_often, place->path);
  for (gsize k = 0; k < G_N_ELEMENTS (threads); k++)
    g_thread_join (threads[k]);
  g_assert_true (g_file_get_contents (place->path, &content, &length, NULL));
  g_assert_cmpuint (length, ==, strlen (OLD) + 80);
}

/* Every way of copying gives the same bytes and keeps the holes; a file that has become shorter
 * meanwhile is no error here. */
static void
test_copy (Place *place, gconstpointer way)
{
  const gsize size = 5 * 1024 * 1024 + 77, hole = 3 * 1024 * 1024;
  g_autofree char *from = g_build_filename (place->directory, "from", NULL), *to = g_build_filename (place->directory, "to", NULL);
  g_autofree char *content = g_malloc0 (size), *copied = NULL;
  g_autoptr (GError) error = NULL;
  const int in = open (from, O_RDWR | O_CREAT, 0600), out = open (to, O_RDWR | O_CREAT, 0600);
  struct stat before, after;
  gsize n;

  for (gsize k = 0; k < size; k++)
    content[k] = k < 1024 * 1024 + 5 || k >= hole ? (char) (k * 2654435761u >> 13) : 0;
  g_assert_cmpint (pwrite (in, content, 1024 * 1024 + 5, 0), ==, 1024 * 1024 + 5);
  g_assert_cmpint (pwrite (in, content + hole, size - hole, hole), ==, size - hole);
  g_assert_true (saxid_copy_content (in, out, (off_t) size, (SaxidCopyWay) GPOINTER_TO_INT (way), from, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (to, &copied, &n, NULL));
  g_assert_cmpmem (copied, n, content, size);
  g_assert_cmpint (fstat (in, &before), ==, 0);
  g_assert_cmpint (fstat (out, &after), ==, 0);
  g_assert_cmpint (after.st_blocks, <=, before.st_blocks + 16);

  g_assert_cmpint (ftruncate (in, 1000), ==, 0);
  g_assert_cmpint (ftruncate (out, 0), ==, 0);
  g_assert_true (saxid_copy_content (in, out, 2000, (SaxidCopyWay) GPOINTER_TO_INT (way), from, &error));
  g_assert_cmpint (fstat (out, &after), ==, 0);
  if (GPOINTER_TO_INT (way) != SAXID_COPY_SHARED)
    g_assert_cmpint (after.st_size, ==, 2000);

  close (in);
  g_assert_false (saxid_copy_content (in, out, (off_t) size, SAXID_COPY_BY_HAND, from, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_nonnull (strstr (error->message, from));
  close (out);
}

static void
test_holes_stay_holes (Place *place, gconstpointer unused)
{
  const off_t size = (off_t) 64 << 20;
  struct stat before, after;
  char byte = 0;
  int fd = open (place->path, O_RDWR);

  (void) unused;
  g_assert_cmpint (pwrite (fd, "x", 1, size / 2), ==, 1);
  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  g_assert_cmpint (fstat (fd, &before), ==, 0);
  close (fd);
  if (before.st_blocks > 4096)
    {
      g_test_skip ("the filesystem knows no holes");
      return;
    }
  g_assert_true (saxid_replace_file (place->path, NULL, append_one, NULL, NULL, NULL));
  g_assert_cmpint (stat (place->path, &after), ==, 0);
  g_assert_cmpint (after.st_size, ==, size + 1);
  g_assert_cmpint (after.st_blocks, <=, before.st_blocks + 64);
  fd = open (place->path, O_RDONLY);
  g_assert_cmpint (pread (fd, &byte, 1, size / 2), ==, 1);
  g_assert_cmpint (byte, ==, 'x');
  close (fd);
}

static void
test_made_beside (Place *place, gconstpointer unused)
{
  g_autofree char *side = g_build_filename (place->directory, "run_saxid.nxs", NULL);
  const SaxidReplaceOptions beside = { .made_beside = place->path };
  g_autoptr (GError) error = NULL;
  struct stat about;

  (void) unused;
  g_chmod (place->path, 0440); /* a neighbour may be read-only */
  g_assert_false (saxid_replace_file (side, &beside, fail, NULL, NULL, NULL));
  g_assert_cmpuint (count_files (place->directory), ==, 1);
  for (int turn = 0; turn < 2; turn++)
    {
      saxid_replace_file (side, &beside, write_new, NULL, NULL, &error);
      g_assert_no_error (error);
      assert_content (side, NEW);
      assert_content (place->path, OLD);
    }
  g_assert_cmpint (stat (side, &about), ==, 0);
  g_assert_cmpuint (about.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (count_files (place->directory), ==, 2);
}

static gboolean
somebody_makes (const char *copy, const char *scratch, gpointer data, GError **error)
{
  g_assert_true (g_file_set_contents (data, OLD, -1, NULL));
  return write_new (copy, scratch, NULL, error);
}

static void
test_new_name_taken_meanwhile (Place *place, gconstpointer unused)
{
  g_autofree char *side = g_build_filename (place->directory, "run_saxid.nxs", NULL);
  const SaxidReplaceOptions beside = { .made_beside = place->path };
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_assert_false (saxid_replace_file (side, &beside, somebody_makes, NULL, side, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  assert_content (side, OLD);
  g_assert_cmpuint (count_files (place->directory), ==, 2);
}

/* Puts a link to somebody's file where a name ends so. */
static void
plant (const Place *place, const char *end)
{
  g_autofree char *victim = g_build_filename (place->directory, "victim", NULL);
  g_autoptr (GDir) directory = g_dir_open (place->directory, 0, NULL);
  guint planted = 0;

  for (const char *name = g_dir_read_name (directory); name != NULL; name = g_dir_read_name (directory))
    if (g_str_has_prefix (name, ".run.nxs.saxid-") && g_str_has_suffix (name, ".new") == (end[0] != '\0'))
      {
        g_autofree char *path = g_build_filename (place->directory, name, NULL);

        g_assert_cmpint (g_unlink (path), ==, 0);
        g_assert_cmpint (symlink (victim, path), ==, 0);
        planted++;
      }
  g_assert_cmpuint (planted, ==, 1);
}

static gboolean
somebody_plants (const char *copy, const char *scratch, gpointer data, GError **error)
{
  int fd = open (scratch, O_WRONLY);

  plant (data, "");
  plant (data, ".new");
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  close (fd);
  return write_new (copy, scratch, NULL, error);
}

/* Links in place of our files are not written through, nor put in the place of the file. */
static void
test_planted_links (Place *place, gconstpointer unused)
{
  g_autofree char *victim = g_build_filename (place->directory, "victim", NULL);
  g_autoptr (GError) error = NULL;

  (void) unused;
  g_assert_true (g_file_set_contents (victim, "dear", -1, NULL));
  g_assert_false (saxid_replace_file (place->path, NULL, somebody_plants, NULL, place, &error));
  g_assert_error (error, SAXID_ERROR, SAXID_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "another file in the place of the copy"));
  assert_content (place->path, OLD);
  assert_content (victim, "dear");
}

static gboolean
expect_short_path (const char *copy, const char *scratch, gpointer data, GError **error)
{
  g_assert_cmpuint (strlen (copy), <, 450);
  return write_new (copy, scratch, data, error);
}

static void
test_long_names (Place *place, gconstpointer unused)
{
  g_autofree char *name = g_strnfill (255, 'n');
  g_autofree char *below = g_strnfill (250, 'd');
  g_autofree char *directory = g_build_filename (place->directory, below, NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;
  FILE *stream;

  (void) unused;
  g_assert_cmpint (g_mkdir (directory, 0755), ==, 0);
  stream = g_fopen (path, "w");
  g_assert_nonnull (stream);
  fclose (stream);
  saxid_replace_file (path, NULL, expect_short_path, expect_new, NULL, &error);
  g_assert_no_error (error);
  assert_content (path, NEW);
  g_assert_cmpuint (count_files (directory), ==, 1);
  g_unlink (path);
}

/* Runs in a child, whose limits and mounts end with it. 77 = not possible here. */
static void
in_child (int (*run) (const Place *place), const Place *place)
{
  pid_t child = fork ();
  int status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (run (place));
  waitpid (child, &status, 0);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == 77)
    g_test_skip ("this needs the right to mount a filesystem");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

#define EXPECT(condition, code) \
  if (!(condition)) \
    return (code)

static int
fill_disk (const Place *place)
{
  g_autofree char *path = g_build_filename (place->directory, "run.nxs", NULL);
  g_autofree char *data = g_strnfill (600 << 10, 'd');
  const SaxidReplaceOptions much = { .reserve = 700 << 10 };
  g_autoptr (GError) full = NULL;
  g_autoptr (GError) reserved = NULL;
  struct stat about;

  if (unshare (CLONE_NEWNS) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return 77;
  if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("tmpfs", place->directory, "tmpfs", 0, "size=1m") != 0)
    return 77;

  /* the copy does not fit */
  EXPECT (g_file_set_contents (path, data, -1, NULL), 1);
  EXPECT (!saxid_replace_file (path, NULL, append_one, NULL, NULL, &full), 2);
  EXPECT (strstr (full->message, "No space left on device") != NULL, 3);
  EXPECT (count_files (place->directory) == 1, 4);
  EXPECT (stat (path, &about) == 0 && about.st_size == 600 << 10, 5);

  /* the copy fits, what shall be added does not */
  EXPECT (g_file_set_contents (path, OLD, -1, NULL), 6);
  EXPECT (!saxid_replace_file (path, &(SaxidReplaceOptions) { .reserve = 2 << 20 }, append_one, NULL,
                               NULL, &reserved), 7);
  EXPECT (strstr (reserved->message, "cannot find room for the new file") != NULL, 8);
  EXPECT (count_files (place->directory) == 1, 9);

  /* what was reserved and not used is given back */
  EXPECT (saxid_replace_file (path, &much, append_one, NULL, NULL, NULL), 10);
  EXPECT (stat (path, &about) == 0 && about.st_size == (off_t) strlen (OLD) + 1, 11);
  EXPECT (about.st_blocks <= 16, 12);
  return 0;
}

static void
test_full_disk (Place *place, gconstpointer unused)
{
  (void) unused;
  in_child (fill_disk, place);
  assert_untouched (place);
}

static int
exceed_file_size (const Place *place)
{
  const struct rlimit limit = { 8, 8 };
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  EXPECT (setrlimit (RLIMIT_FSIZE, &limit) == 0, 1);
  EXPECT (!saxid_replace_file (place->path, NULL, append_one, NULL, NULL, &error), 2);
  EXPECT (strstr (error->message, "File too large") != NULL, 3);
  return 0;
}

static void
test_file_size_limit (Place *place, gconstpointer unused)
{
  (void) unused;
  in_child (exceed_file_size, place);
  assert_untouched (place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/replace/" name, Place, NULL, set_up, function, tear_down)
  ADD ("new-content", test_new_content);
  ADD ("owner-is-kept", test_owner_is_kept);
  ADD ("failure-changes-nothing", test_failure_changes_nothing);
  ADD ("link-stays-a-link", test_link_stays_a_link);
  ADD ("hard-links", test_hard_links_are_not_parted_silently);
  ADD ("read-only-file", test_read_only_file);
  ADD ("writer-without-locks", test_writer_without_locks);
  ADD ("writer-that-begins-meanwhile", test_writer_that_begins_meanwhile);
  ADD ("owner-that-cannot-be-kept", test_owner_that_cannot_be_kept);
  ADD ("side-file-is-not-opened", test_side_file_is_not_opened);
  ADD ("read-only-directory", test_read_only_directory);
  ADD ("no-file", test_no_file);
  ADD ("change-of-somebody-else-wins", test_change_of_somebody_else_wins);
  ADD ("leftovers-are-cleared", test_leftovers_are_cleared);
  ADD ("leftovers-in-a-crowd", test_leftovers_in_a_crowd);
  ADD ("open-for-writing-elsewhere", test_open_for_writing_elsewhere);
  ADD ("two-at-once", test_two_at_once);
  ADD ("no-change-is-lost", test_no_change_is_lost);
  ADD ("holes-stay-holes", test_holes_stay_holes);
  for (int way = SAXID_COPY_SHARED; way <= SAXID_COPY_BY_HAND; way++)
    {
      static const char *const names[] = { "/replace/copy/shared", "/replace/copy/by-kernel", "/replace/copy/by-hand" };

      g_test_add (names[way], Place, GINT_TO_POINTER (way), set_up, test_copy, tear_down);
    }
  ADD ("made-beside", test_made_beside);
  ADD ("new-name-taken-meanwhile", test_new_name_taken_meanwhile);
  ADD ("planted-links", test_planted_links);
  ADD ("long-names", test_long_names);
  ADD ("full-disk", test_full_disk);
  ADD ("file-size-limit", test_file_size_limit);
  return g_test_run ();
}
