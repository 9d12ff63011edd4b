/* Writes the saxid group into a file that somebody else has open and still writes (SWMR).
 *
 * The group is the one of tag/writer.h, with arrays that grow. A curve's status is written
 * last and after everything else of it has left for the disk: a reader that finds a status
 * other than 0 finds the whole row. input/frames is 0 until the group is complete.
 *
 * HDF5 reports success for objects that are made after SWMR has begun, and loses them: all
 * are made by saxid_tag_live_prepare.
 *
 * Thread: one at a time per file, and as HDF5 itself. HDF5 error settings are left as found.
 */
#pragma once

#include "schemas/tag/record.h"

G_BEGIN_DECLS

/* The most curves of a group: with a dozen classes the tag reader reads as many back. */
#define SAXID_TAG_LIVE_MOST_CURVES (1u << 24)

typedef struct SaxidTagLive SaxidTagLive;

/* Makes the group of the record, which has one curve and is complete but for its numbers
 * and date. file: the identifier (hid_t) of the open file; path: its name, by which an
 * identifier of another copy of HDF5 in the process is told apart. go_on: with a group that
 * is there, made by this function for the same model, configuration and curves.
 * Errors: SAXID_ERROR_ARGUMENT (identifier, record), SAXID_ERROR_UNSUPPORTED (a file that
 * cannot be SWMR, is read-only, or is SWMR already), SAXID_ERROR_FORMAT (no such parent, or
 * the group is there, or is another), SAXID_ERROR_IO. The file then has no new group. */
SaxidTagLive *saxid_tag_live_prepare (gint64 file, const char *path, SaxidRecord *record, gboolean go_on,
                                      GError **error);

/* Writes the record's one curve as that of the frame, in any order and any number of times;
 * frames in between keep the status NOT_DONE.
 * Errors: SAXID_ERROR_LIMIT (frame), SAXID_ERROR_ARGUMENT (complete already),
 * SAXID_ERROR_IO (also when the file was closed); the row's status is then not written. */
gboolean saxid_tag_live_put (SaxidTagLive *live, guint64 frame, SaxidRecord *record, GError **error);

/* Notes date and number of curves, and before the record's note what was done to the curves
 * (`what`; NULL: nothing), and lets go of the file. Again: does nothing.
 * Errors: SAXID_ERROR_IO. */
gboolean saxid_tag_live_finish (SaxidTagLive *live, const char *what, GError **error);

/* Without saxid_tag_live_finish the group stays marked as incomplete. */
void saxid_tag_live_free (SaxidTagLive *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidTagLive, saxid_tag_live_free)

G_END_DECLS
