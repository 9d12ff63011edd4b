/* Frames of an archive, sorted by processes, with a ledger and the vectors of all images beside it.
 *
 * Thread: one thread, and no other in the process when it begins.
 */
#pragma once

#include "schemas/frame/file.h"

G_BEGIN_DECLS

typedef struct
{
  const char *ledger, *like; /* like: frames that look like the first one of this file are printed; or NULL */
  SaxidFrameOptions frames;
  guint jobs;
  gboolean all, json, quiet, retry;
  double time_limit, memory_limit; /* s for one file; GiB of a worker */
} SaxidSortArchive;

/* Sorts the frames below the names, those that are in the ledger as they are excepted, and prints
 * what there is of each technique, or the nearest. Returns the exit code. */
int saxid_sort_archive (const SaxidSortArchive *options, int n_name, char **name);

G_END_DECLS
