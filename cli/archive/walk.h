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

/* What a file is, by the end of its name. */
typedef enum
{
  SAXID_ARCHIVE_HDF5,   /* .nxs, .h5, .hdf5, .hdf, .nx5, .nexus */
  SAXID_ARCHIVE_TEXT,   /* .dat, .txt, .csv, .xml, .chi, .pdh, .asc, .abs */
  SAXID_ARCHIVE_FRAMES, /* .tif, .tiff, .cbf, .edf, .edf.gz, .mccd, .img, .cxi */
  SAXID_ARCHIVE_KINDS
} SaxidArchiveKind;

typedef struct
{
  gboolean texts;                    /* they are taken, too */
  gboolean frames;                   /* and so are detector images */
  guint passed[SAXID_ARCHIVE_KINDS]; /* how many were passed over, of each kind */
} SaxidArchiveChoice;

/* The paths, absolute: of a directory all below it that are HDF5 by their names, and texts
 * and frames where they are chosen; a file as it is. Hidden ones and saxid's side files are left
 * out, links are not followed. Appended to paths (of char *); what is passed over is counted.
 * Errors: SAXID_ERROR_IO for a name that is not there, or that is no file and no directory. */
gboolean saxid_archive_walk (const char *name, const SaxidArchiveShard *shard, SaxidArchiveChoice *choice,
                             GPtrArray *paths, GError **error);

/* "3 texts (--texts reads them), 12 frames of detectors (saxid reduce)"; NULL where nothing was
 * passed over. Free with g_free. */
char *saxid_archive_choice_say (const SaxidArchiveChoice *choice);

G_END_DECLS
