/* Writes the saxid group of every entry of a file, in one replacement of the
 * file; or, on request and for very large files, into a side file with links.
 *
 *   <parent>/<name>       NXprocess  program, version, date, sequence_index
 *       result            NXdata     class, class_number, probability, class_index,
 *                                    confidence, prediction_set, outlier_score,
 *                                    outlier, status
 *       model             NXnote     file_name, checksum, algorithm
 *       input             NXparameters  intensity, q, sigma, q_units,
 *                                    intensity_units, frames, smearing, file
 *       configuration     NXnote     type, data
 *
 * A group of that name that saxid wrote is replaced, with all that somebody may
 * have added inside it; any other object of that name is left alone and the file
 * refused. Nothing else in the file changes: no default is repointed and the root
 * keeps its attributes. NXsaxid.nxdl.xml defines the group.
 *
 * Thread: calls wait for each other within a process, because the NeXus API
 * keeps global state. HDF5 error settings are left as found.
 */
#pragma once

#include <sys/stat.h>

#include "schemas/tag/mould.h"
#include "schemas/tag/record.h"

G_BEGIN_DECLS

#define SAXID_WRITE_SIZE_LIMIT ((guint64) 4 << 30)

typedef struct
{
  gboolean side_file;       /* write <stem>_saxid.nxs beside the file, whatever its size */
  const char *side_dir;     /* or under this directory, see target.h; NULL: beside */
  guint64 size_limit;       /* bytes above which that is done anyway; 0 = 4 GiB */
  gboolean part_hard_links; /* see replace.h */
  double lock_seconds;      /* see replace.h */
  const struct stat *as_read; /* see replace.h */
  gboolean keep_same;       /* nothing is written where these tags are there, but for their date */
  SaxidTagMoulds *moulds;   /* kept from one file to the next, or NULL; used by one call at a time */
} SaxidWriteOptions;

/* path: an existing HDF5 file. records: n of them, each with parent, name and at
 * least one curve; all in one file. options may be NULL.
 * Errors: SAXID_ERROR_ARGUMENT (an incomplete record), SAXID_ERROR_FORMAT (no
 * HDF5, a writer has it open, a foreign object has our name), SAXID_ERROR_IO and
 * SAXID_ERROR_UNSUPPORTED as saxid_replace_file. The file is then as it was. */
gboolean saxid_tag_write (const char *path, SaxidRecord *const *records, guint n,
                          const SaxidWriteOptions *options, GError **error);

/* Whether it could be written now; the records do not matter yet.
 * Errors: SAXID_ERROR_IO and SAXID_ERROR_UNSUPPORTED as saxid_replace_check. */
gboolean saxid_tag_check_write (const char *path, const SaxidWriteOptions *options, GError **error);

G_END_DECLS
