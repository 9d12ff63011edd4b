/* Into which file do the tags of a file go?
 *
 * Thread: pure but for the files; saxid_tag_side_source as HDF5 itself.
 */
#include "schemas/tag/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reducers/error.h"
#include "schemas/hdf5/hid.h"
#include "schemas/tag/layout.h"
#include "schemas/tag/reader.h"

/* with_ending: run.h5_saxid.nxs. */
static char *
side_name (const char *path, gboolean with_ending)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *side = NULL;
  char *dot = with_ending ? NULL : strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  side = g_strconcat (base, SAXID_TAG_SIDE_SUFFIX, NULL);
  if (strchr (path, '/') == NULL)
    return g_steal_pointer (&side);
  return g_build_filename (directory, side, NULL);
}

char *
saxid_tag_side_path (const char *path)
{
  g_autofree char *full = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  full = side_name (path, TRUE);
  return g_file_test (full, G_FILE_TEST_EXISTS) ? g_steal_pointer (&full) : side_name (path, FALSE);
}

/* The side file under another directory, into which the directory of the file is repeated:
 * "tags/archive/2019/run_saxid.nxs" of "/archive/2019/run.h5". Free with g_free.
 * Errors: SAXID_ERROR_IO where there is no such file. */
static char *
side_in (const char *directory, const char *path, GError **error)
{
  char *real = realpath (path, NULL);
  g_autofree char *repeated = real != NULL ? g_build_filename (directory, real, NULL) : NULL;

  if (real == NULL)
    g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot find the file: %s (%s)", g_strerror (errno), path);
  free (real);
  return repeated != NULL ? saxid_tag_side_path (repeated) : NULL;
}

char *
saxid_tag_source_name (const char *path, const char *directory)
{
  char *real = directory != NULL ? realpath (path, NULL) : NULL;
  char *name = real != NULL ? g_strdup (real) : g_path_get_basename (path);

  free (real);
  return name;
}

static char *
source_of (const char *side, const char *group_path)
{
  g_autofree char *input = g_build_path ("/", group_path, "input", NULL);
  g_auto (SaxidHid) file = H5Fopen (side, H5F_ACC_RDONLY, H5P_DEFAULT);
  g_auto (SaxidHid) access = saxid_tag_access_inside (H5P_GROUP_ACCESS);
  g_auto (SaxidHid) group = file >= 0 && access >= 0 ? H5Gopen2 (file, input, access) : H5I_INVALID_HID;

  return group >= 0 ? saxid_tag_read_text (group, "file", SAXID_TAG_MAX_PATH) : NULL;
}

char *
saxid_tag_side_source (const char *side)
{
  g_autoptr (GPtrArray) groups = saxid_tag_find (side, NULL);
  char *source = NULL;

  H5E_BEGIN_TRY
  {
    for (guint k = 0; groups != NULL && k < groups->len && source == NULL; k++)
      source = source_of (side, groups->pdata[k]);
  }
  H5E_END_TRY;
  return source;
}

/* Another file has its tags in the side file of this name. */
static gboolean
is_taken (const char *side, const char *source_name)
{
  g_autofree char *source = g_file_test (side, G_FILE_TEST_IS_REGULAR) ? saxid_tag_side_source (side) : NULL;

  return source != NULL && strcmp (source, source_name) != 0;
}

/* Where the tags of a file go that do not go into it. */
static char *
side_target (const char *path, const char *directory, GError **error)
{
  g_autofree char *name = saxid_tag_source_name (path, directory);
  g_autofree char *side = directory != NULL ? side_in (directory, path, error) : saxid_tag_side_path (path);
  g_autofree char *folder = NULL, *full = NULL;

  if (side == NULL || !is_taken (side, name))
    return g_steal_pointer (&side);
  folder = g_path_get_dirname (side);
  full = g_path_get_basename (path);
  g_free (side);
  side = g_build_filename (folder, full, NULL);
  return side_name (side, TRUE);
}

char *
saxid_tag_target (const char *path, const SaxidWriteOptions *options, GError **error)
{
  guint64 limit = SAXID_WRITE_SIZE_LIMIT;
  struct stat about;

  g_return_val_if_fail (path != NULL, NULL);

  if (options != NULL && options->size_limit > 0)
    limit = options->size_limit;
  if (stat (path, &about) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot find the file: %s (%s)",
                   g_strerror (errno), path);
      return NULL;
    }
  if ((options != NULL && (options->side_file || options->side_dir != NULL)) || (guint64) about.st_size > limit)
    return side_target (path, options != NULL ? options->side_dir : NULL, error);
  return g_strdup (path);
}

gboolean
saxid_tag_make_side_dir (const char *target, const SaxidWriteOptions *options, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (target);

  if (options == NULL || options->side_dir == NULL || g_mkdir_with_parents (directory, 0777) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "the directory for the side file cannot be made: %s (%s)",
               g_strerror (errno), directory);
  return FALSE;
}
