/* Detector frames for the page of `saxid report`.
 *
 * Thread: one thread.
 */
#pragma once

#include "cli/frame-technique.h"
#include "cli/report-page/frame.h"

G_BEGIN_DECLS

typedef struct SaxidReportFrames SaxidReportFrames;

/* like: a frame file, a directory or a ledger of sort in which frames that look alike are looked for; or NULL.
 * Nothing is read before the first frame is added. */
SaxidReportFrames *saxid_report_frames_new (const char *like);
void saxid_report_frames_free (SaxidReportFrames *frames);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SaxidReportFrames, saxid_report_frames_free)

/* Whether the file has frames. */
gboolean saxid_report_frames_are (const char *path);

/* Adds the frame of a file, or where frame < 0 some that are spread over it.
 * Errors: those of opening and reading; SAXID_ERROR_ARGUMENT for a frame that is not there. */
gboolean saxid_report_frames_add (SaxidReportFrames *frames, const char *path, gint64 frame, GError **error);

/* Adds the frames of which a file of curves says what they are, or some that are spread over them. */
void saxid_report_frames_add_asked (SaxidReportFrames *frames, const char *path);

/* How many there are, and in *cards what the page shows. */
gsize saxid_report_frames_cards (const SaxidReportFrames *frames, const SaxidReportFrame **cards);

G_END_DECLS
