/* Which files of an archive may hold curves?
 *
 * Thread: pure.
 */
#include "cli/archive/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reducers/error.h"

#define MOST_SHARDS 100000
#define MOST_DEPTH 200
#define SIDE_FILE "_saxid.nxs"

#define MOST_ENDINGS 9

static const struct
{
  const char *noun, *nouns, *who; /* who takes what is passed over */
  const char *ending[MOST_ENDINGS]; /* NULL-terminated */
} kinds[SAXID_ARCHIVE_KINDS] = {
  [SAXID_ARCHIVE_HDF5] = { "file", "files", "", { ".nxs", ".h5", ".hdf5", ".hdf", ".nx5", ".nexus", NULL } },
  [SAXID_ARCHIVE_TEXT] = { "text", "texts", "--texts reads them",
                           { ".dat", ".txt", ".csv", ".xml", ".chi", ".pdh", ".asc", ".abs", NULL } },
  [SAXID_ARCHIVE_FRAMES] = { "detector image", "detector images", "saxid reduce integrates them",
                             { ".tif", ".tiff", ".cbf", ".edf", ".edf.gz", ".mccd", ".img", ".cxi", NULL } },
};

static gboolean
from_environment (SaxidArchiveShard *shard, GError **error)
{
  const char *name[] = { "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP" };
  gint64 value[] = { -1, -1, 0, 1 };

  for (guint k = 0; k < G_N_ELEMENTS (name); k++)
    if (g_getenv (name[k]) != NULL)
      value[k] = g_ascii_strtoll (g_getenv (name[k]), NULL, 10);
  value[0] = value[3] > 0 ? (value[0] - value[2]) / value[3] : -1;
  if (value[0] < 0 || value[1] < 1 || value[0] >= value[1] || value[1] > MOST_SHARDS)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT,
                   "--shard auto: the environment tells of no job array (SLURM_ARRAY_TASK_ID and _COUNT)");
      return FALSE;
    }
  *shard = (SaxidArchiveShard) { (guint) value[0], (guint) value[1] };
  return TRUE;
}

gboolean
saxid_archive_shard_parse (const char *word, SaxidArchiveShard *shard, GError **error)
{
  char *end;
  guint64 index, n;

  if (strcmp (word, "auto") == 0)
    return from_environment (shard, error);
  index = g_ascii_strtoull (word, &end, 10);
  n = *end == '/' ? g_ascii_strtoull (end + 1, &end, 10) : 0;
  if (!g_ascii_isdigit (word[0]) || *end != '\0' || n < 1 || n > MOST_SHARDS || index >= n)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_ARGUMENT, "--shard is '%s', auto or K/N with K from 0 to N-1 is needed",
                   word);
      return FALSE;
    }
  *shard = (SaxidArchiveShard) { (guint) index, (guint) n };
  return TRUE;
}

/* The same on every machine: FNV-1a over the bytes of the path. */
static gboolean
is_mine (const char *path, const SaxidArchiveShard *shard)
{
  guint64 hash = G_GUINT64_CONSTANT (14695981039346656037);

  for (const char *c = path; *c != '\0'; c++)
    hash = (hash ^ (guchar) *c) * G_GUINT64_CONSTANT (1099511628211);
  return (hash >> 17) % shard->n == shard->index;
}

/* SAXID_ARCHIVE_KINDS: none of them. */
static SaxidArchiveKind
kind_of (const char *name)
{
  const gsize n = strlen (name);

  for (guint kind = 0; kind < SAXID_ARCHIVE_KINDS; kind++)
    for (const char *const *ending = kinds[kind].ending; *ending != NULL; ending++)
      if (n > strlen (*ending) && g_ascii_strcasecmp (name + n - strlen (*ending), *ending) == 0)
        return (SaxidArchiveKind) kind;
  return SAXID_ARCHIVE_KINDS;
}

/* Whether a file of a directory is taken; it is counted where it could be by another verb. */
static gboolean
is_chosen (const char *name, SaxidArchiveChoice *choice)
{
  const SaxidArchiveKind kind = kind_of (name);

  if (g_str_has_suffix (name, SIDE_FILE) || kind == SAXID_ARCHIVE_KINDS)
    return FALSE;
  if (kind == SAXID_ARCHIVE_HDF5 || (kind == SAXID_ARCHIVE_TEXT && choice->texts)
      || (kind == SAXID_ARCHIVE_FRAMES && choice->frames))
    return TRUE;
  choice->passed[kind]++;
  return FALSE;
}

char *
saxid_archive_choice_say (const SaxidArchiveChoice *choice)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint kind = 0; kind < SAXID_ARCHIVE_KINDS; kind++)
    if (choice->passed[kind] > 0)
      g_string_append_printf (text, "%s%u %s (%s)", text->len > 0 ? ", " : "", choice->passed[kind],
                              choice->passed[kind] == 1 ? kinds[kind].noun : kinds[kind].nouns, kinds[kind].who);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
add (const char *path, const SaxidArchiveShard *shard, GPtrArray *paths)
{
  if (is_mine (path, shard))
    g_ptr_array_add (paths, g_strdup (path));
}

/* A directory that cannot be read, or is gone meanwhile, holds nothing. */
static void
look_into (const char *directory, const SaxidArchiveShard *shard, SaxidArchiveChoice *choice, guint depth, GPtrArray *paths)
{
  g_autoptr (GDir) dir = depth < MOST_DEPTH ? g_dir_open (directory, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      struct stat about;

      if (name[0] == '.' || lstat (path, &about) != 0)
        continue;
      if (S_ISDIR (about.st_mode))
        look_into (path, shard, choice, depth + 1, paths);
      else if (S_ISREG (about.st_mode) && is_chosen (name, choice))
        add (path, shard, paths);
    }
}

gboolean
saxid_archive_walk (const char *name, const SaxidArchiveShard *shard, SaxidArchiveChoice *choice, GPtrArray *paths,
                    GError **error)
{
  char *absolute = realpath (name, NULL);
  struct stat about;
  gboolean done = absolute != NULL && stat (absolute, &about) == 0;

  if (!done)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot find it: %s (%s)", g_strerror (errno), name);
  else if (S_ISDIR (about.st_mode))
    look_into (absolute, shard, choice, 0, paths);
  else if (S_ISREG (about.st_mode))
    add (absolute, shard, paths);
  else
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "a device or pipe is no data file (%s)", name);
      done = FALSE;
    }
  free (absolute);
  return done;
}
