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

/* Ended by NULL. */
static const char *const of_curves[] = { ".nxs", ".h5", ".hdf5", ".hdf", ".nx5", ".nexus", NULL };
static const char *const of_frames[] = { ".nxs",  ".h5",  ".hdf5", ".hdf", ".nx5",  ".nexus", ".cbf", ".tif",
                                         ".tiff", ".edf", ".img",  ".gz",  ".mccd", ".cxi",   NULL };

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

static gboolean
is_named (const char *name, const char *const *ending)
{
  if (name[0] == '.' || g_str_has_suffix (name, SIDE_FILE))
    return FALSE;
  for (; *ending != NULL; ending++)
    {
      const gsize n = strlen (name), length = strlen (*ending);

      if (n > length && g_ascii_strcasecmp (name + n - length, *ending) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add (const char *path, const SaxidArchiveShard *shard, GPtrArray *paths)
{
  if (is_mine (path, shard))
    g_ptr_array_add (paths, g_strdup (path));
}

/* A directory that cannot be read, or is gone meanwhile, holds nothing. */
static void
look_into (const char *directory, const char *const *ending, const SaxidArchiveShard *shard, guint depth, GPtrArray *paths)
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
        look_into (path, ending, shard, depth + 1, paths);
      else if (S_ISREG (about.st_mode) && is_named (name, ending))
        add (path, shard, paths);
    }
}

static gboolean
walk (const char *name, const char *const *ending, const SaxidArchiveShard *shard, GPtrArray *paths, GError **error)
{
  char *absolute = realpath (name, NULL);
  struct stat about;

  if (absolute == NULL || stat (absolute, &about) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot find it: %s (%s)", g_strerror (errno), name);
      free (absolute);
      return FALSE;
    }
  if (S_ISDIR (about.st_mode))
    look_into (absolute, ending, shard, 0, paths);
  else
    add (absolute, shard, paths);
  free (absolute);
  return TRUE;
}

gboolean
saxid_archive_walk (const char *name, const SaxidArchiveShard *shard, GPtrArray *paths, GError **error)
{
  return walk (name, of_curves, shard, paths, error);
}

gboolean
saxid_archive_walk_frames (const char *name, GPtrArray *paths, GError **error)
{
  return walk (name, of_frames, &(SaxidArchiveShard) { 0, 1 }, paths, error);
}
