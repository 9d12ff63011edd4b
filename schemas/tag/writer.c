/* How does what saxid found get into the user's file?
 *
 * 1. The NeXus API builds every group, with its numbers and attributes, in a
 *    scratch file (build.h), and plain HDF5 adds the texts, of which the NeXus
 *    API would make arrays of one dimension too many. The finished group is kept in
 *    memory (mould.h), and that of the next file like this one is made of it.
 * 2. On the private copy that saxid_replace_file hands out, the old groups are
 *    taken out. Where they lay at the end, which is the rule, closing the file
 *    gives their space back; elsewhere the new groups use it at once.
 * 3. The new groups are copied in, each in one piece (H5Ocopy), and every record
 *    is read back and compared to the last bit.
 *
 * The NeXus API never sees the user's file. Opened for writing it would leave
 * an attribute at the root; walking to the entry it takes ".." for the parent,
 * copies names into buffers of fixed size, and follows an attribute napimount
 * into other files; and what it allocates and frees there stays as holes, so
 * that each rerun made the file some hundred bytes longer.
 */
#include "config.h"

#include "schemas/tag/writer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "reducers/error.h"
#include "schemas/disk/door.h"
#include "schemas/disk/replace.h"
#include "schemas/disk/reserve.h"
#include "schemas/hdf5/superblock.h"
#include "schemas/tag/build.h"
#include "schemas/tag/copy.h"
#include "schemas/tag/fields.h"
#include "schemas/tag/labels.h"
#include "schemas/tag/layout.h"
#include "schemas/tag/mould-file.h"
#include "schemas/tag/reader.h"
#include "schemas/tag/seeds.h"
#include "schemas/tag/side.h"
#include "schemas/tag/target.h"

#define SPACE_PER_RECORD (64u << 10)  /* groups, attributes and texts, generously */
#define SPACE_FOR_PARENTS (4u << 20)  /* at most, for the lists of links of the user's groups */

typedef struct
{
  const char *path; /* the file that the user named, for messages */
  SaxidRecord *const *records;
  guint n;
  const char *source_name; /* side file: name of the file with the curves */
  SaxidTagMoulds *moulds;  /* or NULL */
} Job;

/* The NeXus API keeps global state, and moulds are shared by threads. */
static GMutex napi_lock;

/* --- what we are asked to write --------------------------------------- */

static gboolean
check_records (const Job *job, GError **error)
{
  for (guint k = 0; k < job->n; k++)
    {
      if (!saxid_tag_check_record (job->path, job->records[k], error))
        return FALSE;
      for (guint j = 0; j < k; j++)
        if (strcmp (job->records[j]->parent, job->records[k]->parent) == 0
            && strcmp (job->records[j]->name, job->records[k]->name) == 0)
          return saxid_tag_refuse (error, job->path, job->records[k], SAXID_ERROR_ARGUMENT,
                         "two records for one group");
    }
  return TRUE;
}

/* What a group needs on disk at most. HDF5 1.10 that meets a full disk leaves an
 * identifier behind which crashes the process when it ends, so all space is
 * claimed before HDF5 sees the file. */
static guint64
space_for (const SaxidRecord *record)
{
  guint64 bytes = 0;

  for (const SaxidTagArray *array = saxid_tag_arrays; array->name != NULL; array++)
    bytes += record->n_curve * saxid_tag_columns_of (record, array) * saxid_tag_element_size (array->element);
  bytes += saxid_tag_seeds_space (record) + saxid_tag_labels_space (record);
  return SPACE_PER_RECORD + bytes + bytes / 64 + strlen (record->configuration_json);
}

static guint64
space_for_all (const Job *job)
{
  guint64 bytes = 0;

  for (guint k = 0; k < job->n; k++)
    bytes += space_for (job->records[k]);
  return bytes;
}

/* HDF5 would say "unable to open file". */
static gboolean
check_superblock (const Job *job, guint64 *size, GError **error)
{
  int fd = saxid_door_open (job->path, size, error);
  gboolean found;
  guint writer;

  if (fd < 0)
    {
      saxid_error_add_place (error, "%s", job->path);
      return FALSE;
    }
  found = saxid_superblock_find (fd, &writer);
  close (fd);
  if (found && writer == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_FORMAT,
               !found ? "not an HDF5 file (%s)"
                      : "a writer has the file open, or died with it open: then"
                        " 'h5clear -s --increment=0' frees it (%s)",
               job->path);
  return FALSE;
}

/* --- plain HDF5's part --------------------------------------------------- */

static gboolean
complete_group (hid_t group, const Job *job, SaxidRecord *record, int sequence_index)
{
  g_auto (SaxidHid) result = H5Gopen2 (group, "result", H5P_DEFAULT);
  g_auto (SaxidHid) input = H5I_INVALID_HID;
  g_autofree char *description = saxid_tag_description_of (record);
  const char *words = description;

  if (result < 0 || !saxid_tag_put_strings (group, "description", &words, 1, FALSE)
      || !saxid_tag_put_names (result, record) || !saxid_tag_put_labels (result, record)
      || !saxid_tag_put_texts (group, record, job->source_name) || !saxid_tag_seeds_write (group, record)
      || !saxid_tag_put_integer (group, "sequence_index", sequence_index, H5T_STD_I32LE))
    return FALSE;
  input = H5Gopen2 (group, "input", H5P_DEFAULT);
  return input >= 0 && saxid_tag_put_integer (input, "frames", (gint64) record->n_curve, H5T_STD_I64LE);
}

static gboolean
take_out_all_old (hid_t file, const Job *job, GError **error)
{
  for (guint k = 0; k < job->n; k++)
    if (!saxid_tag_copy_take_out (file, job->path, job->records[k], error))
      return FALSE;
  return TRUE;
}

/* The group of a file that is like an earlier one. */
static gboolean
put_in_of_mould (hid_t file, const Job *job, SaxidRecord *record)
{
  g_auto (SaxidHid) parent = saxid_tag_open_parent (file, record);
  const hid_t filled
    = parent >= 0 ? saxid_tag_moulds_fill (job->moulds, record, job->source_name, saxid_tag_next_index (parent)) : -1;
  const gboolean done = filled >= 0 && saxid_tag_copy_put_in (filled, SAXID_TAG_MOULD_GROUP, parent, record);

  if (filled >= 0)
    H5Fclose (filled);
  return done;
}

static gboolean
put_in (hid_t file, hid_t scratch, const Job *job, guint k)
{
  SaxidRecord *record = job->records[k];
  char name[SAXID_TAG_SCRATCH_NAME];
  g_auto (SaxidHid) parent = saxid_tag_open_parent (file, record);
  hid_t group;
  gboolean done = FALSE;

  g_snprintf (name, sizeof name, SAXID_TAG_SCRATCH_FORMAT, k);
  group = H5Gopen2 (scratch, name, H5P_DEFAULT);
  if (parent >= 0 && group >= 0)
    done = complete_group (group, job, record, saxid_tag_next_index (parent));
  if (group >= 0)
    done = H5Gclose (group) >= 0 && done;
  done = done && saxid_tag_copy_put_in (scratch, name, parent, record);
  if (done && job->moulds != NULL)
    saxid_tag_moulds_keep (job->moulds, scratch, name, record, job->source_name);
  return done;
}

/* scratch < 0: there is a mould for each. */
static gboolean
put_in_all (hid_t file, hid_t scratch, const Job *job, GError **error)
{
  for (guint k = 0; k < job->n; k++)
    if (!(scratch < 0 ? put_in_of_mould (file, job, job->records[k]) : put_in (file, scratch, job, k)))
      return saxid_tag_refuse_hdf5 (error, job->path, "put the group into the file");
  return TRUE;
}

/* run.h5 and run.nxs have one name for their side files: the second must not
 * take out the tags of the first, nor mix with them. */
static gboolean
check_side_file (hid_t file, const Job *job, const SaxidRecord *record, GError **error)
{
  g_autofree char *group_path = g_build_path ("/", record->parent, record->name, "input", NULL);
  g_autofree char *source = NULL;
  g_auto (SaxidHid) access = saxid_tag_access_inside (H5P_GROUP_ACCESS);
  g_auto (SaxidHid) group = access >= 0 ? H5Gopen2 (file, group_path, access) : H5I_INVALID_HID;

  if (group < 0)
    return TRUE;
  source = saxid_tag_read_text (group, "file", SAXID_TAG_MAX_PATH);
  if (source == NULL || strcmp (source, job->source_name) == 0)
    return TRUE;
  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "the side file holds the tags of '%s': move that side file away (%s)", source,
               job->path);
  return FALSE;
}

static gboolean
prepare_side_file (hid_t file, const Job *job, GError **error)
{
  for (guint k = 0; k < job->n; k++)
    if (!check_side_file (file, job, job->records[k], error))
      return FALSE;
    else if (!saxid_tag_link_curves (file, job->source_name, job->records[k]))
      return saxid_tag_refuse_hdf5 (error, job->path, "link the curves into the side file");
  return TRUE;
}

/* --- the private copy -------------------------------------------------------- */

static gboolean
change_file (const char *copy, hid_t scratch, const Job *job, GError **error)
{
  hid_t file = saxid_tag_copy_open (copy, job->path, error);
  gboolean done;

  if (file < 0)
    return FALSE;
  done = (job->source_name == NULL || prepare_side_file (file, job, error))
         && take_out_all_old (file, job, error);
  if (done && saxid_tag_copy_is_free_at_end (file))
    {
      if (!saxid_tag_copy_close (file, job->path, done, error))
        return FALSE;
      file = saxid_tag_copy_open (copy, job->path, error);
      if (file < 0)
        return FALSE;
    }
  done = done && put_in_all (file, scratch, job, error);
  return saxid_tag_copy_close (file, job->path, done, error);
}

static gboolean
claim_space (hid_t scratch, const Job *job, GError **error)
{
  int *fd = NULL;

  if (H5Fget_vfd_handle (scratch, H5P_DEFAULT, (void **) &fd) < 0)
    return saxid_tag_refuse_hdf5 (error, job->path, "find the scratch file");
  if (saxid_claim_space (*fd, 0, space_for_all (job), "the new group", error))
    return TRUE;
  saxid_error_add_place (error, "%s", job->path);
  return FALSE;
}

/* The scratch file is open before the NeXus API opens it too, and so its groups
 * are of the compact kind of HDF5 1.8: a group of the older kind is copied with
 * a hole beside it, which stays when the group is taken out. */
static gboolean
change_copy (const char *copy, const char *scratch_path, gpointer data, GError **error)
{
  const Job *job = data;
  hid_t scratch;
  gboolean done;

  if (scratch_path == NULL)
    return change_file (copy, -1, job, error);
  scratch = saxid_tag_copy_open (scratch_path, job->path, error);
  if (scratch < 0)
    return FALSE;
  done = claim_space (scratch, job, error) && saxid_tag_build (scratch_path, job->path, job->records, job->n, error)
         && change_file (copy, scratch, job, error);
  H5Fclose (scratch);
  return done;
}

static gboolean
check_copy (const char *copy, const char *scratch, gpointer data, GError **error)
{
  const Job *job = data;

  (void) scratch;
  for (guint k = 0; k < job->n; k++)
    {
      const SaxidRecord *wanted = job->records[k];
      g_autoptr (GError) cause = NULL;
      g_autoptr (SaxidRecord) found = saxid_tag_read_private (copy, wanted->parent, wanted->name, &cause);

      if (found == NULL)
        return saxid_tag_refuse (error, job->path, wanted, SAXID_ERROR_IO, cause->message);
      if (!saxid_record_equal (wanted, found))
        return saxid_tag_refuse (error, job->path, wanted, SAXID_ERROR_IO,
                       "the group reads back otherwise than it was written");
    }
  return TRUE;
}

/* Whether these very tags are in the file, whoever wrote them and when. */
static gboolean
are_there (const char *target, const Job *job)
{
  for (guint k = 0; k < job->n; k++)
    {
      SaxidRecord *wanted = job->records[k];
      g_autoptr (SaxidRecord) found = saxid_tag_read (target, wanted->parent, wanted->name, NULL);
      char *date;
      gboolean same;

      if (found == NULL)
        return FALSE;
      date = found->date;
      found->date = wanted->date;
      same = saxid_record_equal (wanted, found);
      found->date = date;
      if (!same)
        return FALSE;
    }
  return TRUE;
}

gboolean
saxid_tag_check_write (const char *path, const SaxidWriteOptions *options, GError **error)
{
  g_autofree char *target = saxid_tag_target (path, options, error);
  SaxidReplaceOptions how = { .part_hard_links = options != NULL && options->part_hard_links };
  g_autoptr (GError) cause = NULL;

  if (target == NULL || !saxid_tag_make_side_dir (target, options, error))
    return FALSE;
  if (strcmp (target, path) != 0)
    how.made_beside = path;
  if (saxid_replace_check (target, &how, &cause))
    return TRUE;
  if (how.made_beside == NULL)
    g_set_error (error, cause->domain, cause->code, "%s; a side file would leave it as it is (--side-file, --side-dir)",
                 cause->message);
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
write_into (const char *target, const char *path, SaxidRecord *const *records, guint n, const SaxidWriteOptions *options,
            GError **error)
{
  g_autofree char *source_name = NULL;
  Job job = { .path = path, .records = records, .n = n };
  SaxidReplaceOptions how = { 0 };
  guint64 size = 0;
  gboolean done = FALSE;

  if (!check_records (&job, error) || !check_superblock (&job, &size, error)
      || !saxid_tag_make_side_dir (target, options, error))
    return FALSE;
  if (strcmp (target, path) != 0)
    {
      source_name = saxid_tag_source_name (path, options != NULL ? options->side_dir : NULL);
      job.source_name = source_name;
      how.made_beside = path;
    }
  if (options != NULL)
    {
      how.part_hard_links = options->part_hard_links;
      how.lock_seconds = options->lock_seconds;
      how.as_read = options->as_read;
      job.moulds = options->moulds;
    }
  if (options != NULL && options->keep_same && are_there (target, &job))
    return options->as_read == NULL || saxid_replace_is_as_read (path, options->as_read, error);
  how.reserve = space_for_all (&job) + MIN (size / 16, SPACE_FOR_PARENTS);

  g_mutex_lock (&napi_lock);
  how.without_scratch = saxid_tag_moulds_fit (job.moulds, records, n, job.source_name);
  H5E_BEGIN_TRY
  {
    done = saxid_replace_file (target, &how, change_copy, check_copy, &job, error);
  }
  H5E_END_TRY;
  g_mutex_unlock (&napi_lock);
  return done;
}

gboolean
saxid_tag_write (const char *path, SaxidRecord *const *records, guint n,
                 const SaxidWriteOptions *options, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *target = NULL, *now = NULL;

  g_return_val_if_fail (path != NULL && records != NULL && n > 0, FALSE);

  target = saxid_tag_target (path, options, error);
  if (target == NULL || write_into (target, path, records, n, options, &cause))
    return target != NULL;
  /* the side file of another file of the same stem has just got the name */
  now = saxid_tag_target (path, options, NULL);
  if (now != NULL && strcmp (now, target) != 0)
    return write_into (now, path, records, n, options, error);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}
