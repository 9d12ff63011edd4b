/* How does a file lose its tags?
 *
 * As it got them: on a private copy, which takes the place of the file when it was looked at.
 *
 * Thread: as replace.c.
 */
#include "config.h"

#include "schemas/tag/remover.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/disk/replace.h"
#include "schemas/disk/same-file.h"
#include "schemas/hdf5/superblock.h"
#include "schemas/tag/copy.h"
#include "schemas/tag/reader.h"
#include "schemas/tag/side.h"
#include "schemas/tag/target.h"

typedef struct
{
  const char *path;
  const GPtrArray *groups; /* of paths */
} Job;

static gboolean
take_out (hid_t file, const Job *job, const char *group, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (group), *name = g_path_get_basename (group);
  const SaxidRecord place = { .parent = parent, .name = name };

  return saxid_tag_copy_take_out (file, job->path, &place, error);
}

static gboolean
change_copy (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Job *job = data;
  hid_t file = saxid_tag_copy_open (copy, job->path, error);
  gboolean done = file >= 0;

  (void) scratch;
  for (guint k = 0; done && k < job->groups->len; k++)
    done = take_out (file, job, job->groups->pdata[k], error);
  return file >= 0 && saxid_tag_copy_close (file, job->path, done, error);
}

static gboolean
check_copy (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Job *job = data;
  g_autoptr (GPtrArray) left = saxid_tag_find (copy, error);

  (void) scratch;
  if (left == NULL)
    return FALSE;
  if (left->len == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "tags are still there after they were taken out (%s, %s)", job->path,
               (const char *) left->pdata[0]);
  return FALSE;
}

/* HDF5 would open a file that somebody is writing. */
static gboolean
has_no_writer (const char *path, GError **error)
{
  guint64 size;
  const int fd = saxid_door_open (path, &size, error);
  guint writer = 0;
  gboolean found;

  if (fd < 0)
    {
      saxid_error_add_place (error, "%s", path);
      return FALSE;
    }
  found = saxid_superblock_find (fd, &writer);
  close (fd);
  if (!found || writer == 0)
    return TRUE; /* what is no HDF5 file is the reader's to report */
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_BUSY,
               "a writer has the file open, or died with it open: then 'h5clear -s --increment=0' frees it (%s)", path);
  return FALSE;
}

gboolean
saxid_tag_remove (const char *path, guint *n, GError **error)
{
  g_autoptr (GPtrArray) groups = NULL;
  struct stat as_read = { 0 };
  const SaxidReplaceOptions how = { .as_read = &as_read, .without_scratch = TRUE };
  Job job = { .path = path };
  gboolean done = FALSE;

  g_return_val_if_fail (path != NULL && n != NULL, FALSE);

  *n = 0;
  if (!has_no_writer (path, error))
    return FALSE;
  if (stat (path, &as_read) != 0)
    as_read = (struct stat) { 0 };
  groups = saxid_tag_find (path, error);
  if (groups == NULL)
    return FALSE;
  *n = groups->len;
  if (groups->len == 0)
    return TRUE;
  job.groups = groups;
  H5E_BEGIN_TRY
  {
    done = saxid_replace_file (path, &how, change_copy, check_copy, &job, error);
  }
  H5E_END_TRY;
  return done;
}

/* Whether the side file may go: nothing in it is anybody else's. */
static gboolean
is_ours_alone (const char *side, const char *source_name)
{
  const hid_t file = H5Fopen (side, H5F_ACC_RDONLY, H5P_DEFAULT);
  gboolean ours;

  if (file < 0)
    return FALSE;
  ours = saxid_tag_side_is_ours (file, source_name);
  H5Fclose (file);
  return ours;
}

/* Nobody has put another file there since it was looked at. */
static gboolean
is_same (const char *path, const struct stat *then)
{
  struct stat now;

  return lstat (path, &now) == 0 && saxid_same_file (&now, then)
         && now.st_mtim.tv_sec == then->st_mtim.tv_sec && now.st_mtim.tv_nsec == then->st_mtim.tv_nsec;
}

gboolean
saxid_tag_remove_side (const char *path, GError **error)
{
  g_autofree char *side = saxid_tag_side_path (path), *source_name = g_path_get_basename (path);
  struct stat then;
  gboolean ours = FALSE;

  if (lstat (side, &then) != 0)
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_NO_CURVE, "there is no side file of tags (%s)", side);
      return FALSE;
    }
  if (!has_no_writer (side, error))
    return FALSE;
  H5E_BEGIN_TRY
  {
    ours = S_ISREG (then.st_mode) && is_ours_alone (side, source_name);
  }
  H5E_END_TRY;
  if (!ours || !is_same (side, &then))
    {
      g_set_error (error, SAXID_ERROR, SAXID_ERROR_UNSUPPORTED,
                   "the side file holds more than tags of '%s', and is left alone (%s)", source_name, side);
      return FALSE;
    }
  if (unlink (side) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "the side file cannot be taken away: %s (%s)", g_strerror (errno), side);
  return FALSE;
}
