/* How is a group of tags taken out of a file, and what becomes of its space?
 *
 * HDF5 gives free space back where it lies at the end of the file when that is closed, and
 * forgets the rest.
 *
 * Thread: as HDF5 itself.
 */
#include "schemas/tag/copy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reducers/error.h"
#include "schemas/tag/fields.h"
#include "schemas/tag/foreign.h"
#include "schemas/tag/layout.h"

#define MAX_SECTIONS 100000 /* of free space that are looked at */

gboolean
saxid_tag_refuse_hdf5 (GError **error, const char *path, const char *doing)
{
  g_autofree char *reason = saxid_tag_hdf5_reason ();

  g_set_error (error, SAXID_ERROR, SAXID_ERROR_IO, "cannot %s: %s (%s)", doing, reason, path);
  return FALSE;
}

/* Without the blocks that HDF5 otherwise allocates in advance: what is left of one is lost when
 * the file is closed, and lies in the way of what could be given back at the next rerun.
 * H5F_CLOSE_STRONG is also what the NeXus API opens with, and HDF5 wants the same of everybody. */
hid_t
saxid_tag_copy_open (const char *copy, const char *path, GError **error)
{
  g_auto (SaxidHid) access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t file = -1;
  struct stat about;

  if (access >= 0 && H5Pset_fclose_degree (access, H5F_CLOSE_STRONG) >= 0
      && H5Pset_meta_block_size (access, 0) >= 0 && H5Pset_small_data_block_size (access, 0) >= 0)
    {
      if (stat (copy, &about) == 0 && about.st_size > 0)
        file = H5Fopen (copy, H5F_ACC_RDWR, access);
      else if (H5Pset_libver_bounds (access, H5F_LIBVER_V18, H5F_LIBVER_LATEST) >= 0)
        file = H5Fcreate (copy, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    }
  if (file < 0) /* before a call that succeeds makes HDF5 forget why */
    saxid_tag_refuse_hdf5 (error, path, "open the file as HDF5");
  return file;
}

/* What the disk refuses comes to light here at the latest. */
gboolean
saxid_tag_copy_close (hid_t file, const char *path, gboolean sound, GError **error)
{
  gboolean flushed = H5Fflush (file, H5F_SCOPE_LOCAL) >= 0;
  gboolean closed = H5Fclose (file) >= 0;

  if (sound && !(flushed && closed))
    return saxid_tag_refuse_hdf5 (error, path, "write the new file");
  return sound;
}

static int
compare_ends (const void *a, const void *b)
{
  const H5F_sect_info_t *x = a, *y = b;

  return x->addr + x->size < y->addr + y->size ? 1 : -1;
}

gboolean
saxid_tag_copy_is_free_at_end (hid_t file)
{
  g_autofree H5F_sect_info_t *sections = NULL;
  gssize n = H5Fget_free_sections (file, H5FD_MEM_DEFAULT, 0, NULL);
  haddr_t end = 0;
  hsize_t total = 0, at_end = 0;

  if (n <= 0 || n > MAX_SECTIONS || H5Fget_eoa (file, &end) < 0)
    return FALSE;
  sections = g_new0 (H5F_sect_info_t, n);
  if (H5Fget_free_sections (file, H5FD_MEM_DEFAULT, (gsize) n, sections) != n)
    return FALSE;
  qsort (sections, (gsize) n, sizeof *sections, compare_ends);
  for (gssize k = 0; k < n; k++)
    {
      total += sections[k].size;
      if (sections[k].addr + sections[k].size == end)
        {
          at_end += sections[k].size;
          end = sections[k].addr;
        }
    }
  return at_end > total / 2;
}

/* ---- a group that holds the technique of frames, too ----------------------------------------- */

static herr_t
note_name (hid_t group, const char *name, const H5L_info_t *link, void *names)
{
  (void) group, (void) link;
  g_ptr_array_add (names, g_strdup (name));
  return 0;
}

static GPtrArray *
names_in (hid_t group)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  hsize_t at = 0;

  H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, &at, note_name, names);
  return names;
}

/* Wide enough for each role, so that a value is written over the other. */
#define ROLE_WIDTH 12

static gboolean
set_text (hid_t group, const char *name, const char *text)
{
  g_auto (SaxidHid) attribute = H5Aexists (group, name) > 0 ? H5Aopen (group, name, H5P_DEFAULT) : H5I_INVALID_HID;
  g_auto (SaxidHid) type = attribute >= 0 ? H5Aget_type (attribute) : H5I_INVALID_HID;
  char value[ROLE_WIDTH + 1] = "";

  g_strlcpy (value, text, sizeof value);
  if (type >= 0 && H5Tis_variable_str (type) == 0 && H5Tget_size (type) == ROLE_WIDTH)
    return H5Awrite (attribute, type, value) >= 0;
  saxid_hid_close (attribute);
  attribute = H5I_INVALID_HID;
  return (type < 0 || H5Adelete (group, name) >= 0) && saxid_tag_put_attribute (group, name, value, ROLE_WIDTH, 0);
}

/* What the group is, and what of it is plotted. */
static gboolean
set_role (hid_t group, const char *nx_class, const char *plotted)
{
  return set_text (group, "NX_class", nx_class) && set_text (group, "default", plotted);
}

static gboolean
take_tags (hid_t group)
{
  g_autoptr (GPtrArray) names = names_in (group);

  for (guint k = 0; k < names->len; k++)
    if (strcmp (names->pdata[k], SAXID_TAG_TECHNIQUE) != 0 && H5Ldelete (group, names->pdata[k], H5P_DEFAULT) < 0)
      return FALSE;
  return set_role (group, "NXcollection", SAXID_TAG_TECHNIQUE);
}

static gboolean
put_tags (hid_t scratch, const char *name, hid_t group)
{
  g_auto (SaxidHid) from = H5Gopen2 (scratch, name, H5P_DEFAULT);
  g_autoptr (GPtrArray) names = NULL;

  if (from < 0)
    return FALSE;
  names = names_in (from);
  for (guint k = 0; k < names->len; k++)
    if (H5Ocopy (from, names->pdata[k], group, names->pdata[k], H5P_DEFAULT, H5P_DEFAULT) < 0)
      return FALSE;
  return set_role (group, "NXprocess", "result");
}

/* A group that stays is changed where it is: moved, it would leave holes at every rerun. */
static gboolean
take_out (hid_t parent, const char *name)
{
  g_auto (SaxidHid) group = H5Gopen2 (parent, name, H5P_DEFAULT);
  const gboolean stays = group >= 0 && H5Lexists (group, SAXID_TAG_TECHNIQUE, H5P_DEFAULT) > 0;

  return stays ? take_tags (group) : H5Ldelete (parent, name, H5P_DEFAULT) >= 0;
}

gboolean
saxid_tag_copy_put_in (hid_t scratch, const char *name, hid_t parent, const SaxidRecord *record)
{
  g_auto (SaxidHid) group = H5I_INVALID_HID;

  if (!saxid_tag_is_technique (parent, record->name))
    return H5Ocopy (scratch, name, parent, record->name, H5P_DEFAULT, H5P_DEFAULT) >= 0;
  group = H5Gopen2 (parent, record->name, H5P_DEFAULT);
  return group >= 0 && put_tags (scratch, name, group);
}

gboolean
saxid_tag_copy_take_out (hid_t file, const char *path, const SaxidRecord *record, GError **error)
{
  g_auto (SaxidHid) parent = saxid_tag_open_parent (file, record);
  g_auto (SaxidHid) group = H5I_INVALID_HID;
  g_autofree char *foreign = NULL;

  if (parent < 0)
    return saxid_tag_refuse (error, path, record, SAXID_ERROR_FORMAT,
                   "the group that is to be tagged is not in this file itself");
  if (H5Lexists (parent, record->name, H5P_DEFAULT) <= 0 || saxid_tag_is_technique (parent, record->name))
    return TRUE;
  if (!saxid_tag_is_ours (parent, record->name))
    return saxid_tag_refuse (error, path, record, SAXID_ERROR_FORMAT,
                   "something else than a group of saxid has this name and is left alone");
  group = H5Gopen2 (parent, record->name, H5P_DEFAULT);
  foreign = group >= 0 ? saxid_tag_foreign (group) : NULL;
  if (foreign != NULL)
    {
      g_autofree char *words
        = g_strdup_printf ("the old tags hold '%s', which saxid did not write and will not delete: move it out of the group", foreign);

      return saxid_tag_refuse (error, path, record, SAXID_ERROR_UNSUPPORTED, words);
    }
  saxid_hid_close (group);
  group = H5I_INVALID_HID;
  return take_out (parent, record->name) || saxid_tag_refuse_hdf5 (error, path, "take the old group out");
}
