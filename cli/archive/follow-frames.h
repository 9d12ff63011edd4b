/* Frames of a file that somebody else is writing (SWMR), reduced and tagged as they come.
 *
 * The file of their curves (frames.h) is the one that saxid reduce would make of the frames
 * so far, with the tags of all of them; it is replaced at once, again and again, and whole at
 * any instant. Each curve is judged, and told, as soon as its frame is there. A reduction that
 * was stopped goes on where it was (cli/reduce/journal.h).
 *
 * Thread: one thread; frames go through as many as the options say.
 */
#pragma once

#include "cli/archive/follow.h"
#include "cli/reduce/job.h"

G_BEGIN_DECLS

/* As saxid_follow. Errors: those of reduce, of process_curves and write_tags. */
gboolean saxid_follow_frames (const SaxidModule *module, const char *path, const SaxidReduceOptions *reduce,
                              const SaxidFollowOptions *options, const SaxidFollowListener *listener, gboolean *stopped,
                              GError **error);

G_END_DECLS
