/* Which files of an archive may hold curves?
 *
 * Thread: pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A part of an archive: files whose path has this number out of so many. n 1: all. */
typedef struct
{
  guint index, n;
} SaxidArchiveShard;

/* "K/N" with 0 <= K < N, or "auto": the place in the job array that the environment tells
 * of (SLURM_ARRAY_TASK_ID, _MIN, _STEP, _COUNT).
 * Errors: SAXID_ERROR_ARGUMENT. */
gboolean saxid_archive_shard_parse (const char *word, SaxidArchiveShard *shard, GError **error);

/* The paths, absolute, sorted, each once: of a directory all below it that end in .nxs, .h5,
 * .hdf5, .hdf, .nx5 or .nexus; a file as it is. Hidden ones and saxid's side files are left
 * out, links are not followed. Appended to paths (of char *).
 * Errors: SAXID_ERROR_IO for a name that is not there. */
gboolean saxid_archive_walk (const char *name, const SaxidArchiveShard *shard, GPtrArray *paths, GError **error);

/* The same for detector frames: .cbf, .tif, .tiff, .edf, .img, .mccd and what holds curves. */
gboolean saxid_archive_walk_frames (const char *name, GPtrArray *paths, GError **error);

G_END_DECLS
