/* Detector frames that a verb is given where it expects curves: reduced in a place of their
 * own, judged, and nothing of it kept.
 *
 * Thread: one thread; frames go through as many as the options say.
 */
#pragma once

#include "cli/reduce/held.h"

G_BEGIN_DECLS

/* Whether the options are sound, as far as no frame is needed to tell. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_tag_frames_check (const SaxidReduceOptions *options, GError **error);

/* Whether the file has frames and their geometry is known: by the options, or from the file itself. */
gboolean saxid_tag_frames_possible (const char *path, const SaxidReduceOptions *options);

/* What is done with the curves of one file of frames. reduced: the file that has them, which
 * is taken away afterwards. Returns an exit code. */
typedef int (*SaxidTagFramesJudge) (const char *reduced, const SaxidReduceHeld *held, gpointer data);

/* *exit_code: what judge returned, or SAXID_EXIT_FAILED where a frame could not be read, which
 * is then said. Errors: as saxid_reduce_run; SAXID_ERROR_IO where there is no room for temporary files. */
gboolean saxid_tag_frames (const char *path, const SaxidReduceOptions *options, SaxidTagFramesJudge judge, gpointer data,
                           int *exit_code, GError **error);

G_END_DECLS
