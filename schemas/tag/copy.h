/* The private copy of a user's file, in the hands of who changes tags in it. Included by files
 * of this room only.
 *
 * path: of the user's file, for messages. Errors: SAXID_ERROR_IO where HDF5 fails.
 * Thread: as HDF5 itself.
 */
#pragma once

#include "schemas/hdf5/hid.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* FALSE, with what HDF5 says about its last failure: "cannot write the new file: …". */
gboolean saxid_tag_refuse_hdf5 (GError **error, const char *path, const char *doing);

/* Opens it for writing; an empty file is made anew. < 0 on error. */
hid_t saxid_tag_copy_open (const char *copy, const char *path, GError **error);

/* Returns sound, or FALSE where what was written did not come into the file. */
gboolean saxid_tag_copy_close (hid_t file, const char *path, gboolean sound, GError **error);

/* Whether most of the free space lies at the end of the file, where closing it gives it back. */
gboolean saxid_tag_copy_is_free_at_end (hid_t file);

/* Takes out the group parent/name of the record, where it is there; the technique of frames that
 * it holds stays, in a group without tags.
 * Errors: SAXID_ERROR_FORMAT for what saxid did not write, SAXID_ERROR_UNSUPPORTED for a
 * group of ours that holds something of others. */
gboolean saxid_tag_copy_take_out (hid_t file, const char *path, const SaxidRecord *record, GError **error);

/* Copies scratch/name to parent/name of the record, where no tags are; the technique of frames that
 * is there becomes a member of it. */
gboolean saxid_tag_copy_put_in (hid_t scratch, const char *name, hid_t parent, const SaxidRecord *record);

G_END_DECLS
