/* Files of detector frames among those that are gone through: they become files of curves.
 *
 * Thread: one thread; frames go through as many as the options say.
 */
#pragma once

#include "cli/reduce/job.h"

G_BEGIN_DECLS

/* The curves of DIR/run.nxs are in DIR/run_reduced.nxs, or in that file of another directory. */
#define SAXID_ARCHIVE_REDUCED_SUFFIX "_reduced.nxs"

/* options->output: a directory, or NULL. */
char *saxid_archive_reduced_path (const char *path, const SaxidReduceOptions *options);

/* Options that one file of many has: with its own output, what is done kept for one that is
 * stopped, and nothing to be said. */
SaxidReduceOptions saxid_archive_reduce_options (const char *path, const SaxidReduceOptions *options);

/* Whether options can be those of files that come by themselves: curves over q or 2θ, nothing that
 * a run of files has in common. Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_archive_check_reduce (const SaxidReduceOptions *options, GError **error);

/* Whether the file has frames that can be opened. */
gboolean saxid_archive_has_frames (const char *path, const SaxidReduceOptions *options);

/* Reduces a file at rest. *failed: frames that could not be read. Errors: as saxid_reduce_run. */
gboolean saxid_archive_reduce (const char *path, const SaxidReduceOptions *options, guint *failed, GError **error);

G_END_DECLS
